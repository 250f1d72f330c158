//! From tallies to published figures.
//!
//! [`estimate`] turns the counts of one scale into means, shares, distributions and a reliability, each with its uncertainty, if
//! a [`Decision`](crate::disclosure::Decision) permits. [`definitions`] says of every figure what it is and where it comes from.

mod definition;
mod distribution;
mod estimate;
mod item;

pub use definition::{FigureDefinition, definitions};
pub use distribution::{CategoryShare, Distribution, MissingCounts};
pub use estimate::{CONFIDENCE, Estimate, FEWEST_FOR_SD, Reliability, estimate};
pub use item::{ItemEstimate, ItemFigures};
