//! Stores that leak on purpose, built as survey systems are built elsewhere: the attacker's tools must find what they leak.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use klankbord_tests::database::Database;
use postgres::Client;
use rand::seq::SliceRandom;

use crate::attack::{Order, Tally, order_in};
use crate::postgres as attacked;
use crate::round::{PEOPLE, RUNS};

/// Keys of one run in the order of answering: random, as good keys are.
fn keys() -> Vec<Vec<u8>> {
    (0..PEOPLE)
        .map(|_| rand::random::<[u8; 16]>().to_vec())
        .collect()
}

fn played(mut run: impl FnMut() -> Order) -> Tally {
    let mut tally = Tally::default();
    for _ in 0..RUNS {
        tally.add(&run());
    }
    tally
}

#[test]
fn somebody_who_guesses_is_not_taken_for_an_attacker_who_knows() {
    let tally = played(|| {
        let mut order: Order = (0..PEOPLE).collect();
        order.shuffle(&mut rand::rng());
        order
    });
    // Three standard errors here would fail once in some hundred times; five do not.
    assert!(
        tally.linked() < 1.0 / 60.0 + 5.0 / 60.0 / (RUNS as f64).sqrt(),
        "{tally:?}"
    );
    assert!(tally.correlation().abs() < 0.15, "{tally:?}");
}

/// Everything is stored under a random key, and every table order is the order of that key. The files tell all the same.
#[test]
fn random_keys_in_an_ordinary_sqlite_table_are_found_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut log, mut rowid, mut place) = (Tally::default(), Tally::default(), Tally::default());
    for run in 0..RUNS {
        let keys = keys();
        let file = folder.path().join(format!("{run}.sqlite"));
        let (frames, by_rowid) = leaky_sqlite(&file, &keys);
        log.add(&order_in(&frames, &keys).expect("every key is in the log"));
        rowid.add(&by_rowid.iter().map(|key| position(&keys, key)).collect());
        let mut order = order_in(&std::fs::read(&file).expect("the file"), &keys)
            .expect("every key is in the file");
        // Cells fill a page from its end.
        order.reverse();
        place.add(&order);
    }
    for (name, tally) in [("log", log), ("rowid", rowid), ("place in the file", place)] {
        assert!(
            tally.beats_guessing(PEOPLE),
            "a planted leak is not seen in the {name}: {tally:?}"
        );
    }
}

/// Makes a store with an ordinary table in which every answer is a transaction of its own; gives its log as it was before it was taken
/// into the file, and the keys by hidden row number.
fn leaky_sqlite(file: &Path, keys: &[Vec<u8>]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let script = "import json, sqlite3, sys\n\
        store = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
        store.execute('PRAGMA journal_mode = WAL')\n\
        store.execute('CREATE TABLE response (key BLOB PRIMARY KEY, packed BLOB)')\n\
        for key in json.loads(sys.argv[2]): store.execute('INSERT INTO response VALUES (?, ?)', [bytes(key), b'1' * 40])\n\
        log = open(sys.argv[1] + '-wal', 'rb').read().hex()\n\
        rows = [key.hex() for key, in store.execute('SELECT key FROM response ORDER BY rowid')]\n\
        store.execute('PRAGMA wal_checkpoint(TRUNCATE)')\n\
        print(json.dumps([log, rows]))";
    let done = Command::new("python3")
        .args(["-c", script])
        .arg(file)
        .arg(serde_json::to_string(keys).expect("JSON"))
        .output()
        .expect("Python starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let (log, rows): (String, Vec<String>) =
        serde_json::from_slice(&done.stdout).expect("log and rows");
    (
        crate::round::bytes(&log),
        rows.iter().map(|row| crate::round::bytes(row)).collect(),
    )
}

fn position(keys: &[Vec<u8>], key: &[u8]) -> usize {
    keys.iter()
        .position(|other| other == key)
        .expect("a key of this run")
}

/// Random keys, each answer a transaction of its own, as in a survey system that stores what comes.
#[test]
fn random_keys_in_postgresql_are_found_out_by_transaction_and_by_place() {
    let database = Database::create();
    let mut client = database.connect();
    let mut tallies: BTreeMap<&'static str, Tally> = BTreeMap::new();
    client.batch_execute("CREATE SCHEMA ballots; SET search_path TO ballots; CREATE TABLE response (round TEXT, key BYTEA, packed BYTEA, PRIMARY KEY (round, key))").expect("a table");
    for run in 0..RUNS {
        let round = format!("run-{run}");
        let keys = keys();
        let begun = attacked::log_position(&mut client);
        for key in &keys {
            insert(&mut client, &round, key);
        }
        for (name, order) in attacked::orders_by_key(&mut client, &round, &keys, &begun) {
            tallies.entry(name).or_default().add(&order);
        }
    }
    for name in ["transaction", "place in the table", "write-ahead log"] {
        let tally = tallies
            .get(name)
            .unwrap_or_else(|| panic!("nobody looked at the {name}"));
        assert!(
            tally.beats_guessing(PEOPLE),
            "a planted leak is not seen in the {name}: {tally:?}"
        );
    }
}

fn insert(client: &mut Client, round: &str, key: &[u8]) {
    client
        .execute(
            "INSERT INTO response VALUES ($1, $2, $3)",
            &[&round, &key, &vec![1_u8; 40]],
        )
        .expect("a row");
}
