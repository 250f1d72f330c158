//! Symmetric matrices of a few to a few hundred unknowns, and the search for a maximum that rests on them.

mod ascent;
mod eigen;
mod symmetric;

pub(crate) use ascent::{Ascent, NoMaximum, Point};
pub(crate) use eigen::leading_eigenpair;
pub(crate) use symmetric::{Factor, Symmetric, add_multiple};
