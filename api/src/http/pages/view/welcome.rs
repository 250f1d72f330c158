//! The first page behind a personal link.

use askama::Template;

use super::{LanguageChoice, Page, Words};

/// What the round promises about the answers; fixed when the round opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promise {
    /// Nobody can connect answers to a person once the round has closed.
    Anonymous,
    /// Answers carry a code that one keeper can connect to a person for one purpose until a date.
    Confidential {
        /// Who keeps the key.
        keeper: String,
        /// What for.
        purpose: String,
        /// The date on which the key is destroyed, in words.
        until: String,
    },
    /// The name is stored with the answers.
    Identified,
}

/// One questionnaire that the person is asked to fill in.
#[derive(Debug, Clone)]
pub struct AssignmentLine {
    /// What the hidden field carries.
    pub id: String,
    /// The organisation that the questions are about.
    pub organisation: String,
    /// The form's title.
    pub form: Words,
    /// Whole minutes it takes, at least 1.
    pub minutes: usize,
    /// Whether answers were sent for it.
    pub done: bool,
    /// Whether answers came for it through the link itself: from then on nothing else will do.
    pub assisted: bool,
    /// Whether answers sent now replace the earlier ones.
    pub can_replace: bool,
}

/// `GET /s/{token}`: what this is, what happens with the answers, and a button to start.
#[derive(Debug, Clone, Template)]
#[template(path = "respondent/welcome.html")]
pub struct WelcomePage {
    /// The frame.
    pub page: Page,
    /// The person's token, for the hidden field.
    pub token: String,
    /// The language of the questionnaire, for the hidden field.
    pub language: String,
    /// Who asks.
    pub organisation: String,
    /// What the round is called.
    pub round: Words,
    /// The group the person is asked as, in words, if there is just one.
    pub group: Option<String>,
    /// A few words of the questionnaire itself.
    pub introduction: Option<Words>,
    /// The last day, in words.
    pub closes: Option<String>,
    /// What is promised.
    pub promise: Promise,
    /// The address of the page on which anyone can check what is promised.
    pub check: String,
    /// Whether a browser that can may claim the right to answer blindly.
    pub blind: bool,
    /// The questionnaires, at least one.
    pub assignments: Vec<AssignmentLine>,
    /// The languages on offer, none if there is only one.
    pub languages: Vec<LanguageChoice>,
}

impl WelcomePage {
    /// The one questionnaire, if there is just one.
    #[must_use]
    pub fn single(&self) -> Option<&AssignmentLine> {
        match self.assignments.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// How many questionnaires were sent already.
    #[must_use]
    pub fn done(&self) -> usize {
        self.assignments
            .iter()
            .filter(|assignment| assignment.done)
            .count()
    }
}
