//! Views into the counts of a scale.

use crate::scoring::RawScore;

/// Persons who answered every item of a scale, by raw score, item and category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScoreCells<'a> {
    counts: &'a [u64],
    items: usize,
    categories: usize,
}

impl<'a> ScoreCells<'a> {
    pub(super) fn new(counts: &'a [u64], items: usize, categories: usize) -> Option<Self> {
        (!counts.is_empty()).then_some(Self {
            counts,
            items,
            categories,
        })
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
    /// assert_eq!(scale.cells().unwrap().items(), 2);
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
    /// assert_eq!(scale.cells().unwrap().categories(), 5);
    /// ```
    #[must_use]
    pub fn categories(&self) -> usize {
        self.categories
    }

    /// The highest possible raw score, `k (m - 1)`.
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
    /// assert_eq!(scale.cells().unwrap().highest(), RawScore(8));
    /// ```
    #[must_use]
    pub fn highest(&self) -> RawScore {
        let scores = self.counts.len() / (self.items * self.categories);
        RawScore::at(scores.saturating_sub(1)).unwrap_or_default()
    }

    /// All possible raw scores, from 0.
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
    /// assert_eq!(scale.cells().unwrap().scores().count(), 9);
    /// ```
    pub fn scores(&self) -> impl Iterator<Item = RawScore> + Clone + use<> {
        self.highest().and_below()
    }

    /// The persons with raw score `score`, by their category of item `item` (from 0, after reversing); empty outside the scale.
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
    /// // One person answered 5 and, turned, 5.
    /// assert_eq!(scale.cells().unwrap().row(RawScore(8), 1), [0, 0, 0, 0, 1]);
    /// ```
    #[must_use]
    pub fn row(&self, score: RawScore, item: usize) -> &'a [u64] {
        let at = (score.place() * self.items + item) * self.categories;
        let row = self.counts.get(at..at + self.categories);
        row.filter(|_| item < self.items).unwrap_or_default()
    }

    /// The persons with raw score `score` who gave item `item` the category `category`; 0 outside the scale.
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
    /// assert_eq!(scale.cells().unwrap().count(RawScore(5), 0, 3), 1);
    /// ```
    #[must_use]
    pub fn count(&self, score: RawScore, item: usize, category: usize) -> u64 {
        let row = self.row(score, item);
        row.get(category).copied().unwrap_or_default()
    }

    /// All persons by their category of item `item`; `None` if there is no such item.
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
    /// assert_eq!(scale.cells().unwrap().categories_of(0), Some(vec![0, 0, 0, 1, 1]));
    /// ```
    #[must_use]
    pub fn categories_of(&self, item: usize) -> Option<Vec<u64>> {
        let mut all = vec![0; self.categories];
        for score in self.scores() {
            for (total, count) in all.iter_mut().zip(self.row(score, item)) {
                *total += count;
            }
        }
        (item < self.items).then_some(all)
    }
}

/// The persons who answered the same items of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The answered items: bit `i` is item `i` of the scale.
    pub answered: u64,
    /// Persons by raw score over the answered items.
    pub scores: Vec<u64>,
    /// Persons by category (from 0, after reversing), per item of the scale; all 0 for items that were not answered.
    pub categories: Vec<Vec<u64>>,
}

impl Pattern {
    pub(super) fn empty(answered: u64, items: usize, categories: u8) -> Self {
        let highest = usize::from(categories) - 1;
        Self {
            answered,
            scores: vec![0; answered.count_ones() as usize * highest + 1],
            categories: vec![vec![0; usize::from(categories)]; items],
        }
    }
}

/// Sums over the persons who answered two items. Values are steps above the lowest, after reversing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairSums {
    /// Persons.
    pub n: u64,
    /// Sum of the first item.
    pub first: u64,
    /// Sum of the second item.
    pub second: u64,
    /// Sum of the products.
    pub product: u64,
}

impl PairSums {
    pub(super) fn swapped(self) -> Self {
        Self {
            first: self.second,
            second: self.first,
            ..self
        }
    }
}
