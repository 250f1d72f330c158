//! What may be released.
//!
//! Every published figure passes here: an estimate is only computed for a [`Decision`], and comes as a [`Released`] value that
//! nothing outside this crate can make. Decisions depend on the sizes of groups, never on what was answered.
//!
//! The rules, for one scale of one respondent group over one organisation tree ([`plan`]):
//!
//! 1. *Minimum.* A node with fewer scored persons than its [`minimum`] is withheld.
//! 2. *Organisations.* A level above schools needs respondents from at least [`FEWEST_SCHOOLS`] schools, none with more than
//!    [`LARGEST_SHARE`] percent of them: otherwise a school could compute another's answers from its own.
//! 3. *Remainders.* What is left of a released node after taking away the released nodes below it must be empty, or hold at least
//!    the minimum, and must not be one single withheld node. Where it is not so, the smallest released node below is withheld too,
//!    until it is; if nothing is left to withhold, the node itself is.
//! 4. *Items.* The items of a scale are released together or not at all, under rules 1 and 3 for each item: a scale's pooled
//!    figures less the released items would be the withheld one.
//!
//! 5. *Persons without a score.* Means are of scored persons, the pooled figures (shares, distributions, items) of everybody who
//!    answered: their difference is about those who answered too little for a score. So these are nobody or at least the minimum, in each
//!    node and in each remainder, and so are their answers to each item where items are shown; at a node where it is not so, the pooled
//!    figures are of scored persons only. A scale of too many items for that is withheld.
//! 6. *Missing answers.* Their kinds are figures about the persons who left something out. Unless these are nobody or at least the
//!    minimum, in the node and in each remainder, the kinds are not shown.
//!
//! In a tree every combination of released sums is a combination of such remainders, which are disjoint. So rule 3 implies that
//! no combination concerns a non-empty set of fewer persons than the minimum. With rule 5 every combination is one of sums over
//! scored persons and one of sums over the others, which have nobody in common, and each of the two is about nobody or enough.
//!
//! Beside the plan for trees there are the parts for other ways to publish:
//!
//! * [`Table::audit`] decides for any sums over groups whether something about too few persons follows, and [`suppress`] withholds the
//!   fewest cells of a table so that nothing does.
//! * [`QueryAuditor`] does so for questions that come one after another, [`may_publish_snapshot`] for figures of a group that grows.
//! * [`masked_percent`] bounds shares near 0 and 100 percent.
//! * [`TwoSidedGeometric`] is the noise for counts that are given to the world.

mod audit;
mod certificate;
mod cheapest;
mod closure;
mod decision;
mod extreme;
mod items;
mod light;
mod linear;
mod minimum;
mod node;
mod noise;
mod plan;
mod query;
mod released;
mod snapshot;
mod suppression;
mod table;
mod within;

pub use audit::Audit;
pub use decision::{Decision, Permit, Reason, Withheld};
pub use extreme::{
    Bound, ExtremeLimits, ExtremeLimitsError, bounded_percent, masked_percent, told_percent,
};
pub use minimum::{Reach, Respondents, minimum};
pub(crate) use node::is_scored;
pub use node::{Node, PlanError, Size};
pub use noise::{TwoSidedGeometric, non_negative_count};
pub use plan::{FEWEST_SCHOOLS, LARGEST_SHARE, plan};
pub use query::{QueryAuditor, QueryDecision, Refusal};
pub use released::Released;
pub use snapshot::{may_publish_snapshot, published_snapshots};
pub use suppression::{
    SUPPRESSION_AUDITS, Suppression, audit_of_primary_only, suppress, suppress_within,
};
pub use table::{Table, TableError};
