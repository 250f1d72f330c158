//! The maximum-likelihood fit of one common factor.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is below k; vectors have k entries and matrices k * k"
)]

use crate::linear::{Symmetric, leading_eigenpair};

/// The smallest share of an item's variance that is its own.
pub(super) const SMALLEST_UNIQUENESS: f64 = 0.005;
const ITERATIONS: u32 = 200;
const GRADIENT: f64 = 1e-11;
/// The gradient at which a search that cannot get any lower has arrived.
const ROUGH_GRADIENT: f64 = 1e-7;
const LONGEST_STEP: f64 = 2.0;

/// Loadings and uniquenesses of standardised items. All loadings may be turned round together.
pub(super) struct OneFactor {
    pub(super) loadings: Vec<f64>,
    pub(super) uniquenesses: Vec<f64>,
    /// The items whose uniqueness is at its bound.
    pub(super) bounded: Vec<bool>,
}

/// The logarithms of the uniquenesses, and the likelihood concentrated on them.
///
/// For given uniquenesses `T` the best loadings follow from the largest eigenvalue `g` and its vector `w` of `T^-1/2 R T^-1/2`:
/// `sqrt(g - 1) T^1/2 w`. What is left to minimise is the sum of `e - ln e - 1` over the other eigenvalues `e`.
struct Point {
    logs: Vec<f64>,
    scaled: Vec<f64>,
    vector: Vec<f64>,
    value: f64,
    misfit: f64,
}

impl Point {
    /// `guess` at the eigenvector may be all zeros.
    fn at(correlations: &[f64], logs: Vec<f64>, guess: Vec<f64>) -> Self {
        let k = logs.len();
        let roots: Vec<f64> = logs.iter().map(|x| (-0.5 * x).exp()).collect();
        let mut scaled = correlations.to_vec();
        for (row, first) in scaled.chunks_exact_mut(k).zip(&roots) {
            for (entry, second) in row.iter_mut().zip(&roots) {
                *entry *= first * second;
            }
        }
        let mut vector = guess;
        let value = leading_eigenpair(&scaled, k, &mut vector);
        let trace: f64 = scaled.iter().step_by(k + 1).sum();
        // Up to terms that do not depend on the uniquenesses.
        let misfit = trace - value + logs.iter().sum::<f64>() + value.ln();
        Self {
            logs,
            scaled,
            vector,
            value,
            misfit,
        }
    }

    fn gradient(&self) -> Vec<f64> {
        let k = self.logs.len();
        let diagonal = self.scaled.iter().step_by(k + 1);
        let pairs = diagonal.zip(&self.vector);
        pairs
            .map(|(own, w)| 1.0 - own + (self.value - 1.0) * w * w)
            .collect()
    }

    /// Second derivatives, through the derivative of the eigenvector; `None` where the largest eigenvalue is not single.
    fn curvature(&self) -> Option<Vec<f64>> {
        let (k, g, w) = (self.logs.len(), self.value, &self.vector);
        let mut apart: Vec<f64> = self.scaled.iter().map(|entry| -entry).collect();
        for i in 0..k {
            apart[i * k + i] += g;
            for j in 0..k {
                apart[i * k + j] += g * w[i] * w[j];
            }
        }
        let apart = Symmetric::of_rows(k, apart).into_factor()?;
        let mut curvature = vec![0.0; k * k];
        let mut column = vec![0.0; k];
        for j in 0..k {
            column.fill(0.0);
            column[j] = 1.0;
            apart.solve_in_place(&mut column);
            for i in 0..k {
                let equal = if i == j { 1.0 } else { 0.0 };
                let both = w[i] * w[j];
                let turn = 0.5 * (equal - both) - g * (column[i] - both / g);
                curvature[i * k + j] = 2.0 * (g - 1.0) * both * turn - g * both * both;
            }
            curvature[j * k + j] += self.scaled[j * k + j];
        }
        Some(curvature)
    }

    /// The expected second derivatives, never indefinite.
    fn information(&self) -> Vec<f64> {
        let (k, w) = (self.logs.len(), &self.vector);
        let mut information = vec![0.0; k * k];
        for i in 0..k {
            for j in 0..k {
                let equal = if i == j { 1.0 } else { 0.0 };
                information[i * k + j] = (equal - w[i] * w[j]).powi(2);
            }
            information[i * k + i] += 1e-3;
        }
        information
    }

    /// The direction to the minimum of the second-order approximation within the `free` coordinates.
    fn direction(&self, gradient: &[f64], free: &[usize]) -> Option<Vec<f64>> {
        let k = self.logs.len();
        let within = |matrix: &[f64]| {
            let mut step: Vec<f64> = free.iter().map(|i| -gradient[*i]).collect();
            let rows = free
                .iter()
                .flat_map(|i| free.iter().map(move |j| i * k + *j));
            let block = rows.map(|at| matrix[at]).collect();
            let block = Symmetric::of_rows(free.len(), block).into_factor()?;
            block.solve_in_place(&mut step);
            Some(step)
        };
        let newton = self.curvature().and_then(|matrix| within(&matrix));
        let step = newton.or_else(|| within(&self.information()))?;
        let longest = step.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        let scale = if longest > LONGEST_STEP {
            LONGEST_STEP / longest
        } else {
            1.0
        };
        let mut direction = vec![0.0; k];
        for (i, d) in free.iter().zip(step) {
            direction[*i] = d * scale;
        }
        Some(direction)
    }
}

