//! Ordinal logistic regression.

use serde::Serialize;

use super::cumulative_logit::{Fit, Row, fit};
use super::{DifUndefined, StudiedItem, p_value};
use crate::stats::Probability;

/// Size of a difference by the variation it explains. Speaks of the size alone; whether it is chance is for the tests to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum ExplainedClass {
    /// Negligible: Nagelkerke's R2 rises by less than 0.035.
    A,
    /// Moderate: by 0.035 to less than 0.070.
    B,
    /// Large: by 0.070 or more.
    C,
}

/// Logarithms of the likelihoods of the four models.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LogLikelihoods {
    /// Thresholds alone.
    pub null: f64,
    /// And the score.
    pub score: f64,
    /// And the group.
    pub uniform: f64,
    /// And score times group.
    pub nonuniform: f64,
}

/// A test of two nested models.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LikelihoodRatio {
    /// Twice the difference of the log-likelihoods.
    pub chi_square: f64,
    /// Degrees of freedom.
    pub df: u8,
    /// p-value.
    pub p: Probability,
}

/// Explained variation of the models, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Nagelkerke {
    /// By the score.
    pub score: f64,
    /// And by the group.
    pub uniform: f64,
    /// And by score times group.
    pub nonuniform: f64,
}

/// An item of ordered categories in two groups, by regression.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OrdinalLogistic {
    /// How likely the answers are under each model.
    pub log_likelihood: LogLikelihoods,
    /// Effect of belonging to the focal group in the model without interaction, in logits. Above 0 it chooses higher categories.
    pub group_effect: f64,
    /// Standard error of `group_effect`.
    pub group_effect_standard_error: f64,
    /// `exp(group_effect)`: odds of a higher category in the focal group over those in the reference group, at equal score.
    pub cumulative_odds_ratio: f64,
    /// Does the group add to the score?
    pub uniform: LikelihoodRatio,
    /// Does the effect of the group change with the score?
    pub nonuniform: LikelihoodRatio,
    /// Both together.
    pub total: LikelihoodRatio,
    /// Explained variation by Nagelkerke.
    pub nagelkerke: Nagelkerke,
    /// What group and interaction add to Nagelkerke's R2.
    pub nagelkerke_change: f64,
    /// What they add to McFadden's R2, `1 - l / l_null`.
    pub mcfadden_change: f64,
    /// How large the difference is.
    pub class: ExplainedClass,
}

/// Ordinal logistic regression of an item on score, group and their product.
///
/// `logit P(Y <= j) = theta_j - (b1 score + b2 group + b3 score group)`, group 1 for the focal group, fitted by maximum
/// likelihood on grouped counts. Three nested models are compared by likelihood ratios: score, plus group (uniform), plus
/// interaction (non-uniform). The likelihood ratio is `2 (l_large - l_small)`, chi-square with 1 degree of freedom (2 for both
/// together). Nagelkerke's R2 is `(1 - exp(2 (l_null - l) / n)) / (1 - exp(2 l_null / n))`. Categories that nobody chose are
/// left out. Sources: Zumbo (1999), A Handbook on the Theory and Methods of Differential Item Functioning; McCullagh (1980),
/// Journal of the Royal Statistical Society B 42; Nagelkerke (1991), Biometrika 78; Jodoin and Gierl (2001), Applied
/// Measurement in Education 14, for the classes.
///
/// # Errors
/// [`DifUndefined::EmptyGroup`] without persons of a group, [`DifUndefined::OneCategory`] if everybody chose the same,
/// [`DifUndefined::OneScore`] if everybody has the same raw score, [`DifUndefined::Separated`] where a coefficient has no
/// finite estimate, [`DifUndefined::NotConverged`] if the search does not end.
///
/// ```
/// use survey_engine::dif::{Side, StudiedItem, ordinal_logistic};
/// use survey_engine::scoring::RawScore;
/// let mut item = StudiedItem::new(RawScore(4), 3);
/// for (score, reference, focal) in
///     [(1, [30, 15, 5], [35, 12, 3]), (2, [15, 25, 10], [20, 22, 8]), (3, [5, 20, 25], [8, 22, 20])]
/// {
///     for category in 0..3_u8 {
///         item.add(Side::Reference, RawScore(score), category, reference[usize::from(category)])?;
///         item.add(Side::Focal, RawScore(score), category, focal[usize::from(category)])?;
///     }
/// }
/// let result = ordinal_logistic(&item)?;
/// assert!(result.group_effect < 0.0 && result.total.chi_square < 5.0);
/// # Ok::<(), survey_engine::dif::DifUndefined>(())
/// ```
pub fn ordinal_logistic(item: &StudiedItem) -> Result<OrdinalLogistic, DifUndefined> {
    item.check()?;
    let used = used_categories(item);
    let (mean, sd) = scores(item).ok_or(DifUndefined::OneScore)?;
    let rows: Vec<Row> = item
        .strata()
        .flat_map(|(score, reference, focal)| {
            // A standardised score gives the same likelihoods and the same effect of the group, and keeps the steps well scaled.
            let score = (score as f64 - mean) / sd;
            [(0.0, reference), (1.0, focal)].map(|(group, counts)| Row {
                x: [score, group, score * group],
                counts: counts
                    .iter()
                    .zip(&used)
                    .filter(|(_, used)| **used)
                    .map(|(count, _)| *count as f64)
                    .collect(),
            })
        })
        .filter(|row| row.counts.iter().any(|count| *count > 0.0))
        .collect();
    let [score, uniform, nonuniform] = [1, 2, 3].map(|predictors| fit(&rows, predictors));
    result(&rows, &score?, &uniform?, &nonuniform?)
}

