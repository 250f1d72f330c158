//! What a sound document means.

use serde_json::{Value, json};
use survey_engine::questionnaire::{
    Condition, Form, Framework, ItemKind, ModuleSelection, Quantity, Questionnaire, Scale, Test,
};

use crate::{sample, set};

fn form() -> Form {
    sample::form_of(&sample::document())
}

#[test]
fn items_are_numbered_over_all_modules() {
    let form = form();
    let ids: Vec<&str> = form.items().map(|(_, item)| item.id()).collect();
    assert_eq!(
        ids,
        [
            "A1", "A2", "R1", "S1", "M1", "K1", "N1", "D1", "T1", "T2", "X1"
        ]
    );
    for (index, item) in form.items() {
        assert_eq!(
            (item.index(), form.item(item.id()), form.item_at(index)),
            (index, Some(item), Some(item))
        );
    }
    assert_eq!(
        (form.item_count(), form.item("Z9"), form.item_at(11)),
        (11, None, None)
    );
    assert_eq!(
        form.module_of(10)
            .map(survey_engine::questionnaire::Module::code),
        Some("EXTRA")
    );
}

#[test]
fn a_scale_is_the_likert_and_rating_items_of_one_indicator() {
    let expected = [
        Scale {
            indicator: "VISIT.1".to_owned(),
            items: vec![0, 1],
            reversed: vec![false, true],
            lo: 1,
            hi: 5,
        },
        Scale {
            indicator: "VISIT.2".to_owned(),
            items: vec![2],
            reversed: vec![false],
            lo: 0,
            hi: 10,
        },
    ];
    assert_eq!(form().scales(), expected);
}

#[test]
fn every_item_has_its_own_bytes_in_form_order() {
    let form = form();
    let widths: Vec<usize> = form
        .layout()
        .slots()
        .iter()
        .map(|slot| slot.width)
        .collect();
    // Nine options take two bytes of bits; a ranking of three a byte each; a number 8, a date 4.
    assert_eq!(widths, [1, 1, 1, 1, 1 + 2, 1 + 3, 1 + 8, 1 + 4, 1, 1, 1]);
    let mut next = 0;
    for slot in form.layout().slots() {
        assert_eq!(slot.offset, next);
        next += slot.width;
    }
    assert_eq!((form.layout().len(), form.layout().slot(11)), (next, None));
}

#[test]
fn options_and_ways_out_come_from_the_response_set_or_the_item() {
    let form = form();
    let likert = form.item("A1").unwrap();
    assert_eq!(
        (
            likert.options().len(),
            likert.missing().len(),
            likert.response_set()
        ),
        (5, 2, Some("agreement"))
    );
    let rating = form.item("R1").unwrap();
    assert_eq!(
        (
            rating.options().len(),
            rating.missing().len(),
            rating.response_set()
        ),
        (0, 1, None)
    );
    assert_eq!(
        (likert.value_range(), rating.value_range()),
        (Some((1, 5)), Some((0, 10)))
    );
    assert_eq!(form.item("N1").unwrap().value_range(), None);
}

#[test]
fn what_is_left_out_has_its_default() {
    let mut document = sample::document();
    for (id, kind) in [
        ("NUMBER", "number"),
        ("LINE", "short_text"),
        ("PAGE", "long_text"),
    ] {
        let item = json!({"id": id, "type": kind, "text": {"en": "a", "nl": "b"}});
        set(&mut document, "/forms/0/modules/2/items/-", item);
    }
    let form = sample::form_of(&document);
    let kind = |id| form.item(id).unwrap().kind().clone();
    assert_eq!(
        kind("NUMBER"),
        ItemKind::Number {
            minimum: None,
            maximum: None,
            decimals: 0
        }
    );
    assert_eq!(kind("LINE"), ItemKind::ShortText { max_length: 200 });
    assert_eq!(kind("PAGE"), ItemKind::LongText { max_length: 2_000 });
    let item = form.item("PAGE").unwrap();
    assert_eq!(
        (
            item.required(),
            item.reversed(),
            item.show_if(),
            item.help()
        ),
        (false, false, None, None)
    );
}

