//! What a calibration needs to know of the answers.

use crate::tally::{Pattern, ScaleTally};

use super::{CalibrationUndefined, Downcoding};

/// The sufficient statistics of the partial credit model: category counts and raw-score counts, per pattern of answered items.
///
/// Steps are counted from 0, reversed items already turned. See the [module](super).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Number of categories of each item.
    pub(super) categories: Vec<usize>,
    /// By answered items, in that order, each once.
    pub(super) groups: Vec<Pattern>,
}

const MOST: u128 = 1 << 53;

/// Why numbers are not the counts of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CountsInvalid {
    /// No item, more than 64 items, an item without two categories, or an answered item that does not exist.
    #[error("a scale has 1 to 64 items of at least two categories each")]
    Shape,
    /// An item's categories do not add up to the number of persons, or an item that is not answered has answers.
    #[error("the answers to item {item} are not as many as the persons")]
    Persons {
        /// Position of the item in the scale, from 0.
        item: usize,
    },
    /// The steps of all answers do not add up to the raw scores.
    #[error("the answers do not add up to the raw scores")]
    Scores,
    /// More persons than 2^53, up to which counts are exact as floating-point numbers.
    #[error("counts of so many persons are not exact")]
    TooMany,
}

impl Counts {
    /// Counts of persons who all answered every item: `categories[i][x]` persons chose category `x` of item `i`, `scores[r]` persons
    /// have the raw score `r`.
    ///
    /// # Errors
    /// [`CountsInvalid::Shape`] for no item, more than 64, or an item of fewer than two categories; [`CountsInvalid::Persons`]
    /// if an item's categories do not add up to the persons; [`CountsInvalid::Scores`] if the steps do not add up to the raw
    /// scores; [`CountsInvalid::TooMany`] for more than 2^53 persons.
    ///
    /// ```
    /// use survey_engine::calibration::{Counts, CountsInvalid};
    /// // (0, 1), (1, 1) and (1, 0).
    /// let counts = Counts::complete(&[vec![1, 2], vec![1, 2]], &[0, 2, 1])?;
    /// assert_eq!(counts.persons(), 3);
    /// assert_eq!(Counts::complete(&[vec![1, 2], vec![1, 2]], &[0, 3, 0]), Err(CountsInvalid::Scores));
    /// # Ok::<(), CountsInvalid>(())
    /// ```
    pub fn complete(categories: &[Vec<u64>], scores: &[u64]) -> Result<Self, CountsInvalid> {
        let sizes: Vec<usize> = categories.iter().map(Vec::len).collect();
        let pattern = Pattern {
            answered: all_items(sizes.len()),
            scores: scores.to_vec(),
            categories: categories.to_vec(),
        };
        Self::by_pattern(&sizes, vec![pattern])
    }

    /// Counts of persons of whom some did not answer every item: one entry per set of answered items, in any order; `categories`
    /// is the number of categories of each item. Persons without any answer count for nothing.
    ///
    /// # Errors
    /// As [`complete`](Self::complete), of each pattern and of all together; also [`CountsInvalid::Shape`] for an answered item
    /// that does not exist, and [`CountsInvalid::Persons`] for answers to one that is not answered.
    ///
    /// ```
    /// use survey_engine::calibration::{Counts, CountsInvalid};
    /// use survey_engine::tally::Pattern;
    /// // (0, 1), (1, 0) and, to the second item alone, (-, 1).
    /// let both = Pattern { answered: 0b11, scores: vec![0, 2, 0], categories: vec![vec![1, 1], vec![1, 1]] };
    /// let second = Pattern { answered: 0b10, scores: vec![0, 1], categories: vec![vec![], vec![0, 1]] };
    /// let counts = Counts::by_pattern(&[2, 2], vec![both, second])?;
    /// assert_eq!(counts.persons(), 3);
    /// # Ok::<(), CountsInvalid>(())
    /// ```
    pub fn by_pattern(categories: &[usize], patterns: Vec<Pattern>) -> Result<Self, CountsInvalid> {
        let sizes_fit = categories.iter().all(|size| (2..=256).contains(size));
        if !(1..=64).contains(&categories.len()) || !sizes_fit {
            return Err(CountsInvalid::Shape);
        }
        let mut counts = Self {
            categories: categories.to_vec(),
            groups: Vec::new(),
        };
        for pattern in patterns {
            let pattern = counts.checked(pattern)?;
            counts.take_in(&pattern)?;
        }
        Ok(counts)
    }

