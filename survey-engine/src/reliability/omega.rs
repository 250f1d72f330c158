//! Reliability from a model of one common factor.

use serde::Serialize;

use super::CovarianceMatrix;
use super::one_factor::one_factor;

/// Why there is no omega.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OmegaUndefined {
    /// A factor cannot be told from two items; see [`spearman_brown`](super::spearman_brown).
    #[error("a factor model needs at least three items")]
    TooFewItems,
    /// Fewer complete answers than items plus two.
    #[error("fewer complete answers than the number of items plus two")]
    TooFewAnswers,
    /// Everybody answered some item the same way.
    #[error("an item does not vary")]
    NoVariance,
    /// The search for the best fit did not end.
    #[error("the factor model has no clear best fit")]
    NoConvergence,
}

/// McDonald's omega and the factor model it comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Omega {
    /// Persons who answered every item.
    pub n: u64,
    /// Omega total: the share of the variance of the sum of items that is due to the common factor, 0 to 1.
    pub total: f64,
    /// The same for items brought to equal variances.
    pub standardised: f64,
    /// The items, in the order of the scale.
    pub items: Vec<FactorLoading>,
}

/// One item in the model `x = loading * factor + residual`, the factor having variance 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FactorLoading {
    /// In the unit of the item. The signs of all loadings are such that their sum is not negative.
    pub loading: f64,
    /// Variance (divisor `n`) that the factor leaves, at least 0.005 of the item's variance.
    pub residual_variance: f64,
    /// The loading as a correlation of the item with the factor.
    pub standardised_loading: f64,
    /// Whether the residual variance is at its lower bound: without the bound it would be next to nothing or negative (a Heywood
    /// case), and the model is not to be trusted.
    pub is_heywood: bool,
}

impl Omega {
    /// Whether the model failed on some item, so that alpha should be reported instead.
    ///
    /// ```
    /// use survey_engine::reliability::omega_total;
    /// // Five persons; the second item goes with both others, and these hardly with each other.
    /// let omega = omega_total(5, &[8, 10, 12], &[20, 21, 18, 26, 27, 34])?;
    /// assert!(omega.is_heywood());
    /// # Ok::<(), survey_engine::reliability::OmegaUndefined>(())
    /// ```
    #[must_use]
    pub fn is_heywood(&self) -> bool {
        self.items.iter().any(|item| item.is_heywood)
    }
}

/// McDonald's omega total from the sums of the `n` persons who answered every item, laid out as for
/// [`cronbach_alpha`](super::cronbach_alpha).
///
/// One factor is fitted by maximum likelihood to the covariances (divisor `n`): loadings `l` and residual variances `t` that
/// minimise `ln |L| + tr(S L^-1)` for `L = l l' + diag(t)` under `t_i >= 0.005 s_ii`. Then omega is
/// `(sum l)^2 / ((sum l)^2 + sum t)`. Persons who left an item out are not among the `n`. Unlike alpha it does not take every
/// item to measure equally well. Sources: McDonald (1999), Test Theory, ch. 6; the likelihood is concentrated on the residual
/// variances as in Jöreskog (1967), Psychometrika 32.
///
/// # Errors
/// [`OmegaUndefined::TooFewItems`] for fewer than three items or another number of products, [`OmegaUndefined::TooFewAnswers`]
/// for fewer than `k + 2` persons, [`OmegaUndefined::NoVariance`] if an item does not vary, [`OmegaUndefined::NoConvergence`]
/// if the search for the best fit does not end.
///
/// ```
/// use survey_engine::reliability::omega_total;
/// // 81 persons, sums and products of three items of which each two correlate by 0.5.
/// let omega = omega_total(81, &[81, 81, 81], &[135, 108, 108, 135, 108, 135])?;
/// assert!((omega.items[0].standardised_loading - 0.5_f64.sqrt()).abs() < 1e-9);
/// assert!((omega.total - 0.75).abs() < 1e-9);
/// # Ok::<(), survey_engine::reliability::OmegaUndefined>(())
/// ```
pub fn omega_total(n: u64, sums: &[u64], products: &[u64]) -> Result<Omega, OmegaUndefined> {
    let k = sums.len();
    if k < 3 || products.len() != k * (k + 1) / 2 {
        return Err(OmegaUndefined::TooFewItems);
    }
    if n < k as u64 + 2 {
        return Err(OmegaUndefined::TooFewAnswers);
    }
    let matrix = CovarianceMatrix::of_complete(n, sums, products);
    let matrix = matrix.map_err(|_| OmegaUndefined::TooFewAnswers)?;
    let correlations = matrix.correlations().ok_or(OmegaUndefined::NoVariance)?;
    let fit = one_factor(&correlations, k).ok_or(OmegaUndefined::NoConvergence)?;
    let divisor = (n - 1) as f64 / n as f64;
    let pairs = fit.loadings.iter().zip(matrix.variances());
    let sum: f64 = pairs
        .map(|(loading, variance)| loading * variance.sqrt())
        .sum();
    let sign = if sum < 0.0 { -1.0 } else { 1.0 };
    let rows = fit.loadings.iter().zip(&fit.uniquenesses).zip(&fit.bounded);
    let items: Vec<FactorLoading> = rows
        .zip(matrix.variances())
        .map(|(((loading, unique), bounded), variance)| {
            let variance = variance * divisor;
            let loading = sign * loading;
            FactorLoading {
                loading: loading * variance.sqrt(),
                residual_variance: unique * variance,
                standardised_loading: loading / (loading * loading + unique).sqrt(),
                is_heywood: *bounded,
            }
        })
        .collect();
    let standard = |item: &FactorLoading| {
        let loading = item.standardised_loading;
        (loading, 1.0 - loading * loading)
    };
    Ok(Omega {
        n,
        total: share(items.iter().map(|x| (x.loading, x.residual_variance))),
        standardised: share(items.iter().map(standard)),
        items,
    })
}

/// `(sum l)^2 / ((sum l)^2 + sum t)` of loadings and residual variances.
fn share(items: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (loadings, residuals) = items.fold((0.0, 0.0), |(l, t), item| (l + item.0, t + item.1));
    let common = loadings * loadings;
    common / (common + residuals)
}
