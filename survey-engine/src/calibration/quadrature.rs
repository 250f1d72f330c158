//! Integrals over a normal distribution of persons.

#![expect(
    clippy::indexing_slicing,
    reason = "dense kernels: every list over parameters or places is as long as they are many"
)]

use std::borrow::Cow;

use crate::linear::{Symmetric, add_multiple};
use crate::tally::Pattern;

use super::layout::Layout;

/// Standard deviations to either side: what lies beyond has a probability of 10^-15.
const REACH: f64 = 8.0;
/// How closely an integral is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fineness {
    /// Distance between places, in standard errors of a person where the scale is sharpest.
    spacing: f64,
    /// The logarithm of a share of a raw score's distribution that is left out.
    farthest: f64,
}

impl Fineness {
    /// Exact up to rounding: what is left out is too small to change any sum of doubles.
    pub(super) const EXACT: Self = Self {
        spacing: 0.75,
        farthest: -42.0,
    };
    /// Good to about three digits, for less than half the work: to come near a maximum.
    pub(super) const ROUGH: Self = Self {
        spacing: 1.5,
        farthest: -14.0,
    };
}

/// The longest distance in logits: the probabilities are functions of complex places whose nearest poles are pi away for items with
/// thresholds far apart, and the error falls with `exp(-2 pi pi / distance)`.
const LONGEST: f64 = 0.6;
/// Distance between the places where the sharpest is looked for, in logits, times the steps of the widest item. No peak of the
/// information is narrower.
const LOOK: f64 = 1.5;
const MOST_PLACES: f64 = 4000.0;
/// Shares of a distribution too small to change any sum of doubles.
const NOTHING: f64 = 1e-18;

/// Equally spaced places, and the items' probabilities there. For functions as smooth as these the trapezoidal rule is exact up to
/// rounding once the spacing is small (Trefethen and Weideman, 2014, SIAM Review 56).
pub(super) struct Quadrature {
    /// Places in standard deviations.
    places: Vec<f64>,
    standard_deviation: f64,
    spacing: f64,
    farthest: f64,
    /// Per place: the probability of every category above the lowest, item after item; then the square of the place.
    values: Vec<Vec<f64>>,
    /// Per place and item: `-ln` of the sum of `exp(x theta - eta_x)`.
    log_zeros: Vec<Vec<f64>>,
}

/// Sums over the persons of one pattern.
pub(super) struct Sums {
    pub(super) log_likelihood: f64,
    /// Sum of expected values: category counts, and the square of the place.
    pub(super) expected: Vec<f64>,
    /// Sums over persons of the mean and the square of the mean of their place, and of its variance.
    pub(super) places: [f64; 3],
    /// Expected persons per place.
    persons: Vec<f64>,
}

impl Quadrature {
    pub(super) fn new(
        layout: &Layout,
        eta: &[f64],
        standard_deviation: f64,
        fineness: Fineness,
    ) -> Self {
        let information = most_information(layout, eta, REACH * standard_deviation);
        let sharpest = information * standard_deviation * standard_deviation + 1.0;
        let half = (REACH * (sharpest.sqrt() / fineness.spacing).max(standard_deviation / LONGEST))
            .ceil()
            .clamp(20.0, MOST_PLACES / 2.0);
        let spacing = REACH / half;
        #[expect(clippy::cast_possible_truncation, reason = "at most a few thousand")]
        let places = (-(half as i32)..=half as i32).map(|at| f64::from(at) * spacing);
        let places: Vec<f64> = places.collect();
        let mut values = Vec::with_capacity(places.len());
        let mut log_zeros = Vec::with_capacity(places.len());
        for place in &places {
            let theta = place * standard_deviation;
            let mut row = Vec::with_capacity(eta.len() + 1);
            let mut zeros = Vec::with_capacity(layout.ranges().count());
            for item in layout.split(eta) {
                let from = row.len();
                let mut shift = 0.0_f64;
                let mut step = 0.0;
                for eta in item {
                    step += theta;
                    shift = shift.max(step - eta);
                    row.push(step - eta);
                }
                let mut sum = (-shift).exp();
                for logit in &mut row[from..] {
                    *logit = (*logit - shift).exp();
                    sum += *logit;
                }
                for probability in &mut row[from..] {
                    *probability /= sum;
                }
                zeros.push(-shift - sum.ln());
            }
            row.push(place * place);
            values.push(row);
            log_zeros.push(zeros);
        }
        Self {
            places,
            standard_deviation,
            spacing,
            farthest: fineness.farthest,
            values,
            log_zeros,
        }
    }

    /// Sums over the persons of one pattern; what they tell of the parameters is added to `information`.
    ///
    /// With `v` the probabilities `P_a` of the categories of answered items, and `z^2`, that is the sum over persons of
    /// `E[P_a (1 - P_a)]` or, within an item, `-E[P_a P_b]`, and `2 E[z^2]` for the logarithm of the standard deviation, minus the
    /// covariance of `v`, all given the person's raw score.
    pub(super) fn pattern(
        &self,
        layout: &Layout,
        pattern: &Pattern,
        information: &mut Symmetric,
    ) -> Sums {
        let values = self.values_of(layout, pattern.answered);
        let sums = self.persons(pattern, &values, information);
        Self::add_persons(layout, &values, &sums.persons, information);
        sums
    }

