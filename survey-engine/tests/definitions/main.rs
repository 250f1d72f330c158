//! Authors send frameworks and questionnaires; they are taken as they are or sent back with everything
//! that is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod broken;
mod broken_items;
mod content;
mod hostile;
mod languages;
mod meaning;
#[path = "../sample/mod.rs"]
mod sample;

use serde_json::Value;
use survey_engine::questionnaire::{Finding, Framework, Questionnaire};

/// Where something was found and what.
type Found = Vec<(String, &'static str)>;

/// What is found in a questionnaire document bound to the sample framework.
fn found(document: &str) -> Found {
    match Questionnaire::parse(document, &sample::framework()) {
        Ok(_) => Vec::new(),
        Err(findings) => places(findings),
    }
}

/// What is found in a framework document.
fn found_in_framework(document: &str) -> Found {
    Framework::parse(document).map_or_else(places, |_| Vec::new())
}

fn places(findings: Vec<Finding>) -> Found {
    assert!(
        !findings.is_empty(),
        "a document is refused without a reason"
    );
    for finding in &findings {
        let told = finding.detail.ends_with('.') && finding.detail.len() > 20;
        assert!(told, "a finding says what to do: {finding:?}");
    }
    findings
        .into_iter()
        .map(|finding| (finding.pointer, finding.code))
        .collect()
}

/// Sets the member at a pointer, or appends to the list if the pointer ends in `-`.
fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("no {parent}"))
    {
        Value::Array(list) if key == "-" => list.push(value),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        Value::Object(members) => {
            members.insert(key.to_owned(), value);
        }
        other => panic!("{pointer} points into {other}"),
    }
}

/// Removes the member at a pointer.
fn remove(document: &mut Value, pointer: &str) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Array(list) => drop(list.remove(key.parse().unwrap())),
        Value::Object(members) => drop(members.remove(key).unwrap()),
        other => panic!("{pointer} points into {other}"),
    }
}

/// One way to break a sound document, and exactly what has to be found then.
struct Broken {
    story: &'static str,
    edit: fn(&mut Value),
    pointer: &'static str,
    code: &'static str,
}

fn assert_found(sound: &Value, table: &[Broken], found: impl Fn(&str) -> Found) {
    assert_eq!(
        found(&sound.to_string()),
        [],
        "the sample is sound before it is broken"
    );
    for Broken {
        story,
        edit,
        pointer,
        code,
    } in table
    {
        let mut document = sound.clone();
        edit(&mut document);
        assert_eq!(
            found(&document.to_string()),
            [((*pointer).to_owned(), *code)],
            "{story}"
        );
    }
}
