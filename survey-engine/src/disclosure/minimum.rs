//! How many persons a figure must stand for.

use serde::{Deserialize, Serialize};

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Respondents {
    /// Parents, staff, employers and other adults.
    Adults,
    /// Learners.
    Learners,
}

/// How far a node of the organisation tree reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// A school, or a unit of one.
    School,
    /// A level that brings schools together: a community, a region, a system.
    Wider,
}

/// The fewest persons a figure may stand for: 5 for adults inside the school, 10 for learners and for anything wider.
///
/// A round may raise it (`raised`), never lower it. Source: rule of this engine.
///
/// ```
/// use survey_engine::disclosure::{Reach, Respondents, minimum};
/// assert_eq!(minimum(Respondents::Adults, Reach::School, None), 5);
/// assert_eq!(minimum(Respondents::Adults, Reach::Wider, None), 10);
/// assert_eq!(minimum(Respondents::Learners, Reach::School, Some(3)), 10);
/// assert_eq!(minimum(Respondents::Adults, Reach::School, Some(8)), 8);
/// ```
#[must_use]
pub fn minimum(respondents: Respondents, reach: Reach, raised: Option<u32>) -> u32 {
    let floor = match (respondents, reach) {
        (Respondents::Adults, Reach::School) => 5,
        (Respondents::Learners, _) | (_, Reach::Wider) => 10,
    };
    raised.map_or(floor, |raised| raised.max(floor))
}
