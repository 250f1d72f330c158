//! What is counted of one item.

use serde::Serialize;

use crate::scoring::RawScore;
use crate::tally::ScoreCells;

/// Fewest persons of a group for a figure that means something; 200 are better.
///
/// Below it the standard errors are so wide that only extreme items are found, and these by chance. Nothing is refused: see
/// [`StudiedItem::has_few`].
pub const FEWEST_PERSONS: u64 = 100;

/// Why an item cannot be compared between two groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DifUndefined {
    /// The counts of the two groups do not have the same scores and categories.
    #[error("the counts of the groups do not have the same scores and categories")]
    Shape,
    /// A group is empty.
    #[error("a group has nobody who answered every item")]
    EmptyGroup,
    /// Everybody chose the same category.
    #[error("everybody chose the same category")]
    OneCategory,
    /// The method compares two categories, and the item has more.
    #[error("the item has more than two categories")]
    NotDichotomous,
    /// There is no raw score at which both groups are present and answers differ.
    #[error("at no score are there persons of both groups with different answers")]
    NothingInCommon,
    /// Everybody has the same raw score.
    #[error("everybody has the same raw score")]
    OneScore,
    /// Score or group separate the categories completely, so that a coefficient has no finite estimate.
    #[error("score or group separate the categories completely")]
    Separated,
    /// The likelihood was not maximised within the allowed number of steps.
    #[error("the likelihood was not maximised")]
    NotConverged,
}

/// One of the two groups that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The group that is compared with, coded 0.
    Reference,
    /// The group an item might be unfair to, coded 1.
    Focal,
}

/// Persons by group, raw score and category of one item. Only persons who answered every item of the scale count.
///
/// Categories are steps from 0, reversed items already turned. Counts of several units, or of several groups that form one side,
/// add up by [`merge`](Self::merge).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StudiedItem {
    categories: usize,
    /// By score, then by category.
    reference: Vec<u64>,
    focal: Vec<u64>,
}

impl StudiedItem {
    /// No persons yet, for raw scores up to `highest` and `categories` categories.
    ///
    /// ```
    /// use survey_engine::dif::{Side, StudiedItem};
    /// use survey_engine::scoring::RawScore;
    /// let mut item = StudiedItem::new(RawScore(8), 5);
    /// item.add(Side::Focal, RawScore(6), 3, 1)?;
    /// assert_eq!(item.persons(Side::Focal), 1);
    /// # Ok::<(), survey_engine::dif::DifUndefined>(())
    /// ```
    #[must_use]
    pub fn new(highest: RawScore, categories: u8) -> Self {
        let categories = usize::from(categories);
        let cells = (highest.place() + 1) * categories;
        Self {
            categories,
            reference: vec![0; cells],
            focal: vec![0; cells],
        }
    }

    /// Counts `persons` of one group with this raw score who chose this category.
    ///
    /// # Errors
    /// [`DifUndefined::Shape`] outside the scores and categories.
    ///
    /// ```
    /// use survey_engine::dif::{Side, StudiedItem};
    /// use survey_engine::scoring::RawScore;
    /// let mut item = StudiedItem::new(RawScore(8), 5);
    /// assert!(item.add(Side::Focal, RawScore(6), 3, 2).is_ok());
    /// assert!(item.add(Side::Focal, RawScore(9), 3, 2).is_err());
    /// ```
    pub fn add(
        &mut self,
        side: Side,
        score: RawScore,
        category: u8,
        persons: u64,
    ) -> Result<(), DifUndefined> {
        let category = usize::from(category);
        if category >= self.categories {
            return Err(DifUndefined::Shape);
        }
        let at = score.place() * self.categories + category;
        let counts = match side {
            Side::Reference => &mut self.reference,
            Side::Focal => &mut self.focal,
        };
        *counts.get_mut(at).ok_or(DifUndefined::Shape)? += persons;
        Ok(())
    }

