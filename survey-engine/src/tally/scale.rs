//! Answers to the items of one scale, taken together.

use std::collections::BTreeMap;

use crate::scoring::{ValidShare, favourable_categories};
use crate::stats::RatioSums;

/// Answers to the items of one scale. Values are *steps*: recoded values minus the lowest, so `0..m` for `m` categories.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ScaleTally {
    pub(super) items: usize,
    pub(super) categories: u8,
    pub(super) complete: Vec<u64>,
    pub(super) partial: BTreeMap<(u64, u32), u64>,
    pub(super) sums: Vec<u64>,
    pub(super) products: Vec<u64>,
    pub(super) ratio: RatioSums,
}

impl ScaleTally {
    pub(super) fn new(items: usize, categories: u8) -> Self {
        let steps = usize::from(categories).saturating_sub(1);
        Self {
            items,
            categories,
            complete: vec![0; items * steps + 1],
            partial: BTreeMap::new(),
            sums: vec![0; items],
            products: vec![0; items * (items + 1) / 2],
            ratio: RatioSums::default(),
        }
    }

    /// Records one person: the answered items as a mask, and the steps of all items, 0 where there is no valid answer.
    pub(super) fn record(&mut self, answered: u64, steps: &[u8]) {
        if answered == 0 {
            return;
        }
        // Never 0, so that no missing answer is favourable.
        let threshold = self.categories - favourable_categories(self.categories);
        let sum: u32 = steps.iter().map(|step| u32::from(*step)).sum();
        let favourable: u64 = steps.iter().map(|step| u64::from(*step >= threshold)).sum();
        let valid = u64::from(answered.count_ones());
        self.ratio.favourable += favourable;
        self.ratio.valid += valid;
        self.ratio.favourable_squared += favourable * favourable;
        self.ratio.favourable_valid += favourable * valid;
        self.ratio.valid_squared += valid * valid;
        if valid < steps.len() as u64 {
            *self.partial.entry((answered, sum)).or_default() += 1;
            return;
        }
        if let Some(count) = self.complete.get_mut(sum as usize) {
            *count += 1;
        }
        let mut products = self.products.iter_mut();
        let mut rest = steps;
        for total in &mut self.sums {
            let Some((step, others)) = rest.split_first() else {
                break;
            };
            *total += u64::from(*step);
            for (other, product) in rest.iter().zip(&mut products) {
                *product += u64::from(*step) * u64::from(*other);
            }
            rest = others;
        }
    }

    pub(super) fn ratio_sums(&self) -> [u64; 5] {
        let RatioSums {
            favourable,
            valid,
            favourable_squared,
            favourable_valid,
            valid_squared,
        } = self.ratio;
        [
            favourable,
            valid,
            favourable_squared,
            favourable_valid,
            valid_squared,
        ]
    }

    /// Number of items `k`.
    #[must_use]
    pub fn items(&self) -> usize {
        self.items
    }

    /// Number of categories `m` of each item.
    #[must_use]
    pub fn categories(&self) -> u8 {
        self.categories
    }

    /// Persons who answered every item, by raw score `0..=k (m - 1)`.
    #[must_use]
    pub fn complete(&self) -> &[u64] {
        &self.complete
    }

    /// Persons who answered some of the items: the set of answered items (bit `i` is item `i` of the scale), the raw score over
    /// them, and how many persons.
    pub fn partial(&self) -> impl Iterator<Item = (u64, u32, u64)> + Clone {
        self.partial
            .iter()
            .map(|((mask, sum), count)| (*mask, *sum, *count))
    }

    /// Number of persons who answered every item.
    #[must_use]
    pub fn listwise(&self) -> u64 {
        self.complete.iter().sum()
    }

    /// Sum of steps per item over the persons who answered every item.
    #[must_use]
    pub fn sums(&self) -> &[u64] {
        &self.sums
    }

    /// Sums of products of steps over the persons who answered every item: row by row, `j >= i`.
    #[must_use]
    pub fn products(&self) -> &[u64] {
        &self.products
    }

    /// Sums for the pooled favourable share, over everybody with a valid answer.
    #[must_use]
    pub fn ratio(&self) -> &RatioSums {
        &self.ratio
    }

    /// Persons with at least one valid answer.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.listwise() + self.partial.values().sum::<u64>()
    }

    /// Persons by number of answered items and raw score: `(answered, raw score, persons)`.
    pub fn scores(&self) -> impl Iterator<Item = (u32, u32, u64)> + Clone {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "at most 64 items of 240 categories"
        )]
        let complete = self
            .complete
            .iter()
            .enumerate()
            .map(|(sum, count)| (self.items as u32, sum as u32, *count));
        let partial = self
            .partial()
            .map(|(mask, sum, count)| (mask.count_ones(), sum, count));
        complete.chain(partial).filter(|(_, _, count)| *count > 0)
    }

    /// Persons who answered at least `share` of the items.
    #[must_use]
    pub fn scored(&self, share: ValidShare) -> u64 {
        self.scored_scores(share).map(|(_, _, count)| count).sum()
    }

    /// [`scores`](Self::scores) of the persons who answered at least `share` of the items.
    pub fn scored_scores(
        &self,
        share: ValidShare,
    ) -> impl Iterator<Item = (u32, u32, u64)> + Clone {
        #[expect(clippy::cast_possible_truncation, reason = "at most 64 items")]
        let items = self.items as u32;
        self.scores()
            .filter(move |(answered, _, _)| share.is_met(*answered, items))
    }
}

pub(super) fn ratio_sums_mut(ratio: &mut RatioSums) -> [&mut u64; 5] {
    let RatioSums {
        favourable,
        valid,
        favourable_squared,
        favourable_valid,
        valid_squared,
    } = ratio;
    [
        favourable,
        valid,
        favourable_squared,
        favourable_valid,
        valid_squared,
    ]
}
