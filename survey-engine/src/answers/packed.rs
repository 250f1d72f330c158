//! One respondent's answers to one form as a fixed number of bytes; see [`Layout`] for the slots.

use crate::questionnaire::{Form, Layout, MissingKind};

/// What the first byte of an item's slot says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PackedCode {
    /// Asked and left blank: 0.
    Unanswered,
    /// Answered: 1 to 240. The 1-based option index of a likert or single choice, the value of a rating
    /// plus one, 1 for all other kinds.
    Value(u8),
    /// Not asked, because the module was not chosen or the condition did not hold: 252.
    NotShown,
    /// "Prefer not to say" 253, "not applicable" 254, "don't know" 255.
    Missing(MissingKind),
}

impl PackedCode {
    /// Largest byte that stands for a value.
    pub const LARGEST_VALUE: u8 = 240;

    /// The code of a byte; `None` for 241 to 251, which stand for nothing.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            0 => Self::Unanswered,
            1..=Self::LARGEST_VALUE => Self::Value(byte),
            252 => Self::NotShown,
            253 => Self::Missing(MissingKind::PreferNotToSay),
            254 => Self::Missing(MissingKind::NotApplicable),
            255 => Self::Missing(MissingKind::DontKnow),
            _ => return None,
        })
    }

    /// The byte of a code.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Unanswered => 0,
            Self::Value(value) => value,
            Self::NotShown => 252,
            Self::Missing(MissingKind::PreferNotToSay) => 253,
            Self::Missing(MissingKind::NotApplicable) => 254,
            Self::Missing(MissingKind::DontKnow) => 255,
        }
    }
}

/// Why stored bytes are not answers to the form they are read with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredAnswersError {
    /// The form needs another number of bytes.
    #[error("the form packs into {expected} bytes, but {found} are stored")]
    Length {
        /// Bytes the form packs into.
        expected: usize,
        /// Bytes stored.
        found: usize,
    },
    /// The bytes or text of an item stand for nothing.
    #[error("item `{item}`: {reason}")]
    Item {
        /// Id of the item.
        item: String,
        /// What is wrong with it.
        reason: String,
    },
}
