//! Differences of two shares.

use serde::Serialize;

use crate::stats::{Interval, Probability, normal_upper, normal_width, wilson_interval};

/// Persons with and without something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct ProportionCount {
    /// Persons with it, for example who answered favourably.
    pub favourable: u64,
    /// All persons who answered.
    pub n: u64,
}

impl ProportionCount {
    /// The share; `None` without persons, or if more are favourable than there are.
    ///
    /// `favourable / n`; who did not answer is in neither number.
    ///
    /// ```
    /// use survey_engine::comparison::ProportionCount;
    /// assert_eq!(ProportionCount { favourable: 3, n: 4 }.share().map(|share| share.value()), Some(0.75));
    /// assert_eq!(ProportionCount { favourable: 0, n: 0 }.share(), None);
    /// ```
    #[must_use]
    pub fn share(self) -> Option<Probability> {
        Probability::new(self.favourable as f64 / self.n as f64)
    }

    /// `p (1 - p) / n`.
    pub(super) fn variance(self) -> Option<f64> {
        let p = self.share()?.value();
        Some(p * (1.0 - p) / self.n as f64)
    }
}

/// A difference of two independent shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TwoProportions {
    /// The first share.
    pub first: Probability,
    /// The second share.
    pub second: Probability,
    /// First share minus second.
    pub difference: f64,
    /// The difference in standard errors under equal shares; `None` if all answers of both groups are alike.
    pub z: Option<f64>,
    /// Two-sided p-value of no difference.
    pub p: Option<Probability>,
    /// The simple interval `difference +- z sqrt(p1 (1 - p1) / n1 + p2 (1 - p2) / n2)`; too narrow for few persons and extreme shares.
    pub wald_interval: Interval<f64>,
    /// The interval to show.
    pub newcombe_interval: Interval<f64>,
    /// The difference of `2 asin sqrt p`: a size of effect that means the same at every level, 0.2 being small.
    pub cohens_h: f64,
}

/// Compares two independent shares.
///
/// `z = (p1 - p2) / sqrt(p (1 - p) (1 / n1 + 1 / n2))` with `p` the share of both together; without a continuity correction. `None` if
/// a group is empty or has more favourable persons than persons, or for a confidence outside `0..1`. Source: Newcombe (1998),
/// Statistics in Medicine 17, 873-890; Cohen (1988), Statistical Power Analysis, ch. 6.
///
/// ```
/// use survey_engine::comparison::{ProportionCount, two_proportions};
/// let girls = ProportionCount { favourable: 45, n: 60 };
/// let boys = ProportionCount { favourable: 30, n: 60 };
/// let compared = two_proportions(girls, boys, 0.95).unwrap();
/// assert!((compared.z.unwrap() - 8.0_f64.sqrt()).abs() < 1e-12);
/// assert!((compared.newcombe_interval.lower - 0.076_779_571_434).abs() < 1e-12);
/// ```
#[must_use]
pub fn two_proportions(
    first: ProportionCount,
    second: ProportionCount,
    confidence: f64,
) -> Option<TwoProportions> {
    let (p1, p2) = (first.share()?, second.share()?);
    let difference = p1.value() - p2.value();
    let both = first.favourable + second.favourable;
    let all = first.n + second.n;
    let (n1, n2) = (first.n as f64, second.n as f64);
    let share = both as f64 / all as f64;
    let pooled = share * (1.0 - share) * (1.0 / n1 + 1.0 / n2);
    let z = (both > 0 && both < all).then(|| difference / pooled.sqrt());
    let p = z.and_then(|z| Probability::clamped(2.0 * normal_upper(z.abs())?));
    let quantile = normal_width(confidence)?;
    let half = quantile * (first.variance()? + second.variance()?).sqrt();
    let angle = |p: Probability| 2.0 * p.value().sqrt().asin();
    Some(TwoProportions {
        first: p1,
        second: p2,
        difference,
        z,
        p,
        wald_interval: Interval::about(difference, half),
        newcombe_interval: newcombe_interval(first, second, confidence)?,
        cohens_h: angle(p1) - angle(p2),
    })
}

/// Newcombe's interval of the difference of two independent shares: his method 10, which joins the score intervals of both.
///
/// With the Wilson intervals `(l1, u1)` and `(l2, u2)`, from `d - sqrt((p1 - l1)^2 + (u2 - p2)^2)` to
/// `d + sqrt((u1 - p1)^2 + (p2 - l2)^2)`. It never leaves -1 to 1. `None` as for [`two_proportions`]. Source: Newcombe (1998),
/// Statistics in Medicine 17, 873-890.
///
/// ```
/// use survey_engine::comparison::{ProportionCount, newcombe_interval};
/// let none = ProportionCount { favourable: 0, n: 20 };
/// let few = ProportionCount { favourable: 3, n: 25 };
/// let interval = newcombe_interval(none, few, 0.95).unwrap();
/// assert!((interval.lower + 0.299_557_939).abs() < 1e-9);
/// ```
#[must_use]
pub fn newcombe_interval(
    first: ProportionCount,
    second: ProportionCount,
    confidence: f64,
) -> Option<Interval<f64>> {
    let (p1, p2) = (first.share()?, second.share()?);
    let one = wilson_interval(p1, first.n as f64, confidence)?.map(Probability::value);
    let other = wilson_interval(p2, second.n as f64, confidence)?.map(Probability::value);
    let (p1, p2) = (p1.value(), p2.value());
    Some(Interval {
        lower: p1 - p2 - (p1 - one.lower).hypot(other.upper - p2),
        upper: p1 - p2 + (one.upper - p1).hypot(p2 - other.lower),
    })
}
