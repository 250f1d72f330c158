//! `/api/v1/responses`: answers that an app sends for a person.

use klankbord_tests::community::Community;
use klankbord_tests::{ApiClient, Caller, Request, Server, Stage, stories};
use serde_json::{Value, json};

use crate::behind::query;

stories! {
    fn sending_twice_counts_once_and_the_last_answers_hold(stage: &Stage) {
        let community = school(stage, 6);
        community.round("r", "school-a", &["parent"]);
        for (at, link) in (0_u8..).zip(community.invite_by_app("r")) {
            assert_eq!(community.submit(&link.token, &community.agree("r", "parent", 2), 201)["status"], "stored");
            assert_eq!(community.submit(&link.token, &community.agree("r", "parent", 2), 200)["status"], "replaced");
            assert_eq!(community.submit(&link.token, &community.agree("r", "parent", 3 + at % 3), 200)["status"], "replaced");
        }
        assert_eq!(community.close("r")["counts"], json!({"issued": 6, "claimed": 6, "ballots": 6, "opened": 6}));
        let answers = query(stage, "ballots", "SELECT packed FROM response");
        assert_eq!(answers.len(), 6);
        let voice = voice(&community, "school-a", "r", "PED.2");
        assert_eq!((&voice["figures"]["n"], &voice["figures"]["mean"]), (&json!(6), &json!(75.0)));
    }

    fn five_copies_at_once_of_every_answer_count_once(stage: &Stage) {
        let community = school(stage, 12);
        community.round("r", "school-a", &["parent"]);
        let links = community.invite_by_app("r");
        let answers = community.agree("r", "parent", 4);
        let outcomes: Vec<u16> = std::thread::scope(|scope| {
            let sent: Vec<_> = links
                .iter()
                .flat_map(|link| std::iter::repeat_n(link, 5))
                .map(|link| {
                    let body = json!({"token": link.token, "answers": answers});
                    let program = community.program();
                    scope.spawn(move || program.post_json("/api/v1/responses", &body).status())
                })
                .collect();
            sent.into_iter().map(|one| one.join().expect("an answer")).collect()
        });
        assert!(outcomes.iter().all(|status| matches!(status, 200 | 201)), "{outcomes:?}");
        assert_eq!(community.close("r")["counts"], json!({"issued": 12, "claimed": 12, "ballots": 12, "opened": 12}));
    }

    fn answers_that_race_with_the_closing_are_counted_or_refused(stage: &Stage) {
        let community = school(stage, 40);
        community.round("r", "school-a", &["parent"]);
        let links = community.invite_by_app("r");
        let answers = community.agree("r", "parent", 4);
        let (stored, closed) = std::thread::scope(|scope| {
            let sent: Vec<_> = links
                .iter()
                .map(|link| {
                    let body = json!({"token": link.token, "answers": answers});
                    let program = community.program();
                    scope.spawn(move || program.post_json("/api/v1/responses", &body).status())
                })
                .collect();
            let closed = community.close("r");
            let statuses: Vec<u16> = sent.into_iter().map(|one| one.join().expect("an answer")).collect();
            assert!(statuses.iter().all(|status| matches!(status, 201 | 409)), "{statuses:?}");
            (statuses.iter().filter(|status| **status == 201).count(), closed)
        });
        assert_eq!(closed["counts"]["opened"], stored, "what was acknowledged is counted, and nothing else");
        assert_eq!(query(stage, "ballots", "SELECT packed FROM response").len(), stored);
    }

    fn every_problem_of_the_answers_is_told_with_its_place(stage: &Stage) {
        let community = school(stage, 1);
        community.round("r", "school-a", &["parent"]);
        let token = community.invite_by_app("r").remove(0).token;
        let send = |answers: Value| {
            community.program().post_json("/api/v1/responses", &json!({"token": token, "answers": answers}))
        };
        let problem = send(json!({
            "P.PED1a": 6, "P.PED1b": "often", "P.PED1c": {"missing": "prefer_not_to_say"}, "P.PED9z": 1, "P.PED2a": 2.5, "P.CUR1a": 3,
        }))
        .expect_problem(422, "invalid");
        let mut found: Vec<String> = problem["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| format!("{} {}", error["pointer"], error["code"]).replace('"', ""))
            .collect();
        found.sort();
        assert_eq!(found, [
            "/answers/P.CUR1a not_asked", "/answers/P.PED1a out_of_range", "/answers/P.PED1b wrong_type",
            "/answers/P.PED1c not_offered", "/answers/P.PED2a wrong_type", "/answers/P.PED9z unknown_item",
        ]);
        send(json!({})).expect_error_at(422, "invalid", "/answers", "nothing_answered");
        send(json!({"P.PED1a": null})).expect_error_at(422, "invalid", "/answers", "nothing_answered");
        let twice = format!("{{\"token\": \"{token}\", \"answers\": {{\"P.PED1a\": 1, \"P.PED1a\": 2}}}}");
        community.program()
            .send(Request::post("/api/v1/responses").bytes("application/json", twice))
            .expect_problem(400, "unreadable");
        community.program()
            .post_json("/api/v1/responses", &json!({"token": token, "answers": {}, "time": 5}))
            .expect_problem(400, "unreadable");
        let huge = json!({"token": token, "answers": {"P.PED1a": "x".repeat(300 * 1024)}});
        community.program().post_json("/api/v1/responses", &huge).expect_problem(413, "too_large");
        assert!(query(stage, "ballots", "SELECT tag FROM mailbox").is_empty(), "nothing of all that was stored");
        community.submit(&token, &json!({"P.PED1a": 3}), 201);
    }

    fn answers_can_be_tried_out_before_anybody_sends_any(stage: &Stage) {
        let community = school(stage, 1);
        let round = json!({
            "code": "draft", "organisation": "school-a", "mode": "anonymous", "groups": [{"group": "parent"}],
            "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": "Draft", "nl": "Ontwerp"},
        });
        community.program().post_json("/api/v1/rounds", &round).expect_status(201);
        community.round("r", "school-a", &["parent"]);
        let token = community.invite_by_app("r").remove(0).token;
        let validate = |round: &str, form: &str, answers: &Value| {
            let path = format!("/api/v1/rounds/{round}/forms/{form}/validate");
            community.program().post_json(&path, &json!({"answers": answers}))
        };
        let answers = community.agree("r", "parent", 4);
        let count = answers.as_object().expect("answers").len();
        // A round that has not opened can be tried as well as one that has.
        for round in ["r", "draft"] {
            let told = validate(round, "parent", &answers).expect_status(200).json();
            assert_eq!(told, json!({"valid": true, "answered": count}));
        }
        let ways_out = json!({"P.PED1a": 3, "P.PED1b": {"missing": "dont_know"}});
        assert_eq!(validate("r", "parent", &ways_out).expect_status(200).json()["answered"], 1);
        // What it refuses is what sending refuses, place by place.
        let wrong = json!({"P.PED1a": 6, "P.PED1b": "often", "P.PED9z": 1, "P.CUR1a": 3});
        for wrong in [wrong, json!({}), json!({"P.PED1a": null})] {
            let tried = validate("r", "parent", &wrong).expect_problem(422, "invalid");
            let body = json!({"token": token, "answers": wrong});
            let sent = community.program().post_json("/api/v1/responses", &body).expect_problem(422, "invalid");
            assert_eq!(tried["errors"], sent["errors"]);
            assert!(tried["errors"].as_array().is_some_and(|errors| !errors.is_empty()));
        }
        validate("r", "staff", &answers).expect_problem(404, "not_found");
        validate("no-such-round", "parent", &answers).expect_problem(404, "not_found");
        assert!(query(stage, "ballots", "SELECT tag FROM mailbox").is_empty(), "something was stored");
        assert_eq!(community.progress("r")["done"], 0);
    }

    fn a_link_opens_what_it_was_given_for_and_nothing_else(stage: &Stage) {
        let community = school(stage, 1);
        community.school("school-b");
        community.enrol_table("school-b", "email,group,organisation\nparent1@school-a.example,parent,school-b\n");
        community.round("r", Community::CODE, &["parent", "staff"]);
        let links = community.invite_by_app("r");
        assert_eq!(links.len(), 1, "one link for a parent with children at two schools");
        let token = &links[0].token;
        let send = |body: Value| community.program().post_json("/api/v1/responses", &body);
        let answers = community.agree("r", "parent", 4);
        send(json!({"token": token, "answers": answers}))
            .expect_error_at(422, "invalid", "/organisation", "ambiguous");
        send(json!({"token": token, "organisation": "school-c", "answers": answers}))
            .expect_error_at(422, "invalid", "/organisation", "not_assigned");
        send(json!({"token": token, "organisation": "school-a", "form": "staff", "answers": answers}))
            .expect_error_at(422, "invalid", "/organisation", "not_assigned");
        for school in ["school-a", "school-b"] {
            send(json!({"token": token, "organisation": school, "answers": answers})).expect_status(201);
        }
        // Typed from a letter: case, spaces and dashes do not matter; another link does.
        let (tenant, secret) = token.split_once('-').expect("a token has two parts");
        let typed = format!("{tenant}-{} {}", &secret[..9].to_lowercase(), &secret[9..].to_lowercase());
        send(json!({"token": typed, "organisation": "school-a", "answers": answers})).expect_status(200);
        for wrong in ["", "1-", "1-AAAA", "nonsense", "9-00000000000000000000000000", &token[..20]] {
            send(json!({"token": wrong, "answers": answers})).expect_problem(404, "not_found");
        }
        let other = community.another_program("other-app", "school-b", "responses:submit");
        let body = json!({"token": token, "organisation": "school-a", "answers": answers});
        other.post_json("/api/v1/responses", &body).expect_error_at(422, "invalid", "/organisation", "not_assigned");
        let reader = community.another_program("reader", "school-b", "indicators:read");
        reader.post_json("/api/v1/responses", &body).expect_problem(403, "forbidden");
        community.close("r");
        send(json!({"token": token, "organisation": "school-a", "answers": answers}))
            .expect_problem(409, "round_closed");
    }

    fn answers_on_paper_are_taken_in_all_or_none(stage: &Stage) {
        let community = school(stage, 6);
        community.round("r", "school-a", &["parent"]);
        let token = community.invite_by_app("r").remove(0).token;
        let file = stage.folder().join("paper.csv");
        let import = |rows: &str| {
            std::fs::write(&file, format!("token;organisation;form;P.PED1a;P.PED1b\r\n{rows}")).expect("the table");
            stage.cli().run(&["import", "responses", file.to_str().expect("a name"), "--round", "r", "--json"])
        };
        let bad = import(&format!("{token};;;4;5\r\n;school-a;parent;3;9\r\n1-NOBODY;;;1;1\r\n;school-z;parent;1;1\r\n"));
        let told = &bad.expect_code(3).stderr;
        for place in ["/3/P.PED1b", "/4/token", "/5/organisation"] {
            assert!(told.contains(place), "{place} is not in {told}");
        }
        assert!(query(stage, "ballots", "SELECT tag FROM mailbox").is_empty(), "all or none");
        let good = import(&format!("{token};;;4;5\r\n;school-a;parent;3;missing:dont_know\r\n"));
        assert_eq!(good.expect_success().json(), json!({"rows": 2, "replaced": 0}));
        assert_eq!(community.close("r")["counts"], json!({"issued": 6, "claimed": 1, "ballots": 2, "opened": 2}));
    }

    fn the_ballots_know_no_person_and_no_time(stage: &Stage) {
        let community = school(stage, 7);
        community.round("r", "school-a", &["parent"]);
        let links = community.invite_by_app("r");
        for link in &links {
            community.submit(&link.token, &community.agree("r", "parent", 3), 201);
        }
        assert_eq!(query(stage, "ballots", "SELECT tag FROM mailbox").len(), 7);
        community.close("r");
        assert!(query(stage, "ballots", "SELECT tag FROM mailbox").is_empty());
        let rows = query(stage, "ballots", "SELECT key, organisation, form, subject, packed FROM response");
        assert_eq!(rows.len(), 7);
        assert!(rows.iter().all(|row| row[3].is_empty()), "no subject in an anonymous round");
        let people = query(stage, "roster", "SELECT id, email FROM person");
        let kept = format!("{rows:?}");
        for person in &people {
            assert!(!kept.contains(&person[0]) && !kept.contains(&person[1]));
        }
        let keys = query(stage, "roster", "SELECT token_hash, link_nonce FROM invitation");
        assert!(keys.iter().all(|row| row[1].is_empty()), "the links cannot be made again");
        let secrets = std::fs::read_dir(stage.data_folder().join("keys/secrets")).expect("the keys");
        assert_eq!(secrets.count(), 0, "the round's key is destroyed");
    }

    fn a_confidential_round_opens_at_once_replaces_what_was_opened_and_shows_nothing_before_it_closes(stage: &Stage) {
        let community = school(stage, 6);
        let promise = json!({"keeper": {"en": "the quality officer"}, "purpose": {"en": "comparing two rounds"}, "until": "2027-08-01"});
        let round = |code: &str, baseline: Value| json!({
            "code": code, "organisation": "school-a", "mode": "confidential", "title": {"en": "Paired"}, "baseline": baseline,
            "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "groups": [{"group": "parent"}], "promise": promise,
        });
        let program = community.program();
        let mut subjects = Vec::new();
        for (code, baseline) in [("first", Value::Null), ("second", json!("first"))] {
            program.post_json("/api/v1/rounds", &round(code, baseline)).expect_status(201);
            program.post_json(&format!("/api/v1/rounds/{code}/open"), &json!({})).expect_status(200);
            let links = community.invite_by_app(code);
            for link in &links {
                community.submit(&link.token, &community.agree(code, "parent", 2), 201);
            }
            until_opened(stage, code, 6);
            let voice = voice(&community, "school-a", code, "PED.2");
            assert_eq!(voice["withheld"]["reason"], "round_open", "two looks would tell an answer");
            for (at, link) in (0_u8..).zip(&links) {
                community.submit(&link.token, &community.agree(code, "parent", 3 + at % 3), 200);
            }
            assert_eq!(community.close(code)["counts"], json!({"issued": 6, "claimed": 6, "ballots": 6, "opened": 6}));
            let figures = self::voice(&community, "school-a", code, "PED.2")["figures"].clone();
            assert_eq!((&figures["n"], &figures["mean"]), (&json!(6), &json!(75.0)));
            let sql = format!("SELECT subject FROM response WHERE round = '{code}' ORDER BY subject");
            subjects.push(query(stage, "ballots", &sql));
        }
        assert_eq!(subjects[0].len(), 6);
        assert_eq!(subjects[0], subjects[1], "the same people have the same codes in both rounds");
        let people = query(stage, "roster", "SELECT id FROM person");
        assert!(!people.iter().any(|person| subjects[0].contains(person)));
    }

    fn a_draft_goes_with_the_link_where_answers_do_and_never_in_an_anonymous_round(stage: &Stage) {
        let community = school(stage, 2);
        community.round("open", "school-a", &["parent"]);
        let round = json!({
            "code": "named", "organisation": "school-a", "mode": "identified", "title": {"en": "Named"},
            "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "groups": [{"group": "parent"}],
        });
        let program = community.program();
        program.post_json("/api/v1/rounds", &round).expect_status(201);
        program.post_json("/api/v1/rounds/named/open", &json!({})).expect_status(200);
        let links = community.invite_by_app("named");
        let tokens: Vec<&str> = links.iter().map(|link| link.token.as_str()).collect();
        let keep = |body: &Value| stage.anonymous().put_json("/api/v1/drafts", body);
        let read = |body: &Value| stage.anonymous().post_json("/api/v1/drafts/read", body);
        read(&json!({"token": tokens[0]})).expect_problem(404, "not_found");
        keep(&json!({"token": tokens[0], "content": "AAEC"})).expect_status(204);
        keep(&json!({"token": tokens[0], "organisation": "school-a", "form": "parent", "content": "AwQF"})).expect_status(204);
        assert_eq!(read(&json!({"token": tokens[0]})).expect_status(200).json(), json!({"content": "AwQF"}));
        read(&json!({"token": tokens[1]})).expect_problem(404, "not_found");
        read(&json!({"token": "1-0000000000000000000000000A"})).expect_problem(404, "not_found");
        read(&json!({"token": tokens[0], "form": "staff"})).expect_error_at(422, "invalid", "/organisation", "not_assigned");
        for (credential, token) in [(None, None), (Some("1.named.1.AAAA"), Some(tokens[0]))] {
            read(&json!({"credential": credential, "token": token})).expect_error_at(422, "invalid", "/credential", "one_of_two");
        }
        let anonymous = community.invite_by_app("open").remove(0).token;
        keep(&json!({"token": anonymous, "content": "AAEC"})).expect_problem(409, "credential_needed");
        read(&json!({"token": anonymous})).expect_problem(409, "credential_needed");
        // Opening, which goes on all the time here, leaves drafts alone; closing drops them.
        community.submit(tokens[0], &community.agree("named", "parent", 4), 201);
        until_opened(stage, "named", 1);
        assert_eq!(read(&json!({"token": tokens[0]})).expect_status(200).json(), json!({"content": "AwQF"}));
        community.close("named");
        assert!(query(stage, "ballots", "SELECT key FROM draft").is_empty());
        keep(&json!({"token": tokens[0], "content": "AAEC"})).expect_problem(409, "round_closed");
    }
}

