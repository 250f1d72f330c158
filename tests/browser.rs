//! Parents and a quality officer, each with a real browser.

use std::process::Command;

use klankbord_tests::structure::{house, read};
use klankbord_tests::{Backend, Caller, Community, Stage};
use serde_json::{Value, json};

const PARENTS: usize = 16;

/// Goes on a journey of `tests/browser/journey.mjs`; gives what was met.
fn journey(stage: &Stage, travellers: &Value) -> Value {
    let house = house();
    assert!(
        house
            .join("tests/browser/node_modules/playwright-core")
            .exists(),
        "the browser tests need their npm packages: `tests/run browser` installs them"
    );
    let mut settings = json!({
        "base": stage.base_url(),
        "screenshots": house.join("target/screenshots"),
    });
    for (name, traveller) in travellers.as_object().expect("travellers by name") {
        settings[name] = traveller.clone();
    }
    let output = Command::new("node")
        .arg(house.join("tests/browser/journey.mjs"))
        .arg(settings.to_string())
        .output();
    let output = output.expect("node is installed");
    let findings = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the journey met:\n{findings}");
    serde_json::from_slice(&output.stdout).expect("the journey prints JSON")
}

#[test]
fn a_parent_answers_from_a_mail_and_an_officer_reads_what_came_of_it() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("de-linde");
    let parents = community.enrol("de-linde", "parent", PARENTS);
    community.round("autumn", "de-linde", &["parent"]);
    community.invite_by_mail("autumn");
    let link = |parent: &String| stage.smtp().next(parent).link("/s/");

    let (first, others) = parents.split_first().expect("parents");
    let met = journey(&stage, &json!({"respondent": {"link": link(first)}}));
    let asked = community.items("autumn", "parent").len();
    assert_eq!(met["respondent"]["questions"], asked, "{met:#}");
    assert_eq!(met["respondent"]["thanks"], "Thank you!");
    assert_eq!(community.progress("autumn")["done"], 1);

    // Most of the others answer as well, from the app of the school; then the round closes.
    let answering = &others[..11];
    for (number, parent) in (0_u8..).zip(answering) {
        let link = link(parent);
        let token = link.rsplit('/').next().unwrap_or_default();
        let answers = community.agree("autumn", "parent", 2 + number % 4);
        community.submit(token, &answers, 201);
    }
    let counts = community.close("autumn")["counts"].take();
    assert_eq!(counts["opened"], answering.len() + 1, "{counts}");

    let password = community.account("officer@de-linde.example", "de-linde", "officer");
    let officer = json!({
        "email": "officer@de-linde.example",
        "password": password,
        "path": "/organisations/de-linde?round=autumn",
    });
    let met = journey(&stage, &json!({"officer": officer}));
    let indicators = community.indicators("de-linde", "autumn")["indicators"].take();
    let shown = indicators.as_array().map_or(0, |all| {
        let voices = all.iter().filter_map(|one| one["voices"].as_array());
        voices
            .flatten()
            .filter(|voice| voice["form"] == "parent" && voice["figures"].is_object())
            .count()
    });
    assert!(shown > 0, "{indicators:#}");
    assert_eq!(
        met["officer"]["means"].as_array().map(Vec::len),
        Some(shown),
        "{met:#}"
    );
    assert_eq!(met["officer"]["indicator"], indicators[0]["title"]);
}