    /// Counts the persons of a tally: item `item` of a scale with the same scores and categories.
    ///
    /// # Errors
    /// [`DifUndefined::Shape`] for other scores or categories, or if the scale has no such item.
    ///
    /// ```
    /// use survey_engine::dif::{Side, StudiedItem, mantel};
    /// use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// use survey_engine::tally::Tally;
    /// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 4, lowest: 1 };
    /// let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
    /// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// let form = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let mut dutch = Tally::new(&form);
    /// for answers in [[3, 2], [2, 3], [4, 1]] {
    ///     dutch.add(&form, &answers)?;
    /// }
    /// let mut frisian = Tally::new(&form);
    /// for answers in [[2, 3], [1, 4], [1, 4]] {
    ///     frisian.add(&form, &answers)?;
    /// }
    /// let mut studied = StudiedItem::new(RawScore(6), 4);
    /// studied.add_cells(Side::Reference, &dutch.scales()[0].cells().unwrap(), 0)?;
    /// studied.add_cells(Side::Focal, &frisian.scales()[0].cells().unwrap(), 0)?;
    /// assert!(studied.has_few());
    /// assert!((mantel(&studied)?.mean_difference + 5.0 / 3.0).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_cells(
        &mut self,
        side: Side,
        cells: &ScoreCells<'_>,
        item: usize,
    ) -> Result<(), DifUndefined> {
        let fits = cells.categories() == self.categories
            && (cells.highest().place() + 1) * self.categories == self.reference.len()
            && item < cells.items();
        if !fits {
            return Err(DifUndefined::Shape);
        }
        let counts = match side {
            Side::Reference => &mut self.reference,
            Side::Focal => &mut self.focal,
        };
        let persons = cells.scores().flat_map(|score| cells.row(score, item));
        for (count, more) in counts.iter_mut().zip(persons) {
            *count += more;
        }
        Ok(())
    }

    /// Adds the persons of `other`.
    ///
    /// # Errors
    /// [`DifUndefined::Shape`] for other scores or categories; nothing changes then.
    ///
    /// ```
    /// use survey_engine::dif::{Side, StudiedItem};
    /// use survey_engine::scoring::RawScore;
    /// let mut north = StudiedItem::new(RawScore(2), 2);
    /// north.add(Side::Reference, RawScore(1), 0, 5)?;
    /// let mut south = StudiedItem::new(RawScore(2), 2);
    /// south.add(Side::Reference, RawScore(1), 0, 7)?;
    /// north.merge(&south)?;
    /// assert_eq!(north.persons(Side::Reference), 12);
    /// # Ok::<(), survey_engine::dif::DifUndefined>(())
    /// ```
    pub fn merge(&mut self, other: &Self) -> Result<(), DifUndefined> {
        if self.categories != other.categories || self.reference.len() != other.reference.len() {
            return Err(DifUndefined::Shape);
        }
        let mine = self.reference.iter_mut().chain(&mut self.focal);
        for (count, more) in mine.zip(other.reference.iter().chain(&other.focal)) {
            *count += more;
        }
        Ok(())
    }

    /// Number of categories.
    ///
    /// ```
    /// use survey_engine::dif::StudiedItem;
    /// use survey_engine::scoring::RawScore;
    /// assert_eq!(StudiedItem::new(RawScore(2), 2).categories(), 2);
    /// ```
    #[must_use]
    pub fn categories(&self) -> usize {
        self.categories
    }

    /// Persons of a group.
    ///
    /// ```
    /// use survey_engine::dif::{Side, StudiedItem};
    /// use survey_engine::scoring::RawScore;
    /// assert_eq!(StudiedItem::new(RawScore(2), 2).persons(Side::Focal), 0);
    /// ```
    #[must_use]
    pub fn persons(&self, side: Side) -> u64 {
        self.counts(side).iter().sum()
    }

    /// Whether a group has fewer than [`FEWEST_PERSONS`]: show the figures with a caution, or not at all.
    ///
    /// ```
    /// use survey_engine::dif::{Side, StudiedItem};
    /// use survey_engine::scoring::RawScore;
    /// let mut item = StudiedItem::new(RawScore(2), 2);
    /// item.add(Side::Focal, RawScore(1), 1, 300).unwrap();
    /// assert!(item.has_few());
    /// ```
    #[must_use]
    pub fn has_few(&self) -> bool {
        [Side::Reference, Side::Focal]
            .iter()
            .any(|side| self.persons(*side) < FEWEST_PERSONS)
    }

    /// Persons of a group by category.
    ///
    /// ```
    /// use survey_engine::dif::{Side, StudiedItem};
    /// use survey_engine::scoring::RawScore;
    /// let mut item = StudiedItem::new(RawScore(2), 2);
    /// item.add(Side::Focal, RawScore(1), 1, 7).unwrap();
    /// assert_eq!(item.chosen(Side::Focal), [0, 7]);
    /// ```
    #[must_use]
    pub fn chosen(&self, side: Side) -> Vec<u64> {
        let mut totals = vec![0; self.categories];
        for stratum in self.counts(side).chunks(self.categories.max(1)) {
            for (total, count) in totals.iter_mut().zip(stratum) {
                *total += count;
            }
        }
        totals
    }

    /// Per raw score: the score, and persons by category of the reference and of the focal group.
    pub(super) fn strata(&self) -> impl Iterator<Item = (usize, &[u64], &[u64])> + Clone {
        let width = self.categories.max(1);
        let both = self.reference.chunks(width).zip(self.focal.chunks(width));
        both.enumerate()
            .map(|(score, (reference, focal))| (score, reference, focal))
    }

    /// Fails where there is nothing to compare: an empty group, or one category that everybody chose.
    pub(super) fn check(&self) -> Result<(), DifUndefined> {
        let reference = self.chosen(Side::Reference);
        let focal = self.chosen(Side::Focal);
        if reference.iter().sum::<u64>() == 0 || focal.iter().sum::<u64>() == 0 {
            return Err(DifUndefined::EmptyGroup);
        }
        let used = reference.iter().zip(&focal).filter(|(r, f)| **r + **f > 0);
        if used.count() < 2 {
            return Err(DifUndefined::OneCategory);
        }
        Ok(())
    }

    fn counts(&self, side: Side) -> &[u64] {
        match side {
            Side::Reference => &self.reference,
            Side::Focal => &self.focal,
        }
    }
}
