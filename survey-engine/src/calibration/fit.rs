//! How well items follow the model.

use serde::Serialize;

use crate::scoring::RawScore;
use crate::stats::Moments;
use crate::tally::ScoreCells;

use super::thresholds::Response;
use super::{ScoreTable, Thresholds, score_table};

/// How well the items of a scale follow the model.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScaleFit {
    /// Persons with a raw score between the lowest and the highest.
    pub n: u64,
    /// One entry per item.
    pub items: Vec<ItemFit>,
    /// Person separation reliability of the maximum likelihood estimates of these persons; `None` where they do not differ.
    pub separation_reliability: Option<f64>,
}

/// Mean squares: 1 is expected, less is more regular than the model (a redundant item), more is noise (an item about something
/// else). For rating scales 0.6 to 1.4 is usual. Source: Wright and Linacre (1994), Rasch Measurement Transactions 8.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ItemFit {
    /// Mean of the squared standardised residuals: sensitive to surprising answers of persons far from the item.
    pub outfit: f64,
    /// Sum of squared residuals over the sum of variances: sensitive to persons near the item.
    pub infit: f64,
    /// Outfit as a standard normal deviate (Wilson-Hilferty); `None` where it has no variance. Means little beyond 1000 persons.
    pub outfit_z: Option<f64>,
    /// Infit as a standard normal deviate (Wilson-Hilferty); `None` where it has no variance.
    pub infit_z: Option<f64>,
}

/// Why there is no item fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FitUndefined {
    /// The thresholds are those of another scale, or of recoded answers.
    #[error("the thresholds do not go with the answers")]
    Shape,
    /// Everybody has the lowest or the highest raw score, or there is nobody.
    #[error("nobody has a score between the lowest and the highest possible one")]
    TooFewPersons,
}

/// Outfit and infit of each item from answers by raw score, item and category.
///
/// With `E`, `V` and `C4` the mean, variance and fourth central moment of the answer at the maximum likelihood estimate of the
/// person's raw score, over the `N` persons without the lowest or the highest one: `outfit = sum (x - E)^2 / V / N`,
/// `infit = sum (x - E)^2 / sum V`. The deviates are `(MNSQ^(1/3) - 1) 3 / q + q / 3` with `q^2 = sum (C4 / V^2) / N^2 - 1 / N`
/// and `q^2 = sum (C4 - V^2) / (sum V)^2`. The reliability is `(var - mse) / var` of the maximum likelihood estimates of these
/// persons, with `var` of divisor `N - 1` and `mse` the mean of `1 / I`. Who left an item out does not count. Sources: Wright
/// and Masters (1982), Rating Scale Analysis, ch. 5; the R package eRm (Mair, Hatzinger and Maier).
///
/// # Errors
/// [`FitUndefined::Shape`] for thresholds of another scale or of recoded answers, [`FitUndefined::TooFewPersons`] if nobody has
/// a raw score between the lowest and the highest.
///
/// ```
/// use survey_engine::calibration::{Thresholds, item_fit};
/// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
/// use survey_engine::tally::Tally;
/// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 2, lowest: 0 };
/// let members = (0..3).map(|item| Member { item, reversed: false }).collect();
/// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
/// let blueprint = Blueprint::new(3, vec![item("a", 0), item("b", 1), item("c", 2)], vec![scale])?;
/// let mut tally = Tally::new(&blueprint);
/// for answers in [[2, 1, 1], [2, 1, 1], [1, 1, 2], [2, 2, 1], [2, 2, 2]] {
///     tally.add(&blueprint, &answers)?;
/// }
/// let thresholds = Thresholds::new(vec![vec![-1.0], vec![0.0], vec![1.0]])?;
/// let fit = item_fit(&thresholds, tally.scales()[0].cells().unwrap())?;
/// assert_eq!(fit.n, 4);
/// // Nobody was surprised by the second item.
/// assert!(fit.items[1].outfit < 1.0 && fit.items[2].outfit > 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn item_fit(thresholds: &Thresholds, cells: ScoreCells<'_>) -> Result<ScaleFit, FitUndefined> {
    let items = thresholds.items();
    let same = |item: &Vec<f64>| item.len() + 1 == cells.categories();
    if items.len() != cells.items() || !items.iter().all(same) {
        return Err(FitUndefined::Shape);
    }
    fit(thresholds, |score, item| cells.row(score, item))
}

