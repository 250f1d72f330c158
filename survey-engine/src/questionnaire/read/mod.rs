//! Documents into checked values, or findings.

mod condition;
mod form;
mod framework;
mod item;
mod json;
mod localized;
mod name;
mod options;
mod place;
mod questionnaire;

pub(super) use framework::framework;
pub(super) use questionnaire::questionnaire;
