//! Documents broken in one item, its place on a scale, or its condition.

use serde_json::json;

use crate::{Broken, assert_found, found, remove, sample, set};

/// Items by their place: A1, A2, R1, S1 and M1, K1, N1, D1, T1, T2, and X1.
const ITEMS: &[Broken] = &[
    Broken {
        story: "two items of one name in different modules",
        edit: |document| set(document, "/forms/0/modules/2/items/0/id", json!("T1")),
        pointer: "/forms/0/modules/2/items/0/id",
        code: "duplicate_id",
    },
    Broken {
        story: "a type of item that does not exist",
        edit: |document| set(document, "/forms/0/modules/1/items/5/type", json!("essay")),
        pointer: "/forms/0/modules/1/items/5/type",
        code: "unknown_type",
    },
    Broken {
        story: "a key of another type of item",
        edit: |document| set(document, "/forms/0/modules/1/items/4/decimals", json!(2)),
        pointer: "/forms/0/modules/1/items/4/decimals",
        code: "unknown_key",
    },
    Broken {
        story: "nothing to choose from",
        edit: |document| remove(document, "/forms/0/modules/0/items/0/responseSet"),
        pointer: "/forms/0/modules/0/items/0",
        code: "missing_key",
    },
    Broken {
        story: "options from two places",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/0/items/3/responseSet",
                json!("agreement"),
            );
        },
        pointer: "/forms/0/modules/0/items/3/options",
        code: "conflicting_keys",
    },
    Broken {
        story: "a response set that does not exist",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/0/items/0/responseSet",
                json!("agreement7"),
            );
        },
        pointer: "/forms/0/modules/0/items/0/responseSet",
        code: "unknown_response_set",
    },
    Broken {
        story: "a choice between one",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/1/items/0/showIf",
                json!({"item": "S1", "in": ["yes"]}),
            );
            let yes = document["forms"][0]["modules"][0]["items"][3]["options"][0].clone();
            set(document, "/forms/0/modules/0/items/3/options", json!([yes]));
        },
        pointer: "/forms/0/modules/0/items/3/options",
        code: "too_few",
    },
    Broken {
        story: "more choices demanded than there are options",
        edit: |document| {
            remove(document, "/forms/0/modules/1/items/0/maxChoices");
            set(document, "/forms/0/modules/1/items/0/minChoices", json!(10));
        },
        pointer: "/forms/0/modules/1/items/0/minChoices",
        code: "out_of_range",
    },
    Broken {
        story: "half a choice",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/1/items/0/minChoices",
                json!(1.5),
            );
        },
        pointer: "/forms/0/modules/1/items/0/minChoices",
        code: "wrong_type",
    },
    Broken {
        story: "a number that is at least 200 and at most 100",
        edit: |document| {
            set(document, "/forms/0/modules/1/items/2/minimum", json!(200));
            remove(document, "/forms/0/modules/1/items/3/showIf");
        },
        pointer: "/forms/0/modules/1/items/2",
        code: "bounds_crossed",
    },
    Broken {
        story: "a day that does not exist",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/1/items/3/latest",
                json!("2027-02-29"),
            );
        },
        pointer: "/forms/0/modules/1/items/3/latest",
        code: "bad_date",
    },
    Broken {
        story: "a line of text as long as a book",
        edit: |document| set(document, "/forms/0/modules/1/items/4/maxLength", json!(501)),
        pointer: "/forms/0/modules/1/items/4/maxLength",
        code: "out_of_range",
    },
    Broken {
        story: "an indicator that the framework lacks",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/0/items/2/indicator",
                json!("VISIT.9"),
            );
        },
        pointer: "/forms/0/modules/0/items/2/indicator",
        code: "unknown_indicator",
    },
    Broken {
        story: "an indicator that parents cannot see",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/0/items/2/indicator",
                json!("VISIT.3"),
            );
        },
        pointer: "/forms/0/modules/0/items/2/indicator",
        code: "indicator_not_for_group",
    },
    Broken {
        story: "a rating among the likert items of one scale",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/0/items/2/indicator",
                json!("VISIT.1"),
            );
        },
        pointer: "/forms/0/modules/0/items/2",
        code: "mixed_scale_range",
    },
    Broken {
        story: "the items of one scale in two modules",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/2/items/0/indicator",
                json!("VISIT.1"),
            );
        },
        pointer: "/forms/0/modules/2/items/0",
        code: "scale_across_modules",
    },
    Broken {
        story: "more items in a scale than can be told apart",
        edit: |document| {
            for number in 0..63 {
                let more = json!({"id": format!("MORE{number}"), "type": "likert", "text": {"en": "More.", "nl": "Meer."},
                    "responseSet": "agreement", "indicator": "VISIT.1"});
                set(document, "/forms/0/modules/0/items/-", more);
            }
        },
        pointer: "/forms/0/modules/0/items/66",
        code: "scale_too_long",
    },
    Broken {
        story: "a choice reversed",
        edit: |document| set(document, "/forms/0/modules/0/items/3/reversed", json!(true)),
        pointer: "/forms/0/modules/0/items/3/reversed",
        code: "reversed_without_scale",
    },
    Broken {
        story: "a likert item reversed that belongs to nothing",
        edit: |document| remove(document, "/forms/0/modules/0/items/1/indicator"),
        pointer: "/forms/0/modules/0/items/1/reversed",
        code: "reversed_without_scale",
    },
];

