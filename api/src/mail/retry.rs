//! When a mail that could not be delivered is tried again, and when it is given up.

/// The longest time between two attempts, in milliseconds: six hours.
pub const LONGEST_DELAY_MS: i64 = 6 * 60 * 60 * 1_000;

/// After this many attempts a mail is given up. With a first delay of a minute they span a little more than two days: a
/// weekend's outage, or a greylisting server, loses no mail.
pub const MAX_ATTEMPTS: u32 = 17;

/// Milliseconds to wait after `attempt` attempts (1 or more), with `first_ms` after the first: doubled each time, up to
/// [`LONGEST_DELAY_MS`]. A `first_ms` below 1 counts as 1.
///
/// ```
/// use klankbord::mail::retry_delay_ms;
/// assert_eq!(retry_delay_ms(1, 60_000), 60_000);
/// assert_eq!(retry_delay_ms(4, 60_000), 480_000);
/// assert_eq!(retry_delay_ms(16, 60_000), 21_600_000);
/// ```
#[must_use]
pub fn retry_delay_ms(attempt: u32, first_ms: i64) -> i64 {
    let doublings = attempt.saturating_sub(1).min(40);
    first_ms
        .max(1)
        .saturating_mul(1 << doublings)
        .min(LONGEST_DELAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempts_span_about_two_days() {
        let hours = (1..MAX_ATTEMPTS)
            .map(|attempt| retry_delay_ms(attempt, 60_000))
            .sum::<i64>()
            / 3_600_000;
        assert!((46..=54).contains(&hours), "{hours}");
    }

    #[test]
    fn delays_grow_and_never_overflow() {
        for first in [-5, 0, 1, 500, 60_000, i64::MAX] {
            let delays: Vec<i64> = (0..200)
                .map(|attempt| retry_delay_ms(attempt, first))
                .collect();
            assert!(delays.is_sorted());
            assert!(
                delays
                    .iter()
                    .all(|delay| (1..=LONGEST_DELAY_MS).contains(delay))
            );
        }
        assert_eq!(retry_delay_ms(u32::MAX, 1), LONGEST_DELAY_MS);
    }
}
