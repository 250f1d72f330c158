//! `/api/v1/rounds`: from a draft to the counts that anyone may check.

use klankbord_tests::community::Community;
use klankbord_tests::{Caller, PATIENCE, stories};
use serde_json::{Value, json};
use std::time::Instant;

stories! {
    fn a_round_goes_from_draft_over_open_to_closed_and_never_back(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        community.enrol("school-a", "parent", 6);
        let program = community.program();
        let round = program.post_json("/api/v1/rounds", &draft("r", json!({}))).expect_status(201).json();
        assert_eq!(round["status"], "draft");
        assert_eq!(round["counts"], Value::Null);
        program.post_json("/api/v1/rounds/r/close", &json!({})).expect_problem(409, "round_not_open");
        program.post_json("/api/v1/rounds/r/invitations", &json!({"delivery": "app"})).expect_problem(409, "round_not_open");
        let open = program.post_json("/api/v1/rounds/r/open", &json!({})).expect_status(200).json();
        assert_eq!(open["status"], "open");
        assert!(open["opensAt"].is_string());
        program.post_json("/api/v1/rounds/r/open", &json!({})).expect_problem(409, "round_not_draft");
        for link in community.invite_by_app("r").iter().take(4) {
            community.submit(&link.token, &community.agree("r", "parent", 4), 201);
        }
        let closed = community.close("r");
        assert_eq!(closed["status"], "closed");
        assert_eq!(closed["counts"], json!({"issued": 6, "claimed": 4, "ballots": 4, "opened": 4}));
        program.post_json("/api/v1/rounds/r/open", &json!({})).expect_problem(409, "round_not_draft");
        program.post_json("/api/v1/rounds/r/close", &json!({})).expect_problem(409, "round_not_open");
        program.post_json("/api/v1/rounds", &draft("r", json!({}))).expect_problem(409, "already_exists");
    }

    fn everything_that_is_wrong_with_a_round_is_told_at_once(stage: &Stage) {
        let community = Community::found(stage);
        let reply = community.program().post_json("/api/v1/rounds", &draft("Bad Code", json!({
            "title": {"english": "x"},
            "mode": "confidential",
            "opensAt": "2099-12-01T00:00:00Z",
            "closesAt": "2099-11-01T00:00:00Z",
            "minimums": {"adults": 3, "learners": 12, "wider": 9},
            "groups": [
                {"group": "parent", "forms": [{"form": "staff"}, {"form": "nobody"}]},
                {"group": "parent"},
                {"group": "aliens"},
            ],
        })));
        let problem = reply.expect_problem(422, "invalid");
        let mut found: Vec<(String, String)> = problem["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| (text(&error["pointer"]), text(&error["code"])))
            .collect();
        found.sort();
        let expected = [
            ("/closesAt", "closes_before_it_opens"),
            ("/code", "bad_code"),
            ("/groups/0/forms/0/form", "form_of_another_group"),
            ("/groups/0/forms/1/form", "unknown_form"),
            ("/groups/1", "duplicate_group"),
            ("/groups/2", "no_form"),
            ("/groups/2/group", "unknown_group"),
            ("/minimums/adults", "minimum_too_low"),
            ("/minimums/wider", "minimum_too_low"),
            ("/promise", "missing"),
            ("/title/english", "bad_language"),
        ];
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned()))
            .collect();
        assert_eq!(found, expected);
        let unknown = [("organisation", json!("nowhere")), ("baseline", json!("never")),
            ("questionnaire", json!({"id": "nothing", "version": "1.0.0"}))];
        for (field, value) in unknown {
            let mut changes = json!({});
            changes[field] = value;
            community.program().post_json("/api/v1/rounds", &draft("r", changes))
                .expect_error_at(422, "invalid", &format!("/{field}"), match field {
                    "organisation" => "unknown_organisation",
                    "baseline" => "unknown_round",
                    _ => "unknown_questionnaire",
                });
        }
        community.program()
            .post_json("/api/v1/rounds", &draft("r", json!({"titel": {}})))
            .expect_problem(400, "unreadable");
    }

    fn a_round_asks_the_modules_it_names_and_no_others(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        community.enrol("school-a", "parent", 1);
        let program = community.program();
        let plan = json!({"groups": [{"group": "parent", "forms": [{"form": "parent", "modules": ["CUR"]}]}]});
        program.post_json("/api/v1/rounds", &draft("r", plan)).expect_status(201);
        program.post_json("/api/v1/rounds/r/open", &json!({})).expect_status(200);
        let form = program.get("/api/v1/rounds/r/forms/parent?language=nl").expect_status(200).json();
        assert_eq!(form["modules"].as_array().map(Vec::len), Some(1));
        assert_eq!(form["language"], "nl");
        assert_eq!(program.get("/api/v1/rounds/r/forms/parent?language=fy").expect_status(200).json()["language"], "en");
        program.get("/api/v1/rounds/r/forms/staff").expect_problem(404, "not_found");
        let link = community.invite_by_app("r").remove(0);
        let answers = json!({"token": link.token, "answers": {"P.CUR1a": 4, "P.PED1a": 4}});
        program.post_json("/api/v1/responses", &answers).expect_error_at(422, "invalid", "/answers/P.PED1a", "not_asked");
    }

    fn a_round_opens_and_closes_by_itself(stage: &Stage) {
        let community = Community::found(stage);
        let program = community.program();
        // Both moments have come by the time the server looks; the round is open for a moment at least.
        let soon = json!({"opensAt": "2020-01-01T00:00:00Z"});
        program.post_json("/api/v1/rounds", &draft("early", soon)).expect_status(201);
        until(&community, "early", "open");
        let never = json!({"opensAt": "2099-01-01T00:00:00Z"});
        program.post_json("/api/v1/rounds", &draft("late", never)).expect_status(201);
        let over = json!({"closesAt": "2020-01-01T00:00:00Z"});
        program.post_json("/api/v1/rounds", &draft("over", over))
            .expect_error_at(422, "invalid", "/closesAt", "closes_in_the_past");
        assert_eq!(status(&community, "late"), "draft");
        let now = moment_from_now(2);
        program.post_json("/api/v1/rounds", &draft("short", json!({"closesAt": now}))).expect_status(201);
        program.post_json("/api/v1/rounds/short/open", &json!({})).expect_status(200);
        until(&community, "short", "closed");
    }

    fn a_group_that_loses_its_protection_keeps_it_in_rounds_that_were_made_before(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        community.enrol("school-a", "learner", 7);
        community.round("r", "school-a", &["learner"]);
        for link in community.invite_by_app("r") {
            community.submit(&link.token, &community.agree("r", "learner", 4), 201);
        }
        let adult = json!({"title": {"en": "Learners"}, "protection": "adult", "position": 1});
        community.program().put_json("/api/v1/groups/learner", &adult).expect_status(200);
        community.close("r");
        let document = community.indicators("school-a", "r");
        let withheld = &document["indicators"][0]["voices"][0]["withheld"];
        assert_eq!((&withheld["reason"], &withheld["minimum"]), (&json!("below_minimum"), &json!(10)), "{document}");
    }

    fn a_round_that_a_killed_server_left_half_closed_is_finished_by_the_next(stage: &Stage) {
        let community = Community::found(stage);
        community.school("school-a");
        community.enrol("school-a", "parent", 8);
        community.round("r", "school-a", &["parent"]);
        for link in community.invite_by_app("r") {
            community.submit(&link.token, &community.agree("r", "parent", 5), 201);
        }
        // What a server leaves that is killed right after it has shut the door.
        set_status(stage, "closing");
        let program = community.program();
        until(&community, "r", "closed");
        let round = program.get("/api/v1/rounds/r").expect_status(200).json();
        assert_eq!(round["counts"], json!({"issued": 8, "claimed": 8, "ballots": 8, "opened": 8}));
    }
}

