//! People with a browser: a respondent with a link, an officer with a password.

use super::caller::Caller;
use super::{Form, Page, Press, Request, Visitor};

/// A person who answers a survey: opened from a link, without an account.
#[derive(Clone, Debug)]
pub struct Respondent {
    visitor: Visitor,
}

impl Respondent {
    #[track_caller]
    pub(crate) fn open(base_url: &str, link: &str) -> Self {
        let mut visitor = Visitor::at(base_url);
        visitor.open(link);
        Self { visitor }
    }

    /// The same person with a browser that asks for these languages; the link is opened anew.
    #[must_use]
    #[track_caller]
    pub fn reading(self, languages: &str) -> Self {
        let path = self.page().path().to_owned();
        let mut visitor = self.visitor.reading(languages);
        visitor.open(&path);
        Self { visitor }
    }

    /// The page that is open.
    #[track_caller]
    pub fn page(&self) -> &Page {
        self.visitor.page()
    }

    /// The questions of the page that is open, ready to be answered.
    #[track_caller]
    pub fn form(&self) -> Form {
        self.page().form("/survey")
    }

    /// Opens the questions: presses the start button of the first survey that waits.
    #[track_caller]
    pub fn start(&mut self) -> &Page {
        let form = self.form();
        self.go(&form, "start")
    }

    /// Presses the button that goes this way: `next`, `back`, `send`, `section-2`, ...
    #[track_caller]
    pub fn go(&mut self, form: &Form, way: &str) -> &Page {
        self.visitor.send(form, Press::Value(way))
    }

    /// The browser, for everything else.
    pub fn browser(&mut self) -> &mut Visitor {
        &mut self.visitor
    }
}

/// A person who has signed in with an address and a password.
#[derive(Clone, Debug)]
pub struct OfficerSession {
    visitor: Visitor,
}

impl OfficerSession {
    /// Signs in through the page and expects to arrive somewhere else.
    #[track_caller]
    pub fn sign_in(base_url: &str, email: &str, password: &str) -> Self {
        let mut visitor = Visitor::at(base_url);
        let mut form = visitor.open("/sign-in").form("/sign-in");
        form.fill_kind("email", email)
            .fill_kind("password", password);
        let page = visitor.send(&form, Press::Enter);
        page.expect_status(200);
        assert!(
            !page.path().starts_with("/sign-in"),
            "{email} was not let in:\n{}",
            page.text()
        );
        Self { visitor }
    }

    /// A session that some other page began, such as the set-up page.
    pub fn of(visitor: Visitor) -> Self {
        Self { visitor }
    }

    /// The page that is open.
    #[track_caller]
    pub fn page(&self) -> &Page {
        self.visitor.page()
    }

    /// Opens a path.
    #[track_caller]
    pub fn open(&mut self, path: &str) -> &Page {
        self.visitor.open(path)
    }

    /// The browser, for everything else.
    pub fn browser(&mut self) -> &mut Visitor {
        &mut self.visitor
    }
}

impl Caller for OfficerSession {
    fn base_url(&self) -> &str {
        self.visitor.base_url()
    }

    /// The browser's own requests, as a script on one of the server's pages makes them.
    fn sign(&self, request: Request) -> Request {
        let origin = self.visitor.base_url().to_owned();
        let request = request
            .header("Sec-Fetch-Site", "same-origin")
            .header("Sec-Fetch-Mode", "cors");
        let changes = request.method != "GET";
        let request = self.visitor.dress(request);
        if changes {
            request.header("Origin", &origin)
        } else {
            request
        }
    }
}
