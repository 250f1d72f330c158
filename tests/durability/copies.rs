//! The same answers, sent several times at once.

use std::sync::atomic::{AtomicUsize, Ordering};

use klankbord_tests::stories;

use crate::school::School;
use crate::wire::Wire;

const KEYS: usize = 1000;
const COPIES: usize = 5;
const CONNECTIONS: usize = 25;

stories! {
    fn five_copies_of_a_thousand_submissions_have_a_thousand_effects(stage: &Stage) {
        let school = School::asking(stage, KEYS);
        let pen = school.pen();
        let (next, first) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    let mut wire = Wire::open(&pen.base_url).expect("the server listens");
                    loop {
                        let copy = next.fetch_add(1, Ordering::Relaxed);
                        let Some(token) = school.tokens.get(copy / COPIES) else { return };
                        let answer = pen.submit(&mut wire, token).expect("the server answers");
                        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
                        first.fetch_add(usize::from(answer.status == 201), Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!(first.load(Ordering::Relaxed), KEYS, "one copy of each is the first");
        school.expect_ballots(KEYS);
    }
}
