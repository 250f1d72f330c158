//! How answers arrive.

use serde_json::json;
use survey_engine::answers::{RawAnswer, RawAnswers};
use survey_engine::questionnaire::MissingKind;

use crate::raw;

#[test]
fn every_kind_of_value_is_told_apart() {
    let arrived = raw(&json!({
        "null": null, "position": 4, "number": 12.5, "text": "yes", "list": ["a", "b"], "empty": [],
        "way out": {"missing": "prefer_not_to_say"},
    }));
    let list =
        |codes: &[&str]| RawAnswer::List(codes.iter().map(|code| (*code).to_owned()).collect());
    for (id, expected) in [
        ("null", RawAnswer::Blank),
        ("position", RawAnswer::Number(4.0)),
        ("number", RawAnswer::Number(12.5)),
        ("text", RawAnswer::Text("yes".to_owned())),
        ("list", list(&["a", "b"])),
        ("empty", list(&[])),
        ("way out", RawAnswer::Missing(MissingKind::PreferNotToSay)),
    ] {
        assert_eq!(arrived.get(id), Some(&expected), "{id}");
    }
    assert_eq!((arrived.len(), arrived.get("nothing")), (7, None));
}

#[test]
fn what_no_item_can_take_still_arrives_to_be_refused_with_the_rest() {
    let arrived = raw(&json!({
        "boolean": true, "mixed": ["a", 1], "nested": [["a"]], "object": {"value": 1},
        "no such way out": {"missing": "shrug"}, "more": {"missing": "dont_know", "also": 1},
    }));
    for (id, answer) in arrived.iter() {
        assert!(matches!(answer, RawAnswer::Unusable(_)), "{id}: {answer:?}");
    }
}

#[test]
fn an_item_answered_twice_is_refused_even_if_one_answer_is_null() {
    for text in [r#"{"A1": 4, "A1": 4}"#, r#"{"A1": null, "A1": 4}"#] {
        let error = serde_json::from_str::<RawAnswers>(text)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("item `A1` is answered twice; answer it once"),
            "{error}"
        );
    }
}

#[test]
fn nesting_without_end_is_an_error_and_no_crash() {
    let deep = format!(r#"{{"A1": {}"#, "[".repeat(100_000));
    assert!(serde_json::from_str::<RawAnswers>(&deep).is_err());
    assert!(serde_json::from_str::<RawAnswers>("[]").is_err());
}

#[test]
fn answers_are_written_as_they_are_read() {
    let document = json!({"A1": 4, "M1": ["a"], "N1": 12.5, "T1": "me", "Y": {"missing": "dont_know"}, "Z": null});
    assert_eq!(serde_json::to_value(raw(&document)).unwrap(), document);
}
