//! A school within its community, and communities beside each other: what is shared and what is not.

use klankbord_tests::{Caller, Community, Request, Stage, definition, stories};
use serde_json::{Value, json};

const ALL_SCOPES: &str = "organisations:read organisations:write questionnaires:read questionnaires:write \
    rounds:read rounds:write people:write invitations:write responses:submit indicators:read";

stories! {
    fn a_school_takes_part_in_the_round_of_its_community_and_does_not_run_it(stage: &Stage) {
        let community = two_schools(stage);
        let linde = community.another_program("linde-app", "linde", ALL_SCOPES);
        let rounds = linde.get("/api/v1/rounds").expect_status(200).json();
        assert_eq!(rounds["data"][0]["code"], "autumn");
        linde.get("/api/v1/rounds/autumn").expect_status(200);
        linde.get("/api/v1/rounds/autumn/forms/parent").expect_status(200);
        for managed in ["open", "close"] {
            linde.post_json(&format!("/api/v1/rounds/autumn/{managed}"), &json!({})).expect_problem(403, "forbidden");
        }
        linde.get("/api/v1/rounds/autumn/progress").expect_problem(403, "forbidden");
        let at = |organisation: &str| linde.get(&format!("/api/v1/organisations/{organisation}/indicators?round=autumn"));
        at("linde").expect_status(200);
        at("eik").expect_problem(404, "not_found");
        at(Community::CODE).expect_problem(404, "not_found");
        let listed = linde.get("/api/v1/organisations").expect_status(200).json();
        assert_eq!(listed["data"].as_array().map(Vec::len), Some(1), "{listed}");
    }

    fn a_school_invites_and_answers_for_its_own_people_only(stage: &Stage) {
        let community = two_schools(stage);
        let linde = community.another_program("linde-app", "linde", ALL_SCOPES);
        let invite = |body: &Value| linde.post_json("/api/v1/rounds/autumn/invitations", body);
        invite(&json!({"delivery": "app"})).expect_error_at(422, "invalid", "/organisation", "missing");
        for other in ["eik", Community::CODE, "nowhere"] {
            let reply = invite(&json!({"delivery": "app", "organisation": other}));
            assert!(matches!(reply.status(), 404 | 422), "{other}: {}", reply.text());
        }
        let own = invite(&json!({"delivery": "app", "organisation": "linde"})).expect_status(200).json();
        let emails: Vec<&str> = own["links"].as_array().expect("links").iter().filter_map(|link| link["email"].as_str()).collect();
        assert_eq!(emails.len(), 6);
        assert!(emails.iter().all(|email| email.ends_with("@linde.example")), "{emails:?}");

        let others = community.invite_by_app("autumn");
        assert_eq!(others.len(), 6, "the other school had not been invited");
        let answers = community.agree("autumn", "parent", 4);
        let send = |token: &str| linde.post_json("/api/v1/responses", &json!({"token": token, "answers": answers}));
        send(&others[0].token).expect_problem(404, "not_found");
        send(own["links"][0]["token"].as_str().expect("a token")).expect_status(201);
        assert_eq!(community.close("autumn")["counts"]["ballots"], 1);
    }

    fn frameworks_and_questionnaires_belong_to_one_tenant(stage: &Stage) {
        let community = Community::found(stage);
        let program = community.program();
        let framework = definition::framework("wellbeing", "learner");
        let questionnaire = definition::questionnaire("climate", "wellbeing", "learner");
        program.post_json("/api/v1/frameworks", &framework).expect_status(201);
        program.post_json("/api/v1/questionnaires", &questionnaire).expect_status(201);
        program.get("/api/v1/questionnaires/climate/versions/1.0.0").expect_status(200);

        let stranger = stranger(stage);
        for path in ["frameworks/wellbeing", "questionnaires/climate", "questionnaires/school-self-review"] {
            stranger.get(&format!("/api/v1/{path}/versions/1.0.0")).expect_problem(404, "not_found");
        }
        for list in ["frameworks", "questionnaires", "rounds"] {
            assert_eq!(stranger.get(&format!("/api/v1/{list}")).expect_status(200).json()["data"], json!([]), "{list}");
        }
        stranger.post_json("/api/v1/questionnaires", &questionnaire)
            .expect_error_at(422, "invalid", "/framework", "unknown_framework");
        // The same names are free there, and mean the stranger's own.
        let mut other = framework;
        other["title"]["en"] = json!("Another thing");
        stranger.post_json("/api/v1/frameworks", &other).expect_status(201);
        let path = "/api/v1/frameworks/wellbeing/versions/1.0.0";
        assert_eq!(stranger.get(path).json()["title"]["en"], "Another thing");
        assert_eq!(program.get(path).json()["title"]["en"], "One thing");
    }

    fn a_link_of_one_tenant_answers_nothing_in_another(stage: &Stage) {
        let community = two_schools(stage);
        let links = community.invite_by_app("autumn");
        let answers = community.agree("autumn", "parent", 4);
        let stranger = stranger(stage);
        let body = json!({"token": links[0].token, "answers": answers});
        stranger.post_json("/api/v1/responses", &body).expect_problem(404, "not_found");
        assert_eq!(community.close("autumn")["counts"]["ballots"], 0);
    }

    fn names_that_nobody_would_choose_are_simply_not_found(stage: &Stage) {
        let community = two_schools(stage);
        let long = "a".repeat(4000);
        for name in ["%00", "a%00b", "%FF%FE", "%27%20OR%201=1--", "%F0%9F%92%A5", "%2e%2e%2fetc", "%25", &long] {
            for path in [
                format!("organisations/{name}"),
                format!("organisations/{name}/indicators?round=autumn"),
                format!("organisations/linde/indicators?round={name}"),
                format!("organisations/linde/indicators/{name}?round=autumn"),
                format!("rounds/{name}"),
                format!("rounds/{name}/progress"),
                format!("rounds/autumn/forms/{name}"),
                format!("frameworks/{name}/versions/1.0.0"),
                format!("questionnaires/school-self-review/versions/{name}"),
                format!("schemas/{name}"),
            ] {
                let reply = community.program().get(&format!("/api/v1/{path}"));
                assert!(matches!(reply.status(), 400 | 404 | 422), "{path}: {} {}", reply.status(), reply.text());
                assert_eq!(reply.media_type(), "application/problem+json", "{path}");
            }
        }
        for name in ["\u{0}", "a\u{0}b", "\u{1f4a5}"] {
            let reply = community.program().post_json("/api/v1/organisations", &json!({"code": "x", "name": "X", "level": "school", "parent": name}));
            assert!(matches!(reply.status(), 400 | 422), "{name:?}: {}", reply.text());
            community.program().post_json("/api/v1/responses", &json!({"token": name, "answers": {}})).expect_problem(404, "not_found");
            let round = json!({
                "code": "r", "organisation": name, "mode": "anonymous", "title": {"en": "R"},
                "questionnaire": {"id": name, "version": name}, "baseline": name, "groups": [{"group": name}],
            });
            let reply = community.program().post_json("/api/v1/rounds", &round);
            assert!(matches!(reply.status(), 400 | 404 | 422), "{name:?}: {}", reply.text());
            let credentials = [("grant_type", "client_credentials"), ("client_id", name), ("client_secret", name)];
            let reply = stage.anonymous().post_form("/oauth/token", &credentials);
            assert!((400..500).contains(&reply.status()), "{name:?}: {}", reply.text());
            let request = Request::post("/sign-in").form(&[("email", name), ("password", name)]);
            let signed = stage.anonymous().send(request.header("Origin", stage.base_url()));
            assert!((400..500).contains(&signed.status()), "{name:?}: {}", signed.text());
        }
    }
}

/// A community with two schools of six parents each and an open round for all of them.
fn two_schools(stage: &Stage) -> Community<'_> {
    let community = Community::found(stage);
    for school in ["linde", "eik"] {
        community.school(school);
        community.enrol(school, "parent", 6);
    }
    community.round("autumn", Community::CODE, &["parent"]);
    community
}

/// A program that may do everything in another tenant, where nothing is published.
fn stranger(stage: &Stage) -> klankbord_tests::ApiClient {
    let cli = stage.cli();
    cli.run(&["tenant", "add", "elders", "--name", "Elders", "--bare"])
        .expect_success();
    let add = [
        "client",
        "add",
        "stranger",
        "--tenant",
        "elders",
        "--organisation",
        "elders",
        "--scopes",
        ALL_SCOPES,
        "--json",
    ];
    let made = cli.run(&add).expect_success().json();
    stage.api_client(
        "stranger",
        made["clientSecret"].as_str().expect("a secret"),
        ALL_SCOPES,
    )
}
