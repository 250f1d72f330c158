//! Items with known thresholds.

use serde::Serialize;

use crate::scoring::RawScore;

/// Thresholds further than this from the mean, in logits, are not determined by answers: `exp(-30)` is less than one in 10^13.
pub const THRESHOLD_LIMIT: f64 = 30.0;

/// Beyond this a logit begins to be lost in rounding.
const MEAN_LIMIT: f64 = 1e6;

/// Thresholds `delta_ij` of the items of a scale in the partial credit model, in logits.
///
/// A person at `theta` chooses category `x` of item `i` with a probability proportional to
/// `exp(x theta - delta_i1 - ... - delta_ix)`: at `theta = delta_ij` the categories `j - 1` and `j` are as likely as one another.
/// Items may have different numbers of thresholds. Source: Masters (1982), Psychometrika 47.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Thresholds(Vec<Vec<f64>>);

/// Why numbers are not the thresholds of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ThresholdsInvalid {
    /// There is no item, or an item without a threshold.
    #[error("a scale has items, and an item has thresholds")]
    Empty,
    /// A threshold is further than [`THRESHOLD_LIMIT`] from the mean, or is no number, or the mean is beyond a million.
    #[error("thresholds lie within {THRESHOLD_LIMIT} logits of their mean")]
    OutOfRange,
}

/// What a person at one place is expected to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Response {
    /// `-ln sum_x exp(x theta - eta_x)`.
    pub(super) log_zero: f64,
    pub(super) mean: f64,
    pub(super) variance: f64,
    /// Third and fourth central moments.
    pub(super) third: f64,
    pub(super) fourth: f64,
}

impl Thresholds {
    /// One list of thresholds per item.
    ///
    /// # Errors
    /// [`ThresholdsInvalid::Empty`] without items, or for an item without a threshold; [`ThresholdsInvalid::OutOfRange`] for a
    /// threshold that is not a number or further than [`THRESHOLD_LIMIT`] from the mean, or a mean beyond a million.
    ///
    /// ```
    /// use survey_engine::calibration::{Thresholds, ThresholdsInvalid};
    /// use survey_engine::scoring::RawScore;
    /// let thresholds = Thresholds::new(vec![vec![-1.5, 0.5], vec![-0.5, 1.5]])?;
    /// assert_eq!(thresholds.highest(), RawScore(4));
    /// assert_eq!(Thresholds::new(vec![vec![f64::NAN]]), Err(ThresholdsInvalid::OutOfRange));
    /// # Ok::<(), ThresholdsInvalid>(())
    /// ```
    pub fn new(items: Vec<Vec<f64>>) -> Result<Self, ThresholdsInvalid> {
        if items.is_empty() || items.iter().any(Vec::is_empty) {
            return Err(ThresholdsInvalid::Empty);
        }
        let thresholds = Self(items);
        let mean = thresholds.mean();
        let mut all = thresholds.0.iter().flatten();
        // Not so for a NaN either.
        if all.all(|threshold| (threshold - mean).abs() <= THRESHOLD_LIMIT)
            && mean.abs() <= MEAN_LIMIT
        {
            Ok(thresholds)
        } else {
            Err(ThresholdsInvalid::OutOfRange)
        }
    }

    /// The thresholds of each item.
    ///
    /// ```
    /// use survey_engine::calibration::Thresholds;
    /// use survey_engine::scoring::RawScore;
    /// # let thresholds = Thresholds::new(vec![vec![-1.0, 1.0], vec![0.0]]).unwrap();
    /// assert_eq!(thresholds.items()[0], [-1.0, 1.0]);
    /// ```
    #[must_use]
    pub fn items(&self) -> &[Vec<f64>] {
        &self.0
    }

    /// The highest raw score.
    ///
    /// ```
    /// use survey_engine::calibration::Thresholds;
    /// use survey_engine::scoring::RawScore;
    /// # let thresholds = Thresholds::new(vec![vec![-1.0, 1.0], vec![0.0]]).unwrap();
    /// assert_eq!(thresholds.highest(), RawScore(3));
    /// ```
    #[must_use]
    pub fn highest(&self) -> RawScore {
        RawScore::at(self.count()).unwrap_or_default()
    }

    /// Number of thresholds: a step each.
    fn count(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// Mean of all thresholds: where the scale measures.
    ///
    /// ```
    /// use survey_engine::calibration::Thresholds;
    /// let thresholds = Thresholds::new(vec![vec![-1.0, 2.0], vec![5.0]])?;
    /// assert_eq!(thresholds.mean(), 2.0);
    /// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
    /// ```
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.0.iter().flatten().sum::<f64>() / self.count() as f64
    }

    /// The same thresholds moved so that their mean is 0.
    ///
    /// ```
    /// use survey_engine::calibration::Thresholds;
    /// let thresholds = Thresholds::new(vec![vec![1.0], vec![2.0]])?.centred();
    /// assert_eq!(thresholds.items(), [vec![-0.5], vec![0.5]]);
    /// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
    /// ```
    #[must_use]
    pub fn centred(&self) -> Self {
        let mean = self.mean();
        let moved = |item: &Vec<f64>| item.iter().map(|threshold| threshold - mean).collect();
        Self(self.0.iter().map(moved).collect())
    }

