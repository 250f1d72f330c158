//! The book: how answers become figures, and what the figures mean.
//!
//! For two readers. A psychometrician finds the models, the formulas, the conventions and the sources, and what was left out on
//! purpose. A quality officer of a school finds, in plain words, what may be concluded from each figure and what not. Every example
//! runs: they are tests of this crate.
//!
//! 1. [The model](model): from a questionnaire to a figure, and which step vouches for what.
//! 2. [One school](one_school): a worked example, from a document and answers to what is said to the head teacher.
//! 3. [The figures](figures): what each statistic means, what it does not mean, and when it is missing.
//! 4. [Scales and calibration](scales): when a mean will do, when a measurement is needed, who calibrates and how often.
//! 5. [Comparisons and small numbers](comparisons): gaps, rounds, many tests at once, benchmarks, shrinkage, weights, response.
//! 6. [What may be shown](disclosure): the minimum, remainders, tables, questions in time, extremes, noise.
//! 7. [Merging and storing](storing): what a tally keeps, what follows from it, and what needs the responses.
//! 8. [Speed and memory](speed): counting batches, and what costs time.

#[doc = include_str!("model.md")]
pub mod model {}

#[doc = include_str!("one_school.md")]
pub mod one_school {}

#[doc = include_str!("figures.md")]
pub mod figures {}

#[doc = include_str!("scales.md")]
pub mod scales {}

#[doc = include_str!("comparisons.md")]
pub mod comparisons {}

#[doc = include_str!("disclosure.md")]
pub mod disclosure {}

#[doc = include_str!("storing.md")]
pub mod storing {}

#[doc = include_str!("speed.md")]
pub mod speed {}
