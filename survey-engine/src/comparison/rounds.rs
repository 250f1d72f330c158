//! Change between two rounds whose persons are not linked.

use serde::Serialize;

use super::{ProportionCount, WelchTest, newcombe_interval, two_proportions, welch_test};
use crate::stats::{Interval, Moments, Probability, normal_width};

/// Change of a mean from one round to the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MeanChange {
    /// The change, later minus earlier, with its test and interval.
    pub test: WelchTest,
    /// The smallest observed change that would have been significant.
    pub minimum_detectable: f64,
}

/// Compares the means of two rounds, asked of different persons or of persons who cannot be linked.
///
/// [`welch_test`] of later minus earlier. The minimum detectable change is `z sqrt(se1^2 + se2^2)`, 1.96 standard errors at a
/// confidence of 0.95: the smallest *observed* change that would be significant. A true change of this size is found in one of
/// two rounds; to be found in four of five it has to be 2.8 standard errors. Even if everybody was asked in both rounds there
/// is no correction for a finite population: the question is whether the school changed, not whether these persons answered
/// differently. `None` as for [`welch_test`]. Source: Bloom (1995), Evaluation Review 19, who takes the multiple for a wanted
/// power; here the power is one half.
///
/// ```
/// use survey_engine::comparison::change_of_means;
/// use survey_engine::stats::Moments;
/// let spring = Moments { n: 100, mean: 60.0, variance: Some(400.0) };
/// let autumn = Moments { n: 100, mean: 64.0, variance: Some(400.0) };
/// let change = change_of_means(&spring, &autumn, 0.95).unwrap();
/// assert_eq!(change.test.difference, 4.0);
/// // A change of four points is too small to be told from chance with so few persons.
/// assert!((change.minimum_detectable - 5.543_615).abs() < 1e-6);
/// ```
#[must_use]
pub fn change_of_means(earlier: &Moments, later: &Moments, confidence: f64) -> Option<MeanChange> {
    let test = welch_test(later, earlier, confidence)?;
    Some(MeanChange {
        test,
        minimum_detectable: normal_width(confidence)? * test.standard_error,
    })
}

/// Change of a share from one round to the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ShareChange {
    /// Later share minus earlier.
    pub difference: f64,
    /// Standard error of the difference, `sqrt(p1 (1 - p1) / n1 + p2 (1 - p2) / n2)`.
    pub standard_error: f64,
    /// Newcombe's interval.
    pub interval: Interval<f64>,
    /// Two-sided p-value of no change; `None` if all answers of both rounds are alike.
    pub p: Option<Probability>,
    /// The smallest observed change that would have been significant; `None` if all answers of each round are alike, which says nothing of chance.
    pub minimum_detectable: Option<f64>,
}

/// Compares the shares of two rounds, asked of different persons or of persons who cannot be linked.
///
/// [`two_proportions`] of later and earlier; the standard error is `sqrt(p1 (1 - p1) / n1 + p2 (1 - p2) / n2)`, and the minimum
/// detectable change `z` times this, as for [`change_of_means`]. `None` as for [`two_proportions`]. Source: Newcombe (1998),
/// Statistics in Medicine 17, 873-890.
///
/// ```
/// use survey_engine::comparison::{ProportionCount, change_of_shares};
/// let spring = ProportionCount { favourable: 50, n: 100 };
/// let autumn = ProportionCount { favourable: 60, n: 100 };
/// let change = change_of_shares(spring, autumn, 0.95).unwrap();
/// assert!((change.difference - 0.1).abs() < 1e-12 && change.minimum_detectable.unwrap() > 0.1);
/// ```
#[must_use]
pub fn change_of_shares(
    earlier: ProportionCount,
    later: ProportionCount,
    confidence: f64,
) -> Option<ShareChange> {
    let compared = two_proportions(later, earlier, confidence)?;
    let standard_error = (earlier.variance()? + later.variance()?).sqrt();
    let z = normal_width(confidence)?;
    Some(ShareChange {
        difference: compared.difference,
        standard_error,
        interval: newcombe_interval(later, earlier, confidence)?,
        p: compared.p,
        minimum_detectable: (standard_error > 0.0).then_some(z * standard_error),
    })
}
