//! Means by the design of a sample alone.

use serde::Serialize;

use super::linearise::{Influence, Sampled, variance};
use super::sample::check;
use super::{DesignProblem, FinitePopulation, Part};
use crate::stats::{Interval, student_width};

/// A mean and a total with what the design says about their precision.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DesignMean {
    /// Persons in the sample.
    pub n: u64,
    /// Persons with an answer.
    pub answered: u64,
    /// Weighted mean of the answers.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Design effect: the variance over that of as many persons drawn one by one with replacement. `None` if nobody differs.
    pub deff: Option<f64>,
    /// Degrees of freedom: sampled units minus strata.
    pub df: u64,
    /// Interval of the mean by Student's t with `df`. `None` without degrees of freedom.
    pub interval: Option<Interval<f64>>,
    /// Weighted sum of the answers.
    pub total: f64,
    /// Its standard error.
    pub total_standard_error: f64,
}

/// Mean and total of a stratified sample of persons or of whole clusters (classes, schools).
///
/// `mean = sum w y / sum w` over the answers, with the linearised standard error: the variance of the sum of
/// `w (y - mean) / sum w` over the sampled units, stratum by stratum, `(1 - f) m / (m - 1) sum (z - mean z)^2`. Persons without
/// an answer have `z = 0` and stay units. `deff = v / (s^2 / n)` with `s^2 = n / (n - 1) sum w (y - mean)^2 / sum w` over the
/// `n` answers. `strata` has an entry per stratum; one that was sampled completely adds no variance. For a confidence outside
/// `0..1` there is no interval. The same as `svymean` and `svytotal` of R's survey package. Sources: Cochran (1977), Sampling
/// Techniques; Lumley (2004), Journal of Statistical Software 9.
///
/// # Errors
/// [`DesignProblem::BadWeight`] for a weight that is not positive or sums that are not numbers, [`DesignProblem::NoAnswers`]
/// without any answer, [`DesignProblem::Shape`] for a stratum that is not in `strata`, [`DesignProblem::MixedUnits`] for a
/// stratum of persons and clusters, [`DesignProblem::SingleUnit`] for one of a single unit out of more,
/// [`DesignProblem::PopulationTooSmall`] for more units than the population has, or a share outside `0..=1`.
///
/// ```
/// use survey_engine::weighting::{FinitePopulation, Part, ValueSums, design_mean};
/// // Two classes out of many, of two and three pupils.
/// let class = |cluster, values: &[f64]| Part {
///     stratum: 0, cluster: Some(cluster), cell: 0, weight: 1.0,
///     values: ValueSums::of(values.iter().copied().map(Some)),
/// };
/// let sample = [class(1, &[4.0, 5.0]), class(2, &[3.0, 3.0, 4.0])];
/// let mean = design_mean(&sample, &[FinitePopulation::Unlimited], 0.95)?;
/// assert!((mean.mean - 3.8).abs() < 1e-12 && (mean.standard_error - 0.56).abs() < 1e-12);
/// assert_eq!(mean.df, 1);
/// # Ok::<(), survey_engine::weighting::DesignProblem>(())
/// ```
pub fn design_mean(
    parts: &[Part],
    strata: &[FinitePopulation],
    confidence: f64,
) -> Result<DesignMean, DesignProblem> {
    check(parts)?;
    let moments = WeightedMoments::of(parts.iter().map(|part| (part.weight, part)))?;
    let WeightedMoments { weight, mean, .. } = moments;
    let of_mean = parts.iter().map(|part| Influence {
        base: -part.weight * mean / weight,
        slope: part.weight / weight,
        missing: 0.0,
    });
    let of_total = parts.iter().map(|part| Influence {
        base: 0.0,
        slope: part.weight,
        missing: 0.0,
    });
    let (
        v,
        Sampled {
            units,
            strata: used,
        },
    ) = variance(parts, strata, of_mean)?;
    let (v_total, _) = variance(parts, strata, of_total)?;
    let df = units.saturating_sub(used);
    let standard_error = v.sqrt();
    let width = student_width(confidence, df as f64);
    let interval = width.map(|t| Interval::about(mean, t * standard_error));
    Ok(DesignMean {
        n: parts.iter().map(|part| part.values.persons).sum(),
        answered: moments.answered,
        mean,
        standard_error,
        deff: moments.simple_variance().map(|simple| v / simple),
        df,
        interval,
        total: weight * mean,
        total_standard_error: v_total.sqrt(),
    })
}

/// Weighted moments of the answers.
pub(super) struct WeightedMoments {
    pub(super) answered: u64,
    /// Sum of the weights of those who answered.
    pub(super) weight: f64,
    pub(super) mean: f64,
    /// Weighted sum of squares about the mean.
    scatter: f64,
}

impl WeightedMoments {
    /// Of parts with the weight of each of their persons.
    pub(super) fn of<'a>(
        parts: impl Iterator<Item = (f64, &'a Part)> + Clone,
    ) -> Result<Self, DesignProblem> {
        let (mut answered, mut weight, mut sum) = (0, 0.0, 0.0);
        for (each, Part { values, .. }) in parts.clone() {
            answered += values.answered;
            weight += each * values.answered as f64;
            sum += each * values.sum;
        }
        if answered == 0 {
            return Err(DesignProblem::NoAnswers);
        }
        let mean = sum / weight;
        let scatter = parts.map(|(each, Part { values, .. })| {
            let n = values.answered as f64;
            let own = values.sum / n.max(1.0);
            each * (values.scatter() + n * (own - mean) * (own - mean))
        });
        Ok(Self {
            answered,
            weight,
            mean,
            scatter: scatter.sum(),
        })
    }

    /// Variance of the mean if the persons had been drawn one by one with replacement; `None` if it is 0 or not defined.
    fn simple_variance(&self) -> Option<f64> {
        let freedom = self.answered.checked_sub(1).filter(|df| *df > 0)?;
        let spread = self.scatter / self.weight;
        // Below it, equal values differ by rounding alone.
        (spread > 1e-24 * self.mean * self.mean).then_some(spread / freedom as f64)
    }
}
