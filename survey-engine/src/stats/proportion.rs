//! Intervals of proportions.

use statrs::function::factorial::ln_binomial;

use super::{Interval, Probability, normal_quantile};

/// Largest population for which the exact interval is computed.
pub const HYPERGEOMETRIC_LIMIT: u64 = 2000;

/// The sample size that would be as precise if the population were infinite, `n (N - 1) / (N - n)`.
///
/// `None` if nobody is left out (`n >= N`), when there is no uncertainty to express. Under simple random sampling without
/// replacement the variance of a proportion is `P (1 - P) / n * (N - n) / (N - 1)`, so that the score interval with this size
/// is the exact inversion of the score test (Cochran, Sampling Techniques, 3.2).
///
/// ```
/// use survey_engine::stats::effective_size;
/// assert_eq!(effective_size(25, 30), Some(145.0));
/// assert_eq!(effective_size(25, 25), None);
/// ```
#[must_use]
pub fn effective_size(n: u64, population: u64) -> Option<f64> {
    (n < population).then(|| n as f64 * (population - 1) as f64 / (population - n) as f64)
}

/// Wilson's score interval of a share `p` observed in `n > 0` (effective) answers.
///
/// Centre `(p + z^2 / 2n) / (1 + z^2 / n)`, half width `z / (1 + z^2 / n) sqrt(p (1 - p) / n + z^2 / 4n^2)`. Source: Wilson
/// (1927), JASA 22. `None` without answers or for a confidence outside `0..1`.
///
/// ```
/// use survey_engine::stats::{Probability, wilson_interval};
/// let interval = wilson_interval(Probability::new(0.7).unwrap(), 10.0, 0.95).unwrap();
/// assert!((interval.lower.value() - 0.396_778_147_461).abs() < 1e-10);
/// assert!((interval.upper.value() - 0.892_208_732_594).abs() < 1e-10);
/// ```
#[must_use]
pub fn wilson_interval(p: Probability, n: f64, confidence: f64) -> Option<Interval<Probability>> {
    if !(n > 0.0 && n.is_finite()) {
        return None;
    }
    let z = normal_quantile(0.5 + confidence / 2.0)?;
    let share = p.value();
    let square = z * z;
    let scale = 1.0 + square / n;
    let centre = (share + square / (2.0 * n)) / scale;
    let half = z / scale * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    // Rounding must not push the estimate out of its own interval at 0 and 1.
    Some(Interval {
        lower: Probability::clamped((centre - half).min(share))?,
        upper: Probability::clamped((centre + half).max(share))?,
    })
}

/// Exact interval of the share in a population of `population` persons of which `n` were observed, `favourable` of them favourable.
///
/// Inverts the two one-sided hypergeometric tests: the population counts `D` for which neither `P(X >= x | D)` nor
/// `P(X <= x | D)` is at most `(1 - confidence) / 2`. Widened, by less than one person, to hold the observed share. Coverage is
/// at least `confidence`. `None` unless `favourable <= n <= population` and `n > 0`. Source: Katz (1953), JASA 48; Buonaccorsi
/// (1987), The American Statistician 41.
///
/// ```
/// use survey_engine::stats::hypergeometric_interval;
/// let interval = hypergeometric_interval(12, 25, 30, 0.95).unwrap();
/// assert_eq!((interval.lower.value() * 30.0, interval.upper.value() * 30.0), (12.0, 17.0));
/// ```
#[must_use]
pub fn hypergeometric_interval(
    favourable: u64,
    n: u64,
    population: u64,
    confidence: f64,
) -> Option<Interval<Probability>> {
    if n == 0 || favourable > n || n > population || !(confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let tail = (1.0 - confidence) / 2.0;
    let upper = largest_plausible(favourable, n, population, tail);
    // The unfavourable persons of the population are bounded the same way.
    let lower = population - largest_plausible(n - favourable, n, population, tail);
    let observed = favourable as f64 / n as f64;
    let all = population as f64;
    Some(Interval {
        lower: Probability::clamped((lower as f64 / all).min(observed))?,
        upper: Probability::clamped((upper as f64 / all).max(observed))?,
    })
}

/// Interval of a counted share: exact in a known population of at most [`HYPERGEOMETRIC_LIMIT`], else Wilson's with the
/// [`effective_size`]. A population smaller than `n` is ignored.
///
/// ```
/// use survey_engine::stats::{Interval, proportion_interval};
/// let complete = proportion_interval(5, 20, Some(20), 0.95).unwrap();
/// assert_eq!(complete.lower, complete.upper);
/// ```
#[must_use]
pub fn proportion_interval(
    favourable: u64,
    n: u64,
    population: Option<u64>,
    confidence: f64,
) -> Option<Interval<Probability>> {
    if n == 0 || favourable > n {
        return None;
    }
    let share = Probability::clamped(favourable as f64 / n as f64)?;
    match population.filter(|all| *all >= n) {
        Some(all) if all == n => Some(Interval::point(share)),
        Some(all) if all <= HYPERGEOMETRIC_LIMIT => {
            hypergeometric_interval(favourable, n, all, confidence)
        }
        Some(all) => wilson_interval(share, effective_size(n, all)?, confidence),
        None => wilson_interval(share, n as f64, confidence),
    }
}

/// The largest number of such persons in the population under which seeing `seen` or fewer is not too rare.
fn largest_plausible(seen: u64, n: u64, population: u64, tail: f64) -> u64 {
    // Plausible at `low` (everybody who was not observed is of the other kind), and less so with every person more.
    let (mut low, mut high) = (seen, population - (n - seen));
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if at_most(seen, n, middle, population) > tail {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// `P(X <= seen)` for `X` the number of such persons among `n` drawn from `population` of which `of_kind` are such.
fn at_most(seen: u64, n: u64, of_kind: u64, population: u64) -> f64 {
    let others = population - of_kind;
    let fewest = n.saturating_sub(others);
    let all = ln_binomial(population, n);
    (fewest..=seen.min(of_kind))
        .map(|x| (ln_binomial(of_kind, x) + ln_binomial(others, n - x) - all).exp())
        .sum()
}
