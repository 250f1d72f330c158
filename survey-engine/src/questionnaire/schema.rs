//! JSON Schemas (draft 2020-12) of the documents, for editors and other programs.
//!
//! They describe the shape of a document; [`Framework::parse`](super::Framework::parse) and
//! [`Questionnaire::parse`](super::Questionnaire::parse) check references and coherence as well.

/// Schema of a framework document.
pub const FRAMEWORK: &str = include_str!("../../schemas/framework.schema.json");

/// Schema of a questionnaire document.
pub const QUESTIONNAIRE: &str = include_str!("../../schemas/questionnaire.schema.json");
