//! What is refused, and with which words.

use serde_json::{Value, json};
use survey_engine::answers::{PackedCode, RawAnswer, RawAnswers, ValidAnswers};
use survey_engine::questionnaire::{MissingKind, ModuleSelection};

use crate::{check, form, full, with};

/// Problems as (item, code), with the pointer and the sentence looked at on the way.
fn problems(answers: &Value) -> Vec<(String, &'static str)> {
    let problems = check(answers).err().unwrap_or_default();
    for problem in &problems {
        assert_eq!(problem.pointer, format!("/answers/{}", problem.item));
        assert!(problem.detail.ends_with('.'), "{}", problem.detail);
    }
    problems
        .into_iter()
        .map(|problem| (problem.item, problem.code))
        .collect()
}

#[test]
fn answers_to_everything_are_taken() {
    assert_eq!(problems(&full()), []);
    let answers = check(&full()).unwrap();
    assert_eq!(answers.answered_count(), 9);
    assert_eq!(answers.code(0), PackedCode::Value(4));
    assert_eq!(
        answers.code(1),
        PackedCode::Missing(MissingKind::NotApplicable)
    );
    assert_eq!(answers.code(10), PackedCode::NotShown);
}

#[test]
fn only_what_is_required_has_to_be_answered() {
    assert_eq!(problems(&json!({"S1": "no"})), []);
    assert_eq!(problems(&json!({"A1": 4})), [("S1".to_owned(), "required")]);
    assert_eq!(
        problems(&json!({"S1": null})),
        [("S1".to_owned(), "required")]
    );
    assert_eq!(
        problems(&json!({"S1": "  "})),
        [("S1".to_owned(), "required")]
    );
}

#[test]
fn one_bad_answer_is_one_problem() {
    let long = "é".repeat(21);
    for (item, value, code) in [
        ("A1", json!("fully"), "wrong_type"),
        ("A1", json!(3.5), "wrong_type"),
        ("A1", json!(0), "out_of_range"),
        ("A1", json!(6), "out_of_range"),
        ("A1", json!(1e300), "out_of_range"),
        ("A1", json!([4]), "wrong_type"),
        ("A1", json!(true), "wrong_type"),
        ("A1", json!({"missing": "prefer_not_to_say"}), "not_offered"),
        ("A1", json!({"missing": "shrug"}), "wrong_type"),
        ("R1", json!(11), "out_of_range"),
        ("R1", json!(-1), "out_of_range"),
        ("R1", json!({"missing": "dont_know"}), "not_offered"),
        ("S1", json!("perhaps"), "unknown_option"),
        ("S1", json!(1), "wrong_type"),
        ("M1", json!("bus"), "wrong_type"),
        ("M1", json!(["bus", "plane"]), "unknown_option"),
        ("M1", json!(["bus", "car", "bus"]), "duplicate_option"),
        ("M1", json!(["bus", "car", "tram", "train"]), "too_many"),
        ("K1", json!(["tour", "talk"]), "incomplete_ranking"),
        ("K1", json!(["tour", "talk", "tour"]), "duplicate_option"),
        ("K1", json!(["tour", "talk", "tea"]), "unknown_option"),
        ("N1", json!("2.5"), "wrong_type"),
        ("N1", json!(-0.1), "out_of_range"),
        ("N1", json!(100.1), "out_of_range"),
        ("N1", json!(2.55), "too_precise"),
        ("D1", json!("1 May 2026"), "bad_date"),
        ("D1", json!("2026-02-30"), "bad_date"),
        ("D1", json!("2025-12-31"), "out_of_range"),
        ("D1", json!("2028-01-01"), "out_of_range"),
        ("T1", json!(long), "too_long"),
        ("T1", json!("nul\u{0}l"), "control_character"),
        ("T2", json!("bell\u{7}"), "control_character"),
        ("T2", json!(7), "wrong_type"),
        ("X1", json!(4), "not_asked"),
        ("X1", json!("nonsense"), "not_asked"),
        ("Z9", json!(4), "unknown_item"),
        ("Z9", json!(null), "unknown_item"),
    ] {
        let answers = with(full(), json!({ item: value }));
        assert_eq!(
            problems(&answers),
            [(item.to_owned(), code)],
            "{item}: {value}"
        );
    }
}

#[test]
fn too_few_choices_are_refused_but_none_at_all_is_no_answer() {
    let mut document = crate::sample::document();
    document["forms"][0]["modules"][1]["items"][0]["minChoices"] = json!(2);
    let form = crate::sample::form_of(&document);
    let selection = ModuleSelection::default_of(&form);
    let with_choices = |choices: Value| {
        let answers = crate::raw(&json!({"S1": "yes", "M1": choices}));
        ValidAnswers::check(&form, &selection, &answers).map(|answers| answers.code(4))
    };
    assert_eq!(with_choices(json!(["bus"])).unwrap_err()[0].code, "too_few");
    assert_eq!(with_choices(json!([])), Ok(PackedCode::Unanswered));
    assert_eq!(
        with_choices(json!(["bus", "car"])),
        Ok(PackedCode::Value(1))
    );
}

