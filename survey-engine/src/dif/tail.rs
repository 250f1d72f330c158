//! p-values.

use statrs::function::gamma::checked_gamma_ur;

use crate::stats::Probability;

/// Probability of a larger chi-square with `df` degrees of freedom; `None` for what is no statistic.
pub(super) fn chi_square_upper(x: f64, df: f64) -> Option<Probability> {
    if x == 0.0 {
        return Probability::new(1.0);
    }
    Probability::clamped(checked_gamma_ur(df / 2.0, x / 2.0).ok()?)
}
