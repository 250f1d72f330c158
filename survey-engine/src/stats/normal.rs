//! The normal distribution.

use statrs::distribution::{ContinuousCDF, Normal};

/// Quantile of the standard normal distribution; `None` outside `0 < p < 1`.
///
/// ```
/// use survey_engine::stats::normal_quantile;
/// assert!((normal_quantile(0.975).unwrap() - 1.959_963_984_540_05).abs() < 1e-12);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> Option<f64> {
    (p > 0.0 && p < 1.0).then(|| Normal::standard().inverse_cdf(p))
}
