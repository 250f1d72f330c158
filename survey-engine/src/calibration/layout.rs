//! Where each threshold stands among all parameters of a scale.

use crate::linear::Factor;
use crate::tally::Pattern;

use super::{CalibrationUndefined, THRESHOLD_LIMIT};

/// Where answers determine a threshold at all, those of one person do so with an error of a few logits. A likelihood that rises for
/// ever is level after some twenty steps, as far as numbers tell, and looks like a maximum with errors beyond this.
const ERROR_LIMIT: f64 = 100.0;

/// Items with `m` categories above the lowest have `m` parameters, the sums `eta_x = delta_1 + ... + delta_x`, item after item.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// First parameter of each item, and the number of parameters at the end.
    starts: Vec<usize>,
}

impl Layout {
    pub(super) fn of(categories: &[usize]) -> Self {
        let mut starts = vec![0];
        let mut next = 0;
        for size in categories {
            next += size.saturating_sub(1);
            starts.push(next);
        }
        Self { starts }
    }

    pub(super) fn parameters(&self) -> usize {
        self.starts.last().copied().unwrap_or_default()
    }

    /// The parameters of each item.
    pub(super) fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        self.starts
            .windows(2)
            .filter_map(|ends| Some(*ends.first()?..*ends.last()?))
    }

    /// The items' parts of a list of parameters.
    pub(super) fn split<'a>(&self, parameters: &'a [f64]) -> impl Iterator<Item = &'a [f64]> {
        self.ranges()
            .map(|range| parameters.get(range).unwrap_or_default())
    }

    /// The category `x >= 1` of each parameter.
    pub(super) fn categories(&self) -> Vec<f64> {
        let each = self.ranges();
        each.flat_map(|range| (1..=range.len()).map(|category| category as f64))
            .collect()
    }

    /// `T_ix`: how often each category above the lowest was chosen.
    pub(super) fn totals<'a>(&self, groups: impl Iterator<Item = &'a Pattern>) -> Vec<f64> {
        let mut totals = vec![0_u64; self.parameters()];
        for group in groups {
            for (range, counts) in self.ranges().zip(&group.categories) {
                let own = totals.get_mut(range).unwrap_or_default();
                for (total, count) in own.iter_mut().zip(counts.iter().skip(1)) {
                    *total += count;
                }
            }
        }
        totals.into_iter().map(|total| total as f64).collect()
    }

    /// Thresholds `delta_x = eta_x - eta_(x-1)`.
    pub(super) fn thresholds(&self, eta: &[f64]) -> Vec<Vec<f64>> {
        let differences = |own: &[f64]| {
            let before = std::iter::once(&0.0).chain(own);
            own.iter()
                .zip(before)
                .map(|(this, before)| this - before)
                .collect()
        };
        self.split(eta).map(differences).collect()
    }

    /// Whether every threshold, measured from their mean, is one that answers can determine.
    pub(super) fn is_inside(&self, eta: &[f64]) -> bool {
        let thresholds = self.thresholds(eta);
        let mean = thresholds.iter().flatten().sum::<f64>() / self.parameters() as f64;
        let mut all = thresholds.iter().flatten();
        all.all(|threshold| (threshold - mean).abs() < THRESHOLD_LIMIT)
    }

    /// Standard errors of the thresholds, or (`centred`) of the thresholds minus their mean, from the information on `eta`;
    /// a reason if one of them is not determined.
    pub(super) fn standard_errors(
        &self,
        information: &Factor,
        order: usize,
        centred: bool,
    ) -> Result<Vec<Vec<f64>>, CalibrationUndefined> {
        let parameters = self.parameters() as f64;
        let mut mean = vec![0.0; order];
        if centred {
            // The thresholds of an item add up to its last parameter.
            for range in self.ranges() {
                if let Some(last) = mean.get_mut(range.end - 1) {
                    *last = 1.0 / parameters;
                }
            }
        }
        let error = |range: &std::ops::Range<usize>, at: usize| {
            let mut contrast: Vec<f64> = mean.iter().map(|share| -share).collect();
            if let Some(this) = contrast.get_mut(at) {
                *this += 1.0;
            }
            if at > range.start
                && let Some(before) = contrast.get_mut(at - 1)
            {
                *before -= 1.0;
            }
            let error = information.variance(&contrast).sqrt();
            // Not so for a NaN either.
            let is_determined = error < ERROR_LIMIT;
            is_determined
                .then_some(error)
                .ok_or(CalibrationUndefined::NotDetermined)
        };
        let each = self.ranges();
        each.map(|range| range.clone().map(|at| error(&range, at)).collect())
            .collect()
    }
}

/// Thresholds at which adjacent categories would be as frequent as they are if all persons were alike.
pub(super) fn start(answers: &[Vec<u64>]) -> Vec<f64> {
    let eta = |counts: &Vec<u64>| {
        let lowest = counts.first().copied().unwrap_or(1) as f64;
        let rest = counts.iter().skip(1);
        let ratios = rest.map(|count| (lowest / *count as f64).ln());
        ratios.collect::<Vec<f64>>()
    };
    answers.iter().flat_map(eta).collect()
}
