//! Random sequences of all that can happen to a round, played on the real server and held against a model: after every step
//! what can be seen agrees, and at the end the opened responses are exactly the answers that were acknowledged last. Every
//! answer is unique, so that one counted twice, lost or taken from somebody else is seen.
//!
//! `KLANKBORD_SIMULATIONS` says how many sequences are played; a part of them is played on PostgreSQL.

mod blind;
mod crash;
mod ending;
mod model;
mod play;
mod step;
mod store;
mod world;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use klankbord_tests::Backend;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use world::World;

/// Sequences that one server plays before another takes its place.
const ON_ONE_SERVER: usize = 75;

/// How many sequences to play: by default as many as a run of all tests has time for.
fn wanted() -> usize {
    let given = std::env::var("KLANKBORD_SIMULATIONS").ok();
    given.map_or(2_000, |number| {
        number.parse().expect("KLANKBORD_SIMULATIONS is a number")
    })
}

/// One in so many sequences is played on PostgreSQL.
const SHARE: usize = 10;

mod sqlite {
    #[test]
    fn whatever_happens_every_acknowledged_answer_counts_once() {
        let all = super::wanted();
        super::simulate(
            klankbord_tests::Backend::Sqlite,
            all - all / super::SHARE,
            8,
        );
    }
}

mod postgres {
    #[test]
    fn whatever_happens_every_acknowledged_answer_counts_once() {
        super::simulate(
            klankbord_tests::Backend::Postgres,
            super::wanted() / super::SHARE,
            4,
        );
    }
}

/// Plays so many sequences on several servers at once; most of the time each of them waits for mail.
fn simulate(backend: Backend, count: usize, servers: usize) {
    let (begun, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = || {
        while !failed.load(Ordering::SeqCst) {
            let from = begun.fetch_add(ON_ONE_SERVER, Ordering::SeqCst);
            if from >= count {
                break;
            }
            if let Err(report) = on_one_server(backend, ON_ONE_SERVER.min(count - from)) {
                failed.store(true, Ordering::SeqCst);
                return Some(report);
            }
        }
        None
    };
    let reports: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..servers).map(|_| scope.spawn(work)).collect();
        let ended = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        ended.flatten().collect()
    });
    assert!(reports.is_empty(), "{}", reports.join("\n\n"));
}

/// What went wrong, with the shortest sequence that shows it.
fn on_one_server(backend: Backend, count: usize) -> Result<(), String> {
    let world = World::start(backend);
    let mut runner = TestRunner::new(Config {
        cases: u32::try_from(count).expect("a small number"),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    });
    let played = runner.run(&step::any_sequence(), |sequence| {
        world.play(&sequence).map_err(TestCaseError::fail)
    });
    match played {
        Ok(()) => world.end(),
        Err(TestError::Fail(why, sequence)) => Err(format!("{why}\n{sequence}")),
        Err(other) => Err(other.to_string()),
    }
}
