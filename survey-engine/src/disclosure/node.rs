//! Nodes of an organisation tree, and how many persons are behind their figures.

use super::Reach;
use crate::scoring::{Blueprint, Member, ValidShare};
use crate::tally::{ItemTally, Tally};

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
    /// Scored persons exceed those who answered, or those exceed the respondents or their answers.
    #[error("the size of node {0} contradicts itself")]
    Contradiction(usize),
}

impl Size {
    /// The size of scale `scale` in `tally`; `None` if there is no such scale.
    #[must_use]
    pub fn of(blueprint: &Blueprint, tally: &Tally, scale: usize) -> Option<Self> {
        let counts = tally.scales().get(scale)?;
        let members = &blueprint.scales().get(scale)?.members;
        let valid = |member: &Member| tally.items().get(member.item).map(ItemTally::valid);
        Some(Self {
            scored: counts.scored(ValidShare::HALF),
            answered: counts.answered(),
            responses: tally.responses(),
            items: members.iter().map(valid).collect::<Option<_>>()?,
        })
    }
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
        let most = size.items.iter().copied().max().unwrap_or_default();
        let unanswered = !size.items.is_empty() && size.items.iter().sum::<u64>() < size.answered;
        if unanswered || size.scored.max(most) > size.answered || size.answered > size.responses {
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
    Ok(own)
}

fn without(all: &Size, part: &Size) -> Option<Size> {
    if all.items.len() != part.items.len() {
        return None;
    }
    let items = all
        .items
        .iter()
        .zip(&part.items)
        .map(|(all, part)| all.checked_sub(*part));
    Some(Size {
        scored: all.scored.checked_sub(part.scored)?,
        answered: all.answered.checked_sub(part.answered)?,
        responses: all.responses.checked_sub(part.responses)?,
        items: items.collect::<Option<_>>()?,
    })
}
