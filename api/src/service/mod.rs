//! Use cases: each takes the [`App`](crate::app::App), a proof of who asks, and an input. Nothing here knows HTTP.

pub mod account;
pub mod answers;
pub mod backup;
pub mod caller;
pub mod check;
pub mod claim;
pub mod client;
pub mod definition;
pub mod doctor;
pub mod draft;
pub mod erasure;
pub mod indicator;
pub mod invitation;
pub mod kept;
pub mod opening;
pub mod organisation;
pub mod outbox;
pub mod participation;
pub mod pseudonym;
pub mod respondent;
pub mod response_import;
pub mod roster;
pub mod round;
pub mod scoring;
pub mod setup;
mod table;
pub mod timetable;

pub use caller::{Caller, Grant};

use crate::error::{Error, Problem, Result};
use std::collections::BTreeMap;

/// A short text in several languages, keyed by BCP 47 tag.
pub type Texts = BTreeMap<String, String>;

/// Collects what is wrong with an input, so that all of it can be told at once.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    /// Notes a problem at `pointer` where `wrong`.
    pub(crate) fn note(
        &mut self,
        wrong: bool,
        pointer: &str,
        code: &str,
        detail: impl Into<String>,
    ) {
        if wrong {
            self.0.push(Problem::new(pointer, code, detail));
        }
    }

    /// Takes over problems found elsewhere.
    pub(crate) fn extend(&mut self, others: impl IntoIterator<Item = Problem>) {
        self.0.extend(others);
    }

    /// An error with all problems, where there are any.
    pub(crate) fn into_result(self, summary: &str) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Error::Invalid {
            summary: summary.to_owned(),
            problems: self.0,
        })
    }
}

/// Whether `code` may name an organisation, a round or a group: lower-case letters, digits and dashes, a letter or digit first.
pub(crate) fn is_code(code: &str) -> bool {
    code.len() <= 64
        && code.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && code
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// What a code has to look like, in words.
pub(crate) const CODE_RULE: &str =
    "Use 1 to 64 lower-case letters, digits and dashes, with a letter or digit first.";

/// Notes what is wrong with a title or name in several languages.
pub(crate) fn check_texts(problems: &mut Problems, pointer: &str, texts: &Texts) {
    problems.note(
        texts.is_empty(),
        pointer,
        "missing",
        "Give the text in at least one language, such as {\"en\": \"…\"}.",
    );
    for (language, text) in texts {
        let at = format!("{pointer}/{language}");
        problems.note(
            survey_engine::questionnaire::Language::parse(language).is_none(),
            &at,
            "bad_language",
            format!("“{language}” is not a language tag such as en or pt-BR."),
        );
        problems.note(
            text.trim().is_empty()
                || text.chars().count() > 200
                || text.chars().any(char::is_control),
            &at,
            "bad_text",
            "Use 1 to 200 characters on one line.",
        );
    }
}

/// The text for a language: that language, its base language, English, or the first there is.
#[must_use]
pub fn localized<'t>(texts: &'t Texts, language: &str) -> &'t str {
    let base = language.split('-').next().unwrap_or(language);
    [language, base, "en"]
        .iter()
        .find_map(|tag| texts.get(*tag))
        .or_else(|| texts.values().next())
        .map_or("", String::as_str)
}
