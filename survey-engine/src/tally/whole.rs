//! The tally of a form.

use crate::scoring::{Blueprint, MAX_SCALE_ITEMS};

use super::{ItemTally, ScaleTally};

/// More responses than any tally may hold, so that no sum of products overflows.
pub const MAX_RESPONSES: u64 = 1 << 40;

/// Exact counts of the responses to one form. See the [module](super).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tally {
    pub(super) responses: u64,
    pub(super) items: Vec<ItemTally>,
    pub(super) scales: Vec<ScaleTally>,
}

/// Why answers or a tally do not go with a tally. The tally is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TallyMismatch {
    /// The tally belongs to another blueprint, or the two tallies to different ones.
    #[error("the tally was made for another form")]
    Shape,
    /// The packed answers are not as long as the form's.
    #[error("the packed answers have {got} bytes instead of {expected}")]
    Length {
        /// Bytes of the form's packed answers.
        expected: usize,
        /// Bytes given.
        got: usize,
    },
    /// An item cannot have this code.
    #[error("item {item} cannot have the code {code}")]
    Code {
        /// Position of the item in the blueprint.
        item: usize,
        /// The code.
        code: u8,
    },
    /// What is to be taken out is not in the tally.
    #[error("the tally does not contain these responses")]
    NotContained,
    /// The tally would hold more than [`MAX_RESPONSES`].
    #[error("a tally cannot hold so many responses")]
    TooMany,
}

impl Tally {
    /// The tally of no responses.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// assert_eq!(Tally::new(&blueprint).responses(), 0);
    /// ```
    #[must_use]
    pub fn new(blueprint: &Blueprint) -> Self {
        let scales = blueprint
            .scales()
            .iter()
            .enumerate()
            .map(|(position, scale)| {
                let categories = blueprint.range(position).map_or(0, |(lo, hi)| hi - lo + 1);
                ScaleTally::new(scale.members.len(), categories)
            });
        Self {
            responses: 0,
            items: blueprint.items().iter().map(ItemTally::new).collect(),
            scales: scales.collect(),
        }
    }

    /// Number of responses.
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
    /// assert_eq!(tally.responses(), 4);
    /// ```
    #[must_use]
    pub fn responses(&self) -> u64 {
        self.responses
    }

    /// Counts per item, as in [`Blueprint::items`].
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
    /// assert_eq!(tally.items().len(), 2);
    /// ```
    #[must_use]
    pub fn items(&self) -> &[ItemTally] {
        &self.items
    }

    /// Counts per scale, as in [`Blueprint::scales`].
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
    /// assert_eq!(tally.scales().len(), 1);
    /// ```
    #[must_use]
    pub fn scales(&self) -> &[ScaleTally] {
        &self.scales
    }