    /// The values with nothing for items that are not answered.
    fn values_of(&self, layout: &Layout, answered: u64) -> Cow<'_, [Vec<f64>]> {
        let unanswered = layout.ranges().enumerate();
        let unanswered = unanswered.filter(|(item, _)| answered >> item & 1 == 0);
        let unanswered: Vec<_> = unanswered.map(|(_, range)| range).collect();
        if unanswered.is_empty() {
            return Cow::Borrowed(&self.values);
        }
        let mut values = self.values.clone();
        for row in &mut values {
            for range in &unanswered {
                row[range.clone()].fill(0.0);
            }
        }
        Cow::Owned(values)
    }

    /// The persons by place, and the squares of their expected values.
    fn persons(&self, pattern: &Pattern, values: &[Vec<f64>], information: &mut Symmetric) -> Sums {
        let answered = |zeros: &Vec<f64>| {
            let items = zeros.iter().enumerate();
            let kept = items.filter(|(item, _)| pattern.answered >> item & 1 == 1);
            kept.map(|(_, zero)| zero).sum::<f64>()
        };
        // The log density of the place and of a raw score of 0.
        let kernels = self.log_zeros.iter().zip(&self.places);
        let kernels = kernels.map(|(zeros, place)| answered(zeros) - place * place / 2.0);
        let kernels: Vec<f64> = kernels.collect();
        let width = values.first().map_or(0, Vec::len);
        let mut sums = Sums {
            log_likelihood: 0.0,
            expected: vec![0.0; width],
            places: [0.0; 3],
            persons: vec![0.0; self.places.len()],
        };
        let constant = (self.spacing / (2.0 * std::f64::consts::PI).sqrt()).ln();
        let mut weights = vec![0.0; self.places.len()];
        let (mut counts, mut rows) = (Vec::new(), Vec::new());
        for (score, count) in scores_of(pattern) {
            let mut largest = f64::NEG_INFINITY;
            for ((weight, kernel), place) in weights.iter_mut().zip(&kernels).zip(&self.places) {
                *weight = kernel + score * place * self.standard_deviation;
                largest = largest.max(*weight);
            }
            let mut all = 0.0;
            for weight in &mut weights {
                let below = *weight - largest;
                *weight = if below < self.farthest {
                    0.0
                } else {
                    below.exp()
                };
                all += *weight;
            }
            sums.log_likelihood += count * (largest + all.ln() + constant);
            let mut means = vec![0.0; width];
            let (mut mean, mut square) = (0.0, 0.0);
            let shares = weights.iter().zip(&self.places).zip(values);
            for (((weight, place), values), persons) in shares.zip(&mut sums.persons) {
                if *weight == 0.0 {
                    continue;
                }
                let share = weight / all;
                *persons += count * share;
                add_multiple(&mut means, share, values);
                mean += share * place;
                square += share * place * place;
            }
            add_multiple(&mut sums.expected, count, &means);
            counts.push(count);
            rows.push(means);
            sums.places[0] += count * mean;
            sums.places[1] += count * mean * mean;
            sums.places[2] += count * (square - mean * mean);
        }
        information.add_squares(&counts, &rows);
        sums
    }

    /// What depends only on how many persons stand where.
    fn add_persons(
        layout: &Layout,
        values: &[Vec<f64>],
        persons: &[f64],
        information: &mut Symmetric,
    ) {
        let total: f64 = persons.iter().sum();
        let deviation = layout.parameters();
        let is_empty = |persons: &&f64| **persons < NOTHING * total;
        let from = persons.iter().take_while(is_empty).count();
        let to = persons.len() - persons[from..].iter().rev().take_while(is_empty).count();
        let (persons, values) = (&persons[from..to], &values[from..to]);
        let weights: Vec<f64> = persons.iter().map(|persons| -persons).collect();
        information.add_squares(&weights, values);
        for (persons, values) in persons.iter().zip(values) {
            for range in layout.ranges() {
                for a in range.clone() {
                    information.add(a, a, persons * values[a]);
                    for b in a..range.end {
                        information.add(a, b, -persons * values[a] * values[b]);
                    }
                }
            }
            information.add(deviation, deviation, 2.0 * persons * values[deviation]);
        }
    }
}

/// The most that a person within `reach` of 0 tells of their place.
fn most_information(layout: &Layout, eta: &[f64], reach: f64) -> f64 {
    let widest = layout.ranges().map(|range| range.len()).max();
    let half = (reach * widest.unwrap_or(1) as f64 / LOOK).ceil();
    let half = half.clamp(1.0, MOST_PLACES / 2.0);
    #[expect(clippy::cast_possible_truncation, reason = "at most a few thousand")]
    let places = (-(half as i32)..=half as i32).map(|at| f64::from(at) * reach / half);
    let at_place = |theta: f64| -> f64 {
        let items = layout.split(eta);
        items.map(|eta| information_of(eta, theta)).sum()
    };
    places.map(at_place).fold(0.0, f64::max)
}

/// The variance of the answer to an item.
fn information_of(eta: &[f64], theta: f64) -> f64 {
    let logits = (1_u32..).map(f64::from).zip(eta);
    let logits = logits.map(|(step, eta)| (step, step * theta - eta));
    let highest = logits.clone().fold(
        (0.0, 0.0),
        |highest: (f64, f64), one| {
            if one.1 > highest.1 { one } else { highest }
        },
    );
    // Around the most likely answer.
    let lowest = std::iter::once((0.0, 0.0));
    let (mut all, mut first, mut second) = (0.0, 0.0, 0.0);
    for (step, logit) in lowest.chain(logits) {
        let share = (logit - highest.1).exp();
        let distance = step - highest.0;
        all += share;
        first += share * distance;
        second += share * distance * distance;
    }
    let mean = first / all;
    second / all - mean * mean
}

fn scores_of(pattern: &Pattern) -> impl Iterator<Item = (f64, f64)> {
    let scores = (0_u32..).map(f64::from).zip(&pattern.scores);
    let occurring = scores.filter(|(_, count)| **count > 0);
    occurring.map(|(score, count)| (score, *count as f64))
}
