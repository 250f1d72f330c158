//! A group of persons on a calibrated scale.

use serde::Serialize;

use crate::stats::{Moments, Percent};
use crate::tally::Pattern;

use super::{PersonEstimate, RawScoreEnd, ScoreTable, Thresholds, score_table};

/// Where a group of persons stands on a scale, and how well the scale tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Separation {
    /// Persons.
    pub n: u64,
    /// Mean of the weighted likelihood estimates, in logits.
    pub mean: f64,
    /// Their standard deviation, with divisor `n - 1`; `None` for one person.
    pub sd: Option<f64>,
    /// Mean of the squared standard errors.
    pub mean_squared_error: f64,
    /// Person separation reliability, `1 - mean squared error / variance`: the share of the differences between persons that is no
    /// error. Negative where there is more error than difference; `None` where everybody has the same score.
    pub reliability: Option<f64>,
    /// Separation index, `sqrt(reliability / (1 - reliability))`; `None` for a negative reliability.
    pub index: Option<f64>,
    /// Persons with the lowest possible raw score.
    pub floor: Percent,
    /// Persons with the highest possible raw score.
    pub ceiling: Percent,
}

/// The scale on which rounds, groups and schools are compared: mean 50 and standard deviation 10 in the calibration population.
///
/// Fixed with the thresholds. A later round is not standardised again, or it could not show change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReportingScale {
    mean: f64,
    standard_deviation: f64,
}

impl ScoreTable {
    /// Mean, spread and separation of persons given by raw score, the lowest and the highest score included.
    ///
    /// `None` without persons, or with persons above the highest raw score. The reliability is that of weighted likelihood
    /// estimates as in the R package TAM (Robitzsch, Kiefer and Wu), except for the divisor of the variance; the index is that of
    /// Wright and Masters (1982), Rating Scale Analysis, ch. 5.
    ///
    /// ```
    /// use survey_engine::calibration::{Thresholds, score_table};
    /// let table = score_table(&Thresholds::new(vec![vec![-1.0, 1.0], vec![0.0, 2.0]])?);
    /// let group = table.separation(&[10, 20, 40, 20, 10]).unwrap();
    /// assert_eq!(group.n, 100);
    /// assert_eq!(group.floor.value(), 10.0);
    /// assert!(group.reliability.unwrap() < 1.0);
    /// assert_eq!(table.separation(&[0; 5]), None);
    /// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
    /// ```
    #[must_use]
    pub fn separation(&self, scores: &[u64]) -> Option<Separation> {
        let persons = self.persons(scores)?;
        Separation::of(&persons)
    }

    /// The scale with mean 50 and standard deviation 10 among these persons, given by raw score; `None` where they do not differ.
    ///
    /// Mean and standard deviation (divisor `n - 1`) are those of the weighted likelihood estimates, the lowest and the highest
    /// score included.
    ///
    /// ```
    /// use survey_engine::calibration::{Thresholds, score_table};
    /// let table = score_table(&Thresholds::new(vec![vec![-1.0, 1.0], vec![-1.0, 1.0]])?);
    /// let scale = table.reporting_scale(&[10, 20, 40, 20, 10]).unwrap();
    /// assert!((scale.score(table.rows()[2].wle).unwrap() - 50.0).abs() < 1e-9);
    /// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
    /// ```
    #[must_use]
    pub fn reporting_scale(&self, scores: &[u64]) -> Option<ReportingScale> {
        let persons = self.persons(scores)?;
        let moments = moments(&persons)?;
        ReportingScale::new(moments.mean, moments.variance?.sqrt())
    }

    /// The rows of the table with how many persons have them.
    fn persons(&self, scores: &[u64]) -> Option<Vec<(PersonEstimate, u64)>> {
        let mut beyond = scores.iter().skip(self.rows().len());
        let rows = self.rows().iter().copied().zip(scores.iter().copied());
        beyond.all(|count| *count == 0).then(|| rows.collect())
    }
}

/// As [`ScoreTable::separation`], for persons of whom some skipped items: each stands where the answered items put them.
///
/// A mean of the answered items is too high for persons who skip what is hard to agree with; this is not. Leave out the patterns
/// with too few answers first. `None` without persons, or for a pattern of another scale. Floor and ceiling are the lowest and the
/// highest score on the answered items. One table per pattern is computed.
///
/// ```
/// use survey_engine::calibration::{Thresholds, separation_of_patterns};
/// use survey_engine::tally::Pattern;
/// let thresholds = Thresholds::new(vec![vec![-1.0], vec![0.0], vec![1.0]])?;
/// let persons = |answered, scores| Pattern { answered, scores, categories: vec![] };
/// // One of two: the easier pair, and the harder pair.
/// let group = [persons(0b011, vec![0, 1, 0]), persons(0b110, vec![0, 1, 0])];
/// let group = separation_of_patterns(&thresholds, &group).unwrap();
/// assert!(group.mean.abs() < 1e-12);
/// assert!((group.sd.unwrap() - 0.5_f64.sqrt()).abs() < 1e-9);
/// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
/// ```
#[must_use]
pub fn separation_of_patterns(thresholds: &Thresholds, patterns: &[Pattern]) -> Option<Separation> {
    let mut persons = Vec::new();
    for pattern in patterns {
        let answered = thresholds.answered(pattern.answered)?;
        persons.extend(score_table(&answered).persons(&pattern.scores)?);
    }
    Separation::of(&persons)
}