/// Two servers on one PostgreSQL are one: no answer is lost or counted twice between them.
#[test]
fn two_servers_on_one_database_count_every_answer_once() {
    let stage = Stage::on(klankbord_tests::Backend::Postgres).start();
    let community = school(&stage, 24);
    community.round("r", "school-a", &["parent"]);
    let links = community.invite_by_app("r");
    let answers = community.agree("r", "parent", 4);
    let cli = stage.cli().clone();
    let second = Server::start(cli.env("KLANKBORD_SERVER_BASE_URL", stage.base_url()));
    let there = ApiClient::with_token(second.base_url(), community.program().token());
    std::thread::scope(|scope| {
        for link in &links {
            for program in [community.program(), &there, &there, community.program()] {
                let body = json!({"token": link.token, "answers": answers});
                scope.spawn(move || {
                    let status = program.post_json("/api/v1/responses", &body).status();
                    assert!(matches!(status, 200 | 201), "{status}");
                });
            }
        }
    });
    there
        .post_json("/api/v1/rounds/r/close", &json!({}))
        .expect_status(200);
    let round = community
        .program()
        .get("/api/v1/rounds/r")
        .expect_status(200)
        .json();
    assert_eq!(
        round["counts"],
        json!({"issued": 24, "claimed": 24, "ballots": 24, "opened": 24})
    );
    drop(second);
}

/// A community with one school and so many parents.
fn school(stage: &Stage, parents: usize) -> Community<'_> {
    let community = Community::found(stage);
    community.school("school-a");
    community.enrol("school-a", "parent", parents);
    community
}

fn voice(community: &Community<'_>, organisation: &str, round: &str, code: &str) -> Value {
    let path = format!(
        "/api/v1/organisations/{organisation}/indicators/{code}?round={round}&group=parent"
    );
    let document = community.program().get(&path).expect_status(200).json();
    document["indicators"][0]["voices"][0].clone()
}

/// Looks until so many ballots of a round are opened and none waits.
#[track_caller]
fn until_opened(stage: &Stage, round: &str, responses: usize) {
    let begun = std::time::Instant::now();
    let count = |table: &str| {
        let sql = format!("SELECT round FROM {table} WHERE round = '{round}'");
        query(stage, "ballots", &sql).len()
    };
    while (count("response"), count("mailbox")) != (responses, 0) {
        assert!(begun.elapsed() < klankbord_tests::PATIENCE, "never opened");
        std::thread::yield_now();
    }
}
