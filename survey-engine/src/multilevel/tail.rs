//! Upper tails, until the shared ones are there.

use statrs::distribution::{ContinuousCDF, FisherSnedecor, Normal};

pub(super) fn fisher_upper(x: f64, df1: f64, df2: f64) -> Option<f64> {
    FisherSnedecor::new(df1, df2).ok().map(|f| f.sf(x))
}

#[expect(clippy::unnecessary_wraps, reason = "like the one to come")]
pub(super) fn normal_upper(x: f64) -> Option<f64> {
    Some(Normal::standard().sf(x))
}
