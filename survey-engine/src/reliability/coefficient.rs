//! The one coefficient to report, and what it allows.

use serde::Serialize;

use super::{
    AlphaUndefined, CovarianceMatrix, OmegaUndefined, cronbach_alpha, omega_total, spearman_brown,
};

/// Which coefficient a reliability is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CoefficientKind {
    /// McDonald's omega total.
    Omega,
    /// Cronbach's alpha, where the factor model fails.
    Alpha,
    /// Spearman and Brown's step-up of the correlation of two items.
    SpearmanBrown,
}

/// The reliability of a scale as one number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Coefficient {
    /// Which coefficient it is.
    pub kind: CoefficientKind,
    /// At most 1; alpha and the step-up can be negative.
    pub value: f64,
}

/// What the mean of a scale may be used for, by its reliability.
///
/// Conventions, not laws: .70 for group means goes back to Nunnally (1978), Psychometric Theory; the other two limits are as common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReliabilityBand {
    /// Below .60: show the items only, not their mean.
    ItemsOnly,
    /// .60 and more: show the scale with a caution.
    Caution,
    /// .70 and more: means of groups.
    GroupReporting,
    /// .80 and more: comparisons with benchmarks.
    Benchmark,
}

impl ReliabilityBand {
    /// The band of a reliability.
    ///
    /// The lower limit belongs to the band. What is not a number is [`ItemsOnly`](Self::ItemsOnly).
    ///
    /// ```
    /// use survey_engine::reliability::ReliabilityBand;
    /// assert_eq!(ReliabilityBand::of(0.8), ReliabilityBand::Benchmark);
    /// assert_eq!(ReliabilityBand::of(0.65), ReliabilityBand::Caution);
    /// assert_eq!(ReliabilityBand::of(-0.2), ReliabilityBand::ItemsOnly);
    /// ```
    #[must_use]
    pub fn of(reliability: f64) -> Self {
        if reliability >= 0.80 {
            Self::Benchmark
        } else if reliability >= 0.70 {
            Self::GroupReporting
        } else if reliability >= 0.60 {
            Self::Caution
        } else {
            Self::ItemsOnly
        }
    }
}

/// The coefficient to report, from the sums of the `n` persons who answered every item, laid out as for [`cronbach_alpha`]: omega
/// for three items and more, alpha where its model has no fit or a Heywood case, Spearman-Brown for two items.
///
/// Sources: those of [`omega_total`] and [`cronbach_alpha`]; for two items Eisinga, te Grotenhuis and Pelzer (2013),
/// International Journal of Public Health 58.
///
/// # Errors
/// As [`cronbach_alpha`]: fewer than two items, fewer than `k + 2` persons, or something that does not vary.
///
/// ```
/// use survey_engine::reliability::{CoefficientKind, reliability_coefficient};
/// // Four persons answered (1, 2), (2, 1), (3, 3) and (4, 4): a correlation of 0.8.
/// let two = reliability_coefficient(4, &[10, 10], &[30, 29, 30])?;
/// assert_eq!(two.kind, CoefficientKind::SpearmanBrown);
/// assert!((two.value - 1.6 / 1.8).abs() < 1e-15);
/// # Ok::<(), survey_engine::reliability::AlphaUndefined>(())
/// ```
pub fn reliability_coefficient(
    n: u64,
    sums: &[u64],
    products: &[u64],
) -> Result<Coefficient, AlphaUndefined> {
    let alpha = cronbach_alpha(n, sums, products)?;
    if sums.len() == 2 {
        let matrix = CovarianceMatrix::of_complete(n, sums, products)?;
        let value = matrix
            .average_correlation()
            .and_then(|r| spearman_brown(r, 2));
        return Ok(Coefficient {
            kind: CoefficientKind::SpearmanBrown,
            value: value.ok_or(AlphaUndefined::NoVariance)?,
        });
    }
    Ok(match omega_total(n, sums, products) {
        Ok(omega) if !omega.is_heywood() => Coefficient {
            kind: CoefficientKind::Omega,
            value: omega.total,
        },
        Ok(_) | Err(OmegaUndefined::NoConvergence) => Coefficient {
            kind: CoefficientKind::Alpha,
            value: alpha,
        },
        Err(OmegaUndefined::TooFewItems) => return Err(AlphaUndefined::TooFewItems),
        Err(OmegaUndefined::TooFewAnswers) => return Err(AlphaUndefined::TooFewAnswers),
        Err(OmegaUndefined::NoVariance) => return Err(AlphaUndefined::NoVariance),
    })
}
