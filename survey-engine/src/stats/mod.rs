//! Formulas, each with its conventions, source and an example.
//!
//! Nothing here returns NaN: what is undefined is `None`, or an error that says why. Variances divide by `n - 1`.

mod beta;
mod mean;
mod normal;
mod proportion;
mod quantile;
mod quantity;
mod ratio;
mod student;

pub use mean::{Moments, mean_interval};
pub use normal::normal_quantile;
pub use proportion::{
    HYPERGEOMETRIC_LIMIT, effective_size, hypergeometric_interval, proportion_interval,
    wilson_interval,
};
pub use quantile::quantile;
pub use quantity::{Interval, OutOfRange, Percent, Pomp, Probability};
pub use ratio::{RatioSums, ratio_interval};
pub use student::{fisher_quantile, student_quantile};
