//! Shares near 0 and 100 percent.

use std::fmt;

use serde::Serialize;

use crate::stats::Percent;

/// A share as it may be shown to a wider public.
///
/// As text it is a whole number, rounded half up, or a bound:
///
/// ```
/// use survey_engine::disclosure::Bound;
/// use survey_engine::stats::Percent;
/// let percent = |value| Percent::new(value).unwrap();
/// assert_eq!(Bound::Exactly(percent(92.5)).to_string(), "93");
/// assert_eq!(Bound::AtMost(percent(5.0)).to_string(), "<=5");
/// assert_eq!(Bound::AtLeast(percent(95.0)).to_string(), ">=95");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The share itself.
    Exactly(Percent),
    /// At most this.
    AtMost(Percent),
    /// At least this.
    AtLeast(Percent),
}

impl fmt::Display for Bound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A share of counts is never so near to a half that the quotient's last bit matters.
            Self::Exactly(share) => write!(out, "{}", (share.value() + 0.5).floor()),
            Self::AtMost(limit) => write!(out, "<={}", limit.value()),
            Self::AtLeast(limit) => write!(out, ">={}", limit.value()),
        }
    }
}

/// How near to 0 and 100 percent a share of so many persons may be told: the more persons, the nearer.
///
/// With 95 percent favourable answers a group of ten says the same in three of five cases, and then a share of 100 percent tells what each of
/// them answered, though ten are enough for a mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtremeLimits {
    /// From so many persons, so many percent from the ends; most persons first.
    steps: Vec<(u64, u32)>,
}

/// Why there are no such limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtremeLimitsError {
    /// A limit is not below 50 percent, so that it would leave nothing between the ends.
    #[error("a limit of {0} percent is not below 50")]
    Percent(u32),
    /// Two limits are for the same number of persons.
    #[error("there are two limits from {0} persons")]
    Repeated(u64),
}

impl Default for ExtremeLimits {
    /// 1 percent from 300 persons, 2 from 100, 5 from 40, 10 from 20, 20 from 10.
    ///
    /// Source: NCES 2011-603, Statistical methods for protecting personally identifiable information in aggregate reporting; below 40
    /// persons stricter by the same pattern.
    fn default() -> Self {
        Self {
            steps: vec![(300, 1), (100, 2), (40, 5), (20, 10), (10, 20)],
        }
    }
}

impl ExtremeLimits {
    /// Limits as pairs of the fewest persons and the percentage from the ends, in any order.
    ///
    /// # Errors
    /// [`ExtremeLimitsError::Percent`] for a limit of 50 percent or more, [`ExtremeLimitsError::Repeated`] for two limits from
    /// the same number of persons.
    ///
    /// ```
    /// use survey_engine::disclosure::ExtremeLimits;
    /// let limits = ExtremeLimits::new([(10, 20), (50, 5)])?;
    /// assert_eq!([9, 10, 60].map(|n| limits.at(n)), [None, Some(20), Some(5)]);
    /// assert!(ExtremeLimits::new([(10, 50)]).is_err());
    /// # Ok::<(), survey_engine::disclosure::ExtremeLimitsError>(())
    /// ```
    pub fn new(limits: impl IntoIterator<Item = (u64, u32)>) -> Result<Self, ExtremeLimitsError> {
        let mut steps: Vec<(u64, u32)> = limits.into_iter().collect();
        if let Some((_, percent)) = steps.iter().find(|(_, percent)| *percent >= 50) {
            return Err(ExtremeLimitsError::Percent(*percent));
        }
        steps.sort_unstable_by_key(|(persons, _)| std::cmp::Reverse(*persons));
        let next = steps.iter().skip(1);
        match steps.iter().zip(next).find(|(one, other)| one.0 == other.0) {
            Some((one, _)) => Err(ExtremeLimitsError::Repeated(one.0)),
            None => Ok(Self { steps }),
        }
    }

