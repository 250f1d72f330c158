//! Weights from what the register says.

use super::sample::check;
use super::{Calibration, DesignProblem, Part};

/// Largest relative error of a margin that raking leaves.
pub const CONVERGENCE: f64 = 1e-10;

/// Cycles after which raking gives up.
const CYCLES: u32 = 20_000;

/// Weights that give every cell its number of persons in the population.
///
/// Each person of a cell gets the design weight times `N_h / sum d` over the persons of the cell in the sample, `N_h / n_h` where
/// design weights are equal. `population` has the persons of each cell; a cell without population and without sample may be 0.
/// Persons whose cell is not known must be left out. Source: Holt and Smith (1979), Journal of the Royal Statistical Society A 142.
///
/// # Errors
/// As [`rake`], with the cells as the one margin: of these [`DesignProblem::EmptyLevel`] for a cell with persons in the
/// population and none in the sample, and [`DesignProblem::UnknownLevel`] for the opposite, are the usual ones.
///
/// ```
/// use survey_engine::weighting::{FinitePopulation, Part, ValueSums, post_stratify};
/// let cell = |cell, values: &[f64]| Part {
///     stratum: 0, cluster: None, cell, weight: 1.0,
///     values: ValueSums::of(values.iter().copied().map(Some)),
/// };
/// // Three of 30 girls and two of 40 boys answered.
/// let sample = [cell(0, &[4.0, 5.0, 3.0]), cell(1, &[2.0, 4.0])];
/// let calibration = post_stratify(&sample, &[30.0, 40.0])?;
/// assert_eq!((calibration.factor(0), calibration.factor(1)), (Some(10.0), Some(20.0)));
/// let mean = calibration.mean(&sample, &[FinitePopulation::Units(70)])?;
/// assert!((mean.mean - (30.0 * 4.0 + 40.0 * 3.0) / 70.0).abs() < 1e-12);
/// # Ok::<(), survey_engine::weighting::DesignProblem>(())
/// ```
pub fn post_stratify(parts: &[Part], population: &[f64]) -> Result<Calibration, DesignProblem> {
    let cells: Vec<Vec<usize>> = (0..population.len()).map(|cell| vec![cell]).collect();
    rake(parts, &cells, &[population.to_vec()])
}

/// Weights that give every margin its numbers of persons in the population, by cyclic scaling.
///
/// Design weights are multiplied in turn by what each level of a margin lacks, until no margin is off by more than a share of
/// [`CONVERGENCE`]. `cells` has for each cell its level of each margin; `margins` has for each margin the persons of its levels. All
/// margins have the same total. Sources: Deming and Stephan (1940), Annals of Mathematical Statistics 11; Deville and Särndal
/// (1992), Journal of the American Statistical Association 87.
///
/// # Errors
/// [`DesignProblem::BadWeight`] for a weight or a number of persons that is not a number or negative, [`DesignProblem::Shape`]
/// for a cell or level that is not there, [`DesignProblem::NoAnswers`] without margins or without persons in the sample,
/// [`DesignProblem::EmptyLevel`] and [`DesignProblem::UnknownLevel`] where sample and population do not have the same levels,
/// [`DesignProblem::TotalsDiffer`] for margins of different totals, [`DesignProblem::NotConverged`] if no weights meet all
/// margins.
///
/// ```
/// use survey_engine::weighting::{Part, ValueSums, rake};
/// let cell = |cell, persons| Part {
///     stratum: 0, cluster: None, cell, weight: 1.0,
///     values: ValueSums { persons, ..ValueSums::default() },
/// };
/// // Boys and girls in the lower and the upper years.
/// let sample = [cell(0, 10), cell(1, 20), cell(2, 30), cell(3, 20)];
/// let cells = [vec![0, 0], vec![0, 1], vec![1, 0], vec![1, 1]];
/// let calibration = rake(&sample, &cells, &[vec![50.0, 50.0], vec![40.0, 60.0]])?;
/// let weight = |cell: usize| calibration.factor(cell).unwrap();
/// assert!((10.0 * weight(0) + 20.0 * weight(1) - 50.0).abs() < 1e-8);
/// assert!((10.0 * weight(0) + 30.0 * weight(2) - 40.0).abs() < 1e-8);
/// # Ok::<(), survey_engine::weighting::DesignProblem>(())
/// ```
pub fn rake(
    parts: &[Part],
    cells: &[Vec<usize>],
    margins: &[Vec<f64>],
) -> Result<Calibration, DesignProblem> {
    check(parts)?;
    let mut base = vec![0.0; cells.len()];
    for part in parts {
        let total = base.get_mut(part.cell).ok_or(DesignProblem::Shape)?;
        *total += part.weight * part.values.persons as f64;
    }
    check_margins(&base, cells, margins)?;
    let levels: Vec<Vec<usize>> = (0..margins.len())
        .map(|margin| {
            let level = |cell: &Vec<usize>| cell.get(margin).copied();
            cells.iter().map(level).collect()
        })
        .collect::<Option<_>>()
        .ok_or(DesignProblem::Shape)?;
    let mut factors = vec![1.0; cells.len()];
    for _ in 0..CYCLES {
        for (levels, population) in levels.iter().zip(margins) {
            let lacking = lacking(&base, &factors, levels, population);
            for (factor, level) in factors.iter_mut().zip(levels) {
                *factor *= lacking.get(*level).copied().unwrap_or(1.0);
            }
        }
        let worst = levels.iter().zip(margins).flat_map(|(levels, population)| {
            let lacking = lacking(&base, &factors, levels, population);
            lacking.into_iter().map(|share| (share - 1.0).abs())
        });
        let worst = worst.fold(0.0, f64::max);
        if !worst.is_finite() {
            break;
        }
        if worst < CONVERGENCE {
            return Ok(Calibration::new(factors, base, levels));
        }
    }
    Err(DesignProblem::NotConverged)
}

