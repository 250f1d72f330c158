//! The distribution of answers given the raw score, by products of polynomials.
//!
//! An item with parameters `eta_x` is the polynomial with coefficients `exp(-eta_x)`. The coefficient `r` of the product of all
//! items is `gamma_r`, the sum over all answers with raw score `r`. All terms are positive, so nothing cancels. What belongs to an
//! item, or to a pair of items, is the product of the others, put together from products of the items before and after.

#![expect(
    clippy::indexing_slicing,
    reason = "dense kernels: degrees add up to the highest raw score, by which every list is sized"
)]

use crate::linear::{Symmetric, add_multiple};

/// The answered items of one pattern at given parameters.
pub(super) struct Product {
    /// First parameter of each item, among those of the whole scale.
    starts: Vec<usize>,
    /// Coefficients of each item, divided by the largest.
    items: Vec<Vec<f64>>,
    /// Products of the items before each one; the last is the product of all.
    before: Vec<Vec<f64>>,
    /// The logarithm of what the coefficients were divided by.
    log_scale: f64,
}

impl Product {
    /// `parameters` gives the first parameter and all parameters of each answered item.
    pub(super) fn of<'a>(parameters: impl Iterator<Item = (usize, &'a [f64])>) -> Self {
        let mut product = Self {
            starts: Vec::new(),
            items: Vec::new(),
            before: vec![vec![1.0]],
            log_scale: 0.0,
        };
        for (start, eta) in parameters {
            let largest = eta.iter().fold(0.0, |largest: f64, eta| largest.max(-eta));
            let all = std::iter::once(&0.0).chain(eta);
            let item: Vec<f64> = all.map(|eta| (-eta - largest).exp()).collect();
            let sofar = product.before.last().map_or(&[][..], Vec::as_slice);
            let next = times(sofar, &item);
            product.before.push(next);
            product.items.push(item);
            product.starts.push(start);
            product.log_scale += largest;
        }
        product
    }

    fn gammas(&self) -> &[f64] {
        self.before.last().map_or(&[], Vec::as_slice)
    }

    /// `sum_r n_r ln gamma_r`.
    pub(super) fn log_sum(&self, scores: &[u64]) -> f64 {
        let terms = scores.iter().zip(self.gammas());
        let occurring = terms.filter(|(count, _)| **count > 0);
        occurring
            .map(|(count, gamma)| *count as f64 * (gamma.ln() + self.log_scale))
            .sum()
    }

    /// Adds the expected category counts of persons with these raw scores to `expected`, and the sum of their covariances to
    /// `covariance`.
    pub(super) fn moments(&self, scores: &[u64], expected: &mut [f64], covariance: &mut Symmetric) {
        self.by_score(scores, expected, covariance);
        self.pairs(scores, covariance);
    }

    /// What depends on one item: the probabilities of its categories for each raw score, and the squares of their expectations.
    fn by_score(&self, scores: &[u64], expected: &mut [f64], covariance: &mut Symmetric) {
        let gammas = self.gammas();
        let mut after = vec![1.0];
        let mut others = vec![Vec::new(); self.items.len()];
        for item in (0..self.items.len()).rev() {
            others[item] = times(&self.before[item], &after);
            after = times(&after, &self.items[item]);
        }
        let (mut weights, mut rows) = (Vec::new(), Vec::new());
        for (score, (count, gamma)) in scores.iter().zip(gammas).enumerate() {
            if *count == 0 {
                continue;
            }
            let mut row = vec![0.0; expected.len()];
            for ((item, others), start) in self.items.iter().zip(&others).zip(&self.starts) {
                for (step, coefficient) in item.iter().enumerate().skip(1) {
                    let rest = score.checked_sub(step).and_then(|rest| others.get(rest));
                    row[start + step - 1] = rest.map_or(0.0, |rest| coefficient * rest / gamma);
                }
            }
            let persons = *count as f64;
            add_multiple(expected, persons, &row);
            for (at, probability) in row.iter().enumerate() {
                covariance.add(at, at, persons * probability);
            }
            weights.push(-persons);
            rows.push(row);
        }
        covariance.add_squares(&weights, &rows);
    }

    /// The expected number of persons for each pair of categories of two items.
    ///
    /// For items `i < j` that is `e_ix e_jy sum_r n_r / gamma_r * rest_(r-x-y)` with `rest` the product of the other items: of those
    /// before `j`, and of those after `j`, which are the same for every `i` and are summed first.
    fn pairs(&self, scores: &[u64], covariance: &mut Symmetric) {
        let weights = scores.iter().zip(self.gammas());
        let weights = weights.map(|(count, gamma)| {
            if *count == 0 {
                0.0
            } else {
                *count as f64 / gamma
            }
        });
        let mut after = vec![weights.collect::<Vec<f64>>()];
        for (item, before) in self.items.iter().zip(&self.before).rev() {
            let known = after.last().map_or(&[][..], Vec::as_slice);
            let sums = (0..before.len()).map(|low| dot(item, &known[low..]));
            let sums = sums.collect();
            after.push(sums);
        }
        after.reverse();
        for first in 0..self.items.len() {
            let mut between = self.before[first].clone();
            for second in first + 1..self.items.len() {
                let (one, other) = (&self.items[first], &self.items[second]);
                let sums: Vec<f64> = (0..one.len() + other.len() - 1)
                    .map(|both| dot(&between, &after[second + 1][both..]))
                    .collect();
                for (x, e_x) in one.iter().enumerate().skip(1) {
                    for (y, e_y) in other.iter().enumerate().skip(1) {
                        let row = self.starts[first] + x - 1;
                        let column = self.starts[second] + y - 1;
                        covariance.add(row, column, e_x * e_y * sums[x + y]);
                    }
                }
                between = times(&between, other);
            }
        }
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}

fn times(left: &[f64], right: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; left.len() + right.len() - 1];
    for (at, factor) in right.iter().enumerate() {
        add_multiple(&mut product[at..], *factor, left);
    }
    product
}
