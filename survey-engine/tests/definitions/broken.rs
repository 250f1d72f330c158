//! Documents broken in one place, outside their items.

use serde_json::json;

use crate::{Broken, assert_found, found, found_in_framework, remove, sample, set};

const QUESTIONNAIRES: &[Broken] = &[
    Broken {
        story: "a form without a title",
        edit: |document| remove(document, "/forms/0/title"),
        pointer: "/forms/0",
        code: "missing_key",
    },
    Broken {
        story: "a key misspelt",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/0/descriptoin",
                json!({"en": "a", "nl": "b"}),
            );
        },
        pointer: "/forms/0/modules/0/descriptoin",
        code: "unknown_key",
    },
    Broken {
        story: "a questionnaire of no forms",
        edit: |document| set(document, "/forms", json!([])),
        pointer: "/forms",
        code: "too_few",
    },
    Broken {
        story: "a flag written as a word",
        edit: |document| set(document, "/forms/0/modules/0/default", json!("yes")),
        pointer: "/forms/0/modules/0/default",
        code: "wrong_type",
    },
    Broken {
        story: "an identifier in capitals",
        edit: |document| set(document, "/id", json!("Sample")),
        pointer: "/id",
        code: "bad_id",
    },
    Broken {
        story: "a version of two numbers",
        edit: |document| set(document, "/version", json!("1.0")),
        pointer: "/version",
        code: "bad_version",
    },
    Broken {
        story: "bound to another version of the framework",
        edit: |document| set(document, "/framework/version", json!("2.0.0")),
        pointer: "/framework",
        code: "unknown_framework",
    },
    Broken {
        story: "a text that one language lacks",
        edit: |document| remove(document, "/forms/0/introduction/nl"),
        pointer: "/forms/0/introduction",
        code: "missing_translation",
    },
    Broken {
        story: "a text in a language that is not listed",
        edit: |document| set(document, "/title/fr", json!("Visite")),
        pointer: "/title/fr",
        code: "unlisted_language",
    },
    Broken {
        story: "a text of nothing but spaces",
        edit: |document| set(document, "/title/nl", json!("  ")),
        pointer: "/title/nl",
        code: "empty_text",
    },
    Broken {
        story: "a text longer than a page",
        edit: |document| set(document, "/title/nl", json!("é".repeat(5_001))),
        pointer: "/title/nl",
        code: "too_long",
    },
    Broken {
        story: "a text with a null character",
        edit: |document| set(document, "/title/nl", json!("Be\u{0}zoek")),
        pointer: "/title/nl",
        code: "control_character",
    },
    Broken {
        story: "a language by its name",
        edit: |document| set(document, "/fallback/Frisian", json!(["nl"])),
        pointer: "/fallback/Frisian",
        code: "bad_language",
    },
    Broken {
        story: "a fallback to a language the questionnaire lacks",
        edit: |document| set(document, "/fallback/fy/-", json!("de")),
        pointer: "/fallback/fy/1",
        code: "unlisted_language",
    },
    Broken {
        story: "a fallback for one language in two spellings",
        edit: |document| {
            set(
                document,
                "/fallback",
                json!({"fy": ["nl"], "nl-BE": ["nl"], "nl-be": ["nl"]}),
            );
        },
        pointer: "/fallback/nl-be",
        code: "duplicate_key",
    },
    Broken {
        story: "a language listed twice",
        edit: |document| set(document, "/languages/-", json!("nl")),
        pointer: "/languages/2",
        code: "duplicate_id",
    },
    Broken {
        story: "two forms of one name",
        edit: |document| {
            let form = document["forms"][0].clone();
            set(document, "/forms/-", form);
        },
        pointer: "/forms/1/id",
        code: "duplicate_id",
    },
    Broken {
        story: "two modules of one code",
        edit: |document| set(document, "/forms/0/modules/2/code", json!("CORE")),
        pointer: "/forms/0/modules/2/code",
        code: "duplicate_id",
    },
    Broken {
        story: "a module of no items",
        edit: |document| set(document, "/forms/0/modules/2/items", json!([])),
        pointer: "/forms/0/modules/2/items",
        code: "too_few",
    },
    Broken {
        story: "a form that asks nothing by default",
        edit: |document| {
            set(document, "/forms/0/modules/0/default", json!(false));
            set(document, "/forms/0/modules/1/default", json!(false));
        },
        pointer: "/forms/0/modules",
        code: "no_default_module",
    },
    Broken {
        story: "more items in a form than anyone answers",
        edit: |document| {
            let item = |number| json!({"id": format!("B{number}"), "type": "rating", "text": {"en": "a", "nl": "b"}});
            for module in ["/forms/0/modules/1/items", "/forms/0/modules/2/items"] {
                let list = document
                    .pointer_mut(module)
                    .unwrap()
                    .as_array_mut()
                    .unwrap();
                let from = if module.contains("/1/") { 0 } else { 150 };
                list.extend((from..from + 150).map(item));
            }
        },
        pointer: "/forms/0/modules",
        code: "too_many",
    },
    Broken {
        story: "a response set with a name of two words",
        edit: |document| {
            let set_of_options = document["responseSets"]["agreement"].clone();
            set(document, "/responseSets/in between", set_of_options);
        },
        pointer: "/responseSets/in between",
        code: "bad_id",
    },
    Broken {
        story: "an option without a label in Dutch",
        edit: |document| remove(document, "/responseSets/agreement/options/3/label/nl"),
        pointer: "/responseSets/agreement/options/3/label",
        code: "missing_translation",
    },
    Broken {
        story: "two options of one code",
        edit: |document| {
            set(
                document,
                "/responseSets/agreement/options/1/code",
                json!("never"),
            );
        },
        pointer: "/responseSets/agreement/options/1/code",
        code: "duplicate_id",
    },
    Broken {
        story: "a way out that does not exist",
        edit: |document| {
            set(
                document,
                "/responseSets/agreement/missing/0/kind",
                json!("no_idea"),
            );
        },
        pointer: "/responseSets/agreement/missing/0/kind",
        code: "unknown_kind",
    },
    Broken {
        story: "a way out offered twice",
        edit: |document| {
            set(
                document,
                "/responseSets/agreement/missing/0/kind",
                json!("not_applicable"),
            );
        },
        pointer: "/responseSets/agreement/missing/1/kind",
        code: "duplicate_id",
    },
];

