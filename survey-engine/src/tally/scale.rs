//! Answers to the items of one scale, taken together.

use super::cells::{Pattern, ScoreCells};
use super::sparse::Sparse;
use crate::scoring::favourable_categories;
use crate::stats::RatioSums;

/// Up to so many items it is kept which of them a person answered; beyond, only how many.
pub const MAX_PATTERN_ITEMS: usize = 12;

/// Up to so many combinations of raw score, item and category are counted; of wider scales none.
pub const MAX_SCORE_CELLS: usize = 1 << 16;

/// Answers to the items of one scale. Values are *steps*: recoded values minus the lowest, so `0..m` for `m` categories.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ScaleTally {
    pub(super) items: usize,
    pub(super) categories: u8,
    pub(super) complete: Vec<u64>,
    /// By raw score, item and step, of persons who answered every item. Empty for a scale with too many.
    pub(super) cells: Vec<u64>,
    pub(super) sums: Vec<u64>,
    pub(super) products: Vec<u64>,
    /// Persons, first, second and product per pair `i < j`, of persons who answered both but not every item.
    pub(super) pairs: Vec<u64>,
    pub(super) ratio: RatioSums,
    /// By answered items and raw score.
    pub(super) partial: Sparse<(u64, u32)>,
    /// By answered items, and item and step as `item * categories + step`; only up to [`MAX_PATTERN_ITEMS`].
    pub(super) partial_cells: Sparse<(u64, u32)>,
}

impl ScaleTally {
    pub(super) fn new(items: usize, categories: u8) -> Self {
        let steps = usize::from(categories).saturating_sub(1);
        let scores = items * steps + 1;
        let cells = scores * items * usize::from(categories);
        Self {
            items,
            categories,
            complete: vec![0; scores],
            cells: vec![0; if cells <= MAX_SCORE_CELLS { cells } else { 0 }],
            sums: vec![0; items],
            products: vec![0; items * (items + 1) / 2],
            pairs: vec![0; 4 * (items * items.saturating_sub(1) / 2)],
            ratio: RatioSums::default(),
            partial: Sparse::default(),
            partial_cells: Sparse::default(),
        }
    }

    /// Records `persons` with the same answers: the answered items as a mask, and the steps of all items, 0 where there is no valid
    /// answer.
    pub(super) fn record(&mut self, answered: u64, steps: &[u8], persons: u64) {
        if let Some(sum) = self.record_sums(answered, steps, persons) {
            self.record_pattern(answered, steps, sum, persons);
        }
    }

    /// Records everything but the pattern of persons who answered some of the items; returns their raw score.
    pub(super) fn record_sums(&mut self, answered: u64, steps: &[u8], persons: u64) -> Option<u32> {
        if answered == 0 {
            return None;
        }
        // Never 0, so that no missing answer is favourable.
        let threshold = self.categories - favourable_categories(self.categories);
        let sum: u32 = steps.iter().map(|step| u32::from(*step)).sum();
        let favourable: u64 = steps.iter().map(|step| u64::from(*step >= threshold)).sum();
        let valid = u64::from(answered.count_ones());
        self.ratio.favourable += persons * favourable;
        self.ratio.valid += persons * valid;
        self.ratio.favourable_squared += persons * favourable * favourable;
        self.ratio.favourable_valid += persons * favourable * valid;
        self.ratio.valid_squared += persons * valid * valid;
        if valid < steps.len() as u64 {
            self.record_pairs(answered, steps, persons);
            return Some(sum);
        }
        self.record_complete(steps, sum, persons);
        None
    }

    fn record_complete(&mut self, steps: &[u8], sum: u32, persons: u64) {
        let sum = sum as usize;
        if let Some(count) = self.complete.get_mut(sum) {
            *count += persons;
        }
        let categories = usize::from(self.categories);
        let row = self.items * categories;
        if let Some(cells) = self.cells.get_mut(sum * row..(sum + 1) * row) {
            for (cells, step) in cells.chunks_exact_mut(categories).zip(steps) {
                if let Some(count) = cells.get_mut(usize::from(*step)) {
                    *count += persons;
                }
            }
        }
        let mut products = self.products.iter_mut();
        let mut rest = steps;
        for total in &mut self.sums {
            let Some((step, others)) = rest.split_first() else {
                break;
            };
            let weighted = persons * u64::from(*step);
            *total += weighted;
            for (other, product) in rest.iter().zip(&mut products) {
                *product += weighted * u64::from(*other);
            }
            rest = others;
        }
    }

