//! Nodes of an organisation tree, and how many persons are behind their figures.

use super::Reach;
use crate::scoring::{Blueprint, Member, ValidShare};
use crate::tally::{ItemTally, Pattern, ScaleTally, Tally};

/// One node of an organisation tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Position of the node above, which is listed before; `None` for a root.
    pub parent: Option<usize>,
    /// School or wider. Everything below a school belongs to it.
    pub reach: Reach,
    /// The fewest persons a figure of this node may stand for; see [`minimum`](super::minimum).
    pub minimum: u32,
}

/// How many persons are behind the figures of one scale at one node, with everything below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Size {
    /// Persons with a scale score.
    pub scored: u64,
    /// Persons with at least one valid answer to the scale.
    pub answered: u64,
    /// Persons who responded to the form.
    pub responses: u64,
    /// Persons with a valid answer, per item of the scale.
    pub items: Vec<u64>,
    /// Persons with a score and a valid answer, per item of the scale; `None` for a scale of so many items that it is not known.
    pub scored_items: Option<Vec<u64>>,
    /// Persons who answered every item of the scale.
    pub complete: u64,
}

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// There is not one size per node.
    #[error("{nodes} nodes but {sizes} sizes")]
    Sizes {
        /// Number of nodes.
        nodes: usize,
        /// Number of sizes.
        sizes: usize,
    },
    /// A node is listed before its parent, or its parent does not exist.
    #[error("node {0} is not listed after its parent")]
    Parent(usize),
    /// A wider level lies below a school.
    #[error("node {0} reaches wider than the school it belongs to")]
    Reach(usize),
    /// A node has fewer persons than its children together, or other items than the other nodes.
    #[error("the size of node {0} does not agree with the sizes below it")]
    Disagree(usize),
    /// Scored persons exceed those who answered, or those exceed the respondents or their answers; or the answers of scored persons
    /// do not agree with the others.
    #[error("the size of node {0} contradicts itself")]
    Contradiction(usize),
}

impl Size {
    /// The size of scale `scale` in `tally`; `None` if there is no such scale. A score needs valid answers to half of the items
    /// ([`ValidShare::HALF`]).
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// let mut tally = Tally::new(&blueprint);
    /// for packed in [[5, 1], [4, 3], [3, 255], [0, 2]] {
    ///     tally.add(&blueprint, &packed).unwrap();
    /// }
    /// # let scale = &tally.scales()[0];
    /// # use survey_engine::disclosure::Size;
    /// let size = Size::of(&blueprint, &tally, 0).unwrap();
    /// assert_eq!((size.scored, size.responses, size.items), (4, 4, vec![3, 3]));
    /// ```
    #[must_use]
    pub fn of(blueprint: &Blueprint, tally: &Tally, scale: usize) -> Option<Self> {
        let counts = tally.scales().get(scale)?;
        let members = &blueprint.scales().get(scale)?.members;
        let valid = |member: &Member| tally.items().get(member.item).map(ItemTally::valid);
        let scored_items = counts.patterns().map(|patterns| {
            let mut items = vec![0; counts.items()];
            let scored = |pattern: &&Pattern| is_scored(counts, pattern.answered);
            for pattern in patterns.iter().filter(scored) {
                for (sum, categories) in items.iter_mut().zip(&pattern.categories) {
                    *sum += categories.iter().sum::<u64>();
                }
            }
            items
        });
        Some(Self {
            scored: counts.scored(ValidShare::HALF),
            answered: counts.answered(),
            responses: tally.responses(),
            items: members.iter().map(valid).collect::<Option<_>>()?,
            scored_items,
            complete: counts.listwise(),
        })
    }

    /// Persons with a valid answer and no score.
    pub(super) fn unscored(&self) -> u64 {
        self.answered.saturating_sub(self.scored)
    }

    /// Persons with a valid answer and no score, per item; empty where it is not known.
    pub(super) fn unscored_items(&self) -> Vec<u64> {
        let scored = self.scored_items.iter().flatten();
        let items = self.items.iter().zip(scored);
        items
            .map(|(all, scored)| all.saturating_sub(*scored))
            .collect()
    }

    /// Persons with something missing.
    pub(super) fn incomplete(&self) -> u64 {
        self.responses.saturating_sub(self.complete)
    }

    fn contradicts_itself(&self) -> bool {
        let exceeds = |items: &[u64], persons: u64| items.iter().any(|n| *n > persons);
        let unanswered =
            |items: &[u64], persons: u64| !items.is_empty() && items.iter().sum::<u64>() < persons;
        let wrong =
            |items: &[u64], persons: u64| exceeds(items, persons) || unanswered(items, persons);
        let of_scored = self.scored_items.as_ref().is_some_and(|items| {
            let more = items
                .iter()
                .zip(&self.items)
                .any(|(scored, all)| scored > all);
            more || items.len() != self.items.len()
                || wrong(items, self.scored)
                || wrong(&self.unscored_items(), self.unscored())
        });
        self.complete > self.scored
            || self.scored > self.answered
            || self.answered > self.responses
            || wrong(&self.items, self.answered)
            || of_scored
    }
}

/// Whether the persons who answered this set of items have a score.
pub(crate) fn is_scored(scale: &ScaleTally, answered: u64) -> bool {
    let items = u32::try_from(scale.items()).unwrap_or(u32::MAX);
    ValidShare::HALF.is_met(answered.count_ones(), items)
}

/// Checks the arguments; the part of every node that belongs to none of its children.
pub(super) fn check(nodes: &[Node], sizes: &[Size]) -> Result<Vec<Size>, PlanError> {
    if nodes.len() != sizes.len() {
        return Err(PlanError::Sizes {
            nodes: nodes.len(),
            sizes: sizes.len(),
        });
    }
    let mut own = sizes.to_vec();
    for (at, (node, size)) in nodes.iter().zip(sizes).enumerate() {
        if size.contradicts_itself() {
            return Err(PlanError::Contradiction(at));
        }
        let Some(parent) = node.parent else { continue };
        let above = nodes
            .get(parent)
            .filter(|_| parent < at)
            .ok_or(PlanError::Parent(at))?;
        if above.reach == Reach::School && node.reach == Reach::Wider {
            return Err(PlanError::Reach(at));
        }
        let rest = own.get_mut(parent).ok_or(PlanError::Parent(at))?;
        *rest = without(rest, size).ok_or(PlanError::Disagree(parent))?;
    }
    match own.iter().position(Size::contradicts_itself) {
        Some(at) => Err(PlanError::Disagree(at)),
        None => Ok(own),
    }
}

fn without(all: &Size, part: &Size) -> Option<Size> {
    if all.items.len() != part.items.len() {
        return None;
    }
    let less = |all: &[u64], part: &[u64]| -> Option<Vec<u64>> {
        let each = all
            .iter()
            .zip(part)
            .map(|(all, part)| all.checked_sub(*part));
        each.collect()
    };
    let scored_items = match (&all.scored_items, &part.scored_items) {
        (Some(all), Some(part)) => Some(less(all, part)?),
        _ => None,
    };
    Some(Size {
        scored: all.scored.checked_sub(part.scored)?,
        answered: all.answered.checked_sub(part.answered)?,
        responses: all.responses.checked_sub(part.responses)?,
        items: less(&all.items, &part.items)?,
        scored_items,
        complete: all.complete.checked_sub(part.complete)?,
    })
}
