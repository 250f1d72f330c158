//! A small questionnaire with an item of every kind, conditions of every form, and three modules.

use serde_json::Value;
use survey_engine::questionnaire::{Form, Framework, Questionnaire};

pub(crate) const FRAMEWORK: &str = include_str!("framework.json");
pub(crate) const QUESTIONNAIRE: &str = include_str!("questionnaire.json");

/// The sample framework.
pub(crate) fn framework() -> Framework {
    Framework::parse(FRAMEWORK).unwrap()
}

/// The sample questionnaire as a document to change.
pub(crate) fn document() -> Value {
    serde_json::from_str(QUESTIONNAIRE).unwrap()
}

/// The only form of a questionnaire document that has to be sound.
pub(crate) fn form_of(document: &Value) -> Form {
    let questionnaire = Questionnaire::parse(&document.to_string(), &framework()).unwrap();
    questionnaire.forms()[0].clone()
}
