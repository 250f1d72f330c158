//! Dense symmetric positive definite systems.

#![expect(
    clippy::indexing_slicing,
    reason = "dense kernels: every index is below the order, every row and every right-hand side is `order` long"
)]

/// What may be left of a diagonal entry, as a share of it, where rounding alone would leave as much of a singular matrix.
const PIVOT: f64 = 1e-13;

/// A symmetric matrix of which only the upper triangle (column `>=` row) is kept up to date, row by row with full rows.
#[derive(Debug, Clone)]
pub(crate) struct Symmetric {
    order: usize,
    entries: Vec<f64>,
}

impl Symmetric {
    pub(crate) fn zero(order: usize) -> Self {
        Self {
            order,
            entries: vec![0.0; order * order],
        }
    }

    /// From all entries, row by row: `order` rows of `order` entries. What is below the diagonal does not count.
    pub(crate) fn of_rows(order: usize, mut entries: Vec<f64>) -> Self {
        entries.resize(order * order, 0.0);
        Self { order, entries }
    }

    /// Adds to the entry of `row` and `column`, in either order.
    pub(crate) fn add(&mut self, row: usize, column: usize, value: f64) {
        let (row, column) = (row.min(column), row.max(column));
        self.entries[row * self.order + column] += value;
    }

    /// Adds `weight * v v'`.
    pub(crate) fn add_square(&mut self, weight: f64, v: &[f64]) {
        for (row, (entries, value)) in self.entries.chunks_exact_mut(self.order).zip(v).enumerate()
        {
            if *value != 0.0 {
                add_multiple(&mut entries[row..], weight * value, &v[row..]);
            }
        }
    }

    /// Adds `weight * v v'` for every weight and row. Four at a time: the matrix is large, and going through it is what takes time.
    pub(crate) fn add_squares(&mut self, weights: &[f64], rows: &[Vec<f64>]) {
        let order = self.order;
        let mut fours = weights.chunks_exact(4).zip(rows.chunks_exact(4));
        for (weights, rows) in &mut fours {
            let ([w0, w1, w2, w3], [v0, v1, v2, v3]) = (weights, rows) else {
                continue;
            };
            for (row, entries) in self.entries.chunks_exact_mut(order).enumerate() {
                let (f0, f1) = (w0 * v0[row], w1 * v1[row]);
                let (f2, f3) = (w2 * v2[row], w3 * v3[row]);
                let first = v0[row..].iter().zip(&v1[row..]);
                let second = v2[row..].iter().zip(&v3[row..]);
                let entries = entries[row..].iter_mut();
                for ((entry, (a, b)), (c, d)) in entries.zip(first).zip(second) {
                    *entry += (f0 * a + f1 * b) + (f2 * c + f3 * d);
                }
            }
        }
        let done = weights.len().min(rows.len()) / 4 * 4;
        for (weight, row) in weights.iter().zip(rows).skip(done) {
            self.add_square(*weight, row);
        }
    }

    pub(crate) fn diagonal(&self) -> impl Iterator<Item = f64> {
        self.entries.iter().step_by(self.order + 1).copied()
    }

    pub(crate) fn is_finite(&self) -> bool {
        self.entries.iter().all(|entry| entry.is_finite())
    }

    /// The factor of `self + ridge * I`; `None` if that is not positive definite, as far as rounding lets one tell.
    pub(crate) fn factor(&self, ridge: f64) -> Option<Factor> {
        let mut matrix = self.clone();
        if ridge > 0.0 {
            for entry in matrix.entries.iter_mut().step_by(self.order + 1) {
                *entry += ridge;
            }
        }
        matrix.into_factor()
    }

    /// As [`factor`](Self::factor) without a ridge, in the room of the matrix.
    pub(crate) fn into_factor(self) -> Option<Factor> {
        let order = self.order;
        let mut upper = self.entries;
        let smallest: Vec<f64> = (0..order)
            .map(|row| PIVOT * upper[row * order + row].abs())
            .collect();
        for (row, smallest) in smallest.iter().enumerate() {
            let (head, tail) = upper.split_at_mut((row + 1) * order);
            let own = &mut head[row * order..];
            let pivot = own[row];
            // A NaN is not above the bound either.
            let is_positive = pivot > *smallest && pivot.is_finite();
            if !is_positive {
                return None;
            }
            let root = pivot.sqrt();
            for entry in &mut own[row..] {
                *entry /= root;
            }
            for (below, entries) in tail.chunks_exact_mut(order).enumerate() {
                let column = row + 1 + below;
                let factor = own[column];
                add_multiple(&mut entries[column..], -factor, &own[column..]);
            }
        }
        Some(Factor { order, upper })
    }
}

/// `target += factor * source`.
pub(crate) fn add_multiple(target: &mut [f64], factor: f64, source: &[f64]) {
    for (target, source) in target.iter_mut().zip(source) {
        *target += factor * source;
    }
}

/// The upper triangular `U` with `U'U` the matrix (Cholesky).
#[derive(Debug, Clone)]
pub(crate) struct Factor {
    order: usize,
    upper: Vec<f64>,
}

impl Factor {
    /// `x` with `U'U x = b`.
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        self.solve_in_place(&mut x);
        x
    }

    /// Replaces `b` by the `x` with `U'U x = b`.
    pub(crate) fn solve_in_place(&self, b: &mut [f64]) {
        self.half_solve(b);
        for row in (0..self.order).rev() {
            let entries = &self.upper[row * self.order..(row + 1) * self.order];
            let known: f64 = entries[row + 1..]
                .iter()
                .zip(&b[row + 1..])
                .map(|(entry, value)| entry * value)
                .sum();
            b[row] = (b[row] - known) / entries[row];
        }
    }

    /// `b' (U'U)^-1 b`: the variance of the linear function `b` if the matrix is an information.
    pub(crate) fn variance(&self, b: &[f64]) -> f64 {
        let mut y = b.to_vec();
        self.half_solve(&mut y);
        y.iter().map(|value| value * value).sum()
    }

    /// Replaces `b` by the `y` with `U'y = b`.
    fn half_solve(&self, b: &mut [f64]) {
        for row in 0..self.order {
            let entries = &self.upper[row * self.order..(row + 1) * self.order];
            let (done, rest) = b.split_at_mut(row + 1);
            done[row] /= entries[row];
            add_multiple(rest, -done[row], &entries[row + 1..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_refuses() {
        let mut matrix = Symmetric::zero(3);
        let row = vec![1.0, 2.0, 3.0];
        let weights = [2.0, -3.0, 1.5, -0.5, 0.25, 0.75];
        matrix.add_squares(&weights, &[(); 6].map(|()| row.clone()));
        assert!(matrix.factor(0.0).is_none());
        matrix.add(2, 0, 1.0);
        for at in 0..3 {
            matrix.add(at, at, 4.0);
        }
        let factor = matrix.factor(0.0).unwrap();
        let b = [1.0, -1.0, 0.5];
        let x = factor.solve(&b);
        let rows = [[5.0, 2.0, 4.0], [2.0, 8.0, 6.0], [4.0, 6.0, 13.0]];
        for (row, right) in rows.iter().zip(&b) {
            let left: f64 = row.iter().zip(&x).map(|(entry, value)| entry * value).sum();
            assert!((left - right).abs() < 1e-14);
        }
        let variance: f64 = x.iter().zip(&b).map(|(value, right)| value * right).sum();
        assert!((factor.variance(&b) - variance).abs() < 1e-14);
    }
}
