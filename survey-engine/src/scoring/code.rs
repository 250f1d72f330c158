//! The one-byte answer code.

/// Code of an item that was not put to the respondent: its module was not selected, or its condition was false.
pub const NOT_SHOWN: u8 = 252;
/// Code of the answer "prefer not to say".
pub const PREFER_NOT_TO_SAY: u8 = 253;
/// Code of the answer "not applicable".
pub const NOT_APPLICABLE: u8 = 254;
/// Code of the answer "don't know".
pub const DONT_KNOW: u8 = 255;

/// What a one-byte code means for an item with a given number of categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A category, counted from 0 (the lowest) in the order of the questionnaire, before any reversing.
    Category(u8),
    /// Shown and left unanswered.
    Blank,
    /// Not put to this respondent.
    NotShown,
    /// "Prefer not to say".
    PreferNotToSay,
    /// "Not applicable".
    NotApplicable,
    /// "Don't know".
    DontKnow,
}

impl Answer {
    /// Reads `code` for an item with `categories` categories; `None` for a code the item cannot have.
    ///
    /// ```
    /// use survey_engine::scoring::{Answer, DONT_KNOW};
    /// assert_eq!(Answer::of(5, 5), Some(Answer::Category(4)));
    /// assert_eq!(Answer::of(0, 5), Some(Answer::Blank));
    /// assert_eq!(Answer::of(DONT_KNOW, 5), Some(Answer::DontKnow));
    /// assert_eq!(Answer::of(6, 5), None);
    /// ```
    #[must_use]
    pub fn of(code: u8, categories: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Blank),
            NOT_SHOWN => Some(Self::NotShown),
            PREFER_NOT_TO_SAY => Some(Self::PreferNotToSay),
            NOT_APPLICABLE => Some(Self::NotApplicable),
            DONT_KNOW => Some(Self::DontKnow),
            category if category <= categories => Some(Self::Category(category - 1)),
            _ => None,
        }
    }
}
