//! The page before *Send*: every question with the answer that was given.

use askama::Template;

use super::{LanguageChoice, Page, Wizard, Words};

/// One question and its answer in words.
#[derive(Debug, Clone)]
pub struct ReviewLine {
    /// The question.
    pub question: Words,
    /// The answer, one line per chosen option; empty if there is none.
    pub answer: Vec<Words>,
}

/// One part of the questionnaire.
#[derive(Debug, Clone)]
pub struct ReviewPart {
    /// Its position among all parts, from 0.
    pub section: usize,
    /// What it is called.
    pub title: Words,
    /// Its questions.
    pub lines: Vec<ReviewLine>,
}

impl ReviewPart {
    /// How many of its questions have no answer.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| line.answer.is_empty())
            .count()
    }
}

/// All answers at a glance, each part with a way back to it, and the button that sends them.
#[derive(Debug, Clone, Template)]
#[template(path = "respondent/review.html")]
pub struct ReviewPage {
    /// The frame.
    pub page: Page,
    /// The hidden fields; all answers are carried.
    pub wizard: Wizard,
    /// Who asks.
    pub organisation: String,
    /// The parts that have questions.
    pub parts: Vec<ReviewPart>,
    /// Why the answers could not be sent, in words, if that was tried.
    pub problem: Option<String>,
    /// Whether the round is anonymous, so that the page repeats the promise where it matters most.
    pub anonymous: bool,
    /// The address of the page on which anyone can check what the round promises.
    pub check: String,
    /// The other languages.
    pub languages: Vec<LanguageChoice>,
}

impl ReviewPage {
    /// How many questions have no answer.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        self.parts.iter().map(ReviewPart::unanswered).sum()
    }
}