/// Fits one factor to a correlation matrix of `k` items, row by row; `None` if the search does not arrive anywhere.
///
/// There may be an end with a uniqueness at its bound for every item. From whatever start, an end without any is preferred; of the
/// others the best is taken.
pub(super) fn one_factor(correlations: &[f64], k: usize) -> Option<OneFactor> {
    if k < 2 || correlations.len() != k * k {
        return None;
    }
    let communality = |i: usize| {
        let row = &correlations[i * k..(i + 1) * k];
        let others = row.iter().enumerate().filter(|(j, _)| *j != i);
        others.fold(0.0_f64, |most, (_, r)| most.max(r.abs()))
    };
    let first = (0..k).map(|i| 1.0 - communality(i).min(0.9)).collect();
    let lowest = SMALLEST_UNIQUENESS.ln();
    let is_proper = |point: &Point| point.logs.iter().all(|x| *x > lowest);
    let mut best = minimum(correlations, first);
    let items = (0..k).map(|i| Some(dominated(correlations, k, i)));
    for start in items.chain([Some(vec![0.5; k]), specific(correlations, k)]) {
        if best.as_ref().is_some_and(is_proper) {
            break;
        }
        let other = start.and_then(|start| minimum(correlations, start));
        best = match (best, other) {
            (Some(best), Some(other)) if !is_proper(&other) && best.misfit <= other.misfit => {
                Some(best)
            }
            (best, other) => other.or(best),
        };
    }
    best.map(|point| solution(&point, lowest))
}

fn solution(point: &Point, lowest: f64) -> OneFactor {
    let size = (point.value - 1.0).max(0.0).sqrt();
    let pairs = point.logs.iter().zip(&point.vector);
    let loadings = pairs.map(|(x, w)| size * (0.5 * x).exp() * w).collect();
    OneFactor {
        loadings,
        uniquenesses: point.logs.iter().map(|x| x.exp()).collect(),
        bounded: point.logs.iter().map(|x| *x <= lowest).collect(),
    }
}

/// A start at which item `i` is the factor.
fn dominated(correlations: &[f64], k: usize, i: usize) -> Vec<f64> {
    let row = &correlations[i * k..(i + 1) * k];
    row.iter()
        .map(|r| (1.0 - r * r).max(SMALLEST_UNIQUENESS))
        .collect()
}

/// A start from what each item does not share with all the others; `None` for a singular matrix.
fn specific(correlations: &[f64], k: usize) -> Option<Vec<f64>> {
    let factor = Symmetric::of_rows(k, correlations.to_vec()).into_factor()?;
    let inverse = |i: usize| {
        let mut column = vec![0.0; k];
        column[i] = 1.0;
        factor.solve_in_place(&mut column);
        column[i]
    };
    let share = 1.0 - 0.5 / k as f64;
    Some((0..k).map(|i| share / inverse(i)).collect())
}

/// Newton's method within the bounds, from given uniquenesses.
fn minimum(correlations: &[f64], start: Vec<f64>) -> Option<Point> {
    let lowest = SMALLEST_UNIQUENESS.ln();
    let clamp = |x: f64| x.clamp(lowest, 0.0);
    let k = start.len();
    let logs = start.into_iter().map(|share| clamp(share.ln())).collect();
    let mut point = Point::at(correlations, logs, vec![0.0; k]);
    for _ in 0..ITERATIONS {
        let gradient = point.gradient();
        let is_free = |i: &usize| gradient[*i] < 0.0 || point.logs[*i] > lowest;
        let free: Vec<usize> = (0..k).filter(is_free).collect();
        let steepest = free.iter().map(|i| gradient[*i].abs());
        let steepest = steepest.fold(0.0, f64::max);
        if steepest < GRADIENT {
            return Some(point);
        }
        let direction = point.direction(&gradient, &free)?;
        match lower(correlations, &point, &direction, &gradient, clamp) {
            Some(next) => point = next,
            None => return (steepest < ROUGH_GRADIENT).then_some(point),
        }
    }
    None
}

/// The first point on the way along `direction`, halved until the misfit falls.
fn lower(
    correlations: &[f64],
    from: &Point,
    direction: &[f64],
    gradient: &[f64],
    clamp: impl Fn(f64) -> f64,
) -> Option<Point> {
    let slack = 1e-14 * (1.0 + from.misfit.abs());
    let mut length = 1.0;
    for _ in 0..40 {
        let pairs = from.logs.iter().zip(direction);
        let logs: Vec<f64> = pairs.map(|(x, d)| clamp(x + length * d)).collect();
        let moves = logs.iter().zip(&from.logs).zip(gradient);
        let expected: f64 = moves.map(|((to, x), g)| (to - x) * g).sum();
        let next = Point::at(correlations, logs, from.vector.clone());
        if next.misfit <= from.misfit + 1e-4 * expected.min(0.0) + slack {
            return Some(next);
        }
        length *= 0.5;
    }
    None
}
