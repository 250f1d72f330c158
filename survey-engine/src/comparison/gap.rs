//! The gap between two groups of respondents.

use serde::Serialize;

use super::{
    RankComparison, StandardisedDifference, WelchTest, rank_comparison, standardised_difference,
    welch_test,
};
use crate::stats::{Interval, Moments};

/// Why there is no gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GapUndefined {
    /// A group has no scores.
    #[error("a group has no scores")]
    EmptyGroup,
    /// A score is not a number.
    #[error("a score is not a number")]
    NotANumber,
    /// The highest possible score is not above the lowest.
    #[error("the highest possible score is not above the lowest")]
    NoRange,
}

/// How far apart two groups of persons are on one scale, for example learners and their teachers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GroupGap {
    /// Number, mean and variance of the first group's scores.
    pub first: Moments,
    /// Those of the second group.
    pub second: Moments,
    /// First mean minus second, on the scale of the answers.
    pub difference: f64,
    /// The difference in percent of the range of possible scores: from -100 to 100.
    pub difference_pomp: f64,
    /// Interval of [`difference_pomp`](Self::difference_pomp) by Welch's test.
    pub interval_pomp: Option<Interval<f64>>,
    /// Welch's test; `None` for fewer than two persons in a group, or if neither group varies.
    pub welch: Option<WelchTest>,
    /// The difference in standard deviations; `None` if there is none within the groups.
    pub effect: Option<StandardisedDifference>,
    /// The comparison of ranks.
    pub ranks: RankComparison,
}

/// The gap between two groups from their scores with frequencies, in any order, on a scale that goes from `range.lower` to
/// `range.upper`.
///
/// Everything comes from how many persons have which score, as [`score_distribution`](crate::indicator::score_distribution)
/// tells it of a tally. The difference is `mean1 - mean2`, in percent of the range `100 (mean1 - mean2) / (upper - lower)`;
/// variances divide by `n - 1`. [`welch_test`], [`standardised_difference`] and [`rank_comparison`] say how the rest is found,
/// and give the sources; what they leave undefined, as for a confidence outside `0..1`, is `None` in the gap. The groups must
/// have answered comparable items. No correction is made for finite populations, as a gap is meant to say something about more
/// than the persons at hand.
///
/// # Errors
/// [`GapUndefined::NoRange`] unless `range.upper` is above `range.lower`, [`GapUndefined::NotANumber`] for a score that is not
/// finite, [`GapUndefined::EmptyGroup`] if a group has no persons.
///
/// ```
/// use survey_engine::comparison::group_gap;
/// use survey_engine::stats::Interval;
/// let learners = [(2.0, 10), (3.0, 20), (4.0, 10)];
/// let teachers = [(3.0, 4), (4.0, 12), (5.0, 4)];
/// let range = Interval { lower: 1.0, upper: 5.0 };
/// let gap = group_gap(&learners, &teachers, range, 0.95)?;
/// assert_eq!((gap.difference, gap.difference_pomp), (-1.0, -25.0));
/// assert!(gap.welch.unwrap().p.value() < 0.001);
/// # Ok::<(), survey_engine::comparison::GapUndefined>(())
/// ```
pub fn group_gap(
    first: &[(f64, u64)],
    second: &[(f64, u64)],
    range: Interval<f64>,
    confidence: f64,
) -> Result<GroupGap, GapUndefined> {
    let width = range.upper - range.lower;
    if width.is_nan() || width <= 0.0 {
        return Err(GapUndefined::NoRange);
    }
    let mut scores = first.iter().chain(second);
    if scores.any(|(score, _)| !score.is_finite()) {
        return Err(GapUndefined::NotANumber);
    }
    let moments =
        |scores: &[(f64, u64)]| Moments::of(scores.iter().copied()).ok_or(GapUndefined::EmptyGroup);
    let ranks = rank_comparison(first, second).ok_or(GapUndefined::EmptyGroup)?;
    let (first, second) = (moments(first)?, moments(second)?);
    let difference = first.mean - second.mean;
    let pomp = |difference: f64| 100.0 * difference / width;
    let welch = welch_test(&first, &second, confidence);
    Ok(GroupGap {
        first,
        second,
        difference,
        difference_pomp: pomp(difference),
        interval_pomp: welch.map(|test| test.interval.map(pomp)),
        welch,
        effect: standardised_difference(&first, &second, confidence),
        ranks,
    })
}
