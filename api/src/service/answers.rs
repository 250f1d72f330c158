//! Answers held against a form, whoever sends them and whether or not they are to be stored.

use super::Caller;
use super::round::asked;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use survey_engine::answers::{RawAnswers, ValidAnswers};
use survey_engine::questionnaire::{Form, ModuleSelection};

/// Holds answers against the modules of a form that are asked; every problem at once. `summary` says what it means for the answers.
///
/// # Errors
/// [`Error::Invalid`] with every problem, and where nothing is answered at all.
pub fn check(
    form: &Form,
    selection: &ModuleSelection,
    raw: &RawAnswers,
    summary: &str,
) -> Result<ValidAnswers> {
    let answers = ValidAnswers::check(form, selection, raw).map_err(|problems| Error::Invalid {
        summary: summary.to_owned(),
        problems: problems
            .into_iter()
            .map(|problem| Problem::new(problem.pointer, problem.code, problem.detail))
            .collect(),
    })?;
    if answers.answered_count() == 0 {
        return Err(Error::invalid(
            "/answers",
            "nothing_answered",
            "Answer at least one question.",
        ));
    }
    Ok(answers)
}

/// Checks answers to a form of a round as sending them would, and stores nothing; how many questions they answer.
///
/// # Errors
/// [`Error::NotFound`] for a round that the caller may not see and for a form that it does not ask; [`Error::Invalid`] with every
/// problem.
pub async fn try_out(
    app: &App,
    caller: &Caller,
    round: &str,
    form: &str,
    raw: &RawAnswers,
) -> Result<usize> {
    let asked = asked(app, caller, round).await?;
    let selection = asked.round.selection(&asked.instrument, form)?;
    let (form, _) = asked.instrument.form(form)?;
    let answers = check(form, &selection, raw, "These answers need mending.")?;
    Ok(answers.answered_count())
}
