//! Between the moment in which a ballot is written and its 201, the disk is told to keep it.

use klankbord_tests::{Backend, Stage};

use crate::school::School;
use crate::trace::{self, CALLS, Event};
use crate::wire::Wire;

const LOG: &str = "ballots.sqlite-wal";

/// Acknowledgements that came without a write to the log of ballots, or before that write was synced.
fn premature(events: &[Event]) -> (usize, Vec<usize>) {
    let (mut written, mut synced) = (false, false);
    let mut covered = false;
    let mut early = Vec::new();
    let mut count = 0;
    for event in events {
        match event {
            Event::Write { file, .. } if file == LOG => {
                written = true;
                (covered, synced) = (false, false);
            }
            Event::SyncBegins { file, .. } if file == LOG => covered = true,
            Event::SyncEnds { file, .. } if file == LOG => synced = covered,
            Event::Acknowledged => {
                count += 1;
                if !(written && synced) {
                    early.push(count);
                }
                (written, synced) = (false, false);
            }
            _ => {}
        }
    }
    (count, early)
}

#[test]
fn an_answer_comes_after_the_disk_was_told_to_keep_the_ballot() {
    const PEOPLE: usize = 30;
    let stage = Stage::on(Backend::Sqlite).start();
    let school = School::asking(&stage, PEOPLE);
    stage.server().stop();
    let log = stage.folder().join("strace.log");
    let path = log.to_str().expect("a plain name");
    let strace = [
        "strace", "-D", "-f", "-y", "-s", "100000", "-e", CALLS, "-o", path,
    ];
    stage.server().start_again_under(&strace);
    let pen = school.pen();
    let mut wire = Wire::open(&pen.base_url).expect("the server listens");
    for token in &school.tokens {
        let answer = pen.submit(&mut wire, token).expect("the server answers");
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    stage.server().stop();
    let events = trace::read(&std::fs::read(&log).expect("strace wrote a log"));
    assert_eq!(premature(&events), (PEOPLE, Vec::new()));
    stage.server().start_again();
    school.expect_ballots(PEOPLE);
}

#[test]
fn an_answer_before_the_sync_would_be_noticed() {
    let write = || Event::Write {
        file: LOG.to_owned(),
        offset: 0,
        bytes: Vec::new(),
    };
    let begins = || Event::SyncBegins {
        file: LOG.to_owned(),
        thread: 1,
    };
    let ends = || Event::SyncEnds {
        file: LOG.to_owned(),
        thread: 1,
    };
    let sound = [write(), begins(), ends(), Event::Acknowledged];
    assert_eq!(premature(&sound), (1, vec![]));
    let early = [write(), begins(), Event::Acknowledged, ends()];
    assert_eq!(premature(&early), (1, vec![1]));
    let uncovered = [begins(), write(), ends(), Event::Acknowledged];
    assert_eq!(premature(&uncovered), (1, vec![1]));
    let nothing = [Event::Acknowledged];
    assert_eq!(premature(&nothing), (1, vec![1]));
}
