//! How answers spread over the categories.

use serde::Serialize;

use super::recoded::Recoded;
use crate::disclosure::Bound;
use crate::scoring::Blueprint;
use crate::stats::Percent;
use crate::tally::{ItemTally, Tally};

/// With fewer answers than this outside the most frequent category, a distribution only says so.
const FEWEST_OTHERS: u64 = 3;

/// Of fewer persons than this who nearly all answered the same, neither mean nor share is shown.
pub const FEWEST_FOR_UNANIMOUS: u64 = 40;

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
    /// The share of favourable answers is so near 0 or 100 percent that only a bound of it may be told, and the counts would tell
    /// it exactly.
    Bounded,
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

/// Answers outside the most frequent category.
pub(super) fn others(answers: &Recoded) -> u64 {
    let most = answers.counts().iter().max().copied().unwrap_or_default();
    answers.valid() - most
}

/// Whether the answers of `persons` are so much alike that a mean or a share would tell what each of them answered: of fewer than 40
/// persons, fewer than 3 answers outside the most frequent category, and at most one in five. That nobody differs is not told
/// from that one or two do.
pub(super) fn is_nearly_unanimous(answers: &Recoded, persons: u64) -> bool {
    let others = others(answers);
    persons < FEWEST_FOR_UNANIMOUS && others < FEWEST_OTHERS && 5 * others <= answers.valid()
}

/// The distribution of `answers` to the items of scale `scale` together, of which the share `favourable` may be told; `None` without
/// answers.
pub(super) fn distribution(
    blueprint: &Blueprint,
    scale: usize,
    answers: &Recoded,
    favourable: Option<Bound>,
) -> Option<Distribution> {
    let (lo, hi) = blueprint.range(scale)?;
    let total = answers.valid();
    let categories = (lo..=hi).zip(answers.counts()).map(|(value, count)| {
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
    Some(if others(answers) < FEWEST_OTHERS {
        Distribution::Concentrated {
            value: mode.value,
            others_below: FEWEST_OTHERS,
        }
    } else if matches!(favourable, Some(Bound::AtMost(_) | Bound::AtLeast(_))) {
        Distribution::Bounded
    } else {
        Distribution::Categories(categories)
    })
}
