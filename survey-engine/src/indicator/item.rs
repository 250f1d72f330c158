//! Figures of single items.

use serde::Serialize;

use super::estimate::CONFIDENCE;
use super::recoded::{Recoded, percent};
use crate::disclosure::{Bound, Permit, Reason, Released, bounded_percent};
use crate::scoring::{Blueprint, ItemPlan, Member, Rule};
use crate::stats::{Interval, Percent, Pomp, Probability, proportion_interval};
use crate::tally::{ItemTally, Tally};

/// One item of a scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemEstimate {
    /// The item's identifier in its form.
    pub id: String,
    /// Whether the figures are of the reversed answers.
    pub reversed: bool,
    /// The figures.
    pub figures: Released<ItemFigures>,
}

/// What is known of one item, after reversing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ItemFigures {
    /// Persons with a valid answer.
    pub n_valid: u64,
    /// Mean of their answers.
    pub mean: Pomp,
    /// Share of favourable answers.
    pub favourable: Percent,
    /// Its 95 % interval.
    pub favourable_interval: Option<Interval<Percent>>,
    /// The share as it may be shown to a wider public; `None` for fewer than 10 answers.
    pub favourable_bound: Option<Bound>,
}

/// The items of scale `scale`, in its order.
pub(super) fn items(
    blueprint: &Blueprint,
    tally: &Tally,
    scale: usize,
    permit: Permit,
    population: Option<u64>,
) -> Vec<ItemEstimate> {
    let minimum = permit.minimum();
    let tallied =
        |(member, plan): (Member, _)| Some((member, plan, tally.items().get(member.item)?));
    let members: Vec<(Member, &ItemPlan, &ItemTally)> =
        blueprint.members(scale).filter_map(tallied).collect();
    let too_few = |n: u64| n > 0 && n < u64::from(minimum);
    // The items go together, so that none follows from the scale's figures and the others.
    let reason = if members.iter().any(|(_, _, item)| too_few(item.valid())) {
        Some(Reason::BelowMinimum)
    } else {
        (!permit.items()).then_some(Reason::Complementary)
    };
    let estimate = |(member, plan, item): &(Member, &ItemPlan, &ItemTally)| {
        let figures = match (
            figures(item, (member.reversed, plan.categories), population),
            reason,
        ) {
            (None, _) => Released::withheld_for(Reason::NoResponses, minimum),
            (Some(_), Some(reason)) => Released::withheld_for(reason, minimum),
            (Some(figures), None) => Released::value_of(figures),
        };
        ItemEstimate {
            id: plan.id.clone(),
            reversed: member.reversed,
            figures,
        }
    };
    members.iter().map(estimate).collect()
}

/// `None` without answers.
fn figures(
    item: &ItemTally,
    (reversed, categories): (bool, u8),
    population: Option<u64>,
) -> Option<ItemFigures> {
    let answers = Recoded::of(item, reversed);
    let n_valid = answers.valid();
    let rule = Rule::standard(categories);
    let favourable = answers.count(|step| rule.is_favourable(step));
    let highest = f64::from(categories.checked_sub(1)?);
    let interval = proportion_interval(favourable, n_valid, population, CONFIDENCE);
    Some(ItemFigures {
        n_valid,
        mean: Pomp::clamped(100.0 * answers.sum() as f64 / (n_valid as f64 * highest))?,
        favourable: percent(favourable, n_valid)?,
        favourable_interval: interval.map(|interval| interval.map(Probability::percent)),
        favourable_bound: bounded_percent(favourable, n_valid, n_valid),
    })
}
