//! Which items are asked, given the answers so far.

use serde_json::{Value, json};
use survey_engine::answers::{ValidAnswers, visible};
use survey_engine::questionnaire::ModuleSelection;

use crate::{form, full, raw, sample, with};

/// Ids of the items asked in all three modules.
fn asked(answers: &Value) -> Vec<String> {
    let form = form();
    let selection = ModuleSelection::of(&form, ["CORE", "MORE", "EXTRA"]).unwrap();
    let shown = visible(&form, &selection, &raw(answers));
    shown
        .into_iter()
        .map(|index| form.item_at(index).unwrap().id().to_owned())
        .collect()
}

/// Whether the last item is asked under a condition, all modules chosen.
fn holds(condition: Value, answers: &Value) -> bool {
    let mut document = sample::document();
    document["forms"][0]["modules"][2]["items"][0]["showIf"] = condition;
    let form = sample::form_of(&document);
    let selection = ModuleSelection::of(&form, ["CORE", "MORE", "EXTRA"]).unwrap();
    visible(&form, &selection, &raw(answers)).contains(&10)
}

#[test]
fn at_first_only_items_without_a_condition_are_asked() {
    assert_eq!(asked(&json!({})), ["A1", "A2", "R1", "S1", "N1", "T1"]);
}

#[test]
fn items_appear_as_answers_are_given() {
    assert_eq!(
        asked(&full()),
        ["A1", "A2", "R1", "S1", "M1", "K1", "N1", "D1", "T1", "T2"]
    );
    assert_eq!(
        asked(&json!({"A2": 5})),
        ["A1", "A2", "R1", "S1", "N1", "T1", "X1"]
    );
}

#[test]
fn the_items_of_a_module_that_was_not_chosen_are_not_asked() {
    let form = form();
    let core = ModuleSelection::of(&form, ["CORE"]).unwrap();
    assert_eq!(visible(&form, &core, &raw(&full())), [0, 1, 2, 3]);
    let extra = ModuleSelection::of(&form, ["EXTRA"]).unwrap();
    assert_eq!(
        visible(&form, &extra, &raw(&json!({"A2": 5}))),
        Vec::<usize>::new()
    );
}

#[test]
fn a_hidden_answer_counts_for_nothing() {
    // D1 depends on N1, T2 on D1: with another N1, D1 is hidden and T2 with it.
    let answers = json!({"N1": 3, "D1": "2026-05-01", "T2": "text"});
    assert!(asked(&answers).contains(&"T2".to_owned()));
    let answers = with(answers, json!({"N1": 4}));
    let asked = asked(&answers);
    assert!(
        !asked.contains(&"D1".to_owned()) && !asked.contains(&"T2".to_owned()),
        "{asked:?}"
    );
}

#[test]
fn a_refused_answer_counts_for_nothing() {
    assert!(!asked(&json!({"A2": 55})).contains(&"X1".to_owned()));
    assert!(!asked(&json!({"S1": ["yes"]})).contains(&"M1".to_owned()));
}

#[test]
fn a_page_that_drops_hidden_answers_passes_the_check() {
    let form = form();
    let selection = ModuleSelection::default_of(&form);
    let mut answers = raw(&with(
        full(),
        json!({"S1": "no", "N1": 4, "T1": null, "Z9": 1}),
    ));
    assert!(ValidAnswers::check(&form, &selection, &answers).is_err());
    answers.retain_visible(&form, &selection);
    let left: Vec<&str> = answers.iter().map(|(id, _)| id).collect();
    assert_eq!(left, ["A1", "A2", "K1", "N1", "R1", "S1", "T1", "Z9"]);
    let problems = ValidAnswers::check(&form, &selection, &answers).unwrap_err();
    assert_eq!((problems.len(), problems[0].code), (1, "unknown_item"));
}

#[test]
fn each_test_holds_for_the_answers_it_names_and_no_others() {
    for (condition, yes, no) in [
        (
            json!({"item": "A1", "in": [1, 5]}),
            json!({"A1": 5}),
            json!({"A1": 4}),
        ),
        (
            json!({"item": "A1", "atLeast": 4}),
            json!({"A1": 4}),
            json!({"A1": 3}),
        ),
        (
            json!({"item": "A1", "atMost": 2}),
            json!({"A1": 2}),
            json!({"A1": 3}),
        ),
        (
            json!({"item": "R1", "atMost": 0}),
            json!({"R1": 0}),
            json!({"R1": 1}),
        ),
        (
            json!({"item": "R1", "in": [10]}),
            json!({"R1": 10}),
            json!({"R1": 9}),
        ),
        (
            json!({"item": "N1", "in": [0.1]}),
            json!({"N1": 0.1}),
            json!({"N1": 0.2}),
        ),
        (
            json!({"item": "N1", "atLeast": 12.5}),
            json!({"N1": 12.5}),
            json!({"N1": 12.4}),
        ),
        (
            json!({"item": "S1", "in": ["no"]}),
            json!({"S1": "no"}),
            json!({"S1": "yes"}),
        ),
        (
            json!({"item": "T1", "answered": true}),
            json!({"T1": "me"}),
            json!({"T1": " "}),
        ),
        (
            json!({"item": "M1", "in": ["bus", "other"]}),
            json!({"S1": "yes", "M1": ["car", "other"]}),
            json!({"S1": "yes", "M1": ["car"]}),
        ),
        (
            json!({"item": "D1", "atLeast": "2026-05-01"}),
            json!({"N1": 3, "D1": "2026-05-01"}),
            json!({"N1": 3, "D1": "2026-04-30"}),
        ),
        (
            json!({"item": "D1", "in": ["2027-01-01"]}),
            json!({"N1": 3, "D1": "2027-01-01"}),
            json!({"N1": 3, "D1": "2027-01-02"}),
        ),
        (
            json!({"item": "K1", "answered": true}),
            json!({"A1": 5, "K1": ["tour", "talk", "coffee"]}),
            json!({"A1": 5, "K1": []}),
        ),
    ] {
        assert!(
            holds(condition.clone(), &yes),
            "{condition} holds for {yes}"
        );
        assert!(
            !holds(condition.clone(), &no),
            "{condition} does not hold for {no}"
        );
        assert!(
            !holds(condition.clone(), &json!({})),
            "{condition} does not hold without an answer"
        );
        let opposite = json!({ "not": condition });
        assert!(
            !holds(opposite.clone(), &yes),
            "{opposite} does not hold for {yes}"
        );
        assert!(holds(opposite.clone(), &no), "{opposite} holds for {no}");
        assert!(
            holds(opposite.clone(), &json!({})),
            "{opposite} holds without an answer"
        );
    }
}

#[test]
fn a_way_out_is_no_answer() {
    let answers = json!({"R1": {"missing": "prefer_not_to_say"}});
    for test in [
        json!({"item": "R1", "answered": true}),
        json!({"item": "R1", "atLeast": 0}),
    ] {
        assert!(!holds(test, &answers));
    }
}

#[test]
fn all_needs_every_part_and_any_needs_one() {
    let (yes, no) = (
        json!({"item": "A1", "in": [1]}),
        json!({"item": "A1", "in": [2]}),
    );
    let answers = json!({"A1": 1});
    for (condition, expected) in [
        (json!({"all": [yes, yes]}), true),
        (json!({"all": [yes, no]}), false),
        (json!({"any": [no, yes]}), true),
        (json!({"any": [no, no]}), false),
        (json!({"not": {"any": [no, {"all": [yes, no]}]}}), true),
    ] {
        assert_eq!(holds(condition.clone(), &answers), expected, "{condition}");
    }
}
