//! Answers as they arrive.

use std::collections::BTreeMap;

use crate::questionnaire::{Form, MissingKind, ModuleSelection};

/// One value as it arrived, before it is held against its item.
#[derive(Debug, Clone, PartialEq)]
pub enum RawAnswer {
    /// `null`: not answered.
    Blank,
    /// A number: likert position, rating or number.
    Number(f64),
    /// A text: option code, date or text.
    Text(String),
    /// Option codes: multiple choice or ranking.
    List(Vec<String>),
    /// `{"missing": kind}`: one of the ways out.
    Missing(MissingKind),
    /// Anything else; the words say what. It fits no item.
    Unusable(String),
}

/// Values by item id, as they arrived.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawAnswers(BTreeMap<String, RawAnswer>);

impl RawAnswers {
    /// No answers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of an item; the value it had, if any.
    pub fn insert(&mut self, id: impl Into<String>, answer: RawAnswer) -> Option<RawAnswer> {
        self.0.insert(id.into(), answer)
    }

    /// The value of an item.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&RawAnswer> {
        self.0.get(id)
    }

    /// All values, sorted by item id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawAnswer)> {
        self.0.iter().map(|(id, answer)| (id.as_str(), answer))
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Drops the values of items that are not to be asked given the others, as a page does when a
    /// respondent goes back and changes an answer that others hang on. Values of items the form does
    /// not have stay, to be refused by the check.
    pub fn retain_visible(&mut self, form: &Form, selection: &ModuleSelection) {
        let shown = super::visible(form, selection, self);
        self.0.retain(|id, _| {
            form.item(id)
                .is_none_or(|item| shown.binary_search(&item.index()).is_ok())
        });
    }
}
