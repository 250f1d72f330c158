//! What several pages of respondents say of a round.

use survey_engine::questionnaire::{Language, LanguageChain};

use crate::http::pages::view::{LanguageChoice, Page, Promise, Words};
use crate::service::definition::Instrument;
use crate::service::round::{Mode, Round};
use crate::service::{Texts, localized};

/// Forms whose id ends in this are shown in larger type and with more air.
const EASY: &str = "-easy";

/// The group whose members are children.
const LEARNERS: &str = "learner";

/// The frame in which a form is shown to a group.
pub(super) fn page_for(form: &str, group: &str, language: &Language) -> Page {
    Page::new(language.as_str())
        .easy(form.ends_with(EASY))
        .informal(is_informal(group))
}

/// The languages that a questionnaire has.
pub(super) fn language_choices(
    instrument: &Instrument,
    chain: &LanguageChain,
) -> Vec<LanguageChoice> {
    let tags: Vec<&str> = instrument
        .questionnaire
        .languages()
        .iter()
        .map(Language::as_str)
        .collect();
    LanguageChoice::among(&tags, chain.chosen().as_str())
}

/// The last day on which answers are taken: a round that closes at midnight closes on the day before.
pub(super) fn last_day(page: &Page, round: &Round) -> Option<String> {
    round
        .closes_at
        .map(|closes| page.translator().date_of_ms(closes.saturating_sub(1)))
}

/// A title in the language, or in the one that stands in for it.
pub(super) fn in_language(texts: &Texts, language: &str) -> Words {
    let text = localized(texts, language);
    let found = texts.iter().find(|(_, other)| other.as_str() == text);
    let is_exact = texts.contains_key(language);
    Words::new(
        text,
        found
            .filter(|_| !is_exact)
            .map_or(language, |(tag, _)| tag.as_str()),
    )
}

/// What a round promises.
pub(super) fn promise(page: &Page, round: &Round, language: &str) -> Promise {
    match (round.mode, &round.promise) {
        (Mode::Anonymous, _) => Promise::Anonymous,
        (Mode::Confidential, Some(promise)) => Promise::Confidential {
            keeper: localized(&promise.keeper, language).to_owned(),
            purpose: localized(&promise.purpose, language).to_owned(),
            until: promise
                .until
                .parse()
                .map_or_else(|_| promise.until.clone(), |day| page.translator().date(day)),
        },
        // A confidential round cannot be made without its promise; should it lack one, nothing is promised.
        (Mode::Confidential, None) | (Mode::Identified, _) => Promise::Identified,
    }
}

/// Whether a group is spoken to in the words that one uses to children.
pub(in crate::http::pages) fn is_informal(group: &str) -> bool {
    group == LEARNERS
}

/// The address of the page on which anyone can check what a round promises, which speaks as `page` does.
pub(super) fn check_path(round: &Round, page: &Page) -> String {
    let manner = page.manner(page.language());
    format!("/rounds/{}/{}?{manner}", round.tenant, round.code)
}
