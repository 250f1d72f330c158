//! One scale at one node.

use serde::Serialize;

use super::distribution::{Distribution, MissingCounts, distribution, is_nearly_unanimous};
use super::item::{ItemEstimate, hidden, items};
use super::pool::{Pool, PooledOver};
use super::recoded::Recoded;
use crate::disclosure::{Bound, Decision, Permit, Reason, Released, bounded_percent, told_percent};
use crate::reliability::{AlphaUndefined, cronbach_alpha, feldt_interval};
use crate::scoring::{Blueprint, Score, ValidShare};
use crate::stats::{Interval, Moments, Percent, Pomp, Probability, mean_interval, ratio_interval};
use crate::tally::{ScaleTally, Tally, TallyMismatch};

/// Confidence of every published interval.
pub const CONFIDENCE: f64 = 0.95;

/// A standard deviation of fewer scores would tell single answers.
pub const FEWEST_FOR_SD: u64 = 20;

/// What is known of one scale at one node. [`definitions`](super::definitions) describes every figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Estimate {
    /// Persons with a scale score.
    pub n: u64,
    /// Persons who responded to the form.
    pub responses: u64,
    /// Persons invited, as far as known and used.
    pub population: Option<u64>,
    /// Whether there were more responses than persons invited, so that the population was not used.
    pub population_too_small: bool,
    /// Whether everyone invited has a score, so that the mean carries no sampling error.
    pub complete_count: bool,
    /// Mean score; `None` where fewer than [`FEWEST_FOR_UNANIMOUS`](super::FEWEST_FOR_UNANIMOUS) persons nearly all answered the same.
    pub mean: Option<Pomp>,
    /// Its 95 % interval.
    pub mean_interval: Option<Interval<Pomp>>,
    /// Standard deviation of the scores, in points from 0 to 100; `None` for fewer than 20, and without mean.
    pub sd: Option<f64>,
    /// Whose answers the figures from here to the distribution, and those of the items, are of.
    pub pooled_over: PooledOver,
    /// Share of favourable answers among all valid answers to the items; `None` without mean.
    pub favourable: Option<Percent>,
    /// Its 95 % interval.
    pub favourable_interval: Option<Interval<Percent>>,
    /// The share as it may be shown to a wider public; `None` for fewer than 10 persons.
    pub favourable_bound: Option<Bound>,
    /// Valid answers by category, over all items.
    pub distribution: Distribution,
    /// Answers that are not a category, over all items and all responses.
    pub missing: Released<MissingCounts>,
    /// Internal consistency.
    pub alpha: Reliability,
    /// The items.
    pub items: Vec<ItemEstimate>,
}

impl Estimate {
    /// The share of favourable answers as far as it may be told to readers; see [`told_percent`]. `None` where nothing may be
    /// told.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let told = |words, minimum| figures(form, words, minimum).value().and_then(|figures| figures.told_favourable());
    /// // Class 7A has twelve persons, and an ordinary share.
    /// assert_eq!(told(CLASS_7A, 10).map(|share| share.to_string()).as_deref(), Some("57"));
    /// // Of five who all agree completely nothing is told.
    /// assert_eq!(told("5515 5515 5515 5515 5515", 5), None);
    /// ```
    #[must_use]
    pub fn told_favourable(&self) -> Option<Bound> {
        told(self.favourable, self.favourable_bound)
    }
}

/// What may be told of a share that may be hidden.
pub(super) fn told(share: Option<Percent>, bound: Option<Bound>) -> Option<Bound> {
    match share {
        Some(share) => told_percent(share, bound),
        None => bound,
    }
}

/// Internal consistency of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reliability {
    /// Cronbach's alpha.
    Alpha {
        /// The coefficient, at most 1; negative if the items contradict each other.
        value: f64,
        /// Its 95 % interval after Feldt.
        interval: Option<Interval<f64>>,
        /// Persons who answered every item.
        n: u64,
    },
    /// It is not shown, since fewer than [`FEWEST_FOR_UNANIMOUS`](super::FEWEST_FOR_UNANIMOUS) persons answered an item nearly all the same: that nobody differs would
    /// tell what each of them answered.
    Withheld,
    /// There is none.
    Undefined {
        /// Why.
        reason: AlphaUndefined,
    },
}

/// Estimates scale `scale` from `tally`, if `decision` permits.
///
/// [`definitions`](super::definitions) has formula and source of every figure. `population` is the number of persons invited,
/// if known: the intervals then say how far the result may be from that of everyone invited. A figure that is withheld is no
/// error: the outcome says why.
///
/// # Errors
/// [`TallyMismatch::Shape`] if the tally is not of this blueprint or there is no such scale.
///
/// ```
/// use survey_engine::disclosure::{Node, Reach, Size, plan};
/// use survey_engine::indicator::estimate;
/// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
/// use survey_engine::tally::Tally;
///
/// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
/// let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
/// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
/// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
/// let mut tally = Tally::new(&blueprint);
/// for answers in [[5, 4], [4, 4], [2, 3], [5, 5], [3, 4], [1, 2]] {
///     tally.add(&blueprint, &answers)?;
/// }
///
/// let school = Node { parent: None, reach: Reach::School, minimum: 5 };
/// let size = Size::of(&blueprint, &tally, 0).ok_or("no such scale")?;
/// let decisions = plan(&[school], &[size])?;
/// let released = estimate(&blueprint, &tally, 0, &decisions[0], Some(9))?;
/// let figures = released.value().ok_or("withheld")?;
/// assert_eq!((figures.n, figures.mean.map(f64::from)), (6, Some(62.5)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn estimate(
    blueprint: &Blueprint,
    tally: &Tally,
    scale: usize,
    decision: &Decision,
    population: Option<u64>,
) -> Result<Released<Estimate>, TallyMismatch> {
    tally.check_shape(blueprint)?;
    let counts = tally.scales().get(scale).ok_or(TallyMismatch::Shape)?;
    let permit = match decision {
        Decision::Withhold(withheld) => return Ok(Released::from(*withheld)),
        Decision::Release(permit) => *permit,
    };
    let minimum = permit.minimum();
    if counts.answered() == 0 {
        return Ok(Released::withheld_for(Reason::NoResponses, minimum));
    }
    if counts.scored(ValidShare::HALF) < u64::from(minimum) {
        return Ok(Released::withheld_for(Reason::BelowMinimum, minimum));
    }
    let Some(pool) = pool(blueprint, tally, scale, permit) else {
        return Ok(Released::withheld_for(Reason::Complementary, minimum));
    };
    let figures = figures(blueprint, tally, scale, permit, &pool, population);
    let withheld = || Released::withheld_for(Reason::NoResponses, minimum);
    Ok(figures.map_or_else(withheld, Released::value_of))
}

