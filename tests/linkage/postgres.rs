//! The game on `PostgreSQL`: transactions, places in the table, write-ahead log, sequences and statistics.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use klankbord_tests::{Backend, Stage};
use postgres::Client;

use crate::attack::{self, Order, Tallies};
use crate::round::{MORE_RUNS, PEOPLE, RUNS, Run, answered, person, school};

#[test]
fn the_database_of_postgresql_links_nobody() {
    let stage = Stage::on(Backend::Postgres).start();
    let community = school(&stage);
    let mut client = stage.database().expect("PostgreSQL").connect();
    client
        .batch_execute("SET search_path TO ballots")
        .expect("the schema");
    let mut tallies = Tallies::new();
    let mut play = |number: usize, tallies: &mut Tallies| {
        let begun = log_position(&mut client);
        let run = answered(&community, &format!("run-{number}"), |_| None);
        community.close(&run.code);
        attack::add(tallies, orders(&mut client, &run, &begun));
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
    for name in ["place in the table", "write-ahead log"] {
        assert!(tallies.contains_key(name), "nobody looked at the {name}");
    }
    for (name, tally) in &tallies {
        assert!(
            !tally.beats_guessing(PEOPLE),
            "the {name} tells whose answers are whose: {tally:?}"
        );
    }
    nothing_counts_or_remembers(&mut client);
}

/// Every order of the responses of a round that the database still shows.
fn orders(client: &mut Client, run: &Run, begun: &str) -> BTreeMap<&'static str, Order> {
    let rows = client
        .query(
            "SELECT key, packed FROM response WHERE round = $1",
            &[&run.code],
        )
        .expect("responses");
    let mut keys = vec![Vec::new(); PEOPLE];
    for row in &rows {
        *keys
            .get_mut(person(row.get::<_, &[u8]>(1)))
            .expect("a person of the game") = row.get::<_, Vec<u8>>(0);
    }
    assert!(
        keys.iter().all(|key| !key.is_empty()),
        "somebody's answers are lost"
    );
    orders_by_key(client, &run.code, &keys, begun)
}

/// The orders in which these keys stand: by inserting transaction, by place in the table, and by what `pg_waldump` shows of the
/// write-ahead log since `begun`. An order with ties is none.
pub(crate) fn orders_by_key(
    client: &mut Client,
    round: &str,
    keys: &[Vec<u8>],
    begun: &str,
) -> BTreeMap<&'static str, Order> {
    let sql = "SELECT key, xmin::text::bigint, (ctid::text::point)[0]::bigint, (ctid::text::point)[1]::bigint FROM response WHERE round = $1";
    let rows = client.query(sql, &[&round]).expect("responses");
    let place = |key: &[u8]| {
        keys.iter()
            .position(|other| other == key)
            .expect("a key of this round")
    };
    let mut by_transaction = Vec::new();
    let mut by_place = Vec::new();
    for row in &rows {
        let person = place(row.get(0));
        by_transaction.push((row.get::<_, i64>(1), person));
        by_place.push(((row.get::<_, i64>(2), row.get::<_, i64>(3)), person));
    }
    let mut orders = BTreeMap::new();
    by_place.sort_unstable();
    orders.insert(
        "place in the table",
        by_place.iter().map(|(_, person)| *person).collect(),
    );
    by_transaction.sort_unstable();
    let distinct: std::collections::BTreeSet<i64> =
        by_transaction.iter().map(|(number, _)| *number).collect();
    if distinct.len() > 1 {
        orders.insert(
            "transaction",
            by_transaction.iter().map(|(_, person)| *person).collect(),
        );
    }
    let logged = log_order(client, begun);
    let mut by_log: Vec<(usize, usize)> = by_place
        .iter()
        .filter_map(|(place, person)| {
            Some((logged.iter().position(|logged| logged == place)?, *person))
        })
        .collect();
    by_log.sort_unstable();
    assert_eq!(
        by_log.len(),
        keys.len(),
        "the log does not show every response"
    );
    orders.insert(
        "write-ahead log",
        by_log.into_iter().map(|(_, person)| person).collect(),
    );
    orders
}

/// Where the write-ahead log stands now, with everything before it written to its files.
pub(crate) fn log_position(client: &mut Client) -> String {
    // A commit that waits for its own record flushes all that came before.
    client
        .batch_execute("BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_logical_emit_message(true, 'game', 'here'); COMMIT")
        .expect("the log is flushed");
    client
        .query_one("SELECT pg_current_wal_flush_lsn()::text", &[])
        .expect("a position")
        .get(0)
}

