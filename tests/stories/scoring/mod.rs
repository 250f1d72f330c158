//! `klankbord score`: a table of answers becomes indicators, with no server and no database.

mod agreement;
mod bad_input;
mod memory;
mod tables;

use std::path::Path;

use klankbord_tests::{Cli, Outcome};
use serde_json::Value;

/// A folder with nothing but tables in it.
struct Desk {
    folder: tempfile::TempDir,
    cli: Cli,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cli = Cli::new(folder.path(), &[]);
        Self { folder, cli }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), content).expect("the file is written");
    }

    fn score(&self, arguments: &[&str]) -> Outcome {
        self.cli.run(&[&["score"], arguments].concat())
    }

    /// What is printed for this table, as JSON.
    #[track_caller]
    fn scored(&self, table: impl AsRef<[u8]>, arguments: &[&str]) -> Value {
        self.write("table.csv", table);
        let arguments = [&["--responses", "table.csv", "--json"], arguments].concat();
        self.score(&arguments).expect_success().json()
    }
}

/// The voice of the only form on an indicator, in a group (0: all rows).
fn voice(document: &Value, group: usize, code: &str) -> Value {
    let indicators = document["groups"][group]["indicators"].as_array();
    let found = indicators
        .into_iter()
        .flatten()
        .find(|indicator| indicator["code"] == code);
    found.unwrap_or_else(|| panic!("no {code} in {document}"))["voices"][0].clone()
}

/// `rows` rows that answer the three items of `PED.1` for parents.
fn parents(rows: usize) -> String {
    let row = |row: usize| format!("{},{},{}\n", 1 + row % 5, 1 + row % 4, 2 + row % 3);
    let rows: String = (0..rows).map(row).collect();
    format!("P.PED1a,P.PED1b,P.PED1c\n{rows}")
}
