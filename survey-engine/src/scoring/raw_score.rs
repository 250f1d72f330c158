//! The sum of a person's answers to a scale.

use serde::{Deserialize, Serialize};

/// The sum of a person's answers to the items of a scale, in steps above the lowest value, after reversing.
///
/// On four items from 1 to 5 the answers 1, 1, 2 and 5 are the raw score 5, of 16 possible. It is neither a category nor a number of
/// persons, nor a mean: hence a type of its own. Raw scores over different items do not compare; [`Score`](super::Score) does.
///
/// ```
/// use survey_engine::scoring::{RawScore, Score};
/// let raw: RawScore = [0, 0, 1, 4].into_iter().sum();
/// assert_eq!(raw, RawScore(5));
/// assert_eq!(Score::new(4, raw).map(|score| score.value(1.0)), Some(2.25));
/// ```
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct RawScore(pub u32);

impl RawScore {
    /// Its place in a table that has a row for each raw score from 0 on.
    ///
    /// ```
    /// use survey_engine::scoring::RawScore;
    /// let persons_by_score = [3, 0, 7];
    /// assert_eq!(persons_by_score[RawScore(2).place()], 7);
    /// ```
    #[must_use]
    pub fn place(self) -> usize {
        self.0 as usize
    }

    /// The raw score of a place, the inverse of [`place`](Self::place); `None` beyond what a raw score can be.
    ///
    /// ```
    /// use survey_engine::scoring::RawScore;
    /// assert_eq!(RawScore::at(2), Some(RawScore(2)));
    /// ```
    #[must_use]
    pub fn at(place: usize) -> Option<Self> {
        u32::try_from(place).ok().map(Self)
    }

    /// All raw scores from 0 to this one.
    ///
    /// ```
    /// use survey_engine::scoring::RawScore;
    /// assert_eq!(RawScore(2).and_below().collect::<Vec<_>>(), [0, 1, 2].map(RawScore));
    /// ```
    pub fn and_below(self) -> impl Iterator<Item = Self> + Clone {
        (0..=self.0).map(Self)
    }
}

impl std::iter::Sum<u32> for RawScore {
    fn sum<I: Iterator<Item = u32>>(steps: I) -> Self {
        Self(steps.sum())
    }
}

impl From<RawScore> for u64 {
    fn from(raw: RawScore) -> Self {
        Self::from(raw.0)
    }
}

impl From<RawScore> for f64 {
    fn from(raw: RawScore) -> Self {
        Self::from(raw.0)
    }
}
