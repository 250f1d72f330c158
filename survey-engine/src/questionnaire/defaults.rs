//! The content the program ships with.

/// The framework of inclusive quality, as a document for [`Framework::parse`](super::Framework::parse).
pub const FRAMEWORK: &str = include_str!("../../definitions/framework.json");

/// The school self-review for learners, parents, staff and employers, as a document for
/// [`Questionnaire::parse`](super::Questionnaire::parse).
pub const QUESTIONNAIRE: &str = include_str!("../../definitions/questionnaire.json");
