//! A disk that fails: nothing is acknowledged from then on, and after a restart everything acknowledged is there.

use klankbord_tests::{Backend, Stage};

use crate::school::{Pen, School};
use crate::wire::Wire;

/// Answers that are tried on one failing disk.
const TRIES: usize = 8;

#[test]
fn after_a_sync_that_failed_nothing_is_acknowledged_until_a_restart() {
    fail_each(
        "fdatasync,fsync",
        &[
            ("ballots", 1),
            ("ballots", 2),
            ("ballots", 5),
            ("roster", 4),
            ("roster", 6),
        ],
    );
}

#[test]
fn after_a_write_that_failed_nothing_is_acknowledged_until_a_restart() {
    let ballots = [1, 2, 3, 5, 8].map(|ordinal| ("ballots", ordinal));
    let roster = [12, 15].map(|ordinal| ("roster", ordinal));
    fail_each("pwrite64", &[ballots.as_slice(), &roster].concat());
}

/// Lets a call for the log of a store fail once, at each of these places: the n-th time that a thread makes it.
fn fail_each(calls: &str, places: &[(&str, usize)]) {
    let stage = Stage::on(Backend::Sqlite).start();
    let school = School::asking(&stage, TRIES * places.len());
    let pen = school.pen();
    let mut acknowledged = 0;
    let mut failures = 0;
    for (round, (store, ordinal)) in places.iter().enumerate() {
        stage.server().stop();
        let log = stage.data_folder().join(format!("{store}.sqlite-wal"));
        let log = log.to_str().expect("a plain name");
        let traced = format!("trace={calls}");
        let inject = format!("inject={calls}:error=EIO:when={ordinal}");
        let strace = [
            "strace",
            "-D",
            "-f",
            "-o",
            "/dev/null",
            "-P",
            log,
            "-e",
            &traced,
            "-e",
            &inject,
        ];
        stage.server().start_again_under(&strace);
        let tokens = &school.tokens[round * TRIES..(round + 1) * TRIES];
        let taken = submit_all(&pen, tokens);
        failures += usize::from(taken < TRIES);
        acknowledged += taken;
        if taken < TRIES {
            assert!(school.form_can_be_read(), "reads go on");
            let ready = Wire::open(&pen.base_url)
                .and_then(|mut wire| wire.ask("GET /health/ready", &[], b""));
            let ready = ready.expect("the server answers");
            assert_eq!(
                (ready.status, ready.code().as_str()),
                (503, "storage_failed")
            );
        }
        stage.server().kill();
        stage.server().start_again();
        // Who was refused sends the answers again; who was not has nothing to do.
        for token in &tokens[taken..] {
            let again = pen.submit_once(token);
            assert!(matches!(again.status, 200 | 201), "{again:?}");
            acknowledged += 1;
        }
    }
    assert!(
        failures * 2 > places.len(),
        "only {failures} of {} failed",
        places.len()
    );
    println!(
        "{calls}: {failures} of {} places failed, {acknowledged} acknowledged",
        places.len()
    );
    school.expect_ballots(acknowledged);
}

/// Sends all and gives how many were taken: they are the first.
fn submit_all(pen: &Pen, tokens: &[String]) -> usize {
    let statuses: Vec<(u16, String)> = tokens
        .iter()
        .map(|token| {
            let answer = pen.submit_once(token);
            (answer.status, answer.code())
        })
        .collect();
    let taken = statuses
        .iter()
        .take_while(|(status, _)| *status == 201)
        .count();
    for refused in &statuses[taken..] {
        assert_eq!(*refused, (503, "storage_failed".to_owned()), "{statuses:?}");
    }
    taken
}
