//! Maximising a log-likelihood whose exact second derivatives are known.

use super::{Factor, Symmetric};

const STEPS: u32 = 100;
const HALVINGS: u32 = 40;

/// A log-likelihood at one point.
pub(crate) struct Point {
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    /// The negative of the second derivatives.
    pub(crate) information: Symmetric,
}

impl Point {
    fn is_finite(&self) -> bool {
        self.value.is_finite()
            && self.gradient.iter().all(|slope| slope.is_finite())
            && self.information.is_finite()
    }
}

/// Where a log-likelihood is largest.
pub(crate) struct Maximum {
    pub(crate) at: Vec<f64>,
    pub(crate) value: f64,
    pub(crate) information: Factor,
    pub(crate) steps: u32,
}

/// Why no maximum is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoMaximum {
    /// The information is not positive definite.
    Singular,
    /// A parameter leaves where a maximum makes sense.
    Outside,
    /// It is not defined at the start, nowhere larger along a step, or too many steps are needed.
    NotConverged,
}

/// How Newton's method goes up a log-likelihood: steps are shortened until the value does not fall.
pub(crate) struct Ascent {
    /// The longest step in any parameter.
    pub(crate) longest: f64,
    /// A step this small in every parameter is the last: after it the error is its square.
    pub(crate) small: f64,
    /// Whether the log-likelihood may not be concave on the way. Its information is then made positive definite first.
    pub(crate) mends: bool,
}

impl Ascent {
    /// The maximum that is reached from `start`. `evaluate` is `None` where the log-likelihood is not defined.
    pub(crate) fn maximise(
        &self,
        start: Vec<f64>,
        evaluate: impl Fn(&[f64]) -> Option<Point>,
        inside: impl Fn(&[f64]) -> bool,
    ) -> Result<Maximum, NoMaximum> {
        let evaluate = |at: &[f64]| evaluate(at).filter(Point::is_finite);
        let mut at = start;
        let mut point = evaluate(&at).ok_or(NoMaximum::NotConverged)?;
        for steps in 1..=STEPS {
            let (factor, is_concave) = self.factor(&point).ok_or(NoMaximum::Singular)?;
            let mut step = factor.solve(&point.gradient);
            let gain: f64 = step.iter().zip(&point.gradient).map(|(s, g)| s * g).sum();
            let longest = step
                .iter()
                .fold(0.0, |longest: f64, s| longest.max(s.abs()));
            if is_concave && longest < self.small {
                for (value, step) in at.iter_mut().zip(&step) {
                    *value += step;
                }
                return Ok(Maximum {
                    at,
                    value: point.value + gain / 2.0,
                    information: factor,
                    steps,
                });
            }
            if longest > self.longest {
                for part in &mut step {
                    *part *= self.longest / longest;
                }
            }
            (at, point) =
                uphill(&at, point.value, &step, &evaluate).ok_or(NoMaximum::NotConverged)?;
            if !inside(&at) {
                return Err(NoMaximum::Outside);
            }
        }
        Err(NoMaximum::NotConverged)
    }

    /// The factor of the information, and whether it was positive definite as it is.
    fn factor(&self, point: &Point) -> Option<(Factor, bool)> {
        let information = &point.information;
        if let Some(factor) = information.factor(0.0) {
            return Some((factor, true));
        }
        if !self.mends {
            return None;
        }
        let scale = information
            .diagonal()
            .fold(0.0, |scale: f64, entry| scale.max(entry.abs()));
        let ridges = (-6..=4).map(|power| scale * 10.0_f64.powi(power));
        let mut factors = ridges.filter_map(|ridge| information.factor(ridge));
        factors.next().map(|factor| (factor, false))
    }
}

/// The first point along `step`, halved as often as it takes, where the value is not lower than `from`.
fn uphill(
    at: &[f64],
    from: f64,
    step: &[f64],
    evaluate: &impl Fn(&[f64]) -> Option<Point>,
) -> Option<(Vec<f64>, Point)> {
    // Rounding of a sum over millions of persons is no fall.
    let floor = from - 1e-12 * from.abs();
    let mut share = 1.0;
    for _ in 0..HALVINGS {
        let moved = at.iter().zip(step).map(|(at, step)| at + share * step);
        let next: Vec<f64> = moved.collect();
        if let Some(point) = evaluate(&next).filter(|point| point.value >= floor) {
            return Some((next, point));
        }
        share /= 2.0;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascent(mends: bool) -> Ascent {
        Ascent {
            longest: 1.0,
            small: 1e-6,
            mends,
        }
    }

    /// `x^2 / 2 - x^4 / 4`: largest at 1, and not concave near 0.
    fn hill(at: &[f64]) -> Option<Point> {
        let x = *at.first()?;
        Some(Point {
            value: x * x / 2.0 - x.powi(4) / 4.0,
            gradient: vec![x - x.powi(3)],
            information: Symmetric::of_rows(1, vec![3.0 * x * x - 1.0]),
        })
    }

    #[test]
    fn a_maximum_is_found_from_either_side() {
        for (start, mends) in [(0.1, true), (0.9, false), (3.0, false)] {
            let found = ascent(mends).maximise(vec![start], hill, |_| true);
            let found = found.map_err(|_| start).unwrap();
            assert!((found.at[0] - 1.0).abs() < 1e-11);
            assert!((found.value - 0.25).abs() < 1e-11);
            // The second derivative there is -2.
            assert!((found.information.variance(&[1.0]) - 0.5).abs() < 1e-5);
        }
    }

    #[test]
    fn without_a_maximum_there_is_a_reason() {
        let stopped = |mends, start, inside: fn(&[f64]) -> bool| {
            let found = ascent(mends).maximise(vec![start], hill, inside);
            found.err()
        };
        assert_eq!(stopped(false, 0.1, |_| true), Some(NoMaximum::Singular));
        assert_eq!(
            stopped(true, 0.1, |at| at[0] < 0.5),
            Some(NoMaximum::Outside)
        );
        let undefined = ascent(true).maximise(vec![1.0], |_| None, |_| true);
        assert_eq!(undefined.err(), Some(NoMaximum::NotConverged));
    }
}
