//! Where the scored items of a form lie, and what they form together.

use crate::answers::PackedCode;

/// Every category has a code of its own.
pub const MAX_CATEGORIES: u8 = PackedCode::LARGEST_VALUE;

/// A person's answered items of one scale are a bit mask of 64 bits.
pub const MAX_SCALE_ITEMS: usize = 64;

/// One item whose answer is a single byte: likert, single choice or rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemPlan {
    /// The item's identifier in its form.
    pub id: String,
    /// Offset of its code in the packed answers.
    pub slot: usize,
    /// Number of categories, `2..=240` (`1..` for an item outside every scale).
    pub categories: u8,
    /// Value of the lowest category: 1 for likert and choice items, 0 for ratings.
    pub lowest: u8,
}

/// An item's place in a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Position in [`Blueprint::items`].
    pub item: usize,
    /// Whether a high answer means a low value of the indicator.
    pub reversed: bool,
}

/// The items of one form that measure one indicator. All have the same values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalePlan {
    /// Code of the indicator.
    pub indicator: String,
    /// The items, in form order, each at most once.
    pub members: Vec<Member>,
}

/// What a form's packed answers are scored by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blueprint {
    length: usize,
    items: Vec<ItemPlan>,
    scales: Vec<ScalePlan>,
}

/// Why a [`Blueprint`] was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlueprintError {
    /// An item's slot lies outside the packed answers.
    #[error("item {id}: slot {slot} lies outside the {length} bytes of the packed answers")]
    SlotOutside {
        /// The item.
        id: String,
        /// Its slot.
        slot: usize,
        /// Length of the packed answers.
        length: usize,
    },
    /// An item has no category or more than fit a code, or values beyond a byte.
    #[error("item {id}: {categories} categories from {lowest} do not fit")]
    Categories {
        /// The item.
        id: String,
        /// Its categories.
        categories: u8,
        /// Its lowest value.
        lowest: u8,
    },
    /// A scale without items, or with more than [`MAX_SCALE_ITEMS`].
    #[error("scale {indicator}: {items} items; 1 to 64 are possible")]
    ScaleSize {
        /// The scale.
        indicator: String,
        /// Its number of items.
        items: usize,
    },
    /// A scale names an item that does not exist.
    #[error("scale {indicator}: there is no item {item}")]
    UnknownItem {
        /// The scale.
        indicator: String,
        /// The position it named.
        item: usize,
    },
    /// A scale names an item twice.
    #[error("scale {indicator}: item {item} occurs twice")]
    RepeatedItem {
        /// The scale.
        indicator: String,
        /// The position it named.
        item: usize,
    },
    /// The items of a scale do not have the same values, or only one.
    #[error("scale {indicator}: its items need one common range of at least two values")]
    MixedRange {
        /// The scale.
        indicator: String,
    },
}

impl Blueprint {
    /// A blueprint for packed answers of `length` bytes.
    ///
    /// An item of a scale has at least two categories; the items of one scale have the same values.
    ///
    /// # Errors
    /// [`BlueprintError::SlotOutside`] or [`BlueprintError::Categories`] for the first item that does not fit the bytes;
    /// [`BlueprintError::ScaleSize`], [`BlueprintError::UnknownItem`], [`BlueprintError::RepeatedItem`] or
    /// [`BlueprintError::MixedRange`] for the first scale that does not fit the items.
    ///
    /// ```
    /// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// let scale = ScalePlan {
    ///     indicator: "PED.1".to_owned(),
    ///     members: vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }],
    /// };
    /// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// assert_eq!(blueprint.range(0), Some((1, 5)));
    /// # Ok::<(), survey_engine::scoring::BlueprintError>(())
    /// ```
    pub fn new(
        length: usize,
        items: Vec<ItemPlan>,
        scales: Vec<ScalePlan>,
    ) -> Result<Self, BlueprintError> {
        for item in &items {
            check_item(item, length)?;
        }
        for scale in &scales {
            check_scale(scale, &items)?;
        }
        Ok(Self {
            length,
            items,
            scales,
        })
    }

