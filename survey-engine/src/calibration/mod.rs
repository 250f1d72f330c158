//! Measurement on an interval scale: the partial credit model.
//!
//! A mean of answers depends on which items were asked and bends near its ends: from 4.6 to 4.8 is a longer way than from 3.1 to 3.3.
//! The partial credit model (Masters, 1982, Psychometrika 47) puts persons and items on one scale in *logits*, on which groups,
//! schools and rounds are compared. The probability that a person at `theta` chooses category `x` of item `i` is proportional to
//!
//! `exp(x theta - delta_i1 - ... - delta_ix)`
//!
//! with the thresholds `delta_ij`. All that matters of a person's answers is then the raw score, so that everything here is computed
//! from counts ([`Counts`]), exactly as from the answers themselves and in a time that does not depend on their number.
//!
//! 1. [`calibrate`] estimates the thresholds without assuming anything about the persons; [`calibrate_population`] also estimates
//!    the spread of a normal population.
//! 2. [`score_table`] turns every raw score into a place with a standard error, once for all persons; for persons who skipped
//!    items, with the thresholds of the [`answered`](Thresholds::answered) ones ([`separation_of_patterns`]).
//! 3. [`ScoreTable::separation`] tells how well the scale separates persons, [`ReportingScale`] reports in scores with mean 50 and
//!    standard deviation 10, [`item_fit`] which items do not measure what the others do.
//!
//! # Rule of use
//!
//! Calibrate once: per version of a scale and stakeholder group, on the answers of all schools together, with at least
//! [`CALIBRATION_MINIMUM`] persons. Keep the thresholds, the table and the reporting scale fixed across rounds; never calibrate a
//! school on its own. A school's figures are raw scores read off that table. A new version of a scale, or a changed item, is a new
//! calibration.
//!
//! # Conventions
//!
//! Steps count from 0, reversed items already turned. Persons with the lowest or highest raw score count in calibrations and
//! tables, and are left out of item fit. With missing answers each person is compared with those who answered the same items
//! (assuming that which items were skipped says nothing about the person beyond the answers given). What is not defined has a
//! reason: [`CalibrationUndefined`], [`FitUndefined`].

mod conditional;
mod counts;
mod downcoding;
mod fit;
mod layout;
mod marginal;
mod polynomial;
mod population;
mod quadrature;
mod reason;
mod scores;
mod thresholds;

pub use conditional::{Calibration, calibrate};
pub use counts::{Counts, CountsInvalid};
pub use downcoding::Downcoding;
pub use fit::{FitUndefined, ItemFit, ScaleFit, item_fit, item_fit_of_counts};
pub use marginal::{PopulationCalibration, calibrate_population};
pub use population::{ReportingScale, Separation, separation_of_patterns};
pub use reason::CalibrationUndefined;
pub use scores::{PersonEstimate, RawScoreEnd, ScoreTable, score_table};
pub use thresholds::{THRESHOLD_LIMIT, Thresholds, ThresholdsInvalid};

use crate::linear::Ascent;

/// The search for thresholds: logits are of the order of one.
const ASCENT: Ascent = Ascent {
    longest: 3.0,
    small: 1e-6,
    mends: true,
};

/// Persons below which thresholds are too uncertain to be fixed for other rounds. A rule of thumb for rating scales.
pub const CALIBRATION_MINIMUM: u64 = 200;
