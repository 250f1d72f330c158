//! Shrinkage of estimates whose variances are known.

use serde::Serialize;

use super::UnitsUndefined;
use super::search::lowest;
use super::shrunk::{interval, probability_above};
use super::weighted::Weighted;
use crate::stats::{Interval, Percent, Probability};

/// An estimate for an area (a district, a school) and its sampling variance, taken as known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The area's own estimate.
    pub estimate: f64,
    /// The square of its standard error, positive.
    pub variance: f64,
}

/// How the variance between areas is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AreaVariance {
    /// From the moments of the weighted sum of squares. Source: DerSimonian and Laird (1986), Controlled Clinical Trials 7.
    DerSimonianLaird,
    /// By restricted maximum likelihood. Source: Fay and Herriot (1979), JASA 74; Viechtbauer (2005), Journal of Educational and
    /// Behavioral Statistics 30.
    Reml,
}

/// Areas whose true values vary around `mu` with variance `tau2`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AreaModel {
    /// Variance of the true values.
    pub tau2: f64,
    /// Mean of the areas, each weighted by `1 / (tau2 + v)`.
    pub mu: f64,
    /// Its standard error, `1 / sqrt(sum 1 / (tau2 + v))`.
    pub mu_standard_error: f64,
    /// Cochran's Q: the sum of squares around the mean weighted by `1 / v`. Around `J - 1` if all areas are equal.
    pub q: f64,
    /// I²: the part of the variance of the estimates that is due to true differences, `tau2 / (tau2 + s2)` with the typical sampling
    /// variance `s2 = (J - 1) sum w / ((sum w)^2 - sum w^2)`, `w = 1 / v`. Source: Higgins and Thompson (2002), Statistics in
    /// Medicine 21.
    pub i2: Percent,
    /// Whether `tau2` is 0: no differences beyond chance, and every estimate is `mu`.
    pub no_differences_found: bool,
    /// The areas, in the order given.
    pub areas: Vec<ShrunkArea>,
}

/// The best guess at the true value of an area.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ShrunkArea {
    /// `lambda = tau2 / (tau2 + v)`: the weight of the area's own estimate, 0 to 1.
    pub reliability: f64,
    /// `lambda y + (1 - lambda) mu`.
    pub estimate: f64,
    /// `sqrt(lambda v + (1 - lambda)^2 var(mu))`, with the uncertainty of `mu`.
    pub standard_error: f64,
}

impl ShrunkArea {
    /// Probability that the true value lies above `cut`, from the normal distribution around the estimate. `None` if `cut` is not a
    /// number.
    ///
    /// ```
    /// use survey_engine::multilevel::{Area, AreaVariance, area_level};
    /// let area = |estimate| Area { estimate, variance: 1.0 };
    /// let model = area_level(&[area(2.0), area(5.0), area(8.0)], AreaVariance::Reml)?;
    /// assert_eq!(model.areas[1].probability_above(5.0).unwrap().value(), 0.5);
    /// # Ok::<(), survey_engine::multilevel::UnitsUndefined>(())
    /// ```
    #[must_use]
    pub fn probability_above(&self, cut: f64) -> Option<Probability> {
        probability_above(self.estimate, self.standard_error, cut)
    }

    /// `estimate +- z standard_error`; `None` for a confidence outside `0..1`.
    ///
    /// ```
    /// use survey_engine::multilevel::{Area, AreaVariance, area_level};
    /// let area = |estimate| Area { estimate, variance: 1.0 };
    /// let model = area_level(&[area(2.0), area(5.0), area(8.0)], AreaVariance::Reml)?;
    /// let interval = model.areas[0].interval(0.95).unwrap();
    /// assert!(interval.lower > 0.3 && interval.upper < 4.4);
    /// # Ok::<(), survey_engine::multilevel::UnitsUndefined>(())
    /// ```
    #[must_use]
    pub fn interval(&self, confidence: f64) -> Option<Interval<f64>> {
        interval(self.estimate, self.standard_error, confidence)
    }
}

