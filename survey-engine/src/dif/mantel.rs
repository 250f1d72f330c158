//! The test of Mantel for ordered categories.

use serde::Serialize;

use super::{DifUndefined, SIGNIFICANT, Side, StudiedItem, p_value};
use crate::stats::{Moments, Probability};

/// Size of a standardised mean difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum StandardisedClass {
    /// Negligible: at most 0.17, or not significant at 5 %.
    #[serde(rename = "AA")]
    Negligible,
    /// Moderate: above 0.17, at most 0.25.
    #[serde(rename = "BB")]
    Moderate,
    /// Large: above 0.25.
    #[serde(rename = "CC")]
    Large,
}

/// An item of ordered categories in two groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MantelOrdinal {
    /// Test of no difference, one degree of freedom, without correction for continuity.
    pub chi_square: f64,
    /// Its p-value.
    pub p: Probability,
    /// Mean of the focal group minus mean of the reference group at equal score, averaged over the focal group, in categories.
    pub mean_difference: f64,
    /// Standard deviation of the item within groups.
    pub pooled_sd: f64,
    /// `mean_difference / pooled_sd`.
    pub effect_size: f64,
    /// How large the difference is.
    pub class: StandardisedClass,
}

/// Mantel's test and standardised mean difference of an item with ordered categories, which count as 0, 1, 2 and so on.
///
/// At each score the sum of the focal group's values is compared with its expectation given the values of all persons there;
/// `chi2 = (sum (F - E F))^2 / sum Var F`. With `t = n_R + n_F` persons at the score whose values have the sum `S` and the sum
/// of squares `Q`, `E F = n_F S / t` and `Var F = n_R n_F (t Q - S^2) / (t^2 (t - 1))`; scores with persons of one group add
/// nothing. The mean difference weights the scores at which both groups are present by the focal group's persons. The standard
/// deviation is that of all persons within their groups, `(n_R - 1) s_R^2 + (n_F - 1) s_F^2` over `n_R + n_F - 2`. With two
/// categories the test is that of [`mantel_haenszel`](super::mantel_haenszel) without correction. Sources: Mantel (1963),
/// Journal of the American Statistical Association 58; Dorans and Schmitt (1991), ETS Research Report 91-47; Zwick, Donoghue
/// and Grima (1993), Journal of Educational Measurement 30.
///
/// # Errors
/// [`DifUndefined::EmptyGroup`] without persons of a group, [`DifUndefined::OneCategory`] if everybody chose the same,
/// [`DifUndefined::NothingInCommon`] if at no score both groups are present and answers differ, or nobody differs within the
/// groups.
///
/// ```
/// use survey_engine::dif::{Side, StudiedItem, mantel};
/// use survey_engine::scoring::RawScore;
/// let mut item = StudiedItem::new(RawScore(4), 3);
/// for (side, persons) in [(Side::Reference, [10, 20, 30]), (Side::Focal, [30, 20, 10])] {
///     for (category, persons) in (0..).zip(persons) {
///         item.add(side, RawScore(2), category, persons)?;
///     }
/// }
/// let result = mantel(&item)?;
/// assert!((result.mean_difference + 2.0 / 3.0).abs() < 1e-12);
/// assert_eq!(serde_json::to_value(result.class).unwrap(), "CC");
/// # Ok::<(), survey_engine::dif::DifUndefined>(())
/// ```
pub fn mantel(item: &StudiedItem) -> Result<MantelOrdinal, DifUndefined> {
    item.check()?;
    let (mut difference, mut variance) = (0.0, 0.0);
    let (mut weighted, mut weight) = (0.0, 0.0);
    for (_, reference, focal) in item.strata() {
        let (r, f) = (Values::of(reference), Values::of(focal));
        if r.n == 0.0 || f.n == 0.0 {
            continue;
        }
        let all = r.n + f.n;
        let (sum, squares) = (r.sum + f.sum, r.squares + f.squares);
        // F - f.n sum / all, over a common denominator.
        difference += (f.sum * r.n - r.sum * f.n) / all;
        variance += r.n * f.n * (all * squares - sum * sum) / (all * all * (all - 1.0));
        weighted += f.sum - f.n * r.sum / r.n;
        weight += f.n;
    }
    if variance <= 0.0 {
        return Err(DifUndefined::NothingInCommon);
    }
    let chi_square = difference * difference / variance;
    let p = p_value(chi_square, 1.0).ok_or(DifUndefined::NothingInCommon)?;
    let mean_difference = weighted / weight;
    let pooled_sd = pooled_sd(item).ok_or(DifUndefined::NothingInCommon)?;
    let effect_size = mean_difference / pooled_sd;
    Ok(MantelOrdinal {
        chi_square,
        p,
        mean_difference,
        pooled_sd,
        effect_size,
        class: class(effect_size.abs(), p),
    })
}

/// Sums of the values of some persons. Exact: they are whole numbers.
struct Values {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Values {
    fn of(counts: &[u64]) -> Self {
        let mut values = Self {
            n: 0.0,
            sum: 0.0,
            squares: 0.0,
        };
        for (category, count) in counts.iter().enumerate() {
            let (value, count) = (category as f64, *count as f64);
            values.n += count;
            values.sum += count * value;
            values.squares += count * value * value;
        }
        values
    }
}

/// `None` if nobody differs from others of the same group.
fn pooled_sd(item: &StudiedItem) -> Option<f64> {
    let (mut squares, mut freedom) = (0.0, 0.0);
    for side in [Side::Reference, Side::Focal] {
        let chosen = item.chosen(side);
        let values = chosen.iter().enumerate();
        let moments = Moments::of(values.map(|(value, count)| (value as f64, *count)))?;
        squares += moments.squares();
        freedom += (moments.n - 1) as f64;
    }
    (squares > 0.0).then(|| (squares / freedom).sqrt())
}

fn class(size: f64, p: Probability) -> StandardisedClass {
    if p.value() > SIGNIFICANT || size <= 0.17 {
        StandardisedClass::Negligible
    } else if size <= 0.25 {
        StandardisedClass::Moderate
    } else {
        StandardisedClass::Large
    }
}
