//! When an item is shown: a typed expression over the answers to earlier items of the same form.
//!
//! Expressions are two-valued and total. An item without a substantive answer (not answered, not
//! shown, "don't know") fails every test; `Not` inverts like anywhere else. They are evaluated by
//! [`answers::visible`](crate::answers::visible).

use std::cmp::Ordering;

use super::Date;

/// A condition whose references and value types have been checked.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// A test of one earlier item, by its index in the form.
    Item {
        /// Index of the item in form order, always smaller than that of the item asking.
        index: usize,
        /// What its answer has to be.
        test: Test,
    },
    /// All of these hold; at least one is given.
    All(Vec<Condition>),
    /// At least one of these holds; at least one is given.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
}

impl Condition {
    /// Indexes of the items it looks at, some perhaps more than once.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let why = form.item("WHY").expect("the fifth item");
    /// let condition = why.show_if().expect("it is for those who do not like coming here");
    /// assert_eq!(condition.items().collect::<Vec<_>>(), [0]);
    /// ```
    pub fn items(&self) -> Box<dyn Iterator<Item = usize> + '_> {
        match self {
            Self::Item { index, .. } => Box::new(std::iter::once(*index)),
            Self::All(parts) | Self::Any(parts) => Box::new(parts.iter().flat_map(Self::items)),
            Self::Not(part) => part.items(),
        }
    }
}

/// A test of the answer to one item.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// There is a substantive answer.
    Answered,
    /// One of these options (1-based) was chosen: single and multiple choice.
    Chosen(Vec<u8>),
    /// The answer equals one of these: likert, rating, number and date.
    OneOf(Vec<Quantity>),
    /// The answer is this or more: likert, rating, number and date.
    AtLeast(Quantity),
    /// The answer is this or less: likert, rating, number and date.
    AtMost(Quantity),
}

/// What has an order: a position on a likert scale, a rating, a number, or a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// A position (1-based), rating or number.
    Number(f64),
    /// A day.
    Date(Date),
}

impl PartialOrd for Quantity {
    /// Numbers have an order, and so have days; a number and a day have none.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.partial_cmp(right),
            (Self::Date(left), Self::Date(right)) => left.partial_cmp(right),
            (Self::Number(_), Self::Date(_)) | (Self::Date(_), Self::Number(_)) => None,
        }
    }
}
