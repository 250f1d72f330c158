//! One respondent's answers to one form as a fixed number of bytes; see
//! [`Layout`](crate::questionnaire::Layout) for the slots.

use super::{Answer, AnswerProblem, RawAnswer};
use crate::questionnaire::{ChoiceOption, Date, Form, Item, ItemKind, MissingKind};

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
    ///
    /// ```
    /// use survey_engine::answers::PackedCode;
    /// assert_eq!(PackedCode::from_byte(4), Some(PackedCode::Value(4)));
    /// assert_eq!(PackedCode::from_byte(245), None);
    /// ```
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
    ///
    /// ```
    /// use survey_engine::answers::PackedCode;
    /// assert_eq!(PackedCode::NotShown.byte(), 252);
    /// ```
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

impl StoredAnswersError {
    /// The first of the problems the check had.
    pub(super) fn refused(problems: &[AnswerProblem]) -> Self {
        let (item, reason) = match problems.first() {
            Some(problem) => (problem.item.clone(), problem.detail.clone()),
            None => Default::default(),
        };
        Self::Item { item, reason }
    }
}

/// Fills the slots of all items, given one answer for each item. The texts lie apart.
pub(super) fn pack(form: &Form, answers: &[Answer]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(form.layout().len());
    for (answer, slot) in answers.iter().zip(form.layout().slots()) {
        packed.push(code(answer).byte());
        match answer {
            Answer::Options(chosen) => packed.extend(bitmask(chosen, slot.width - 1)),
            Answer::Ranking(ranked) => packed.extend(ranked),
            Answer::Number(number) => packed.extend(number.to_le_bytes()),
            Answer::Date(date) => packed.extend(date.days().to_le_bytes()),
            _ => {}
        }
        packed.resize(slot.offset + slot.width, 0);
    }
    packed
}

fn code(answer: &Answer) -> PackedCode {
    match answer {
        Answer::Unanswered => PackedCode::Unanswered,
        Answer::NotShown => PackedCode::NotShown,
        Answer::Missing(kind) => PackedCode::Missing(*kind),
        Answer::Option(index) => PackedCode::Value(*index),
        Answer::Rating(value) => PackedCode::Value(*value + 1),
        Answer::Options(_)
        | Answer::Ranking(_)
        | Answer::Number(_)
        | Answer::Date(_)
        | Answer::Text(_) => PackedCode::Value(1),
    }
}

fn bitmask(chosen: &[u8], width: usize) -> impl Iterator<Item = u8> {
    (0..width).map(|byte| {
        let bits = (0..8).filter(|bit| {
            chosen
                .iter()
                .any(|index| usize::from(*index) == byte * 8 + bit + 1)
        });
        bits.map(|bit| 1 << bit).sum()
    })
}

/// The raw value that packs into this slot, if any does; `text` is what lies apart.
///
/// Only the shape is looked at here: whether the item accepts the value is for the check to say.
pub(super) fn unpack(item: &Item, slot: &[u8], text: Option<&str>) -> Option<RawAnswer> {
    let (status, rest) = slot.split_first()?;
    let value = match PackedCode::from_byte(*status)? {
        PackedCode::Unanswered | PackedCode::NotShown => return Some(RawAnswer::Blank),
        PackedCode::Missing(kind) => return Some(RawAnswer::Missing(kind)),
        PackedCode::Value(value) => value,
    };
    Some(match item.kind() {
        ItemKind::Likert { .. } => RawAnswer::Number(f64::from(value)),
        ItemKind::Rating { .. } => RawAnswer::Number(f64::from(value) - 1.0),
        ItemKind::SingleChoice { options } => {
            RawAnswer::Text(option_code(options, usize::from(value))?)
        }
        ItemKind::MultipleChoice { options, .. } => RawAnswer::List(chosen(options, rest)?),
        ItemKind::Ranking { options } => {
            let codes = rest
                .iter()
                .map(|index| option_code(options, usize::from(*index)));
            RawAnswer::List(codes.collect::<Option<_>>()?)
        }
        ItemKind::Number { .. } => RawAnswer::Number(f64::from_le_bytes(rest.try_into().ok()?)),
        ItemKind::Date { .. } => {
            RawAnswer::Text(Date::from_days(i32::from_le_bytes(rest.try_into().ok()?))?.to_string())
        }
        ItemKind::ShortText { .. } | ItemKind::LongText { .. } => RawAnswer::Text(text?.to_owned()),
    })
}

fn option_code(options: &[ChoiceOption], index: usize) -> Option<String> {
    options
        .get(index.checked_sub(1)?)
        .map(|option| option.code().to_owned())
}

fn chosen(options: &[ChoiceOption], mask: &[u8]) -> Option<Vec<String>> {
    let bits = (0..mask.len() * 8).filter(|bit| {
        mask.get(bit / 8)
            .is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
    });
    bits.map(|bit| option_code(options, bit + 1)).collect()
}
