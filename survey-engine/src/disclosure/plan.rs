//! Which nodes of an organisation tree may be released for one scale.

use super::closure::{Branch, Remainder, close, is_none_or_enough};
use super::items::{ItemCounts, release_items};
use super::node::check;
use super::within::{release_missing, release_unscored};
use super::{Decision, Node, Permit, PlanError, Reach, Reason, Size, Withheld};

/// A level above schools needs respondents from so many.
pub const FEWEST_SCHOOLS: u64 = 3;

/// No school may have more than this percentage of the respondents of a level above schools.
pub const LARGEST_SHARE: u64 = 70;

/// Decides which nodes may be released for one scale of one respondent group. See the [module](super) for the rules.
///
/// `nodes` and `sizes` are parallel, parents before children. Sizes include everything below; what a node has beyond its children
/// are respondents who belong to it directly (employers of a community, say). They count as one more school towards the rule on
/// organisations; a level with direct respondents only is no aggregate of organisations.
///
/// # Errors
/// [`PlanError::Sizes`] unless there is one size per node, [`PlanError::Parent`] for a node listed before its parent,
/// [`PlanError::Reach`] for a wider level below a school, [`PlanError::Disagree`] for a node with fewer persons than its
/// children together or other items than the rest, [`PlanError::Contradiction`] for a size that contradicts itself.
///
/// ```
/// use survey_engine::disclosure::{Node, Reach, Reason, Size, plan};
/// let node = |parent| Node { parent, reach: Reach::School, minimum: 5 };
/// let size = |n| Size {
///     scored: n, answered: n, responses: n, items: vec![n], scored_items: Some(vec![n]), complete: n,
/// };
/// // A school with three units. The smallest unit is too small, and would follow from the other two.
/// let nodes = [node(None), node(Some(0)), node(Some(0)), node(Some(0))];
/// let decisions = plan(&nodes, &[size(30), size(4), size(12), size(14)])?;
/// let released: Vec<bool> = decisions.iter().map(|decision| decision.is_release()).collect();
/// assert_eq!(released, [true, false, false, true]);
/// # Ok::<(), survey_engine::disclosure::PlanError>(())
/// ```
pub fn plan(nodes: &[Node], sizes: &[Size]) -> Result<Vec<Decision>, PlanError> {
    let own = check(nodes, sizes)?;
    let is_narrow = sizes.iter().all(|size| size.scored_items.is_some());
    let objections = objections(nodes, sizes, &own, is_narrow);
    let mut released: Vec<bool> = objections.iter().map(Option::is_none).collect();
    let forest: Vec<Branch<Persons>> = nodes
        .iter()
        .zip(sizes)
        .zip(&own)
        .map(|((node, size), own)| Branch {
            parent: node.parent,
            minimum: node.minimum,
            size: size.scored,
            own: Persons::of(own, is_narrow),
        })
        .collect();
    close(&forest, &mut released);
    let of_items = |sizes: &[Size]| -> Vec<Vec<u64>> {
        let of_scored = |size: &Size| size.scored_items.clone().filter(|_| is_narrow);
        let each = sizes.iter();
        each.map(|size| of_scored(size).unwrap_or_else(|| size.items.clone()))
            .collect()
    };
    let counts = ItemCounts {
        all: of_items(sizes),
        own: of_items(&own),
    };
    let scored: Vec<u64> = sizes.iter().map(|size| size.scored).collect();
    let items = release_items(nodes, &counts, &scored, &released, &released);
    let unscored = if is_narrow {
        release_unscored(nodes, sizes, &own, &released, &items)
    } else {
        released.clone()
    };
    let missing = release_missing(nodes, sizes, &own, &released);
    let flags = items.into_iter().zip(unscored).zip(missing);
    let permits = nodes.iter().zip(flags).map(|(node, flags)| {
        let ((items, unscored), missing) = flags;
        Permit::new(node.minimum)
            .with_items(items)
            .with_unscored(unscored)
            .with_missing(missing)
    });
    let outcomes = permits.zip(released).zip(objections);
    let decide = |((permit, released), objection): ((Permit, bool), Option<Reason>)| {
        if released {
            return Decision::Release(permit);
        }
        Decision::Withhold(Withheld {
            reason: objection.unwrap_or(Reason::Complementary),
            minimum: permit.minimum(),
        })
    };
    Ok(outcomes.map(decide).collect())
}