/// The places in the table `response` in the order in which the log shows rows arriving.
fn log_order(client: &mut Client, begun: &str) -> Vec<(i64, i64)> {
    let ended = log_position(client);
    let row = client
        .query_one(
            "SELECT current_setting('data_directory'), pg_relation_filepath('response')",
            &[],
        )
        .expect("where the files lie");
    let (folder, path): (String, String) = (row.get(0), row.get(1));
    let file = path.rsplit('/').next().expect("a file").to_owned();
    let done = Command::new(pg_waldump())
        .args([
            "--path",
            &format!("{folder}/pg_wal"),
            "--start",
            begun,
            "--end",
            &ended,
            "--rmgr",
            "Heap",
            "--rmgr",
            "Heap2",
        ])
        .output()
        .expect("pg_waldump starts");
    // The log ends somewhere within a page, which is no failure of ours.
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        !text.is_empty(),
        "pg_waldump shows nothing: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    text.lines()
        .filter(|line| line.contains(&format!("/{file} ")))
        .flat_map(places)
        .collect()
}

/// The places that one line of `pg_waldump` fills: `INSERT off 7 flags …` or `MULTI_INSERT … ntuples 3 … offsets: [1, 2, 3]`.
fn places(line: &str) -> Vec<(i64, i64)> {
    let number = |after: &str| -> Option<i64> {
        let rest = line.split(after).nth(1)?;
        rest.split(|character: char| !character.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    };
    let Some(block) = number(" blk ") else {
        return Vec::new();
    };
    if line.contains("MULTI_INSERT") {
        if let Some(list) = line
            .split("offsets: [")
            .nth(1)
            .and_then(|rest| rest.split(']').next())
        {
            return list
                .split(", ")
                .filter_map(|offset| Some((block, offset.trim().parse().ok()?)))
                .collect();
        }
        // A page that the record fills anew holds its rows from 1 on.
        return number("ntuples: ")
            .or_else(|| number("ntuples "))
            .map_or_else(Vec::new, |count| {
                (1..=count).map(|at| (block, at)).collect()
            });
    }
    if line.contains("INSERT") {
        return number("off: ")
            .or_else(|| number("off "))
            .map(|offset| (block, offset))
            .into_iter()
            .collect();
    }
    Vec::new()
}

fn pg_waldump() -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    installed
        .map(|version| version.path().join("bin/pg_waldump"))
        .find(|path| path.exists())
        .unwrap_or_else(|| Path::new("pg_waldump").to_owned())
}

/// No sequence, no column that fills itself with a time, no extension that keeps statements, and no answer in the statistics.
fn nothing_counts_or_remembers(client: &mut Client) {
    let none = |client: &mut Client, what: &str, sql: &str| {
        let found: Vec<String> = client
            .query(sql, &[])
            .expect(sql)
            .iter()
            .map(|row| row.get(0))
            .collect();
        assert!(found.is_empty(), "{what}: {found:?}");
    };
    none(
        client,
        "sequences",
        "SELECT sequencename::text FROM pg_sequences WHERE schemaname IN ('roster', 'ballots')",
    );
    none(
        client,
        "columns of the ballots that hold a time or fill themselves",
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'ballots' \
         AND table_name NOT LIKE '\\_\\_%' AND (data_type LIKE 'time%' OR data_type = 'date' OR column_default IS NOT NULL)",
    );
    none(
        client,
        "foreign keys of the ballots",
        "SELECT conname::text FROM pg_constraint WHERE contype = 'f' AND connamespace = 'ballots'::regnamespace",
    );
    none(
        client,
        "extensions that keep statements",
        "SELECT extname::text FROM pg_extension WHERE extname LIKE 'pg_stat%'",
    );
}

#[test]
fn lines_of_the_log_are_read() {
    let single = "rmgr: Heap        len (rec/tot):     59/    59, tx:        740, lsn: 0/01523D40, prev 0/01523D08, desc: INSERT off 7 flags 0x00, blkref #0: rel 1663/5/16385 blk 2";
    assert_eq!(places(single), [(2, 7)]);
    let many = "rmgr: Heap2       len (rec/tot):     86/    86, tx:        741, lsn: 0/01, prev 0/02, desc: MULTI_INSERT+INIT 3 tuples flags 0x02, ntuples: 3, offsets: [1, 2, 3], blkref #0: rel 1663/5/16385 blk 0";
    assert_eq!(places(many), [(0, 1), (0, 2), (0, 3)]);
    assert!(places("rmgr: Heap desc: DELETE off 3, blkref #0: rel 1663/5/1 blk 0").is_empty());
}