    /// The answered items alone: bit `i` of `answered` is item `i`. `None` if there are none, or one that does not exist.
    ///
    /// ```
    /// use survey_engine::calibration::Thresholds;
    /// let thresholds = Thresholds::new(vec![vec![-1.0], vec![0.0], vec![1.0]])?;
    /// assert_eq!(thresholds.answered(0b101).unwrap().items(), [vec![-1.0], vec![1.0]]);
    /// assert_eq!(thresholds.answered(0), None);
    /// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
    /// ```
    #[must_use]
    pub fn answered(&self, answered: u64) -> Option<Self> {
        let is_answered = |item: usize| item < 64 && answered >> item & 1 == 1;
        let items = self.0.iter().enumerate();
        let kept = items.filter(|(item, _)| is_answered(*item));
        let kept: Vec<Vec<f64>> = kept.map(|(_, thresholds)| thresholds.clone()).collect();
        (!kept.is_empty() && kept.len() == answered.count_ones() as usize).then_some(Self(kept))
    }

    /// For each item, whether its thresholds are out of order: some category is the most likely one nowhere.
    ///
    /// A sign that people do not tell the categories apart, or that a category is hardly used; look at the answers before
    /// changing the item. Source: Andrich (2013), Educational and Psychological Measurement 73.
    ///
    /// ```
    /// use survey_engine::calibration::Thresholds;
    /// let thresholds = Thresholds::new(vec![vec![-1.0, 0.5, 2.0], vec![0.5, -0.5, 0.0]])?;
    /// assert_eq!(thresholds.disordered(), [false, true]);
    /// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
    /// ```
    #[must_use]
    pub fn disordered(&self) -> Vec<bool> {
        let falls = |item: &Vec<f64>| item.windows(2).any(|pair| pair.first() > pair.last());
        self.0.iter().map(falls).collect()
    }

    /// Probabilities of the categories of an item for a person at `theta`; empty for an item that does not exist, or a
    /// `theta` that is not finite.
    ///
    /// `P(x) = exp(x theta - delta_1 - ... - delta_x)` over the sum of the same for all categories. Source: Masters (1982),
    /// Psychometrika 47.
    ///
    /// ```
    /// use survey_engine::calibration::Thresholds;
    /// let thresholds = Thresholds::new(vec![vec![0.0, 0.0]])?;
    /// assert_eq!(thresholds.probabilities(0, 0.0), [1.0 / 3.0; 3]);
    /// # Ok::<(), survey_engine::calibration::ThresholdsInvalid>(())
    /// ```
    #[must_use]
    pub fn probabilities(&self, item: usize, theta: f64) -> Vec<f64> {
        let item = self.0.get(item).map(Vec::as_slice);
        let item = item.filter(|_| theta.is_finite());
        item.map_or_else(Vec::new, |item| probabilities(item, theta))
    }

    /// What a person at `theta` is expected to answer to each item.
    pub(super) fn responses(&self, theta: f64) -> impl Iterator<Item = Response> {
        self.0.iter().map(move |item| Response::of(item, theta))
    }
}

/// Probabilities of the categories.
fn probabilities(item: &[f64], theta: f64) -> Vec<f64> {
    let mut logits = Vec::with_capacity(item.len() + 1);
    let (mut logit, mut largest) = (0.0, 0.0_f64);
    logits.push(logit);
    for threshold in item {
        logit += theta - threshold;
        largest = largest.max(logit);
        logits.push(logit);
    }
    let mut sum = 0.0;
    for logit in &mut logits {
        *logit = (*logit - largest).exp();
        sum += *logit;
    }
    for probability in &mut logits {
        *probability /= sum;
    }
    logits
}

impl Response {
    /// Moments around the most likely category: where an answer is nearly certain, what is left is not lost to rounding.
    fn of(item: &[f64], theta: f64) -> Self {
        let (mut logit, mut largest, mut likeliest) = (0.0, 0.0, 0.0);
        let mut category = 0.0;
        for threshold in item {
            logit += theta - threshold;
            category += 1.0;
            if logit > largest {
                (largest, likeliest) = (logit, category);
            }
        }
        let (mut logit, mut distance) = (-largest, -likeliest);
        let mut sums = [0.0; 5];
        let steps = std::iter::once(None).chain(item.iter().map(Some));
        for threshold in steps {
            if let Some(threshold) = threshold {
                logit += theta - threshold;
                distance += 1.0;
            }
            let mut term = logit.exp();
            for sum in &mut sums {
                *sum += term;
                term *= distance;
            }
        }
        let [all, first, second, third, fourth] = sums;
        let (first, second) = (first / all, second / all);
        let (third, fourth) = (third / all, fourth / all);
        let square = first * first;
        Self {
            log_zero: -largest - all.ln(),
            mean: likeliest + first,
            variance: second - square,
            third: third - 3.0 * first * second + 2.0 * first * square,
            fourth: fourth - 4.0 * first * third + 6.0 * square * second - 3.0 * square * square,
        }
    }
}
