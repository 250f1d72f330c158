//! Whatever the form and whatever the answers: what passes the check is stored and read back the same.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use survey_engine::answers::{PackedCode, RawAnswers, ValidAnswers, visible};
use survey_engine::questionnaire::{Form, ItemKind, ModuleSelection, Questionnaire};

use crate::sample;

/// The kind of an item, with what is particular to it, as a document has it.
fn particulars() -> impl Strategy<Value = Value> {
    let options = |least: usize, most: usize| {
        (least..=most).prop_map(|count| {
            let option =
                |number| json!({"code": format!("o{number}"), "label": {"en": "a", "nl": "b"}});
            (0..count).map(option).collect::<Value>()
        })
    };
    prop_oneof![
        options(2, 11).prop_map(|options| json!({"type": "likert", "options": options})),
        options(2, 40).prop_map(|options| json!({"type": "single_choice", "options": options})),
        options(1, 40).prop_map(|options| json!({"type": "multiple_choice", "options": options})),
        options(2, 20).prop_map(|options| json!({"type": "ranking", "options": options})),
        (0..=6_u8).prop_map(|decimals| json!({"type": "number", "decimals": decimals})),
        Just(json!({"type": "date"})),
        Just(json!({"type": "short_text"})),
        Just(json!({"type": "long_text", "maxLength": 10})),
        Just(json!({"type": "rating"})),
    ]
}

/// A questionnaire of one form of up to twenty items in two modules; about half of the items are
/// shown only if an earlier one is answered, or is not.
fn any_questionnaire() -> impl Strategy<Value = Questionnaire> {
    let item = (
        particulars(),
        any::<bool>(),
        any::<bool>(),
        any::<Index>(),
        any::<bool>(),
    );
    (vec(item, 1..20), any::<Index>()).prop_map(|(specs, split)| {
        let mut items: Vec<Value> = Vec::new();
        for (place, (mut item, conditional, negated, earlier, way_out)) in specs.into_iter().enumerate() {
            item["id"] = json!(format!("I{place}"));
            item["text"] = json!({"en": "a", "nl": "b"});
            if way_out {
                item["missing"] = json!([{"kind": "dont_know", "label": {"en": "a", "nl": "b"}}]);
            }
            if conditional && place > 0 {
                let answered = json!({"item": format!("I{}", earlier.index(place)), "answered": true});
                item["showIf"] = if negated { json!({ "not": answered }) } else { answered };
            }
            items.push(item);
        }
        let second = items.split_off(split.index(items.len()) + 1);
        let module = |code: &str, items: Vec<Value>| {
            json!({"code": code, "title": {"en": "a", "nl": "b"}, "default": true, "items": items})
        };
        let mut document = sample::document();
        let mut modules = vec![module("FIRST", items)];
        modules.extend((!second.is_empty()).then(|| module("SECOND", second)));
        document["forms"][0]["modules"] = modules.into();
        Questionnaire::parse(&document.to_string(), &sample::framework()).unwrap()
    })
}

fn any_form() -> impl Strategy<Value = Form> {
    any_questionnaire().prop_map(|questionnaire| questionnaire.forms()[0].clone())
}

/// An answer that the item accepts; null now and then.
fn answer_to(kind: &ItemKind, way_out: bool) -> BoxedStrategy<Value> {
    let codes: Vec<String> = kind
        .options()
        .iter()
        .map(|option| option.code().to_owned())
        .collect();
    let answer = match kind {
        ItemKind::Likert { options } => (1..=options.len())
            .prop_map(|position| json!(position))
            .boxed(),
        ItemKind::Rating { .. } => (0..=10).prop_map(|rating| json!(rating)).boxed(),
        ItemKind::SingleChoice { .. } => proptest::sample::select(codes)
            .prop_map(|code| json!(code))
            .boxed(),
        ItemKind::MultipleChoice { options, .. } => {
            proptest::sample::subsequence(codes, 0..=options.len())
                .prop_map(|chosen| json!(chosen))
                .boxed()
        }
        ItemKind::Ranking { .. } => Just(codes)
            .prop_shuffle()
            .prop_map(|ranked| json!(ranked))
            .boxed(),
        ItemKind::Number { decimals, .. } => {
            let unit = 10_f64.powi(i32::from(*decimals));
            (-1_000_000_i32..1_000_000)
                .prop_map(move |units| json!(f64::from(units) / unit))
                .boxed()
        }
        ItemKind::Date { .. } => (1..=9_999_u16, 1..=12_u8, 1..=28_u8)
            .prop_map(|(year, month, day)| json!(format!("{year:04}-{month:02}-{day:02}")))
            .boxed(),
        ItemKind::ShortText { .. } | ItemKind::LongText { .. } => {
            "\\PC{0,10}".prop_map(|text| json!(text)).boxed()
        }
    };
    let out = if way_out {
        json!({"missing": "dont_know"})
    } else {
        Value::Null
    };
    prop_oneof![6 => answer, 1 => Just(out), 1 => Just(Value::Null)].boxed()
}

