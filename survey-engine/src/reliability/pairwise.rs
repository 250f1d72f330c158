//! Internal consistency from everybody who answered two items.

use serde::Serialize;

use super::{AlphaUndefined, CovarianceMatrix, spearman_brown};
use crate::stats::covariance;
use crate::tally::ScaleTally;

/// Alpha from pairwise covariances: uses the answers of persons who left out some items, at the price that the numbers come from
/// different persons.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PairwiseConsistency {
    /// Persons with at least one valid answer.
    pub n_any: u64,
    /// Fewest persons who answered the same two items.
    pub n_fewest: u64,
    /// Cronbach's alpha.
    pub alpha: f64,
    /// Alpha of the items brought to equal variances; `None` where that has no positive denominator.
    pub standardised_alpha: Option<f64>,
    /// Mean correlation of two different items.
    pub average_inter_item_r: f64,
}

impl CovarianceMatrix {
    /// Each covariance from the persons who answered both items, each variance from all who answered the item.
    ///
    /// `categories` are the persons by category of each item of the scale, in its order
    /// ([`ItemTally::categories`](crate::tally::ItemTally::categories)); whether an item is reversed makes no difference to its
    /// variance. With `n_ij` persons who answered both items, `S_ij = (n_ij P_ij - T_i T_j) / (n_ij (n_ij - 1))`, the sums `T`
    /// and `P` being over these persons alone. The matrix need not be one of any complete data: the variance of a sum may come
    /// out negative. Source: Little and Rubin (2002), Statistical Analysis with Missing Data, ch. 3 (available cases).
    ///
    /// # Errors
    /// [`AlphaUndefined::TooFewItems`] for fewer than two items or another number of them than the scale has,
    /// [`AlphaUndefined::TooFewAnswers`] if an item was answered, or two items together, by fewer than two persons.
    ///
    /// ```
    /// use survey_engine::reliability::CovarianceMatrix;
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let mut tally = Tally::new(&blueprint);
    /// // The last person left out the second item, and counts for the first.
    /// for answers in [[1, 2], [2, 1], [3, 3], [4, 4], [5, 0]] {
    ///     tally.add(&blueprint, &answers)?;
    /// }
    /// let categories = [tally.items()[0].categories(), tally.items()[1].categories()];
    /// let matrix = CovarianceMatrix::of_pairs(&tally.scales()[0], &categories)?;
    /// assert_eq!(matrix.entry(0, 0), Some(5.0 / 2.0));
    /// assert_eq!(matrix.entry(0, 1), Some(4.0 / 3.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_pairs(scale: &ScaleTally, categories: &[&[u64]]) -> Result<Self, AlphaUndefined> {
        let k = scale.items();
        if k < 2 || categories.len() != k {
            return Err(AlphaUndefined::TooFewItems);
        }
        let mut upper = Vec::with_capacity(k * (k + 1) / 2);
        for (i, counts) in categories.iter().enumerate() {
            let own = variance(counts).ok_or(AlphaUndefined::TooFewAnswers)?;
            upper.push(own);
            for j in i + 1..k {
                let sums = scale.pair(i, j).ok_or(AlphaUndefined::TooFewItems)?;
                let shared = covariance(sums.n, sums.first, sums.second, sums.product);
                upper.push(shared.ok_or(AlphaUndefined::TooFewAnswers)?);
            }
        }
        Ok(Self::of_upper(k, &upper))
    }
}

/// Alpha from all answers, see [`CovarianceMatrix::of_pairs`]: the standardised alpha and the average correlation come from that matrix
/// divided by its own standard deviations.
///
/// Alpha is `k / (k - 1) (1 - tr S / 1'S1)`. There is no interval: no single number of persons stands behind it. Source:
/// Cronbach (1951), Psychometrika 16.
///
/// # Errors
/// As [`CovarianceMatrix::of_pairs`], and [`AlphaUndefined::NoVariance`] if an item does not vary or the variance of the sum is
/// not positive.
///
/// ```
/// use survey_engine::reliability::pairwise_consistency;
/// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
/// use survey_engine::tally::Tally;
///
/// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
/// let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
/// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
/// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
/// let mut tally = Tally::new(&blueprint);
/// // The last person left out the second item.
/// for answers in [[1, 2], [2, 1], [3, 3], [4, 4], [5, 0]] {
///     tally.add(&blueprint, &answers)?;
/// }
/// let categories = [tally.items()[0].categories(), tally.items()[1].categories()];
/// let found = pairwise_consistency(&tally.scales()[0], &categories)?;
/// // Variances 5 / 2 and 5 / 3, covariance 4 / 3.
/// assert!((found.alpha - 2.0 * (8.0 / 3.0) / (41.0 / 6.0)).abs() < 1e-14);
/// assert_eq!((found.n_any, found.n_fewest), (5, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pairwise_consistency(
    scale: &ScaleTally,
    categories: &[&[u64]],
) -> Result<PairwiseConsistency, AlphaUndefined> {
    let matrix = CovarianceMatrix::of_pairs(scale, categories)?;
    let average = matrix.average_correlation();
    let average = average.ok_or(AlphaUndefined::NoVariance)?;
    let k = scale.items();
    let pairs = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j)));
    let persons = pairs.filter_map(|(i, j)| scale.pair(i, j));
    Ok(PairwiseConsistency {
        n_any: scale.answered(),
        n_fewest: persons.map(|sums| sums.n).min().unwrap_or_default(),
        alpha: matrix.alpha().ok_or(AlphaUndefined::NoVariance)?,
        standardised_alpha: spearman_brown(average, k),
        average_inter_item_r: average,
    })
}

/// Variance (divisor `n - 1`) of values counted by category; `None` for fewer than two.
fn variance(counts: &[u64]) -> Option<f64> {
    let mut sums = (0, 0, 0);
    for (step, persons) in (0..).zip(counts) {
        sums.0 += persons;
        sums.1 += step * persons;
        sums.2 += step * step * persons;
    }
    covariance(sums.0, sums.1, sums.1, sums.2)
}
