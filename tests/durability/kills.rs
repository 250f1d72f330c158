//! The server is killed while it answers, again and again.

use std::time::{Duration, Instant};

use klankbord_tests::{PATIENCE, stories};

use crate::load::Load;
use crate::school::School;
use crate::wire::Wire;

/// How often the server is killed on each database: `KLANKBORD_KILLS`, or a hundred times.
fn kills() -> usize {
    std::env::var("KLANKBORD_KILLS").map_or(100, |kills| {
        kills.parse().expect("KLANKBORD_KILLS is a number")
    })
}

/// Acknowledgements between two kills.
const BETWEEN: usize = 5;

stories! {
    fn nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(stage: &Stage) {
        let people = kills() * BETWEEN + 40;
        let school = School::asking(stage, people);
        let load = Load::start(school.pen(), &school.tokens, 8);
        let mut times = Vec::new();
        for kill in 1..=kills() {
            load.wait_for(kill * BETWEEN);
            load.server_goes();
            stage.server().kill();
            let begun = Instant::now();
            stage.server().start_again();
            wait_until_ready(stage.base_url());
            times.push(begun.elapsed());
            load.server_is_back();
        }
        load.wait_for(people);
        let failures = load.finish();
        assert!(failures.is_empty(), "{failures:?}");
        school.expect_ballots(people);
        times.sort();
        let middle: Duration = times[times.len() / 2];
        println!("{} kills; ready again after {middle:?} (median), {:?} (longest)", kills(), times.last());
    }
}

fn wait_until_ready(base_url: &str) {
    let begun = Instant::now();
    loop {
        let answer =
            Wire::open(base_url).and_then(|mut wire| wire.ask("GET /health/ready", &[], b""));
        if answer.is_ok_and(|answer| answer.status == 200) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "the server is not ready");
    }
}
