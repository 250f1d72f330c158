//! Marginal maximum likelihood.

use serde::Serialize;

use crate::linear::{Ascent, Point, Symmetric};
use crate::stats::Moments;
use crate::tally::Pattern;

use super::layout::{Layout, start};
use super::quadrature::{Fineness, Quadrature};
use super::{ASCENT, CalibrationUndefined, Counts, Downcoding, Thresholds};

/// Between these standard deviations of persons, in logits, one is estimated.
const DEVIATIONS: std::ops::Range<f64> = 1e-3..30.0;

/// The search on rough integrals, which end within a hundredth of a logit.
const APPROACH: Ascent = Ascent {
    small: 1e-2,
    ..ASCENT
};

/// Thresholds and spread of a normal population.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PopulationCalibration {
    /// Persons with at least one answer.
    pub n: u64,
    /// The thresholds in logits above the mean of the population.
    pub thresholds: Thresholds,
    /// Their standard errors, from the observed information.
    pub standard_errors: Vec<Vec<f64>>,
    /// Variance of the population, in squared logits.
    pub latent_variance: f64,
    /// Minus twice the log-likelihood of the answers.
    pub deviance: f64,
    /// Variance of the expected places (EAP) over that plus the mean of their posterior variances; both divide by `n`.
    pub eap_reliability: f64,
    /// Which categories the thresholds belong to.
    pub downcoding: Downcoding,
    /// Steps of Newton's method.
    pub steps: u32,
}

/// Thresholds and latent variance of the partial credit model by marginal maximum likelihood, for persons from a normal population
/// with mean 0.
///
/// `l = - sum T_ix eta_ix + sum over patterns and raw scores of n_r ln (integral of exp(r theta) / prod D_i(theta) phi(theta / s))`
/// with `D_i` the sum of `exp(x theta - eta_ix)` over categories: a function of the same counts as [`calibrate`](super::calibrate).
/// The integrals reach eight standard deviations to either side. Newton's method with exact second derivatives. Unlike
/// conditional likelihood this assumes a normal distribution; it gives its variance and the reliability of expected places, and
/// compares models by deviance. Unchosen categories are recoded, see [`Downcoding`].
///
/// Sources: Bock and Aitkin (1981), Psychometrika 46; figures as in the R package TAM (Robitzsch, Kiefer and Wu).
///
/// # Errors
/// [`CalibrationUndefined::TooFewItems`] for one item; [`CalibrationUndefined::TooFewPersons`] without any answer;
/// [`CalibrationUndefined::NoVariation`] for an item of which fewer than two categories were chosen;
/// [`CalibrationUndefined::GapInside`] if an unchosen category lies between chosen ones;
/// [`CalibrationUndefined::NoLatentVariance`] if persons differ no more than by chance; [`CalibrationUndefined::NotDetermined`]
/// if a threshold or the variance has no finite estimate.
///
/// ```
/// use survey_engine::calibration::{Counts, calibrate_population};
/// let counts = Counts::complete(&[vec![40, 60], vec![60, 40]], &[20, 60, 20])?;
/// // Two items that go together no more than by chance: there is no spread to speak of.
/// assert!(calibrate_population(&counts).is_err());
/// let counts = Counts::complete(&[vec![40, 60], vec![60, 40]], &[30, 40, 30])?;
/// let population = calibrate_population(&counts)?;
/// let [easy, hard] = [0, 1].map(|item| population.thresholds.items()[item][0]);
/// assert!(easy < 0.0 && (easy + hard).abs() < 1e-9);
/// assert!(population.latent_variance > 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn calibrate_population(
    counts: &Counts,
) -> Result<PopulationCalibration, CalibrationUndefined> {
    if counts.items() < 2 {
        return Err(CalibrationUndefined::TooFewItems);
    }
    if counts.persons() == 0 {
        return Err(CalibrationUndefined::TooFewPersons);
    }
    let (recoded, downcoding) = counts.downcoded()?;
    let layout = Layout::of(&recoded.categories);
    let totals = layout.totals(recoded.groups.iter());
    let answers = recoded.answers();
    let spread = spread(&recoded.groups, &answers).ok_or(CalibrationUndefined::NoLatentVariance)?;
    let mut start = start(&answers);
    start.push(spread.clamp(0.05, 5.0).ln() / 2.0);
    let climb = |ascent: &Ascent, start: Vec<f64>, fineness| {
        ascent.maximise(
            start,
            |at| Some(likelihood(&layout, &recoded.groups, &totals, at, fineness)),
            |at| {
                let (eta, deviation) = split(at);
                layout.is_inside(eta) && DEVIATIONS.contains(&deviation)
            },
        )
    };
    // Most of the way on rough integrals; where they lead nowhere the exact ones begin at the beginning.
    let near = climb(&APPROACH, start.clone(), Fineness::ROUGH);
    let (start, before) = near.map_or((start, 0), |near| (near.at, near.steps));
    let maximum =
        climb(&ASCENT, start, Fineness::EXACT).map_err(|_| CalibrationUndefined::NotDetermined)?;
    let (eta, deviation) = split(&maximum.at);
    let thresholds =
        Thresholds::new(layout.thresholds(eta)).map_err(|_| CalibrationUndefined::NotDetermined)?;
    let n = recoded.persons();
    Ok(PopulationCalibration {
        n,
        thresholds,
        standard_errors: layout.standard_errors(&maximum.information, maximum.at.len(), false)?,
        latent_variance: deviation * deviation,
        deviance: -2.0 * maximum.value,
        eap_reliability: eap_reliability(&layout, &recoded.groups, &maximum.at, n as f64),
        downcoding,
        steps: before + maximum.steps,
    })
}

