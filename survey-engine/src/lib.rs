//! Questionnaires, scoring, mergeable tallies and disclosure-controlled quality indicators.
//!
//! Everything here is a function of its arguments: no input or output, no clock, no randomness. A
//! definition is parsed into a proof that it is sound ([`questionnaire`]), answers into a proof that
//! they fit it ([`answers`]).

pub mod answers;
pub mod disclosure;
pub mod indicator;
pub mod questionnaire;
pub mod scoring;
pub mod stats;
pub mod tally;
