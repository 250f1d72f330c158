//! Maximum likelihood of the cumulative logit model on grouped counts.

use super::DifUndefined;

/// Largest number of predictors.
const PREDICTORS: usize = 3;
const ITERATIONS: usize = 100;
const HALVINGS: usize = 40;
/// A coefficient of a standardised predictor, or a threshold, beyond which only separation leads.
const DIVERGED: f64 = 30.0;

/// Persons with the same predictors, by category.
pub(super) struct Row {
    pub(super) x: [f64; PREDICTORS],
    pub(super) counts: Vec<f64>,
}

/// A fitted model; predictors it does not have are 0.
pub(super) struct Fit {
    pub(super) log_likelihood: f64,
    pub(super) coefficients: [f64; PREDICTORS],
    pub(super) errors: [f64; PREDICTORS],
}

/// Value, gradient and negative Hessian of the log-likelihood.
struct Point {
    value: f64,
    gradient: Vec<f64>,
    information: Vec<Vec<f64>>,
}

/// Fits thresholds and the first `predictors` coefficients by Newton's method with step halving; the log-likelihood is concave.
pub(super) fn fit(rows: &[Row], predictors: usize) -> Result<Fit, DifUndefined> {
    let categories = rows.first().map_or(0, |row| row.counts.len());
    let mut parameters = start(rows, categories);
    let boundaries = parameters.len();
    parameters.resize(boundaries + predictors, 0.0);
    let mut point = evaluate(rows, &parameters, boundaries).ok_or(DifUndefined::NotConverged)?;
    for _ in 0..ITERATIONS {
        let root = cholesky(&point.information).ok_or(DifUndefined::Separated)?;
        let step = solve(&root, &point.gradient);
        let size = step
            .iter()
            .fold(0.0, |size: f64, part| size.max(part.abs()));
        let (next, reached) = advance(rows, &parameters, &step, boundaries, point.value)
            .ok_or(DifUndefined::NotConverged)?;
        (parameters, point) = (next, reached);
        if parameters.iter().any(|part| part.abs() > DIVERGED) {
            return Err(DifUndefined::Separated);
        }
        if size < 1e-9 {
            return finished(&parameters, &point, boundaries);
        }
    }
    Err(DifUndefined::NotConverged)
}

fn finished(parameters: &[f64], point: &Point, boundaries: usize) -> Result<Fit, DifUndefined> {
    let root = cholesky(&point.information).ok_or(DifUndefined::Separated)?;
    let mut fit = Fit {
        log_likelihood: point.value,
        coefficients: [0.0; PREDICTORS],
        errors: [0.0; PREDICTORS],
    };
    let estimates = parameters.iter().enumerate().skip(boundaries);
    let places = fit.coefficients.iter_mut().zip(&mut fit.errors);
    for ((at, estimate), (coefficient, error)) in estimates.zip(places) {
        let unit: Vec<f64> = (0..parameters.len()).map(|i| f64::from(i == at)).collect();
        let column = solve(&root, &unit);
        *coefficient = *estimate;
        *error = column.get(at).copied().unwrap_or_default().sqrt();
    }
    Ok(fit)
}

/// The largest of the steps 1, 1/2, 1/4 and so on that does not make the answers less likely.
fn advance(
    rows: &[Row],
    from: &[f64],
    step: &[f64],
    boundaries: usize,
    value: f64,
) -> Option<(Vec<f64>, Point)> {
    let mut share = 1.0;
    for _ in 0..HALVINGS {
        let moved = from.iter().zip(step).map(|(at, step)| at + share * step);
        let moved: Vec<f64> = moved.collect();
        if let Some(point) = evaluate(rows, &moved, boundaries)
            // Near the maximum the likelihood itself is only known to so many digits.
            && point.value >= value - 1e-12 * value.abs()
        {
            return Some((moved, point));
        }
        share /= 2.0;
    }
    None
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
        information: vec![vec![0.0; size]; size],
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
            point.information[j][j] += own[j];
            // Row sum of the tridiagonal second derivatives: how a boundary's gradient changes as all of them shift.
            let mut total = own[j];
            if j + 1 < boundaries {
                point.information[j][j + 1] += next[j];
                point.information[j + 1][j] += next[j];
                total += next[j];
            }
            if j > 0 {
                total += next[j - 1];
            }
            for k in boundaries..size {
                let x = row.x[k - boundaries];
                point.gradient[k] -= first[j] * x;
                point.information[j][k] -= total * x;
                point.information[k][j] -= total * x;
                for l in boundaries..size {
                    point.information[k][l] += total * x * row.x[l - boundaries];
                }
            }
        }
    }
    point.value.is_finite().then_some(point)
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

/// Lower triangular root of a positive definite matrix; `None` if it is not, to working precision.
#[expect(clippy::indexing_slicing, reason = "the matrix is square")]
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let size = matrix.len();
    let mut root = vec![vec![0.0; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| root[i][k] * root[j][k]).sum();
            let rest = matrix[i][j] - known;
            root[i][j] = if i == j {
                let positive = rest > 1e-13 * matrix[i][i];
                positive.then(|| rest.sqrt())?
            } else {
                rest / root[j][j]
            };
        }
    }
    Some(root)
}

#[expect(
    clippy::indexing_slicing,
    reason = "the root is square and as large as the vector"
)]
fn solve(root: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut x = right.to_vec();
    for i in 0..x.len() {
        let known: f64 = (0..i).map(|k| root[i][k] * x[k]).sum();
        x[i] = (x[i] - known) / root[i][i];
    }
    for i in (0..x.len()).rev() {
        let known: f64 = (i + 1..x.len()).map(|k| root[k][i] * x[k]).sum();
        x[i] = (x[i] - known) / root[i][i];
    }
    x
}