fn result(
    rows: &[Row],
    score: &Fit,
    uniform: &Fit,
    nonuniform: &Fit,
) -> Result<OrdinalLogistic, DifUndefined> {
    let n: f64 = rows.iter().flat_map(|row| &row.counts).sum();
    let null = null(rows);
    let nagelkerke = |fit: &Fit| {
        let gained = (2.0 * (null - fit.log_likelihood) / n).exp_m1();
        gained / (2.0 * null / n).exp_m1()
    };
    let test = |large: &Fit, small: &Fit, df: u8| {
        let chi_square = (2.0 * (large.log_likelihood - small.log_likelihood)).max(0.0);
        let p = p_value(chi_square, f64::from(df)).ok_or(DifUndefined::NotConverged)?;
        Ok(LikelihoodRatio { chi_square, df, p })
    };
    let explained = Nagelkerke {
        score: nagelkerke(score),
        uniform: nagelkerke(uniform),
        nonuniform: nagelkerke(nonuniform),
    };
    let nagelkerke_change = explained.nonuniform - explained.score;
    let [_, group_effect, ..] = uniform.coefficients;
    let [_, group_effect_standard_error, ..] = uniform.standard_errors;
    Ok(OrdinalLogistic {
        log_likelihood: LogLikelihoods {
            null,
            score: score.log_likelihood,
            uniform: uniform.log_likelihood,
            nonuniform: nonuniform.log_likelihood,
        },
        group_effect,
        group_effect_standard_error,
        cumulative_odds_ratio: group_effect.exp(),
        uniform: test(uniform, score, 1)?,
        nonuniform: test(nonuniform, uniform, 1)?,
        total: test(nonuniform, score, 2)?,
        nagelkerke: explained,
        nagelkerke_change,
        mcfadden_change: (score.log_likelihood - nonuniform.log_likelihood) / null,
        class: class(nagelkerke_change),
    })
}

fn class(change: f64) -> ExplainedClass {
    if change < 0.035 {
        ExplainedClass::A
    } else if change < 0.070 {
        ExplainedClass::B
    } else {
        ExplainedClass::C
    }
}

fn used_categories(item: &StudiedItem) -> Vec<bool> {
    let mut used = vec![false; item.categories()];
    for (_, reference, focal) in item.strata() {
        for (used, (r, f)) in used.iter_mut().zip(reference.iter().zip(focal)) {
            *used |= r + f > 0;
        }
    }
    used
}

/// Mean and standard deviation of the score; `None` if it does not vary.
fn scores(item: &StudiedItem) -> Option<(f64, f64)> {
    let frequencies = item.strata().map(|(score, reference, focal)| {
        let persons: u64 = reference.iter().chain(focal).sum();
        (score as f64, persons)
    });
    let moments = crate::stats::Moments::of(frequencies)?;
    let variance = moments.variance.filter(|variance| *variance > 0.0)?;
    Some((moments.mean, variance.sqrt()))
}

/// Log-likelihood of the thresholds alone: every category has its share.
fn null(rows: &[Row]) -> f64 {
    let mut totals = Vec::new();
    for row in rows {
        totals.resize(row.counts.len(), 0.0);
        for (total, count) in totals.iter_mut().zip(&row.counts) {
            *total += count;
        }
    }
    let n: f64 = totals.iter().sum();
    totals.iter().map(|total| total * (total / n).ln()).sum()
}
