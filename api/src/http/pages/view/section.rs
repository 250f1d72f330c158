//! One part of a questionnaire: one module, one page.

use askama::Template;

use super::{Control, LanguageChoice, Page, QuestionView, Words};

/// What gives the right to answer, as the pages carry it: one of the two, never both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer {
    /// The person's own link: who answers is known.
    Token(String),
    /// A credential that was signed blindly: it says what may be answered, and not by whom.
    Credential(String),
}

impl Default for Bearer {
    /// The right to nothing.
    fn default() -> Self {
        Self::Token(String::new())
    }
}

impl Bearer {
    /// The name of the hidden field.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Credential(_) => "credential",
        }
    }

    /// The value of the hidden field.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::Token(text) | Self::Credential(text) => text,
        }
    }

    /// Whether it tells whose answers they are.
    #[must_use]
    pub fn is_token(&self) -> bool {
        matches!(self, Self::Token(_))
    }
}

/// The hidden fields that carry a person from page to page: nothing is stored before *Send*.
#[derive(Debug, Clone)]
pub struct Wizard {
    /// What gives the right to answer.
    pub bearer: Bearer,
    /// Which questionnaire.
    pub assignment: String,
    /// The language of the questionnaire.
    pub language: String,
    /// The part that the page shows, from 0.
    pub section: usize,
    /// The items that the page shows, so that the next step knows which question is new.
    pub shown: String,
    /// The answers that the page does not show: name and value, as they were posted.
    pub carried: Vec<(String, String)>,
    /// Whether unfinished answers may be kept for another device: with a credential, or in a round that is not anonymous.
    pub portable: bool,
}

/// One part of the questionnaire with its questions.
#[derive(Debug, Clone, Template)]
#[template(path = "respondent/section.html")]
pub struct SectionPage {
    /// The frame.
    pub page: Page,
    /// The hidden fields.
    pub wizard: Wizard,
    /// Who asks.
    pub organisation: String,
    /// What the part is called.
    pub title: Words,
    /// A word about the part.
    pub description: Option<Words>,
    /// Which part this is, from 1, among those that have questions.
    pub part: usize,
    /// How many parts have questions.
    pub parts: usize,
    /// The questions.
    pub questions: Vec<QuestionView>,
    /// How many questions the answers on this page have just added.
    pub added: usize,
    /// The other languages.
    pub languages: Vec<LanguageChoice>,
}

impl SectionPage {
    /// The questions that have a problem.
    pub fn problems(&self) -> impl Iterator<Item = &QuestionView> {
        self.questions
            .iter()
            .filter(|question| question.problem.is_some())
    }

    /// How many questions have a problem.
    #[must_use]
    pub fn problem_count(&self) -> usize {
        self.problems().count()
    }

    /// `Part 2 of 5`.
    #[must_use]
    pub fn progress(&self) -> String {
        self.page.with(
            "section-progress",
            &[("part", self.part.into()), ("parts", self.parts.into())],
        )
    }

    /// Whether this is the last part before the review.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.part >= self.parts
    }
}
