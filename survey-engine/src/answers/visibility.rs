//! Which items are to be asked, given the answers so far.

use super::reading::Reading;
use super::{Answer, RawAnswers};
use crate::questionnaire::{Condition, Form, ModuleSelection, Quantity, Test};

/// Indexes of the items to ask, ascending: those of the chosen modules whose condition holds.
///
/// An item that is hidden, or whose value its item would refuse, counts as unanswered for the
/// conditions of later items.
///
/// ```
/// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
/// # use school::*;
/// use survey_engine::answers::visible;
/// # let questionnaire = with_follow_up();
/// # let form = questionnaire.form("learner").unwrap();
/// # let asked = ModuleSelection::default_of(form);
/// // The fifth item asks those who do not like coming here why.
/// let answered = |position| RawAnswers::from_iter([("L1", RawAnswer::Number(position))]);
/// assert_eq!(visible(form, &asked, &answered(2.0)), [0, 1, 2, 3, 4]);
/// assert_eq!(visible(form, &asked, &answered(5.0)), [0, 1, 2, 3]);
/// ```
#[must_use]
pub fn visible(form: &Form, selection: &ModuleSelection, raw: &RawAnswers) -> Vec<usize> {
    let shown = Reading::of(form, raw).shown(selection);
    shown
        .iter()
        .enumerate()
        .filter_map(|(index, shown)| shown.then_some(index))
        .collect()
}

/// For each item whether it is asked, given one answer for each item.
pub(super) fn shown(form: &Form, selection: &ModuleSelection, answers: &[Answer]) -> Vec<bool> {
    let mut shown: Vec<bool> = Vec::with_capacity(form.item_count());
    for module in form.modules() {
        let chosen = selection.includes(module.code());
        for item in module.items() {
            let earlier = Earlier {
                answers,
                shown: &shown,
            };
            let asked = chosen
                && item
                    .show_if()
                    .is_none_or(|condition| earlier.satisfy(condition));
            shown.push(asked);
        }
    }
    shown
}

/// The answers to the items before the one in question.
#[derive(Clone, Copy)]
struct Earlier<'a> {
    answers: &'a [Answer],
    shown: &'a [bool],
}

impl<'a> Earlier<'a> {
    fn satisfy(self, condition: &Condition) -> bool {
        match condition {
            Condition::Item { index, test } => self
                .answer(*index)
                .is_some_and(|answer| passes(answer, test)),
            Condition::All(conditions) => {
                conditions.iter().all(|condition| self.satisfy(condition))
            }
            Condition::Any(conditions) => {
                conditions.iter().any(|condition| self.satisfy(condition))
            }
            Condition::Not(condition) => !self.satisfy(condition),
        }
    }

    /// The answer to an earlier item, if it was asked.
    fn answer(self, index: usize) -> Option<&'a Answer> {
        let asked = self.shown.get(index).copied().unwrap_or_default();
        self.answers.get(index).filter(|_| asked)
    }
}

fn passes(answer: &Answer, test: &Test) -> bool {
    match test {
        Test::Answered => answer.is_substantive(),
        Test::Chosen(wanted) => match answer {
            Answer::Option(chosen) => wanted.contains(chosen),
            Answer::Options(chosen) => chosen.iter().any(|chosen| wanted.contains(chosen)),
            _ => false,
        },
        Test::OneOf(wanted) => quantity(answer).is_some_and(|given| wanted.contains(&given)),
        Test::AtLeast(least) => quantity(answer).is_some_and(|given| given >= *least),
        Test::AtMost(most) => quantity(answer).is_some_and(|given| given <= *most),
    }
}

fn quantity(answer: &Answer) -> Option<Quantity> {
    match answer {
        Answer::Option(position) | Answer::Rating(position) => {
            Some(Quantity::Number(f64::from(*position)))
        }
        Answer::Number(number) => Some(Quantity::Number(*number)),
        Answer::Date(date) => Some(Quantity::Date(*date)),
        _ => None,
    }
}
