//! Change of persons who answered in both rounds.

use serde::{Deserialize, Serialize};

use super::hedges_correction;
use crate::stats::{Interval, Probability, student_upper, student_width};

/// Sums over linked persons, of whole numbers, that add up over units and from which a person can be taken again.
///
/// A score is kept as a whole number, for example the sum of its items; [`Metric`] turns it into a score. Nothing overflows as long
/// as the number of persons times the largest score stays below 2^62.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PairedSums {
    /// Persons with both scores.
    pub n: u64,
    /// Sum of the earlier scores.
    pub sx: i64,
    /// Sum of the later scores.
    pub sy: i64,
    /// Sum of the squares of the earlier scores.
    pub sxx: i128,
    /// Sum of the squares of the later scores.
    pub syy: i128,
    /// Sum of the products.
    pub sxy: i128,
}

impl PairedSums {
    /// Counts one person with an `earlier` and a `later` score.
    ///
    /// ```
    /// use survey_engine::comparison::PairedSums;
    /// let mut sums = PairedSums::default();
    /// sums.add(9, 12);
    /// assert_eq!((sums.n, sums.sx, sums.sxy), (1, 9, 108));
    /// ```
    pub fn add(&mut self, earlier: i64, later: i64) {
        let (x, y) = (i128::from(earlier), i128::from(later));
        self.n += 1;
        self.sx += earlier;
        self.sy += later;
        self.sxx += x * x;
        self.syy += y * y;
        self.sxy += x * y;
    }

    /// The sums over the persons of both, who must be different ones.
    ///
    /// ```
    /// use survey_engine::comparison::PairedSums;
    /// let (mut one, mut other) = (PairedSums::default(), PairedSums::default());
    /// one.add(3, 4);
    /// other.add(5, 5);
    /// let both = one.merged(&other);
    /// assert_eq!((both.n, both.sx, both.sxy), (2, 8, 37));
    /// ```
    #[must_use]
    pub fn merged(&self, other: &Self) -> Self {
        Self {
            n: self.n + other.n,
            sx: self.sx + other.sx,
            sy: self.sy + other.sy,
            sxx: self.sxx + other.sxx,
            syy: self.syy + other.syy,
            sxy: self.sxy + other.sxy,
        }
    }
}

/// What a whole-number score means: `origin + score / per_unit`.
///
/// The sum of `k` items that count steps above 1 is on the scale of the answers with `origin` 1 and `per_unit` `k`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// The score of 0.
    pub origin: f64,
    /// How many whole numbers make one point of the score; above 0.
    pub per_unit: f64,
}

/// Why a change of linked persons is not defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PairedUndefined {
    /// Fewer than two persons answered in both rounds.
    #[error("fewer than two persons answered in both rounds")]
    TooFewPairs,
    /// The metric or the confidence is out of range.
    #[error("the metric or the confidence is out of range")]
    OutOfRange,
}

/// The change of persons who answered in both rounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PairedChange {
    /// Persons with both scores.
    pub n: u64,
    /// Earlier mean.
    pub mean_earlier: f64,
    /// Later mean.
    pub mean_later: f64,
    /// Standard deviation of the earlier scores.
    pub sd_earlier: f64,
    /// Standard deviation of the later scores.
    pub sd_later: f64,
    /// Correlation of both scores; `None` if one of them does not vary.
    pub correlation: Option<f64>,
    /// Later mean minus earlier.
    pub change: f64,
    /// Standard deviation of the persons' changes.
    pub sd_change: f64,
    /// Standard error of the change.
    pub standard_error: f64,
    /// The change in standard errors; `None` if everybody changed alike.
    pub t: Option<f64>,
    /// Degrees of freedom, `n - 1`.
    pub df: u64,
    /// Two-sided p-value of no change; `None` if everybody changed alike.
    pub p: Option<Probability>,
    /// Interval of the change.
    pub interval: Interval<f64>,
    /// The change in standard deviations of the changes; `None` if everybody changed alike.
    pub d_z: Option<f64>,
    /// The same without the bias of small samples; also `None` for two persons.
    pub g_z: Option<f64>,
    /// The change in standard deviations of the scores (the mean of both); `None` if they do not vary.
    pub d_average_sd: Option<f64>,
    /// The standard error that two samples of this size would have had without knowing who is who.
    pub standard_error_unlinked: f64,
}

