//! How the house is laid out, as rules that a test can hold the sources to.
//!
//! Every check is a function from text to findings, so that each is itself tested on text that breaks its rule.

pub mod danger;
pub mod examples;
pub mod imports;
pub mod packages;
pub mod rooms;
pub mod tree;

use std::path::{Path, PathBuf};

/// The top folder of the repository.
pub fn house() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("the tests lie in the house")
        .to_owned()
}

/// All files below a folder, by their path from the house, in alphabetical order.
///
/// # Panics
/// When a folder cannot be read.
pub fn files(house: &Path, below: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![house.join(below)];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("an entry of a folder").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir()
                && !matches!(
                    name.as_ref(),
                    "target" | "node_modules" | "__pycache__" | ".git"
                )
            {
                folders.push(path);
            } else if path.is_file() {
                let inside = path.strip_prefix(house).expect("a file of the house");
                found.push(inside.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// The text of a file of the house; `None` for one that is not text.
pub fn read(house: &Path, file: &str) -> Option<String> {
    let bytes = std::fs::read(house.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    String::from_utf8(bytes).ok()
}

/// The Python that has the packages of `tests/requirements.txt`: `KLANKBORD_PYTHON`, or the one in `target/venv`.
///
/// # Panics
/// When it is not there; `tests/run tools` makes it.
pub fn python() -> PathBuf {
    let python = std::env::var_os("KLANKBORD_PYTHON")
        .map_or_else(|| house().join("target/venv/bin/python"), PathBuf::from);
    assert!(
        python.exists(),
        "{} is not there: `tests/run tools` makes it",
        python.display()
    );
    python
}
