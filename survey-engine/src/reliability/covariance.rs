//! Covariances of items from exact sums.

use super::AlphaUndefined;
use crate::stats::covariance;

/// Covariances between the items of a scale, with divisor `n - 1`.
///
/// From integers, each entry rounded once: `n (n - 1) S_ij = n P_ij - T_i T_j` with the sums `T` and the sums of products `P`.
/// Adding a constant to an item, such as the lowest value of its scale, changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct CovarianceMatrix {
    items: usize,
    /// Row by row, both triangles.
    entries: Vec<f64>,
}

impl CovarianceMatrix {
    /// From the `n` persons who answered every item: `sums` holds the `k` sums, `products` the `k (k + 1) / 2` sums of products row
    /// by row, `j >= i`, as [`ScaleTally`](crate::tally::ScaleTally) does.
    ///
    /// An item may be constant; its correlations are then `None`.
    ///
    /// # Errors
    /// [`AlphaUndefined::TooFewItems`] for fewer than two items or another number of products,
    /// [`AlphaUndefined::TooFewAnswers`] for fewer than two persons.
    ///
    /// ```
    /// use survey_engine::reliability::CovarianceMatrix;
    /// // Four persons answered (1, 2), (2, 1), (3, 3) and (4, 4).
    /// let matrix = CovarianceMatrix::of_complete(4, &[10, 10], &[30, 29, 30])?;
    /// assert_eq!(matrix.entry(0, 1), Some(4.0 / 3.0));
    /// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
    /// ```
    pub fn of_complete(n: u64, sums: &[u64], products: &[u64]) -> Result<Self, AlphaUndefined> {
        let items = sums.len();
        if items < 2 || products.len() != items * (items + 1) / 2 {
            return Err(AlphaUndefined::TooFewItems);
        }
        let mut products = products.iter();
        let mut upper = Vec::with_capacity(products.len());
        for (i, first) in sums.iter().enumerate() {
            for (second, product) in sums.iter().skip(i).zip(&mut products) {
                let entry = covariance(n, *first, *second, *product);
                upper.push(entry.ok_or(AlphaUndefined::TooFewAnswers)?);
            }
        }
        Ok(Self::of_upper(items, &upper))
    }

    /// Both triangles from the upper one, row by row with the diagonal.
    pub(super) fn of_upper(items: usize, upper: &[f64]) -> Self {
        let mut entries = vec![0.0; items * items];
        let places = (0..items).flat_map(|i| (i..items).map(move |j| (i, j)));
        for ((i, j), value) in places.zip(upper) {
            for at in [i * items + j, j * items + i] {
                if let Some(entry) = entries.get_mut(at) {
                    *entry = *value;
                }
            }
        }
        Self { items, entries }
    }

    /// Number of items `k`.
    ///
    /// ```
    /// use survey_engine::reliability::CovarianceMatrix;
    /// let matrix = CovarianceMatrix::of_complete(4, &[10, 10], &[30, 29, 30]).unwrap();
    /// assert_eq!(matrix.items(), 2);
    /// ```
    #[must_use]
    pub fn items(&self) -> usize {
        self.items
    }

    /// The covariance of items `i` and `j`, or the variance of `i` if they are the same; `None` outside the scale.
    ///
    /// ```
    /// use survey_engine::reliability::CovarianceMatrix;
    /// // Four persons answered (1, 2), (2, 1), (3, 3) and (4, 4).
    /// let matrix = CovarianceMatrix::of_complete(4, &[10, 10], &[30, 29, 30])?;
    /// assert_eq!(matrix.entry(0, 0), Some(5.0 / 3.0));
    /// assert_eq!(matrix.entry(0, 2), None);
    /// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
    /// ```
    #[must_use]
    pub fn entry(&self, i: usize, j: usize) -> Option<f64> {
        self.row(i)?.get(j).copied()
    }

    /// Pearson's correlation of items `i` and `j`; `None` outside the scale or if one of them is constant.
    ///
    /// `S_ij / sqrt(S_ii S_jj)`. Where each entry is from other persons ([`of_pairs`](Self::of_pairs)) it may lie outside -1 to
    /// 1.
    ///
    /// ```
    /// use survey_engine::reliability::CovarianceMatrix;
    /// // Four persons answered (1, 2), (2, 1), (3, 3) and (4, 4).
    /// let matrix = CovarianceMatrix::of_complete(4, &[10, 10], &[30, 29, 30])?;
    /// assert!((matrix.correlation(1, 0).unwrap() - 0.8).abs() < 1e-15);
    /// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
    /// ```
    #[must_use]
    pub fn correlation(&self, i: usize, j: usize) -> Option<f64> {
        let scale = (self.entry(i, i)? * self.entry(j, j)?).sqrt();
        let is_defined = scale > 0.0;
        is_defined.then_some(self.entry(i, j)? / scale)
    }

