//! What a handler takes: a proof of who calls, and bodies and queries that could be read.

use super::problem::ApiError;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::service::account::SignedIn;
use crate::service::{Caller, account, client};
use actix_web::dev::Payload;
use actix_web::error::QueryPayloadError;
use actix_web::http::{Method, header};
use actix_web::{FromRequest, HttpRequest, web};
use std::future::Future;
use std::pin::Pin;

/// Name of the cookie of a session.
///
/// Over https it has the prefix `__Host-`, which keeps a neighbouring host from setting it.
pub const SESSION_COOKIE: &str = "klankbord-session";

/// The name of the session cookie under a base address.
#[must_use]
pub fn session_cookie(base_url: &str) -> String {
    if base_url.starts_with("https://") {
        format!("__Host-{SESSION_COOKIE}")
    } else {
        SESSION_COOKIE.to_owned()
    }
}

/// The shared parts of this process.
///
/// # Errors
/// [`Error::Internal`] where the server was built without them.
pub fn app(request: &HttpRequest) -> Result<App> {
    request
        .app_data::<web::Data<App>>()
        .map(|app| App::clone(app))
        .ok_or_else(|| Error::internal(anyhow::anyhow!("the server has no App")))
}

/// Somebody who has shown who they are: with an access token, or, to read only, with a session.
///
/// A handler that takes one cannot run for anybody else.
pub struct Authenticated(pub Caller);

impl FromRequest for Authenticated {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(authenticate(&request).await?)) })
    }
}

async fn authenticate(request: &HttpRequest) -> Result<Caller> {
    let app = app(request)?;
    if let Some(credentials) = request.headers().get(header::AUTHORIZATION) {
        let token = credentials
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| Error::Unauthenticated {
                detail:
                    "Send the header Authorization: Bearer, and an access token from /oauth/token."
                        .to_owned(),
            })?;
        return client::caller(&app, token).await;
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match signed_in(request, &app).await {
        Ok(signed_in) if reads => Ok(signed_in.caller),
        Ok(_) => Err(Error::Forbidden {
            detail:
                "A session may only read through the API; use an access token to change something."
                    .to_owned(),
        }),
        Err(Error::Unauthenticated { .. }) => Err(Error::Unauthenticated {
            detail:
                "Send an access token: get one from /oauth/token with your client's id and secret."
                    .to_owned(),
        }),
        Err(other) => Err(other),
    }
}

/// Who has the session whose cookie came with a request.
///
/// # Errors
/// [`Error::Unauthenticated`] where there is none.
pub async fn signed_in(request: &HttpRequest, app: &App) -> Result<SignedIn> {
    let cookie = request
        .cookie(&session_cookie(&app.base_url))
        .ok_or_else(|| Error::Unauthenticated {
            detail: "Please sign in.".to_owned(),
        })?;
    account::resume(app, cookie.value()).await
}

/// Turns what the framework says of a body or query it cannot read into a problem document.
#[must_use]
pub fn unreadable(code: &'static str, detail: String) -> actix_web::Error {
    let detail = shortened(detail);
    ApiError(Error::Invalid {
        summary: detail.clone(),
        problems: vec![Problem::new("", code, detail)],
    })
    .into()
}

/// Both ends of a text that is too long: what a reader says can repeat a whole body, and ends with the place.
fn shortened(detail: String) -> String {
    const HEAD: usize = 300;
    const TAIL: usize = 100;
    let length = detail.chars().count();
    if length <= HEAD + TAIL {
        return detail;
    }
    let head = detail.chars().take(HEAD);
    let tail = detail.chars().skip(length - TAIL);
    head.chain(['…']).chain(tail).collect()
}

/// Bodies of requests that are read at most, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// Bytes of a roster or a questionnaire that are read at most.
pub const DOCUMENT_LIMIT: usize = 16 * 1024 * 1024;

/// How JSON bodies are read: unknown fields are refused where the request type says so.
#[must_use]
pub fn json_config() -> web::JsonConfig {
    web::JsonConfig::default()
        .limit(BODY_LIMIT)
        .error_handler(|error, _| {
            use actix_web::error::JsonPayloadError as Failed;
            match error {
                Failed::Overflow { limit } | Failed::OverflowKnownLength { limit, .. } => {
                    too_large(limit)
                }
                Failed::ContentType => unreadable(
                    "unreadable_content_type",
                    "Send the header Content-Type: application/json.".to_owned(),
                ),
                Failed::Deserialize(cause) => unreadable(
                    "unreadable_json",
                    format!("The body cannot be read: {cause}."),
                ),
                Failed::Payload(cause) => unreadable(
                    "unreadable_body",
                    format!("The body cannot be read: {cause}."),
                ),
                other => unreadable(
                    "unreadable_body",
                    format!("The body cannot be read: {other}."),
                ),
            }
        })
}

/// How queries are read.
#[must_use]
pub fn query_config() -> web::QueryConfig {
    web::QueryConfig::default().error_handler(|error, _| {
        unreadable(
            "unreadable_query",
            match error {
                QueryPayloadError::Deserialize(cause) => {
                    format!("The query part of the address cannot be read: {cause}.")
                }
                other => format!("The query part of the address cannot be read: {other}."),
            },
        )
    })
}

/// How parts of the path are read.
#[must_use]
pub fn path_config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, _| ApiError(Error::not_found("page", "…")).into())
}

fn too_large(limit: usize) -> actix_web::Error {
    actix_web::error::InternalError::from_response(
        "the body is too large",
        super::problem::too_large(limit),
    )
    .into()
}

/// The body of a request as text, up to [`DOCUMENT_LIMIT`].
///
/// # Errors
/// A problem document with status 413 for a larger one, 400 for one that is not UTF-8.
pub async fn text(payload: web::Payload) -> std::result::Result<String, actix_web::Error> {
    let bytes = bytes(payload).await?;
    String::from_utf8(bytes.to_vec())
        .map_err(|_| unreadable("unreadable_text", "The body is not UTF-8 text.".to_owned()))
}

/// The body of a request, up to [`DOCUMENT_LIMIT`].
///
/// # Errors
/// A problem document with status 413 for a larger one.
pub async fn bytes(payload: web::Payload) -> std::result::Result<web::Bytes, actix_web::Error> {
    payload
        .to_bytes_limited(DOCUMENT_LIMIT)
        .await
        .map_err(|_| too_large(DOCUMENT_LIMIT))?
        .map_err(|error| {
            unreadable(
                "unreadable_body",
                format!("The body cannot be read: {error}."),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_says_keeps_both_ends() {
        assert_eq!(
            shortened("unknown field `titel`".to_owned()),
            "unknown field `titel`"
        );
        let long = format!(
            "unknown variant `{}` at line 1 column 50.",
            "é".repeat(70_000)
        );
        let said = shortened(long);
        assert_eq!(said.chars().count(), 401);
        assert!(said.starts_with("unknown variant `é"));
        assert!(said.ends_with("` at line 1 column 50."));
    }
}
