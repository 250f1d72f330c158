//! Figures of single items.

use serde::Serialize;

use super::distribution::{is_nearly_unanimous, others};
use super::estimate::{CONFIDENCE, told};
use super::pool::Pool;
use super::recoded::{Recoded, percent};
use crate::disclosure::{Bound, Permit, Reason, Released, bounded_percent};
use crate::scoring::{Blueprint, ItemPlan, Member, Rule};
use crate::stats::{Interval, Percent, Pomp, Probability, proportion_interval};

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
    /// Mean of their answers; `None` where fewer than [`FEWEST_FOR_UNANIMOUS`](super::FEWEST_FOR_UNANIMOUS) persons answered nearly all the same, and for one more item
    /// where it would follow from the others.
    pub mean: Option<Pomp>,
    /// Share of favourable answers; `None` as the mean.
    pub favourable: Option<Percent>,
    /// Its 95 % interval.
    pub favourable_interval: Option<Interval<Percent>>,
    /// The share as it may be shown to a wider public; `None` for fewer than 10 answers, and where the share is hidden and not bounded.
    pub favourable_bound: Option<Bound>,
}

impl ItemFigures {
    /// The share of favourable answers as far as it may be told to readers; see
    /// [`told_percent`](crate::disclosure::told_percent). `None` where nothing may be told.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let class = figures(form, CLASS_7A, 10);
    /// let first = class.value().and_then(|figures| figures.items[0].figures.value()).ok_or("withheld")?;
    /// // Seven of twelve chose one of the two highest answers.
    /// assert_eq!(first.told_favourable().map(|share| share.to_string()).as_deref(), Some("58"));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn told_favourable(&self) -> Option<Bound> {
        told(self.favourable, self.favourable_bound)
    }
}

/// The items of scale `scale`, in its order, from the answers in `pool`.
pub(super) fn items(
    blueprint: &Blueprint,
    pool: &Pool,
    scale: usize,
    permit: Permit,
    population: Option<u64>,
) -> Vec<ItemEstimate> {
    let minimum = permit.minimum();
    let members: Vec<(Member, &ItemPlan, &Recoded)> = blueprint
        .members(scale)
        .zip(&pool.items)
        .map(|((member, plan), answers)| (member, plan, answers))
        .collect();
    let too_few = |n: u64| n > 0 && n < u64::from(minimum);
    // The items go together, so that none follows from the scale's figures and the others.
    let reason = if pool.items.iter().any(|item| too_few(item.valid())) {
        Some(Reason::BelowMinimum)
    } else {
        (!permit.items()).then_some(Reason::Complementary)
    };
    let hidden = hidden(&pool.items);
    let estimate = |((member, plan, answers), hidden): (&(Member, &ItemPlan, &Recoded), bool)| {
        let figures = match (
            figures(answers, plan.categories, hidden, population),
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
    members.iter().zip(hidden).map(estimate).collect()
}

/// Which items show neither mean nor share: those of few persons who nearly all answered the same. If it is one, its answers are the
/// scale's less the others', so the one most like it is hidden as well.
pub(super) fn hidden(items: &[Recoded]) -> Vec<bool> {
    let alike = |item: &Recoded| item.valid() > 0 && is_nearly_unanimous(item, item.valid());
    let mut hidden: Vec<bool> = items.iter().map(alike).collect();
    if hidden.iter().filter(|hidden| **hidden).count() == 1 {
        let shown = items.iter().zip(&mut hidden);
        let shown = shown.filter(|(item, hidden)| !**hidden && item.valid() > 0);
        if let Some((_, hidden)) = shown.min_by_key(|(item, _)| others(item)) {
            *hidden = true;
        }
    }
    hidden
}

/// `None` without answers.
fn figures(
    answers: &Recoded,
    categories: u8,
    hidden: bool,
    population: Option<u64>,
) -> Option<ItemFigures> {
    let n_valid = answers.valid();
    let rule = Rule::standard(categories);
    let favourable = answers.count(|step| rule.is_favourable(step));
    let highest = f64::from(categories.checked_sub(1)?);
    let interval = proportion_interval(favourable, n_valid, population, CONFIDENCE);
    let mean = Pomp::clamped(100.0 * answers.sum() as f64 / (n_valid as f64 * highest))?;
    let share = percent(favourable, n_valid)?;
    let bound = bounded_percent(favourable, n_valid, n_valid);
    Some(ItemFigures {
        n_valid,
        mean: (!hidden).then_some(mean),
        favourable: (!hidden).then_some(share),
        favourable_interval: interval
            .filter(|_| !hidden)
            .map(|interval| interval.map(Probability::percent)),
        favourable_bound: bound.filter(|bound| !hidden || !matches!(bound, Bound::Exactly(_))),
    })
}
