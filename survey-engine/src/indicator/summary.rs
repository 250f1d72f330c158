//! Descriptive figures of one scale under any scoring rule.

use std::collections::BTreeMap;

use serde::Serialize;

use super::distribution::MissingCounts;
use super::recoded::{Recoded, percent};
use crate::scoring::{Blueprint, ItemPlan, Member, Rule, Score, ValidShare};
use crate::stats::{Moments, Percent, Pomp, quantile};
use crate::tally::{ItemTally, ScaleTally, Tally, TallyMismatch};

/// A scale and its items under a [`Rule`].
///
/// Values are those of the items (1 to 5, say), after reversing. What is undefined, as the mean of nobody, is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScaleSummary {
    /// The items, in the order of the scale.
    pub items: Vec<ItemSummary>,
    /// Fewest answers that give a score.
    pub items_needed: u32,
    /// Persons with a score.
    pub scored: u64,
    /// Persons who responded and have none.
    pub unscored: u64,
    /// Sum of the scores.
    pub sum: f64,
    /// Mean score.
    pub mean: Option<f64>,
    /// Standard deviation of the scores, divisor `n - 1`; `None` for fewer than two.
    pub sd: Option<f64>,
    /// A quarter of the persons lies below it.
    pub lower_quartile: Option<f64>,
    /// Half of the persons lies below it.
    pub median: Option<f64>,
    /// Three quarters of the persons lie below it.
    pub upper_quartile: Option<f64>,
    /// Mean score in percent of the maximum possible.
    pub pomp_mean: Option<Pomp>,
    /// Standard deviation in points from 0 to 100.
    pub pomp_sd: Option<f64>,
    /// Three readings of how favourable the scale is. They differ; say which one is shown.
    pub favourable: ScaleShares,
    /// The same of unfavourable answers, pooled over all of them.
    pub unfavourable: Option<Percent>,
    /// Highest answers, pooled over all of them.
    pub top_box: Option<Percent>,
}

/// Favourable shares of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScaleShares {
    /// Favourable answers among all valid answers, also of persons without a score.
    pub pooled: Option<Percent>,
    /// Mean of the items' shares: every item weighs the same. `None` if an item has no answers.
    pub item_average: Option<Percent>,
    /// Persons at or above the rule's cut, among those with a score.
    pub persons: Option<Percent>,
}

/// One item under a [`Rule`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ItemSummary {
    /// The item's identifier in its form.
    pub id: String,
    /// Whether the figures are of the reversed answers.
    pub reversed: bool,
    /// Persons with a valid answer.
    pub n_valid: u64,
    /// Answers that are not a category.
    pub missing: MissingCounts,
    /// Valid answers by value, from the lowest, after reversing.
    pub counts: Vec<u64>,
    /// Mean answer.
    pub mean: Option<f64>,
    /// Standard deviation of the answers, divisor `n - 1`; `None` for fewer than two.
    pub sd: Option<f64>,
    /// Favourable among valid answers.
    pub favourable: Option<Percent>,
    /// Unfavourable among valid answers.
    pub unfavourable: Option<Percent>,
    /// Highest among valid answers.
    pub top_box: Option<Percent>,
    /// "Don't know" among the persons who were asked.
    pub dont_know: Option<Percent>,
    /// "Not applicable" among the persons who were asked.
    pub not_applicable: Option<Percent>,
}

