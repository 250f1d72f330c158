//! One trait for all who call the server with plain requests.

use serde_json::Value;
use ureq::Agent;
use ureq::http;

use super::{Page, Reply, Request};
use crate::PATIENCE;

/// Someone who calls the server. What makes callers different is what they add to each request.
pub trait Caller {
    /// Where the server answers: `http://127.0.0.1:PORT`.
    fn base_url(&self) -> &str;

    /// What this caller adds to a request, such as its token.
    fn sign(&self, request: Request) -> Request;

    /// Sends a request and gives the answer, whatever its status. Redirects are answers.
    #[track_caller]
    fn send(&self, request: Request) -> Reply {
        exchange(self.base_url(), self.sign(request))
    }

    /// GET.
    #[track_caller]
    fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path))
    }

    /// POST with a JSON body.
    #[track_caller]
    fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.send(Request::post(path).json(body))
    }

    /// PUT with a JSON body.
    #[track_caller]
    fn put_json(&self, path: &str, body: &Value) -> Reply {
        self.send(Request::new("PUT", path).json(body))
    }

    /// PATCH with a JSON body.
    #[track_caller]
    fn patch_json(&self, path: &str, body: &Value) -> Reply {
        self.send(Request::new("PATCH", path).json(body))
    }

    /// POST with a form body, as a browser sends it.
    #[track_caller]
    fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(Request::post(path).form(fields))
    }

    /// DELETE.
    #[track_caller]
    fn delete(&self, path: &str) -> Reply {
        self.send(Request::new("DELETE", path))
    }
}

/// Someone whom the server does not know: no cookie, no token.
#[derive(Clone, Debug)]
pub struct Anonymous {
    base_url: String,
}

impl Anonymous {
    /// Someone who calls the server at this address: `http://127.0.0.1:PORT`.
    pub fn at(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
        }
    }

    /// The page at this path, as a reader without cookies sees it; redirects are not followed.
    #[track_caller]
    pub fn visit(&self, path: &str) -> Page {
        Page::read(
            path,
            self.send(Request::get(path).header("Accept", "text/html")),
        )
    }
}

impl Caller for Anonymous {
    fn base_url(&self) -> &str {
        &self.base_url
    }

    fn sign(&self, request: Request) -> Request {
        request
    }
}

/// Sends one request over a connection of its own.
///
/// # Panics
/// When the server does not answer, or when the request would leave it.
#[track_caller]
pub(super) fn exchange(base_url: &str, request: Request) -> Reply {
    let path = request.path.strip_prefix(base_url).unwrap_or(&request.path);
    assert!(
        path.starts_with('/') && !path.starts_with("//"),
        "{} leaves the server {base_url}",
        request.path
    );
    let mut builder = http::Request::builder()
        .method(request.method.as_str())
        .uri(format!("{base_url}{path}"));
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let asked = format!("{} {path}", request.method);
    let wanted = builder
        .body(request.body)
        .unwrap_or_else(|error| panic!("{asked} is no request: {error}"));
    let mut reply = agent()
        .run(wanted)
        .unwrap_or_else(|error| panic!("{asked} got no answer: {error}"));
    let body = reply
        .body_mut()
        .with_config()
        .limit(256 << 20)
        .read_to_vec();
    let headers = reply.headers().iter();
    Reply {
        status: reply.status().as_u16(),
        headers: headers
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body: body.unwrap_or_else(|error| panic!("the answer to {asked} broke off: {error}")),
        asked,
    }
}

/// One connection per request: a story that restarts its server must not meet a connection of the old one.
fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_idle_connections(0)
        .timeout_global(Some(PATIENCE))
        .allow_non_standard_methods(true)
        .proxy(None)
        .user_agent("klankbord-tests")
        .build()
        .into()
}
