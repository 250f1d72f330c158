//! Answers to one item, turned the way of its scale.

use crate::stats::{Moments, Percent, Probability};
use crate::tally::ItemTally;

/// Answers to one item by step above the lowest value, after reversing.
#[derive(Debug, Clone)]
pub(super) struct Recoded(Vec<u64>);

impl Recoded {
    pub(super) fn of(item: &ItemTally, reversed: bool) -> Self {
        let mut counts = item.categories().to_vec();
        if reversed {
            counts.reverse();
        }
        Self(counts)
    }

    /// No answers to an item of `categories` categories.
    pub(super) fn none(categories: u8) -> Self {
        Self(vec![0; usize::from(categories)])
    }

    /// Adds the answers to another item with the same categories.
    pub(super) fn add(&mut self, other: &Self) {
        for (sum, count) in self.0.iter_mut().zip(&other.0) {
            *sum += count;
        }
    }

    /// Takes out answers of one step that are among these.
    pub(super) fn take_out(&mut self, step: usize, answers: u64) {
        if let Some(count) = self.0.get_mut(step) {
            *count = count.saturating_sub(answers);
        }
    }

    pub(super) fn counts(&self) -> &[u64] {
        &self.0
    }

    fn steps(&self) -> impl Iterator<Item = (u8, u64)> + Clone {
        (0..).zip(self.0.iter().copied())
    }

    pub(super) fn valid(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Sum of the steps of all answers.
    pub(super) fn sum(&self) -> u64 {
        self.steps()
            .map(|(step, count)| u64::from(step) * count)
            .sum()
    }

    /// Answers whose step is `wanted`.
    pub(super) fn count(&self, wanted: impl Fn(u8) -> bool) -> u64 {
        let wanted = self.steps().filter(|(step, _)| wanted(*step));
        wanted.map(|(_, count)| count).sum()
    }

    /// Share of the answers whose step is `wanted`; `None` without answers.
    pub(super) fn share(&self, wanted: impl Fn(u8) -> bool) -> Option<Percent> {
        percent(self.count(wanted), self.valid())
    }

    /// Moments of the answers in steps; `None` without answers.
    pub(super) fn moments(&self) -> Option<Moments> {
        Moments::of(self.steps().map(|(step, count)| (f64::from(step), count)))
    }
}

/// `part` of `all`; `None` of nothing.
pub(super) fn percent(part: u64, all: u64) -> Option<Percent> {
    Probability::clamped(part as f64 / all as f64).map(Probability::percent)
}