/// Draws estimates of areas together, each as far as its own variance lets chance explain it.
///
/// For estimates that do not come from simple counts: weighted means, or shares with a design-based variance. With `w = 1 / v`,
/// `tau2` of DerSimonian and Laird is `(Q - (J - 1)) / (sum w - sum w^2 / sum w)`, 0 if that is negative; the restricted
/// likelihood minimises `sum ln(tau2 + v) + ln sum 1 / (tau2 + v) + sum (y - mu)^2 / (tau2 + v)` over `tau2 >= 0`. Each area is
/// then `lambda y + (1 - lambda) mu` with `lambda = tau2 / (tau2 + v)`. Zero variances (a complete count) are refused: such a
/// value is known and needs no help from others. Sources: Fay and Herriot (1979), JASA 74; those of [`AreaVariance`].
///
/// # Errors
/// [`UnitsUndefined::TooFewUnits`] for fewer than two areas, [`UnitsUndefined::NoKnownVariance`] for an estimate that is not
/// finite or a variance that is not positive, [`UnitsUndefined::NoConvergence`] if the search for `tau2` does not end.
///
/// ```
/// use survey_engine::multilevel::{Area, AreaVariance, area_level};
/// let area = |estimate| Area { estimate, variance: 1.0 };
/// let model = area_level(&[area(2.0), area(5.0), area(8.0)], AreaVariance::DerSimonianLaird)?;
/// // The estimates have variance 9, of which 1 is sampling.
/// assert!((model.tau2 - 8.0).abs() < 1e-12 && (model.q - 18.0).abs() < 1e-12);
/// assert!((model.areas[0].estimate - (5.0 - 3.0 * 8.0 / 9.0)).abs() < 1e-12);
/// # Ok::<(), survey_engine::multilevel::UnitsUndefined>(())
/// ```
pub fn area_level(areas: &[Area], method: AreaVariance) -> Result<AreaModel, UnitsUndefined> {
    if areas.len() < 2 {
        return Err(UnitsUndefined::TooFewUnits);
    }
    let is_known =
        |area: &Area| area.estimate.is_finite() && area.variance > 0.0 && area.variance.is_finite();
    if !areas.iter().all(is_known) {
        return Err(UnitsUndefined::NoKnownVariance);
    }
    let others = (areas.len() - 1) as f64;
    let fixed = weighted(areas, 0.0);
    let concentration = fixed.weight - fixed.squared / fixed.weight;
    let typical = others / concentration;
    let tau2 = match method {
        AreaVariance::DerSimonianLaird => ((fixed.spread - others) / concentration).max(0.0),
        AreaVariance::Reml => lowest(
            |tau2| slope(areas, tau2),
            |tau2| deviance(areas, tau2),
            typical,
        )
        .ok_or(UnitsUndefined::NoConvergence)?,
    };
    let found = weighted(areas, tau2);
    let mu = origin(areas) + found.mean;
    let shrunk = |area: &Area| {
        let reliability = tau2 / (tau2 + area.variance);
        let rest = area.variance / (tau2 + area.variance);
        ShrunkArea {
            reliability,
            estimate: reliability * area.estimate + rest * mu,
            standard_error: (reliability * area.variance + rest * rest / found.weight).sqrt(),
        }
    };
    let i2 = Percent::clamped(100.0 * tau2 / (tau2 + typical));
    Ok(AreaModel {
        tau2,
        mu,
        mu_standard_error: found.weight.recip().sqrt(),
        q: fixed.spread,
        i2: i2.ok_or(UnitsUndefined::NoKnownVariance)?,
        no_differences_found: tau2 <= 0.0,
        areas: areas.iter().map(shrunk).collect(),
    })
}

/// Weighted by `w = 1 / (tau2 + v)`, the estimates measured from the first: what they have in common does not cancel.
fn weighted(areas: &[Area], tau2: f64) -> Weighted {
    let origin = origin(areas);
    let units = areas.iter();
    Weighted::of(units.map(|area| ((tau2 + area.variance).recip(), area.estimate - origin)))
}

fn origin(areas: &[Area]) -> f64 {
    areas.first().map_or(0.0, |area| area.estimate)
}

/// Derivative of the deviance.
fn slope(areas: &[Area], tau2: f64) -> f64 {
    let at = weighted(areas, tau2);
    at.weight - at.squared / at.weight - at.leverage
}

/// Minus twice the restricted log-likelihood, but for a constant.
fn deviance(areas: &[Area], tau2: f64) -> f64 {
    let at = weighted(areas, tau2);
    let sizes = areas.iter().map(|area| (tau2 + area.variance).ln());
    sizes.sum::<f64>() + at.weight.ln() + at.spread
}