    /// The limit for `persons`, in percent from the ends; `None` below the smallest number that has one.
    ///
    /// ```
    /// use survey_engine::disclosure::ExtremeLimits;
    /// let limits = ExtremeLimits::new([(10, 20), (40, 5)]).unwrap();
    /// assert_eq!([9, 10, 99].map(|persons| limits.at(persons)), [None, Some(20), Some(5)]);
    /// ```
    #[must_use]
    pub fn at(&self, persons: u64) -> Option<u32> {
        let step = self.steps.iter().find(|(from, _)| persons >= *from);
        step.map(|(_, percent)| *percent)
    }
}

/// The share of `favourable` among `answers` of `persons`, as a bound where it is so extreme that it would tell what nearly everyone answered.
///
/// The share is `100 favourable / answers`, which is compared with the limit and with 100 less the limit exactly; a share at a
/// limit is bounded already. `None` for fewer persons than `minimum` or than any limit is for, without answers, or if
/// `favourable > answers`. Source: NCES 2011-603, Statistical methods for protecting personally identifiable information in
/// aggregate reporting.
///
/// ```
/// use survey_engine::disclosure::{ExtremeLimits, masked_percent};
/// let shown = |favourable, n| {
///     let share = masked_percent(favourable, n, n, 10, &ExtremeLimits::default());
///     share.map(|share| share.to_string())
/// };
/// assert_eq!(shown(36, 39).as_deref(), Some(">=90"));
/// assert_eq!(shown(37, 40).as_deref(), Some("93"));
/// assert_eq!(shown(3, 9), None);
/// ```
#[must_use]
pub fn masked_percent(
    favourable: u64,
    answers: u64,
    persons: u64,
    minimum: u32,
    limits: &ExtremeLimits,
) -> Option<Bound> {
    if favourable > answers || answers == 0 || persons < u64::from(minimum) {
        return None;
    }
    let limit = limits.at(persons)?;
    let low = Percent::new(f64::from(limit))?;
    let high = Percent::new(f64::from(100 - limit))?;
    // Compared as integers: 2 of 100 is at the limit, whatever the rounding of the quotient.
    let (counted, all, limit) = (
        100 * u128::from(favourable),
        u128::from(answers),
        u128::from(limit),
    );
    Some(if counted >= (100 - limit) * all {
        Bound::AtLeast(high)
    } else if counted <= limit * all {
        Bound::AtMost(low)
    } else {
        Bound::Exactly(Percent::clamped(
            100.0 * favourable as f64 / answers as f64,
        )?)
    })
}

/// What may be told of an exact `share` whose bound is `bound`, in the school and beyond: the bound where there is one. Without a bound,
/// of fewer than 10 persons, the share, but never that it is 0 or 100 percent.
///
/// Source: rule of this engine.
///
/// ```
/// use survey_engine::disclosure::{Bound, told_percent};
/// use survey_engine::stats::Percent;
/// let percent = |value| Percent::new(value).unwrap();
/// assert_eq!(told_percent(percent(97.0), Some(Bound::AtLeast(percent(95.0)))), Some(Bound::AtLeast(percent(95.0))));
/// assert_eq!(told_percent(percent(40.0), None), Some(Bound::Exactly(percent(40.0))));
/// assert_eq!(told_percent(percent(100.0), None), None);
/// ```
#[must_use]
pub fn told_percent(share: Percent, bound: Option<Bound>) -> Option<Bound> {
    let is_between = 0.0 < share.value() && share.value() < 100.0;
    bound.or_else(|| is_between.then_some(Bound::Exactly(share)))
}

/// [`masked_percent`] with the limits of this engine, from 10 persons on.
///
/// ```
/// use survey_engine::disclosure::{Bound, bounded_percent};
/// use survey_engine::stats::Percent;
/// assert_eq!(bounded_percent(36, 39, 39), Percent::new(90.0).map(Bound::AtLeast));
/// assert_eq!(bounded_percent(9, 12, 12), Percent::new(75.0).map(Bound::Exactly));
/// assert_eq!(bounded_percent(3, 9, 9), None);
/// ```
#[must_use]
pub fn bounded_percent(favourable: u64, answers: u64, persons: u64) -> Option<Bound> {
    masked_percent(favourable, answers, persons, 10, &ExtremeLimits::default())
}
