//! Documents that are no documents, and documents made to hurt.

use serde_json::json;
use survey_engine::questionnaire::{Framework, Questionnaire};

use crate::{found, found_in_framework, sample, set};

fn whole(code: &'static str) -> Vec<(String, &'static str)> {
    vec![(String::new(), code)]
}

#[test]
fn what_is_not_json_is_one_finding_with_line_and_column() {
    let document = "{\n  \"id\": \"sample\",\n  \"version\" 1\n}";
    let findings = Questionnaire::parse(document, &sample::framework()).unwrap_err();
    assert_eq!((findings.len(), findings[0].code), (1, "malformed_json"));
    assert!(
        findings[0].detail.contains("line 3 column 13"),
        "{}",
        findings[0].detail
    );
    for document in ["", "null and void", "{\"id\": 1e999}", "[1,]", "{} {}"] {
        assert_eq!(found(document), whole("malformed_json"), "{document}");
    }
}

#[test]
fn json_of_another_shape_is_one_finding() {
    for document in ["null", "[]", "3", "\"questionnaire\""] {
        assert_eq!(found(document), whole("wrong_type"), "{document}");
    }
}

#[test]
fn a_byte_order_mark_is_no_finding() {
    assert_eq!(found(&format!("\u{feff}{}", sample::QUESTIONNAIRE)), []);
}

#[test]
fn nesting_without_end_is_a_finding_and_no_crash() {
    let lists = "[".repeat(100_000);
    let objects = r#"{"all":["#.repeat(100_000);
    let closed = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for document in [&lists, &objects, &closed] {
        assert_eq!(found(document), whole("too_deep"));
        assert_eq!(found_in_framework(document), whole("too_deep"));
    }
}

#[test]
fn a_condition_as_deep_as_json_may_be_is_read() {
    let mut condition = json!({"item": "A1", "answered": true});
    for _ in 0..100 {
        condition = json!({"not": condition});
    }
    let mut document = sample::document();
    set(
        &mut document,
        "/forms/0/modules/2/items/0/showIf",
        condition,
    );
    assert_eq!(found(&document.to_string()), []);
}

#[test]
fn a_document_of_many_megabytes_is_not_read() {
    let document = format!("{{\"id\": \"{}\"}}", "a".repeat(5 * 1024 * 1024));
    assert_eq!(found(&document), whole("too_large"));
}

#[test]
fn a_flood_of_findings_ends_somewhere() {
    let members: Vec<String> = (0..50_000)
        .map(|number| format!("\"k{number}\": 0"))
        .collect();
    let findings = Framework::parse(&format!("{{{}}}", members.join(","))).unwrap_err();
    assert_eq!(findings.len(), 1_001);
    assert_eq!(findings[1_000].code, "too_many_findings");
}

#[test]
fn a_key_given_twice_is_found_at_any_depth() {
    let twice = sample::QUESTIONNAIRE.replacen(r#""id": "A1","#, r#""id": "A1", "id": "A1","#, 1);
    let place = "/forms/0/modules/0/items/0/id".to_owned();
    assert_eq!(found(&twice), [(place, "duplicate_key")]);

    let text =
        sample::QUESTIONNAIRE.replacen(r#"{"en": "Visit","#, r#"{"en": "Visit", "en": "Stay","#, 1);
    assert_eq!(found(&text), [("/title/en".to_owned(), "duplicate_key")]);
}
