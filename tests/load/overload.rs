//! More than can be taken in: the database is held up while everybody sends at once.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use klankbord_tests::Stage;

use crate::drive::{Load, drive};
use crate::report::{Report, milliseconds};

/// How long nothing can be written: shorter than a writer waits for a lock.
const HELD: Duration = Duration::from_secs(2);

/// Sends so many requests at once to a server that cannot write, and tells what became of them.
pub(crate) fn flood(
    stage: &Stage,
    host: &str,
    requests: &[Vec<u8>],
    flood: usize,
    report: &mut Report,
) {
    // Where there are fewer people than requests, some send twice at once.
    let many: Vec<Vec<u8>> = requests.iter().cycle().take(flood).cloned().collect();
    let load = Load {
        hosts: &[host.to_owned()],
        connections: flood,
        requests: &many,
        rounds: 1,
        longest: Duration::from_mins(1),
    };
    let run = std::thread::scope(|scope| {
        let mut holder = Holder::of(stage);
        scope.spawn(move || {
            // Nobody ever sends anything: the lock is held for its time.
            let (_held, never) = std::sync::mpsc::channel::<()>();
            let _elapsed = never.recv_timeout(HELD);
            holder.release();
        });
        drive(&load, || ())
    });
    let count = |status| run.statuses.get(&status).copied().unwrap_or_default();
    let others: usize = run.statuses.values().sum::<usize>() - count(200) - count(201) - count(503);
    report.notes.push(format!(
        "{flood} requests at once while nothing could be written for {} s: {} stored, {} refused with 503 ({} with Retry-After), {others} \
         otherwise {:?}; half of the answers within {:.0} ms.",
        HELD.as_secs(),
        count(200) + count(201),
        count(503),
        run.retry_after,
        run.statuses,
        milliseconds(run.quantile(0.5)),
    ));
}

/// Keeps the ballots from being written.
enum Holder {
    Sqlite(Child),
    Postgres(Box<postgres::Client>),
}

impl Holder {
    fn of(stage: &Stage) -> Self {
        if let Some(database) = stage.database() {
            let mut client = database.connect();
            client
                .batch_execute("BEGIN; LOCK TABLE ballots.mailbox IN ACCESS EXCLUSIVE MODE")
                .expect("the table");
            return Self::Postgres(Box::new(client));
        }
        let script = "import sqlite3, sys\n\
            store = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)\n\
            store.execute('BEGIN IMMEDIATE')\n\
            print('held', flush=True)\n\
            sys.stdin.read()";
        let mut child = Command::new("python3")
            .args(["-c", script])
            .arg(stage.data_folder().join("ballots.sqlite"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let mut held = String::new();
        let output = child.stdout.as_mut().expect("a pipe");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut held)
            .expect("a line");
        assert_eq!(held.trim(), "held");
        Self::Sqlite(child)
    }

    fn release(&mut self) {
        match self {
            Self::Sqlite(child) => {
                drop(child.stdin.take());
                child.wait().expect("it ends");
            }
            Self::Postgres(client) => client.batch_execute("ROLLBACK").expect("it is released"),
        }
    }
}
