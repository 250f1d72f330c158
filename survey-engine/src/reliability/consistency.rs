//! How well the items of a scale go together.

use serde::Serialize;

use super::covariance::{alpha, varies};
use super::{AlphaUndefined, CovarianceMatrix, cronbach_alpha, spearman_brown};

/// Internal consistency of a scale and what each item adds to it, from the persons who answered every item.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Consistency {
    /// Persons who answered every item.
    pub n: u64,
    /// Cronbach's alpha, at most 1; negative if the items contradict each other.
    pub alpha: f64,
    /// Alpha of the items brought to equal variances, `k r / (1 + (k - 1) r)` with the average correlation `r`; `None` where that has no
    /// positive denominator.
    pub standardised_alpha: Option<f64>,
    /// Mean correlation of two different items.
    pub average_inter_item_r: f64,
    /// Standard error of measurement of a person's sum of items: the sum's standard deviation times `sqrt(1 - alpha)`.
    pub standard_error_of_measurement_sum: f64,
    /// The items, in the order of the scale.
    pub items: Vec<ItemConsistency>,
}

/// What one item adds to a scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ItemConsistency {
    /// Correlation of the item with the sum of all items, itself included.
    pub total_r: f64,
    /// Correlation of the item with the sum of the other items; `None` if that sum does not vary.
    pub rest_r: Option<f64>,
    /// Alpha of the scale without the item; `None` for a scale of two, or if the sum of the others does not vary.
    pub alpha_if_dropped: Option<f64>,
}

impl ItemConsistency {
    /// Whether the item runs against the others: look first whether it should be reversed, or is reversed and should not be.
    ///
    /// It does if [`rest_r`](Self::rest_r) is below 0; not where that is `None`.
    ///
    /// ```
    /// use survey_engine::reliability::consistency;
    /// // The third of three items was not reversed: (0, 1, 3), (1, 1, 2), (2, 3, 1), (3, 2, 0), (3, 3, 1), (0, 0, 2).
    /// let found = consistency(6, &[9, 10, 9], &[23, 22, 7, 24, 11, 19])?;
    /// let against: Vec<bool> = found.items.iter().map(|item| item.runs_against()).collect();
    /// assert!(against[2]);
    /// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
    /// ```
    #[must_use]
    pub fn runs_against(&self) -> bool {
        self.rest_r.is_some_and(|r| r < 0.0)
    }
}

/// Alpha and the analysis of the items from the sums of the `n` persons who answered every item, laid out as for
/// [`cronbach_alpha`].
///
/// With `S` the covariances (divisor `n - 1`), `S_i.` the sum of row `i` and `V = 1'S1`: item-total correlation
/// `S_i. / sqrt(S_ii V)`, item-rest correlation `(S_i. - S_ii) / sqrt(S_ii (V - 2 S_i. + S_ii))`, alpha without an item from `S`
/// without its row and column. Sources: Cronbach (1951), Psychometrika 16; Lord and Novick (1968), Statistical Theories of Mental
/// Test Scores, 15.4.
///
/// # Errors
/// As [`cronbach_alpha`]: fewer than two items, fewer than `k + 2` persons, or something that does not vary.
///
/// ```
/// use survey_engine::reliability::consistency;
/// // Four persons answered (1, 2), (2, 1), (3, 3) and (4, 4).
/// let found = consistency(4, &[10, 10], &[30, 29, 30])?;
/// assert!((found.alpha - 8.0 / 9.0).abs() < 1e-15);
/// assert!((found.items[0].rest_r.unwrap() - 0.8).abs() < 1e-15);
/// assert_eq!(found.items[0].alpha_if_dropped, None);
/// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
/// ```
pub fn consistency(n: u64, sums: &[u64], products: &[u64]) -> Result<Consistency, AlphaUndefined> {
    let raw = cronbach_alpha(n, sums, products)?;
    let matrix = CovarianceMatrix::of_complete(n, sums, products)?;
    let average = matrix.average_correlation();
    let average = average.ok_or(AlphaUndefined::NoVariance)?;
    let (trace, total) = (matrix.trace(), matrix.variance_of_sum());
    let items = matrix.variances().enumerate().map(|(i, variance)| {
        let row: f64 = matrix.row(i).unwrap_or_default().iter().sum();
        let rest = total - 2.0 * row + variance;
        let without = trace - variance;
        let correlation = |shared: f64, other: f64| shared / (variance * other).sqrt();
        ItemConsistency {
            total_r: correlation(row, total).clamp(-1.0, 1.0),
            rest_r: varies(rest, without)
                .then(|| correlation(row - variance, rest).clamp(-1.0, 1.0)),
            alpha_if_dropped: alpha(sums.len() - 1, without, rest).filter(|_| sums.len() > 2),
        }
    });
    Ok(Consistency {
        n,
        alpha: raw,
        standardised_alpha: spearman_brown(average, sums.len()),
        average_inter_item_r: average,
        standard_error_of_measurement_sum: (total * (1.0 - raw).max(0.0)).sqrt(),
        items: items.collect(),
    })
}