fn moments(persons: &[(PersonEstimate, u64)]) -> Option<Moments> {
    Moments::of(persons.iter().map(|(row, count)| (row.wle, *count)))
}

impl Separation {
    fn of(persons: &[(PersonEstimate, u64)]) -> Option<Self> {
        let moments = moments(persons)?;
        let n = moments.n as f64;
        let squared = persons.iter();
        let squared = squared.map(|(row, count)| row.standard_error.powi(2) * *count as f64);
        let mean_squared_error = squared.sum::<f64>() / n;
        let variance = moments.variance.filter(|variance| *variance > 0.0);
        let reliability = variance.map(|variance| 1.0 - mean_squared_error / variance);
        let ratio = reliability.map(|reliability| reliability / (1.0 - reliability));
        let share = |end: RawScoreEnd| {
            let there = persons.iter().filter(|(row, _)| row.end == Some(end));
            let count: u64 = there.map(|(_, count)| count).sum();
            Percent::clamped(100.0 * count as f64 / n)
        };
        Some(Self {
            n: moments.n,
            mean: moments.mean,
            sd: moments.variance.map(f64::sqrt),
            mean_squared_error,
            reliability,
            index: ratio.filter(|ratio| *ratio >= 0.0).map(f64::sqrt),
            floor: share(RawScoreEnd::Floor)?,
            ceiling: share(RawScoreEnd::Ceiling)?,
        })
    }

    /// Mean of the persons minus mean of the thresholds, in logits.
    ///
    /// Above 1 the items are easy to agree with for these persons, below -1 hard: few of them stand where the scale measures best.
    ///
    /// ```
    /// use survey_engine::calibration::{Thresholds, score_table};
    /// let thresholds = Thresholds::new(vec![vec![-1.0, 1.0], vec![-1.0, 1.0]])?;
    /// let group = score_table(&thresholds).separation(&[0, 10, 30, 60, 20]).unwrap();
    /// assert!(group.targeting(&thresholds) > 0.5);
    /// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
    /// ```
    #[must_use]
    pub fn targeting(&self, thresholds: &Thresholds) -> f64 {
        self.mean - thresholds.mean()
    }
}

impl ReportingScale {
    /// From the mean and the standard deviation of the calibration population, in logits; `None` unless the latter is positive and
    /// both are finite.
    ///
    /// ```
    /// use survey_engine::calibration::ReportingScale;
    /// let scale = ReportingScale::new(0.8, 1.25).unwrap();
    /// assert_eq!(scale.score(2.05), Some(60.0));
    /// assert_eq!(scale.error(0.5), Some(4.0));
    /// assert_eq!(ReportingScale::new(0.8, 0.0), None);
    /// ```
    #[must_use]
    pub fn new(mean: f64, standard_deviation: f64) -> Option<Self> {
        let is_positive = standard_deviation > 0.0 && standard_deviation.is_finite();
        (is_positive && mean.is_finite()).then_some(Self {
            mean,
            standard_deviation,
        })
    }

    /// Mean of the calibration population, in logits.
    ///
    /// ```
    /// use survey_engine::calibration::ReportingScale;
    /// let scale = ReportingScale::new(0.8, 1.25).unwrap();
    /// assert_eq!(scale.mean(), 0.8);
    /// ```
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Standard deviation of the calibration population, in logits.
    ///
    /// ```
    /// use survey_engine::calibration::ReportingScale;
    /// let scale = ReportingScale::new(0.8, 1.25).unwrap();
    /// assert_eq!(scale.standard_deviation(), 1.25);
    /// ```
    #[must_use]
    pub fn standard_deviation(&self) -> f64 {
        self.standard_deviation
    }

    /// `50 + 10 (theta - mean) / standard deviation`; `None` unless that is finite.
    ///
    /// A T score. Source: McCall (1922), How to Measure in Education.
    ///
    /// ```
    /// use survey_engine::calibration::ReportingScale;
    /// let scale = ReportingScale::new(0.8, 1.25).unwrap();
    /// assert_eq!(scale.score(2.05), Some(60.0));
    /// assert_eq!(scale.score(f64::NAN), None);
    /// ```
    #[must_use]
    pub fn score(&self, theta: f64) -> Option<f64> {
        finite(50.0 + 10.0 * (theta - self.mean) / self.standard_deviation)
    }

    /// A standard error, or any other difference in logits, on this scale; `None` unless that is finite.
    ///
    /// ```
    /// use survey_engine::calibration::ReportingScale;
    /// let scale = ReportingScale::new(0.8, 1.25).unwrap();
    /// assert_eq!(scale.error(0.5), Some(4.0));
    /// ```
    #[must_use]
    pub fn error(&self, logits: f64) -> Option<f64> {
        finite(10.0 * logits / self.standard_deviation)
    }

    /// Score and standard error of a row of the table.
    ///
    /// ```
    /// use survey_engine::calibration::{ReportingScale, Thresholds, score_table};
    /// let table = score_table(&Thresholds::new(vec![vec![0.0], vec![0.0]]).unwrap());
    /// let scale = ReportingScale::new(0.0, 1.0).unwrap();
    /// assert!((scale.row(&table.rows()[1]).unwrap().0 - 50.0).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn row(&self, row: &PersonEstimate) -> Option<(f64, f64)> {
        Some((self.score(row.wle)?, self.error(row.standard_error)?))
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
