//! The API document: the one that is served, the one that is printed and the one that is checked in are the same.

use std::path::PathBuf;
use std::process::Command;

use klankbord_tests::structure::house;
use klankbord_tests::{Backend, Caller, Cli, Stage, openapi};
use serde_json::Value;

fn checked_in() -> Value {
    let text = std::fs::read_to_string(house().join("openapi/openapi.json"))
        .expect("openapi/openapi.json is there");
    serde_json::from_str(&text).expect("openapi/openapi.json is JSON")
}

#[test]
fn the_checked_in_document_is_what_the_program_prints() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let outcome = Cli::new(folder.path(), &[]).run(&["openapi"]);
    let file = std::fs::read_to_string(house().join("openapi/openapi.json"))
        .expect("openapi/openapi.json is there");
    assert!(
        outcome.expect_success().stdout == file,
        "openapi/openapi.json is out of date: target/debug/klankbord openapi > openapi/openapi.json"
    );
}

#[test]
fn the_served_document_is_the_checked_in_one() {
    let stage = Stage::on(Backend::Sqlite).start();
    let mut served = stage
        .anonymous()
        .get("/openapi.json")
        .expect_status(200)
        .json();
    let mut file = checked_in();
    // A running server says where it is; that is the only difference there may be.
    for document in [&mut served, &mut file] {
        document
            .as_object_mut()
            .expect("an object")
            .remove("servers");
    }
    assert!(
        served == file,
        "the server serves another document than openapi/openapi.json"
    );
}

#[test]
fn every_operation_is_explained() {
    let findings = openapi::findings(&checked_in());
    assert!(
        findings.is_empty(),
        "{} findings:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

#[test]
fn the_document_is_valid_openapi() {
    let python = klankbord_tests::structure::python();
    let document: PathBuf = house().join("openapi/openapi.json");
    let output = Command::new(python)
        .args(["-m", "openapi_spec_validator", "--errors", "all"])
        .arg(document)
        .output();
    let output = output.expect("the validator runs");
    let words = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
}
