//! The page after *Send*.

use askama::Template;

use super::{AssignmentLine, Page};

/// `GET /survey`: a page of the questionnaire that the browser has gone back to, or lost.
#[derive(Debug, Clone, Template)]
#[template(path = "respondent/bare.html")]
pub struct BarePage {
    /// The frame.
    pub page: Page,
}

/// The answers are stored; what happens next, and the next questionnaire if one is open.
#[derive(Debug, Clone, Template)]
#[template(path = "respondent/thanks.html")]
pub struct ThanksPage {
    /// The frame.
    pub page: Page,
    /// The person's token, for the next questionnaire; none where nobody knows who answered.
    pub token: Option<String>,
    /// The language, for the next questionnaire.
    pub language: String,
    /// Who asked.
    pub organisation: String,
    /// The day after which results are made, in words.
    pub closes: Option<String>,
    /// Whether the answers replaced earlier ones.
    pub replaced: bool,
    /// Whether the round is anonymous.
    pub anonymous: bool,
    /// The address of the page on which anyone can check what the round promises.
    pub check: String,
    /// The questionnaires that are still open.
    pub open: Vec<AssignmentLine>,
}