#[test]
fn a_browser_with_scripts_hides_who_answers_and_goes_on_where_it_was() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("de-linde");
    community.enrol("de-linde", "parent", 7);
    community.round("autumn", "de-linde", &["parent"]);
    let links = community.invite_by_app("autumn");
    let link = |number: usize| json!({"link": links[number].url});
    let blind = json!({
        "journey": {"links": [links[0].url, links[1].url]},
        "elsewhere": link(2), "broken": link(3), "slowly": link(4), "lacking": link(5), "check": link(6),
    });
    let met = journey(&stage, &json!({"blind": blind}));
    println!(
        "claim at a twentieth of the speed: {} ms",
        met["slowly"]["milliseconds"]
    );
    assert_eq!(
        met["journey"]["code"].as_str().map(str::len),
        Some(16),
        "{met:#}"
    );
    assert_eq!(met["journey"]["claims"], 1, "{met:#}");
    // The key, the signature and the end; every page of questions, and drafts.
    let compared = &met["journey"]["compared"];
    assert_eq!(compared["claims"], 3, "{met:#}");
    assert!(compared["ballots"].as_u64() > Some(6), "{met:#}");
    assert_eq!(met["broken"]["asked"], 2, "{met:#}");
    assert!(met["check"]["keys"].as_u64() >= Some(1), "{met:#}");
    // Two went on blindly, one on two devices, one had no means to; two claimed and sent nothing.
    let counts = community.close("autumn")["counts"].take();
    assert_eq!(
        counts,
        json!({"issued": 7, "claimed": 6, "ballots": 4, "opened": 4})
    );
}

#[test]
fn a_parent_in_a_confidential_round_goes_on_anywhere_until_it_closes() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("de-linde");
    community.enrol("de-linde", "parent", 3);
    let round = json!({
        "code": "paired", "organisation": "de-linde", "mode": "confidential", "groups": [{"group": "parent"}],
        "title": {"en": "Paired", "nl": "Gekoppeld"},
        "promise": {
            "keeper": {"en": "the research bureau", "nl": "het onderzoeksbureau"},
            "purpose": {"en": "comparing this year with last year", "nl": "dit jaar met vorig jaar vergelijken"},
            "until": "2099-01-31",
        },
        "questionnaire": {"id": "school-self-review", "version": "1.0.0"},
    });
    let program = community.program();
    program
        .post_json("/api/v1/rounds", &round)
        .expect_status(201);
    program
        .post_json("/api/v1/rounds/paired/open", &json!({}))
        .expect_status(200);
    let links = community.invite_by_app("paired");
    let link = |number: usize| json!({"link": links[number].url});
    let close = json!({"path": "/api/v1/rounds/paired/close", "token": program.token()});
    let last = json!({"link": links[2].url, "close": close});
    let travels = json!({"resume": link(0), "carry": link(1)});
    let met = journey(&stage, &json!({"confidential": travels}));
    assert_eq!(met["carry"]["brought"], met["carry"]["given"], "{met:#}");
    journey(&stage, &json!({"confidential": {"closed": last}}));
    // Two have sent, five times together; the third was too late.
    let closed = program.get("/api/v1/rounds/paired").json();
    assert_eq!(
        closed["counts"],
        json!({"issued": 3, "claimed": 2, "ballots": 2, "opened": 2})
    );
}

#[test]
fn a_parent_with_children_at_two_schools_answers_for_both_over_one_link() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    for school in ["de-linde", "het-veerhuis"] {
        community.school(school);
    }
    let table = "email,group,organisation\n\
        anna@home.example,parent,de-linde\nanna@home.example,parent,het-veerhuis\n\
        bas@home.example,parent,de-linde\nbas@home.example,parent,het-veerhuis\n";
    community.enrol_table(Community::CODE, table);
    community.round("autumn", Community::CODE, &["parent"]);
    let links = community.invite_by_app("autumn");
    assert_eq!(links.len(), 2, "{links:?}");
    let travels = json!({"scripted": {"link": links[0].url}, "bare": {"link": links[1].url}});
    let met = journey(&stage, &json!({"children": travels}));
    assert_eq!(met["scripted"]["about"], met["bare"]["about"], "{met:#}");
    assert_eq!(
        community.close("autumn")["counts"],
        json!({"issued": 4, "claimed": 4, "ballots": 4, "opened": 4})
    );
}

