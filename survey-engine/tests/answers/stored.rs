//! How answers are stored, and what is taken back.

use std::collections::BTreeMap;

use serde_json::json;
use survey_engine::answers::{PackedCode, RawAnswers, StoredAnswersError, ValidAnswers};
use survey_engine::questionnaire::{MissingKind, ModuleSelection};

use crate::{check, form, full, raw, sample, with};

#[test]
fn the_packed_bytes_are_these() {
    let answers = check(&full()).unwrap();
    let mut expected = vec![
        4,   // A1: fourth position
        254, // A2: not applicable
        11,  // R1: rating 10
        1,   // S1: first option
        1,
        0b0000_0001,
        0b0000_0001, // M1: first and ninth of nine options
        1,
        3,
        1,
        2, // K1: tour, coffee, talk
    ];
    expected.push(1); // N1
    expected.extend(2.5_f64.to_le_bytes());
    expected.push(1); // D1
    expected.extend(20_574_i32.to_le_bytes());
    expected.extend([1, 1]); // T1, T2: the texts lie apart
    expected.push(252); // X1: its module was not chosen
    assert_eq!(answers.packed(), expected);
    let texts: Vec<(&str, &str)> = answers
        .texts()
        .iter()
        .map(|(id, text)| (id.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        texts,
        [("T1", "The caretaker"), ("T2", "Two lines:\nlike this.")]
    );
}

#[test]
fn blank_hidden_and_way_out_are_told_apart() {
    let answers = check(&json!({"S1": "no", "N1": {"missing": "dont_know"}})).unwrap();
    let (blank, hidden, unknown) = (0, 252, 255);
    let mut expected = vec![blank, blank, blank, 2];
    expected.extend([hidden, 0, 0]); // M1
    expected.extend([hidden, 0, 0, 0]); // K1
    expected.extend([unknown, 0, 0, 0, 0, 0, 0, 0, 0]); // N1
    expected.extend([hidden, 0, 0, 0, 0]); // D1
    expected.extend([blank, hidden, hidden]); // T1, T2, X1
    assert_eq!(answers.packed(), expected);
    assert_eq!(answers.answered_count(), 1);
}

#[test]
fn every_byte_stands_for_one_code_or_none() {
    for byte in 0..=u8::MAX {
        match PackedCode::from_byte(byte) {
            Some(code) => assert_eq!(code.byte(), byte),
            None => assert!((241..=251).contains(&byte), "{byte}"),
        }
    }
    assert_eq!(
        PackedCode::from_byte(253),
        Some(PackedCode::Missing(MissingKind::PreferNotToSay))
    );
}

#[test]
fn what_was_stored_reads_back_as_what_was_sent() {
    for sent in [
        full(),
        json!({"S1": "no"}),
        json!({"S1": "unsure", "M1": ["bus"], "T2": null}),
    ] {
        let answers = check(&sent).unwrap();
        let packed = answers.packed().to_vec();
        let read = ValidAnswers::from_stored(&form(), packed, answers.texts().clone()).unwrap();
        assert_eq!(read, answers);
        let read: RawAnswers = read.to_raw();
        let again = ValidAnswers::check(&form(), &default_modules(), &read).unwrap();
        assert_eq!(again, answers);
    }
    let sent_in_form_order = with(full(), json!({"M1": ["bus", "other"]}));
    assert_eq!(check(&full()).unwrap().to_raw(), raw(&sent_in_form_order));
}

fn default_modules() -> ModuleSelection {
    ModuleSelection::default_of(&form())
}

/// Where the bytes of an item start.
fn offset(id: &str) -> usize {
    let form = form();
    form.layout()
        .slot(form.item(id).unwrap().index())
        .unwrap()
        .offset
}

#[test]
fn bytes_that_no_check_could_have_stored_are_refused() {
    let stored = check(&full()).unwrap();
    for (story, id, at, byte) in [
        ("a byte that stands for nothing", "A1", 0, 245),
        ("a sixth position of five", "A1", 0, 6),
        ("a rating of eleven", "R1", 0, 12),
        ("a fourth option of three", "S1", 0, 4),
        ("a required item left blank", "S1", 0, 0),
        ("a way out that is not offered", "R1", 0, 255),
        ("an item hidden that had to be shown", "T1", 0, 252),
        ("an answer that hides others that are given", "S1", 0, 2),
        ("a tenth choice of nine", "M1", 2, 0b0000_0011),
        ("four choices of at most three", "M1", 1, 0b0000_0111),
        ("an answer without choices", "M1", 1, 0),
        ("choices without an answer", "M1", 0, 0),
        ("a status of two", "M1", 0, 2),
        ("an option ranked twice", "K1", 1, 1),
        ("an option ranked that does not exist", "K1", 1, 4),
        ("a number that is not finite", "N1", 7, 0xff),
        ("a day after the last", "D1", 3, 0x7f),
        ("a text that is not there", "T1", 0, 0),
        ("an item shown whose condition does not hold", "X1", 0, 0),
    ] {
        let mut packed = stored.packed().to_vec();
        let place = offset(id) + at;
        assert_ne!(packed[place], byte, "{story}");
        packed[place] = byte;
        if story == "an answer without choices" {
            packed[place + 1] = 0;
        }
        let read = ValidAnswers::from_stored(&form(), packed, stored.texts().clone());
        assert!(
            matches!(read, Err(StoredAnswersError::Item { .. })),
            "{story}: {read:?}"
        );
    }
}

#[test]
fn bytes_of_another_form_are_refused() {
    let stored = check(&full()).unwrap();
    let mut document = sample::document();
    document["forms"][0]["modules"][2]["items"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "X2", "type": "rating", "text": {"en": "a", "nl": "b"}}));
    let longer = sample::form_of(&document);
    let error =
        ValidAnswers::from_stored(&longer, stored.packed().to_vec(), stored.texts().clone())
            .unwrap_err();
    let found = stored.packed().len();
    assert_eq!(
        error,
        StoredAnswersError::Length {
            expected: found + 1,
            found
        }
    );
    assert_eq!(
        error.to_string(),
        format!(
            "the form packs into {} bytes, but {found} are stored",
            found + 1
        )
    );
}

#[test]
fn texts_have_to_be_the_ones_the_bytes_speak_of() {
    let stored = check(&full()).unwrap();
    let with_texts = |edit: fn(&mut BTreeMap<String, String>)| {
        let mut texts = stored.texts().clone();
        edit(&mut texts);
        ValidAnswers::from_stored(&form(), stored.packed().to_vec(), texts)
    };
    let at = |item: &str, read: Result<ValidAnswers, StoredAnswersError>| match read {
        Err(StoredAnswersError::Item { item: found, .. }) => assert_eq!(found, item),
        other => panic!("{item}: {other:?}"),
    };
    assert!(with_texts(|_| {}).is_ok());
    at("T1", with_texts(|texts| drop(texts.remove("T1"))));
    at(
        "T1",
        with_texts(|texts| drop(texts.insert("T1".to_owned(), " spaced ".to_owned()))),
    );
    at(
        "T2",
        with_texts(|texts| drop(texts.insert("T2".to_owned(), "\u{0}".to_owned()))),
    );
    at(
        "A1",
        with_texts(|texts| drop(texts.insert("A1".to_owned(), "no text item".to_owned()))),
    );
    at(
        "Z9",
        with_texts(|texts| drop(texts.insert("Z9".to_owned(), "no item".to_owned()))),
    );
}