/// The parameters of the items, and the standard deviation.
fn split(at: &[f64]) -> (&[f64], f64) {
    at.split_last()
        .map_or((&[], 1.0), |(log, eta)| (eta, log.exp()))
}

/// The latent variance to which the spread of the raw scores points. `None` if they spread no more than if answers had nothing to
/// do with each other: then the likelihood falls from a variance of 0 on.
fn spread(groups: &[Pattern], answers: &[Vec<u64>]) -> Option<f64> {
    let moments = |counts: &Vec<u64>| {
        let steps = (0_u32..).map(f64::from).zip(counts.iter().copied());
        let moments = Moments::of(steps)?;
        let n = moments.n as f64;
        Some((moments.mean, moments.variance? * (n - 1.0) / n))
    };
    let items: Option<Vec<(f64, f64)>> = answers.iter().map(moments).collect();
    let items = items?;
    let (mut excess, mut scale) = (0.0, 0.0);
    for group in groups {
        let answered = items.iter().enumerate();
        let answered = answered.filter(|(item, _)| group.answered >> item & 1 == 1);
        let sums = answered.map(|(_, moments)| *moments);
        let (mean, variance) = sums.fold((0.0, 0.0), |sum, item| (sum.0 + item.0, sum.1 + item.1));
        for (score, count) in (0_u32..).map(f64::from).zip(&group.scores) {
            let persons = *count as f64;
            excess += persons * ((score - mean).powi(2) - variance);
            scale += persons * variance * variance;
        }
    }
    // Rounding of a spread that is exactly that of chance is no spread.
    (scale > 0.0)
        .then(|| excess / scale)
        .filter(|spread| *spread > 1e-12)
}

/// The marginal log-likelihood and its derivatives.
fn likelihood(
    layout: &Layout,
    groups: &[Pattern],
    totals: &[f64],
    at: &[f64],
    fineness: Fineness,
) -> Point {
    let (eta, deviation) = split(at);
    let quadrature = Quadrature::new(layout, eta, deviation, fineness);
    let mut information = Symmetric::zero(at.len());
    let mut value: f64 = totals
        .iter()
        .zip(eta)
        .map(|(total, eta)| -total * eta)
        .sum();
    // Every person has an expected square of 1 before answering.
    let persons: u64 = groups.iter().flat_map(|group| &group.scores).sum();
    let before = totals
        .iter()
        .copied()
        .chain(std::iter::once(persons as f64));
    let mut gradient: Vec<f64> = before.map(|expected| -expected).collect();
    for group in groups {
        let sums = quadrature.pattern(layout, group, &mut information);
        value += sums.log_likelihood;
        for (slope, expected) in gradient.iter_mut().zip(&sums.expected) {
            *slope += expected;
        }
    }
    Point {
        value,
        gradient,
        information,
    }
}

fn eap_reliability(layout: &Layout, groups: &[Pattern], at: &[f64], n: f64) -> f64 {
    let (eta, deviation) = split(at);
    let quadrature = Quadrature::new(layout, eta, deviation, Fineness::EXACT);
    let mut unused = Symmetric::zero(at.len());
    let (mut mean, mut square, mut error) = (0.0, 0.0, 0.0);
    for group in groups {
        let [means, squares, errors] = quadrature.pattern(layout, group, &mut unused).places;
        mean += means / n;
        square += squares / n;
        error += errors / n;
    }
    let variance = square - mean * mean;
    variance / (variance + error)
}
