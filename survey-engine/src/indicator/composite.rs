//! One figure for several domains.

use serde::Serialize;

use crate::stats::{Pomp, Probability};

/// A domain as part of a composite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DomainScore {
    /// How much the domain counts; at least 0. Only the proportions of weights matter.
    pub weight: f64,
    /// Its score, if there is one that may be shown.
    pub score: Option<Pomp>,
    /// The standard error of its score.
    pub standard_error: Option<f64>,
}

/// When and how domains are put together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompositeRule {
    /// The smallest share of all weight that the domains with a score must have.
    pub least_weight_share: Probability,
    /// Scores below this count as this in the geometric mean, which a score of 0 would make 0; above 0.
    pub geometric_floor: f64,
}

/// Why there is no composite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CompositeUndefined {
    /// A weight is negative or not a number, or all are 0.
    #[error("weights must be at least 0, and one above")]
    NoWeights,
    /// The floor of the geometric mean is not above 0 and at most 100.
    #[error("the floor of the geometric mean must be above 0 and at most 100")]
    FloorOutOfRange,
    /// The matrix of covariances does not have a row and a column for each domain.
    #[error("the covariances need a row and a column for each domain")]
    CovarianceShape,
}

/// One figure for several domains.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Composite {
    /// The share of all weight that the domains with a score have.
    pub available_weight_share: Probability,
    /// Whether that share is enough. Without it there are no means.
    pub is_enough: bool,
    /// The weighted mean of the scores: weaknesses in one domain can be made up for in another.
    pub arithmetic: Option<Pomp>,
    /// The weighted geometric mean, in which they can be less.
    pub geometric: Option<Pomp>,
    /// Standard error of the arithmetic mean; `None` if that of a domain is not known.
    pub standard_error: Option<f64>,
}

/// Puts domains together whose scores come from different persons, so that their errors are independent.
///
/// With `w` the weights of the domains that have a score, brought to a sum of 1: arithmetic `sum w s`, geometric
/// `exp(sum w ln max(s, floor))`, standard error `sqrt(sum w^2 se^2)`. There is no composite if these domains have less than the least
/// share of the weight: a missing domain must not be passed over in silence. Stakeholder groups are put together within each domain
/// first, by declared weights, as otherwise the largest group would speak for all. Source: OECD (2008), Handbook on Constructing
/// Composite Indicators.
///
/// # Errors
/// [`CompositeUndefined::FloorOutOfRange`] for a floor that is not above 0 and at most 100, [`CompositeUndefined::NoWeights`]
/// for a weight that is negative or not a number, or if all are 0.
///
/// ```
/// use survey_engine::indicator::{CompositeRule, DomainScore, composite};
/// use survey_engine::stats::{Pomp, Probability};
/// let domain = |weight, score, error| DomainScore {
///     weight, score: Pomp::new(score), standard_error: Some(error),
/// };
/// let domains = [domain(3.0, 60.0, 2.0), domain(1.0, 80.0, 2.0)];
/// let rule = CompositeRule { least_weight_share: Probability::new(0.7).unwrap(), geometric_floor: 1.0 };
/// let together = composite(&domains, &rule)?;
/// assert_eq!(together.arithmetic, Pomp::new(65.0));
/// assert!((together.standard_error.unwrap() - 2.5_f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), survey_engine::indicator::CompositeUndefined>(())
/// ```
pub fn composite(
    domains: &[DomainScore],
    rule: &CompositeRule,
) -> Result<Composite, CompositeUndefined> {
    combine(domains, rule, |weights| {
        let terms = domains.iter().zip(weights).filter(|(_, w)| **w > 0.0);
        let variance: Option<f64> = terms
            .map(|(domain, weight)| Some((weight * valid_error(domain.standard_error)?).powi(2)))
            .sum();
        variance.map(f64::sqrt)
    })
}

