//! Conditional maximum likelihood.

use serde::Serialize;

use crate::linear::{Point, Symmetric};
use crate::tally::Pattern;

use super::layout::{Layout, start};
use super::polynomial::Product;
use super::{ASCENT, CalibrationUndefined, Counts, Downcoding, Thresholds};

/// Thresholds of a scale, estimated without any assumption on how persons are distributed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Calibration {
    /// Persons who answered at least two items.
    pub n: u64,
    /// The thresholds in logits; their mean over all items is 0.
    pub thresholds: Thresholds,
    /// Their standard errors, for the thresholds as they are given (with mean 0).
    pub standard_errors: Vec<Vec<f64>>,
    /// The conditional log-likelihood at its maximum.
    pub log_likelihood: f64,
    /// Which categories the thresholds belong to.
    pub downcoding: Downcoding,
    /// Steps of Newton's method.
    pub steps: u32,
}

/// Thresholds of the partial credit model by conditional maximum likelihood.
///
/// The chance of an answer given the raw score does not depend on the person, so that with `eta_ix = delta_i1 + ... + delta_ix`,
/// `T_ix` the number of answers `x` to item `i` and `n_r` the persons with raw score `r`
///
/// `l = sum over patterns of answered items of [- sum T_ix eta_ix - sum_r n_r ln gamma_r]`,
///
/// where `gamma_r` sums `exp(-sum eta)` over all answers with raw score `r`. Persons with fewer than two answers say nothing and
/// are left out. Newton's method with exact second derivatives; the time does not depend on the number of persons. Standard errors
/// by the delta method to thresholds with mean 0. A scale with an unchosen category is recoded, see [`Downcoding`]. Take at
/// least [`CALIBRATION_MINIMUM`](super::CALIBRATION_MINIMUM) persons.
///
/// Sources: Andersen (1970), Journal of the Royal Statistical Society B 32; Masters (1982), Psychometrika 47; with missing
/// answers as in the R packages psychotools and eRm.
///
/// # Errors
/// [`CalibrationUndefined::TooFewItems`] for one item; [`CalibrationUndefined::TooFewPersons`] if nobody answered two items and
/// scored between the lowest and the highest score; [`CalibrationUndefined::NoVariation`] for an item of which fewer than two
/// categories were chosen; [`CalibrationUndefined::GapInside`] if an unchosen category lies between chosen ones;
/// [`CalibrationUndefined::Disconnected`] if no chain of persons links all items; [`CalibrationUndefined::NotDetermined`] if a
/// threshold has no finite estimate.
///
/// ```
/// use survey_engine::calibration::{Counts, calibrate};
/// // Two items, right or wrong: of 100 persons with one right, 70 have the first. The difference is ln(70 / 30).
/// let counts = Counts::complete(&[vec![50, 90], vec![90, 50]], &[20, 100, 20])?;
/// let calibration = calibrate(&counts)?;
/// let [easy, hard] = [0, 1].map(|item| calibration.thresholds.items()[item][0]);
/// assert!((hard - easy - (70.0_f64 / 30.0).ln()).abs() < 1e-12);
/// assert!((hard + easy).abs() < 1e-12);
/// // Half of sqrt(1 / 70 + 1 / 30).
/// assert!((calibration.standard_errors[0][0] - 0.109_108_945).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn calibrate(counts: &Counts) -> Result<Calibration, CalibrationUndefined> {
    if counts.items() < 2 {
        return Err(CalibrationUndefined::TooFewItems);
    }
    let used = counts.answering(2);
    if !used.groups.iter().any(is_informative) {
        return Err(CalibrationUndefined::TooFewPersons);
    }
    let (recoded, downcoding) = used.downcoded()?;
    if !is_connected(&recoded) {
        return Err(CalibrationUndefined::Disconnected);
    }
    let layout = Layout::of(&recoded.categories);
    let totals = layout.totals(recoded.groups.iter());
    let start = start(&recoded.answers());
    let maximum = ASCENT
        .maximise(
            start,
            |eta| Some(likelihood(&layout, &recoded.groups, &totals, eta)),
            |eta| layout.is_inside(eta),
        )
        .map_err(|_| CalibrationUndefined::NotDetermined)?;
    let thresholds = Thresholds::new(layout.thresholds(&maximum.at))
        .map_err(|_| CalibrationUndefined::NotDetermined)?;
    let standard_errors =
        layout.standard_errors(&maximum.information, layout.parameters(), true)?;
    Ok(Calibration {
        n: recoded.persons(),
        thresholds: thresholds.centred(),
        standard_errors,
        log_likelihood: maximum.value,
        downcoding,
        steps: maximum.steps,
    })
}

/// The conditional log-likelihood and its derivatives.
///
/// It does not change when `c x` is added to every `eta_ix`. The information is therefore singular, and is completed in that
/// direction alone: steps and variances of contrasts stay what they are.
fn likelihood(layout: &Layout, groups: &[Pattern], totals: &[f64], eta: &[f64]) -> Point {
    let mut expected = vec![0.0; eta.len()];
    let mut information = Symmetric::zero(eta.len());
    let mut value: f64 = totals
        .iter()
        .zip(eta)
        .map(|(total, eta)| -total * eta)
        .sum();
    for group in groups {
        let items = layout.ranges().zip(layout.split(eta)).enumerate();
        let answered = items.filter(|(item, _)| group.answered >> item & 1 == 1);
        let product = Product::of(answered.map(|(_, (range, eta))| (range.start, eta)));
        value -= product.log_sum(&group.scores);
        product.moments(&group.scores, &mut expected, &mut information);
    }
    let shift = layout.categories();
    let length: f64 = shift.iter().map(|step| step * step).sum();
    let typical = information.diagonal().sum::<f64>() / eta.len() as f64;
    information.add_square(typical / length, &shift);
    let gradient = expected.iter().zip(totals);
    Point {
        value,
        gradient: gradient.map(|(expected, total)| expected - total).collect(),
        information,
    }
}

/// Whether anybody has a raw score that several answers lead to.
fn is_informative(group: &Pattern) -> bool {
    let highest = group.scores.len().saturating_sub(1);
    let inner = group.scores.iter().take(highest).skip(1);
    inner.sum::<u64>() > 0
}

/// Whether a chain of informative patterns links all items.
fn is_connected(counts: &Counts) -> bool {
    let informative = counts.groups.iter().filter(|group| is_informative(group));
    let patterns: Vec<u64> = informative.map(|group| group.answered).collect();
    let all = patterns.iter().fold(0, |all, pattern| all | pattern);
    let mut linked = patterns.first().copied().unwrap_or_default();
    loop {
        let touching = patterns.iter().filter(|pattern| *pattern & linked != 0);
        let next = touching.fold(linked, |linked, pattern| linked | pattern);
        if next == linked {
            break;
        }
        linked = next;
    }
    linked == all && all.count_ones() as usize == counts.items()
}