/// The answers that may be pooled: everyone's, unless those of persons without a score would follow. `None` if the tally does not tell
/// who those are.
fn pool(blueprint: &Blueprint, tally: &Tally, scale: usize, permit: Permit) -> Option<Pool> {
    let counts = tally.scales().get(scale)?;
    let unscored = counts.answered() - counts.scored(ValidShare::HALF);
    let is_few = unscored < u64::from(permit.minimum());
    if unscored > 0 && (is_few || !permit.unscored()) {
        Pool::of_scored(blueprint, tally, scale)
    } else {
        Pool::of_everyone(blueprint, tally, scale)
    }
}

/// `None` without scored persons.
fn figures(
    blueprint: &Blueprint,
    tally: &Tally,
    scale: usize,
    permit: Permit,
    pool: &Pool,
    population: Option<u64>,
) -> Option<Estimate> {
    let counts = tally.scales().get(scale)?;
    let invited = population.filter(|all| *all >= tally.responses());
    let scores = scores(counts)?;
    let ratio = &pool.ratio;
    let share = ratio.share()?;
    let mut answers = Recoded::none(counts.categories());
    for item in &pool.items {
        answers.add(item);
    }
    let shown = !is_nearly_unanimous(&answers, scores.n);
    let mean = Pomp::clamped(scores.mean)?;
    let interval = ratio_interval(ratio, pool.persons, invited, CONFIDENCE);
    let sd = scores.variance.map(f64::sqrt);
    let alpha = reliability(counts, permit.minimum());
    let bound = bounded_percent(ratio.favourable, ratio.valid, pool.persons);
    Some(Estimate {
        n: scores.n,
        responses: tally.responses(),
        population: invited,
        population_too_small: population.is_some() && invited.is_none(),
        complete_count: invited == Some(scores.n),
        mean: shown.then_some(mean),
        mean_interval: mean_interval(&scores, invited, CONFIDENCE)
            .filter(|_| shown)
            .and_then(within_scale),
        sd: sd.filter(|_| shown && scores.n >= FEWEST_FOR_SD),
        pooled_over: pool.over,
        favourable: shown.then(|| share.percent()),
        favourable_interval: interval
            .filter(|_| shown)
            .map(|interval| interval.map(Probability::percent)),
        favourable_bound: bound,
        distribution: distribution(blueprint, scale, &answers, bound)?,
        missing: missing(blueprint, tally, scale, permit),
        alpha: if hidden(&pool.items).contains(&true) {
            Reliability::Withheld
        } else {
            alpha
        },
        items: items(blueprint, pool, scale, permit, invited),
    })
}

/// Missing answers tell of the persons who left something out.
fn missing(
    blueprint: &Blueprint,
    tally: &Tally,
    scale: usize,
    permit: Permit,
) -> Released<MissingCounts> {
    let complete = tally.scales().get(scale).map_or(0, ScaleTally::listwise);
    let incomplete = tally.responses().saturating_sub(complete);
    let minimum = permit.minimum();
    if incomplete > 0 && incomplete < u64::from(minimum) {
        Released::withheld_for(Reason::BelowMinimum, minimum)
    } else if incomplete > 0 && !permit.missing() {
        Released::withheld_for(Reason::Complementary, minimum)
    } else {
        Released::value_of(MissingCounts::of(blueprint, tally, scale))
    }
}

/// Scores in percent of the maximum possible, of everybody who answered at least half of the items.
fn scores(counts: &ScaleTally) -> Option<Moments> {
    let categories = counts.categories();
    let scores = counts.scored_scores(ValidShare::HALF);
    Moments::of(scores.filter_map(|(answered, sum, persons)| {
        let score = Score::new(answered, sum)?.pomp(categories)?;
        Some((score.value(), persons))
    }))
}

fn within_scale(interval: Interval<f64>) -> Option<Interval<Pomp>> {
    Some(Interval {
        lower: Pomp::clamped(interval.lower)?,
        upper: Pomp::clamped(interval.upper)?,
    })
}

fn reliability(counts: &ScaleTally, minimum: u32) -> Reliability {
    let n = counts.listwise();
    let alpha = cronbach_alpha(n, counts.sums(), counts.products());
    match alpha {
        Ok(_) if n < u64::from(minimum) => Reliability::Undefined {
            reason: AlphaUndefined::TooFewAnswers,
        },
        Ok(value) => {
            let interval = feldt_interval(value, n, counts.items(), CONFIDENCE);
            Reliability::Alpha { value, interval, n }
        }
        Err(reason) => Reliability::Undefined { reason },
    }
}
