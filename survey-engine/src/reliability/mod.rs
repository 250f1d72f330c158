//! Internal consistency of scales.
//!
//! How far the answers to the items of one scale measure the same thing, and so how much of the differences between persons is more
//! than chance. For whether *units* (schools, classes) can be told apart see [`multilevel`](crate::multilevel) instead.

mod alpha;
mod coefficient;
mod consistency;
mod covariance;
mod omega;
mod one_factor;
mod pairwise;

pub use alpha::{AlphaUndefined, cronbach_alpha, feldt_interval};
pub use coefficient::{Coefficient, CoefficientKind, ReliabilityBand, reliability_coefficient};
pub use consistency::{Consistency, ItemConsistency, consistency};
pub use covariance::{CovarianceMatrix, spearman_brown};
pub use omega::{FactorLoading, Omega, OmegaUndefined, omega_total};
pub use pairwise::{PairwiseConsistency, pairwise_consistency};
