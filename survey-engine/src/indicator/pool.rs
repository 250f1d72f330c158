//! Answers of several persons to several items, taken together.

use serde::Serialize;

use super::recoded::Recoded;
use crate::disclosure::is_scored;
use crate::scoring::{Blueprint, Rule};
use crate::stats::RatioSums;
use crate::tally::{Pattern, ScaleTally, Tally};

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
    pub(super) fn of_scored(scale: &ScaleTally) -> Option<Self> {
        let patterns = scale.patterns()?;
        let (scored, others): (Vec<&Pattern>, Vec<&Pattern>) = patterns
            .iter()
            .partition(|pattern| is_scored(scale, pattern));
        let mut items = vec![Recoded::none(scale.categories()); scale.items()];
        for pattern in &scored {
            for (sum, counts) in items.iter_mut().zip(&pattern.categories) {
                sum.add(&Recoded::from_counts(counts.clone()));
            }
        }
        let rule = Rule::standard(scale.categories());
        let favourable = |counts: &Vec<u64>| {
            Recoded::from_counts(counts.clone()).count(|step| rule.is_favourable(step))
        };
        let mut ratio = *scale.ratio();
        for pattern in others {
            let persons: u64 = pattern.scores.iter().sum();
            let valid = u64::from(pattern.answered.count_ones());
            let favourable: u64 = pattern.categories.iter().map(favourable).sum();
            let (each, more) = (
                favourable.checked_div(persons)?,
                favourable.checked_rem(persons)?,
            );
            let squares = (persons - more) * each * each + more * (each + 1) * (each + 1);
            ratio.favourable -= favourable;
            ratio.valid -= valid * persons;
            ratio.favourable_squared -= squares;
            ratio.favourable_valid -= favourable * valid;
            ratio.valid_squared -= valid * valid * persons;
        }
        Some(Self {
            over: PooledOver::Scored,
            persons: scored.iter().flat_map(|pattern| &pattern.scores).sum(),
            items,
            ratio,
        })
    }
}
