//! What must not pass: the runner is tried with cases that are wrong in one place each.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use super::methods::{self, case::Case};

/// A case that passes.
fn sound() -> Value {
    json!({
        "id": "half",
        "method": "proportion_ci_wilson",
        "input_csv": null,
        "parameters": { "cases": [{ "x": 5, "n": 10, "N": null, "confidence": 0.95 }] },
        "expected": { "cases": [{ "x": 5, "n": 10, "p": 0.5, "low": 0.2366, "high": 0.7634 }] },
        "tolerance": { "abs": 1e-4, "rel": 0.0, "per_field": { "p": { "abs": 0.0, "rel": 0.0 } } },
    })
}

fn run(document: &Value) -> Result<Vec<String>, String> {
    let case = Case::parse(document.to_string().into_bytes(), PathBuf::new())?;
    methods::check(&case)
}

/// What is said of the sound case with `value` at `pointer`, which has to be refused with `reason`.
fn refused(pointer: &str, value: Value, reason: &str) -> Result<(), Failed> {
    let mut document = sound();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[name] = value;
    match run(&document) {
        Err(problem) if problem.contains(reason) => Ok(()),
        other => Err(format!("{other:?} where {reason:?} was expected").into()),
    }
}

fn without(name: &str) -> Result<(), Failed> {
    let mut document = sound();
    document.as_object_mut().unwrap().remove(name);
    match run(&document) {
        Err(problem) if problem.contains(&format!("no {name:?}")) => Ok(()),
        other => Err(format!("{other:?} without {name}").into()),
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, check: fn() -> Result<(), Failed>| {
        Trial::test(format!("strictness::{name}"), check)
    };
    vec![
        trial("a_sound_case_passes", || {
            let left_out = run(&sound())?;
            assert!(left_out.is_empty());
            Ok(())
        }),
        trial("a_number_that_is_off_fails", || {
            refused(
                "/expected/cases/0/low",
                json!(0.2368),
                "/cases/0/low: got 0.23",
            )
        }),
        trial("a_field_has_its_own_tolerance", || {
            refused(
                "/expected/cases/0/p",
                json!(0.500_001),
                "/cases/0/p: got 0.5",
            )
        }),
        trial("nothing_is_not_a_number", || {
            refused("/expected/cases/0/low", json!(null), "expected null")
        }),
        trial("an_expected_field_that_is_not_computed_fails", || {
            refused(
                "/expected/cases/0/median",
                json!(0.5),
                "/cases/0/median: missing",
            )
        }),
        trial("a_list_of_another_length_fails", || {
            refused("/expected/cases", json!([]), "expected []")
        }),
        trial("an_unknown_method_fails", || {
            refused("/method", json!("proportion_ci_guess"), "unknown method")
        }),
        trial("an_unknown_parameter_fails", || {
            refused("/parameters/seed", json!(1), "unknown parameters")
        }),
        trial("an_unknown_value_of_a_parameter_fails", unknown_value),
        trial("no_field_of_a_case_may_be_missing", || {
            let fields = [
                "id",
                "method",
                "input_csv",
                "parameters",
                "expected",
                "tolerance",
            ];
            fields.into_iter().try_for_each(without)
        }),
        trial("a_folder_without_cases_fails", || {
            // It has folders and Rust files, but no case.
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
            match super::cases(&folder) {
                Err(problem) if problem.contains("holds no case") => {}
                other => return Err(format!("{other:?}").into()),
            }
            match super::cases(&folder.join("nowhere")) {
                Err(_) => Ok(()),
                Ok(_) => Err("a folder that does not exist".into()),
            }
        }),
        trial("what_may_be_left_out_is_told", optional),
    ]
}

fn unknown_value() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let content = std::fs::read(folder.join("omega_nine_items.json"))?;
    let mut document: Value = serde_json::from_slice(&content)?;
    document["parameters"]["missing"] = json!("pairwise");
    let case = Case::parse(document.to_string().into_bytes(), folder)?;
    match methods::check(&case) {
        Err(problem) if problem.contains("\"pairwise\" is not known") => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

/// `by` may be left out, `bh` may not; a case that expects neither of them has nothing left out.
fn optional() -> Result<(), Failed> {
    let got = json!({ "bh": [0.1] });
    let tolerance = json!({ "abs": 0.0, "rel": 0.0 });
    let compare = |expected: Value| methods::compare_values(&expected, &got, &tolerance, &["by"]);
    assert_eq!(compare(json!({ "bh": [0.1], "by": [0.2] }))?, ["/by"]);
    assert!(compare(json!({ "bh": [0.1] }))?.is_empty());
    assert!(compare(json!({ "bh": [0.1], "holm": [0.2] })).is_err());
    Ok(())
}
