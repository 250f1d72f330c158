//! Shares near 0 and 100 percent.

use serde::Serialize;

use crate::stats::Percent;

/// A share as it may be shown to a wider public.
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

/// The share of `favourable` among `answers` of `persons`, as a bound where it is so extreme that it would tell what nearly everyone answered.
///
/// Bounded at 1 percent from the ends for 300 and more persons, 2 from 100, 5 from 40, 10 from 20, 20 from 10. `None` for fewer
/// than 10 persons or `favourable > answers`. After the limits in use for published school results (NCES 2011-603).
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
    if favourable > answers {
        return None;
    }
    let limit: u32 = match persons {
        0..10 => return None,
        10..20 => 20,
        20..40 => 10,
        40..100 => 5,
        100..300 => 2,
        _ => 1,
    };
    let low = Percent::new(f64::from(limit))?;
    let high = Percent::new(f64::from(100 - limit))?;
    let share = Percent::clamped(100.0 * favourable as f64 / answers as f64)?;
    // Compared as integers: 2 of 100 is at the limit, whatever the rounding of the quotient.
    let (counted, all, limit) = (
        100 * u128::from(favourable),
        u128::from(answers),
        u128::from(limit),
    );
    Some(if counted <= limit * all {
        Bound::AtMost(low)
    } else if counted >= (100 - limit) * all {
        Bound::AtLeast(high)
    } else {
        Bound::Exactly(share)
    })
}