/// Summarizes scale `scale` of `tally` under `rule`.
///
/// These are the plain figures of a data set, without any protection of the persons in it: for people who hold the answers
/// themselves, and for comparison with other software. What others may see comes from [`estimate`](super::estimate), which asks for
/// the permission of a disclosure plan.
///
/// | figure | rule |
/// | --- | --- |
/// | score | mean of a person's valid answers, if there are at least `ceil(share * k)` of them and one |
/// | percent of maximum | `100 (x - lo) / (hi - lo)` |
/// | shares of answers | among valid answers, so without "don't know" and "not applicable" |
/// | `dont_know`, `not_applicable` | among everybody who was asked the item, answered or not |
/// | quartiles, median | [`quantile`]: linear interpolation, type 7 of Hyndman and Fan |
///
/// Standard deviations divide by `n - 1`. What is undefined, as the mean of nobody, is `None`. Source of the percentage of the
/// maximum: Cohen, Cohen, Aiken and West (1999), Multivariate Behavioral Research 34.
///
/// # Errors
/// [`TallyMismatch::Shape`] if the tally is not of this blueprint or there is no such scale.
///
/// ```
/// use survey_engine::indicator::summarize;
/// use survey_engine::scoring::{Blueprint, ItemPlan, Member, Rule, ScalePlan};
/// use survey_engine::tally::Tally;
/// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
/// let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
/// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
/// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
/// let mut tally = Tally::new(&blueprint);
/// for answers in [[5, 2], [4, 255], [2, 5], [255, 255]] {
///     tally.add(&blueprint, &answers)?;
/// }
///
/// let summary = summarize(&blueprint, &tally, 0, &Rule::standard(5))?;
/// assert_eq!((summary.scored, summary.unscored), (3, 1));
/// assert_eq!((summary.sum, summary.median), (10.0, Some(4.0)));
/// // Three of five answers, two thirds and one half of the items, two of three persons.
/// assert_eq!(summary.favourable.pooled.map(|share| share.value()), Some(60.0));
/// assert_eq!(summary.items[1].counts, [1, 0, 0, 1, 0]);
/// assert_eq!(summary.items[1].dont_know.map(|share| share.value()), Some(50.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn summarize(
    blueprint: &Blueprint,
    tally: &Tally,
    scale: usize,
    rule: &Rule,
) -> Result<ScaleSummary, TallyMismatch> {
    tally.check_shape(blueprint)?;
    let counts = tally.scales().get(scale).ok_or(TallyMismatch::Shape)?;
    let (lowest, highest) = blueprint.range(scale).ok_or(TallyMismatch::Shape)?;
    let top = highest - lowest;
    let mut all = Recoded::none(counts.categories());
    let mut items = Vec::with_capacity(counts.items());
    for (member, plan) in blueprint.members(scale) {
        if let Some(item) = tally.items().get(member.item) {
            let recoded = Recoded::of(item, member.reversed);
            items.push(summarize_item(member, plan, item, &recoded, rule));
            all.add(&recoded);
        }
    }

    let scores = score_distribution(counts, rule.valid_share());
    let persons = scores.values().sum();
    let above = scores
        .iter()
        .filter(|(score, _)| rule.is_favourable_person(**score))
        .map(|(_, persons)| persons)
        .sum();
    let steps = scores
        .iter()
        .map(|(score, persons)| (score.steps(), *persons));
    let moments = Moments::of(steps.clone());
    let sd = moments.and_then(|scores| Some(scores.variance?.sqrt()));
    let lowest = f64::from(lowest);
    let value_at = |p| quantile(steps.clone(), p).map(|step| lowest + step);
    let per_step = 100.0 / f64::from(top);
    let sum: f64 = steps.clone().map(|(step, n)| step * n as f64).sum();
    Ok(ScaleSummary {
        items_needed: needed(counts, rule.valid_share()),
        scored: persons,
        unscored: tally.responses().saturating_sub(persons),
        sum: sum + lowest * persons as f64,
        mean: moments.map(|scores| lowest + scores.mean),
        sd,
        lower_quartile: value_at(0.25),
        median: value_at(0.5),
        upper_quartile: value_at(0.75),
        pomp_mean: moments.and_then(|scores| Pomp::clamped(per_step * scores.mean)),
        pomp_sd: sd.map(|sd| per_step * sd),
        favourable: ScaleShares {
            pooled: all.share(|step| rule.is_favourable(step)),
            item_average: average(&items, |item| item.favourable),
            persons: percent(above, persons),
        },
        unfavourable: all.share(|step| rule.is_unfavourable(step)),
        top_box: all.share(|step| step == top),
        items,
    })
}

/// Persons by score, in ascending order, of those who answered at least `share` of the items.
///
/// Persons without a score are left out; without any with one the map is empty. Scores that rest on different numbers of items
/// and have the same mean are one entry. With [`quantile`] it gives any quantile. As [`summarize`], it protects nobody.
///
/// ```
/// use survey_engine::indicator::score_distribution;
/// use survey_engine::scoring::{Blueprint, ItemPlan, Member, Score, ScalePlan, ValidShare};
/// use survey_engine::tally::Tally;
/// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
/// let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
/// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
/// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
/// let mut tally = Tally::new(&blueprint);
/// for answers in [[4, 4], [4, 0], [1, 2]] {
///     tally.add(&blueprint, &answers)?;
/// }
/// let scores = score_distribution(&tally.scales()[0], ValidShare::HALF);
/// let steps: Vec<(f64, u64)> = scores.iter().map(|(score, persons)| (score.steps(), *persons)).collect();
/// assert_eq!(steps, [(0.5, 1), (3.0, 2)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn score_distribution(counts: &ScaleTally, share: ValidShare) -> BTreeMap<Score, u64> {
    let mut scores = BTreeMap::new();
    for (answered, sum, persons) in counts.scored_scores(share) {
        if let Some(score) = Score::new(answered, sum) {
            *scores.entry(score).or_default() += persons;
        }
    }
    scores
}

fn needed(counts: &ScaleTally, share: ValidShare) -> u32 {
    u32::try_from(counts.items()).map_or(u32::MAX, |items| share.needed(items))
}

fn summarize_item(
    member: Member,
    plan: &ItemPlan,
    item: &ItemTally,
    recoded: &Recoded,
    rule: &Rule,
) -> ItemSummary {
    let moments = recoded.moments();
    let missing = MissingCounts::of_item(item);
    let asked = recoded.valid() + missing.asked();
    ItemSummary {
        id: plan.id.clone(),
        reversed: member.reversed,
        n_valid: recoded.valid(),
        missing,
        counts: recoded.counts().to_vec(),
        mean: moments.map(|answers| f64::from(plan.lowest) + answers.mean),
        sd: moments.and_then(|answers| Some(answers.variance?.sqrt())),
        favourable: recoded.share(|step| rule.is_favourable(step)),
        unfavourable: recoded.share(|step| rule.is_unfavourable(step)),
        top_box: recoded.share(|step| step + 1 == plan.categories),
        dont_know: percent(missing.dont_know, asked),
        not_applicable: percent(missing.not_applicable, asked),
    }
}

/// `None` if one of the shares is undefined, or there is none.
fn average(
    items: &[ItemSummary],
    share: impl Fn(&ItemSummary) -> Option<Percent>,
) -> Option<Percent> {
    let shares: Option<Vec<f64>> = items
        .iter()
        .map(|item| share(item).map(Percent::value))
        .collect();
    let shares = shares?;
    Percent::clamped(shares.iter().sum::<f64>() / shares.len() as f64)
}
