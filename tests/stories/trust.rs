//! What people were promised, held against faults, crashes and the passing of time.

use std::time::Instant;

use klankbord_tests::community::Community;
use klankbord_tests::{Backend, Caller, PATIENCE, Request, Stage, stories};
use serde_json::{Value, json};

use crate::behind::{execute, query};

stories! {
    fn a_round_that_cannot_be_opened_holds_up_no_other(stage: &Stage) {
        let community = school(stage, 6);
        for code in ["broken", "sound"] {
            community.round(code, "school-a", &["parent"]);
            for link in &community.invite_by_app(code) {
                community.submit(&link.token, &community.agree(code, "parent", 4), 201);
            }
        }
        let newer = if stage.database().is_some() { r"'\xff'" } else { "X'ff'" };
        execute(stage, "ballots", &format!("UPDATE mailbox SET sealed = {newer} WHERE round = 'broken'"));
        execute(stage, "roster", "UPDATE round SET closes_at = 1");
        until(stage, "closed", "SELECT status FROM round WHERE code = 'sound'");
        assert_eq!(query(stage, "roster", "SELECT status FROM round WHERE code = 'broken'"), [["closing"]]);
        assert_eq!(query(stage, "ballots", "SELECT count(*) FROM mailbox"), [["6"]], "no ballot is lost");
    }

    fn what_was_left_half_closed_is_finished_with_its_key_destroyed(stage: &Stage) {
        let community = school(stage, 6);
        community.round("r", "school-a", &["parent"]);
        for link in &community.invite_by_app("r") {
            community.submit(&link.token, &community.agree("r", "parent", 4), 201);
        }
        assert_eq!(secrets(stage), ["link-1-r.key", "opening-1-r.key", "tag-1-r.key"]);
        execute(stage, "roster", "UPDATE round SET status = 'closing'");
        until(stage, "closed", "SELECT status FROM round");
        assert!(secrets(stage).is_empty(), "{:?}", secrets(stage));
        let round = community.program().get("/api/v1/rounds/r").expect_status(200).json();
        assert_eq!(round["counts"], json!({"issued": 6, "claimed": 6, "ballots": 6, "opened": 6}));
    }

    fn a_small_body_that_unfolds_into_a_large_one_is_refused(stage: &Stage) {
        for path in ["/survey", "/sign-in", "/setup", "/oauth/token"] {
            let packed = Request::post(path)
                .bytes("application/x-www-form-urlencoded", b"\x1f\x8b\x08".as_slice())
                .header("Content-Encoding", "gzip");
            let reply = stage.anonymous().send(packed);
            assert!(reply.expect_status(400).header("Content-Security-Policy").is_some());
            if path == "/oauth/token" {
                assert_eq!(reply.json()["error"], "invalid_request");
            }
        }
    }

    fn nobody_redirects_the_mail_of_another_school(stage: &Stage) {
        let community = Community::found(stage);
        for code in ["school-a", "school-b"] {
            community.school(code);
        }
        let header = "reference,email,group,organisation\n";
        community.enrol_table("rivierenland", &format!("{header}71,ana@home.example,parent,school-b\n"));
        let program = community.another_program("app-a", "school-a", "people:write");
        let import = |table: String| {
            let request = Request::post("/api/v1/organisations/school-a/roster").bytes("text/csv", table);
            program.send(request)
        };
        let taken = format!("{header}71,mallory@elsewhere.example,parent,school-a\n");
        import(taken).expect_error_at(422, "invalid", "/2/email", "known_elsewhere");
        let rows = query(stage, "roster", "SELECT p.email, r.organisation FROM person p JOIN role r ON r.person = p.id");
        assert_eq!(rows, [["ana@home.example", "school-b"]]);
        let guessed = "reference,group,organisation\n71,parent,school-a\n".to_owned();
        import(guessed.clone()).expect_error_at(422, "invalid", "/2/reference", "known_elsewhere");
        import(format!("{header}71,ana@home.example,parent,school-a\n")).expect_status(200);
        import(guessed).expect_status(200);
        let moved = format!("{header}71,ana@new.example,parent,school-a\n");
        import(moved.clone()).expect_error_at(422, "invalid", "/2/email", "known_elsewhere");
        community.enrol_table("rivierenland", &moved);
        assert_eq!(query(stage, "roster", "SELECT email FROM person"), [["ana@new.example"]]);
    }

    fn the_set_up_link_is_dead_once_anybody_has_an_account(stage: &Stage) {
        let link = stage.server().printed_link("/setup");
        let community = Community::found(stage);
        assert_eq!(stage.visitor().open(&link).reply().status(), 200);
        community.account("first@school.example", Community::CODE, "admin");
        assert_eq!(stage.visitor().open(&link).reply().status(), 404);
    }

    fn the_key_of_a_confidential_round_is_destroyed_on_the_day_promised(stage: &Stage) {
        let community = school(stage, 6);
        let program = community.program();
        let past = confidential("past", &Value::Null, "2026-01-01");
        program.post_json("/api/v1/rounds", &past).expect_error_at(422, "invalid", "/promise/until", "until_too_early");
        program.post_json("/api/v1/rounds", &confidential("first", &Value::Null, "2097-08-01")).expect_status(201);
        let shorter = confidential("second", &json!("first"), "2097-07-31");
        program.post_json("/api/v1/rounds", &shorter).expect_error_at(422, "invalid", "/promise/until", "until_before_baseline");
        program.post_json("/api/v1/rounds", &confidential("second", &json!("first"), "2097-08-02")).expect_status(201);
        for code in ["first", "second"] {
            program.post_json(&format!("/api/v1/rounds/{code}/open"), &json!({})).expect_status(200);
        }
        let answers = community.agree("first", "parent", 4);
        let links = community.invite_by_app("first");
        community.submit(&links[0].token, &answers, 201);
        assert!(secrets(stage).iter().any(|name| name.starts_with("pseudonym-")));
        stage.server().stop();
        execute(stage, "roster", "UPDATE round SET promise = replace(promise, '2097-08-01', '2026-01-01') WHERE code = 'first'");
        stage.server().start_again();
        let begun = Instant::now();
        while secrets(stage).iter().any(|name| name.starts_with("pseudonym-")) {
            assert!(begun.elapsed() < PATIENCE, "the key is still there");
            std::thread::yield_now();
        }
    }
}