/// The change of linked persons from their sums: the paired t test.
///
/// `t = change / (s / sqrt(n))` with `s` the standard deviation of the changes (divisor `n - 1`) and `n - 1` degrees of
/// freedom, `d_z = change / s`, `g_z` with the [`hedges_correction`] of `n - 1`; beside them the change over the mean of both
/// standard deviations, and `sqrt((s_x^2 + s_y^2) / n)`, the standard error without links. Only persons with both scores count,
/// so say how many were lost. Nothing is rounded before the last divisions: all squares about the mean are whole numbers.
/// Source: Student (1908), Biometrika 6; Cohen (1988), Statistical Power Analysis, 2.3.5, for `d_z`; Cumming (2012),
/// Understanding the New Statistics, ch. 11, for the average standard deviation.
///
/// # Errors
/// [`PairedUndefined::TooFewPairs`] for fewer than two persons, [`PairedUndefined::OutOfRange`] for a metric that is not finite
/// or not above 0, a confidence outside `0..1`, or sums too large for the figures.
///
/// ```
/// use survey_engine::comparison::{Metric, PairedSums, paired_change};
/// let mut sums = PairedSums::default();
/// for (spring, autumn) in [(10, 12), (14, 15), (9, 9), (12, 15)] {
///     sums.add(spring, autumn);
/// }
/// // Sums of five items that count steps above 1.
/// let change = paired_change(&sums, Metric { origin: 1.0, per_unit: 5.0 }, 0.95)?;
/// assert!((change.change - 0.3).abs() < 1e-12 && (change.mean_earlier - 3.25).abs() < 1e-12);
/// assert!(change.standard_error < change.standard_error_unlinked);
/// # Ok::<(), survey_engine::comparison::PairedUndefined>(())
/// ```
pub fn paired_change(
    sums: &PairedSums,
    metric: Metric,
    confidence: f64,
) -> Result<PairedChange, PairedUndefined> {
    if sums.n < 2 {
        return Err(PairedUndefined::TooFewPairs);
    }
    let unit = metric.per_unit;
    if !(metric.origin.is_finite() && unit.is_finite() && unit > 0.0) {
        return Err(PairedUndefined::OutOfRange);
    }
    let count = i128::from(sums.n);
    let (sx, sy) = (i128::from(sums.sx), i128::from(sums.sy));
    let n = sums.n as f64;
    // n times the squares about the mean, so whole numbers.
    let xx = count * sums.sxx - sx * sx;
    let yy = count * sums.syy - sy * sy;
    let xy = count * sums.sxy - sx * sy;
    let sd = |squares: i128| (squares.max(0) as f64 / (n * (n - 1.0))).sqrt() / unit;
    let mean = |sum: i128| sum as f64 / (n * unit);
    let (sd_earlier, sd_later, sd_change) = (sd(xx), sd(yy), sd(xx + yy - 2 * xy));
    let change = mean(sy - sx);
    let sizes = [mean(sx), mean(sy), sd_earlier, sd_later, sd_change];
    if sizes.iter().any(|size| !(size * n).is_finite()) {
        return Err(PairedUndefined::OutOfRange);
    }
    let standard_error = sd_change / n.sqrt();
    let df = n - 1.0;
    let quantile = student_width(confidence, df);
    let half = quantile.ok_or(PairedUndefined::OutOfRange)? * standard_error;
    let varies = sd_change > 0.0;
    let t = varies.then(|| change / standard_error);
    let d_z = varies.then(|| change / sd_change);
    let average = f64::midpoint(sd_earlier, sd_later);
    let spread = (xx as f64).sqrt() * (yy as f64).sqrt();
    Ok(PairedChange {
        n: sums.n,
        mean_earlier: metric.origin + mean(sx),
        mean_later: metric.origin + mean(sy),
        sd_earlier,
        sd_later,
        correlation: (spread > 0.0).then(|| (xy as f64 / spread).clamp(-1.0, 1.0)),
        change,
        sd_change,
        standard_error,
        t,
        df: sums.n - 1,
        p: t.and_then(|t| Probability::clamped(2.0 * student_upper(t.abs(), df)?)),
        interval: Interval::about(change, half),
        d_z,
        g_z: d_z.and_then(|d| Some(hedges_correction(df)? * d)),
        d_average_sd: (average > 0.0).then(|| change / average),
        standard_error_unlinked: sd_earlier.hypot(sd_later) / n.sqrt(),
    })
}
