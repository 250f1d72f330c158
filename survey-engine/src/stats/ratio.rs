//! A share of answers, several of them from each person.

use super::{Interval, Probability, effective_size, wilson_interval};

/// Sums over the persons with at least one valid answer; `f` favourable and `v` valid answers of one person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RatioSums {
    /// Sum of `f`.
    pub favourable: u64,
    /// Sum of `v`.
    pub valid: u64,
    /// Sum of `f * f`.
    pub favourable_squared: u64,
    /// Sum of `f * v`.
    pub favourable_valid: u64,
    /// Sum of `v * v`.
    pub valid_squared: u64,
}

impl RatioSums {
    /// The share `R = sum f / sum v`; `None` without valid answers.
    ///
    /// It is the ratio of the sums, so that every answer weighs the same, and a person with more answers more.
    ///
    /// ```
    /// use survey_engine::stats::RatioSums;
    /// let sums = RatioSums { favourable: 3, valid: 4, ..RatioSums::default() };
    /// assert_eq!(sums.share().map(|share| share.value()), Some(0.75));
    /// assert_eq!(RatioSums::default().share(), None);
    /// ```
    #[must_use]
    pub fn share(&self) -> Option<Probability> {
        Probability::clamped(self.favourable as f64 / self.valid as f64)
    }

    /// Linearised variance of the share over `n` persons: `(1 - n / N) n / (n - 1) sum (f - R v)^2 / (sum v)^2`.
    ///
    /// `n` are the persons with at least one valid answer; those without any are no part of the sample. `None` for fewer than
    /// two persons, or without valid answers. Source: Cochran (1977), Sampling Techniques, 6.3 and 9A.2 (persons as clusters of
    /// answers).
    ///
    /// ```
    /// use survey_engine::stats::RatioSums;
    /// // Of four persons with one answer each, two are favourable: p (1 - p) / (n - 1).
    /// let sums = RatioSums { favourable: 2, valid: 4, favourable_squared: 2, favourable_valid: 2, valid_squared: 4 };
    /// assert!((sums.variance(4, None).unwrap() - 0.25 / 3.0).abs() < 1e-15);
    /// assert_eq!(sums.variance(4, Some(4)), Some(0.0));
    /// ```
    #[must_use]
    pub fn variance(&self, n: u64, population: Option<u64>) -> Option<f64> {
        let ratio = self.share()?.value();
        let squares = self.favourable_squared as f64 - 2.0 * ratio * self.favourable_valid as f64
            + ratio * ratio * self.valid_squared as f64;
        let persons = n as f64;
        let uncounted = uncounted(n, population);
        let correction = (n > 1).then(|| uncounted * persons / (persons - 1.0))?;
        Some(correction * squares.max(0.0) / (self.valid as f64).powi(2))
    }
}

fn uncounted(n: u64, population: Option<u64>) -> f64 {
    population.map_or(1.0, |all| (1.0 - n as f64 / all as f64).max(0.0))
}

/// Interval of the share of favourable answers given by `n` persons out of `population`.
///
/// Wilson's interval with the number of independent answers that would have the same [variance](RatioSums::variance),
/// `R (1 - R) / v`. That number is at most the number of answers (corrected for the population): it is no evidence of precision
/// that the few persons seen happened to be alike. Where every answer is the same, the persons are counted instead. Without
/// width if everyone is counted. A population smaller than `n` is ignored. `None` without answers, or for a confidence outside
/// `0..1` unless everyone is counted. Source: Korn and Graubard (1998), Survey Methodology 24, for the effective size;
/// [`wilson_interval`] for the interval.
///
/// ```
/// use survey_engine::stats::{RatioSums, ratio_interval};
/// // Two answers from each of twenty persons, both favourable or neither: that counts for nineteen
/// // independent answers (20 - 1, as the share is estimated), not for forty.
/// let sums = RatioSums {
///     favourable: 20, valid: 40, favourable_squared: 40, favourable_valid: 40, valid_squared: 80,
/// };
/// let interval = ratio_interval(&sums, 20, None, 0.95).unwrap();
/// assert!((interval.lower.value() - 0.294_951).abs() < 1e-6);
/// ```
#[must_use]
pub fn ratio_interval(
    sums: &RatioSums,
    n: u64,
    population: Option<u64>,
    confidence: f64,
) -> Option<Interval<Probability>> {
    let share = sums.share()?;
    let population = population.filter(|all| *all >= n);
    if population == Some(n) {
        return Some(Interval::point(share));
    }
    let p = share.value();
    let persons = population.map_or(Some(n as f64), |all| effective_size(n, all))?;
    let size = match sums.variance(n, population) {
        Some(variance) if p > 0.0 && p < 1.0 => {
            (p * (1.0 - p) / variance).min(sums.valid as f64 / uncounted(n, population))
        }
        _ => persons,
    };
    wilson_interval(share, size, confidence)
}
