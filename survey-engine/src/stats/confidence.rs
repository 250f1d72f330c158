//! What a confidence means: everywhere the same.

use super::{normal_quantile, student_quantile};

/// The probabilities below both ends of a two-sided interval, `(1 - confidence) / 2` and `(1 + confidence) / 2`; `None` unless the
/// confidence is above 0 and below 1.
pub(crate) fn ends(confidence: f64) -> Option<(f64, f64)> {
    let half = confidence / 2.0;
    (confidence > 0.0 && confidence < 1.0).then_some((0.5 - half, 0.5 + half))
}

/// Half the width of an interval in standard errors, by the normal distribution.
pub(crate) fn normal_width(confidence: f64) -> Option<f64> {
    normal_quantile(ends(confidence)?.1)
}

/// Half the width of an interval in standard errors, by Student's t with `df` degrees of freedom.
pub(crate) fn student_width(confidence: f64, df: f64) -> Option<f64> {
    student_quantile(ends(confidence)?.1, df)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_lies_between_0_and_1() {
        assert_eq!(ends(0.5), Some((0.25, 0.75)));
        for outside in [-0.5, 0.0, 1.0, 1.5, f64::NAN, f64::INFINITY] {
            assert_eq!(ends(outside), None);
            assert_eq!(normal_width(outside), None);
            assert_eq!(student_width(outside, 5.0), None);
        }
    }
}
