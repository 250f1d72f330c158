//! Keeps a number of connections busy from one thread: each sends its next request when its last one is answered.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};

/// What to send, and for how long.
pub(crate) struct Load<'a> {
    /// Where: `127.0.0.1:PORT` of every server, taken in turns by the connections.
    pub(crate) hosts: &'a [String],
    /// Connections that are open and busy.
    pub(crate) connections: usize,
    /// The requests, each sent once and in this order; a run ends when all are sent.
    pub(crate) requests: &'a [Vec<u8>],
    /// How often to go through them.
    pub(crate) rounds: usize,
    /// A run also ends here.
    pub(crate) longest: Duration,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Run {
    /// Requests that were sent and answered.
    pub(crate) answered: usize,
    /// From the first request to the last answer.
    pub(crate) lasted: Duration,
    /// How long each answer took, shortest first.
    pub(crate) times: Vec<Duration>,
    /// How many answers had which status.
    pub(crate) statuses: BTreeMap<u16, usize>,
    /// Answers with the header `Retry-After`.
    pub(crate) retry_after: usize,
    /// How often the server closed a connection behind an answer.
    pub(crate) reconnected: usize,
    /// The first body of each status.
    pub(crate) bodies: BTreeMap<u16, String>,
}

impl Run {
    /// The time within which this share of the answers came.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        let last = self.times.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a count lies within it"
        )]
        let index = (last as f64 * share).round() as usize;
        self.times.get(index).copied().unwrap_or_default()
    }

    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.answered as f64 / self.lasted.as_secs_f64()
    }
}

struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
    sent: Instant,
    /// Number of the last request.
    asked: usize,
    /// Whether it waits for an answer.
    waits: bool,
}

/// An answer as far as it matters here.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: bool,
    /// Whether the server closes the connection behind it.
    last: bool,
    head: usize,
}

/// Sends the load; `at_peak` is called when everything is answered and all connections are still open.
///
/// # Panics
/// When the server hangs up or says what is no HTTP: a measurement of that would mean nothing.
pub(crate) fn drive(load: &Load<'_>, at_peak: impl FnOnce()) -> Run {
    let total = load.requests.len() * load.rounds;
    let mut next = 0..total;
    let mut run = Run::default();
    run.times.reserve(total.min(1 << 20));
    let poll = epoll::create(CreateFlags::CLOEXEC).expect("epoll");
    let mut connections: Vec<Connection> = (0..load.connections)
        .map(|index| connect(&poll, &load.hosts[index % load.hosts.len()], index))
        .collect();
    let begun = Instant::now();
    let mut busy = 0;
    for connection in &mut connections {
        if let Some(number) = next.next() {
            // A server closes a connection on which nothing comes; opening thousands takes a while.
            if send(connection, load, number).is_err() {
                *connection = connect(&poll, &load.hosts[number % load.hosts.len()], number);
                send(connection, load, number).expect("a request");
            }
            busy += 1;
        }
    }
    let mut events = Vec::with_capacity(1024);
    let mut buffer = vec![0_u8; 64 * 1024];
    while busy > 0 {
        events.clear();
        epoll::wait(&poll, rustix::buffer::spare_capacity(&mut events), None).expect("epoll waits");
        for event in &events {
            let Event { data, .. } = *event;
            let index = usize::try_from(data.u64()).expect("an index");
            let connection = &mut connections[index];
            let read = connection.stream.read(&mut buffer).expect("an answer");
            if read == 0 && !connection.waits {
                // All is said on this one, and the server has closed it meanwhile.
                epoll::delete(&poll, &connection.stream).expect("epoll");
                continue;
            }
            assert!(
                read > 0,
                "the server hung up after {} answers, instead of answering {}",
                run.answered,
                String::from_utf8_lossy(&load.requests[connection.asked])
            );
            connection.received.extend_from_slice(&buffer[..read]);
            let Some(answer) = whole(&connection.received) else {
                continue;
            };
            run.times.push(connection.sent.elapsed());
            note(&mut run, &answer, &connection.received);
            if answer.last {
                *connection = connect(&poll, &load.hosts[index % load.hosts.len()], index);
                run.reconnected += 1;
            }
            connection.received.clear();
            let more = begun.elapsed() < load.longest;
            if let Some(number) = next.next().filter(|_| more) {
                send(connection, load, number).expect("a request");
            } else {
                connection.waits = false;
                busy -= 1;
            }
        }
    }
    run.lasted = begun.elapsed();
    run.times.sort_unstable();
    at_peak();
    run
}

fn connect(poll: &OwnedFd, host: &str, index: usize) -> Connection {
    let stream = TcpStream::connect(host).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    epoll::add(
        poll,
        &stream,
        EventData::new_u64(index as u64),
        EventFlags::IN,
    )
    .expect("epoll");
    Connection {
        stream,
        received: Vec::with_capacity(4096),
        sent: Instant::now(),
        asked: 0,
        waits: false,
    }
}

fn send(connection: &mut Connection, load: &Load<'_>, number: usize) -> std::io::Result<()> {
    connection.asked = number % load.requests.len();
    connection.sent = Instant::now();
    let request = &load.requests[connection.asked];
    connection.waits = true;
    connection.stream.write_all(request)
}

fn note(run: &mut Run, answer: &Answer, received: &[u8]) {
    run.answered += 1;
    let seen = run.statuses.entry(answer.status).or_default();
    *seen += 1;
    if *seen == 1 {
        let body = received.get(answer.head..).unwrap_or_default();
        let body = String::from_utf8_lossy(body).into_owned();
        run.bodies.insert(answer.status, body);
    }
    run.retry_after += usize::from(answer.retry_after);
}

/// The answer, once all of it is there.
pub(crate) fn whole(received: &[u8]) -> Option<Answer> {
    let head = received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&received[..head]).expect("a head of plain text");
    let mut lines = text.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|status| status.parse().ok())
        .expect("a status");
    let (mut length, mut retry_after, mut last) = (0, false, false);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().expect("a length");
        }
        assert!(
            !name.eq_ignore_ascii_case("transfer-encoding"),
            "an answer without a length"
        );
        last |= name.eq_ignore_ascii_case("connection") && value.trim() == "close";
        retry_after |= name.eq_ignore_ascii_case("retry-after");
    }
    let is_whole = received.len() >= head + length;
    assert!(received.len() <= head + length, "more than an answer");
    is_whole.then_some(Answer {
        status,
        retry_after,
        last,
        head,
    })
}
