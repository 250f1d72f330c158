//! What is wrong with an answer, in words that help to mend it.

use survey_engine::questionnaire::{Date, Item, ItemKind, LanguageChain, MissingKind};

use crate::http::pages::view::Page;

/// One thing that is wrong with the answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Complaint {
    /// What was typed is not a number.
    NotANumber,
    /// An answer and a way out at the same time.
    Both(MissingKind),
    /// Two options of a ranking have this place.
    SamePlace(usize),
    /// Some options of a ranking have a place and others have none.
    PlaceLacking,
    /// No page of ours posts such a value.
    Unreadable,
    /// The rules of the item refuse it, by the code of the check.
    Refused(&'static str),
}

impl Complaint {
    /// The complaint in the language of the page.
    #[must_use]
    pub fn words(&self, page: &Page, chain: &LanguageChain, item: &Item) -> String {
        match self {
            Self::NotANumber => page.text("problem-number"),
            Self::Both(kind) => {
                let offered = item
                    .missing()
                    .iter()
                    .find(|offered| offered.kind() == *kind);
                let label = offered.map_or("", |offered| offered.label().resolve(chain));
                page.one("problem-both", "missing", label)
            }
            Self::SamePlace(place) => page.count("problem-ranking-twice", *place),
            Self::PlaceLacking | Self::Refused("incomplete_ranking" | "duplicate_option") => {
                page.text("problem-ranking")
            }
            Self::Unreadable => page.text("problem-other"),
            Self::Refused(code) => refused(page, item.kind(), code),
        }
    }
}

fn refused(page: &Page, kind: &ItemKind, code: &str) -> String {
    match (code, kind) {
        ("required", _) => page.text("problem-required"),
        (
            "out_of_range",
            ItemKind::Number {
                minimum, maximum, ..
            },
        ) => {
            let number = |value: &f64| page.translator().plain_number(*value);
            range(
                page,
                "problem-range",
                minimum.as_ref().map(number),
                maximum.as_ref().map(number),
            )
        }
        ("out_of_range", ItemKind::Date { earliest, latest }) => range(
            page,
            "problem-date",
            earliest.map(|day| day_in_words(page, day)),
            latest.map(|day| day_in_words(page, day)),
        ),
        ("bad_date", _) => page.text("problem-date"),
        ("too_precise", ItemKind::Number { decimals: 0, .. }) => page.text("problem-precise-whole"),
        ("too_precise", ItemKind::Number { decimals, .. }) => {
            page.count("problem-precise", usize::from(*decimals))
        }
        ("too_few", ItemKind::MultipleChoice { min_choices, .. }) => {
            page.count("problem-too-few", usize::from(min_choices.unwrap_or(1)))
        }
        ("too_many", ItemKind::MultipleChoice { max_choices, .. }) => {
            page.count("problem-too-many", usize::from(max_choices.unwrap_or(1)))
        }
        ("too_long", ItemKind::ShortText { max_length } | ItemKind::LongText { max_length }) => {
            page.count("problem-too-long", usize::from(*max_length))
        }
        _ => page.text("problem-other"),
    }
}

/// The text for a range that has both ends, or one: `{id}-between`, `{id}-from` or `{id}-to`.
pub(super) fn range(page: &Page, id: &str, low: Option<String>, high: Option<String>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => page.with(
            &format!("{id}-between"),
            &[("low", low.into()), ("high", high.into())],
        ),
        (Some(low), None) => page.one(&format!("{id}-from"), "low", low),
        (None, Some(high)) => page.one(&format!("{id}-to"), "high", high),
        (None, None) => page.text("problem-other"),
    }
}

/// A day as the page's language writes it.
pub(super) fn day_in_words(page: &Page, day: Date) -> String {
    let written = day.to_string();
    written
        .parse()
        .map_or(written, |date| page.translator().date(date))
}