    /// The persons of a tally who answered every item; `None` for a scale too wide to count its
    /// [`cells`](ScaleTally::cells).
    ///
    /// ```
    /// use survey_engine::calibration::Counts;
    /// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// use survey_engine::tally::Tally;
    /// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 2, lowest: 0 };
    /// let members = (0..2).map(|item| Member { item, reversed: false }).collect();
    /// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let mut tally = Tally::new(&blueprint);
    /// for answers in [[1, 2], [2, 1], [2, 0]] {
    ///     tally.add(&blueprint, &answers)?;
    /// }
    /// // The third person skipped an item.
    /// assert_eq!(Counts::of_complete(&tally.scales()[0]).unwrap().persons(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_complete(tally: &ScaleTally) -> Option<Self> {
        let items = 0..tally.items();
        let categories: Option<Vec<Vec<u64>>> =
            items.map(|item| tally.categories_of(item)).collect();
        Self::complete(&categories?, tally.complete()).ok()
    }

    /// All persons of a tally, by the items they answered; `None` for a scale too long or too wide to count its
    /// [`patterns`](ScaleTally::patterns).
    ///
    /// ```
    /// use survey_engine::calibration::Counts;
    /// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// use survey_engine::tally::Tally;
    /// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 2, lowest: 0 };
    /// let members = (0..2).map(|item| Member { item, reversed: false }).collect();
    /// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let mut tally = Tally::new(&blueprint);
    /// for answers in [[1, 2], [2, 1], [2, 0]] {
    ///     tally.add(&blueprint, &answers)?;
    /// }
    /// let counts = Counts::of_all(&tally.scales()[0]).unwrap();
    /// assert_eq!(counts.persons(), 3);
    /// assert_eq!(counts.patterns()[0].answered, 0b01);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_all(tally: &ScaleTally) -> Option<Self> {
        let categories = vec![usize::from(tally.categories()); tally.items()];
        Self::by_pattern(&categories, tally.patterns()?).ok()
    }

    /// The pattern with as many counts as there can be, if they fit together.
    fn checked(&self, mut pattern: Pattern) -> Result<Pattern, CountsInvalid> {
        let items = self.categories.len();
        let too_wide = pattern.answered & !all_items(items) != 0;
        if too_wide || pattern.categories.len() != items {
            return Err(CountsInvalid::Shape);
        }
        let persons = total(&pattern.scores);
        let (mut steps, mut highest) = (0_u128, 0);
        let sizes = self.categories.iter();
        for (item, (counts, size)) in pattern.categories.iter_mut().zip(sizes).enumerate() {
            let is_answered = pattern.answered >> item & 1 == 1;
            let expected = if is_answered { persons } else { 0 };
            let is_short = counts.iter().skip(*size).all(|count| *count == 0);
            if total(counts) != expected || !is_short {
                return Err(CountsInvalid::Persons { item });
            }
            counts.resize(if is_answered { *size } else { 0 }, 0);
            steps += weighted(counts);
            highest += counts.len().saturating_sub(1);
        }
        let is_short = pattern
            .scores
            .iter()
            .skip(highest + 1)
            .all(|count| *count == 0);
        if weighted(&pattern.scores) != steps || !is_short {
            return Err(CountsInvalid::Scores);
        }
        pattern.scores.resize(highest + 1, 0);
        Ok(pattern)
    }

    /// Adds a pattern that fits.
    fn take_in(&mut self, pattern: &Pattern) -> Result<(), CountsInvalid> {
        let persons = total(&pattern.scores);
        if pattern.answered == 0 || persons == 0 {
            return Ok(());
        }
        let all = self.groups.iter().map(|group| total(&group.scores));
        if all.sum::<u128>() + persons > MOST {
            return Err(CountsInvalid::TooMany);
        }
        let place = self
            .groups
            .binary_search_by_key(&pattern.answered, |group| group.answered);
        match place {
            Err(at) => self.groups.insert(at, pattern.clone()),
            Ok(at) => {
                if let Some(group) = self.groups.get_mut(at) {
                    add(&mut group.scores, &pattern.scores);
                    for (mine, theirs) in group.categories.iter_mut().zip(&pattern.categories) {
                        add(mine, theirs);
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds the counts of other persons. Nothing changes if they do not fit.
    ///
    /// # Errors
    /// [`CountsInvalid::Shape`] for other items or categories, [`CountsInvalid::TooMany`] for more than 2^53 persons together.
    ///
    /// ```
    /// use survey_engine::calibration::{Counts, CountsInvalid};
    /// let mut sum = Counts::complete(&[vec![1, 2], vec![1, 2]], &[0, 2, 1])?;
    /// sum.merge(&Counts::complete(&[vec![1, 0], vec![0, 1]], &[0, 1, 0])?)?;
    /// assert_eq!(sum, Counts::complete(&[vec![2, 2], vec![1, 3]], &[0, 3, 1])?);
    /// # Ok::<(), CountsInvalid>(())
    /// ```
    pub fn merge(&mut self, other: &Self) -> Result<(), CountsInvalid> {
        if self.categories != other.categories {
            return Err(CountsInvalid::Shape);
        }
        let mut sum = self.clone();
        for group in &other.groups {
            sum.take_in(group)?;
        }
        *self = sum;
        Ok(())
    }

    /// Number of items.
    ///
    /// ```
    /// use survey_engine::calibration::Counts;
    /// # let counts = Counts::complete(&[vec![1, 2], vec![1, 2]], &[0, 2, 1]).unwrap();
    /// assert_eq!(counts.items(), 2);
    /// ```
    #[must_use]
    pub fn items(&self) -> usize {
        self.categories.len()
    }

    /// Persons with at least one answer.
    ///
    /// ```
    /// use survey_engine::calibration::Counts;
    /// # let counts = Counts::complete(&[vec![1, 2], vec![1, 2]], &[0, 2, 1]).unwrap();
    /// assert_eq!(counts.persons(), 3);
    /// ```
    #[must_use]
    pub fn persons(&self) -> u64 {
        self.groups.iter().flat_map(|group| &group.scores).sum()
    }

    /// The counts per set of answered items, in the order of the sets.
    ///
    /// ```
    /// use survey_engine::calibration::Counts;
    /// # let counts = Counts::complete(&[vec![1, 2], vec![1, 2]], &[0, 2, 1]).unwrap();
    /// assert_eq!(counts.patterns()[0].scores, [0, 2, 1]);
    /// ```
    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.groups
    }

    /// Answers by category for each item, over all patterns.
    ///
    /// ```
    /// use survey_engine::calibration::Counts;
    /// # let counts = Counts::complete(&[vec![1, 2], vec![1, 2]], &[0, 2, 1]).unwrap();
    /// assert_eq!(counts.answers(), [[1, 2], [1, 2]]);
    /// ```
    #[must_use]
    pub fn answers(&self) -> Vec<Vec<u64>> {
        let mut totals: Vec<Vec<u64>> = self.categories.iter().map(|size| vec![0; *size]).collect();
        for group in &self.groups {
            for (total, counts) in totals.iter_mut().zip(&group.categories) {
                add(total, counts);
            }
        }
        totals
    }

    /// Without the persons who answered fewer than `items` items.
    pub(super) fn answering(&self, items: u32) -> Self {
        let groups = self.groups.iter();
        Self {
            categories: self.categories.clone(),
            groups: groups
                .filter(|group| group.answered.count_ones() >= items)
                .cloned()
                .collect(),
        }
    }

    /// The counts without the categories that nobody chose.
    ///
    /// Exact for categories below or above all chosen ones, which only shift raw scores. A gap between chosen categories shifts the
    /// raw score of some persons and not of others, which these counts do not tell apart.
    pub(super) fn downcoded(&self) -> Result<(Self, Downcoding), CalibrationUndefined> {
        let downcoding = Downcoding::of(&self.answers())?;
        if let Some(item) = downcoding.gap_inside() {
            return Err(CalibrationUndefined::GapInside { item });
        }
        if !downcoding.changes() {
            return Ok((self.clone(), downcoding));
        }
        let groups = self.groups.iter().map(|group| {
            let recoded = group.categories.iter().enumerate().map(|(item, counts)| {
                let kept = downcoding.kept(item);
                let chosen = kept.iter().filter_map(|category| counts.get(*category));
                chosen.copied().collect::<Vec<u64>>()
            });
            let categories: Vec<Vec<u64>> = recoded.collect();
            let shift: usize = (0..self.items())
                .filter(|item| group.answered >> item & 1 == 1)
                .filter_map(|item| downcoding.kept(item).first())
                .sum();
            let highest: usize = categories.iter().map(|c| c.len().saturating_sub(1)).sum();
            Pattern {
                answered: group.answered,
                scores: group
                    .scores
                    .iter()
                    .skip(shift)
                    .take(highest + 1)
                    .copied()
                    .collect(),
                categories,
            }
        });
        let recoded = Self {
            groups: groups.collect(),
            categories: (0..self.items())
                .map(|item| downcoding.kept(item).len())
                .collect(),
        };
        Ok((recoded, downcoding))
    }
}

/// The set of the first `items` items, of 1 to 64.
fn all_items(items: usize) -> u64 {
    u64::MAX >> (64 - items.clamp(1, 64))
}

fn add(mine: &mut [u64], theirs: &[u64]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

fn total(counts: &[u64]) -> u128 {
    counts.iter().map(|count| u128::from(*count)).sum()
}

/// Sum of position times count.
fn weighted(counts: &[u64]) -> u128 {
    let positions = 0_u128..;
    let products = positions
        .zip(counts)
        .map(|(at, count)| at * u128::from(*count));
    products.sum()
}
