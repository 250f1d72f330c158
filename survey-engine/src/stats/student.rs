//! The distributions of Student and Fisher.

use super::{beta, normal_quantile};

/// Above these degrees of freedom the expansion around the normal quantile is exact to the last digits.
const LARGE: f64 = 1e4;

/// Quantile of Student's t with `df > 0` degrees of freedom; `None` outside `0 < p < 1` or for other `df`.
///
/// Up to 10,000 degrees of freedom by inverting the incomplete beta function, above by the expansion of Abramowitz and Stegun,
/// 26.7.5 (an inversion in plain double precision loses four digits at a million degrees of freedom).
///
/// ```
/// use survey_engine::stats::student_quantile;
/// let close = |df: f64, expected: f64| (student_quantile(0.975, df).unwrap() - expected).abs() < 1e-10;
/// assert!(close(1.0, 12.706_204_736_174_7));
/// assert!(close(1e4, 1.960_201_239_890_63));
/// assert!(close(1e7, 1.959_964_221_767_2));
/// ```
#[must_use]
pub fn student_quantile(p: f64, df: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && df > 0.0) {
        return None;
    }
    if df > LARGE {
        return normal_quantile(p).map(|z| expansion(z, df));
    }
    let tail = p.min(1.0 - p);
    if tail >= 0.5 {
        return Some(0.0);
    }
    // t^2 / df are the odds of a beta variate with parameters 1/2 and df/2.
    let size = (df * beta::quantile_odds(0.5, df / 2.0, 1.0 - 2.0 * tail)?).sqrt();
    Some(if p < 0.5 { -size } else { size })
}

/// Quantile of Fisher's F with `df1` and `df2` degrees of freedom; `None` outside `0 < p < 1` or for degrees that are not positive.
///
/// ```
/// use survey_engine::stats::fisher_quantile;
/// assert!((fisher_quantile(0.975, 9.0, 81.0).unwrap() - 2.275_392_121_369_92).abs() < 1e-12);
/// ```
#[must_use]
pub fn fisher_quantile(p: f64, df1: f64, df2: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && df1 > 0.0 && df2 > 0.0) {
        return None;
    }
    beta::quantile_odds(df1 / 2.0, df2 / 2.0, p).map(|odds| odds * df2 / df1)
}

fn expansion(z: f64, df: f64) -> f64 {
    let s = z * z;
    let first = (s + 1.0) / 4.0;
    let second = (5.0 * s * s + 16.0 * s + 3.0) / 96.0;
    let third = (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
    let fourth = ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0;
    z + z * (first + (second + (third + fourth / df) / df) / df) / df
}
