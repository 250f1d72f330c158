//! Behind the server's back: straight into its databases.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::Stage;
use postgres::SimpleQueryMessage;

/// Runs a statement in one of the two stores, `roster` or `ballots`.
#[track_caller]
pub fn execute(stage: &Stage, store: &str, sql: &str) {
    query(stage, store, sql);
}

/// The rows of a query in one of the two stores, every value as text.
#[track_caller]
pub fn query(stage: &Stage, store: &str, sql: &str) -> Vec<Vec<String>> {
    if let Some(database) = stage.database() {
        let mut client = database.connect();
        client
            .batch_execute(&format!("SET search_path TO {store}"))
            .expect("the schema");
        let messages = client
            .simple_query(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        return messages
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            })
            .map(|row| {
                (0..row.len())
                    .map(|column| row.get(column).unwrap_or_default().to_owned())
                    .collect()
            })
            .collect();
    }
    let file = stage.data_folder().join(format!("{store}.sqlite"));
    let script = "import json, sqlite3, sys\n\
        store = sqlite3.connect(sys.argv[1], timeout=30)\n\
        rows = store.execute(sys.argv[2]).fetchall()\n\
        store.commit()\n\
        text = lambda value: value.hex() if isinstance(value, bytes) else '' if value is None else str(value)\n\
        print(json.dumps([[text(value) for value in row] for row in rows]))";
    let done = Command::new("python3")
        .args(["-c", script])
        .arg(file)
        .arg(sql)
        .output()
        .expect("Python starts");
    assert!(
        done.status.success(),
        "{sql}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    serde_json::from_slice(&done.stdout).expect("rows")
}

/// Keeps the server from writing ballots, and from nothing else, until it is released or dropped.
pub struct HeldBallots(Holder);

enum Holder {
    Sqlite(Child),
    Postgres(Box<postgres::Client>),
}

/// Takes hold of the ballots as another process does that writes for a long time.
#[track_caller]
pub fn hold_ballots(stage: &Stage) -> HeldBallots {
    if let Some(database) = stage.database() {
        let mut client = database.connect();
        client
            .batch_execute("BEGIN; LOCK TABLE ballots.mailbox IN EXCLUSIVE MODE")
            .expect("the table");
        return HeldBallots(Holder::Postgres(Box::new(client)));
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
    let mut said = String::new();
    let output = child.stdout.as_mut().expect("a pipe");
    BufReader::new(output).read_line(&mut said).expect("a line");
    assert_eq!(said.trim(), "held");
    HeldBallots(Holder::Sqlite(child))
}

impl HeldBallots {
    /// Lets go of them.
    pub fn release(self) {
        drop(self);
    }
}

impl Drop for HeldBallots {
    fn drop(&mut self) {
        match &mut self.0 {
            Holder::Sqlite(child) => {
                // The end of its input is the end of the program.
                drop(child.stdin.take());
                let _ended = child.wait();
            }
            Holder::Postgres(client) => {
                let _best_effort = client.batch_execute("ROLLBACK");
            }
        }
    }
}
