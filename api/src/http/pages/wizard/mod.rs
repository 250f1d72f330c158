//! Filling in a questionnaire page by page, with nothing stored in between.
//!
//! Every page carries all answers in its form. What comes back is read into a [`Posted`]; a [`Course`]
//! holds it against the form and decides on the next step; [`Paper`] turns the step into a page.

mod complaint;
mod course;
mod given;
mod paper;
mod posted;
mod question;
mod typed;

pub use complaint::Complaint;
pub use course::{Course, Step};
pub use paper::Paper;
pub use posted::{Go, Posted};

#[cfg(test)]
mod tests;