/// The same where the same persons gave the scores, so that the errors go together.
///
/// `covariances` is the matrix `S` of the domain scores' errors, a row for each domain in their order (the covariances of
/// persons' scores divided by their number); the standard error is `sqrt(w' S w)`. Rows of domains without a score are not
/// used. The domains' own standard errors are not used either. The means are those of [`composite`]; there is no standard error
/// where `w' S w` is negative or not a number. Source: OECD (2008), Handbook on Constructing Composite Indicators.
///
/// # Errors
/// As [`composite`], and [`CompositeUndefined::CovarianceShape`] unless the matrix has a row and a column for each domain.
///
/// ```
/// use survey_engine::indicator::{CompositeRule, DomainScore, composite_with_covariances};
/// use survey_engine::stats::{Pomp, Probability};
/// let domain = DomainScore { weight: 1.0, score: Pomp::new(60.0), standard_error: None };
/// let rule = CompositeRule { least_weight_share: Probability::new(0.7).unwrap(), geometric_floor: 1.0 };
/// let covariances = [vec![4.0, 2.0], vec![2.0, 4.0]];
/// let together = composite_with_covariances(&[domain; 2], &covariances, &rule)?;
/// assert!((together.standard_error.unwrap() - 3.0_f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), survey_engine::indicator::CompositeUndefined>(())
/// ```
pub fn composite_with_covariances(
    domains: &[DomainScore],
    covariances: &[Vec<f64>],
    rule: &CompositeRule,
) -> Result<Composite, CompositeUndefined> {
    let k = domains.len();
    if covariances.len() != k || covariances.iter().any(|row| row.len() != k) {
        return Err(CompositeUndefined::CovarianceShape);
    }
    combine(domains, rule, |weights| {
        let used = |weight: &f64| *weight > 0.0;
        let rows = covariances.iter().zip(weights).filter(|(_, w)| used(w));
        let variance: f64 = rows
            .map(|(row, weight)| {
                let entries = row.iter().zip(weights).filter(|(_, w)| used(w));
                weight * entries.map(|(entry, other)| other * entry).sum::<f64>()
            })
            .sum();
        valid_error(Some(variance)).map(f64::sqrt)
    })
}

/// Something that is finite and not negative.
fn valid_error(error: Option<f64>) -> Option<f64> {
    error.filter(|error| error.is_finite() && *error >= 0.0)
}

/// The composite, with the standard error that `error` finds for weights that add up to 1 (0 without a score).
fn combine(
    domains: &[DomainScore],
    rule: &CompositeRule,
    error: impl Fn(&[f64]) -> Option<f64>,
) -> Result<Composite, CompositeUndefined> {
    if !(rule.geometric_floor > 0.0 && rule.geometric_floor <= 100.0) {
        return Err(CompositeUndefined::FloorOutOfRange);
    }
    let total: f64 = domains.iter().map(|domain| domain.weight).sum();
    let is_weight = |domain: &DomainScore| domain.weight.is_finite() && domain.weight >= 0.0;
    if !domains.iter().all(is_weight) || total <= 0.0 || !total.is_finite() {
        return Err(CompositeUndefined::NoWeights);
    }
    let scored = domains.iter().filter(|domain| domain.score.is_some());
    let available: f64 = scored.map(|domain| domain.weight).sum();
    let share = Probability::clamped(available / total).ok_or(CompositeUndefined::NoWeights)?;
    // Weights such as 0.7 are not exact: a sum that should reach the share does.
    let is_enough = available > 0.0 && share.value() >= rule.least_weight_share.value() - 1e-12;
    let mut result = Composite {
        available_weight_share: share,
        is_enough,
        arithmetic: None,
        geometric: None,
        standard_error: None,
    };
    if !is_enough {
        return Ok(result);
    }
    let weight = |domain: &DomainScore| domain.score.map_or(0.0, |_| domain.weight / available);
    let weights: Vec<f64> = domains.iter().map(weight).collect();
    let mean = |of: &dyn Fn(f64) -> f64| -> f64 {
        let weighted = domains.iter().zip(&weights);
        weighted
            .filter_map(|(domain, weight)| Some(weight * of(domain.score?.value())))
            .sum()
    };
    result.arithmetic = Pomp::clamped(mean(&|score| score));
    result.geometric = Pomp::clamped(mean(&|score| score.max(rule.geometric_floor).ln()).exp());
    result.standard_error = error(&weights).filter(|error| error.is_finite());
    Ok(result)
}
