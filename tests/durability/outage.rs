//! PostgreSQL is killed while people answer, again and again.

use std::time::{Duration, Instant};

use klankbord_tests::{Backend, PATIENCE, Stage};

use crate::cluster::Cluster;
use crate::load::Load;
use crate::school::School;

const KILLS: usize = 20;
/// Acknowledgements between two kills.
const BETWEEN: usize = 15;

#[test]
fn nothing_acknowledged_is_lost_when_postgresql_is_killed() {
    let cluster = Cluster::start();
    let stage = Stage::on(Backend::Sqlite)
        .env("KLANKBORD_DATABASE_URL", &cluster.url())
        .start();
    let people = KILLS * (BETWEEN + 10) + 20;
    let school = School::asking(&stage, people);
    let pen = school.pen();
    let (spare, tokens) = school.tokens.split_last().expect("people");
    let load = Load::start(school.pen(), tokens, 8);
    let (mut refused, mut back): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for kill in 1..=KILLS {
        load.wait_for(load.acknowledged() + BETWEEN);
        load.server_goes();
        if kill % 2 == 0 {
            cluster.kill();
        } else {
            cluster.crash();
        }
        let begun = Instant::now();
        let answer = pen.submit_once(spare);
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.header("retry-after").is_some(), "{}", answer.head);
        refused.push(begun.elapsed());
        cluster.begin();
        let begun = Instant::now();
        while !matches!(pen.submit_once(spare).status, 200 | 201) {
            assert!(begun.elapsed() < PATIENCE, "the server does not come back");
        }
        back.push(begun.elapsed());
        load.server_is_back();
    }
    load.wait_for(people - 1);
    let failures = load.finish();
    assert!(failures.is_empty(), "{failures:?}");
    school.expect_ballots(people);
    println!(
        "{KILLS} kills; refused after at most {:?}, back after at most {:?}",
        refused.iter().max(),
        back.iter().max()
    );
    stage.server().stop();
}
