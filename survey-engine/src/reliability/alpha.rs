//! Internal consistency.

use serde::Serialize;

use crate::stats::{Interval, ends, fisher_quantile};

/// Why a reliability is not defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AlphaUndefined {
    /// A scale of one item has no internal consistency; nor have sums and products that are not of the same items.
    #[error("a scale needs at least two items")]
    TooFewItems,
    /// Fewer complete answers than items plus two.
    #[error("fewer complete answers than the number of items plus two")]
    TooFewAnswers,
    /// Everybody answered some item the same way.
    #[error("an item, or the sum of the items, does not vary")]
    NoVariance,
}

/// Cronbach's alpha of `k` items from the sums of complete answers.
///
/// `k / (k - 1) (1 - tr S / 1'S1)` with `S` the covariance matrix (divisor `n - 1`), computed without rounding up to the last
/// division: `n (n - 1) S_ij = n P_ij - T_i T_j` are integers. `sums` holds the `k` sums `T_i`, `products` the `k (k + 1) / 2`
/// sums of products `P_ij`, row by row, `j >= i`. Persons who left an item out are not among the `n` (listwise). Negative
/// values are reported as they are. Source: Cronbach (1951), Psychometrika 16.
///
/// # Errors
/// [`AlphaUndefined::TooFewItems`] for fewer than two items or another number of products, [`AlphaUndefined::TooFewAnswers`]
/// for fewer than `k + 2` persons, [`AlphaUndefined::NoVariance`] if an item, or the sum of the items, does not vary.
///
/// ```
/// use survey_engine::reliability::cronbach_alpha;
/// // Four persons answered (1, 2), (2, 1), (3, 3) and (4, 4).
/// let alpha = cronbach_alpha(4, &[10, 10], &[30, 29, 30])?;
/// assert!((alpha - 8.0 / 9.0).abs() < 1e-15);
/// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
/// ```
pub fn cronbach_alpha(n: u64, sums: &[u64], products: &[u64]) -> Result<f64, AlphaUndefined> {
    let k = sums.len();
    if k < 2 || products.len() != k * (k + 1) / 2 {
        return Err(AlphaUndefined::TooFewItems);
    }
    if n < k as u64 + 2 {
        return Err(AlphaUndefined::TooFewAnswers);
    }
    let n = i128::from(n);
    let pairs = (0..k).flat_map(|i| (i..k).map(move |j| (i, j)));
    let (mut trace, mut total) = (0_i128, 0_i128);
    for ((i, j), product) in pairs.zip(products) {
        let sum = |at: usize| i128::from(sums.get(at).copied().unwrap_or_default());
        let scatter = n * i128::from(*product) - sum(i) * sum(j);
        if i == j {
            if scatter == 0 {
                return Err(AlphaUndefined::NoVariance);
            }
            trace += scatter;
            total += scatter;
        } else {
            total += 2 * scatter;
        }
    }
    if total == 0 {
        return Err(AlphaUndefined::NoVariance);
    }
    let items = k as f64;
    // The only rounding of the exact sums.
    let share = trace as f64 / total as f64;
    Ok(items / (items - 1.0) * (1.0 - share))
}

/// Feldt's interval of alpha from `n` persons and `k` items: `1 - (1 - alpha) F_q(n - 1, (n - 1)(k - 1))`, with `q` the upper
/// quantile for the lower end and the lower quantile for the upper end.
///
/// `n` are the persons who answered every item. `None` for fewer than two persons or items, an alpha that is not finite, an end
/// beyond all numbers, or a confidence outside `0..1`. Sources: Feldt (1965), Psychometrika 30; Feldt, Woodruff and Salih
/// (1987), Applied Psychological Measurement 11.
///
/// ```
/// use survey_engine::reliability::feldt_interval;
/// let interval = feldt_interval(0.868_094_210_480_952, 639, 7, 0.95).unwrap();
/// assert!((interval.lower - 0.851_860_195_800).abs() < 1e-10);
/// assert!((interval.upper - 0.883_145_640_956).abs() < 1e-10);
/// ```
#[must_use]
pub fn feldt_interval(alpha: f64, n: u64, k: usize, confidence: f64) -> Option<Interval<f64>> {
    let (low, high) = ends(confidence)?;
    if n < 2 || k < 2 || !alpha.is_finite() {
        return None;
    }
    let df1 = (n - 1) as f64;
    let df2 = df1 * (k - 1) as f64;
    let end = |q: f64| {
        let end = 1.0 - (1.0 - alpha) * fisher_quantile(q, df1, df2)?;
        end.is_finite().then_some(end)
    };
    Some(Interval {
        lower: end(high)?,
        upper: end(low)?,
    })
}
