//! Measurement on an interval scale: the partial credit model.

mod conditional;
mod counts;
mod downcoding;
mod fit;
mod layout;
mod linear;
mod marginal;
mod newton;
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
pub use population::{ReportingScale, Separation};
pub use reason::CalibrationUndefined;
pub use scores::{PersonEstimate, ScoreTable, score_table};
pub use thresholds::{THRESHOLD_LIMIT, Thresholds, ThresholdsInvalid};

/// Persons below which thresholds are too uncertain to be fixed for other rounds. A rule of thumb for rating scales.
pub const CALIBRATION_MINIMUM: u64 = 200;
