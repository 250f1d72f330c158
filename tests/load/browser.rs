//! The pages as a browser fetches and posts them: walked once, then repeated for other people.

use klankbord_tests::{Form, Link, Page, Press, Request, Stage};

/// The requests of one journey, from the link to the thanks, with the link of the person who made it.
pub(crate) struct Journey {
    steps: Vec<Vec<u8>>,
    token: String,
}

impl Journey {
    /// Walks through the pages with a link: every part, the same answer to every question, the review, the thanks.
    pub(crate) fn walk(stage: &Stage, host: &str, link: &Link) -> Self {
        let mut person = stage.respondent(&link.url);
        let mut steps = vec![page(&format!("/s/{}", link.token), host)];
        let sheets = person.page().attributes("link[rel=stylesheet]", "href");
        steps.extend(sheets.iter().map(|sheet| page(sheet, host)));
        let mut form = person.form();
        let mut press = "start";
        loop {
            steps.push(post(&form, press, host));
            let page = person.go(&form, press);
            page.expect_status(200);
            if press == "send" {
                page.expect_text("Thank you!");
                break;
            }
            form = page.form("/survey");
            press = if offers(page, "send") { "send" } else { "next" };
            if press == "next" {
                let names: Vec<String> = form.names().iter().map(ToString::to_string).collect();
                for name in names {
                    form.choose(&name, "4");
                }
            }
        }
        Self {
            steps,
            token: link.token.clone(),
        }
    }

    /// How many requests it takes.
    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The same journey of somebody else.
    pub(crate) fn of(&self, link: &Link) -> Vec<Vec<u8>> {
        assert_eq!(link.token.len(), self.token.len(), "links are equally long");
        let renamed = |step: &Vec<u8>| {
            let text = std::str::from_utf8(step).expect("a form is ASCII");
            text.replace(&self.token, &link.token).into_bytes()
        };
        self.steps.iter().map(renamed).collect()
    }
}

fn page(path: &str, host: &str) -> Vec<u8> {
    dressed(Request::get(path))
        .header("Sec-Fetch-Site", "none")
        .wire(host)
}

fn post(form: &Form, press: &str, host: &str) -> Vec<u8> {
    let request = Request::post("/survey").form(&form.pairs(Press::Value(press)));
    // A page that hides its address from others also hides its origin when it posts.
    dressed(request)
        .header("Origin", "null")
        .header("Sec-Fetch-Site", "same-origin")
        .wire(host)
}

fn dressed(request: Request) -> Request {
    request
        .header("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
        .header("Accept-Language", "en")
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-Dest", "document")
}

fn offers(page: &Page, way: &str) -> bool {
    let ways = page.attributes("button.main[name=go]", "value");
    ways.iter().any(|value| value == way)
}
