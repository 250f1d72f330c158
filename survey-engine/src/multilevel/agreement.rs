//! Whether the persons of a unit see it alike.

use serde::Serialize;

use crate::stats::covariance;
use crate::tally::ScaleTally;

/// The least ICC(2), and the least median agreement, for means of units to be worth comparing. A convention; see Bliese (2000).
pub const AGGREGATION_LIMIT: f64 = 0.70;

/// Agreement of the persons of one unit on a scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Agreement {
    /// Persons who answered every item, at least two.
    pub n: u64,
    /// rwg(j), agreement on the scale: 0 as if by chance, 1 complete.
    pub rwg_j: f64,
    /// rwg per item, in the order of the scale.
    pub items: Vec<f64>,
}

/// Variance of answers thrown at random on `categories` categories, `(A^2 - 1) / 12`.
///
/// Of the values 1 to `A`, each as likely as the others; 0 for one category. Source: James, Demaree and Wolf (1984), Journal of
/// Applied Psychology 69.
///
/// ```
/// use survey_engine::multilevel::uniform_variance;
/// assert_eq!(uniform_variance(5), 2.0);
/// ```
#[must_use]
pub fn uniform_variance(categories: u32) -> f64 {
    (f64::from(categories).powi(2) - 1.0) / 12.0
}

/// Agreement on one item, `1 - s^2 / null`, with the variance `s^2` (divisor `n - 1`) and the variance of random answers `null`; 0 if the
/// answers vary more than random ones.
///
/// `None` unless `null` is positive and the variance a number that is not negative. Source: James, Demaree and Wolf (1984), Journal
/// of Applied Psychology 69.
///
/// ```
/// use survey_engine::multilevel::rwg;
/// assert_eq!(rwg(0.5, 2.0), Some(0.75));
/// assert_eq!(rwg(3.0, 2.0), Some(0.0));
/// ```
#[must_use]
pub fn rwg(variance: f64, null: f64) -> Option<f64> {
    let is_defined = null > 0.0 && null.is_finite() && variance >= 0.0;
    is_defined.then(|| 1.0 - variance.min(null) / null)
}

/// Agreement on a scale of `J` items, `J (1 - q) / (J (1 - q) + q)` with `q` the mean item variance over `null`, at most 1.
///
/// `None` without items, or where [`rwg`] is. Source: James, Demaree and Wolf (1984), Journal of Applied Psychology 69.
///
/// ```
/// use survey_engine::multilevel::rwg_j;
/// assert_eq!(rwg_j(&[1.0, 1.0, 1.0], 2.0), Some(0.75));
/// ```
#[must_use]
pub fn rwg_j(variances: &[f64], null: f64) -> Option<f64> {
    let items = variances.len() as f64;
    if variances.is_empty() || !variances.iter().all(|variance| *variance >= 0.0) {
        return None;
    }
    let single = rwg(variances.iter().sum::<f64>() / items, null)?;
    Some(items * single / (items * single + (1.0 - single)))
}

/// Agreement of the persons of a unit who answered every item of a scale.
///
/// [`rwg`] of each item and [`rwg_j`] of all, with variances of divisor `n - 1`; who left an item out does not count. `None`
/// for fewer than two such persons, or if `null` is not positive. `null` is usually the [`uniform_variance`] of the scale's
/// categories. Source: James, Demaree and Wolf (1984), Journal of Applied Psychology 69.
///
/// ```
/// use survey_engine::multilevel::{agreement, uniform_variance};
/// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
/// use survey_engine::tally::Tally;
///
/// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
/// let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
/// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
/// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
/// let mut tally = Tally::new(&blueprint);
/// tally.add(&blueprint, &[5, 1])?;
/// tally.add(&blueprint, &[4, 1])?;
/// let found = agreement(&tally.scales()[0], uniform_variance(5)).ok_or("nobody")?;
/// // Variances 0.5 and 0 against 2.
/// assert_eq!((found.n, found.items), (2, vec![0.75, 1.0]));
/// assert!((found.rwg_j - 1.75 / 1.875).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn agreement(unit: &ScaleTally, null: f64) -> Option<Agreement> {
    let n = unit.listwise();
    let variances = variances(n, unit.sums(), unit.products())?;
    let items = variances.iter().map(|variance| rwg(*variance, null));
    Some(Agreement {
        n,
        rwg_j: rwg_j(&variances, null)?,
        items: items.collect::<Option<_>>()?,
    })
}

/// Item variances from sums and the upper triangle of the sums of products.
fn variances(n: u64, sums: &[u64], products: &[u64]) -> Option<Vec<f64>> {
    let mut diagonal = 0;
    let rows = sums.iter().zip((1..=sums.len()).rev());
    rows.map(|(sum, length)| {
        let squares = products.get(diagonal)?;
        diagonal += length;
        covariance(n, *sum, *sum, *squares)
    })
    .collect()
}

/// Agreement within units, over many of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AgreementSummary {
    /// Units with at least two persons.
    pub units: usize,
    /// Median of rwg(j).
    pub median: f64,
    /// Mean of rwg(j).
    pub mean: f64,
}

impl AgreementSummary {
    /// Sums up rwg(j) of units; `None` without any. Values that are not numbers are left out.
    ///
    /// Every unit weighs the same; of an even number the median is the mean of both middle ones.
    ///
    /// ```
    /// use survey_engine::multilevel::AgreementSummary;
    /// let found = AgreementSummary::of([0.5, 0.0, 1.0, 0.75]).unwrap();
    /// assert_eq!((found.units, found.median, found.mean), (4, 0.625, 0.5625));
    /// ```
    #[must_use]
    pub fn of(rwg_j: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = rwg_j
            .into_iter()
            .filter(|value| value.is_finite())
            .collect();
        values.sort_by(f64::total_cmp);
        let units = values.len();
        let lower = values.get(units.checked_sub(1)? / 2)?;
        let upper = values.get(units / 2)?;
        Some(Self {
            units,
            median: f64::midpoint(*lower, *upper),
            mean: values.iter().sum::<f64>() / units as f64,
        })
    }

    /// Whether means of units may be compared: they agree within, and differ reliably between (`icc2` of
    /// [`one_way_anova`](super::one_way_anova)), both by at least [`AGGREGATION_LIMIT`].
    ///
    /// Sources: Bliese (2000) in Klein and Kozlowski (eds.), Multilevel Theory, Research, and Methods in Organizations;
    /// LeBreton and Senter (2008), Organizational Research Methods 11, for the limit.
    ///
    /// ```
    /// use survey_engine::multilevel::AgreementSummary;
    /// let found = AgreementSummary::of([0.9, 0.4, 0.8, 0.7]).unwrap();
    /// assert!(found.supports_aggregation(0.8) && !found.supports_aggregation(0.5));
    /// ```
    #[must_use]
    pub fn supports_aggregation(&self, icc2: f64) -> bool {
        icc2 >= AGGREGATION_LIMIT && self.median >= AGGREGATION_LIMIT
    }
}
