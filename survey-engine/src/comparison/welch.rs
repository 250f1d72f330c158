//! Welch's test.

use serde::Serialize;

use crate::stats::{Interval, Moments, Probability, student_upper, student_width};

/// A difference of two means with its uncertainty; the groups may vary differently.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WelchTest {
    /// First mean minus second.
    pub difference: f64,
    /// Standard error of the difference.
    pub standard_error: f64,
    /// The difference in standard errors.
    pub t: f64,
    /// Satterthwaite's degrees of freedom; rarely a whole number.
    pub df: f64,
    /// Two-sided p-value of no difference.
    pub p: Probability,
    /// Interval of the difference.
    pub interval: Interval<f64>,
}

/// Compares two means without assuming equal variances.
///
/// `t = (mean1 - mean2) / sqrt(v1 + v2)` with `v = s^2 / n`, and `df = (v1 + v2)^2 / (v1^2 / (n1 - 1) + v2^2 / (n2 - 1))`. Both
/// groups are taken as samples of something larger: there is no correction for a finite population. The p-value is two-sided,
/// and the interval `mean1 - mean2 +- t(df) sqrt(v1 + v2)`. `None` for fewer than two values in a group, numbers that are not
/// finite, if neither group varies, or for a confidence outside `0..1`. Source: Welch (1947), Biometrika 34; Satterthwaite
/// (1946), Biometrics Bulletin 2.
///
/// ```
/// use survey_engine::comparison::welch_test;
/// use survey_engine::stats::Moments;
/// let staff = Moments { n: 4, mean: 4.0, variance: Some(1.0) };
/// let parents = Moments { n: 9, mean: 3.0, variance: Some(2.25) };
/// let test = welch_test(&staff, &parents, 0.95).unwrap();
/// assert!((test.t - 2.0_f64.sqrt()).abs() < 1e-12);
/// assert!((test.df - 0.25 / (0.0625 / 3.0 + 0.0625 / 8.0)).abs() < 1e-12);
/// ```
#[must_use]
pub fn welch_test(first: &Moments, second: &Moments, confidence: f64) -> Option<WelchTest> {
    let share = |moments: &Moments| {
        let variance = moments.variance.filter(|_| moments.n > 1)?;
        Some(variance / moments.n as f64)
    };
    let (v1, v2) = (share(first)?, share(second)?);
    let variance = v1 + v2;
    let difference = first.mean - second.mean;
    let standard_error = variance.sqrt();
    // Not so for a NaN either.
    let is_defined = standard_error > 0.0 && v1 >= 0.0 && v2 >= 0.0;
    if !(is_defined && variance.is_finite() && (difference / standard_error).is_finite()) {
        return None;
    }
    let (r1, r2) = (v1 / variance, v2 / variance);
    let df = 1.0 / (r1 * r1 / (first.n - 1) as f64 + r2 * r2 / (second.n - 1) as f64);
    let t = difference / standard_error;
    let half = student_width(confidence, df)? * standard_error;
    Some(WelchTest {
        difference,
        standard_error,
        t,
        df,
        p: Probability::clamped(2.0 * student_upper(t.abs(), df)?)?,
        interval: Interval::about(difference, half),
    })
}