const FRAMEWORKS: &[Broken] = &[
    Broken {
        story: "an indicator of no area",
        edit: |document| set(document, "/indicators/1/area", json!("NOWHERE")),
        pointer: "/indicators/1/area",
        code: "unknown_area",
    },
    Broken {
        story: "two indicators of one code",
        edit: |document| set(document, "/indicators/2/code", json!("VISIT.1")),
        pointer: "/indicators/2/code",
        code: "duplicate_id",
    },
    Broken {
        story: "a kind of indicator that does not exist",
        edit: |document| set(document, "/indicators/0/kind", json!("output")),
        pointer: "/indicators/0/kind",
        code: "unknown_kind",
    },
    Broken {
        story: "an indicator that nobody can see",
        edit: |document| set(document, "/indicators/0/groups", json!([])),
        pointer: "/indicators/0/groups",
        code: "too_few",
    },
    Broken {
        story: "an area without a description in Dutch, which the title has",
        edit: |document| remove(document, "/areas/0/description/nl"),
        pointer: "/areas/0/description",
        code: "missing_translation",
    },
    Broken {
        story: "a key of another document",
        edit: |document| set(document, "/forms", json!([])),
        pointer: "/forms",
        code: "unknown_key",
    },
];

#[test]
fn a_questionnaire_broken_in_one_place_has_one_finding_at_that_place() {
    assert_found(&sample::document(), QUESTIONNAIRES, found);
}

#[test]
fn a_framework_broken_in_one_place_has_one_finding_at_that_place() {
    let sound = serde_json::from_str(sample::FRAMEWORK).unwrap();
    assert_found(&sound, FRAMEWORKS, found_in_framework);
}

#[test]
fn a_pointer_escapes_what_rfc_6901_says() {
    let mut document = sample::document();
    set(&mut document, "/forms/0/what~else", json!(1));
    document
        .as_object_mut()
        .unwrap()
        .insert("and/or".to_owned(), json!(2));
    let places: Vec<String> = found(&document.to_string())
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(places, ["/forms/0/what~0else", "/and~1or"]);
}

#[test]
fn a_very_broken_document_tells_everything_at_once() {
    let document = r#"{
        "id": "very broken", "version": 1, "version": 2, "surprise": true,
        "framework": {"id": "sample-quality", "version": "2.1.0"},
        "title": {"en": ""}, "languages": ["en", "nl"],
        "forms": [{
            "id": "visitor", "group": "staff", "title": {"en": "a", "nl": "b"},
            "modules": [{
                "code": "CORE", "title": {"en": "a", "nl": "b"}, "default": true,
                "items": [
                    {"id": "A", "type": "likert", "text": {"en": "a", "nl": "b"}, "responseSet": "agreement", "indicator": "VISIT.2"},
                    {"id": "A", "type": "rating", "text": {"en": "a", "nl": "b"}, "showIf": {"item": "Z", "answered": true}},
                    {"id": "B", "type": "essay", "text": {"nl": "b"}, "help": "see above"},
                    17
                ]
            }]
        }]
    }"#;
    let expected = [
        ("/version", "duplicate_key"),
        ("/id", "bad_id"),
        ("/version", "wrong_type"),
        ("/title/en", "empty_text"),
        ("/title", "missing_translation"),
        ("/forms/0", "missing_key"),
        (
            "/forms/0/modules/0/items/0/responseSet",
            "unknown_response_set",
        ),
        ("/forms/0/modules/0/items/1/id", "duplicate_id"),
        ("/forms/0/modules/0/items/2/type", "unknown_type"),
        ("/forms/0/modules/0/items/2/text", "missing_translation"),
        ("/forms/0/modules/0/items/2/help", "wrong_type"),
        ("/forms/0/modules/0/items/3", "wrong_type"),
        (
            "/forms/0/modules/0/items/0/indicator",
            "indicator_not_for_group",
        ),
        ("/forms/0/modules/0/items/1/showIf/item", "unknown_item"),
        ("/surprise", "unknown_key"),
    ];
    assert_eq!(
        found(document),
        expected.map(|(pointer, code)| (pointer.to_owned(), code))
    );
}
