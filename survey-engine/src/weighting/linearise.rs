//! Variance of a sum over a sample.

use std::collections::BTreeMap;

use super::{DesignProblem, FinitePopulation, Part};

/// What a person adds to an estimator: `base + slope * value`, or `missing` without an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Influence {
    pub(super) base: f64,
    pub(super) slope: f64,
    pub(super) missing: f64,
}

/// The sampled units of one stratum.
#[derive(Default)]
struct Units {
    persons: u64,
    sum: f64,
    squares: f64,
    clusters: BTreeMap<usize, f64>,
}

/// Variance of the sum of the influences, and the number of sampled units and of strata.
///
/// Per stratum `(1 - f) m / (m - 1) sum (z - mean z)^2` over the `m` sampled units, `z` the sum of the influences of a unit's
/// persons. A stratum that was sampled completely adds nothing. `influences` has an entry per part.
pub(super) fn variance(
    parts: &[Part],
    strata: &[FinitePopulation],
    influences: impl Iterator<Item = Influence>,
) -> Result<(f64, Sampled), DesignProblem> {
    let mut by_stratum: BTreeMap<usize, Units> = BTreeMap::new();
    for (part, influence) in parts.iter().zip(influences) {
        let persons = part.values.persons;
        if persons == 0 {
            continue;
        }
        let units = by_stratum.entry(part.stratum).or_default();
        let (sum, squares) = totals(part, influence);
        if let Some(cluster) = part.cluster {
            *units.clusters.entry(cluster).or_default() += sum;
        } else {
            units.persons += persons;
            units.sum += sum;
            units.squares += squares;
        }
    }
    let mut sampled = Sampled {
        units: 0,
        strata: by_stratum.len() as u64,
    };
    let mut total = 0.0;
    for (stratum, units) in by_stratum {
        let population = strata.get(stratum).ok_or(DesignProblem::Shape)?;
        let (count, scatter) = units.scatter()?;
        sampled.units += count;
        let unsampled = population
            .unsampled(count)
            .ok_or(DesignProblem::PopulationTooSmall { stratum })?;
        if unsampled < 1e-12 {
            continue;
        }
        if count < 2 {
            return Err(DesignProblem::SingleUnit { stratum });
        }
        let count = count as f64;
        total += unsampled * count / (count - 1.0) * scatter;
    }
    Ok((total, sampled))
}

/// How much was sampled.
pub(super) struct Sampled {
    pub(super) units: u64,
    pub(super) strata: u64,
}

impl Units {
    /// Number of units, and sum of squares of their totals about the mean.
    fn scatter(&self) -> Result<(u64, f64), DesignProblem> {
        if self.clusters.is_empty() {
            let count = self.persons as f64;
            let scatter = self.squares - self.sum * self.sum / count;
            return Ok((self.persons, scatter.max(0.0)));
        }
        if self.persons > 0 {
            return Err(DesignProblem::MixedUnits);
        }
        let count = self.clusters.len() as f64;
        let mean = self.clusters.values().sum::<f64>() / count;
        let squares = self.clusters.values().map(|sum| (sum - mean).powi(2));
        Ok((self.clusters.len() as u64, squares.sum()))
    }
}

/// Sum and sum of squares of the influences of a part's persons.
fn totals(part: &Part, influence: Influence) -> (f64, f64) {
    let values = &part.values;
    let Influence {
        base,
        slope,
        missing,
    } = influence;
    let without = (values.persons - values.answered) as f64;
    let (mut sum, mut squares) = (without * missing, without * missing * missing);
    if values.answered > 0 {
        let answered = values.answered as f64;
        let mean = values.sum / answered;
        // About the mean of the part, so that the squares do not cancel.
        let within = values.scatter();
        let typical = base + slope * mean;
        sum += answered * typical;
        squares += answered * typical * typical + slope * slope * within;
    }
    (sum, squares)
}