    /// The variance of the sum of all items.
    ///
    /// `1'S1`, the sum of all entries: with divisor `n - 1`, as they have.
    ///
    /// ```
    /// use survey_engine::reliability::CovarianceMatrix;
    /// // Four persons answered (1, 2), (2, 1), (3, 3) and (4, 4).
    /// let matrix = CovarianceMatrix::of_complete(4, &[10, 10], &[30, 29, 30])?;
    /// assert_eq!(matrix.variance_of_sum(), 6.0);
    /// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
    /// ```
    #[must_use]
    pub fn variance_of_sum(&self) -> f64 {
        self.entries.iter().sum()
    }

    /// Sum of the items' variances.
    pub(super) fn trace(&self) -> f64 {
        self.variances().sum()
    }

    pub(super) fn variances(&self) -> impl Iterator<Item = f64> + Clone {
        self.entries.iter().step_by(self.items + 1).copied()
    }

    pub(super) fn row(&self, i: usize) -> Option<&[f64]> {
        self.entries.get(i * self.items..(i + 1) * self.items)
    }

    /// The correlations, row by row; `None` if an item is constant.
    pub(super) fn correlations(&self) -> Option<Vec<f64>> {
        let inverse: Vec<f64> = self.variances().map(|v| v.sqrt().recip()).collect();
        if inverse.iter().any(|scale| !scale.is_finite()) {
            return None;
        }
        let mut correlations = self.entries.clone();
        let rows = correlations.chunks_exact_mut(self.items);
        for (i, (row, first)) in rows.zip(&inverse).enumerate() {
            for (j, (entry, second)) in row.iter_mut().zip(&inverse).enumerate() {
                *entry = if i == j { 1.0 } else { *entry * first * second };
            }
        }
        Some(correlations)
    }

    /// Mean correlation of two different items; `None` if an item is constant.
    ///
    /// Over the `k (k - 1) / 2` pairs, each weighing the same.
    ///
    /// ```
    /// use survey_engine::reliability::CovarianceMatrix;
    /// let matrix = CovarianceMatrix::of_complete(4, &[10, 10], &[30, 29, 30])?;
    /// assert!((matrix.average_correlation().unwrap() - 0.8).abs() < 1e-15);
    /// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
    /// ```
    #[must_use]
    pub fn average_correlation(&self) -> Option<f64> {
        let items = self.items as f64;
        let sum: f64 = self.correlations()?.iter().sum();
        Some((sum - items) / (items * (items - 1.0)))
    }

    /// Cronbach's alpha, `k / (k - 1) (1 - tr S / 1'S1)`; `None` if the variance of the sum is not positive, which pairwise covariances
    /// allow.
    ///
    /// Source: Cronbach (1951), Psychometrika 16.
    ///
    /// ```
    /// use survey_engine::reliability::CovarianceMatrix;
    /// // Four persons answered (1, 2), (2, 1), (3, 3) and (4, 4).
    /// let matrix = CovarianceMatrix::of_complete(4, &[10, 10], &[30, 29, 30])?;
    /// assert!((matrix.alpha().unwrap() - 8.0 / 9.0).abs() < 1e-15);
    /// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
    /// ```
    #[must_use]
    pub fn alpha(&self) -> Option<f64> {
        alpha(self.items, self.trace(), self.variance_of_sum())
    }
}

/// `k / (k - 1) (1 - trace / total)`; `None` for one item or a sum that does not vary.
pub(super) fn alpha(items: usize, trace: f64, total: f64) -> Option<f64> {
    let k = items as f64;
    varies(total, trace).then(|| k / (k - 1.0) * (1.0 - trace / total))
}

/// Whether a variance is more than what rounding leaves of terms as large as `scale`.
pub(super) fn varies(variance: f64, scale: f64) -> bool {
    variance > 1e-13 * scale
}

/// `k r / (1 + (k - 1) r)`: the reliability of `k` parallel measures that correlate by `r`. With two measures this is the stepped-up
/// split-half coefficient.
///
/// `None` where the sum of such measures would have no positive variance, `r <= -1 / (k - 1)`. Sources: Spearman (1910) and Brown
/// (1910), British Journal of Psychology 3.
///
/// ```
/// use survey_engine::reliability::spearman_brown;
/// assert_eq!(spearman_brown(0.5, 2), Some(2.0 / 3.0));
/// assert_eq!(spearman_brown(-1.0, 2), None);
/// ```
#[must_use]
pub fn spearman_brown(r: f64, measures: usize) -> Option<f64> {
    let k = measures as f64;
    let spread = 1.0 + (k - 1.0) * r;
    (spread > 1e-13 && spread.is_finite()).then(|| k * r / spread)
}
