//! Shrinkage of the means of units from persons.

use std::f64::consts::PI;

use serde::Serialize;

use super::anova::Sums;
use super::search::lowest;
use super::weighted::Weighted;
use super::{ShrunkUnit, UnitsUndefined};
use crate::stats::Moments;

/// Units whose true means vary around `mu` with variance `tau2`, and persons around them with variance `sigma2`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RandomIntercept {
    /// Persons.
    pub n: u64,
    /// Mean of the units, each weighted by how precisely it is known: `1 / (tau2 + sigma2 / n_j)`.
    pub mu: f64,
    /// Its standard error.
    pub mu_standard_error: f64,
    /// Variance of the true means of units.
    pub tau2: f64,
    /// Variance of persons within units.
    pub sigma2: f64,
    /// Whether `tau2` is 0: the data show no differences between units beyond chance, and every estimate is `mu`. That is to be told,
    /// not shown as if the units had been found equal.
    pub no_differences_found: bool,
    /// The restricted log-likelihood, if that was maximised.
    pub log_likelihood: Option<f64>,
    /// The units, in the order given.
    pub units: Vec<ShrunkUnit>,
}

impl RandomIntercept {
    /// `tau2 / (tau2 + sigma2)`: the share of a person's score that is due to the unit.
    ///
    /// ```
    /// use survey_engine::multilevel::random_intercept_moments;
    /// use survey_engine::stats::Moments;
    /// let unit = |mean| Moments { n: 10, mean, variance: Some(1.0) };
    /// let model = random_intercept_moments(&[unit(2.0), unit(3.0), unit(4.0)])?;
    /// assert!((model.intraclass_correlation() - 0.9 / 1.9).abs() < 1e-15);
    /// # Ok::<(), survey_engine::multilevel::UnitsUndefined>(())
    /// ```
    #[must_use]
    pub fn intraclass_correlation(&self) -> f64 {
        self.tau2 / (self.tau2 + self.sigma2)
    }

    fn of(units: &[Moments], n: u64, tau2: f64, sigma2: f64) -> Self {
        let precision = |unit: &&Moments| {
            let persons = unit.n as f64;
            persons / (persons * tau2 + sigma2)
        };
        let present = units.iter().filter(|unit| unit.n > 0);
        let total: f64 = present.clone().map(|unit| precision(&unit)).sum();
        let weighted = present.map(|unit| precision(&unit) * unit.mean);
        let mu = weighted.sum::<f64>() / total;
        let shrunk = |unit: &Moments| {
            let persons = unit.n as f64;
            let reliability = persons * tau2 / (persons * tau2 + sigma2);
            let mean = (unit.n > 0).then_some(unit.mean);
            let conditional = tau2 * (1.0 - reliability);
            ShrunkUnit {
                n: unit.n,
                mean,
                reliability,
                estimate: mu + reliability * (mean.unwrap_or(mu) - mu),
                conditional_standard_error: conditional.sqrt(),
                standard_error: (conditional + (1.0 - reliability).powi(2) / total).sqrt(),
            }
        };
        Self {
            n,
            mu,
            mu_standard_error: total.recip().sqrt(),
            tau2,
            sigma2,
            no_differences_found: tau2 <= 0.0,
            log_likelihood: None,
            units: units.iter().map(shrunk).collect(),
        }
    }
}

/// The variances from the analysis of variance: `sigma2 = MSW`, `tau2 = (MSB - MSW) / k0`, 0 if that is negative.
///
/// Units and their mean as [`ShrunkUnit`] says; a unit of nobody has the mean of all for its estimate and does not count.
/// Simple and exact for units of equal size; [`random_intercept_reml`] uses unequal sizes better. Source: Searle, Casella and
/// McCulloch (1992), Variance Components, 3.6.
///
/// # Errors
/// As [`one_way_anova`](super::one_way_anova), and [`UnitsUndefined::NoVarianceWithin`] if persons of the same unit are all
/// alike.
///
/// ```
/// use survey_engine::multilevel::random_intercept_moments;
/// use survey_engine::stats::Moments;
/// let unit = |mean| Moments { n: 10, mean, variance: Some(1.0) };
/// let model = random_intercept_moments(&[unit(2.0), unit(3.0), unit(4.0)])?;
/// assert!((model.tau2 - 0.9).abs() < 1e-15);
/// // A mean of 2 is moved by a tenth of its distance from 3.
/// assert!((model.units[0].estimate - 2.1).abs() < 1e-15);
/// # Ok::<(), survey_engine::multilevel::UnitsUndefined>(())
/// ```
pub fn random_intercept_moments(units: &[Moments]) -> Result<RandomIntercept, UnitsUndefined> {
    let sums = Sums::of(units)?;
    let sigma2 = sums.ms_within();
    if sigma2 <= 0.0 {
        return Err(UnitsUndefined::NoVarianceWithin);
    }
    let tau2 = ((sums.ms_between() - sigma2) / sums.k0).max(0.0);
    Ok(RandomIntercept::of(units, sums.n, tau2, sigma2))
}

