//! Intervals of proportions.

use super::{Interval, Probability, hypergeometric_interval, normal_width, student_width};

/// Largest population for which the exact interval is computed.
pub const HYPERGEOMETRIC_LIMIT: u64 = 2000;

/// The sample size that would be as precise if the population were infinite, `n (N - 1) / (N - n)`.
///
/// `None` if nobody is left out (`n >= N`), when there is no uncertainty to express. Under simple random sampling without
/// replacement the variance of a proportion is `P (1 - P) / n * (N - n) / (N - 1)`, so that the score interval with this size
/// is the exact inversion of the score test (Cochran, 1977, Sampling Techniques, 3.2).
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
    score_interval(p, n, normal_width(confidence)?)
}

/// Wilson's score interval of a share estimated under a complex design, for which a variance is at hand.
///
/// The number of answers is replaced by the one that would have this variance, `p (1 - p) / variance`. `df` are the degrees of
/// freedom of the design: with them the quantile is Student's, without (or with infinitely many) the normal one. `None` for a
/// share of 0 or 1, whose linearised variance says nothing, for a variance that is not positive, `df` that are not, or a
/// confidence outside `0..1`. Source: Korn and Graubard (1998), Survey Methodology 24.
///
/// ```
/// use survey_engine::stats::{Probability, design_wilson_interval, wilson_interval};
/// let share = Probability::new(0.4).unwrap();
/// let like_fifty = design_wilson_interval(share, 0.4 * 0.6 / 50.0, None, 0.95).unwrap();
/// let fifty = wilson_interval(share, 50.0, 0.95).unwrap();
/// assert!((like_fifty.lower.value() - fifty.lower.value()).abs() < 1e-15);
/// let of_few_clusters = design_wilson_interval(share, 0.4 * 0.6 / 50.0, Some(9.0), 0.95).unwrap();
/// assert!(of_few_clusters.lower < fifty.lower);
/// ```
#[must_use]
pub fn design_wilson_interval(
    p: Probability,
    variance: f64,
    df: Option<f64>,
    confidence: f64,
) -> Option<Interval<Probability>> {
    let n = p.value() * (1.0 - p.value()) / variance;
    if !(n > 0.0 && n.is_finite()) {
        return None;
    }
    let width = df.map_or_else(
        || normal_width(confidence),
        |df| student_width(confidence, df),
    );
    score_interval(p, n, width?)
}

fn score_interval(p: Probability, n: f64, z: f64) -> Option<Interval<Probability>> {
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

/// Interval of a counted share: exact in a known population of at most [`HYPERGEOMETRIC_LIMIT`], else Wilson's with the
/// [`effective_size`]. A population smaller than `n` is ignored.
///
/// Where everybody was counted it has no width. `None` without answers, if more are favourable than there are, or, unless
/// everybody was counted, for a confidence outside `0..1`. Sources: those of [`hypergeometric_interval`] and
/// [`wilson_interval`].
///
/// ```
/// use survey_engine::stats::{Probability, hypergeometric_interval, proportion_interval, wilson_interval};
/// assert_eq!(proportion_interval(5, 20, Some(80), 0.95), hypergeometric_interval(5, 20, 80, 0.95));
/// let quarter = Probability::new(0.25).ok_or("not a share")?;
/// assert_eq!(proportion_interval(5, 20, None, 0.95), wilson_interval(quarter, 20.0, 0.95));
/// let complete = proportion_interval(5, 20, Some(20), 0.95).ok_or("no answers")?;
/// assert_eq!((complete.lower, complete.upper), (quarter, quarter));
/// # Ok::<(), &str>(())
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
