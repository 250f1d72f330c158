//! Means of a weighted sample.

use serde::Serialize;

use super::design::WeightedMoments;
use super::linearise::{Influence, variance};
use super::sample::check;
use super::{DesignProblem, FinitePopulation, Kish, Part};

/// Passes of the projection; it converges as fast as the raking did.
const PASSES: u32 = 20_000;

/// Weights that meet the numbers of the population; from [`post_stratify`](super::post_stratify) or [`rake`](super::rake).
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// By cell: what design weights are multiplied by.
    factors: Vec<f64>,
    /// By cell: sum of the design weights.
    base: Vec<f64>,
    /// By margin, by cell: the level.
    levels: Vec<Vec<usize>>,
}

/// A mean of a weighted sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WeightedMean {
    /// Persons in the sample.
    pub n: u64,
    /// Persons with an answer.
    pub answered: u64,
    /// Weighted mean of the answers.
    pub mean: f64,
    /// Its linearised standard error.
    pub standard_error: f64,
    /// Mean of the answers without any weights.
    pub unweighted_mean: f64,
}

impl Calibration {
    pub(super) fn new(factors: Vec<f64>, base: Vec<f64>, levels: Vec<Vec<usize>>) -> Self {
        Self {
            factors,
            base,
            levels,
        }
    }

    /// What the design weights of the persons of a cell are multiplied by; `None` for a cell without persons in the sample.
    ///
    /// ```
    /// # use survey_engine::weighting::{Part, ValueSums, post_stratify};
    /// # let part = |cell, values: &[f64]| Part { stratum: 0, cluster: None, cell, weight: 1.0, values: ValueSums::of(values.iter().copied().map(Some)) };
    /// let sample = [part(0, &[4.0, 4.0]), part(1, &[2.0, 2.0])];
    /// let weights = post_stratify(&sample, &[30.0, 10.0]).unwrap();
    /// assert_eq!((weights.factor(0), weights.factor(2)), (Some(15.0), None));
    /// ```
    #[must_use]
    pub fn factor(&self, cell: usize) -> Option<f64> {
        self.base.get(cell).filter(|base| **base > 0.0)?;
        self.factors.get(cell).copied()
    }

    /// Weight of each person of a part; `None` for a cell that was not there.
    ///
    /// ```
    /// # use survey_engine::weighting::{Part, ValueSums, post_stratify};
    /// # let part = |cell, values: &[f64]| Part { stratum: 0, cluster: None, cell, weight: 1.0, values: ValueSums::of(values.iter().copied().map(Some)) };
    /// let sample = [part(0, &[4.0, 4.0]), part(1, &[2.0, 2.0])];
    /// let weights = post_stratify(&sample, &[30.0, 10.0]).unwrap();
    /// assert_eq!(weights.weight(&sample[1]), Some(5.0));
    /// ```
    #[must_use]
    pub fn weight(&self, part: &Part) -> Option<f64> {
        Some(part.weight * self.factor(part.cell)?)
    }

    /// What the weights cost; `None` for parts of cells that were not there, or without persons. See [`Kish`] for the formula.
    ///
    /// ```
    /// # use survey_engine::weighting::{Part, ValueSums, post_stratify};
    /// # let part = |cell, values: &[f64]| Part { stratum: 0, cluster: None, cell, weight: 1.0, values: ValueSums::of(values.iter().copied().map(Some)) };
    /// let sample = [part(0, &[4.0, 4.0]), part(1, &[2.0, 2.0])];
    /// let weights = post_stratify(&sample, &[30.0, 10.0]).unwrap();
    /// assert_eq!(weights.kish(&sample).map(|kish| kish.deff), Some(1.25));
    /// ```
    #[must_use]
    pub fn kish(&self, parts: &[Part]) -> Option<Kish> {
        let weights = parts.iter().filter(|part| part.values.persons > 0);
        let weights = weights.map(|part| Some((self.weight(part)?, part.values.persons)));
        Kish::of(weights.collect::<Option<Vec<_>>>()?)
    }