const X1: &str = "/forms/0/modules/2/items/0/showIf";

/// The condition of the last item, X1.
const CONDITIONS: &[Broken] = &[
    Broken {
        story: "an item that the form lacks",
        edit: |document| set(document, X1, json!({"item": "Z9", "answered": true})),
        pointer: "/forms/0/modules/2/items/0/showIf/item",
        code: "unknown_item",
    },
    Broken {
        story: "an item that asks about itself",
        edit: |document| {
            set(
                document,
                X1,
                json!({"not": {"item": "X1", "answered": true}}),
            );
        },
        pointer: "/forms/0/modules/2/items/0/showIf/not/item",
        code: "forward_reference",
    },
    Broken {
        story: "an item that asks about a later one",
        edit: |document| {
            set(
                document,
                "/forms/0/modules/0/items/0/showIf",
                json!({"any": [{"item": "X1", "answered": true}]}),
            );
        },
        pointer: "/forms/0/modules/0/items/0/showIf/any/0/item",
        code: "forward_reference",
    },
    Broken {
        story: "an option that the choice lacks",
        edit: |document| set(document, X1, json!({"item": "S1", "in": ["yes", "maybe"]})),
        pointer: "/forms/0/modules/2/items/0/showIf/in/1",
        code: "unknown_option",
    },
    Broken {
        story: "a likert item compared with a code",
        edit: |document| set(document, X1, json!({"item": "A1", "in": [1, "fully"]})),
        pointer: "/forms/0/modules/2/items/0/showIf/in/1",
        code: "wrong_type",
    },
    Broken {
        story: "a sixth position of five",
        edit: |document| set(document, X1, json!({"item": "A1", "atLeast": 6})),
        pointer: "/forms/0/modules/2/items/0/showIf/atLeast",
        code: "out_of_range",
    },
    Broken {
        story: "a number that the item does not accept",
        edit: |document| set(document, X1, json!({"item": "N1", "atMost": -1})),
        pointer: "/forms/0/modules/2/items/0/showIf/atMost",
        code: "out_of_range",
    },
    Broken {
        story: "a date compared with a number",
        edit: |document| set(document, X1, json!({"item": "D1", "atMost": 2027})),
        pointer: "/forms/0/modules/2/items/0/showIf/atMost",
        code: "wrong_type",
    },
    Broken {
        story: "a choice put in order",
        edit: |document| set(document, X1, json!({"item": "S1", "atLeast": 2})),
        pointer: "/forms/0/modules/2/items/0/showIf/atLeast",
        code: "incomparable",
    },
    Broken {
        story: "a text compared",
        edit: |document| set(document, X1, json!({"item": "T1", "in": ["me"]})),
        pointer: "/forms/0/modules/2/items/0/showIf/in",
        code: "incomparable",
    },
    Broken {
        story: "two tests in one",
        edit: |document| {
            set(
                document,
                X1,
                json!({"item": "A1", "atLeast": 2, "atMost": 4}),
            );
        },
        pointer: "/forms/0/modules/2/items/0/showIf",
        code: "bad_condition",
    },
    Broken {
        story: "no test at all",
        edit: |document| set(document, X1, json!({})),
        pointer: "/forms/0/modules/2/items/0/showIf",
        code: "bad_condition",
    },
    Broken {
        story: "answered, but not",
        edit: |document| set(document, X1, json!({"item": "A1", "answered": false})),
        pointer: "/forms/0/modules/2/items/0/showIf/answered",
        code: "bad_condition",
    },
    Broken {
        story: "all of nothing",
        edit: |document| set(document, X1, json!({"all": []})),
        pointer: "/forms/0/modules/2/items/0/showIf/all",
        code: "too_few",
    },
    Broken {
        story: "a key too many beside a test",
        edit: |document| {
            set(
                document,
                X1,
                json!({"item": "A1", "atLeast": 2, "unless": "never"}),
            );
        },
        pointer: "/forms/0/modules/2/items/0/showIf/unless",
        code: "unknown_key",
    },
];

#[test]
fn an_item_broken_in_one_way_has_one_finding_at_that_place() {
    assert_found(&sample::document(), ITEMS, found);
}

#[test]
fn a_condition_broken_in_one_way_has_one_finding_at_that_place() {
    assert_found(&sample::document(), CONDITIONS, found);
}
