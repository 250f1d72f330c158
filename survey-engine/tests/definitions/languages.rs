//! Which language a reader gets.

use serde_json::json;
use survey_engine::questionnaire::{Language, Questionnaire};

use crate::{sample, set};

/// The sample in Dutch, Flemish and English, with Dutch for Frisians and English for Welsh readers.
fn questionnaire() -> Questionnaire {
    let mut document = sample::document();
    let mut text = document.to_string();
    text = text.replace(r#""nl":"#, r#""nl-BE":"Vlaams","nl":"#);
    document = serde_json::from_str(&text).unwrap();
    set(&mut document, "/languages", json!(["nl", "nl-BE", "en"]));
    set(
        &mut document,
        "/fallback",
        json!({"fy": ["nl-BE", "nl"], "cy": ["en"]}),
    );
    Questionnaire::parse(&document.to_string(), &sample::framework()).unwrap()
}

#[test]
fn the_chain_goes_from_the_language_asked_for_to_the_first_of_the_questionnaire() {
    let questionnaire = questionnaire();
    for (requested, expected) in [
        ("nl", vec!["nl"]),
        ("en", vec!["en", "nl"]),
        ("nl-be", vec!["nl-BE", "nl"]),
        ("NL-SR", vec!["nl"]),
        ("en-GB", vec!["en", "nl"]),
        ("fy", vec!["nl-BE", "nl"]),
        ("fy-NL", vec!["nl-BE", "nl"]),
        ("cy", vec!["en", "nl"]),
        ("uk", vec!["nl"]),
        ("", vec!["nl"]),
        ("no language; drop table", vec!["nl"]),
    ] {
        let chain = questionnaire.chain(requested);
        let languages: Vec<&str> = chain.languages().iter().map(Language::as_str).collect();
        assert_eq!(languages, expected, "{requested}");
        assert_eq!(chain.chosen().as_str(), expected[0], "{requested}");
    }
}

#[test]
fn a_text_is_read_in_the_first_language_of_the_chain() {
    let questionnaire = questionnaire();
    let title = questionnaire.title();
    assert_eq!(title.resolve(&questionnaire.chain("cy")), "Visit");
    assert_eq!(title.resolve(&questionnaire.chain("uk")), "Bezoek");
    assert_eq!(title.resolve(&questionnaire.chain("fy")), "Vlaams");
}

#[test]
fn a_text_of_the_framework_is_read_in_some_language_even_if_the_chain_has_none_of_its_own() {
    let framework = sample::framework();
    let questionnaire = questionnaire();
    let area = &framework.areas()[0];
    assert_eq!(area.title().resolve(&questionnaire.chain("fy")), "Bezoek");
    assert_eq!(area.title().resolve(&framework.chain("nl-NL")), "Bezoek");
    assert_eq!(area.title().resolve(&framework.chain("fi")), "Visits");
}