    /// Adds one response.
    ///
    /// # Errors
    /// [`TallyMismatch::Shape`] for another blueprint than the tally's, [`TallyMismatch::Length`] or [`TallyMismatch::Code`]
    /// for bytes that are no answers to the form, [`TallyMismatch::TooMany`] beyond [`MAX_RESPONSES`]; the tally is unchanged.
    ///
    /// ```
    /// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// use survey_engine::tally::Tally;
    /// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// let member = |item, reversed| Member { item, reversed };
    /// let scale = ScalePlan { indicator: "PED.1".to_owned(), members: vec![member(0, false), member(1, true)] };
    /// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    ///
    /// let mut tally = Tally::new(&blueprint);
    /// tally.add(&blueprint, &[5, 1])?;
    /// tally.add(&blueprint, &[3, 255])?;
    /// assert_eq!(tally.responses(), 2);
    /// assert_eq!(tally.items()[1].dont_know(), 1);
    /// // The reversed 1 counts as 5: 4 + 4 steps above the lowest possible sum.
    /// assert_eq!(tally.scales()[0].complete()[8], 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add(&mut self, blueprint: &Blueprint, packed: &[u8]) -> Result<(), TallyMismatch> {
        self.check_shape(blueprint)?;
        check_answers(blueprint, packed)?;
        if self.responses >= MAX_RESPONSES {
            return Err(TallyMismatch::TooMany);
        }
        self.responses += 1;
        for (position, item) in self.items.iter_mut().enumerate() {
            if let Some(answer) = blueprint.answer(packed, position) {
                item.record(answer);
            }
        }
        let mut steps = [0; MAX_SCALE_ITEMS];
        for (position, scale) in self.scales.iter_mut().enumerate() {
            let answered = blueprint.steps(packed, position, &mut steps);
            scale.record(answered, steps.get(..scale.items()).unwrap_or_default(), 1);
        }
        Ok(())
    }

    /// Takes out one response that was added before.
    ///
    /// # Errors
    /// As [`add`](Self::add), and [`TallyMismatch::NotContained`] if such a response is not in the tally, which is unchanged.
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
    /// tally.subtract(&blueprint, &[5, 1]).unwrap();
    /// assert_eq!(tally.responses(), 3);
    /// assert!(tally.subtract(&blueprint, &[5, 1]).is_err());
    /// ```
    pub fn subtract(&mut self, blueprint: &Blueprint, packed: &[u8]) -> Result<(), TallyMismatch> {
        self.check_shape(blueprint)?;
        let mut one = Self::new(blueprint);
        one.add(blueprint, packed)?;
        self.unmerge(&one)
    }

    /// Adds the responses of `other`.
    ///
    /// # Errors
    /// [`TallyMismatch::Shape`] for a tally of another form, [`TallyMismatch::TooMany`] beyond [`MAX_RESPONSES`]; the tally is
    /// unchanged.
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
    /// let other = tally.clone();
    /// tally.merge(&other).unwrap();
    /// assert_eq!(tally.responses(), 8);
    /// ```
    pub fn merge(&mut self, other: &Self) -> Result<(), TallyMismatch> {
        self.check_same(other)?;
        if self.responses + other.responses > MAX_RESPONSES {
            return Err(TallyMismatch::TooMany);
        }
        self.responses += other.responses;
        for (mine, theirs) in self.items.iter_mut().zip(&other.items) {
            for (mine, theirs) in mine.counts_mut().iter_mut().zip(theirs.counts()) {
                *mine += theirs;
            }
        }
        for (mine, theirs) in self.scales.iter_mut().zip(&other.scales) {
            mine.merge(theirs);
        }
        Ok(())
    }

    /// Takes out the responses of `other`, which were merged or added before.
    ///
    /// # Errors
    /// [`TallyMismatch::Shape`] for a tally of another form, [`TallyMismatch::NotContained`] if it has more of something than
    /// this one, which is unchanged.
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
    /// let all = tally.clone();
    /// tally.unmerge(&all).unwrap();
    /// assert_eq!(tally, Tally::new(&blueprint));
    /// ```
    pub fn unmerge(&mut self, other: &Self) -> Result<(), TallyMismatch> {
        self.check_same(other)?;
        if !self.contains(other) {
            return Err(TallyMismatch::NotContained);
        }
        self.responses -= other.responses;
        for (mine, theirs) in self.items.iter_mut().zip(&other.items) {
            for (mine, theirs) in mine.counts_mut().iter_mut().zip(theirs.counts()) {
                *mine -= theirs;
            }
        }
        for (mine, theirs) in self.scales.iter_mut().zip(&other.scales) {
            mine.unmerge(theirs);
        }
        Ok(())
    }

    fn contains(&self, other: &Self) -> bool {
        let sparse = self.scales.iter().zip(&other.scales).all(|(mine, theirs)| {
            mine.partial.contains(&theirs.partial)
                && mine.partial_cells.contains(&theirs.partial_cells)
        });
        sparse
            && self.responses >= other.responses
            && self
                .dense()
                .zip(other.dense())
                .all(|(mine, theirs)| mine >= theirs)
    }

    /// Every count that exists for every tally of this shape, in a fixed order.
    fn dense(&self) -> impl Iterator<Item = u64> {
        let items = self
            .items
            .iter()
            .flat_map(|item| item.counts().iter().copied());
        let scales = self.scales.iter().flat_map(ScaleTally::dense);
        items.chain(scales)
    }

    pub(crate) fn check_shape(&self, blueprint: &Blueprint) -> Result<(), TallyMismatch> {
        let items = self.items.len() == blueprint.items().len()
            && self
                .items
                .iter()
                .zip(blueprint.items())
                .all(|(item, plan)| item.fits(plan));
        let scales = self.scales.len() == blueprint.scales().len()
            && self.scales.iter().enumerate().all(|(position, scale)| {
                let range = blueprint.range(position);
                let members = blueprint
                    .scales()
                    .get(position)
                    .map(|plan| plan.members.len());
                members == Some(scale.items)
                    && range.is_some_and(|(lo, hi)| hi - lo + 1 == scale.categories)
            });
        if items && scales {
            Ok(())
        } else {
            Err(TallyMismatch::Shape)
        }
    }

    fn check_same(&self, other: &Self) -> Result<(), TallyMismatch> {
        let items = self.items.len() == other.items.len()
            && self
                .items
                .iter()
                .zip(&other.items)
                .all(|(mine, theirs)| mine.counts().len() == theirs.counts().len());
        let scales = self.scales.len() == other.scales.len()
            && self.scales.iter().zip(&other.scales).all(|(mine, theirs)| {
                mine.items == theirs.items && mine.categories == theirs.categories
            });
        if items && scales {
            Ok(())
        } else {
            Err(TallyMismatch::Shape)
        }
    }
}

fn check_answers(blueprint: &Blueprint, packed: &[u8]) -> Result<(), TallyMismatch> {
    if packed.len() != blueprint.length() {
        return Err(TallyMismatch::Length {
            expected: blueprint.length(),
            got: packed.len(),
        });
    }
    code_mismatch(blueprint, packed).map_or(Ok(()), Err)
}

/// The first item with a code that it cannot have.
pub(super) fn code_mismatch(blueprint: &Blueprint, packed: &[u8]) -> Option<TallyMismatch> {
    let mut items = blueprint.items().iter().enumerate();
    items.find_map(|(item, plan)| {
        let code = packed.get(plan.slot).copied().unwrap_or_default();
        let wrong = blueprint.answer(packed, item).is_none();
        wrong.then_some(TallyMismatch::Code { item, code })
    })
}
