//! Differences in standard deviations.

use serde::Serialize;

use crate::stats::{Interval, Moments, gamma_half_ratio, noncentrality_interval, normal_width};

/// How large a difference is beside the differences between persons: about 0.2 is called small, 0.5 medium and 0.8 large.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StandardisedDifference {
    /// The difference in pooled standard deviations.
    pub cohens_d: f64,
    /// The same without the bias of small samples.
    pub hedges_g: f64,
    /// Interval of [`hedges_g`](Self::hedges_g) from its large-sample variance.
    pub normal_interval: Interval<f64>,
    /// Interval of [`hedges_g`](Self::hedges_g) from the noncentral t distribution, exact for normal scores of equal variance.
    pub noncentral_interval: Option<Interval<f64>>,
}

/// The factor that takes the bias of small samples from a standardised difference with `df` degrees of freedom.
///
/// `J = Gamma(df / 2) / (sqrt(df / 2) Gamma((df - 1) / 2))`, exactly. `None` for fewer than two degrees of freedom, where the
/// standardised difference has no mean. Source: Hedges (1981), Journal of Educational Statistics 6.
///
/// ```
/// use survey_engine::comparison::hedges_correction;
/// assert!((hedges_correction(2.0).unwrap() - 1.0 / std::f64::consts::PI.sqrt()).abs() < 1e-15);
/// assert_eq!(hedges_correction(1.0), None);
/// ```
#[must_use]
pub fn hedges_correction(df: f64) -> Option<f64> {
    (df >= 2.0 && df.is_finite()).then(|| gamma_half_ratio((df - 1.0) / 2.0) / (df / 2.0).sqrt())
}

/// The difference of two means in pooled standard deviations.
///
/// `d = (mean1 - mean2) / s` with `s^2 = ((n1 - 1) s1^2 + (n2 - 1) s2^2) / (n1 + n2 - 2)`, and `g = J d` with the
/// [`hedges_correction`] of `n1 + n2 - 2` degrees of freedom. Variance for the normal interval:
/// `1 / n1 + 1 / n2 + g^2 / (2 (n1 + n2))`. The noncentral interval is that of the noncentrality of
/// `t = d / sqrt(1 / n1 + 1 / n2)`, see [`noncentrality_interval`], times `J sqrt(1 / n1 + 1 / n2)`. `None` if a group is
/// empty, for fewer than four persons in all, if nobody differs within the groups, or for a confidence outside `0..1`. Source:
/// Hedges and Olkin (1985), Statistical Methods for Meta-Analysis.
///
/// ```
/// use survey_engine::comparison::standardised_difference;
/// use survey_engine::stats::Moments;
/// let girls = Moments { n: 30, mean: 3.9, variance: Some(0.64) };
/// let boys = Moments { n: 30, mean: 3.5, variance: Some(0.64) };
/// let effect = standardised_difference(&girls, &boys, 0.95).unwrap();
/// assert!((effect.cohens_d - 0.5).abs() < 1e-12);
/// assert!(effect.hedges_g < effect.cohens_d && effect.normal_interval.lower < 0.0);
/// ```
#[must_use]
pub fn standardised_difference(
    first: &Moments,
    second: &Moments,
    confidence: f64,
) -> Option<StandardisedDifference> {
    if first.n == 0 || second.n == 0 {
        return None;
    }
    let (n1, n2) = (first.n as f64, second.n as f64);
    let df = n1 + n2 - 2.0;
    let correction = hedges_correction(df)?;
    let pooled = ((first.squares() + second.squares()) / df).sqrt();
    // Not so for a NaN either.
    let varies = pooled > 0.0 && pooled.is_finite();
    if !varies {
        return None;
    }
    let cohens_d = (first.mean - second.mean) / pooled;
    if !(cohens_d * cohens_d).is_finite() {
        return None;
    }
    let hedges_g = correction * cohens_d;
    let weight = 1.0 / n1 + 1.0 / n2;
    let z = normal_width(confidence)?;
    let half = z * (weight + hedges_g * hedges_g / (2.0 * (n1 + n2))).sqrt();
    // The t of a pooled test is noncentral by the true difference over sqrt(1 / n1 + 1 / n2).
    let noncentrality = noncentrality_interval(cohens_d / weight.sqrt(), df, confidence);
    Some(StandardisedDifference {
        cohens_d,
        hedges_g,
        normal_interval: Interval::about(hedges_g, half),
        noncentral_interval: noncentrality
            .map(|interval| interval.map(|end| correction * weight.sqrt() * end)),
    })
}
