//! A table is read row by row: how long it is does not show in memory.

use std::io::Write;
use std::process::Stdio;

use super::Desk;

const ROWS: u64 = 200_000;
const MOST_MEBIBYTES: u64 = 200;

#[test]
fn a_long_table_is_scored_in_little_memory() {
    let desk = Desk::new();
    let items: Vec<String> = [
        "PED1", "PED2", "PED3", "SUP1", "SUP2", "SUP3", "LEA2", "LEA3", "WEL1", "WEL2", "WEL3",
        "WEL4", "COL1",
    ]
    .iter()
    .flat_map(|indicator| ["a", "b", "c"].map(|item| format!("P.{indicator}{item}")))
    .collect();
    let mut child = desk
        .cli
        .command(&[
            "score",
            "--responses",
            "-",
            "--by",
            "school",
            "--population",
            "1000000",
            "--json",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut table = std::io::BufWriter::new(child.stdin.take().expect("its standard input"));
    writeln!(table, "school,{}", items.join(",")).expect("the header is taken");
    let mut chance = 1_u64;
    let mut line = String::new();
    for row in 0..ROWS {
        line.clear();
        line.extend(["school-", &(row % 200).to_string()]);
        for _ in &items {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let cell = [
                "1",
                "2",
                "3",
                "4",
                "5",
                "5",
                "4",
                "",
                "missing:dont_know",
                "3",
            ][usize::try_from(chance >> 60).expect("small") % 10];
            line.push(',');
            line.push_str(cell);
        }
        line.push('\n');
        table.write_all(line.as_bytes()).expect("a row is taken");
    }
    table.flush().expect("the last row is taken");
    // All but what fits into the pipe has been counted, and the program waits for more.
    let peak = peak_mebibytes(child.id());
    drop(table);
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success());
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["rows"]["counted"], ROWS);
    assert_eq!(document["groups"].as_array().map(Vec::len), Some(201));
    assert_eq!(
        document["groups"][0]["indicators"][0]["voices"][0]["invited"],
        1_000_000
    );
    if let Some(peak) = peak {
        assert!(peak < MOST_MEBIBYTES, "{peak} MiB for {ROWS} rows");
        println!("{peak} MiB for {ROWS} rows in 200 groups");
    }
}

/// The most memory that a process has held so far; `None` where the system does not tell.
fn peak_mebibytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes / 1024)
}