/// A form, some of its modules, and answers of the right kinds to all of its items.
fn any_answers() -> impl Strategy<Value = (Form, ModuleSelection, RawAnswers)> {
    (any_form(), any::<Index>()).prop_flat_map(|(form, module)| {
        let strategies: Vec<_> = form
            .items()
            .map(|(_, item)| answer_to(item.kind(), !item.missing().is_empty()))
            .collect();
        let ids: Vec<String> = form.items().map(|(_, item)| item.id().to_owned()).collect();
        let code = form.modules()[module.index(form.modules().len())]
            .code()
            .to_owned();
        let some = ModuleSelection::of(&form, [code]).unwrap();
        let selection = prop_oneof![Just(ModuleSelection::default_of(&form)), Just(some)];
        (Just(form), selection, strategies).prop_map(move |(form, selection, values)| {
            let members: Value = ids.iter().cloned().zip(values).collect();
            (form, selection, serde_json::from_value(members).unwrap())
        })
    })
}

proptest! {
    #[test]
    fn what_passes_is_stored_and_read_back((form, selection, mut raw) in any_answers()) {
        raw.retain_visible(&form, &selection);
        let answers = ValidAnswers::check(&form, &selection, &raw).unwrap();
        prop_assert_eq!(answers.packed().len(), form.layout().len());

        let read = ValidAnswers::from_stored(&form, answers.packed().to_vec(), answers.texts().clone());
        prop_assert_eq!(read.as_ref(), Ok(&answers));
        let again = ValidAnswers::check(&form, &selection, &answers.to_raw());
        prop_assert_eq!(again, Ok(answers.clone()));

        // The same items are asked whether the answers come from outside or from the store.
        let asked = visible(&form, &selection, &raw);
        prop_assert_eq!(&asked, &visible(&form, &selection, &answers.to_raw()));
        let stored_as_asked: Vec<usize> =
            (0..form.item_count()).filter(|index| answers.code(*index) != PackedCode::NotShown).collect();
        prop_assert_eq!(asked, stored_as_asked);
    }

    #[test]
    fn stored_bytes_are_read_back_unchanged_or_refused(
        (form, selection, mut raw) in any_answers(),
        (place, byte) in (any::<Index>(), any::<u8>()),
    ) {
        raw.retain_visible(&form, &selection);
        let answers = ValidAnswers::check(&form, &selection, &raw).unwrap();
        let mut packed = answers.packed().to_vec();
        let place = place.index(packed.len());
        packed[place] = byte;
        if let Ok(read) = ValidAnswers::from_stored(&form, packed.clone(), answers.texts().clone()) {
            prop_assert_eq!(read.packed(), packed);
        }
    }

    #[test]
    fn any_bytes_at_all_are_read_or_refused(form in any_form(), bytes in vec(any::<u8>(), 0..400)) {
        let mut packed = bytes;
        packed.resize(form.layout().len(), 0);
        let _ = ValidAnswers::from_stored(&form, packed, std::collections::BTreeMap::default());
    }

    #[test]
    fn any_questionnaire_written_out_is_read_the_same(questionnaire in any_questionnaire()) {
        let document = questionnaire.to_json().to_string();
        let again = Questionnaire::parse(&document, &sample::framework()).unwrap();
        prop_assert_eq!(again.canonical_json(), questionnaire.canonical_json());
        prop_assert_eq!(again, questionnaire);
    }
}
