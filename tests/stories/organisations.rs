//! The tree of organisations and the stakeholder groups, as a school's own program manages them.

use klankbord_tests::{ApiClient, Caller, Community, definition, stories};
use serde_json::{Value, json};

const ORGANISATIONS: &str = "/api/v1/organisations";

stories! {
    fn organisations_are_listed_from_the_top_down(stage: &Stage) {
        let community = Community::found(stage);
        let program = community.program();
        for (code, level, parent) in [
            ("zonnehof", "school", Community::CODE),
            ("class-3a", "unit", "zonnehof"),
            ("zonnehof-noord", "school", Community::CODE),
            ("appelgaard", "school", Community::CODE),
            ("class-3a-blue", "unit", "class-3a"),
        ] {
            let made = program.post_json(ORGANISATIONS, &organisation(code, level, parent));
            let location = made.expect_status(201).header("Location").expect("a Location").to_owned();
            assert_eq!(location, format!("{ORGANISATIONS}/{code}"));
            assert_eq!(program.get(&location).expect_status(200).json(), made.json());
        }
        let listed = program.get(ORGANISATIONS).expect_status(200).json();
        let listed: Vec<(&str, &str, Option<&str>)> = listed["data"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| (text(one, "code"), text(one, "path"), one["parent"].as_str()))
            .collect();
        assert_eq!(
            listed,
            [
                ("rivierenland", "/rivierenland/", None),
                ("appelgaard", "/rivierenland/appelgaard/", Some("rivierenland")),
                ("zonnehof-noord", "/rivierenland/zonnehof-noord/", Some("rivierenland")),
                ("zonnehof", "/rivierenland/zonnehof/", Some("rivierenland")),
                ("class-3a", "/rivierenland/zonnehof/class-3a/", Some("zonnehof")),
                ("class-3a-blue", "/rivierenland/zonnehof/class-3a/class-3a-blue/", Some("class-3a")),
            ]
        );
    }

    fn everything_wrong_with_an_organisation_is_told_at_once(stage: &Stage) {
        let community = Community::found(stage);
        community.school("linde");
        for (sent, wanted) in [
            (
                json!({"code": "De Linde", "name": " ", "level": "community", "parent": "linde"}),
                vec![("/code", "bad_code"), ("/name", "bad_text"), ("/level", "level_too_wide")],
            ),
            (
                json!({"code": "-", "name": "two\nlines", "level": "school", "parent": "nowhere"}),
                vec![("/parent", "unknown_organisation"), ("/code", "bad_code"), ("/name", "bad_text")],
            ),
            (
                json!({"code": "x".repeat(65), "name": "x".repeat(201), "level": "system"}),
                vec![("/parent", "missing"), ("/code", "bad_code"), ("/name", "bad_text")],
            ),
            (
                json!({"code": "other", "name": "Other", "level": "school", "parent": "linde"}),
                vec![("/level", "level_too_wide")],
            ),
        ] {
            let reply = community.program().post_json(ORGANISATIONS, &sent);
            let problem = reply.expect_problem(422, "invalid");
            assert_eq!(pointers(&problem), wanted, "{sent}");
        }
        assert_eq!(codes(community.program()), ["rivierenland", "linde"], "nothing was added");
    }

    fn an_organisation_exists_once(stage: &Stage) {
        let community = Community::found(stage);
        community.school("linde");
        let again = json!({"code": "linde", "name": "Another", "level": "unit", "parent": "linde"});
        let problem = community.program().post_json(ORGANISATIONS, &again).expect_problem(409, "already_exists");
        assert!(text(&problem, "detail").contains("linde"), "{problem}");
        let stored = community.program().get("/api/v1/organisations/linde").json();
        assert_eq!(stored["name"], "School linde");
    }

    fn what_is_not_known_is_named(stage: &Stage) {
        let community = Community::found(stage);
        for (body, named) in [
            (json!({"code": "a", "name": "A", "level": "school", "parent": Community::CODE, "colour": 1}), "colour"),
            (json!({"code": "a", "name": "A", "level": "galaxy", "parent": Community::CODE}), "galaxy"),
            (json!({"code": "a", "level": "school", "parent": Community::CODE}), "name"),
        ] {
            let problem = community.program().post_json(ORGANISATIONS, &body).expect_problem(400, "unreadable");
            assert!(text(&problem, "detail").contains(&format!("`{named}`")), "{problem}");
        }
        assert_eq!(codes(community.program()), [Community::CODE]);
    }

    fn a_school_may_add_a_group_of_its_own_and_ask_it(stage: &Stage) {
        let community = Community::found(stage);
        community.school("linde");
        let program = community.program();
        let alumni = json!({"title": {"en": "Former learners"}, "protection": "adult", "position": 3});
        for _ in 0..2 {
            let stored = program.put_json("/api/v1/groups/alumni", &alumni).expect_status(200).json();
            assert_eq!((text(&stored, "code"), &stored["title"]), ("alumni", &alumni["title"]));
        }
        let groups = program.get("/api/v1/groups").expect_status(200).json();
        let groups: Vec<&str> = groups["data"].as_array().expect("a list").iter().map(|one| text(one, "code")).collect();
        assert_eq!(groups, ["learner", "parent", "alumni", "staff", "employer"]);

        program.post_json("/api/v1/frameworks", &definition::framework("later", "alumni")).expect_status(201);
        let asked = definition::questionnaire("looking-back", "later", "alumni");
        program.post_json("/api/v1/questionnaires", &asked).expect_status(201);
        community.enrol("linde", "alumni", 6);
        let round = json!({
            "code": "back", "organisation": "linde", "mode": "anonymous", "title": {"en": "Looking back"},
            "questionnaire": {"id": "looking-back", "version": "1.0.0"},
        });
        program.post_json("/api/v1/rounds", &round).expect_status(201);
        program.post_json("/api/v1/rounds/back/open", &json!({})).expect_status(200);
        for (at, link) in community.invite_by_app("back").iter().enumerate() {
            community.submit(&link.token, &json!({"Q1": 1 + at % 3}), 201);
        }
        community.close("back");
        let voice = community.indicators("linde", "back")["indicators"][0]["voices"][0].take();
        assert_eq!((text(&voice, "group"), &voice["figures"]["n"], &voice["figures"]["mean"]), ("alumni", &json!(6), &json!(50.0)));
    }

    fn a_group_that_cannot_be_is_refused_whole(stage: &Stage) {
        let community = Community::found(stage);
        let bad = json!({"title": {"english please": "", "nl": "Groep"}, "protection": "adult", "position": 1});
        let problem = community.program().put_json("/api/v1/groups/Old%20Pupils", &bad).expect_problem(422, "invalid");
        let pointers = pointers(&problem);
        for wanted in [("/code", "bad_code"), ("/title/english please", "bad_language"), ("/title/english please", "bad_text")] {
            assert!(pointers.contains(&wanted), "{wanted:?} is missing in {pointers:?}");
        }
        let unknown = json!({"title": {"en": "G"}, "protection": "none", "position": 1});
        community.program().put_json("/api/v1/groups/g", &unknown).expect_problem(400, "unreadable");
    }

    fn the_groups_of_all_are_not_changed_from_one_school(stage: &Stage) {
        let community = Community::found(stage);
        community.school("linde");
        let scopes = "organisations:read organisations:write";
        let school = community.another_program("linde-app", "linde", scopes);
        let unprotected = json!({"title": {"en": "Learners"}, "protection": "adult", "position": 1});
        school.put_json("/api/v1/groups/learner", &unprotected).expect_problem(403, "forbidden");
        let groups = school.get("/api/v1/groups").expect_status(200).json();
        assert_eq!(groups["data"][0]["protection"], "child");
    }
}

fn organisation(code: &str, level: &str, parent: &str) -> Value {
    json!({"code": code, "name": format!("Name of {code}"), "level": level, "parent": parent})
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

/// Pointers and codes of the errors of a problem document.
fn pointers(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().expect("errors");
    errors
        .iter()
        .map(|error| (text(error, "pointer"), text(error, "code")))
        .collect()
}

fn codes(program: &ApiClient) -> Vec<String> {
    let listed = program.get(ORGANISATIONS).expect_status(200).json();
    let list = listed["data"].as_array().expect("a list");
    list.iter()
        .map(|one| text(one, "code").to_owned())
        .collect()
}
