//! Persons by their scores, and sums over persons, read from the counts of a scale.

use super::{PairSums, ScaleTally};
use crate::scoring::{RawScore, ValidShare};
use crate::stats::RatioSums;

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

    /// Sums over the persons who answered both items `i` and `j`; `None` unless both exist and differ.
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
    /// assert_eq!(scale.pair(0, 1).map(|pair| (pair.n, pair.product)), Some((2, 22)));
    /// ```
    #[must_use]
    pub fn pair(&self, i: usize, j: usize) -> Option<PairSums> {
        if i > j {
            return self.pair(j, i).map(PairSums::swapped);
        }
        if i == j || j >= self.items {
            return None;
        }
        // Rows of the upper triangle, without and with its diagonal.
        let pair = i * (2 * self.items - i - 1) / 2 + (j - i - 1);
        let product = pair + i + 1;
        let partial = self.pairs.get(4 * pair..)?.first_chunk::<4>()?;
        let [n, first, second, products] = partial;
        Some(PairSums {
            n: n + self.listwise(),
            first: first + self.sums.get(i)?,
            second: second + self.sums.get(j)?,
            product: products + self.products.get(product)?,
        })
    }

    /// Number of persons who answered every item.
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
    /// assert_eq!(scale.listwise(), 2);
    /// ```
    #[must_use]
    pub fn listwise(&self) -> u64 {
        self.complete.iter().sum()
    }

    /// Sum of steps per item over the persons who answered every item.
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
    /// assert_eq!(scale.sums(), [7, 6]);
    /// ```
    #[must_use]
    pub fn sums(&self) -> &[u64] {
        &self.sums
    }

    /// Sums of products of steps over the persons who answered every item: row by row, `j >= i`.
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
    /// assert_eq!(scale.products(), [25, 22, 20]);
    /// ```
    #[must_use]
    pub fn products(&self) -> &[u64] {
        &self.products
    }

    /// Sums for the pooled favourable share, over everybody with a valid answer.
    ///
    /// Favourable is what [`Rule::standard`](crate::scoring::Rule::standard) says, after reversing.
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
    /// // Four of six answers are favourable.
    /// assert_eq!((scale.ratio().favourable, scale.ratio().valid), (4, 6));
    /// ```
    #[must_use]
    pub fn ratio(&self) -> &RatioSums {
        &self.ratio
    }
}
