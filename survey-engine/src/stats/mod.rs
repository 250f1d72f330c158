//! Formulas, each with its conventions, source and an example.
//!
//! Nothing here returns NaN: what is undefined is `None`, or an error that says why. Variances divide by `n - 1`.

mod beta;
mod chi_square;
mod confidence;
mod covariance;
mod fisher;
mod gamma;
mod hypergeometric;
mod inversion;
mod mean;
mod noncentral;
mod normal;
mod proportion;
mod quantile;
mod quantity;
mod ratio;
mod saddle;
mod student;

pub use chi_square::{chi_square_quantile, chi_square_upper};
pub(crate) use confidence::{ends, normal_width, student_width};
pub(crate) use covariance::covariance;
pub use fisher::{fisher_quantile, fisher_upper};
pub use hypergeometric::hypergeometric_interval;
pub use mean::{Moments, mean_interval};
pub use noncentral::{noncentral_student_lower, noncentrality_interval};
pub use normal::{normal_quantile, normal_upper};
pub use proportion::{
    HYPERGEOMETRIC_LIMIT, design_wilson_interval, effective_size, proportion_interval,
    wilson_interval,
};
pub use quantile::{quantile, quantiles};
pub use quantity::{Interval, OutOfRange, Percent, Pomp, Probability};
pub use ratio::{RatioSums, ratio_interval};
pub(crate) use student::gamma_half_ratio;
pub use student::{student_quantile, student_upper};
