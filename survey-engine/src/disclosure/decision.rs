//! Whether a node's figures may be shown.

use serde::{Deserialize, Serialize};

/// Outcome of [`plan`](super::plan) for one node and one scale.
///
/// A decision can be stored with its round and read back; the stored form is the outcome of a plan and nothing else should write
/// it. As a second guard the estimate counts again, and withholds whatever is below the permit's minimum.
///
/// ```
/// use survey_engine::disclosure::{Decision, Node, Reach, Reason, Size, plan};
/// let node = |parent| Node { parent, reach: Reach::School, minimum: 5 };
/// let size = |n| Size {
///     scored: n, answered: n, responses: n, items: vec![n], scored_items: Some(vec![n]), complete: n,
/// };
/// // A school of two classes: the larger one would give away the smaller.
/// let decisions = plan(&[node(None), node(Some(0)), node(Some(0))], &[size(20), size(17), size(3)])?;
/// let reasons = decisions.iter().map(|decision| match decision {
///     Decision::Release(_) => None,
///     Decision::Withhold(withheld) => Some(withheld.reason),
/// });
/// assert!(reasons.eq([None, Some(Reason::Complementary), Some(Reason::BelowMinimum)]));
/// # Ok::<(), survey_engine::disclosure::PlanError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// The node's figures may be shown.
    Release(Permit),
    /// They may not.
    Withhold(Withheld),
}

impl Decision {
    /// Whether the node's figures may be shown.
    ///
    /// ```
    /// use survey_engine::disclosure::{Decision, Reason, Withheld};
    /// let hidden = Decision::Withhold(Withheld { reason: Reason::BelowMinimum, minimum: 10 });
    /// assert!(!hidden.is_release());
    /// ```
    #[must_use]
    pub fn is_release(&self) -> bool {
        matches!(self, Self::Release(_))
    }
}

/// Permission to release, which only [`plan`](super::plan) gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Permit {
    minimum: u32,
    items: bool,
    // Not in decisions of old; then what is stricter holds.
    #[serde(default)]
    unscored: bool,
    #[serde(default)]
    missing: bool,
}

impl Permit {
    pub(super) fn new(minimum: u32) -> Self {
        Self {
            minimum,
            items: false,
            unscored: false,
            missing: false,
        }
    }

    /// The same permission, also for the items one by one.
    pub(super) fn with_items(self, items: bool) -> Self {
        Self { items, ..self }
    }

    /// The same permission, also for the answers of persons without a score.
    pub(super) fn with_unscored(self, unscored: bool) -> Self {
        Self { unscored, ..self }
    }

    /// The same permission, also for the missing answers.
    pub(super) fn with_missing(self, missing: bool) -> Self {
        Self { missing, ..self }
    }

    /// The fewest persons a figure may stand for.
    ///
    /// ```
    /// use survey_engine::disclosure::{Decision, Node, Reach, Size, plan};
    /// let school = Node { parent: None, reach: Reach::School, minimum: 5 };
    /// let size = Size {
    ///     scored: 12, answered: 12, responses: 12, items: vec![12], scored_items: Some(vec![12]), complete: 12,
    /// };
    /// let Decision::Release(permit) = plan(&[school], &[size])?[0] else { panic!("twelve are enough") };
    /// assert_eq!(permit.minimum(), 5);
    /// # Ok::<(), survey_engine::disclosure::PlanError>(())
    /// ```
    #[must_use]
    pub fn minimum(&self) -> u32 {
        self.minimum
    }

    /// Whether the items of the scale may be shown one by one.
    ///
    /// ```
    /// use survey_engine::disclosure::{Decision, Node, Reach, Size, plan};
    /// let school = Node { parent: None, reach: Reach::School, minimum: 5 };
    /// // Only three answered the second item.
    /// let size = Size {
    ///     scored: 12, answered: 12, responses: 12, items: vec![12, 3], scored_items: Some(vec![12, 3]), complete: 3,
    /// };
    /// let Decision::Release(permit) = plan(&[school], &[size])?[0] else { panic!("twelve are enough") };
    /// assert!(!permit.items());
    /// # Ok::<(), survey_engine::disclosure::PlanError>(())
    /// ```
    #[must_use]
    pub fn items(&self) -> bool {
        self.items
    }

    /// Whether the answers of persons without a score may be in the figures that are pooled over answers. Otherwise those are of scored
    /// persons only.
    ///
    /// ```
    /// use survey_engine::disclosure::{Decision, Node, Reach, Size, plan};
    /// let school = Node { parent: None, reach: Reach::School, minimum: 5 };
    /// // Two answered too few of the four items for a score.
    /// let size = Size {
    ///     scored: 12, answered: 14, responses: 14, items: vec![14, 12, 12, 12], scored_items: Some(vec![12; 4]), complete: 12,
    /// };
    /// let Decision::Release(permit) = plan(&[school], &[size])?[0] else { panic!("twelve are enough") };
    /// assert!(!permit.unscored() && permit.items());
    /// # Ok::<(), survey_engine::disclosure::PlanError>(())
    /// ```
    #[must_use]
    pub fn unscored(&self) -> bool {
        self.unscored
    }

    /// Whether the missing answers may be shown by kind.
    ///
    /// ```
    /// use survey_engine::disclosure::{Decision, Node, Reach, Size, plan};
    /// let school = Node { parent: None, reach: Reach::School, minimum: 5 };
    /// // Two left something out: its kind would be theirs.
    /// let size = Size {
    ///     scored: 12, answered: 12, responses: 12, items: vec![12, 10], scored_items: Some(vec![12, 10]), complete: 10,
    /// };
    /// let Decision::Release(permit) = plan(&[school], &[size])?[0] else { panic!("twelve are enough") };
    /// assert!(!permit.missing());
    /// # Ok::<(), survey_engine::disclosure::PlanError>(())
    /// ```
    #[must_use]
    pub fn missing(&self) -> bool {
        self.missing
    }
}

/// Why a figure is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Withheld {
    /// The rule that withholds it.
    pub reason: Reason,
    /// The fewest persons a figure of this node may stand for.
    pub minimum: u32,
}

/// The rule that withholds a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Nobody answered. Not a secret.
    NoResponses,
    /// Fewer persons than the minimum.
    BelowMinimum,
    /// Enough persons, but with the other released figures it would show a smaller group's.
    Complementary,
    /// Respondents from too few schools.
    TooFewSchools,
    /// One school has most of the respondents.
    Dominance,
}
