//! A look at what was opened, straight in the database of ballots.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use klankbord_tests::Stage;
use postgres::Client;
use serde_json::Value;

/// Answers questions, a line of JSON each, about a file that another process writes.
const READER: &str = "import json, sqlite3, sys\n\
    store = sqlite3.connect(sys.argv[1], timeout=30)\n\
    for line in sys.stdin:\n\
    \x20   sql, code = json.loads(line)\n\
    \x20   print(json.dumps(store.execute(sql, [code]).fetchall()), flush=True)";

/// What a round's ballots have become, in the order of their text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// Form and closed answers, as hexadecimal digits.
    pub(crate) responses: Vec<(String, String)>,
    /// Form and free text.
    pub(crate) texts: Vec<(String, String)>,
    /// Ballots that wait in the mailbox.
    pub(crate) waiting: usize,
}

/// A connection of the test's own.
pub(crate) struct Store(RefCell<Kind>);

enum Kind {
    Sqlite {
        reader: Child,
        questions: ChildStdin,
        answers: BufReader<ChildStdout>,
    },
    Postgres(Box<Client>),
}

impl Store {
    pub(crate) fn of(stage: &Stage) -> Self {
        if let Some(database) = stage.database() {
            let mut client = database.connect();
            client
                .batch_execute("SET search_path TO ballots")
                .expect("the schema");
            return Self(RefCell::new(Kind::Postgres(Box::new(client))));
        }
        let mut reader = Command::new("python3")
            .args(["-c", READER])
            .arg(stage.data_folder().join("ballots.sqlite"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let questions = reader.stdin.take().expect("a pipe");
        let answers = BufReader::new(reader.stdout.take().expect("a pipe"));
        Self(RefCell::new(Kind::Sqlite {
            reader,
            questions,
            answers,
        }))
    }

    pub(crate) fn opened(&self, round: &str) -> Opened {
        Opened {
            responses: self.pairs(
                "SELECT form, %hex(packed)% FROM response WHERE round = ?",
                round,
            ),
            texts: self.pairs("SELECT form, content FROM free_text WHERE round = ?", round),
            waiting: self
                .pairs("SELECT round, '' FROM mailbox WHERE round = ?", round)
                .len(),
        }
    }

    fn pairs(&self, sql: &str, round: &str) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = match &mut *self.0.borrow_mut() {
            Kind::Sqlite {
                questions, answers, ..
            } => {
                let sql = sql.replace("%hex(packed)%", "lower(hex(packed))");
                let question = serde_json::json!([sql, round]).to_string() + "\n";
                questions
                    .write_all(question.as_bytes())
                    .expect("the reader reads");
                let mut line = String::new();
                answers.read_line(&mut line).expect("the reader answers");
                let rows: Vec<Vec<Value>> = serde_json::from_str(&line).expect("rows");
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                rows.iter()
                    .map(|row| (text(&row[0]), text(&row[1])))
                    .collect()
            }
            Kind::Postgres(client) => {
                let sql = sql.replace("%hex(packed)%", "encode(packed, 'hex')");
                let rows = client
                    .query(&sql.replace('?', "$1"), &[&round])
                    .expect("the query is right");
                rows.iter().map(|row| (row.get(0), row.get(1))).collect()
            }
        };
        pairs.sort();
        pairs
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Kind::Sqlite { reader, .. } = self.0.get_mut() {
            let _gone = reader.kill();
            let _reaped = reader.wait();
        }
    }
}