/// A file of `SQLite` that is opened and closed past it loses its locks; the next program to look in would then remove the log
/// that the server goes on writing to.
#[test]
fn another_program_that_looks_in_after_a_closing_takes_no_ballot_away() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = school(&stage, 6);
    for code in ["earlier", "later"] {
        community.round(code, "school-a", &["parent"]);
    }
    let links = community.invite_by_app("later");
    community.submit(&links[0].token, &community.agree("later", "parent", 4), 201);
    community.close("earlier");
    let waiting = "SELECT count(*) FROM mailbox";
    assert_eq!(query(&stage, "ballots", waiting), [["1"]]);
    for link in &links[1..] {
        community.submit(&link.token, &community.agree("later", "parent", 4), 201);
    }
    stage.server().kill();
    assert_eq!(query(&stage, "ballots", waiting), [["6"]]);
    stage.server().start_again();
    assert_eq!(community.close("later")["counts"]["opened"], 6);
}

/// `PostgreSQL` keeps deleted rows until a table is vacuumed, which it never does by itself for a small one.
#[test]
fn nothing_of_the_mailbox_remains_in_the_pages_of_postgresql() {
    let stage = Stage::on(Backend::Postgres).start();
    let community = school(&stage, 6);
    community.round("r", "school-a", &["parent"]);
    for link in &community.invite_by_app("r") {
        community.submit(&link.token, &community.agree("r", "parent", 4), 201);
    }
    let size = "SELECT pg_relation_size('mailbox')";
    assert_ne!(query(&stage, "ballots", size), [["0"]]);
    community.close("r");
    assert_eq!(query(&stage, "ballots", size), [["0"]]);
}

