//! Weights, designs and their standard errors.
//!
//! Who answers a survey is rarely a likeness of who was asked. If the register says how many persons of each kind there are, every
//! kind can be given its share again: by cells ([`post_stratify`]) or, where the cells are too many or only the margins are known,
//! by margins ([`rake`]). Weights cost precision; [`Kish`] says how much, and every mean comes with a standard error that knows of
//! the weights. Weights mend differences between kinds of persons, not between those who answer and those who do not within one
//! kind: [`worst_case`] says what might be hidden there.
//!
//! Weights are the same for all persons of a cell, so counts and sums by cell suffice: [`Part`]. Parts of several units are simply
//! put one after another. Only a sample of clusters (whole classes, say) needs the sums of each cluster.
//!
//! | step | function |
//! | --- | --- |
//! | join cells that are too small | [`collapse`] |
//! | weights by cells, by margins | [`post_stratify`], [`rake`] |
//! | cap extreme weights | [`trim`] |
//! | means of a weighted sample | [`Calibration::mean`] |
//! | means of a sample by its design alone | [`design_mean`] |
//!
//! Standard errors are linearised (Taylor). An answer that is missing counts as a person outside the domain: the person stays in
//! the sample and adds nothing to the sums.

mod bounds;
mod calibration;
mod collapse;
mod design;
mod kish;
mod linearise;
mod margins;
mod sample;
mod trim;

pub use bounds::worst_case;
pub use calibration::{Calibration, WeightedMean};
pub use collapse::{FEWEST_RESPONDENTS, LARGEST_RATIO, collapse};
pub use design::{DesignMean, design_mean};
pub use kish::Kish;
pub use margins::{CONVERGENCE, post_stratify, rake};
pub use sample::{DesignProblem, FinitePopulation, Part, ValueSums};
pub use trim::{Trimmed, trim};
