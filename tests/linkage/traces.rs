//! Whatever is switched on in the log, it says nothing about anybody who answers.

use std::collections::HashSet;

use klankbord_tests::structure::{house, read};
use klankbord_tests::{Anonymous, Backend, Caller, Community, Link, Request, Stage};
use serde_json::{Value, json};

/// People who answer: one half through a school's program, the other in a browser.
const JOURNEYS: usize = 1_000;

#[test]
fn a_thousand_journeys_leave_no_trace_in_the_most_talkative_log() {
    let stage = Stage::on(Backend::Sqlite)
        .env("KLANKBORD_LOG_LEVEL", "trace")
        .start();
    let community = sample(&stage);
    let links = community.invite_by_app("visit");
    assert_eq!(links.len(), JOURNEYS);
    let anonymous = stage.anonymous();
    for (person, link) in links.iter().enumerate() {
        if person % 2 == 0 {
            let answers = json!({"A1": 3, "S1": "unsure", "T1": short(person), "T2": long(person)});
            community.submit(&link.token, &answers, 201);
        } else {
            browse(&anonymous, link, person);
        }
    }
    assert_eq!(community.progress("visit")["done"], JOURNEYS);
    assert_eq!(community.close("visit")["counts"]["opened"], JOURNEYS);
    let log = stage.server().transcript();
    assert!(
        log.contains("TRACE") && log.lines().count() > JOURNEYS,
        "the log is not talkative"
    );
    // Tokens are the only words of the log that could be so long and in this alphabet.
    let tokens: HashSet<&str> = links
        .iter()
        .filter_map(|link| Some(link.token.split_once('-')?.1))
        .collect();
    let told = log
        .split(|character: char| !character.is_ascii_alphanumeric())
        .find(|word| tokens.contains(word));
    assert_eq!(told, None, "the log holds a token");
    // What all addresses, texts and answers have in common, and where people come from; the server's own address is no secret.
    let own = stage.base_url().trim_start_matches("http://");
    for text in [
        "@school-a.example",
        "kestrel",
        "heliotrope",
        "unsure",
        "a.A1",
        "\"A1\"",
        "A1=",
        "127.0.0.1:",
    ] {
        let told = log
            .lines()
            .find(|line| line.contains(text) && !line.contains(own));
        assert_eq!(told, None, "the log holds {text}");
    }
}

/// A text of one line that nobody else writes.
pub(crate) fn short(person: usize) -> String {
    format!("odd-{person:04}-kestrel")
}

/// A text that nobody else writes.
pub(crate) fn long(person: usize) -> String {
    format!("The canteen {person:04} ought to be painted in heliotrope.")
}

/// The welcome page, the first part, and everything sent at once.
fn browse(anonymous: &Anonymous, link: &Link, person: usize) {
    anonymous
        .visit(&format!("/s/{}", link.token))
        .expect_status(200);
    let hidden = [
        ("token", link.token.as_str()),
        ("assignment", "school-a:visitor"),
        ("language", "en"),
    ];
    anonymous
        .send(Request::post("/survey").form(&[&hidden[..], &[("go", "start")]].concat()))
        .expect_status(200);
    let (short, long) = (short(person), long(person));
    let answers = [
        ("section", "3"),
        ("a.A1", "3"),
        ("a.S1", "unsure"),
        ("a.T1", &short),
        ("a.T2", &long),
        ("go", "send"),
    ];
    let thanks = anonymous.send(Request::post("/survey").form(&[&hidden[..], &answers].concat()));
    assert!(
        thanks.expect_status(200).text().contains("Thank you"),
        "{}",
        thanks.text()
    );
}

/// A school whose parents are asked a questionnaire with free texts.
pub(crate) fn sample(stage: &Stage) -> Community<'_> {
    let community = Community::found(stage);
    community.school("school-a");
    community.enrol("school-a", "parent", JOURNEYS);
    for (kind, file) in [
        ("frameworks", "framework"),
        ("questionnaires", "questionnaire"),
    ] {
        let text =
            read(&house(), &format!("survey-engine/tests/sample/{file}.json")).expect("a document");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        community
            .program()
            .post_json(&format!("/api/v1/{kind}"), &document)
            .expect_status(201);
    }
    let round = json!({
        "code": "visit", "organisation": "school-a", "mode": "anonymous", "groups": [{"group": "parent"}],
        "title": {"en": "Visit"}, "questionnaire": {"id": "sample", "version": "1.0.0"},
    });
    community
        .program()
        .post_json("/api/v1/rounds", &round)
        .expect_status(201);
    community
        .program()
        .post_json("/api/v1/rounds/visit/open", &json!({}))
        .expect_status(200);
    community
}