#[test]
fn a_browser_that_keeps_nothing_answers_through_its_link_and_is_told_so() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("de-linde");
    community.enrol("de-linde", "parent", 2);
    community.round("autumn", "de-linde", &["parent"]);
    let links = community.invite_by_app("autumn");
    let travels = json!({"bare": {"link": links[0].url}, "scripted": {"link": links[1].url}});
    let met = journey(&stage, &json!({"forgetful": travels}));
    assert_eq!(met["bare"]["posts"], met["scripted"]["posts"], "{met:#}");
    assert_eq!(community.progress("autumn")["done"], 2);
    assert_eq!(
        community.close("autumn")["counts"],
        json!({"issued": 2, "claimed": 2, "ballots": 2, "opened": 2})
    );
}

#[test]
fn whoever_reloads_or_goes_back_loses_nothing_and_counts_once() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("de-linde");
    community.enrol("de-linde", "parent", 2);
    community.round("autumn", "de-linde", &["parent"]);
    let links = community.invite_by_app("autumn");
    let travels = json!({"scripted": {"link": links[0].url}, "bare": {"link": links[1].url}});
    journey(&stage, &json!({"again": travels}));
    assert_eq!(
        community.close("autumn")["counts"],
        json!({"issued": 2, "claimed": 2, "ballots": 2, "opened": 2})
    );
}

#[test]
fn a_learner_is_spoken_to_as_one_on_every_page() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("de-linde");
    let table =
        "email,group,organisation,language\nsam@home.example,learner,de-linde,nl\n".to_owned();
    community.enrol_table("de-linde", &table);
    community.round("autumn", "de-linde", &["learner"]);
    let link = community.invite_by_app("autumn").remove(0).url;
    journey(&stage, &json!({"blind": {"learner": {"link": link}}}));
    assert_eq!(community.close("autumn")["counts"]["opened"], 1);
}

/// Lets every question of the form show from the start, but for the one that a short text brings up.
fn ask_all_but_the_last(document: &mut Value) {
    let modules = document.pointer_mut("/forms/0/modules");
    let modules = modules.and_then(Value::as_array_mut).into_iter().flatten();
    let items = modules.filter_map(|module| module["items"].as_array_mut());
    for item in items.flatten().filter(|item| item["id"] != "T2") {
        item.as_object_mut().and_then(|item| item.remove("showIf"));
    }
}

#[test]
fn every_kind_of_question_can_be_answered_in_dutch() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("de-linde");
    let table =
        "email,group,organisation,language\njan@home.example,parent,de-linde,nl\n".to_owned();
    community.enrol_table("de-linde", &table);
    let program = community.program();
    for (kind, file) in [
        ("frameworks", "framework"),
        ("questionnaires", "questionnaire"),
    ] {
        let text = read(&house(), &format!("survey-engine/tests/sample/{file}.json"));
        let mut document: Value = serde_json::from_str(&text.expect("text")).expect("JSON");
        ask_all_but_the_last(&mut document);
        program
            .post_json(&format!("/api/v1/{kind}"), &document)
            .expect_status(201);
    }
    let round = json!({
        "code": "visit", "organisation": "de-linde", "mode": "anonymous", "groups": [{"group": "parent"}],
        "title": {"en": "Visit", "nl": "Bezoek"}, "questionnaire": {"id": "sample", "version": "1.0.0"},
    });
    program
        .post_json("/api/v1/rounds", &round)
        .expect_status(201);
    program
        .post_json("/api/v1/rounds/visit/open", &json!({}))
        .expect_status(200);
    community.invite_by_mail("visit");
    let link = stage.smtp().next("jan@home.example").link("/s/");

    let met = journey(
        &stage,
        &json!({"respondent": {"link": link, "language": "nl"}}),
    );
    assert_eq!(met["respondent"]["required"], 1, "{met:#}");
    assert_eq!(met["respondent"]["sections"], 2, "{met:#}");
    assert_eq!(met["respondent"]["questions"], 10, "{met:#}");
    assert_eq!(community.close("visit")["counts"]["opened"], 1);
}
