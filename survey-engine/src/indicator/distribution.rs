//! How answers spread over the categories.

use serde::Serialize;

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
        let members = blueprint
            .scales()
            .get(scale)
            .map(|plan| plan.members.iter());
        let items = members
            .into_iter()
            .flatten()
            .filter_map(|member| tally.items().get(member.item));
        items.fold(Self::default(), |sum, item| Self {
            blank: sum.blank + item.blank(),
            dont_know: sum.dont_know + item.dont_know(),
            not_applicable: sum.not_applicable + item.not_applicable(),
            prefer_not_to_say: sum.prefer_not_to_say + item.prefer_not_to_say(),
            not_shown: sum.not_shown + item.not_shown(),
        })
    }
}

/// Answers to `item` by step above the lowest value, after reversing.
pub(super) fn steps(item: &ItemTally, reversed: bool) -> Vec<u64> {
    let mut counts = item.categories().to_vec();
    if reversed {
        counts.reverse();
    }
    counts
}

/// The distribution pooled over the items of scale `scale`; `None` without answers.
pub(super) fn pooled(blueprint: &Blueprint, tally: &Tally, scale: usize) -> Option<Distribution> {
    let (lo, hi) = blueprint.range(scale)?;
    let mut counts = vec![0; usize::from(hi - lo) + 1];
    for member in &blueprint.scales().get(scale)?.members {
        let item = steps(tally.items().get(member.item)?, member.reversed);
        for (sum, count) in counts.iter_mut().zip(item) {
            *sum += count;
        }
    }
    let total: u64 = counts.iter().sum();
    let categories = (lo..=hi).zip(&counts).map(|(value, count)| {
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