/// Two servers on one `PostgreSQL` may count the same round at the same moment; here the test is the other one.
#[test]
fn two_servers_that_count_at_once_do_not_trip_each_other() {
    let stage = Stage::on(Backend::Postgres).start();
    let community = school(&stage, 6);
    community.round("r", "school-a", &["parent"]);
    let links = community.invite_by_app("r");
    let invited = "SELECT max(invited) FROM participation";
    until(&stage, "6", invited);
    let mut other = stage.database().expect("PostgreSQL").connect();
    other
        .batch_execute(
            "SET search_path TO roster; CREATE TEMP TABLE kept AS SELECT * FROM participation; BEGIN; \
             UPDATE round SET code = code; DELETE FROM participation; INSERT INTO participation SELECT * FROM kept",
        )
        .expect("the other counts");
    community.submit(&links[0].token, &community.agree("r", "parent", 4), 201);
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    until(&stage, "1", waits);
    other
        .batch_execute("COMMIT")
        .expect("the other has counted");
    until(&stage, "1", "SELECT max(answered) FROM participation");
    let log = stage.server().transcript();
    assert!(!log.contains("will be tried again"), "{log}");
}

/// Nothing tells a repeat of answers without a link: an import that breaks off must have taken in none of them.
#[test]
fn an_import_that_breaks_off_can_be_repeated() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = school(&stage, 0);
    community.round("r", "school-a", &["parent"]);
    let answers = community.agree("r", "parent", 4);
    let items = answers.as_object().expect("answers");
    let columns: Vec<&str> = items.keys().map(String::as_str).collect();
    let cells: Vec<String> = items.values().map(Value::to_string).collect();
    let line = format!("school-a,parent,{}\n", cells.join(","));
    let table = format!(
        "organisation,form,{}\n{}",
        columns.join(","),
        line.repeat(6)
    );
    std::fs::write(stage.folder().join("paper.csv"), table).expect("the table");
    let import = ["import", "responses", "paper.csv", "--round", "r"];
    execute(
        &stage,
        "ballots",
        "CREATE TRIGGER planted BEFORE INSERT ON mailbox WHEN (SELECT count(*) FROM mailbox) = 3 \
         BEGIN SELECT RAISE(ABORT, 'planted'); END",
    );
    let broken = stage.cli().run(&import);
    assert_ne!(broken.code, Some(0), "{broken:?}");
    let waiting = "SELECT count(*) FROM mailbox";
    assert_eq!(query(&stage, "ballots", waiting), [["0"]]);
    execute(&stage, "ballots", "DROP TRIGGER planted");
    stage.cli().run(&import).expect_success();
    assert_eq!(query(&stage, "ballots", waiting), [["6"]]);
}

fn confidential(code: &str, baseline: &Value, until: &str) -> Value {
    json!({
        "code": code, "organisation": "school-a", "mode": "confidential", "title": {"en": "Paired"}, "baseline": baseline,
        "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "groups": [{"group": "parent"}],
        "promise": {"keeper": {"en": "the quality officer"}, "purpose": {"en": "comparing two rounds"}, "until": until},
    })
}

/// A community with one school and so many parents.
fn school(stage: &Stage, parents: usize) -> Community<'_> {
    let community = Community::found(stage);
    community.school("school-a");
    if parents > 0 {
        community.enrol("school-a", "parent", parents);
    }
    community
}

/// Names of the secrets that there are, in order.
fn secrets(stage: &Stage) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(stage.data_folder().join("keys/secrets"))
        .expect("the keys")
        .map(|entry| {
            let name = entry.expect("an entry").file_name();
            name.to_string_lossy().into_owned()
        })
        .collect();
    names.sort();
    names
}

/// Waits until a query in the roster gives one value.
#[track_caller]
fn until(stage: &Stage, value: &str, sql: &str) {
    let begun = Instant::now();
    while query(stage, "roster", sql) != [[value]] {
        assert!(begun.elapsed() < PATIENCE, "never {value}: {sql}");
    }
}
