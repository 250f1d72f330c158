//! Internal consistency of scales.

mod alpha;
mod consistency;
mod covariance;
mod dense;
mod omega;
mod one_factor;

pub use alpha::{AlphaUndefined, cronbach_alpha, feldt_interval};
pub use consistency::{Consistency, ItemConsistency, consistency};
pub use covariance::{CovarianceMatrix, spearman_brown};
pub use omega::{FactorLoading, Omega, OmegaUndefined, omega_total};
