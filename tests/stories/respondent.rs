//! The pages of people who answer: without JavaScript, without cookies, without an account.

mod check;
mod hostile;
mod journey;
mod mending;

use klankbord_tests::structure::{house, read};
use klankbord_tests::{Caller, Community, Page, Respondent, Stage};
use serde_json::{Value, json};

/// The largest page, in bytes: a second on a slow mobile line.
const LARGEST: usize = 30_000;

/// A JSON document of the house.
fn document(file: &str) -> Value {
    let text = read(&house(), file).expect("a text file");
    serde_json::from_str(&text).expect("JSON")
}

/// A school whose parents are asked a questionnaire with every kind of question; gives a parent's link as well.
pub(crate) fn visit(stage: &Stage) -> (Community<'_>, String) {
    let community = Community::found(stage);
    community.school("de-linde");
    community.enrol("de-linde", "parent", 1);
    let program = community.program();
    for (kind, file) in [
        ("frameworks", "framework"),
        ("questionnaires", "questionnaire"),
    ] {
        let document = document(&format!("survey-engine/tests/sample/{file}.json"));
        program
            .post_json(&format!("/api/v1/{kind}"), &document)
            .expect_status(201);
    }
    let round = json!({
        "code": "visit", "organisation": "de-linde", "mode": "anonymous",
        "groups": [{"group": "parent"}], "title": {"en": "Visit", "nl": "Bezoek"},
        "questionnaire": {"id": "sample", "version": "1.0.0"},
    });
    program
        .post_json("/api/v1/rounds", &round)
        .expect_status(201);
    program
        .post_json("/api/v1/rounds/visit/open", &json!({}))
        .expect_status(200);
    let link = community.invite_by_app("visit").remove(0).url;
    (community, link)
}

/// Whether the page offers a button that goes this way.
fn offers(page: &Page, way: &str) -> bool {
    page.attributes("button.main[name=go]", "value")
        .iter()
        .any(|value| value == way)
}

/// Holds a page to what every page for respondents keeps.
#[track_caller]
fn expect_modest(page: &Page) {
    let reply = page.reply();
    let size = reply.bytes().len();
    assert!(size < LARGEST, "{} has {size} bytes", page.path());
    for (name, wanted) in [
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ] {
        assert_eq!(
            reply.header(name),
            Some(wanted),
            "{name} of {}",
            page.path()
        );
    }
    let policy = reply.header("Content-Security-Policy").unwrap_or_default();
    for rule in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.contains(rule), "{rule} is not in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(reply.header("Set-Cookie"), None);
    let inside = page.texts("script").concat() + &page.texts("script:not([src])").join(" ");
    assert!(inside.is_empty(), "a script in {}: {inside}", page.path());
    // The page about a round has none, the others have small ones of their own.
    let scripts = page.attributes("script", "src");
    assert!(scripts.iter().all(|at| at.starts_with("/assets/")));
    assert_eq!(
        policy.contains("script-src 'self'"),
        !scripts.is_empty(),
        "{policy}"
    );
    assert!(
        page.attributes("[style]", "style").is_empty(),
        "a style that the policy forbids"
    );
    let fetched = [
        "src",
        "href",
        "action",
        "formaction",
        "data",
        "poster",
        "srcset",
    ]
    .iter()
    .flat_map(|name| page.attributes(&format!("[{name}]"), name));
    for address in fetched {
        let own = address.starts_with(['#', '?'])
            || (address.starts_with('/') && !address.starts_with("//"));
        assert!(own, "{} leads to {address}", page.path());
    }
    assert!(page.language().is_some_and(|language| !language.is_empty()));
}

/// Chooses this step in every question, page by page up to the review; gives how many there were.
#[track_caller]
fn agree(person: &mut Respondent, step: &str) -> usize {
    let mut questions = 0;
    while !offers(person.page(), "send") {
        expect_modest(person.page().expect_status(200));
        let mut form = person.form();
        let names: Vec<String> = form.names().iter().map(ToString::to_string).collect();
        for name in &names {
            form.choose(name, step);
        }
        questions += names.len();
        person.go(&form, "next");
    }
    expect_modest(person.page().expect_status(200));
    questions
}

/// Sends the answers of the review.
#[track_caller]
fn send(person: &mut Respondent) -> &Page {
    let form = person.form();
    let page = person.go(&form, "send");
    expect_modest(page.expect_status(200));
    page.expect_text("Thank you!")
}
