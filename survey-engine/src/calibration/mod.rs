//! Measurement on an interval scale: the partial credit model.

mod conditional;
mod counts;
mod downcoding;
mod layout;
mod linear;
mod newton;
mod polynomial;
mod reason;
mod thresholds;

pub use conditional::{Calibration, calibrate};
pub use counts::{Counts, CountsInvalid, PatternCounts};
pub use downcoding::Downcoding;
pub use reason::CalibrationUndefined;
pub use thresholds::{THRESHOLD_LIMIT, Thresholds, ThresholdsInvalid};

/// Persons below which thresholds are too uncertain to be fixed for other rounds. A rule of thumb for rating scales.
pub const CALIBRATION_MINIMUM: u64 = 200;
