//! A disk that fails while a round is closed: the files are rewritten then, and nothing is acknowledged after a failure of that either.

use klankbord_tests::behind::query;
use klankbord_tests::{Backend, Caller, Community, Link, PATIENCE, Stage};
use serde_json::{Value, json};
use std::time::Instant;

use crate::wire::Wire;

/// Who is asked in each round, and how many of them answer.
const PEOPLE: usize = 7;
const ANSWERS: usize = 5;

#[test]
fn a_sync_that_fails_while_a_round_is_closed_ends_all_writing() {
    fail_each(
        "fdatasync,fsync",
        &[
            ("ballots.sqlite", 1),
            ("ballots.sqlite", 2),
            ("ballots.sqlite-wal", 1),
            ("ballots.sqlite-wal", 2),
            ("ballots.sqlite-wal", 3),
            ("roster.sqlite", 1),
        ],
    );
}

#[test]
fn a_write_that_fails_while_a_round_is_closed_ends_all_writing() {
    fail_each(
        "pwrite64",
        &[
            ("ballots.sqlite", 1),
            ("ballots.sqlite", 5),
            ("ballots.sqlite-wal", 1),
            ("ballots.sqlite-wal", 12),
            ("ballots.sqlite-wal", 8),
            ("roster.sqlite", 1),
        ],
    );
}

/// Closes a round for each of these places, where a call for a file fails once: the n-th time that a thread makes it. Only the rewriting
/// writes to the files themselves; to a log, transactions do so before it.
fn fail_each(calls: &str, places: &[(&str, usize)]) {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = Community::found(&stage);
    community.school("school-a");
    community.enrol("school-a", "parent", PEOPLE);
    let open = Round::begin(&community, "open");
    let mut answered = open.answer(&community, &open.links[..1]);
    for (number, (file, ordinal)) in places.iter().enumerate() {
        let round = Round::begin(&community, &format!("round-{number}"));
        round.answer(&community, &round.links[..ANSWERS]);
        stage.server().stop();
        let path = stage.data_folder().join(file);
        let path = path.to_str().expect("a plain name");
        let traced = format!("trace={calls}");
        let inject = format!("inject={calls}:error=EIO:when={ordinal}");
        let strace = [
            "strace",
            "-D",
            "-f",
            "-o",
            "/dev/null",
            "-P",
            path,
            "-e",
            &traced,
            "-e",
            &inject,
        ];
        stage.server().start_again_under(&strace);
        let refused = "storage_failed";
        let closing = round.close(&community);
        closing.expect_problem(503, refused);
        // Somebody else's answer in another round, a second attempt, and whether the server takes work.
        open.send(&community, &open.links[answered])
            .expect_problem(503, refused);
        round.close(&community).expect_problem(503, refused);
        let ready = Wire::open(stage.base_url())
            .and_then(|mut wire| wire.ask("GET /health/ready", &[], b""))
            .expect("the server answers");
        assert_eq!((ready.status, ready.code().as_str()), (503, refused));
        let seen = community
            .program()
            .get(&format!("/api/v1/rounds/{}", round.code));
        seen.expect_status(200);
        stage.server().kill();
        stage.server().start_again();
        let counts = round.closed(&stage, &community);
        let expected =
            json!({"issued": PEOPLE, "claimed": ANSWERS, "ballots": ANSWERS, "opened": ANSWERS});
        assert_eq!(counts, expected, "{calls} {file} {ordinal}");
        let stored = format!(
            "SELECT (SELECT count(*) FROM response WHERE round = '{0}'), (SELECT count(*) FROM mailbox WHERE round = '{0}')",
            round.code
        );
        assert_eq!(
            query(&stage, "ballots", &stored),
            [[ANSWERS.to_string(), "0".to_owned()]]
        );
        // Who was refused sends the answers again.
        let again = open.send(&community, &open.links[answered]);
        assert!(matches!(again.status(), 200 | 201), "{}", again.status());
        answered = (answered + 1) % PEOPLE;
    }
    let answers = places.len() + 1;
    let counts = open.close(&community).expect_status(200).json()["counts"].take();
    assert_eq!(counts["opened"], answers.min(PEOPLE), "{counts}");
}

/// A round at the school, with the answers that everybody gives.
struct Round {
    code: String,
    links: Vec<Link>,
    answers: Value,
}

impl Round {
    fn begin(community: &Community<'_>, code: &str) -> Self {
        community.round(code, "school-a", &["parent"]);
        Self {
            code: code.to_owned(),
            links: community.invite_by_app(code),
            answers: community.agree(code, "parent", 4),
        }
    }

    /// Sends the answers of some; gives how many.
    fn answer(&self, community: &Community<'_>, links: &[Link]) -> usize {
        for link in links {
            self.send(community, link).expect_status(201);
        }
        links.len()
    }

    fn send(&self, community: &Community<'_>, link: &Link) -> klankbord_tests::Reply {
        let body = json!({"token": link.token, "answers": self.answers});
        community.program().post_json("/api/v1/responses", &body)
    }

    fn close(&self, community: &Community<'_>) -> klankbord_tests::Reply {
        let path = format!("/api/v1/rounds/{}/close", self.code);
        community.program().post_json(&path, &json!({}))
    }

    /// Waits until the server has closed the round by itself, or closes it; gives its counts.
    fn closed(&self, stage: &Stage, community: &Community<'_>) -> Value {
        self.close(community);
        let status = format!("SELECT status FROM round WHERE code = '{}'", self.code);
        let begun = Instant::now();
        while query(stage, "roster", &status) != [["closed"]] {
            assert!(begun.elapsed() < PATIENCE, "{} never closed", self.code);
        }
        let path = format!("/api/v1/rounds/{}", self.code);
        community.program().get(&path).expect_status(200).json()["counts"].take()
    }
}
