//! What differing items do to the score of a whole scale.

use serde::Serialize;

/// A point of the ability scale, and how much of the focal group is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AbilityWeight {
    /// Position in logits.
    pub theta: f64,
    /// Persons, or any other weight that is not negative.
    pub weight: f64,
}

/// Difference of the expected scores of equal persons under the items of two groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TestFunctioning {
    /// Mean of focal minus reference, in points of the raw score. Differences of single items may cancel.
    pub signed: f64,
    /// Mean of the absolute difference, in points of the raw score.
    pub unsigned: f64,
    /// `signed` in percent of the maximum possible score.
    pub signed_pomp: f64,
    /// `unsigned` in percent of the maximum possible score.
    pub unsigned_pomp: f64,
}

impl TestFunctioning {
    /// Whether a gap between the groups (in percent of the maximum possible score) should be withheld, because the items alone
    /// would account for more than a third of it.
    ///
    /// It does if `3 |signed_pomp| > |gap|`. Source: rule of this engine.
    ///
    /// ```
    /// use survey_engine::dif::{AbilityWeight, test_functioning};
    /// let there = [AbilityWeight { theta: 0.0, weight: 1.0 }];
    /// let items = test_functioning(&[vec![0.0]], &[vec![0.5]], &there).unwrap();
    /// // Twelve points from the item alone: too much of a gap of 20, little of one of 60.
    /// assert!(items.outweighs(20.0) && !items.outweighs(60.0));
    /// ```
    #[must_use]
    pub fn outweighs(&self, gap: f64) -> bool {
        3.0 * self.signed_pomp.abs() > gap.abs()
    }
}

/// Differential functioning of a scale, under the partial credit model.
///
/// Takes the thresholds of every item as calibrated in each group, in logits and on a common origin, and where the focal group
/// is. With `E(theta)` the sum over items of the expected step, under probabilities proportional to
/// `exp(x theta - delta_1 - ... - delta_x)`: signed `sum w (E_F - E_R) / sum w`, unsigned `sum w |E_F - E_R| / sum w`, in
/// percent of the number of thresholds, which is the highest raw score. `None` for other numbers of items or of thresholds,
/// without items, for numbers that are not finite, or weights that do not add up to more than 0. Sources: Chalmers, Counsell
/// and Flora (2016), Educational and Psychological Measurement 76, after Raju, van der Linden and Fleer (1995), Applied
/// Psychological Measurement 19; Masters (1982), Psychometrika 47.
///
/// ```
/// use survey_engine::dif::{AbilityWeight, test_functioning};
/// let reference = [vec![-0.5, 0.5], vec![0.0, 1.0]];
/// let focal = [vec![-0.5, 0.5], vec![0.5, 1.5]];
/// let ability = [AbilityWeight { theta: 0.0, weight: 60.0 }, AbilityWeight { theta: 1.0, weight: 40.0 }];
/// let result = test_functioning(&reference, &focal, &ability).unwrap();
/// // The second item is half a logit harder for the focal group.
/// assert!(result.signed < 0.0 && (result.signed + result.unsigned).abs() < 1e-15);
/// assert!(result.outweighs(10.0) && !result.outweighs(30.0));
/// ```
#[must_use]
pub fn test_functioning(
    reference: &[Vec<f64>],
    focal: &[Vec<f64>],
    ability: &[AbilityWeight],
) -> Option<TestFunctioning> {
    let same = reference.len() == focal.len()
        && reference.iter().zip(focal).all(|(r, f)| r.len() == f.len());
    let highest: usize = reference.iter().map(Vec::len).sum();
    let finite = reference
        .iter()
        .chain(focal)
        .flatten()
        .all(|t| t.is_finite())
        && ability
            .iter()
            .all(|at| at.theta.is_finite() && at.weight >= 0.0);
    let weight: f64 = ability.iter().map(|at| at.weight).sum();
    if !(same && highest > 0 && finite && weight > 0.0 && weight.is_finite()) {
        return None;
    }
    let (mut signed, mut unsigned) = (0.0, 0.0);
    for at in ability {
        let difference = expected(focal, at.theta) - expected(reference, at.theta);
        signed += at.weight * difference / weight;
        unsigned += at.weight * difference.abs() / weight;
    }
    let percent = 100.0 / highest as f64;
    Some(TestFunctioning {
        signed,
        unsigned,
        signed_pomp: percent * signed,
        unsigned_pomp: percent * unsigned,
    })
}

fn expected(items: &[Vec<f64>], theta: f64) -> f64 {
    items.iter().map(|item| expected_item(item, theta)).sum()
}

/// Expected step of an item, with `P(x) ~ exp(x theta - sum of the first x thresholds)`.
fn expected_item(thresholds: &[f64], theta: f64) -> f64 {
    let mut exponent = 0.0;
    let mut exponents = vec![0.0];
    for threshold in thresholds {
        exponent += theta - threshold;
        exponents.push(exponent);
    }
    let highest = exponents.iter().copied().fold(0.0, f64::max);
    let (mut total, mut weighted) = (0.0, 0.0);
    for (step, exponent) in exponents.iter().enumerate() {
        let weight = (exponent - highest).exp();
        total += weight;
        weighted += step as f64 * weight;
    }
    weighted / total
}
