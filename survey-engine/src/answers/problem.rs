//! What is wrong with an answer.

use serde::Serialize;

use crate::questionnaire::{Form, join};

/// One thing wrong with a set of answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerProblem {
    /// RFC 6901 pointer into the request: `/answers/{item}`.
    pub pointer: String,
    /// Id of the item.
    pub item: String,
    /// A stable word for programs: `unknown_item`, `not_asked`, `required`, `wrong_type`,
    /// `out_of_range`, `too_precise`, `unknown_option`, `duplicate_option`, `too_few`, `too_many`,
    /// `incomplete_ranking`, `bad_date`, `too_long`, `control_character` or `not_offered`.
    pub code: &'static str,
    /// English sentence saying what would be accepted.
    pub detail: String,
}

impl AnswerProblem {
    pub(super) fn new(item: &str, refusal: Refusal) -> Self {
        Self {
            pointer: join("/answers", item),
            item: item.to_owned(),
            code: refusal.code,
            detail: refusal.detail,
        }
    }

    pub(super) fn unknown_item(id: &str, form: &Form) -> Self {
        let detail = format!("Form `{}` has no item `{id}`; leave it out.", form.id());
        Self::new(id, Refusal::new("unknown_item", detail))
    }
}

/// Why one value is refused, before it is known where it stands.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) detail: String,
}

impl Refusal {
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}