/// Rules 1 and 2: what speaks against each node by itself.
fn objections(
    nodes: &[Node],
    sizes: &[Size],
    own: &[Size],
    is_narrow: bool,
) -> Vec<Option<Reason>> {
    let organisations = organisations(nodes, sizes, own);
    let each = nodes.iter().zip(sizes).zip(own).zip(organisations);
    each.map(|(((node, size), own), organisations)| {
        let aggregates = node.reach == Reach::Wider && own.scored < size.scored;
        if size.answered == 0 {
            Some(Reason::NoResponses)
        } else if size.scored < u64::from(node.minimum.max(1)) {
            Some(Reason::BelowMinimum)
        } else if aggregates && organisations.number < FEWEST_SCHOOLS {
            Some(Reason::TooFewSchools)
        } else if aggregates && organisations.dominate(size.scored) {
            Some(Reason::Dominance)
        } else if !is_narrow && !is_none_or_enough(size.unscored(), node.minimum) {
            // The pooled figures cannot do without the few.
            Some(Reason::Complementary)
        } else {
            None
        }
    })
    .collect()
}

/// The organisations with respondents at or below a node.
#[derive(Clone, Copy, Default)]
struct Organisations {
    number: u64,
    largest: u64,
}

impl Organisations {
    fn of_one(scored: u64) -> Self {
        Self {
            number: u64::from(scored > 0),
            largest: scored,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            number: self.number + other.number,
            largest: self.largest.max(other.largest),
        }
    }

    fn dominate(self, scored: u64) -> bool {
        u128::from(self.largest) * 100 > u128::from(scored) * u128::from(LARGEST_SHARE)
    }
}

fn organisations(nodes: &[Node], sizes: &[Size], own: &[Size]) -> Vec<Organisations> {
    let mut found = vec![Organisations::default(); nodes.len()];
    for (at, ((node, size), own)) in nodes.iter().zip(sizes).zip(own).enumerate().rev() {
        let (above, here) = found.split_at_mut(at);
        let Some(here) = here.first_mut() else {
            continue;
        };
        *here = match node.reach {
            Reach::School => Organisations::of_one(size.scored),
            Reach::Wider => here.and(Organisations::of_one(own.scored)),
        };
        if let Some(parent) = node.parent.and_then(|parent| above.get_mut(parent)) {
            *parent = parent.and(*here);
        }
    }
    found
}

/// Rule 3: persons behind the three kinds of figures of a scale (scores, pooled answers, missing answers).
#[derive(Clone)]
struct Persons {
    scored: u64,
    answered: u64,
    responses: u64,
    /// Persons without a score, where the pooled figures are of everybody in any case.
    unscored: u64,
}

impl Persons {
    fn of(size: &Size, is_narrow: bool) -> Self {
        Self {
            scored: size.scored,
            answered: size.answered,
            responses: size.responses,
            unscored: if is_narrow { 0 } else { size.unscored() },
        }
    }
}

impl Remainder for Persons {
    fn join(&mut self, other: &Self) {
        self.scored += other.scored;
        self.answered += other.answered;
        self.responses += other.responses;
        self.unscored += other.unscored;
    }

    fn is_empty(&self) -> bool {
        self.scored == 0
    }

    fn is_safe(&self, minimum: u32) -> bool {
        [self.scored, self.answered, self.responses, self.unscored]
            .iter()
            .all(|n| is_none_or_enough(*n, minimum))
    }
}
