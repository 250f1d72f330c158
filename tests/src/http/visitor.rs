//! A browser without JavaScript: it follows redirects, keeps cookies and says where it comes from as browsers do.

use super::caller::exchange;
use super::cookies::Cookies;
use super::{Form, Page, Press, Request, path_of};

const MOST_REDIRECTS: usize = 10;

/// A person with a browser, on one page at a time.
#[derive(Clone, Debug)]
pub struct Visitor {
    base_url: String,
    languages: String,
    cookies: Cookies,
    page: Option<Page>,
}

impl Visitor {
    pub(crate) fn at(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            languages: "en".to_owned(),
            cookies: Cookies::default(),
            page: None,
        }
    }

    /// The languages that the browser asks for, as in `Accept-Language`.
    #[must_use]
    pub fn reading(mut self, languages: &str) -> Self {
        languages.clone_into(&mut self.languages);
        self
    }

    /// Opens a path, or a whole address on the server, as from a mail or the address bar.
    #[track_caller]
    pub fn open(&mut self, address: &str) -> &Page {
        let request = Request::get(address).header("Sec-Fetch-Site", "none");
        self.travel(request)
    }

    /// Follows the link with these words on the current page.
    #[track_caller]
    pub fn follow(&mut self, label: &str) -> &Page {
        let target = resolve(self.page().path(), &self.page().link(label));
        self.travel(Request::get(&target).header("Sec-Fetch-Site", "same-origin"))
    }

    /// Sends a form of the current page.
    #[track_caller]
    pub fn send(&mut self, form: &Form, press: Press<'_>) -> &Page {
        let sent = form.submission(press);
        let target = resolve(self.page().path(), &sent.action);
        let request = if sent.method == "GET" {
            let query = String::from_utf8(Request::get("/").form(&sent.fields).body)
                .expect("a form is ASCII");
            let path = target.split('?').next().unwrap_or_default();
            Request::get(&format!("{path}?{query}"))
        } else {
            // A page that hides its address from others also hides its origin when it posts (Fetch, section 4.6).
            let hidden = self.page().reply().header("Referrer-Policy") == Some("no-referrer");
            let origin = if hidden {
                "null".to_owned()
            } else {
                self.base_url.clone()
            };
            Request::post(&target)
                .form(&sent.fields)
                .header("Origin", &origin)
        };
        self.travel(request.header("Sec-Fetch-Site", "same-origin"))
    }

    /// The page that is open.
    #[track_caller]
    pub fn page(&self) -> &Page {
        self.page.as_ref().expect("no page is open yet")
    }

    /// Where the server answers.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The names of the cookies that the browser holds.
    pub fn cookie_names(&self) -> Vec<String> {
        self.cookies.names()
    }

    /// The latest `Set-Cookie` line of each cookie.
    pub fn cookie_lines(&self) -> Vec<String> {
        self.cookies.lines()
    }

    /// Adds what the browser sends with every request: its cookies and languages.
    pub(super) fn dress(&self, request: Request) -> Request {
        let request = request.header("Accept-Language", &self.languages);
        match self.cookies.header() {
            Some(cookies) => request.header("Cookie", &cookies),
            None => request,
        }
    }

    #[track_caller]
    fn travel(&mut self, request: Request) -> &Page {
        let first = request.path.clone();
        let mut request = request;
        for _ in 0..=MOST_REDIRECTS {
            let here = path_of(&request.path).to_owned();
            let asked = request
                .clone()
                .header("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Dest", "document");
            let reply = exchange(&self.base_url, self.dress(asked));
            for line in reply.headers("Set-Cookie") {
                self.cookies.take(line);
            }
            let Some(target) = reply
                .header("Location")
                .filter(|_| (300..400).contains(&reply.status()))
            else {
                return self.page.insert(Page::read(&here, reply));
            };
            // 307 and 308 repeat the request, body and all; the others ask for a page.
            let method = if matches!(reply.status(), 307 | 308) {
                request.method.as_str()
            } else {
                "GET"
            };
            let next = resolve(&here, target);
            let site = request
                .headers
                .iter()
                .find(|(name, _)| name == "Sec-Fetch-Site");
            let site = site.map_or("none", |(_, value)| value.as_str());
            let mut following = Request::new(method, &next).header("Sec-Fetch-Site", site);
            if method == request.method && method != "GET" {
                following.headers.clone_from(&request.headers);
                following.body.clone_from(&request.body);
            }
            request = following;
        }
        panic!("{first} is redirected without end");
    }
}

/// The address that a link on the page at `here` leads to, without its fragment.
fn resolve(here: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    let page = here.split('?').next().unwrap_or_default();
    match target {
        "" => here.to_owned(),
        query if query.starts_with('?') => format!("{page}{query}"),
        address if address.starts_with('/') || address.contains("://") => address.to_owned(),
        relative => {
            let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{relative}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved_against_their_page() {
        let here = "/organisations/a?round=1";
        assert_eq!(resolve(here, "/x#top"), "/x");
        assert_eq!(resolve(here, "?round=2"), "/organisations/a?round=2");
        assert_eq!(resolve(here, "b"), "/organisations/b");
        assert_eq!(resolve(here, "#top"), here);
        assert_eq!(
            resolve(here, "http://127.0.0.1:1/y"),
            "http://127.0.0.1:1/y"
        );
    }
}
