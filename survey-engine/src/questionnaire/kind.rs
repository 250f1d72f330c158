//! What kinds of answers there are.

use super::{ChoiceOption, Date, LocalizedText};

/// What kind of answer an item asks for, with what is particular to it.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// A position on a scale of options from lowest to highest.
    Likert {
        /// 2 to 11 options.
        options: Vec<ChoiceOption>,
    },
    /// One of several options.
    SingleChoice {
        /// 2 to 240 options.
        options: Vec<ChoiceOption>,
    },
    /// Any number of several options.
    MultipleChoice {
        /// 1 to 240 options.
        options: Vec<ChoiceOption>,
        /// Fewest options to choose when answering, if there is such a limit.
        min_choices: Option<u8>,
        /// Most options to choose, if there is such a limit.
        max_choices: Option<u8>,
    },
    /// All options in order of preference.
    Ranking {
        /// 2 to 20 options.
        options: Vec<ChoiceOption>,
    },
    /// A number.
    Number {
        /// Smallest number accepted.
        minimum: Option<f64>,
        /// Largest number accepted.
        maximum: Option<f64>,
        /// Digits after the decimal point, 0 to 6.
        decimals: u8,
    },
    /// A day.
    Date {
        /// First day accepted.
        earliest: Option<Date>,
        /// Last day accepted.
        latest: Option<Date>,
    },
    /// A line of text.
    ShortText {
        /// Most characters accepted, up to 500.
        max_length: u16,
    },
    /// A text of several lines.
    LongText {
        /// Most characters accepted, up to 10 000.
        max_length: u16,
    },
    /// A whole number from 0 to 10.
    Rating {
        /// What 0 means.
        low_label: Option<LocalizedText>,
        /// What 10 means.
        high_label: Option<LocalizedText>,
    },
}

impl ItemKind {
    /// The words for all kinds.
    pub(super) const NAMES: [&'static str; 9] = [
        "likert",
        "single_choice",
        "multiple_choice",
        "ranking",
        "number",
        "date",
        "short_text",
        "long_text",
        "rating",
    ];

    /// The word for it in a document: `likert`, `single_choice` and so on.
    ///
    /// ```
    /// use survey_engine::questionnaire::ItemKind;
    /// assert_eq!(ItemKind::ShortText { max_length: 200 }.name(), "short_text");
    /// ```
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Likert { .. } => "likert",
            Self::SingleChoice { .. } => "single_choice",
            Self::MultipleChoice { .. } => "multiple_choice",
            Self::Ranking { .. } => "ranking",
            Self::Number { .. } => "number",
            Self::Date { .. } => "date",
            Self::ShortText { .. } => "short_text",
            Self::LongText { .. } => "long_text",
            Self::Rating { .. } => "rating",
        }
    }

    /// The options to choose from; empty for kinds without.
    ///
    /// ```
    /// use survey_engine::questionnaire::ItemKind;
    /// assert!(ItemKind::ShortText { max_length: 200 }.options().is_empty());
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// assert_eq!(form.items().map(|(_, item)| item.kind().options().len()).max(), Some(5));
    /// ```
    #[must_use]
    pub fn options(&self) -> &[ChoiceOption] {
        match self {
            Self::Likert { options }
            | Self::SingleChoice { options }
            | Self::MultipleChoice { options, .. }
            | Self::Ranking { options } => options,
            _ => &[],
        }
    }

    /// See [`Item::value_range`](super::Item::value_range).
    ///
    /// ```
    /// use survey_engine::questionnaire::ItemKind;
    /// assert_eq!(ItemKind::Rating { low_label: None, high_label: None }.value_range(), Some((0, 10)));
    /// assert_eq!(ItemKind::ShortText { max_length: 200 }.value_range(), None);
    /// ```
    #[must_use]
    pub fn value_range(&self) -> Option<(u8, u8)> {
        match self {
            Self::Likert { options } => Some((1, u8::try_from(options.len()).unwrap_or(u8::MAX))),
            Self::Rating { .. } => Some((0, 10)),
            _ => None,
        }
    }
}