#[test]
fn conditions_are_bound_to_items_and_options() {
    let form = form();
    let condition = |id| form.item(id).unwrap().show_if().unwrap().clone();
    assert_eq!(
        condition("M1"),
        Condition::Item {
            index: 3,
            test: Test::Chosen(vec![1, 3])
        }
    );
    let low_rating = Condition::Item {
        index: 2,
        test: Test::AtMost(Quantity::Number(2.0)),
    };
    let welcome = Condition::Item {
        index: 0,
        test: Test::AtLeast(Quantity::Number(3.0)),
    };
    assert_eq!(
        condition("K1"),
        Condition::All(vec![welcome, Condition::Not(Box::new(low_rating))])
    );
}

#[test]
fn modules_are_chosen_by_code_and_kept_in_form_order() {
    let form = form();
    assert_eq!(ModuleSelection::default_of(&form).codes(), ["CORE", "MORE"]);
    assert_eq!(
        ModuleSelection::of(&form, ["EXTRA", "CORE"])
            .unwrap()
            .codes(),
        ["CORE", "EXTRA"]
    );
    let findings = ModuleSelection::of(&form, ["CORE", "core", "CORE"]).unwrap_err();
    let found: Vec<_> = findings
        .iter()
        .map(|finding| (finding.pointer.as_str(), finding.code))
        .collect();
    assert_eq!(
        found,
        [
            ("/modules/1", "unknown_module"),
            ("/modules/2", "duplicate_id")
        ]
    );
    let nothing = ModuleSelection::of(&form, Vec::<String>::new()).unwrap_err();
    assert_eq!(
        (nothing[0].pointer.as_str(), nothing[0].code),
        ("/modules", "too_few")
    );
}

#[test]
fn the_time_it_takes_is_that_of_the_chosen_modules() {
    let form = form();
    let chosen = |codes: &[&str]| ModuleSelection::of(&form, codes).unwrap();
    assert!((form.estimated_seconds(&chosen(&["CORE"])) - 30.0).abs() < 1e-9);
    assert!((form.estimated_seconds(&chosen(&["CORE", "EXTRA"])) - 37.5).abs() < 1e-9);
    let more = 15.0 + 3.0 * 5.0 + 10.0 + 10.0 + 20.0 + 45.0;
    assert!((form.estimated_seconds(&chosen(&["MORE"])) - more).abs() < 1e-9);
    assert_eq!(
        (
            form.estimated_minutes(&chosen(&["CORE"])),
            form.estimated_minutes(&chosen(&["MORE"]))
        ),
        (1, 2)
    );
}

#[test]
fn a_definition_written_out_is_the_document_it_was_read_from() {
    let framework = sample::framework();
    let read: Value = serde_json::from_str(sample::FRAMEWORK).unwrap();
    assert_eq!(framework.to_json(), read);
    assert_eq!(
        Framework::parse(&framework.to_json().to_string()),
        Ok(framework)
    );

    let questionnaire = Questionnaire::parse(sample::QUESTIONNAIRE, &sample::framework()).unwrap();
    assert_eq!(questionnaire.to_json(), sample::document());
}

#[test]
fn two_spellings_of_one_definition_are_one_line() {
    let line = |document: &Value| {
        Questionnaire::parse(&document.to_string(), &sample::framework())
            .unwrap()
            .canonical_json()
    };
    let plain = line(&sample::document());
    let mut spelt_out = sample::document();
    set(
        &mut spelt_out,
        "/$schema",
        json!("urn:klankbord:schema:questionnaire:1"),
    );
    set(
        &mut spelt_out,
        "/forms/0/modules/0/items/0/required",
        json!(false),
    );
    set(
        &mut spelt_out,
        "/forms/0/modules/1/items/2/maximum",
        json!(100.0),
    );
    set(
        &mut spelt_out,
        "/forms/0/modules/1/items/5/maxLength",
        json!(2_000),
    );
    assert_eq!(line(&spelt_out), plain);
    assert!(
        plain
            .starts_with(r#"{"fallback":{"fy":["nl"]},"forms":[{"group":"parent","id":"visitor","#)
    );

    let mut reworded = sample::document();
    set(
        &mut reworded,
        "/forms/0/modules/0/items/0/text/en",
        json!("I was very welcome."),
    );
    assert_ne!(line(&reworded), plain);
}