    fn record_pattern(&mut self, answered: u64, steps: &[u8], sum: u32, persons: u64) {
        if self.items > MAX_PATTERN_ITEMS {
            // The lowest bits stand for how many.
            let number = answered.count_ones();
            self.partial.add(((1 << number) - 1, sum), persons);
            return;
        }
        self.partial.add((answered, sum), persons);
        for (cell, step) in (0..).step_by(usize::from(self.categories)).zip(steps) {
            if answered >> (cell / u32::from(self.categories)) & 1 == 1 {
                self.partial_cells
                    .add((answered, cell + u32::from(*step)), persons);
            }
        }
    }

    fn record_pairs(&mut self, answered: u64, steps: &[u8], persons: u64) {
        let has = |item: usize| answered >> item & 1 == 1;
        let mut pairs = self.pairs.chunks_exact_mut(4);
        for (i, first) in steps.iter().enumerate() {
            for (j, second) in steps.iter().enumerate().skip(i + 1) {
                let Some([n, firsts, seconds, products]) = pairs.next() else {
                    return;
                };
                if has(i) && has(j) {
                    let weighted = persons * u64::from(*first);
                    *n += persons;
                    *firsts += weighted;
                    *seconds += persons * u64::from(*second);
                    *products += weighted * u64::from(*second);
                }
            }
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
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// let mut tally = Tally::new(&blueprint);
    /// for packed in [[5, 1], [4, 3], [3, 255], [0, 2]] {
    ///     tally.add(&blueprint, &packed).unwrap();
    /// }
    /// # let scale = &tally.scales()[0];
    /// assert_eq!(scale.items(), 2);
    /// ```
    #[must_use]
    pub fn items(&self) -> usize {
        self.items
    }

    /// Number of categories `m` of each item.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// let mut tally = Tally::new(&blueprint);
    /// for packed in [[5, 1], [4, 3], [3, 255], [0, 2]] {
    ///     tally.add(&blueprint, &packed).unwrap();
    /// }
    /// # let scale = &tally.scales()[0];
    /// assert_eq!(scale.categories(), 5);
    /// ```
    #[must_use]
    pub fn categories(&self) -> u8 {
        self.categories
    }

    /// Persons who answered every item, by raw score `0..=k (m - 1)`.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// let mut tally = Tally::new(&blueprint);
    /// for packed in [[5, 1], [4, 3], [3, 255], [0, 2]] {
    ///     tally.add(&blueprint, &packed).unwrap();
    /// }
    /// # let scale = &tally.scales()[0];
    /// assert_eq!(scale.complete(), [0, 0, 0, 0, 0, 1, 0, 0, 1]);
    /// ```
    #[must_use]
    pub fn complete(&self) -> &[u64] {
        &self.complete
    }

    /// Persons who answered every item, by raw score, item and category; `None` for a scale with more than
    /// [`MAX_SCORE_CELLS`] combinations.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// let mut tally = Tally::new(&blueprint);
    /// for packed in [[5, 1], [4, 3], [3, 255], [0, 2]] {
    ///     tally.add(&blueprint, &packed).unwrap();
    /// }
    /// # let scale = &tally.scales()[0];
    /// assert!(scale.cells().is_some());
    /// ```
    #[must_use]
    pub fn cells(&self) -> Option<ScoreCells<'_>> {
        ScoreCells::new(&self.cells, self.items, usize::from(self.categories))
    }

    /// Persons who answered every item, by their category of item `item`; `None` where [`cells`](Self::cells) is, or without such
    /// an item.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// let mut tally = Tally::new(&blueprint);
    /// for packed in [[5, 1], [4, 3], [3, 255], [0, 2]] {
    ///     tally.add(&blueprint, &packed).unwrap();
    /// }
    /// # let scale = &tally.scales()[0];
    /// assert_eq!(scale.categories_of(1), Some(vec![0, 0, 1, 0, 1]));
    /// ```
    #[must_use]
    pub fn categories_of(&self, item: usize) -> Option<Vec<u64>> {
        self.cells()?.categories_of(item)
    }

    /// The persons by the set of items they answered, those who answered all included; `None` for a scale of more than
    /// [`MAX_PATTERN_ITEMS`] items or without [`cells`](Self::cells).
    ///
    /// In ascending order of the sets; nobody is in it who answered nothing.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// let mut tally = Tally::new(&blueprint);
    /// for packed in [[5, 1], [4, 3], [3, 255], [0, 2]] {
    ///     tally.add(&blueprint, &packed).unwrap();
    /// }
    /// # let scale = &tally.scales()[0];
    /// // Only the first item, only the second, both.
    /// assert_eq!(scale.patterns().map(|patterns| patterns.len()), Some(3));
    /// ```
    #[must_use]
    pub fn patterns(&self) -> Option<Vec<Pattern>> {
        let cells = self.incomplete_cells()?;
        let mut patterns: Vec<Pattern> = Vec::new();
        for ((answered, sum), persons) in self.partial.iter() {
            if patterns.last().map(|pattern| pattern.answered) != Some(answered) {
                patterns.push(Pattern::empty(answered, self.items, self.categories));
            }
            let pattern = patterns.last_mut();
            if let Some(count) = pattern.and_then(|p| p.scores.get_mut(sum as usize)) {
                *count += persons;
            }
        }
        let mut open = patterns.iter_mut().peekable();
        for (answered, item, category, persons) in cells {
            while open
                .next_if(|pattern| pattern.answered < answered)
                .is_some()
            {}
            let counts = open.peek_mut().and_then(|p| p.categories.get_mut(item));
            if let Some(count) = counts.and_then(|counts| counts.get_mut(category)) {
                *count += persons;
            }
        }
        let all = u64::MAX >> (64 - self.items);
        let mut whole = Pattern::empty(all, self.items, self.categories);
        whole.scores.clone_from(&self.complete);
        for (item, counts) in whole.categories.iter_mut().enumerate() {
            *counts = self.categories_of(item)?;
        }
        if self.listwise() > 0 {
            patterns.push(whole);
        }
        Some(patterns)
    }

    /// The cells of persons who did not answer every item: the answered items, item, category, persons; in this order. `None` where
    /// [`patterns`](Self::patterns) is.
    pub(crate) fn incomplete_cells(
        &self,
    ) -> Option<impl Iterator<Item = (u64, usize, usize, u64)> + Clone> {
        let categories = u32::from(self.categories);
        let cells = self.partial_cells.iter();
        let cells = cells.map(move |((answered, cell), persons)| {
            let (item, category) = (cell / categories, cell % categories);
            (answered, item as usize, category as usize, persons)
        });
        (self.items <= MAX_PATTERN_ITEMS && !self.cells.is_empty()).then_some(cells)
    }

    /// Adds the persons of a tally of the same shape.
    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.dense_mut().zip(other.dense()) {
            *mine += theirs;
        }
        self.partial.merge(&other.partial);
        self.partial_cells.merge(&other.partial_cells);
    }

    /// Takes out the persons of a tally that were added before.
    pub(super) fn unmerge(&mut self, other: &Self) {
        for (mine, theirs) in self.dense_mut().zip(other.dense()) {
            *mine -= theirs;
        }
        self.partial.unmerge(&other.partial);
        self.partial_cells.unmerge(&other.partial_cells);
    }

    /// Every count that each tally of this shape has, in a fixed order.
    pub(super) fn dense(&self) -> impl Iterator<Item = u64> {
        let counts = [
            &self.complete,
            &self.cells,
            &self.sums,
            &self.products,
            &self.pairs,
        ];
        counts
            .into_iter()
            .flatten()
            .copied()
            .chain(self.ratio_sums())
    }

    pub(super) fn dense_mut(&mut self) -> impl Iterator<Item = &mut u64> {
        let counts = [
            &mut self.complete,
            &mut self.cells,
            &mut self.sums,
            &mut self.products,
            &mut self.pairs,
        ];
        let counts = counts.into_iter().flatten();
        counts.chain(ratio_sums_mut(&mut self.ratio))
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
