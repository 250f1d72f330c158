//! How answers spread over the categories.

use serde::Serialize;

use super::recoded::Recoded;
use crate::scoring::Blueprint;
use crate::stats::Percent;
use crate::tally::{ItemTally, Tally};

/// With fewer answers than this outside the most frequent category, a distribution only says so.
const FEWEST_OTHERS: u64 = 3;

/// Answers by category, after reversing, over all items of a scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// Every category, from the lowest value.
    Categories(Vec<CategoryShare>),
    /// Nearly everyone gave the same answer, and no more than that is shown.
    Concentrated {
        /// Value of the most frequent category.
        value: u8,
        /// There are fewer other answers than this.
        others_below: u64,
    },
}

/// One category of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CategoryShare {
    /// Value of the category.
    pub value: u8,
    /// Answers in it.
    pub count: u64,
    /// Share of the valid answers.
    pub percent: Percent,
}

/// Answers that are not a category, over all items of a scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MissingCounts {
    /// Shown and left unanswered.
    pub blank: u64,
    /// "Don't know".
    pub dont_know: u64,
    /// "Not applicable".
    pub not_applicable: u64,
    /// "Prefer not to say".
    pub prefer_not_to_say: u64,
    /// Not put to the respondent.
    pub not_shown: u64,
}

impl MissingCounts {
    pub(super) fn of(blueprint: &Blueprint, tally: &Tally, scale: usize) -> Self {
        let members = blueprint.members(scale);
        let items = members.filter_map(|(member, _)| tally.items().get(member.item));
        items.map(Self::of_item).fold(Self::default(), Self::plus)
    }

    pub(super) fn of_item(item: &ItemTally) -> Self {
        Self {
            blank: item.blank(),
            dont_know: item.dont_know(),
            not_applicable: item.not_applicable(),
            prefer_not_to_say: item.prefer_not_to_say(),
            not_shown: item.not_shown(),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            blank: self.blank + other.blank,
            dont_know: self.dont_know + other.dont_know,
            not_applicable: self.not_applicable + other.not_applicable,
            prefer_not_to_say: self.prefer_not_to_say + other.prefer_not_to_say,
            not_shown: self.not_shown + other.not_shown,
        }
    }

    /// Those of persons who were asked.
    pub(super) fn asked(&self) -> u64 {
        self.blank + self.dont_know + self.not_applicable + self.prefer_not_to_say
    }
}

/// The distribution pooled over the items of scale `scale`; `None` without answers.
pub(super) fn pooled(blueprint: &Blueprint, tally: &Tally, scale: usize) -> Option<Distribution> {
    let (lo, hi) = blueprint.range(scale)?;
    let mut all = Recoded::none(hi - lo + 1);
    for (member, _) in blueprint.members(scale) {
        let item = tally.items().get(member.item)?;
        all.add(&Recoded::of(item, member.reversed));
    }
    let total = all.valid();
    let categories = (lo..=hi).zip(all.counts()).map(|(value, count)| {
        let percent = Percent::clamped(100.0 * *count as f64 / total as f64)?;
        Some(CategoryShare {
            value,
            count: *count,
            percent,
        })
    });
    let categories = categories.collect::<Option<Vec<_>>>()?;
    let mode = categories
        .iter()
        .rev()
        .max_by_key(|category| category.count)?;
    Some(if total - mode.count < FEWEST_OTHERS {
        Distribution::Concentrated {
            value: mode.value,
            others_below: FEWEST_OTHERS,
        }
    } else {
        Distribution::Categories(categories)
    })
}
