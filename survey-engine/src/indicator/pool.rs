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
        let rule = Rule::standard(scale.categories());
        let cells = scale.incomplete_cells()?;
        let mut others = cells
            .filter(|(answered, ..)| !is_scored(scale, *answered))
            .peekable();
        while let Some((answered, first, ..)) = others.peek().copied() {
            // The cells of one set: each of its items has all of its persons.
            let (mut without, mut favourable) = (0, 0);
            while let Some((_, item, step, answers)) = others.next_if(|next| next.0 == answered) {
                if let Some(sum) = items.get_mut(item) {
                    sum.take_out(step, answers);
                }
                without += if item == first { answers } else { 0 };
                let is_favourable = u8::try_from(step).is_ok_and(|step| rule.is_favourable(step));
                favourable += if is_favourable { answers } else { 0 };
            }
            let valid = u64::from(answered.count_ones());
            persons -= without;
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
