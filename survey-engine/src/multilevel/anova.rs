//! Differences between units against differences within them.

use serde::Serialize;

use crate::stats::{Moments, Probability, fisher_upper};

/// Why nothing can be said about differences between units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnitsUndefined {
    /// One unit cannot be compared with others.
    #[error("at least two units are needed")]
    TooFewUnits,
    /// With one person a unit there is no telling persons from units.
    #[error("at least one unit needs two persons")]
    NoReplication,
    /// All persons within each unit are alike, so that there is nothing to compare the units with.
    #[error("nothing varies within the units")]
    NoVarianceWithin,
    /// Some estimate is not a number, or its variance not a positive one.
    #[error("every estimate needs a positive variance")]
    NoKnownVariance,
    /// The search for the best fit did not end.
    #[error("the variance between units has no clear best fit")]
    NoConvergence,
}

/// Sums over units, as far as every model of them needs.
pub(super) struct Sums {
    pub(super) units: usize,
    pub(super) n: u64,
    pub(super) between: f64,
    pub(super) within: f64,
    pub(super) mean: f64,
    /// `(N - sum n_j^2 / N) / (J - 1)`.
    pub(super) k0: f64,
}

impl Sums {
    /// Units of nobody do not count.
    pub(super) fn of(units: &[Moments]) -> Result<Self, UnitsUndefined> {
        let units = units.iter().filter(|unit| unit.n > 0);
        let count = units.clone().count();
        let n: u64 = units.clone().map(|unit| unit.n).sum();
        if count < 2 {
            return Err(UnitsUndefined::TooFewUnits);
        }
        if n <= count as u64 {
            return Err(UnitsUndefined::NoReplication);
        }
        let is_number = |unit: &Moments| {
            let variance = unit.variance.is_none_or(|v| v.is_finite() && v >= 0.0);
            unit.mean.is_finite() && variance
        };
        if !units.clone().all(is_number) {
            return Err(UnitsUndefined::NoKnownVariance);
        }
        let persons = n as f64;
        let mean = units
            .clone()
            .map(|unit| unit.n as f64 * unit.mean)
            .sum::<f64>()
            / persons;
        let squares = units.clone().map(|unit| (unit.n as f64).powi(2));
        let k0 = (persons - squares.sum::<f64>() / persons) / (count - 1) as f64;
        let between = units
            .clone()
            .map(|unit| unit.n as f64 * (unit.mean - mean).powi(2));
        // What rounding makes of equal values is no variance.
        let size = units
            .clone()
            .map(|unit| unit.n as f64 * unit.mean.powi(2))
            .sum::<f64>();
        let or_zero = |sum: f64| if sum > 1e-26 * size { sum } else { 0.0 };
        let between = or_zero(between.sum());
        let within = or_zero(units.map(Moments::squares).sum());
        Ok(Self {
            units: count,
            n,
            between,
            within,
            mean,
            k0,
        })
    }

    pub(super) fn ms_between(&self) -> f64 {
        self.between / (self.units - 1) as f64
    }

    pub(super) fn ms_within(&self) -> f64 {
        self.within / (self.n - self.units as u64) as f64
    }
}

/// One-way analysis of variance of persons in units, with the intraclass correlations that follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Anova {
    /// Persons `N`.
    pub n: u64,
    /// Units `J` with at least one person.
    pub units: usize,
    /// `N / J`.
    pub mean_unit_size: f64,
    /// `(N - sum n_j^2 / N) / (J - 1)`: the size that units of unequal size count for.
    pub k0: f64,
    /// Mean square between units, `J - 1` degrees of freedom.
    pub ms_between: f64,
    /// Mean square within units, `N - J` degrees of freedom.
    pub ms_within: f64,
    /// Ratio of the two; `None` if nothing varies within units.
    pub f: Option<f64>,
    /// Probability of at least this ratio if there were no differences between units.
    pub p: Option<Probability>,
    /// ICC(1) with the mean unit size `k`: `(MSB - MSW) / (MSB + (k - 1) MSW)`, the share of a person's score that is due to the unit.
    /// Negative if units differ less than chance would have it. `None` if nothing varies.
    pub icc1: Option<f64>,
    /// ICC(1) with `k0` for `k`: of variance components that are without bias for unequal sizes too.
    pub icc1_k0: Option<f64>,
    /// ICC(2), `(MSB - MSW) / MSB`: the reliability of the means of units, the figure to look at before comparing schools. `None` if the
    /// means do not vary.
    pub icc2: Option<f64>,
}

/// Analysis of variance from the number, mean and variance of each unit; a unit of one person has no variance.
///
/// `MSB = sum n_j (mean_j - mean)^2 / (J - 1)` and `MSW = sum (n_j - 1) s_j^2 / (N - J)`, with `mean` that of all persons; `F`
/// is their ratio. Units of nobody do not count. Sources: Bliese (2000) in Klein and Kozlowski (eds.), Multilevel Theory,
/// Research, and Methods in Organizations, for the intraclass correlations; Searle, Casella and McCulloch (1992), Variance
/// Components, 3.6, for `k0`.
///
/// # Errors
/// [`UnitsUndefined::TooFewUnits`] for fewer than two units with persons, [`UnitsUndefined::NoReplication`] if none has two,
/// [`UnitsUndefined::NoKnownVariance`] for a mean or variance that is not a number.
///
/// ```
/// use survey_engine::multilevel::one_way_anova;
/// use survey_engine::stats::Moments;
/// let units = [
///     Moments { n: 2, mean: 1.0, variance: Some(2.0) },
///     Moments { n: 2, mean: 5.0, variance: Some(2.0) },
/// ];
/// let found = one_way_anova(&units)?;
/// assert_eq!((found.ms_between, found.ms_within, found.f), (16.0, 2.0, Some(8.0)));
/// assert_eq!((found.icc1, found.icc2), (Some(14.0 / 18.0), Some(14.0 / 16.0)));
/// assert!((found.p.unwrap().value() - 0.105_572_809_000_084).abs() < 1e-12);
/// # Ok::<(), survey_engine::multilevel::UnitsUndefined>(())
/// ```
pub fn one_way_anova(units: &[Moments]) -> Result<Anova, UnitsUndefined> {
    let sums = Sums::of(units)?;
    let (between, within) = (sums.ms_between(), sums.ms_within());
    let count = sums.units as f64;
    let persons = sums.n as f64;
    let mean_unit_size = persons / count;
    let f = (within > 0.0).then(|| between / within);
    let p = f.and_then(|f| fisher_upper(f, count - 1.0, persons - count));
    let icc1 = |size: f64| {
        let spread = between + (size - 1.0) * within;
        (spread > 0.0).then(|| (between - within) / spread)
    };
    Ok(Anova {
        n: sums.n,
        units: sums.units,
        mean_unit_size,
        k0: sums.k0,
        ms_between: between,
        ms_within: within,
        f,
        p: p.and_then(Probability::clamped),
        icc1: icc1(mean_unit_size),
        icc1_k0: icc1(sums.k0),
        icc2: (between > 0.0).then(|| (between - within) / between),
    })
}
