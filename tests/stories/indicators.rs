//! `/api/v1/organisations/{organisation}/indicators`: what may be read, and what stays hidden.

use klankbord_tests::community::Community;
use klankbord_tests::{Caller, Request, stories};
use serde_json::{Value, json};

stories! {
    fn nothing_of_an_anonymous_round_is_shown_before_it_closes(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        community.enrol("school-a", "parent", 8);
        community.round("r", "school-a", &["parent"]);
        for link in community.invite_by_app("r") {
            community.submit(&link.token, &community.agree("r", "parent", 4), 201);
        }
        let open = read(&community, "school-a", "r", "");
        for voice in voices(&open) {
            assert_eq!(voice["figures"], Value::Null);
            assert_eq!(voice["responses"], Value::Null);
            assert_eq!(voice["withheld"]["reason"], "round_open");
        }
        community.close("r");
        let closed = read(&community, "school-a", "r", "");
        assert!(voices(&closed).iter().all(|voice| voice["figures"]["n"] == 8));
        assert_eq!(closed["participation"], json!([{"group": "parent", "form": "parent", "invited": 8, "answered": 8}]));
        assert_eq!(closed["framework"], json!({"id": "inclusive-quality", "version": "1.0.0"}));
        assert_eq!(closed["questionnaire"], json!({"id": "school-self-review", "version": "1.0.0"}));
        let named: Vec<&str> = closed["definitions"].as_array().expect("definitions").iter().filter_map(|one| one["name"].as_str()).collect();
        for figure in ["n", "mean", "meanInterval", "favourable", "alpha", "distribution"] {
            assert!(named.contains(&figure), "{figure} is not defined in {named:?}");
        }
    }

    fn what_nearly_everyone_says_is_told_as_a_bound(stage: &Stage) {
        let community = Community::found(stage);
        for (school, alike) in [("school-a", 11), ("school-b", 9)] {
            community.school(school);
            community.enrol(school, "parent", 12);
            community.round(school, school, &["parent"]);
            for (at, link) in (0_u8..).zip(community.invite_by_app(school)) {
                let value = if at < alike { 5 } else { 1 + at % 3 };
                community.submit(&link.token, &community.agree(school, "parent", value), 201);
            }
            community.close(school);
        }
        let figures = |school: &str| {
            let document = read(&community, school, school, "");
            let of_items = document["indicators"].as_array().expect("indicators").iter().find(|one| one["code"] == "PED.2");
            of_items.expect("the indicator")["voices"][0]["figures"].clone()
        };
        // One of twelve differs.
        let alike = figures("school-a");
        let told = (&alike["favourable"], &alike["favourableInterval"], &alike["favourableBound"]);
        assert_eq!(told, (&Value::Null, &Value::Null, &json!({"kind": "at_least", "percent": 80.0})), "{alike:#}");
        assert_eq!((&alike["pooledOver"], &alike["alpha"]["undefined"]), (&json!("everyone"), &json!("nearly_unanimous")));
        for item in alike["items"].as_array().expect("items") {
            let item = &item["figures"];
            assert_eq!((&item["nValid"], &item["mean"], &item["favourable"]), (&json!(12), &Value::Null, &Value::Null));
        }
        let mixed = figures("school-b");
        assert!(mixed["mean"].is_number() && mixed["favourable"] == 75.0 && mixed["favourableBound"].is_null(), "{mixed:#}");
    }

    fn small_groups_stay_hidden_and_cannot_be_worked_out(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        for (class, parents) in [("class-1", 12), ("class-2", 9), ("class-3", 4)] {
            let unit = json!({"code": class, "name": class, "level": "unit", "parent": "school-a"});
            community.program().post_json("/api/v1/organisations", &unit).expect_status(201);
            community.enrol(class, "parent", parents);
        }
        community.round("r", "school-a", &["parent"]);
        for link in community.invite_by_app("r") {
            community.submit(&link.token, &community.agree("r", "parent", 4), 201);
        }
        community.close("r");
        let reason = |organisation: &str| {
            let document = read(&community, organisation, "r", "");
            let reasons: std::collections::BTreeSet<String> =
                voices(&document).iter().map(|voice| voice["withheld"]["reason"].to_string()).collect();
            assert_eq!(reasons.len(), 1, "{reasons:?}");
            reasons.into_iter().next().unwrap_or_default()
        };
        assert_eq!(reason("school-a"), "null");
        assert_eq!(reason("class-1"), "null");
        assert_eq!(reason("class-3"), "\"below_minimum\"");
        assert_eq!(reason("class-2"), "\"complementary\"", "the school less two classes would tell the third");
    }

    fn a_community_adds_up_three_schools_and_hides_two(stage: &Stage) {
        let community = Community::found(stage);
        for number in 0..3 {
            let school = format!("school-{number}");
            community.school(&school);
            community.enrol(&school, "parent", 6);
        }
        for (round, answering) in [("all", 3), ("some", 2)] {
            community.round(round, Community::CODE, &["parent"]);
            let answers = community.agree(round, "parent", 4);
            for link in community.invite_by_app(round) {
                // The addresses of a school's parents end in its name.
                if (0..answering).any(|number| link.email.ends_with(&format!("@school-{number}.example"))) {
                    community.submit(&link.token, &answers, 201);
                }
            }
            community.close(round);
        }
        let whole = read(&community, Community::CODE, "all", "&group=parent");
        assert!(voices(&whole).iter().all(|voice| voice["figures"]["n"] == 18 && voice["invited"] == 18), "{whole}");
        let part = read(&community, Community::CODE, "some", "&group=parent");
        for voice in voices(&part) {
            assert_eq!(voice["withheld"]["reason"], "too_few_schools", "{voice}");
        }
        let school = read(&community, "school-0", "some", "&group=parent");
        assert!(voices(&school).iter().all(|voice| voice["figures"]["n"] == 6), "each school sees itself");
    }

    fn a_document_is_not_sent_again_to_whoever_has_it(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        community.enrol("school-a", "parent", 5);
        community.round("r", "school-a", &["parent"]);
        let path = "/api/v1/organisations/school-a/indicators?round=r";
        let before = community.program().get(path);
        let tag = before.expect_status(200).header("ETag").expect("an entity tag").to_owned();
        let again = |tag: &str| community.program().send(Request::get(path).header("If-None-Match", tag));
        let same = again(&tag);
        same.expect_status(304);
        assert!(same.bytes().is_empty());
        for link in community.invite_by_app("r") {
            community.submit(&link.token, &community.agree("r", "parent", 4), 201);
        }
        community.close("r");
        let after = again(&tag);
        assert_ne!(after.expect_status(200).header("ETag"), Some(tag.as_str()));
    }

    fn questions_that_cannot_be_answered_say_why(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        community.school("school-b");
        community.round("r", "school-a", &["parent", "staff"]);
        let program = community.program();
        let get = |path: &str| program.get(&format!("/api/v1/organisations/{path}"));
        get("school-a/indicators").expect_problem(400, "unreadable");
        get("school-a/indicators?round=r&grup=parent").expect_problem(400, "unreadable");
        get("school-a/indicators?round=never").expect_problem(404, "not_found");
        get("nowhere/indicators?round=r").expect_problem(404, "not_found");
        get("school-a/indicators/PED.9?round=r").expect_problem(404, "not_found");
        get("school-a/indicators?round=r&group=employer").expect_error_at(422, "invalid", "/group", "group_not_asked");
        get("school-b/indicators?round=r").expect_error_at(422, "invalid", "/round", "outside_the_round");
        let one = get("school-a/indicators/PED.1?round=r&language=nl").expect_status(200).json();
        let groups: Vec<&str> = voices(&one).iter().filter_map(|voice| voice["group"].as_str()).collect();
        assert_eq!(groups, ["parent", "staff"]);
        assert_eq!(one["indicators"][0]["title"], "Inclusief lesgeven op basis van wat werkt");
    }

    fn a_sibling_school_is_not_there_for_those_who_have_no_right_to_it(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        community.school("school-b");
        community.round("all", Community::CODE, &["parent"]);
        let reader = community.another_program("reader", "school-a", "indicators:read rounds:read organisations:read");
        reader.get("/api/v1/organisations/school-a/indicators?round=all").expect_status(200);
        reader.get("/api/v1/organisations/school-b/indicators?round=all").expect_problem(404, "not_found");
        reader.get(&format!("/api/v1/organisations/{}/indicators?round=all", Community::CODE)).expect_problem(404, "not_found");
        let listed = reader.get("/api/v1/organisations").expect_status(200).json();
        assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
        reader.post_json("/api/v1/rounds/all/close", &json!({})).expect_problem(403, "forbidden");
    }
}

fn read(community: &Community<'_>, organisation: &str, round: &str, more: &str) -> Value {
    community
        .program()
        .get(&format!(
            "/api/v1/organisations/{organisation}/indicators?round={round}{more}"
        ))
        .expect_status(200)
        .json()
}

/// The voices of all indicators.
fn voices(document: &Value) -> Vec<&Value> {
    let indicators = document["indicators"].as_array().expect("indicators");
    let found: Vec<&Value> = indicators
        .iter()
        .flat_map(|indicator| indicator["voices"].as_array().into_iter().flatten())
        .collect();
    assert!(!found.is_empty(), "no voices in {document}");
    found
}
