//! Raw answers held against their items, one by one and then together.

use super::problem::Refusal;
use super::visibility::shown;
use super::{Answer, AnswerProblem, RawAnswers};
use crate::questionnaire::{Form, Item, ModuleSelection};

/// One answer for each item of a form, unanswered where the value was refused.
pub(super) struct Reading<'f> {
    form: &'f Form,
    answers: Vec<Answer>,
    refusals: Vec<Option<Refusal>>,
    /// Values that belong to an item of the form.
    pub(super) known: usize,
}

impl<'f> Reading<'f> {
    pub(super) fn of(form: &'f Form, raw: &RawAnswers) -> Self {
        let mut reading = Self {
            form,
            answers: Vec::with_capacity(form.item_count()),
            refusals: Vec::with_capacity(form.item_count()),
            known: 0,
        };
        for (_, item) in form.items() {
            let understood = raw
                .get(item.id())
                .map(|raw| Answer::understand(item, raw))
                .transpose();
            reading.known += usize::from(!matches!(understood, Ok(None)));
            let (answer, refusal) = match understood {
                Ok(answer) => (answer.unwrap_or_default(), None),
                Err(refusal) => (Answer::Unanswered, Some(refusal)),
            };
            reading.answers.push(answer);
            reading.refusals.push(refusal);
        }
        reading
    }

    /// For each item whether it is asked.
    pub(super) fn shown(&self, selection: &ModuleSelection) -> Vec<bool> {
        shown(self.form, selection, &self.answers)
    }

    /// The answers with hidden items marked, and what is wrong with them in form order.
    pub(super) fn settle(
        mut self,
        selection: &ModuleSelection,
    ) -> (Vec<Answer>, Vec<AnswerProblem>) {
        let asked = self.shown(selection);
        let mut problems = Vec::new();
        // Items whose value was refused, or whose condition hangs on one of these.
        let mut unsettled = vec![false; self.answers.len()];
        let items = self.form.modules().iter().flat_map(|module| {
            let chosen = selection.includes(module.code());
            module.items().iter().map(move |item| (item, chosen))
        });
        for (((item, chosen), asked), (answer, refusal)) in items
            .zip(asked)
            .zip(self.answers.iter_mut().zip(self.refusals))
        {
            let hangs = chosen
                && item.show_if().is_some_and(|condition| {
                    condition
                        .items()
                        .any(|index| unsettled.get(index).copied().unwrap_or_default())
                });
            if let Some(unsettled) = unsettled.get_mut(item.index()) {
                *unsettled = hangs || refusal.is_some();
            }
            let refusal = match (hangs, asked) {
                (true, _) => refusal,
                (false, true) => refusal.or_else(|| required(item, answer)),
                (false, false) => hide(answer, refusal.is_some()),
            };
            problems.extend(refusal.map(|refusal| AnswerProblem::new(item.id(), refusal)));
        }
        (self.answers, problems)
    }
}

/// A question that must be answered and is not.
fn required(item: &Item, answer: &Answer) -> Option<Refusal> {
    let lacking = item.required() && *answer == Answer::Unanswered;
    lacking.then(|| Refusal::new("required", "This question has to be answered."))
}

/// Marks an item as hidden; it must not have been answered, however badly.
fn hide(answer: &mut Answer, refused: bool) -> Option<Refusal> {
    let given = refused || *answer != Answer::Unanswered;
    *answer = Answer::NotShown;
    given.then(|| {
        let detail = "This question is not asked, because its module was not chosen or its condition \
                      does not hold; leave it out.";
        Refusal::new("not_asked", detail)
    })
}
