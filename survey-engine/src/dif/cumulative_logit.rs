//! Maximum likelihood of the cumulative logit model on grouped counts.

use super::DifUndefined;
use crate::linear::{Ascent, NoMaximum, Point, Symmetric};

/// Largest number of predictors.
const PREDICTORS: usize = 3;
/// A coefficient of a standardised predictor, or a threshold, beyond which only separation leads.
const DIVERGED: f64 = 30.0;
const ASCENT: Ascent = Ascent {
    longest: f64::INFINITY,
    small: 1e-9,
    mends: false,
};

/// Persons with the same predictors, by category.
pub(super) struct Row {
    pub(super) x: [f64; PREDICTORS],
    pub(super) counts: Vec<f64>,
}

/// A fitted model; predictors it does not have are 0.
pub(super) struct Fit {
    pub(super) log_likelihood: f64,
    pub(super) coefficients: [f64; PREDICTORS],
    pub(super) standard_errors: [f64; PREDICTORS],
}

/// Fits thresholds and the first `predictors` coefficients; the log-likelihood is concave.
pub(super) fn fit(rows: &[Row], predictors: usize) -> Result<Fit, DifUndefined> {
    let categories = rows.first().map_or(0, |row| row.counts.len());
    let mut start = start(rows, categories);
    let boundaries = start.len();
    start.resize(boundaries + predictors, 0.0);
    let maximum = ASCENT
        .maximise(
            start,
            |parameters| evaluate(rows, parameters, boundaries),
            |parameters| parameters.iter().all(|part| part.abs() <= DIVERGED),
        )
        .map_err(reason)?;
    let mut fit = Fit {
        log_likelihood: maximum.value,
        coefficients: [0.0; PREDICTORS],
        standard_errors: [0.0; PREDICTORS],
    };
    let estimates = maximum.at.iter().enumerate().skip(boundaries);
    let places = fit.coefficients.iter_mut().zip(&mut fit.standard_errors);
    for ((at, estimate), (coefficient, error)) in estimates.zip(places) {
        let unit: Vec<f64> = (0..maximum.at.len()).map(|i| f64::from(i == at)).collect();
        *coefficient = *estimate;
        *error = maximum.information.variance(&unit).sqrt();
    }
    Ok(fit)
}

fn reason(stopped: NoMaximum) -> DifUndefined {
    match stopped {
        NoMaximum::Singular | NoMaximum::Outside => DifUndefined::Separated,
        NoMaximum::NotConverged => DifUndefined::NotConverged,
    }
}

/// Logits of the cumulative shares.
fn start(rows: &[Row], categories: usize) -> Vec<f64> {
    let mut totals = vec![0.0; categories];
    for row in rows {
        for (total, count) in totals.iter_mut().zip(&row.counts) {
            *total += count;
        }
    }
    let all: f64 = totals.iter().sum();
    let mut below = 0.0;
    let shares = totals.iter().map(|total| {
        below += total;
        (below / (all - below)).ln()
    });
    shares.take(categories.saturating_sub(1)).collect()
}

/// `None` where the thresholds are out of order or a category that was chosen has no probability.
#[expect(
    clippy::indexing_slicing,
    reason = "all vectors have one entry per boundary, per boundary and predictor, or one per category, which is one more"
)]
fn evaluate(rows: &[Row], parameters: &[f64], boundaries: usize) -> Option<Point> {
    let size = parameters.len();
    let mut point = Point {
        value: 0.0,
        gradient: vec![0.0; size],
        information: Symmetric::zero(size),
    };
    let (thresholds, slopes) = parameters.split_at(boundaries);
    let mut first = vec![0.0; boundaries];
    // Negative second derivatives by a boundary and itself, and by a boundary and the next.
    let mut own = vec![0.0; boundaries];
    let mut next = vec![0.0; boundaries];
    for row in rows {
        let shift: f64 = slopes.iter().zip(&row.x).map(|(b, x)| b * x).sum();
        first.fill(0.0);
        own.fill(0.0);
        next.fill(0.0);
        for (category, count) in row.counts.iter().enumerate() {
            let upper = thresholds.get(category).map(|t| t - shift);
            let lower = category
                .checked_sub(1)
                .map(|below| thresholds[below] - shift);
            let share = between(lower, upper);
            if share.is_nan() || share <= 0.0 {
                return None;
            }
            if *count == 0.0 {
                continue;
            }
            point.value += count * share.ln();
            let (f_upper, f_lower) = (upper.map_or(0.0, density), lower.map_or(0.0, density));
            if let Some(at) = upper {
                let ratio = f_upper / share;
                first[category] += count * ratio;
                own[category] += count * (ratio * ratio - ratio * skew(at));
            }
            if let Some(at) = lower {
                let ratio = f_lower / share;
                first[category - 1] -= count * ratio;
                own[category - 1] += count * (ratio * ratio + ratio * skew(at));
                if upper.is_some() {
                    next[category - 1] -= count * f_upper * f_lower / (share * share);
                }
            }
        }
        for j in 0..boundaries {
            point.gradient[j] += first[j];
            point.information.add(j, j, own[j]);
            // Row sum of the tridiagonal second derivatives: how a boundary's gradient changes as all of them shift.
            let mut total = own[j];
            if j + 1 < boundaries {
                point.information.add(j, j + 1, next[j]);
                total += next[j];
            }
            if j > 0 {
                total += next[j - 1];
            }
            for k in boundaries..size {
                let x = row.x[k - boundaries];
                point.gradient[k] -= first[j] * x;
                point.information.add(j, k, -total * x);
                for l in k..size {
                    let product = total * x * row.x[l - boundaries];
                    point.information.add(k, l, product);
                }
            }
        }
    }
    Some(point)
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn density(x: f64) -> f64 {
    logistic(x) * logistic(-x)
}

/// Derivative of the logarithm of the density, `1 - 2 F`.
fn skew(x: f64) -> f64 {
    logistic(-x) - logistic(x)
}

/// Probability between two boundaries, taken in the tail where no digits are lost.
fn between(lower: Option<f64>, upper: Option<f64>) -> f64 {
    match (lower, upper) {
        (None, None) => 1.0,
        (None, Some(upper)) => logistic(upper),
        (Some(lower), None) => logistic(-lower),
        (Some(lower), Some(upper)) if lower > 0.0 => logistic(-lower) - logistic(-upper),
        (Some(lower), Some(upper)) => logistic(upper) - logistic(lower),
    }
}
