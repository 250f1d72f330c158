//! Answers as they are expected, without drawing any.

use survey_engine::calibration::{Counts, Thresholds};

/// Expected counts of `persons` persons at each of many places.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of at most some millions"
)]
pub(crate) fn expected(thresholds: &Thresholds, persons: f64) -> Counts {
    let mut categories: Vec<Vec<f64>> = thresholds
        .items()
        .iter()
        .map(|item| vec![0.0; item.len() + 1])
        .collect();
    let mut scores = vec![0.0; thresholds.highest().place() + 1];
    for step in -30..=30 {
        let theta = f64::from(step) / 10.0;
        let weight = persons * (-theta * theta / 2.0).exp();
        let mut sums = vec![1.0];
        for (item, totals) in categories.iter_mut().enumerate() {
            let probabilities = thresholds.probabilities(item, theta);
            let mut next = vec![0.0; sums.len() + probabilities.len() - 1];
            for (at, sum) in sums.iter().enumerate() {
                for (step, probability) in probabilities.iter().enumerate() {
                    next[at + step] += sum * probability;
                }
            }
            for (total, probability) in totals.iter_mut().zip(&probabilities) {
                *total += weight * probability;
            }
            sums = next;
        }
        for (total, sum) in scores.iter_mut().zip(&sums) {
            *total += weight * sum;
        }
    }
    let whole = |values: &[f64]| {
        values
            .iter()
            .map(|value| value.round() as u64)
            .collect::<Vec<u64>>()
    };
    let mut scores = whole(&scores);
    let persons: u64 = scores.iter().sum();
    let mut categories: Vec<Vec<u64>> = categories.iter().map(|counts| whole(counts)).collect();
    // Rounding is made good in the middle, by a few persons in millions.
    for counts in &mut categories {
        let middle = counts.len() / 2;
        counts[middle] = persons - (counts.iter().sum::<u64>() - counts[middle]);
    }
    let steps = |counts: &[u64]| {
        (0..)
            .zip(counts)
            .map(|(at, count): (u64, &u64)| at * count)
            .sum::<u64>()
    };
    let answers: u64 = categories.iter().map(|counts| steps(counts)).sum();
    let middle = scores.len() / 2;
    let there = steps(&scores);
    let moved = answers.abs_diff(there);
    scores[middle] -= moved;
    scores[if answers > there {
        middle + 1
    } else {
        middle - 1
    }] += moved;
    Counts::complete(&categories, &scores).unwrap()
}

/// Items in equal distances over one logit, each with thresholds in equal distances over `spread` logits.
pub(crate) fn ladder(items: usize, categories: usize, spread: f64) -> Thresholds {
    let item = |item: usize| {
        let place = item as f64 / (items - 1) as f64 - 0.5;
        let top = categories - 2;
        (0..=top)
            .map(|at| place + spread * (at as f64 / top.max(1) as f64 - 0.5))
            .collect()
    };
    Thresholds::new((0..items).map(item).collect())
        .unwrap()
        .centred()
}
