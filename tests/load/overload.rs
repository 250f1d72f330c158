//! More than can be taken in: the ballots are held while everybody sends at once.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use klankbord_tests::{Stage, behind};
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};

use crate::drive::{Load, drive, whole};
use crate::machine;
use crate::report::{Goal, Report, milliseconds};

/// What a store takes in while it cannot write: those who wait, and the group that is about to be written.
const TAKEN_IN: usize = 4096 + 512;
/// The longest that nothing can be written: shorter than a writer waits for a lock.
const HELD: Duration = Duration::from_secs(4);
/// How long more is sent once the surplus is refused, and over how many connections.
const MEANWHILE: Duration = Duration::from_millis(500);
const CONNECTIONS: usize = 8;
/// Within this time a refusal is to come.
const REFUSED_MS: f64 = 50.0;
/// Within this time answers are to be taken again.
const BACK_MS: f64 = 5_000.0;

/// Sends so many requests at once to a server that cannot write, and tells what became of them.
pub(crate) fn flood(
    stage: &Stage,
    host: &str,
    requests: &[Vec<u8>],
    flood: usize,
    report: &mut Report,
) {
    let held = behind::hold_ballots(stage);
    let begun = Instant::now();
    let mut crowd = Crowd::default();
    // Where there are fewer people than requests, some send twice at once.
    for request in requests.iter().cycle().take(flood) {
        crowd.send(host, request);
        crowd.receive(Duration::ZERO);
    }
    let sent = begun.elapsed();
    while crowd.count(503) < flood.saturating_sub(TAKEN_IN) && begun.elapsed() < HELD {
        crowd.receive(Duration::from_millis(10));
    }
    // As many as come while the queue stays full.
    let meanwhile = Load {
        hosts: &[host.to_owned()],
        connections: CONNECTIONS,
        requests,
        rounds: 100,
        longest: MEANWHILE,
    };
    let meanwhile = drive(&meanwhile, || ());
    let lasted = begun.elapsed();
    held.release();
    let released = Instant::now();
    let mut back = None;
    while crowd.answered < flood {
        crowd.receive(Duration::from_secs(1));
        if crowd.stored() > 0 {
            back.get_or_insert_with(|| released.elapsed());
        }
    }
    let all = released.elapsed();
    let back = back.unwrap_or(all);
    crowd.refusals.sort_unstable();
    let (current, peak) = machine::memory(stage.server().id());
    for (what, share) in [("half", 0.5), ("all but a hundredth", 0.99)] {
        for (when, measured) in [
            ("at once", quantile(&crowd.refusals, share)),
            ("one after the other", meanwhile.quantile(share)),
        ] {
            report.goals.push(Goal {
                what: format!("too much {when}: {what} of the refusals within"),
                measured: milliseconds(measured),
                wanted: REFUSED_MS,
                unit: "ms",
                at_least: false,
            });
        }
    }
    report.goals.push(Goal {
        what: "answers are taken again after".to_owned(),
        measured: milliseconds(back),
        wanted: BACK_MS,
        unit: "ms",
        at_least: false,
    });
    report.notes.push(format!(
        "{flood} requests at once, sent within {:.0} ms, while nothing could be written for {:.0} ms: {} stored, {} refused with 503 ({} of \
         them with Retry-After), all in all {:?}; the first stored {:.0} ms after that, the last {:.0} ms after it.",
        milliseconds(sent),
        milliseconds(lasted),
        crowd.stored(),
        crowd.count(503),
        crowd.retry_after,
        crowd.statuses,
        milliseconds(back),
        milliseconds(all),
    ));
    report.notes.push(format!(
        "Over {CONNECTIONS} connections meanwhile {} more a second: {:?}. The server held {peak:.0} MB at most and {current:.0} MB afterwards.",
        meanwhile.rate().round(),
        meanwhile.statuses,
    ));
}

fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let last = sorted.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a count lies within it"
    )]
    let index = (last as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

/// Everybody who sends at once, each on a connection of their own that stays open.
struct Crowd {
    poll: OwnedFd,
    people: Vec<Person>,
    answered: usize,
    statuses: BTreeMap<u16, usize>,
    retry_after: usize,
    /// How long each refusal took.
    refusals: Vec<Duration>,
}

struct Person {
    stream: TcpStream,
    sent: Instant,
    received: Vec<u8>,
}

impl Default for Crowd {
    fn default() -> Self {
        Self {
            poll: epoll::create(CreateFlags::CLOEXEC).expect("epoll"),
            people: Vec::new(),
            answered: 0,
            statuses: BTreeMap::new(),
            retry_after: 0,
            refusals: Vec::new(),
        }
    }
}

impl Crowd {
    /// Connects and sends, and does not wait for the answer.
    fn send(&mut self, host: &str, request: &[u8]) {
        let mut stream = TcpStream::connect(host).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        let sent = Instant::now();
        stream.write_all(request).expect("a request");
        let data = EventData::new_u64(self.people.len() as u64);
        epoll::add(&self.poll, &stream, data, EventFlags::IN).expect("epoll");
        self.people.push(Person {
            stream,
            sent,
            received: Vec::new(),
        });
    }

    /// Takes in what has come; waits so long where nothing has.
    fn receive(&mut self, longest: Duration) {
        let mut events: Vec<Event> = Vec::with_capacity(256);
        let longest = Timespec::try_from(longest).expect("a short time");
        let room = rustix::buffer::spare_capacity(&mut events);
        epoll::wait(&self.poll, room, Some(&longest)).expect("epoll waits");
        let mut buffer = [0_u8; 4096];
        for event in &events {
            let Event { data, .. } = *event;
            let person = &mut self.people[usize::try_from(data.u64()).expect("an index")];
            let read = person.stream.read(&mut buffer).expect("an answer");
            assert!(read > 0, "the server hung up instead of answering");
            person.received.extend_from_slice(&buffer[..read]);
            let Some(answer) = whole(&person.received) else {
                continue;
            };
            if answer.status == 503 {
                self.refusals.push(person.sent.elapsed());
                self.retry_after += usize::from(answer.retry_after);
            }
            *self.statuses.entry(answer.status).or_default() += 1;
            self.answered += 1;
            // The connection stays open, and nothing more is expected on it.
            epoll::delete(&self.poll, &person.stream).expect("epoll");
        }
    }

    fn count(&self, status: u16) -> usize {
        self.statuses.get(&status).copied().unwrap_or_default()
    }

    fn stored(&self) -> usize {
        self.count(200) + self.count(201)
    }
}