    /// Weighted mean of a variable over the persons the weights were made for.
    ///
    /// `mean = sum w y / sum w` over the answers. The standard error is linearised: what a person adds is
    /// `w (e - fit)` with `e = (y - mean) / sum w` (0 without an answer) and `fit` the regression of `e`, with the design weights, on
    /// the cells or on the levels of all margins; then the variance of the sum by the design, as in
    /// [`design_mean`](super::design_mean). What the cells or margins explain does not vary any more: that is what weights gain.
    /// The same as R's survey package. Sources: Valliant (1993), Journal of the American Statistical Association 88; Deville,
    /// Särndal and Sautory (1993), the same 88; Lumley (2010), Complex Surveys.
    ///
    /// # Errors
    /// [`DesignProblem::BadWeight`] for a weight that is not positive or sums that are not numbers, [`DesignProblem::Shape`]
    /// for a part whose cell was not there or whose stratum is not in `strata`, [`DesignProblem::NoAnswers`] without any
    /// answer, [`DesignProblem::MixedUnits`], [`DesignProblem::SingleUnit`] and [`DesignProblem::PopulationTooSmall`] by the
    /// design, [`DesignProblem::NotConverged`] if the regression on margins does not settle.
    ///
    /// ```
    /// use survey_engine::weighting::{FinitePopulation, Part, ValueSums, post_stratify};
    /// let cell = |cell, values: &[f64]| Part {
    ///     stratum: 0, cluster: None, cell, weight: 1.0,
    ///     values: ValueSums::of(values.iter().copied().map(Some)),
    /// };
    /// // Everybody of a cell says the same: the weighted mean is certain.
    /// let sample = [cell(0, &[4.0, 4.0]), cell(1, &[2.0, 2.0, 2.0])];
    /// let mean = post_stratify(&sample, &[30.0, 10.0])?.mean(&sample, &[FinitePopulation::Unlimited])?;
    /// assert!((mean.mean - 3.5).abs() < 1e-12 && mean.standard_error < 1e-12 && mean.unweighted_mean == 2.8);
    /// # Ok::<(), survey_engine::weighting::DesignProblem>(())
    /// ```
    pub fn mean(
        &self,
        parts: &[Part],
        strata: &[FinitePopulation],
    ) -> Result<WeightedMean, DesignProblem> {
        check(parts)?;
        let present: Vec<Part> = parts
            .iter()
            .filter(|part| part.values.persons > 0)
            .copied()
            .collect();
        let weights: Option<Vec<f64>> = present.iter().map(|part| self.weight(part)).collect();
        let weights = weights.ok_or(DesignProblem::Shape)?;
        let moments = WeightedMoments::of(weights.iter().copied().zip(&present))?;
        let (total, mean) = (moments.weight, moments.mean);
        let mut sums = vec![0.0; self.base.len()];
        for part in &present {
            let values = &part.values;
            if let Some(sum) = sums.get_mut(part.cell) {
                let residual = values.sum - values.answered as f64 * mean;
                *sum += part.weight * residual / total;
            }
        }
        let fits = self.project(&sums).ok_or(DesignProblem::NotConverged)?;
        let influences = present.iter().zip(&weights).map(|(part, weight)| {
            let fit = fits.get(part.cell).copied().unwrap_or_default();
            Influence {
                base: weight * (-mean / total - fit),
                slope: weight / total,
                missing: -weight * fit,
            }
        });
        let (v, _) = variance(&present, strata, influences)?;
        let sum: f64 = present.iter().map(|part| part.values.sum).sum();
        Ok(WeightedMean {
            n: present.iter().map(|part| part.values.persons).sum(),
            answered: moments.answered,
            mean,
            standard_error: v.sqrt(),
            unweighted_mean: sum / moments.answered as f64,
        })
    }

    /// Fitted values of the additive regression on the levels of all margins, by cell; `sums` are the weighted sums of the
    /// dependent variable. Solved margin by margin in turn, which needs no care for margins that say the same.
    fn project(&self, sums: &[f64]) -> Option<Vec<f64>> {
        let mut fits = vec![0.0; self.base.len()];
        let mut largest = 0.0_f64;
        for _ in 0..PASSES {
            let mut moved = 0.0_f64;
            for levels in &self.levels {
                let steps = self.steps(sums, &fits, levels);
                for (fit, level) in fits.iter_mut().zip(levels) {
                    let step = steps.get(*level).copied().unwrap_or_default();
                    *fit += step;
                    moved = moved.max(step.abs());
                    largest = largest.max(fit.abs());
                }
            }
            if self.levels.len() == 1 || moved <= 1e-13 * largest {
                return Some(fits);
            }
        }
        None
    }

    /// Mean of what is not fitted yet, by level.
    fn steps(&self, sums: &[f64], fits: &[f64], levels: &[usize]) -> Vec<f64> {
        let count = levels.iter().max().map_or(0, |last| last + 1);
        let mut totals = vec![(0.0, 0.0); count];
        for (((sum, base), fit), level) in sums.iter().zip(&self.base).zip(fits).zip(levels) {
            if let Some((rest, weight)) = totals.get_mut(*level) {
                *rest += sum - base * fit;
                *weight += base;
            }
        }
        let mean = |(rest, weight)| if weight > 0.0 { rest / weight } else { 0.0 };
        totals.into_iter().map(mean).collect()
    }
}
