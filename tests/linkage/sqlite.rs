//! The game on the embedded database: files, pages, logs and backups.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use klankbord_tests::behind::query;
use klankbord_tests::{Backend, Stage};

use crate::attack::{self, Order, Tallies, find, order_in};
use crate::round::{MORE_RUNS, PEOPLE, RUNS, Run, answered, bytes, keys, person, school};

#[test]
fn the_files_of_sqlite_link_nobody() {
    let stage = Stage::on(Backend::Sqlite).start();
    let community = school(&stage);
    let mut tallies = Tallies::new();
    let play = |number: usize, tallies: &mut Tallies| {
        let run = answered(&community, &format!("run-{number}"), |person| {
            Some(copy(&stage, &format!("backup-{number}-{person}")))
        });
        community.close(&run.code);
        attack::add(tallies, orders(&stage, &run));
        for backup in &run.backups {
            std::fs::remove_dir_all(backup).expect("the backup goes");
        }
    };
    (0..RUNS).for_each(|number| play(number, &mut tallies));
    if tallies.values().any(|tally| tally.beats_guessing(PEOPLE)) {
        (RUNS..RUNS + MORE_RUNS).for_each(|number| play(number, &mut tallies));
    }
    for (name, tally) in &tallies {
        println!(
            "{name}: linked {:.4}, rank correlation {:+.3}, {} runs",
            tally.linked(),
            tally.correlation(),
            tally.runs()
        );
    }
    assert!(
        tallies.contains_key("order of the table") && tallies.contains_key("place in the file"),
        "{tallies:?}"
    );
    for (name, tally) in &tallies {
        assert!(
            !tally.beats_guessing(PEOPLE),
            "the {name} tells whose answers are whose: {tally:?}"
        );
    }
}

/// A copy of the data folder as a thief of backups has it: everything but the keys.
pub(crate) fn copy(stage: &Stage, name: &str) -> PathBuf {
    let to = stage.folder().join(name);
    std::fs::create_dir_all(&to).expect("a folder");
    for entry in std::fs::read_dir(stage.data_folder()).expect("the data") {
        let path = entry.expect("an entry").path();
        if path.is_file()
            && path
                .file_name()
                .is_some_and(|file| file.to_string_lossy().contains("sqlite"))
        {
            std::fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    to
}

/// Every order of the responses that the files show after the closing.
fn orders(stage: &Stage, run: &Run) -> BTreeMap<&'static str, Order> {
    let rows = query(
        stage,
        "ballots",
        &format!(
            "SELECT key, packed FROM response WHERE round = '{}'",
            run.code
        ),
    );
    let keys = keys(&rows);
    let table: Order = rows.iter().map(|row| person(&bytes(&row[1]))).collect();
    let mut orders = BTreeMap::from([("order of the table", table)]);
    assert_eq!(
        query(
            stage,
            "ballots",
            "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0 AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'"
        ),
        [["0"]],
        "a table of the ballots store numbers its rows"
    );
    let file = read(&stage.data_folder(), "ballots.sqlite");
    let log = read(&stage.data_folder(), "ballots.sqlite-wal");
    found(&mut orders, "place in the file", order_in(&file, &keys));
    found(&mut orders, "place in the log", order_in(&log, &keys));
    // Every response stands in one place: no page that was given up keeps another copy.
    for key in &keys {
        let copies = memchr::memmem::find_iter(&file, key).count();
        assert_eq!(copies, 1, "a response stands in the file {copies} times");
    }
    let roster = [
        read(&stage.data_folder(), "roster.sqlite"),
        read(&stage.data_folder(), "roster.sqlite-wal"),
    ]
    .concat();
    for (person, key) in keys.iter().enumerate() {
        assert!(
            find(&roster, key).is_none(),
            "the roster knows the response of {person}"
        );
    }
    for (at, backup) in run.backups.iter().enumerate() {
        let stolen = [
            read(backup, "ballots.sqlite"),
            read(backup, "ballots.sqlite-wal"),
        ]
        .concat();
        assert!(!stolen.is_empty(), "backup {at} is empty");
        expect_nothing_in_common(&mailbox(backup, &run.code), &rows);
        for (person, key) in keys.iter().enumerate() {
            assert!(
                find(&stolen, key).is_none(),
                "backup {at} knows the response of {person} before it was opened"
            );
        }
    }
    orders
}

fn found(orders: &mut BTreeMap<&'static str, Order>, name: &'static str, order: Option<Order>) {
    if let Some(order) = order {
        orders.insert(name, order);
    }
}

/// The sealed ballots of a backup in the order in which they came: tag and envelope.
fn mailbox(backup: &Path, round: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let script = "import json, sqlite3, sys\n\
        rows = sqlite3.connect(sys.argv[1]).execute('SELECT tag, sealed FROM mailbox WHERE round = ?', [sys.argv[2]])\n\
        print(json.dumps([[value.hex() for value in row] for row in rows]))";
    let done = Command::new("python3")
        .args(["-c", script])
        .arg(backup.join("ballots.sqlite"))
        .arg(round)
        .output()
        .expect("Python starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let rows: Vec<[String; 2]> = serde_json::from_slice(&done.stdout).expect("rows");
    assert!(!rows.is_empty(), "the backup holds no ballots");
    rows.iter()
        .map(|row| (bytes(&row[0]), bytes(&row[1])))
        .collect()
}

/// A sealed ballot and an opened response have nothing of eight bytes in common, and no length tells one envelope from another.
fn expect_nothing_in_common(mailbox: &[(Vec<u8>, Vec<u8>)], rows: &[Vec<String>]) {
    let lengths: BTreeSet<usize> = mailbox.iter().map(|(_, sealed)| sealed.len()).collect();
    assert_eq!(
        lengths.len(),
        1,
        "envelopes of answers to the same form differ in length: {lengths:?}"
    );
    let opened: Vec<Vec<u8>> = rows.iter().flatten().map(|text| bytes(text)).collect();
    for (tag, sealed) in mailbox {
        let common = opened
            .iter()
            .flat_map(|part| part.windows(8))
            .find(|part| find(tag, part).is_some() || find(sealed, part).is_some());
        assert_eq!(
            common, None,
            "a sealed ballot can be told from what was opened"
        );
    }
}

pub(crate) fn read(folder: &Path, name: &str) -> Vec<u8> {
    match std::fs::read(folder.join(name)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => panic!("{name}: {error}"),
    }
}
