//! Answers of several persons to several items, taken together.

use serde::Serialize;

use super::recoded::Recoded;
use crate::disclosure::is_scored;
use crate::scoring::{Blueprint, Rule};
use crate::stats::RatioSums;
use crate::tally::Tally;

/// Whose answers are in the figures that are pooled over answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PooledOver {
    /// Everyone with a valid answer.
    Everyone,
    /// Persons with a score: those without one are so few that their answers would follow.
    Scored,
}

/// The answers of some persons to the items of a scale.
pub(super) struct Pool {
    pub(super) over: PooledOver,
    /// Persons with a valid answer among them.
    pub(super) persons: u64,
    /// Their answers to each item of the scale.
    pub(super) items: Vec<Recoded>,
    pub(super) ratio: RatioSums,
}

impl Pool {
    /// Everyone's answers; `None` if there is no such scale.
    pub(super) fn of_everyone(blueprint: &Blueprint, tally: &Tally, scale: usize) -> Option<Self> {
        let counts = tally.scales().get(scale)?;
        let members = blueprint.scales().get(scale)?.members.iter();
        let items = members.map(|member| {
            let item = tally.items().get(member.item)?;
            Some(Recoded::of(item, member.reversed))
        });
        Some(Self {
            over: PooledOver::Everyone,
            persons: counts.answered(),
            items: items.collect::<Option<_>>()?,
            ratio: *counts.ratio(),
        })
    }

    /// The answers of persons with a score; `None` for scales of so many items that the tally does not tell who answered which.
    ///
    /// Of the sums for the standard error, the tally has the squares of everyone only. Those of the persons who are left out are taken as
    /// the least that they can be with so many favourable answers, so that the standard error is never too small.
    pub(super) fn of_scored(blueprint: &Blueprint, tally: &Tally, scale: usize) -> Option<Self> {
        let Self {
            mut persons,
            mut items,
            mut ratio,
            ..
        } = Self::of_everyone(blueprint, tally, scale)?;
        let scale = tally.scales().get(scale)?;
        let others = scale.incomplete_patterns(|answered| !is_scored(scale, answered))?;
        let rule = Rule::standard(scale.categories());
        let favourable = |counts: &Vec<u64>| {
            Recoded::from_counts(counts.clone()).count(|step| rule.is_favourable(step))
        };
        for pattern in &others {
            for (sum, counts) in items.iter_mut().zip(&pattern.categories) {
                sum.take_out(counts);
            }
            let without: u64 = pattern.scores.iter().sum();
            persons -= without;
            let valid = u64::from(pattern.answered.count_ones());
            let favourable: u64 = pattern.categories.iter().map(favourable).sum();
            let (each, more) = (
                favourable.checked_div(without)?,
                favourable.checked_rem(without)?,
            );
            let squares = (without - more) * each * each + more * (each + 1) * (each + 1);
            ratio.favourable -= favourable;
            ratio.valid -= valid * without;
            ratio.favourable_squared -= squares;
            ratio.favourable_valid -= favourable * valid;
            ratio.valid_squared -= valid * valid * without;
        }
        Some(Self {
            over: PooledOver::Scored,
            persons,
            items,
            ratio,
        })
    }
}
