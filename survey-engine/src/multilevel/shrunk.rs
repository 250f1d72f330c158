//! A unit's mean drawn towards that of all units.

use serde::Serialize;

use crate::stats::{Interval, Probability, normal_upper, normal_width};

/// The best guess at a unit's true mean, from its own persons and from the other units.
///
/// A small school with an extreme mean is more likely to be an ordinary school with an unusual sample than an extreme school: its
/// mean is moved towards the mean of all units, the more so the fewer persons it has.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ShrunkUnit {
    /// Persons.
    pub n: u64,
    /// The unit's own mean; `None` without persons.
    pub mean: Option<f64>,
    /// `lambda = tau2 / (tau2 + sigma2 / n)`: the weight of the unit's own mean, and its reliability, 0 to 1.
    pub reliability: f64,
    /// `mu + lambda (mean - mu)`.
    pub estimate: f64,
    /// `sqrt(tau2 (1 - lambda))`: the uncertainty of the estimate, were the mean of all units known.
    pub conditional_standard_error: f64,
    /// The same with the uncertainty of `mu`: `sqrt(tau2 (1 - lambda) + (1 - lambda)^2 var(mu))`.
    pub standard_error: f64,
}

impl ShrunkUnit {
    /// Probability that the true mean of the unit lies above `cut`, from the normal distribution around the estimate with [`standard_error`](Self::standard_error):
    /// to be told instead of a red or green light. `None` if `cut` is not a number.
    ///
    /// ```
    /// use survey_engine::multilevel::random_intercept_moments;
    /// use survey_engine::stats::Moments;
    /// let unit = |mean| Moments { n: 10, mean, variance: Some(1.0) };
    /// let model = random_intercept_moments(&[unit(2.0), unit(3.0), unit(4.0)])?;
    /// assert_eq!(model.units[1].probability_above(3.0).unwrap().value(), 0.5);
    /// assert!(model.units[2].probability_above(3.0).unwrap().value() > 0.99);
    /// # Ok::<(), survey_engine::multilevel::UnitsUndefined>(())
    /// ```
    #[must_use]
    pub fn probability_above(&self, cut: f64) -> Option<Probability> {
        probability_above(self.estimate, self.standard_error, cut)
    }

    /// `estimate +- z standard_error`; `None` for a confidence outside `0..1`.
    ///
    /// ```
    /// use survey_engine::multilevel::random_intercept_moments;
    /// use survey_engine::stats::Moments;
    /// let unit = |mean| Moments { n: 10, mean, variance: Some(1.0) };
    /// let model = random_intercept_moments(&[unit(2.0), unit(3.0), unit(4.0)])?;
    /// let interval = model.units[0].interval(0.95).unwrap();
    /// assert!(interval.lower < 2.0 && interval.upper < 3.0);
    /// # Ok::<(), survey_engine::multilevel::UnitsUndefined>(())
    /// ```
    #[must_use]
    pub fn interval(&self, confidence: f64) -> Option<Interval<f64>> {
        interval(self.estimate, self.standard_error, confidence)
    }
}

pub(super) fn probability_above(
    estimate: f64,
    standard_error: f64,
    cut: f64,
) -> Option<Probability> {
    let distance = cut - estimate;
    if standard_error > 0.0 {
        return normal_upper(distance / standard_error).and_then(Probability::clamped);
    }
    let is_above = if distance < 0.0 { 1.0 } else { 0.0 };
    Probability::new(is_above).filter(|_| !cut.is_nan())
}

pub(super) fn interval(
    estimate: f64,
    standard_error: f64,
    confidence: f64,
) -> Option<Interval<f64>> {
    let half = normal_width(confidence)? * standard_error;
    Some(Interval::about(estimate, half))
}