/// [`item_fit`] for answers that were counted otherwise, as after [recoding](super::Downcoding): `counts[r][i][x]` persons with raw
/// score `r` gave item `i` the category `x`.
///
/// Formulas and sources are those of [`item_fit`].
///
/// # Errors
/// [`FitUndefined::Shape`] unless there is a row for each raw score, in it an entry for each item, in it a count for each
/// category, and the same number of persons for all items of a row; [`FitUndefined::TooFewPersons`] as there.
///
/// ```
/// use survey_engine::calibration::{Thresholds, item_fit_of_counts};
/// let thresholds = Thresholds::new(vec![vec![0.0], vec![0.0]])?;
/// let counts = vec![vec![vec![5, 0], vec![5, 0]], vec![vec![4, 6], vec![6, 4]], vec![vec![0, 3], vec![0, 3]]];
/// let fit = item_fit_of_counts(&thresholds, &counts)?;
/// assert_eq!(fit.n, 10);
/// assert!((fit.items[0].outfit - 1.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn item_fit_of_counts(
    thresholds: &Thresholds,
    counts: &[Vec<Vec<u64>>],
) -> Result<ScaleFit, FitUndefined> {
    let items = thresholds.items();
    let fits = |row: &Vec<Vec<u64>>| {
        let mut pairs = row.iter().zip(items);
        let persons = |item: &Vec<u64>| item.iter().sum::<u64>();
        let first = row.first().map(persons);
        row.len() == items.len()
            && pairs.all(|(item, own)| item.len() == own.len() + 1 && Some(persons(item)) == first)
    };
    if counts.len() != thresholds.highest().place() + 1 || !counts.iter().all(fits) {
        return Err(FitUndefined::Shape);
    }
    fit(thresholds, |score, item| {
        let row = counts.get(score.place()).and_then(|row| row.get(item));
        row.map_or(&[], Vec::as_slice)
    })
}

/// Sums over persons for one item.
#[derive(Debug, Clone, Copy, Default)]
struct Residuals {
    squared: f64,
    standardised: f64,
    variance: f64,
    /// Sum of `C4 / V^2`.
    kurtosis: f64,
    /// Sum of `C4 - V^2`.
    excess: f64,
}

fn fit<'a>(
    thresholds: &Thresholds,
    row: impl Fn(RawScore, usize) -> &'a [u64],
) -> Result<ScaleFit, FitUndefined> {
    let table = score_table(thresholds);
    let mut sums = vec![Residuals::default(); thresholds.items().len()];
    let mut scores = vec![0; table.rows().len()];
    let rows = table.rows().iter().zip(&mut scores);
    for (score, (estimate, count)) in thresholds.highest().and_below().zip(rows) {
        let Some(theta) = estimate.mle else { continue };
        *count = row(score, 0).iter().sum();
        if *count == 0 {
            continue;
        }
        for (item, (sums, response)) in sums.iter_mut().zip(thresholds.responses(theta)).enumerate()
        {
            sums.add(&response, row(score, item), *count as f64);
        }
    }
    let n: u64 = scores.iter().sum();
    if n == 0 {
        return Err(FitUndefined::TooFewPersons);
    }
    Ok(ScaleFit {
        n,
        items: sums.iter().map(|sums| sums.fit(n as f64)).collect(),
        separation_reliability: mle_reliability(thresholds, &table, &scores),
    })
}

impl Residuals {
    fn add(&mut self, response: &Response, answers: &[u64], persons: f64) {
        let Response {
            mean,
            variance,
            fourth,
            ..
        } = *response;
        let steps = (0_u32..).map(f64::from);
        let residuals = steps
            .zip(answers)
            .map(|(step, count)| (step - mean).powi(2) * *count as f64);
        let squared: f64 = residuals.sum();
        self.squared += squared;
        self.standardised += squared / variance;
        self.variance += persons * variance;
        self.kurtosis += persons * fourth / (variance * variance);
        self.excess += persons * (fourth - variance * variance);
    }

    fn fit(&self, n: f64) -> ItemFit {
        let outfit = self.standardised / n;
        let infit = self.squared / self.variance;
        ItemFit {
            outfit,
            infit,
            outfit_z: deviate(outfit, self.kurtosis / n - 1.0, n),
            infit_z: deviate(infit, n * self.excess / (self.variance * self.variance), n),
        }
    }
}

/// Wilson and Hilferty's (1931) cube root of a mean square with variance `square / n`.
fn deviate(mean_square: f64, square: f64, n: f64) -> Option<f64> {
    // What rounding leaves of nothing is not a variance.
    let q = (square > 1e-12).then(|| (square / n).sqrt())?;
    Some((mean_square.cbrt() - 1.0) * 3.0 / q + q / 3.0)
}

fn mle_reliability(thresholds: &Thresholds, table: &ScoreTable, scores: &[u64]) -> Option<f64> {
    let estimated = || {
        let rows = table.rows().iter().zip(scores);
        rows.filter_map(|(row, count)| Some((row.mle?, *count)))
    };
    let moments = Moments::of(estimated())?;
    let squared = estimated()
        .filter(|(_, count)| *count > 0)
        .map(|(theta, count)| {
            let information: f64 = thresholds.responses(theta).map(|r| r.variance).sum();
            count as f64 / information
        });
    let mean_squared_error = squared.sum::<f64>() / moments.n as f64;
    let variance = moments.variance.filter(|variance| *variance > 0.0)?;
    Some((variance - mean_squared_error) / variance)
}
