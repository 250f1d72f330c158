//! Respondents answer; what they send is taken and stored as it is, or refused with every problem.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod any_form;
mod arriving;
mod refused;
#[path = "../sample/mod.rs"]
mod sample;
mod shown;
mod stored;

use serde_json::{Value, json};
use survey_engine::answers::{AnswerProblem, RawAnswers, ValidAnswers};
use survey_engine::questionnaire::{Form, ModuleSelection};

fn form() -> Form {
    sample::form_of(&sample::document())
}

fn raw(answers: &Value) -> RawAnswers {
    serde_json::from_value(answers.clone()).unwrap()
}

fn check(answers: &Value) -> Result<ValidAnswers, Vec<AnswerProblem>> {
    let form = form();
    ValidAnswers::check(&form, &ModuleSelection::default_of(&form), &raw(answers))
}

/// Answers to everything that the default modules ask.
fn full() -> Value {
    json!({
        "A1": 4,
        "A2": {"missing": "not_applicable"},
        "R1": 10,
        "S1": "yes",
        "M1": ["other", "bus"],
        "K1": ["tour", "coffee", "talk"],
        "N1": 2.5,
        "D1": "2026-05-01",
        "T1": "The caretaker",
        "T2": "Two lines:\nlike this.",
    })
}

/// These answers with some others put in their place.
fn with(mut answers: Value, others: Value) -> Value {
    let Value::Object(others) = others else {
        panic!("answers are an object")
    };
    answers.as_object_mut().unwrap().extend(others);
    answers
}
