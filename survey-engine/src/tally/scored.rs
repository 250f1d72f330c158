//! Persons by their scores, read from the counts of a scale.

use super::ScaleTally;
use crate::scoring::{RawScore, ValidShare};

impl ScaleTally {
    /// Persons who answered some of the items: the set of answered items (bit `i` is item `i` of the scale), the raw score over
    /// them, and how many persons.
    ///
    /// For a scale of more than [`MAX_PATTERN_ITEMS`](super::MAX_PATTERN_ITEMS) items only the number of bits tells something: how many
    /// were answered.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan, ValidShare};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let mut tally = Tally::new(&blueprint);
    /// tally.add(&blueprint, &[5, 3])?;
    /// tally.add(&blueprint, &[4, 0])?;
    /// let scale = &tally.scales()[0];
    /// assert_eq!(scale.partial().collect::<Vec<_>>(), [(0b01, RawScore(3), 1)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn partial(&self) -> impl Iterator<Item = (u64, RawScore, u64)> + Clone {
        self.partial
            .iter()
            .map(|((mask, sum), count)| (mask, RawScore(sum), count))
    }

    /// Persons with at least one valid answer.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan, ValidShare};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let mut tally = Tally::new(&blueprint);
    /// tally.add(&blueprint, &[5, 3])?;
    /// tally.add(&blueprint, &[4, 0])?;
    /// let scale = &tally.scales()[0];
    /// assert_eq!(scale.answered(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn answered(&self) -> u64 {
        let partial: u64 = self.partial.iter().map(|(_, persons)| persons).sum();
        self.listwise() + partial
    }

    /// Persons by number of answered items and raw score: `(answered, raw score, persons)`.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan, ValidShare};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let mut tally = Tally::new(&blueprint);
    /// tally.add(&blueprint, &[5, 3])?;
    /// tally.add(&blueprint, &[4, 0])?;
    /// let scale = &tally.scales()[0];
    /// assert_eq!(scale.scores().collect::<Vec<_>>(), [(2, RawScore(6), 1), (1, RawScore(3), 1)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn scores(&self) -> impl Iterator<Item = (u32, RawScore, u64)> + Clone {
        #[expect(clippy::cast_possible_truncation, reason = "at most 64 items")]
        let items = self.items as u32;
        let complete = (0..).map(RawScore).zip(&self.complete);
        let complete = complete.map(move |(sum, count)| (items, sum, *count));
        let partial = self
            .partial()
            .map(|(mask, sum, count)| (mask.count_ones(), sum, count));
        complete.chain(partial).filter(|(_, _, count)| *count > 0)
    }

    /// Persons who answered at least `share` of the items.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan, ValidShare};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let mut tally = Tally::new(&blueprint);
    /// tally.add(&blueprint, &[5, 3])?;
    /// tally.add(&blueprint, &[4, 0])?;
    /// let scale = &tally.scales()[0];
    /// assert_eq!(scale.scored(ValidShare::HALF), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn scored(&self, share: ValidShare) -> u64 {
        self.scored_scores(share).map(|(_, _, count)| count).sum()
    }

    /// [`scores`](Self::scores) of the persons who answered at least `share` of the items.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan, ValidShare};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let mut tally = Tally::new(&blueprint);
    /// tally.add(&blueprint, &[5, 3])?;
    /// tally.add(&blueprint, &[4, 0])?;
    /// let scale = &tally.scales()[0];
    /// let all = ValidShare::new(1, 1).ok_or("no share")?;
    /// assert_eq!(scale.scored_scores(all).collect::<Vec<_>>(), [(2, RawScore(6), 1)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn scored_scores(
        &self,
        share: ValidShare,
    ) -> impl Iterator<Item = (u32, RawScore, u64)> + Clone {
        #[expect(clippy::cast_possible_truncation, reason = "at most 64 items")]
        let items = self.items as u32;
        self.scores()
            .filter(move |(answered, _, _)| share.is_met(*answered, items))
    }
}
