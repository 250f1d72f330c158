//! Fisher's F distribution.

use super::{beta, normal_quantile};

/// Quantile of Fisher's F with `df1` degrees of freedom above and `df2` below; `None` outside `0 < p < 1` or for degrees that
/// are not positive, or where the quantile is larger than any number.
///
/// `df2 x / (df1 (1 - x))` for the `x` with `I_x(df1 / 2, df2 / 2) = p`, `I` being the regularised incomplete beta function.
/// Source: Abramowitz and Stegun, 26.6.
///
/// ```
/// use survey_engine::stats::fisher_quantile;
/// assert!((fisher_quantile(0.975, 9.0, 81.0).unwrap() - 2.275_392_121_369_92).abs() < 1e-12);
/// ```
#[must_use]
pub fn fisher_quantile(p: f64, df1: f64, df2: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && are_degrees(df1, df2)) {
        return None;
    }
    let z = -normal_quantile(p)?;
    let log_odds = beta::quantile_log_odds(df1 / 2.0, df2 / 2.0, p, z)?;
    let quantile = log_odds.exp() * (df2 / df1);
    quantile.is_finite().then_some(quantile)
}

/// `P(F > x)` of Fisher's F with `df1` and `df2` degrees of freedom, with all digits far out in the tail: the p-value of an F test.
///
/// 1 for negative `x`; 0 where the probability is smaller than any number. `None` for degrees that are not positive, or if `x`
/// is not a number. It is `I_y(df2 / 2, df1 / 2)` with `y = df2 / (df2 + df1 x)`, `I` being the regularised incomplete beta
/// function. Source: Abramowitz and Stegun, 26.6.
///
/// ```
/// use survey_engine::stats::fisher_upper;
/// // With two degrees of freedom above, the tail is (1 + 2 x / df2)^(-df2 / 2).
/// assert!((fisher_upper(3.0, 2.0, 6.0).unwrap() - 0.125).abs() < 1e-15);
/// ```
#[must_use]
pub fn fisher_upper(x: f64, df1: f64, df2: f64) -> Option<f64> {
    if x.is_nan() || !are_degrees(df1, df2) {
        return None;
    }
    let odds = x * (df1 / df2);
    let (share, rest) = if odds < 1.0 {
        (odds / (1.0 + odds), 1.0 / (1.0 + odds))
    } else {
        (1.0 / (1.0 + 1.0 / odds), 1.0 / odds / (1.0 + 1.0 / odds))
    };
    Some(beta::regularised(df1 / 2.0, df2 / 2.0, share, rest).1)
}

fn are_degrees(df1: f64, df2: f64) -> bool {
    df1 > 0.0 && df2 > 0.0 && df1.is_finite() && df2.is_finite()
}
