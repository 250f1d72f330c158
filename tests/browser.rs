//! A parent and a quality officer, each with a real browser.

use std::process::Command;

use klankbord_tests::structure::house;
use klankbord_tests::{Backend, Community, Stage};
use serde_json::{Value, json};

/// Goes on a journey of `tests/browser/journey.mjs`; gives what was met.
fn journey(settings: &Value) -> Value {
    let house = house();
    let script = house.join("tests/browser/journey.mjs");
    assert!(
        house
            .join("tests/browser/node_modules/playwright-core")
            .exists(),
        "the browser tests need their npm packages: `tests/run browser` installs them"
    );
    let output = Command::new("node")
        .arg(script)
        .arg(settings.to_string())
        .output();
    let output = output.expect("node is installed");
    let findings = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the journey met:\n{findings}");
    serde_json::from_slice(&output.stdout).expect("the journey prints JSON")
}

#[test]
fn a_parent_answers_and_an_officer_reads() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("de-linde");
    let parents = community.enrol("de-linde", "parent", 16);
    let password = community.account("officer@de-linde.example", "de-linde", "officer");

    // Spring: answered and closed, so that there is something to read.
    community.round("spring", "de-linde", &["parent"]);
    for (number, link) in (0_u8..).zip(community.invite_by_app("spring").into_iter().take(12)) {
        let answers = community.agree("spring", "parent", 2 + number % 4);
        community.submit(&link.token, &answers, 201);
    }
    community.close("spring");

    // Autumn: one parent follows the link of the mail.
    community.round("autumn", "de-linde", &["parent"]);
    community.invite_by_mail("autumn");
    let parent = parents.first().expect("a parent");
    let link = stage.smtp().next(parent).link("/s/");

    let met = journey(&json!({
        "base": stage.base_url(),
        "screenshots": house().join("target/screenshots"),
        "respondent": {"link": link},
        "officer": {
            "email": "officer@de-linde.example",
            "password": password,
            "path": "/organisations/de-linde?round=spring",
        },
    }));

    let asked = community.items("autumn", "parent").len();
    assert_eq!(
        met.pointer("/respondent/questions"),
        Some(&json!(asked)),
        "{met:#}"
    );
    assert_eq!(
        community.progress("autumn").get("done"),
        Some(&json!(1)),
        "the parent's answers were not counted"
    );
    let means = met
        .pointer("/officer/means")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    assert!(means > 0, "{met:#}");
}
