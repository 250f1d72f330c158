//! From raw scores to places on the scale.

use serde::Serialize;

use super::Thresholds;
use super::thresholds::Response;
use crate::scoring::RawScore;

/// A place on the scale for every raw score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreTable {
    rows: Vec<PersonEstimate>,
}

/// What a raw score says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PersonEstimate {
    /// Warm's weighted likelihood estimate, in logits.
    pub wle: f64,
    /// Its standard error, `1 / sqrt(I)`.
    pub standard_error: f64,
    /// Maximum likelihood estimate, in logits; `None` for the lowest and the highest raw score, where it is infinite.
    pub mle: Option<f64>,
    /// Whether this is the lowest or the highest raw score.
    pub end: Option<RawScoreEnd>,
}

/// A raw score beyond which a scale does not measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RawScoreEnd {
    /// The lowest answer to every item.
    Floor,
    /// The highest answer to every item.
    Ceiling,
}

/// Sums over items at one place.
#[derive(Debug, Clone, Copy, Default)]
struct Curve {
    log_zero: f64,
    mean: f64,
    information: f64,
    third: f64,
    /// Sum of fourth cumulants.
    fourth: f64,
}

impl Curve {
    fn at(thresholds: &Thresholds, theta: f64) -> Self {
        let mut sums = Self::default();
        for Response {
            log_zero,
            mean,
            variance,
            third,
            fourth,
        } in thresholds.responses(theta)
        {
            sums.log_zero += log_zero;
            sums.mean += mean;
            sums.information += variance;
            sums.third += third;
            sums.fourth += fourth - 3.0 * variance * variance;
        }
        sums
    }

    /// The slope of the weighted log-likelihood without its raw score.
    fn slope(&self) -> f64 {
        self.third / (2.0 * self.information) - self.mean
    }

    /// The derivative of [`slope`](Self::slope).
    fn bend(&self) -> f64 {
        let information = self.information;
        let ratio = self.third / information;
        (self.fourth / information - ratio * ratio) / 2.0 - information
    }

    /// The weighted log-likelihood of a raw score, up to a constant.
    fn weighted(&self, score: f64, theta: f64) -> f64 {
        score * theta + self.log_zero + self.information.ln() / 2.0
    }
}

/// Warm's weighted likelihood estimate, and the maximum likelihood estimate, for every raw score.
///
/// The weighted likelihood is `L sqrt(I)`; its maximum solves `r - E + J / (2 I) = 0` with `E`, `I` and `J` the sums over items of
/// the mean, the variance and the third central moment of the answer. It is finite for every raw score, has less bias than the
/// maximum likelihood estimate, and grows with the raw score. Where the equation has several solutions (items in groups far
/// apart) it is the one with the largest weighted likelihood, and halfway between two for which that is the same. Source: Warm (1989), Psychometrika 54.
///
/// This table is how a round is scored with the thresholds of another: thresholds are fixed, and so is the table.
///
/// ```
/// use survey_engine::calibration::{Thresholds, score_table};
/// let table = score_table(&Thresholds::new(vec![vec![0.0], vec![0.0]])?);
/// let rows = table.rows();
/// assert!(rows[1].wle.abs() < 1e-12);
/// // sqrt(2): two items at 0 with an information of a quarter each.
/// assert!((rows[1].standard_error - 2.0_f64.sqrt()).abs() < 1e-12);
/// // With both right, 2 - 2 p + (1 - 2 p) / 2 = 0: p = 5/6.
/// assert!((rows[2].wle - 5.0_f64.ln()).abs() < 1e-9);
/// assert_eq!(rows[2].mle, None);
/// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
/// ```
#[must_use]
pub fn score_table(thresholds: &Thresholds) -> ScoreTable {
    let grid = grid(thresholds);
    let rows = thresholds.highest().and_below().map(|score| {
        let score_value = f64::from(score);
        let wle = weighted_maximum(thresholds, &grid, score_value);
        let information = Curve::at(thresholds, wle).information;
        let end = if score == RawScore(0) {
            Some(RawScoreEnd::Floor)
        } else {
            (score == thresholds.highest()).then_some(RawScoreEnd::Ceiling)
        };
        PersonEstimate {
            wle,
            standard_error: 1.0 / information.sqrt(),
            mle: end
                .is_none()
                .then(|| maximum(thresholds, &grid, score_value)),
            end,
        }
    });
    ScoreTable {
        rows: rows.collect(),
    }
}