/// The variances that maximise the restricted likelihood, from the number, mean and variance of each unit alone.
///
/// With `g = tau2 / sigma2`, `w_j = n_j / (1 + g n_j)` and `Q = sum SS_j + sum w_j (mean_j - mu)^2`, minus twice the logarithm
/// is `(N - 1) (ln(2 pi Q / (N - 1)) + 1) + sum ln(1 + g n_j) + ln sum w_j`, minimised over `g >= 0`. Units and their mean as
/// [`ShrunkUnit`] says; a unit of nobody has the mean of all for its estimate and does not count. Condition on the group and
/// type of school by giving only units of one kind. Sources: Patterson and Thompson (1971), Biometrika 58; Efron and Morris
/// (1975), JASA 70, for the shrinkage.
///
/// # Errors
/// As [`random_intercept_moments`], and [`UnitsUndefined::NoConvergence`] if the search for `g` does not end.
///
/// ```
/// use survey_engine::multilevel::random_intercept_reml;
/// use survey_engine::stats::Moments;
/// let unit = |mean| Moments { n: 10, mean, variance: Some(1.0) };
/// // Units of equal size: as from the analysis of variance.
/// let model = random_intercept_reml(&[unit(2.0), unit(3.0), unit(4.0)])?;
/// assert!((model.tau2 - 0.9).abs() < 1e-12);
/// // Means closer together than chance would have them.
/// let alike = random_intercept_reml(&[unit(3.0), unit(3.1), unit(3.2)])?;
/// assert!(alike.no_differences_found && alike.units[0].estimate == alike.mu);
/// # Ok::<(), survey_engine::multilevel::UnitsUndefined>(())
/// ```
pub fn random_intercept_reml(units: &[Moments]) -> Result<RandomIntercept, UnitsUndefined> {
    let sums = Sums::of(units)?;
    if sums.within <= 0.0 {
        return Err(UnitsUndefined::NoVarianceWithin);
    }
    let likelihood = Likelihood::of(units, &sums);
    let scale = sums.units as f64 / sums.n as f64;
    let ratio = lowest(
        |ratio| likelihood.slope(ratio),
        |ratio| likelihood.deviance(ratio),
        scale,
    );
    let ratio = ratio.ok_or(UnitsUndefined::NoConvergence)?;
    let sigma2 = likelihood.squares(&likelihood.at(ratio)) / likelihood.degrees;
    Ok(RandomIntercept {
        log_likelihood: Some(-0.5 * likelihood.deviance(ratio)),
        ..RandomIntercept::of(units, sums.n, ratio * sigma2, sigma2)
    })
}

struct Likelihood {
    /// Size, and distance of the mean from that of all persons: `mu` is then small, and nothing cancels.
    units: Vec<(f64, f64)>,
    within: f64,
    degrees: f64,
}

impl Likelihood {
    fn of(units: &[Moments], sums: &Sums) -> Self {
        let present = units.iter().filter(|unit| unit.n > 0);
        Self {
            units: present
                .map(|unit| (unit.n as f64, unit.mean - sums.mean))
                .collect(),
            within: sums.within,
            degrees: (sums.n - 1) as f64,
        }
    }

    fn at(&self, ratio: f64) -> Weighted {
        let units = self.units.iter();
        Weighted::of(units.map(|(n, mean)| (n / (1.0 + ratio * n), *mean)))
    }

    /// `Q`.
    fn squares(&self, at: &Weighted) -> f64 {
        self.within + at.spread
    }

    /// Derivative of the deviance by the ratio.
    fn slope(&self, ratio: f64) -> f64 {
        let at = self.at(ratio);
        at.weight - at.squared / at.weight - self.degrees * at.leverage / self.squares(&at)
    }

    /// Minus twice the restricted log-likelihood.
    fn deviance(&self, ratio: f64) -> f64 {
        let at = self.at(ratio);
        let sizes = self.units.iter().map(|(n, _)| (ratio * n).ln_1p());
        self.degrees * ((2.0 * PI * self.squares(&at) / self.degrees).ln() + 1.0)
            + sizes.sum::<f64>()
            + at.weight.ln()
    }
}
