//! Survey answers of schools, turned into quality indicators that say how sure they are and never expose a small group.
//!
//! A school asks its learners, parents, staff and employers. This crate reads the questionnaire, checks the answers, counts them into
//! [tallies](tally) that add up exactly, decides what may be [shown](disclosure), and [computes](indicator) every figure with its
//! uncertainty, or the reason why there is none. It also compares [groups and rounds](comparison), [units](multilevel) and
//! [items](dif), [weights](weighting), judges [reliability] and [calibrates](calibration) scales.
//!
//! ```
//! use survey_engine::comparison::group_gap;
//! use survey_engine::stats::{Interval, Probability, wilson_interval};
//!
//! // Seventy of a hundred parents answered favourably: between 60 and 78 percent.
//! let share = Probability::new(0.70).ok_or("not a share")?;
//! let interval = wilson_interval(share, 100.0, 0.95).ok_or("no answers")?;
//! assert_eq!((interval.lower.value() * 100.0).round(), 60.0);
//!
//! // Learners and their teachers on a scale from 1 to 5, by score: a gap of a quarter of the scale.
//! let (learners, teachers) = ([(2.0, 10), (3.0, 20), (4.0, 10)], [(3.0, 4), (4.0, 12), (5.0, 4)]);
//! let gap = group_gap(&learners, &teachers, Interval { lower: 1.0, upper: 5.0 }, 0.95)?;
//! assert_eq!(gap.difference_pomp, -25.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **[The book](book)** leads through all of it: [the model](book::model), [one school](book::one_school) from answers to what is said
//! to the head teacher, [what each figure means](book::figures), [scales](book::scales), [comparisons](book::comparisons),
//! [what may be shown](book::disclosure), [storing](book::storing) and [speed](book::speed).
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
//! What else is computed stands in rooms that do without each other:
//!
//! | from | rooms |
//! | --- | --- |
//! | the tally of a scale | [`reliability`], [`calibration`], [`dif`] |
//! | scores, shares and means of groups, rounds and units | [`comparison`], [`multilevel`] |
//! | a register and a sample, by cell | [`response`], [`weighting`] |
//!
//! None of these knows of [`disclosure`]: who asks them has made sure before that the result may be shown. All of them, and
//! [`indicator`], rest on [`stats`]: distributions, intervals and moments, each with its conventions and its source.
// A service may leave this out, as its errors are all told the same way; who calls a library has to know when it refuses.
#![forbid(unsafe_code)]
#![warn(clippy::missing_errors_doc)]

pub mod answers;
pub mod book;
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
