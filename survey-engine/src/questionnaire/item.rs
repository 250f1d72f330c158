//! Items: one question each.

use serde::{Deserialize, Serialize};

use super::{Condition, Date, LocalizedText};

/// A question, as it stands in its form.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub(super) index: usize,
    pub(super) id: String,
    pub(super) kind: ItemKind,
    pub(super) text: LocalizedText,
    pub(super) help: Option<LocalizedText>,
    pub(super) indicator: Option<String>,
    pub(super) reversed: bool,
    pub(super) required: bool,
    pub(super) show_if: Option<Condition>,
    pub(super) missing: Vec<MissingOption>,
    /// Where options and missing came from, if from a named response set.
    pub(super) response_set: Option<String>,
}

impl Item {
    /// Place in its form, counting from 0 over all modules.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Identifier, unique within its form.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What kind of answer it asks for.
    #[must_use]
    pub fn kind(&self) -> &ItemKind {
        &self.kind
    }

    /// The question.
    #[must_use]
    pub fn text(&self) -> &LocalizedText {
        &self.text
    }

    /// An explanation to go with the question.
    #[must_use]
    pub fn help(&self) -> Option<&LocalizedText> {
        self.help.as_ref()
    }

    /// Code of the indicator it belongs to.
    #[must_use]
    pub fn indicator(&self) -> Option<&str> {
        self.indicator.as_deref()
    }

    /// Whether a high answer speaks against the indicator.
    #[must_use]
    pub fn reversed(&self) -> bool {
        self.reversed
    }

    /// Whether it has to be answered when it is shown; a missing option counts as an answer.
    #[must_use]
    pub fn required(&self) -> bool {
        self.required
    }

    /// When it is shown; always, if there is no condition.
    #[must_use]
    pub fn show_if(&self) -> Option<&Condition> {
        self.show_if.as_ref()
    }

    /// The ways out that are offered beside an answer.
    #[must_use]
    pub fn missing(&self) -> &[MissingOption] {
        &self.missing
    }

    /// Name of the response set its options were taken from.
    #[must_use]
    pub fn response_set(&self) -> Option<&str> {
        self.response_set.as_deref()
    }

    /// The options to choose from; empty for kinds without.
    #[must_use]
    pub fn options(&self) -> &[ChoiceOption] {
        self.kind.options()
    }

    /// Lowest and highest value of an item that can be part of a scale: (1, m) for a likert item of m
    /// options, (0, 10) for a rating, nothing for all others.
    #[must_use]
    pub fn value_range(&self) -> Option<(u8, u8)> {
        self.kind.value_range()
    }
}

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
    /// use survey_engine::questionnaire::MissingKind;
    /// assert_eq!(MissingKind::DontKnow.name(), "dont_know");
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

    /// See [`Item::value_range`].
    #[must_use]
    pub fn value_range(&self) -> Option<(u8, u8)> {
        match self {
            Self::Likert { options } => Some((1, u8::try_from(options.len()).unwrap_or(u8::MAX))),
            Self::Rating { .. } => Some((0, 10)),
            _ => None,
        }
    }
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChoiceOption {
    pub(super) code: String,
    pub(super) label: LocalizedText,
}

impl ChoiceOption {
    /// What an answer calls it; unique among the options of its item.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What the respondent reads.
    #[must_use]
    pub fn label(&self) -> &LocalizedText {
        &self.label
    }
}

/// A way out that an item offers instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingOption {
    pub(super) kind: MissingKind,
    pub(super) label: LocalizedText,
}

impl MissingOption {
    /// Why there is no answer.
    #[must_use]
    pub fn kind(&self) -> MissingKind {
        self.kind
    }

    /// What the respondent reads.
    #[must_use]
    pub fn label(&self) -> &LocalizedText {
        &self.label
    }
}

/// Why a respondent gave no substantive answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingKind {
    /// "I don't know."
    DontKnow,
    /// "This does not apply to me."
    NotApplicable,
    /// "I would rather not say."
    PreferNotToSay,
}

impl MissingKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::DontKnow, Self::NotApplicable, Self::PreferNotToSay];

    /// The word for it in documents and answers, such as `dont_know`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DontKnow => "dont_know",
            Self::NotApplicable => "not_applicable",
            Self::PreferNotToSay => "prefer_not_to_say",
        }
    }

    /// The kind with this name.
    ///
    /// ```
    /// use survey_engine::questionnaire::MissingKind;
    /// assert_eq!(MissingKind::from_name("dont_know"), Some(MissingKind::DontKnow));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
