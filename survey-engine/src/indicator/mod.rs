//! From tallies to published figures.
//!
//! [`estimate`] turns the counts of one scale into means, shares, distributions and a reliability, each with its uncertainty, if
//! a [`Decision`](crate::disclosure::Decision) permits. [`definitions`] says of every figure what it is and where it comes from.
//! [`summarize`] describes a scale under any [`Rule`](crate::scoring::Rule), for those who hold the answers themselves.

mod composite;
mod definition;
mod distribution;
mod estimate;
mod item;
mod pool;
mod recoded;
mod summary;

pub use composite::{
    Composite, CompositeRule, CompositeUndefined, DomainScore, composite,
    composite_with_covariances,
};
pub use definition::{FigureDefinition, definitions};
pub use distribution::{CategoryShare, Distribution, FEWEST_FOR_UNANIMOUS, MissingCounts};
pub use estimate::{CONFIDENCE, Estimate, FEWEST_FOR_SD, Reliability, estimate};
pub use item::{ItemEstimate, ItemFigures};
pub use pool::PooledOver;
pub use summary::{ItemSummary, ScaleShares, ScaleSummary, score_distribution, summarize};