#[test]
fn a_number_that_is_none_is_refused() {
    let form = form();
    for number in [f64::NAN, f64::INFINITY] {
        let mut answers = RawAnswers::new();
        answers.insert("S1", RawAnswer::Text("no".to_owned()));
        answers.insert("N1", RawAnswer::Number(number));
        let problems =
            ValidAnswers::check(&form, &ModuleSelection::default_of(&form), &answers).unwrap_err();
        assert_eq!((problems.len(), problems[0].code), (1, "wrong_type"));
    }
}

#[test]
fn every_problem_is_told_at_once_in_form_order() {
    let answers = json!({
        "A1": 9, "Z9": 1, "X1": 2, "S1": "no", "R1": 77, "T1": 3, "N1": 0.123, "M1": ["bus"], "AA": "?",
    });
    let expected = [
        ("A1", "out_of_range"),
        ("R1", "out_of_range"),
        ("M1", "not_asked"),
        ("N1", "too_precise"),
        ("T1", "wrong_type"),
        ("X1", "not_asked"),
        ("AA", "unknown_item"),
        ("Z9", "unknown_item"),
    ];
    assert_eq!(
        problems(&answers),
        expected.map(|(item, code)| (item.to_owned(), code))
    );
}

#[test]
fn what_hangs_on_a_refused_answer_is_neither_missing_nor_too_many() {
    let mut document = crate::sample::document();
    // D1 hangs on N1, and has to be answered when it is shown; X1 hangs on D1 the other way round.
    document["forms"][0]["modules"][1]["items"][3]["required"] = json!(true);
    document["forms"][0]["modules"][2]["items"][0]["showIf"] =
        json!({"not": {"item": "D1", "answered": true}});
    document["forms"][0]["modules"][2]["items"][0]["required"] = json!(true);
    let form = crate::sample::form_of(&document);
    let told = |codes: &[&str], answers: Value| {
        let selection = ModuleSelection::of(&form, codes).unwrap();
        let problems = ValidAnswers::check(&form, &selection, &crate::raw(&answers)).unwrap_err();
        problems
            .into_iter()
            .map(|problem| (problem.item, problem.code))
            .collect::<Vec<_>>()
    };
    let all = ["CORE", "MORE", "EXTRA"];
    let one = |item: &str, code| vec![(item.to_owned(), code)];
    assert_eq!(
        told(&all, json!({"S1": "no", "N1": 3, "X1": 4})),
        one("D1", "required")
    );
    assert_eq!(
        told(&all, json!({"S1": "no", "N1": 3.25})),
        one("N1", "too_precise")
    );
    let answered = json!({"S1": "no", "N1": 3.25, "D1": "2026-05-01"});
    assert_eq!(told(&all, answered), one("N1", "too_precise"));
    let badly = json!({"S1": "no", "N1": 3.25, "D1": "soon"});
    assert_eq!(
        told(&all, badly),
        [one("N1", "too_precise"), one("D1", "bad_date")].concat()
    );
    // That its module was not chosen is certain.
    let elsewhere = json!({"S1": "no", "N1": 3.25, "X1": 4});
    let expected = [one("N1", "too_precise"), one("X1", "not_asked")].concat();
    assert_eq!(told(&["CORE", "MORE"], elsewhere), expected);
}

#[test]
fn texts_are_kept_as_written_apart_from_the_space_around_them() {
    let answers = with(
        full(),
        json!({"T1": "  Zoë \u{1F469}\u{200D}\u{1F3EB}\n", "T2": "one\r\ntwo\tthree"}),
    );
    let answers = check(&answers).unwrap();
    assert_eq!(answers.texts()["T1"], "Zoë \u{1F469}\u{200D}\u{1F3EB}");
    assert_eq!(answers.texts()["T2"], "one\ntwo\tthree");
    let blank = check(&with(full(), json!({"T1": " \n "}))).unwrap();
    assert_eq!(
        (blank.code(8), blank.texts().contains_key("T1")),
        (PackedCode::Unanswered, false)
    );
}

#[test]
fn a_pointer_to_an_unknown_item_is_escaped() {
    let problems = check(&with(full(), json!({"a/b~c": 1}))).unwrap_err();
    assert_eq!(
        (problems[0].pointer.as_str(), problems[0].item.as_str()),
        ("/answers/a~1b~0c", "a/b~c")
    );
}