/// Places from below the lowest estimate to above the highest, with no two solutions of an equation between neighbours: the slope of
/// the weighted log-likelihood grows or falls between them, whatever the raw score, and turns at places of the grid alone.
fn grid(thresholds: &Thresholds) -> Vec<(f64, Curve)> {
    let all = || thresholds.items().iter().flatten().copied();
    let longest = thresholds.items().iter().map(Vec::len).max().unwrap_or(1);
    // Answers change by all steps of an item within a part of a logit where its thresholds are out of order.
    let spacing = (0.25 / longest as f64).min(0.125);
    // Where fewer than a tenth of a step is expected, or missing, the equations of all scores have one sign.
    let margin = (10.0 * f64::from(thresholds.highest())).ln() + 1.0;
    let low = all().fold(f64::INFINITY, f64::min) - margin;
    let high = all().fold(f64::NEG_INFINITY, f64::max) + margin;
    let mut found: Vec<(f64, Curve)> = Vec::new();
    for place in std::iter::successors(Some(low), |place| Some(place + spacing))
        .take_while(|place| *place < high + spacing)
    {
        let curve = Curve::at(thresholds, place);
        if let Some((before, last)) = found.last()
            && (last.bend() < 0.0) != (curve.bend() < 0.0)
        {
            found.push(turn(thresholds, *before, place, last.bend() < 0.0));
        }
        found.push((place, curve));
    }
    found
}

/// Where between two places the slope of the weighted log-likelihood stops falling, or stops growing.
fn turn(thresholds: &Thresholds, mut low: f64, mut high: f64, falls: bool) -> (f64, Curve) {
    loop {
        let middle = f64::midpoint(low, high);
        let curve = Curve::at(thresholds, middle);
        // Closer than this the slope differs by less than what rounding makes of it.
        if high - low <= 1e-8 {
            return (middle, curve);
        }
        if (curve.bend() < 0.0) == falls {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The largest maximum of `L sqrt(I)`.
fn weighted_maximum(thresholds: &Thresholds, grid: &[(f64, Curve)], score: f64) -> f64 {
    let excess = |curve: &Curve| score + curve.slope();
    let pairs = grid.iter().zip(grid.iter().skip(1));
    let falling = pairs.filter(|(left, right)| excess(&left.1) > 0.0 && excess(&right.1) <= 0.0);
    let solve = |low: f64, high: f64| {
        root(low, high, |theta| {
            let curve = Curve::at(thresholds, theta);
            (excess(&curve), curve.bend())
        })
    };
    let solutions = falling.map(|(left, right)| solve(left.0, right.0));
    let found: Vec<f64> = solutions.collect();
    let height = |theta: f64| Curve::at(thresholds, theta).weighted(score, theta);
    let heights: Vec<f64> = found.iter().map(|theta| height(*theta)).collect();
    let largest = heights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let best = || {
        let pairs = found.iter().zip(&heights);
        pairs
            .filter(|(_, height)| **height >= largest - 1e-10)
            .map(|(theta, _)| *theta)
    };
    match (best().next(), best().next_back()) {
        // Of two as large as one another, as in a scale that is its own mirror image, what lies between.
        (Some(first), Some(last)) => f64::midpoint(first, last),
        _ => 0.0,
    }
}

/// The solution of `E = r`.
fn maximum(thresholds: &Thresholds, grid: &[(f64, Curve)], score: f64) -> f64 {
    let above = grid.partition_point(|(_, curve)| curve.mean < score);
    let place = |at: usize| grid.get(at).map_or(0.0, |(place, _)| *place);
    root(place(above.saturating_sub(1)), place(above), |theta| {
        let curve = Curve::at(thresholds, theta);
        (score - curve.mean, -curve.information)
    })
}

/// Where a function that is positive at `low` and not at `high` is zero: Newton's method, and bisection where that leads outside. After a
/// Newton step of `1e-7` the error is its square.
fn root(mut low: f64, mut high: f64, function: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut at = f64::midpoint(low, high);
    for _ in 0..100 {
        let (value, slope) = function(at);
        if value > 0.0 {
            low = at;
        } else {
            high = at;
        }
        let newton = at - value / slope;
        // A NaN is not inside either.
        let is_inside = newton > low && newton < high;
        let next = if is_inside {
            newton
        } else {
            f64::midpoint(low, high)
        };
        let moved = (next - at).abs();
        at = next;
        if moved <= if is_inside { 1e-7 } else { 1e-14 } {
            break;
        }
    }
    at
}

impl ScoreTable {
    /// One estimate for each raw score, from 0.
    ///
    /// ```
    /// use survey_engine::calibration::{Thresholds, score_table};
    /// let table = score_table(&Thresholds::new(vec![vec![-1.0, 1.0]]).unwrap());
    /// assert_eq!(table.rows().len(), 3);
    /// ```
    #[must_use]
    pub fn rows(&self) -> &[PersonEstimate] {
        &self.rows
    }

    /// The estimate for a raw score; `None` above the highest.
    ///
    /// ```
    /// use survey_engine::calibration::{Thresholds, score_table};
    /// use survey_engine::scoring::RawScore;
    /// let table = score_table(&Thresholds::new(vec![vec![-1.0, 1.0], vec![0.0, 2.0]])?);
    /// let place = |score| table.get(RawScore(score)).map(|row| row.wle);
    /// assert!(place(1) < place(2));
    /// assert_eq!(table.get(RawScore(5)), None);
    /// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
    /// ```
    #[must_use]
    pub fn get(&self, score: RawScore) -> Option<PersonEstimate> {
        self.rows.get(score.place()).copied()
    }
}
