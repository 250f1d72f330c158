//! One answer, understood.

use crate::questionnaire::{Date, MissingKind};

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Answer {
    /// Asked and left blank.
    #[default]
    Unanswered,
    /// Not asked.
    NotShown,
    /// One of the ways out.
    Missing(MissingKind),
    /// Likert and single choice: 1-based index of the option.
    Option(u8),
    /// Rating: 0 to 10.
    Rating(u8),
    /// Multiple choice: 1-based indexes of the options, ascending, at least one.
    Options(Vec<u8>),
    /// Ranking: 1-based indexes of all options from first to last.
    Ranking(Vec<u8>),
    /// Number, finite.
    Number(f64),
    /// Date.
    Date(Date),
    /// Text, trimmed and not empty.
    Text(String),
}

impl Answer {
    /// Whether it has substance: not blank, not hidden, not one of the ways out.
    #[must_use]
    pub fn is_substantive(&self) -> bool {
        !matches!(self, Self::Unanswered | Self::NotShown | Self::Missing(_))
    }
}
