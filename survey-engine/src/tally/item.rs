//! Answers to one item.

use crate::answers::PackedCode;
use crate::questionnaire::MissingKind;
use crate::scoring::ItemPlan;

/// Row of the blank answers; those of the categories follow.
const BLANK: usize = 0;
/// Number of rows that are no category.
const KINDS: usize = 5;

/// Answers to one item: how many chose each category, and how many did not choose one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemTally {
    /// Blank, the categories from the lowest, not shown, prefer not to say, not applicable, don't know.
    counts: Vec<u64>,
}

impl ItemTally {
    pub(super) fn new(plan: &ItemPlan) -> Self {
        Self {
            counts: vec![0; usize::from(plan.categories) + KINDS],
        }
    }

    /// Wraps counts in storage order; `None` if there is not even one category.
    pub(super) fn from_counts(counts: Vec<u64>) -> Option<Self> {
        (counts.len() > KINDS).then_some(Self { counts })
    }

    pub(super) fn counts(&self) -> &[u64] {
        &self.counts
    }

    pub(super) fn counts_mut(&mut self) -> &mut [u64] {
        &mut self.counts
    }

    pub(super) fn fits(&self, plan: &ItemPlan) -> bool {
        self.counts.len() == usize::from(plan.categories) + KINDS
    }

    pub(super) fn record(&mut self, answer: PackedCode) {
        let categories = self.counts.len() - KINDS;
        let row = match answer {
            PackedCode::Unanswered => BLANK,
            PackedCode::Value(category) => usize::from(category),
            PackedCode::NotShown => categories + 1,
            PackedCode::Missing(MissingKind::PreferNotToSay) => categories + 2,
            PackedCode::Missing(MissingKind::NotApplicable) => categories + 3,
            PackedCode::Missing(MissingKind::DontKnow) => categories + 4,
        };
        if let Some(count) = self.counts.get_mut(row) {
            *count += 1;
        }
    }

    /// Persons by category, from the lowest, before any reversing.
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
    /// assert_eq!(tally.items()[0].categories(), [0, 0, 1, 1, 1]);
    /// ```
    #[must_use]
    pub fn categories(&self) -> &[u64] {
        self.counts
            .get(1..=self.counts.len() - KINDS)
            .unwrap_or_default()
    }

    /// Persons who chose a category.
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
    /// assert_eq!(tally.items()[0].valid(), 3);
    /// ```
    #[must_use]
    pub fn valid(&self) -> u64 {
        self.categories().iter().sum()
    }

    /// Persons who were asked and left it unanswered.
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
    /// assert_eq!(tally.items()[0].blank(), 1);
    /// ```
    #[must_use]
    pub fn blank(&self) -> u64 {
        self.counts.first().copied().unwrap_or_default()
    }

    /// Persons who were not asked.
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
    /// assert_eq!(tally.items()[1].not_shown(), 0);
    /// ```
    #[must_use]
    pub fn not_shown(&self) -> u64 {
        self.after_categories(0)
    }

    /// Persons who preferred not to say.
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
    /// assert_eq!(tally.items()[1].prefer_not_to_say(), 0);
    /// ```
    #[must_use]
    pub fn prefer_not_to_say(&self) -> u64 {
        self.after_categories(1)
    }

    /// Persons to whom it does not apply.
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
    /// assert_eq!(tally.items()[1].not_applicable(), 0);
    /// ```
    #[must_use]
    pub fn not_applicable(&self) -> u64 {
        self.after_categories(2)
    }

    /// Persons who do not know.
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
    /// assert_eq!(tally.items()[1].dont_know(), 1);
    /// ```
    #[must_use]
    pub fn dont_know(&self) -> u64 {
        self.after_categories(3)
    }

    fn after_categories(&self, position: usize) -> u64 {
        self.counts
            .iter()
            .rev()
            .nth(3 - position)
            .copied()
            .unwrap_or_default()
    }
}
