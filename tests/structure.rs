//! The house as it stands, held to its rules.

use std::process::Command;

use klankbord_tests::structure::{
    danger, examples, files, house, packages, read, rooms, tree as layout,
};

fn expect_none(findings: &[String]) {
    assert!(
        findings.is_empty(),
        "{} findings:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

/// The sources below a folder, by their path below it.
fn sources(folder: &str) -> Vec<(String, String)> {
    let house = house();
    let all = files(&house, folder);
    let rust = all.iter().filter(|file| {
        file.ends_with(".rs") && !file.ends_with("/tests.rs") && !file.contains("/tests/")
    });
    let found: Vec<(String, String)> = rust
        .filter_map(|file| {
            Some((
                file.strip_prefix(folder)?
                    .trim_start_matches('/')
                    .to_owned(),
                read(&house, file)?,
            ))
        })
        .collect();
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

#[test]
fn imports_of_the_server_run_one_way() {
    let sources = sources("api/src");
    expect_none(
        &sources
            .iter()
            .flat_map(|(file, text)| rooms::check_api_source(file, text))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn the_engine_knows_no_world() {
    let sources = sources("survey-engine/src");
    let mut findings: Vec<String> = sources
        .iter()
        .flat_map(|(file, text)| rooms::check_engine_source(file, text))
        .collect();
    let manifest = read(&house(), "survey-engine/Cargo.toml").expect("the manifest is text");
    findings.extend(rooms::check_engine_manifest(&manifest));
    expect_none(&findings);
}

#[test]
fn every_public_function_of_the_engine_has_an_example_that_runs() {
    // The school of the book is text that examples include, and no part of the crate.
    let sources = sources("survey-engine/src")
        .into_iter()
        .filter(|(file, _)| !file.starts_with("book/"));
    let findings = sources.flat_map(|(file, text)| {
        examples::check_examples(&format!("survey-engine/src/{file}"), &text)
    });
    expect_none(&findings.collect::<Vec<_>>());
}

#[test]
fn tests_do_not_sleep() {
    let house = house();
    let rust = files(&house, "tests")
        .into_iter()
        .filter(|file| file.ends_with(".rs"));
    let findings = rust
        .filter_map(|file| Some(rooms::check_test_source(&file, &read(&house, &file)?)))
        .flatten();
    expect_none(&findings.collect::<Vec<_>>());
}

#[test]
fn unsafe_code_stands_in_one_file_and_says_why_it_is_sound() {
    let house = house();
    let rooms = ["api", "survey-engine", "tests"];
    let rust = rooms
        .iter()
        .flat_map(|room| files(&house, room))
        .filter(|file| file.ends_with(".rs"));
    let findings = rust.filter_map(|file| Some(danger::check_source(&file, &read(&house, &file)?)));
    expect_none(&findings.flatten().collect::<Vec<_>>());
    let text = read(&house, danger::UNSAFE).expect("the file is there");
    assert!(danger::unsafe_lines(&text).is_ok_and(|lines| !lines.is_empty()));
}

#[test]
fn there_is_one_cryptographic_library() {
    // Two would be linked under different names, and the one that is called directly could be another than the one that is kept up to date.
    let lock = read(&house(), "Cargo.lock").expect("the lock file is text");
    let versions = lock.matches("name = \"aws-lc-sys\"").count();
    assert_eq!(versions, 1);
}

#[test]
fn the_top_folder_holds_what_it_should() {
    let house = house();
    let entries = std::fs::read_dir(&house).expect("the house can be read");
    let names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let ignored = read(&house, ".gitignore")
        .map(|text| layout::ignored_at_top(&text))
        .unwrap_or_default();
    expect_none(&layout::check_top(&names, &ignored));
}

#[test]
fn sources_are_short_and_finished() {
    let house = house();
    let rooms = ["api", "survey-engine", "migrations", "openapi", "tests"];
    let sources = rooms
        .iter()
        .flat_map(|room| files(&house, room))
        .filter(|file| layout::is_source(file));
    let findings = sources
        .filter_map(|file| Some(layout::check_source(&file, &read(&house, &file)?)))
        .flatten();
    expect_none(&findings.collect::<Vec<_>>());
}

#[test]
fn both_databases_have_the_same_migrations() {
    let house = house();
    let below = |folder: &str| -> Vec<String> {
        files(&house, folder)
            .iter()
            .filter_map(|file| Some(file.strip_prefix(folder)?.to_owned()))
            .collect()
    };
    expect_none(&layout::check_migrations(
        &below("migrations/sqlite/"),
        &below("migrations/postgres/"),
    ));
}

/// The packages of the tree below these arguments of `cargo tree`.
fn tree(arguments: &[&str]) -> Vec<packages::Package> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["tree", "--prefix", "none", "--format", "{p}|{l}"])
        .args(arguments);
    let output = cargo.current_dir(house()).output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let found = packages::packages(&String::from_utf8_lossy(&output.stdout));
    assert!(
        found.len() > 50,
        "cargo tree printed only {} packages",
        found.len()
    );
    found
}

fn policy() -> packages::Policy {
    let deny = read(&house(), "deny.toml").expect("deny.toml is text");
    packages::policy(&deny).expect("deny.toml has its lists")
}

#[test]
fn packages_of_the_program_are_permitted() {
    let shipped = tree(&["--package", "klankbord", "--edges", "normal,build"]);
    expect_none(&packages::check(&policy().without_exceptions(), &shipped));
}

#[test]
fn packages_of_the_tests_are_permitted() {
    let all = tree(&["--workspace", "--edges", "normal,build,dev"]);
    expect_none(&packages::check(&policy(), &all));
}
