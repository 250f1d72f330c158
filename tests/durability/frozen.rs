//! PostgreSQL stands still: its connections stay open and nobody answers on them, as on a machine that has come to a halt.

use std::time::{Duration, Instant};

use klankbord_tests::{Backend, Stage};

use crate::cluster::Cluster;
use crate::load::Load;
use crate::school::{Pen, School};
use crate::wire::{Answer, Wire};

const FREEZES: usize = 2;
/// Many more than answer until it stands still for the last time.
const PEOPLE: usize = 1_000;
/// Acknowledgements between two of them.
const BETWEEN: usize = 40;
/// Who asks at once meanwhile whether the server is ready, each on a connection of its own.
const ASKING: usize = 200;
/// Threads that the server may start meanwhile: some for the reads that hang, and none for those who wait behind them.
const MORE_THREADS: usize = 24;
/// Within this time everybody is refused who asks meanwhile: nobody waits longer than 10 s at a database that is silent, and the server
/// ends no request by itself before 30 s.
const REFUSED_WITHIN: Duration = Duration::from_secs(20);
/// Within this time answers are taken again afterwards.
const BACK_WITHIN: Duration = Duration::from_secs(3);

#[test]
fn while_postgresql_stands_still_all_are_refused_in_time_and_afterwards_nothing_is_lost() {
    let cluster = Cluster::start();
    let stage = Stage::on(Backend::Sqlite)
        .env("KLANKBORD_DATABASE_URL", &cluster.url())
        .start();
    let school = School::asking(&stage, PEOPLE);
    let pen = school.pen();
    let (spare, tokens) = school.tokens.split_last().expect("people");
    let load = Load::start(school.pen(), tokens, 8);
    for _ in 0..FREEZES {
        load.wait_for(load.acknowledged() + BETWEEN);
        load.server_goes();
        let threads = threads(&stage);
        let frozen = cluster.freeze();
        let (longest, most) = expect_refusals(&stage, &pen, spare);
        let more = most.saturating_sub(threads);
        assert!(
            more <= MORE_THREADS,
            "{more} threads more than before for {ASKING} who ask at once"
        );
        load.wait_until_paused();
        drop(frozen);
        let begun = Instant::now();
        while !matches!(pen.submit_once(spare).status, 200 | 201) {
            assert!(begun.elapsed() < BACK_WITHIN, "no answer is taken");
        }
        let back = begun.elapsed();
        while pen.read_once("/health/ready").status != 200 {
            assert!(begun.elapsed() < BACK_WITHIN, "it is not ready");
        }
        println!("refused after at most {longest:?}, {more} more threads, back after {back:?}");
        load.server_is_back();
    }
    load.wait_for(PEOPLE - 1);
    let failures = load.finish();
    assert!(failures.is_empty(), "{failures:?}");
    school.expect_ballots(PEOPLE);
    stage.server().stop();
}

/// Sends answers, opens pages and asks through the API, all at once; gives how long the last of them waited for its refusal, and the
/// most threads that the server had meanwhile.
fn expect_refusals(stage: &Stage, pen: &Pen, token: &str) -> (Duration, usize) {
    let begun = Instant::now();
    let mut asking: Vec<Wire> = (0..ASKING).map(|_| open(pen)).collect();
    for wire in &mut asking {
        wire.send("GET /health/ready", &[], b"")
            .expect("it is taken");
    }
    let mut most = 0;
    let page = format!("/s/{token}");
    std::thread::scope(|scope| {
        scope.spawn(|| expect_refusal("answers", &pen.submit_once(token)));
        for path in [
            page.as_str(),
            "/api/v1/rounds/r",
            "/api/v1/rounds/r/forms/parent",
        ] {
            scope.spawn(move || expect_refusal(path, &pen.read_once(path)));
        }
        // The first hold the connections; the last are refused first.
        for wire in asking.iter_mut().rev() {
            expect_refusal("/health/ready", &wire.answer().expect("it answers"));
            most = most.max(threads(stage));
        }
    });
    assert!(
        begun.elapsed() < REFUSED_WITHIN,
        "somebody waited for {:?}",
        begun.elapsed()
    );
    (begun.elapsed(), most)
}

fn open(pen: &Pen) -> Wire {
    Wire::open(&pen.base_url).expect("the server listens")
}

#[track_caller]
fn expect_refusal(what: &str, answer: &Answer) {
    assert_eq!(answer.status, 503, "{what}: {answer:?}");
    assert!(
        answer.header("retry-after").is_some(),
        "{what}: {}",
        answer.head
    );
}

/// Threads of the server.
fn threads(stage: &Stage) -> usize {
    let tasks = format!("/proc/{}/task", stage.server().id());
    std::fs::read_dir(tasks).expect("the server lives").count()
}