/// A round of the whole community for parents, with some members changed.
fn draft(code: &str, changes: Value) -> Value {
    let mut round = json!({
        "code": code,
        "organisation": Community::CODE,
        "questionnaire": {"id": "school-self-review", "version": "1.0.0"},
        "title": {"en": "A round"},
        "mode": "anonymous",
        "groups": [{"group": "parent"}],
    });
    if let (Value::Object(round), Value::Object(changes)) = (&mut round, changes) {
        round.extend(changes);
    }
    round
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn status(community: &Community<'_>, round: &str) -> String {
    let found = community.program().get(&format!("/api/v1/rounds/{round}"));
    text(&found.expect_status(200).json()["status"])
}

/// Asks until a round has a status.
#[track_caller]
fn until(community: &Community<'_>, round: &str, wanted: &str) {
    let begun = Instant::now();
    while status(community, round) != wanted {
        assert!(begun.elapsed() < PATIENCE, "{round} never became {wanted}");
        std::thread::yield_now();
    }
}

fn moment_from_now(seconds: u64) -> String {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    let (days, rest) = ((now + seconds) / 86_400, (now + seconds) % 86_400);
    // Days to a date of the Gregorian calendar, counted from 0000-03-01.
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!(
        "{:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        year + era * 400 + carry,
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Sets the status of every round behind the server's back.
fn set_status(stage: &klankbord_tests::Stage, status: &str) {
    let sql = format!("UPDATE round SET status = '{status}'");
    crate::behind::execute(stage, "roster", &sql);
}
