//! Questionnaires, scoring, mergeable tallies and disclosure-controlled quality indicators.
//!
//! Everything here is a function of its arguments: no input or output, no clock, no randomness. Each step returns a proof that
//! the next one asks for:
//!
//! 1. a document becomes a [`questionnaire::Questionnaire`], or every finding at once;
//! 2. what a person sent becomes [`answers::ValidAnswers`], or every problem at once, and packs into a byte an item;
//! 3. packed answers are counted into a [`tally::Tally`] by the [`scoring::Blueprint`] of their form; tallies add up exactly;
//! 4. [`disclosure::plan`] decides from the sizes of a whole tree which figures may be shown;
//! 5. [`indicator::estimate`] turns a tally and such a decision into figures with their uncertainty, or into the reason why not.
//!
//! The formulas are in [`stats`], each with its conventions and its source.

pub mod answers;
pub mod calibration;
pub mod comparison;
pub mod dif;
pub mod disclosure;
pub mod indicator;
mod linear;
pub mod multilevel;
pub mod questionnaire;
pub mod reliability;
pub mod response;
pub mod scoring;
pub mod stats;
pub mod tally;
pub mod weighting;
