//! The chi-square distribution.

use super::{gamma, normal_quantile};

/// Quantile of the chi-square distribution with `df > 0` degrees of freedom; `None` outside `0 < p < 1` or for other `df`.
///
/// The `x` with `P(df / 2, x / 2) = p`, `P` being the regularised lower incomplete gamma function. Source: Abramowitz and
/// Stegun, 26.4.
///
/// ```
/// use survey_engine::stats::chi_square_quantile;
/// assert!((chi_square_quantile(0.95, 2.0).unwrap() - 5.991_464_547_107_98).abs() < 1e-12);
/// assert_eq!(chi_square_quantile(1.0, 2.0), None);
/// ```
#[must_use]
pub fn chi_square_quantile(p: f64, df: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && df > 0.0 && df.is_finite()) {
        return None;
    }
    let quantile = gamma::quantile(df / 2.0, p, normal_quantile(p)?).map(|x| 2.0 * x);
    quantile.filter(|x| x.is_finite())
}

/// `P(X > x)` of the chi-square distribution with `df > 0` degrees of freedom, with all digits far out in the tail: the p-value of
/// a chi-square test.
///
/// 1 for negative `x`; 0 where the probability is smaller than any number. `None` for other `df`, or if `x` is not a number. It
/// is `Q(df / 2, x / 2)`, the regularised upper incomplete gamma function. Source: Abramowitz and Stegun, 26.4.
///
/// ```
/// use survey_engine::stats::chi_square_upper;
/// assert!((chi_square_upper(3.84, 1.0).unwrap() - 0.050_043_521_248_705).abs() < 1e-14);
/// assert!((chi_square_upper(200.0, 1.0).unwrap() / 2.088_487_583_762_54e-45 - 1.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn chi_square_upper(x: f64, df: f64) -> Option<f64> {
    if x.is_nan() || !(df > 0.0 && df.is_finite()) {
        return None;
    }
    if x <= 0.0 {
        return Some(1.0);
    }
    let upper = gamma::regularised(df / 2.0, x / 2.0).1;
    (!upper.is_nan()).then_some(upper)
}