    /// Number of bytes of the packed answers.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// assert_eq!(blueprint.length(), 2);
    /// ```
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// The one-byte items, in form order.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// assert_eq!(blueprint.items()[1].id, "b");
    /// ```
    #[must_use]
    pub fn items(&self) -> &[ItemPlan] {
        &self.items
    }

    /// The scales.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// assert_eq!(blueprint.scales()[0].indicator, "PED.1");
    /// ```
    #[must_use]
    pub fn scales(&self) -> &[ScalePlan] {
        &self.scales
    }

    /// Position of the scale that measures `indicator`; `None` if there is none.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// assert_eq!(blueprint.scale_of("PED.1"), Some(0));
    /// ```
    #[must_use]
    pub fn scale_of(&self, indicator: &str) -> Option<usize> {
        self.scales
            .iter()
            .position(|scale| scale.indicator == indicator)
    }

    /// The answer to item `item` in `packed`; `None` if there is no such item or no such answer to it.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// # use survey_engine::answers::PackedCode;
    /// assert_eq!(blueprint.answer(&[5, 0], 0), Some(PackedCode::Value(5)));
    /// assert_eq!(blueprint.answer(&[6, 0], 0), None);
    /// ```
    #[must_use]
    pub fn answer(&self, packed: &[u8], item: usize) -> Option<PackedCode> {
        let plan = self.items.get(item)?;
        let code = PackedCode::from_byte(*packed.get(plan.slot)?)?;
        match code {
            PackedCode::Value(category) if category > plan.categories => None,
            other => Some(other),
        }
    }

    /// Lowest and highest value of the items of scale `scale`; `None` if there is no such scale.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// assert_eq!(blueprint.range(0), Some((1, 5)));
    /// ```
    #[must_use]
    pub fn range(&self, scale: usize) -> Option<(u8, u8)> {
        let first = self.scales.get(scale)?.members.first()?;
        let item = self.items.get(first.item)?;
        Some((item.lowest, item.lowest + (item.categories - 1)))
    }

    /// The items of scale `scale` with their place in it, none if there is no such scale.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// assert_eq!(blueprint.members(0).filter(|(member, _)| member.reversed).count(), 1);
    /// ```
    pub fn members(&self, scale: usize) -> impl Iterator<Item = (Member, &ItemPlan)> {
        let members = self
            .scales
            .get(scale)
            .map_or(&[][..], |plan| plan.members.as_slice());
        members
            .iter()
            .filter_map(|member| Some((*member, self.items.get(member.item)?)))
    }
}

fn check_item(item: &ItemPlan, length: usize) -> Result<(), BlueprintError> {
    if item.slot >= length {
        return Err(BlueprintError::SlotOutside {
            id: item.id.clone(),
            slot: item.slot,
            length,
        });
    }
    let fits = (1..=MAX_CATEGORIES).contains(&item.categories)
        && item.lowest.checked_add(item.categories - 1).is_some();
    if fits {
        Ok(())
    } else {
        Err(BlueprintError::Categories {
            id: item.id.clone(),
            categories: item.categories,
            lowest: item.lowest,
        })
    }
}

fn check_scale(scale: &ScalePlan, items: &[ItemPlan]) -> Result<(), BlueprintError> {
    let indicator = || scale.indicator.clone();
    if !(1..=MAX_SCALE_ITEMS).contains(&scale.members.len()) {
        return Err(BlueprintError::ScaleSize {
            indicator: indicator(),
            items: scale.members.len(),
        });
    }
    let mut range = None;
    for (position, member) in scale.members.iter().enumerate() {
        let Some(item) = items.get(member.item) else {
            return Err(BlueprintError::UnknownItem {
                indicator: indicator(),
                item: member.item,
            });
        };
        if scale
            .members
            .iter()
            .take(position)
            .any(|earlier| earlier.item == member.item)
        {
            return Err(BlueprintError::RepeatedItem {
                indicator: indicator(),
                item: member.item,
            });
        }
        let own = (item.lowest, item.categories);
        if item.categories < 2 || *range.get_or_insert(own) != own {
            return Err(BlueprintError::MixedRange {
                indicator: indicator(),
            });
        }
    }
    Ok(())
}
