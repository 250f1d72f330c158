//! Why there is no calibration.

use serde::Serialize;

/// Why a scale cannot be calibrated from these answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CalibrationUndefined {
    /// Thresholds are relative to those of other items.
    #[error("a scale needs at least two items")]
    TooFewItems,
    /// Nobody answered at least two items and scored between the lowest and the highest possible score.
    #[error(
        "nobody has a score between the lowest and the highest possible one on two items or more"
    )]
    TooFewPersons,
    /// Everybody gave the same answer to an item, or nobody answered it.
    #[error("the answers to item {item} do not vary")]
    NoVariation {
        /// Position of the item in the scale, from 0.
        item: usize,
    },
    /// A category between two that were chosen was never chosen, so that raw scores cannot be recoded from these counts.
    ///
    /// Recode the answers by [`Downcoding`](super::Downcoding) and count them again.
    #[error("nobody chose some middle category of item {item}: recode the answers and count again")]
    GapInside {
        /// Position of the item in the scale, from 0.
        item: usize,
    },
    /// No chain of persons who answered both of two items links all items.
    #[error("no persons in common link all items")]
    Disconnected,
    /// The likelihood grows without end as a threshold does, or does not settle.
    #[error("the answers do not determine every threshold")]
    NotDetermined,
    /// Persons do not differ by more than chance: the latent variance is 0.
    #[error("the latent variance is zero")]
    NoLatentVariance,
}
