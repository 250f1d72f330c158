//! What is wrong with an answer.

use serde::Serialize;

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
