//! What the answers of those who did not answer could change.

use crate::stats::Interval;

/// Mean of a whole population if everybody who did not answer had given the lowest, or the highest, possible answer.
///
/// The ends are `(n mean + (N - n) lowest) / N` and `(n mean + (N - n) highest) / N`. Nothing is assumed about those who did
/// not answer, so the interval is wide: as wide as the range of the values times the share that is missing. A difference that
/// survives it does not hang on who answered. For a share of favourable answers, values run from 0 to 1. `None` without a
/// population, with more respondents than persons, or a mean outside `lowest..=highest`; without respondents the mean does not
/// matter. Source: Manski (1990), American Economic Review 80.
///
/// ```
/// use survey_engine::weighting::worst_case;
/// // Sixty of 80 pupils answered, 75 % of them favourably.
/// let bounds = worst_case(0.75, 60, 80, 0.0, 1.0).unwrap();
/// assert!((bounds.lower - 0.5625).abs() < 1e-12 && (bounds.upper - 0.8125).abs() < 1e-12);
/// ```
#[must_use]
pub fn worst_case(
    mean: f64,
    respondents: u64,
    population: u64,
    lowest: f64,
    highest: f64,
) -> Option<Interval<f64>> {
    let silent = population.checked_sub(respondents)?;
    let range = lowest.is_finite() && highest.is_finite() && lowest <= highest;
    if population == 0 || !range {
        return None;
    }
    if respondents == 0 {
        return Some(Interval {
            lower: lowest,
            upper: highest,
        });
    }
    if !(lowest..=highest).contains(&mean) {
        return None;
    }
    let share = silent as f64 / population as f64;
    let end = |value: f64| mean + share * (value - mean);
    Some(Interval {
        lower: end(lowest),
        upper: end(highest),
    })
}