/// Sums of `weights` times `factors` over the cells of each level.
fn level_sums(base: &[f64], factors: &[f64], levels: &[usize], count: usize) -> Vec<f64> {
    let mut sums = vec![0.0; count];
    for ((weight, factor), level) in base.iter().zip(factors).zip(levels) {
        if let Some(sum) = sums.get_mut(*level) {
            *sum += weight * factor;
        }
    }
    sums
}

/// What the weights of each level have to be multiplied by; 1 for a level that is empty on both sides.
fn lacking(base: &[f64], factors: &[f64], levels: &[usize], population: &[f64]) -> Vec<f64> {
    let sums = level_sums(base, factors, levels, population.len());
    let each = sums.iter().zip(population);
    each.map(|(sum, wanted)| if *wanted > 0.0 { wanted / sum } else { 1.0 })
        .collect()
}

fn check_margins(
    base: &[f64],
    cells: &[Vec<usize>],
    margins: &[Vec<f64>],
) -> Result<(), DesignProblem> {
    if margins.is_empty() || base.iter().all(|total| *total == 0.0) {
        return Err(DesignProblem::NoAnswers);
    }
    let mut totals = Vec::new();
    for (margin, population) in margins.iter().enumerate() {
        let mut sample = vec![0.0; population.len()];
        for (cell, total) in cells.iter().zip(base) {
            let level = cell.get(margin).and_then(|level| sample.get_mut(*level));
            *level.ok_or(DesignProblem::Shape)? += total;
        }
        for (level, (wanted, sample)) in population.iter().zip(&sample).enumerate() {
            if !(wanted.is_finite() && *wanted >= 0.0) {
                return Err(DesignProblem::BadWeight);
            }
            if *wanted > 0.0 && *sample == 0.0 {
                return Err(DesignProblem::EmptyLevel { margin, level });
            }
            if *wanted == 0.0 && *sample > 0.0 {
                return Err(DesignProblem::UnknownLevel { margin, level });
            }
        }
        totals.push(population.iter().sum::<f64>());
    }
    let largest = totals.iter().copied().fold(0.0, f64::max);
    if totals
        .iter()
        .any(|total| largest - total > CONVERGENCE * largest)
    {
        return Err(DesignProblem::TotalsDiffer);
    }
    Ok(())
}
