//! One question with its control, its problem and what was given so far.

use super::{Page, Words};

/// One option that can be chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The value that is posted.
    pub value: String,
    /// What it says.
    pub label: Words,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// One option of a ranking, with the place that the person gave it.
#[derive(Debug, Clone)]
pub struct RankedOption {
    /// The name of the posted field.
    pub name: String,
    /// What it says.
    pub label: Words,
    /// The places to choose from.
    pub places: Vec<Place>,
}

/// One place in a ranking.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// 1 is the first place.
    pub number: usize,
    /// Whether the option stands there.
    pub chosen: bool,
}

/// How a question is answered.
#[derive(Debug, Clone)]
pub enum Control {
    /// Steps of agreement or frequency, from lowest to highest.
    Steps(Vec<Choice>),
    /// One of several options.
    One(Vec<Choice>),
    /// Any of several options, with a sentence on how many if there is a rule.
    Several {
        /// The options.
        choices: Vec<Choice>,
        /// How many to choose, in words.
        hint: Option<String>,
    },
    /// 0 to 10.
    Rating {
        /// The eleven values.
        choices: Vec<Choice>,
        /// What 0 means.
        low: Option<Words>,
        /// What 10 means.
        high: Option<Words>,
    },
    /// Options in an order.
    Ranking {
        /// The options, each with its place.
        options: Vec<RankedOption>,
        /// How to give places, in words.
        hint: String,
    },
    /// A number, as it was typed.
    Number {
        /// What was typed.
        value: String,
        /// Which numbers fit, in words.
        hint: Option<String>,
    },
    /// A date, as it was typed.
    Date {
        /// What was typed, `YYYY-MM-DD` from most browsers.
        value: String,
        /// The earliest date, `YYYY-MM-DD`.
        earliest: Option<String>,
        /// The latest date, `YYYY-MM-DD`.
        latest: Option<String>,
    },
    /// One line of text.
    Line {
        /// What was typed.
        value: String,
        /// The longest text, in characters.
        longest: usize,
    },
    /// Several lines of text.
    Text {
        /// What was typed.
        value: String,
        /// The longest text, in characters.
        longest: usize,
    },
}

/// One question of a section page.
#[derive(Debug, Clone)]
pub struct QuestionView {
    /// Its place on the page, from 1; the page's ids are made of it.
    pub number: usize,
    /// The item's id.
    pub item: String,
    /// The question.
    pub text: Words,
    /// A word of help.
    pub help: Option<Words>,
    /// Whether an answer is needed.
    pub required: bool,
    /// How it is answered.
    pub control: Control,
    /// The ways of not answering that the question offers.
    pub missing: Vec<Choice>,
    /// What is wrong with what was given, in words.
    pub problem: Option<String>,
}

impl QuestionView {
    /// The name of the posted field.
    #[must_use]
    pub fn name(&self) -> String {
        format!("a.{}", self.item)
    }

    /// The ids of what explains the question, for `aria-describedby`; empty if nothing does.
    #[must_use]
    pub fn described_by(&self) -> String {
        let parts = [
            self.help
                .is_some()
                .then(|| format!("q{}-help", self.number)),
            self.hint()
                .is_some()
                .then(|| format!("q{}-hint", self.number)),
            self.problem
                .is_some()
                .then(|| format!("q{}-problem", self.number)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// A sentence on what fits, made from the item's rules.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match &self.control {
            Control::Several { hint, .. } | Control::Number { hint, .. } => hint.as_deref(),
            Control::Ranking { hint, .. } => Some(hint),
            _ => None,
        }
    }

    /// Whether the question is one typed field, so that its text is that field's label.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        matches!(
            self.control,
            Control::Number { .. }
                | Control::Date { .. }
                | Control::Line { .. }
                | Control::Text { .. }
        )
    }

    /// Whether a choice cannot be undone by choosing again, so that the page offers to clear it.
    #[must_use]
    pub fn is_clearable(&self) -> bool {
        matches!(
            self.control,
            Control::Steps(_) | Control::One(_) | Control::Rating { .. }
        )
    }

    /// The type of the inputs by which a missing answer is given: beside radio buttons a radio button,
    /// else a box to tick.
    #[must_use]
    pub fn missing_type(&self) -> &'static str {
        if self.is_clearable() {
            "radio"
        } else {
            "checkbox"
        }
    }

    /// What the error summary calls the question: its text, shortened.
    #[must_use]
    pub fn short_text(&self, page: &Page) -> String {
        const LONGEST: usize = 80;
        if self.text.text.chars().count() <= LONGEST {
            return self.text.text.clone();
        }
        let start: String = self.text.text.chars().take(LONGEST).collect();
        let cut = start
            .rsplit_once(' ')
            .map_or(start.as_str(), |(words, _)| words);
        page.one("shortened", "text", cut)
    }
}
