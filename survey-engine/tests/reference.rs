//! The engine against results of other software: every case of a folder is a test of its own.
//!
//! Two folders are read: `tests/reference`, whose cases are written by the scripts beside them, and the one that `REFERENCE_DIR`
//! names (without it, a collection beside the repository, where there is one). A case is a JSON document `{id, method, input_csv,
//! parameters, expected, tolerance}`. It passes if the engine's public functions give every expected number within the tolerance.
//! A method, a parameter or a value of a parameter that is not known fails, and so does a folder without cases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

#[path = "reference_methods/mod.rs"]
mod methods;
#[path = "reference_methods/strictness.rs"]
mod strictness;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use methods::case::Case;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases = folders()
        .into_iter()
        .flat_map(|(name, folder)| trials(name, &folder));
    let trials = cases.chain(strictness::trials()).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

#[expect(
    clippy::disallowed_methods,
    reason = "which cases to read is said from outside"
)]
fn folders() -> Vec<(&'static str, PathBuf)> {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![("own", package.join("tests/reference"))];
    if let Some(named) = std::env::var_os("REFERENCE_DIR") {
        folders.push(("named", PathBuf::from(named)));
    } else {
        let beside = package.join("../../shared/reference");
        folders.extend(beside.is_dir().then_some(("shared", beside)));
    }
    folders
}

/// A test per case; a failing one for a folder that cannot be read or has none.
fn trials(name: &str, folder: &Path) -> Vec<Trial> {
    match cases(folder) {
        Err(problem) => {
            let fails = move || Err(Failed::from(problem));
            vec![Trial::test(format!("{name}::cases"), fails)]
        }
        Ok(files) => files.into_iter().map(|file| trial(name, file)).collect(),
    }
}

/// The cases of a folder; never none.
fn cases(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|kind| kind == "json") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(format!("{} holds no case", folder.display()));
    }
    Ok(files)
}

fn trial(name: &str, file: PathBuf) -> Trial {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    Trial::test(format!("{name}::{stem}"), move || {
        let case = Case::read(&file)?;
        let left_out = methods::check(&case)?;
        if !left_out.is_empty() {
            println!("{}: left out, as allowed: {}", case.id, left_out.join(", "));
        }
        Ok(())
    })
}
