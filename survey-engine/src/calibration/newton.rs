//! Maximising a log-likelihood whose exact second derivatives are known.

use super::linear::{Factor, Symmetric};

const STEPS: u32 = 100;
/// The longest step in any parameter: logits are of the order of one.
const LONGEST: f64 = 3.0;
/// After a Newton step this small the error is its square.
const SMALL: f64 = 1e-6;

/// A log-likelihood at one point.
pub(super) struct Point {
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
    /// The negative of the second derivatives.
    pub(super) information: Symmetric,
}

impl Point {
    fn is_finite(&self) -> bool {
        self.value.is_finite()
            && self.gradient.iter().all(|slope| slope.is_finite())
            && self.information.is_finite()
    }
}

/// Where a log-likelihood is largest.
pub(super) struct Maximum {
    pub(super) at: Vec<f64>,
    pub(super) value: f64,
    pub(super) information: Factor,
    pub(super) steps: u32,
}

/// Newton's method from `start`: steps are shortened until the value does not fall, and where it is not concave the information
/// is made positive definite first. `None` if it does not settle, or if a parameter leaves `inside`.
pub(super) fn maximise(
    start: Vec<f64>,
    evaluate: impl Fn(&[f64]) -> Point,
    inside: impl Fn(&[f64]) -> bool,
) -> Option<Maximum> {
    let mut at = start;
    let mut point = evaluate(&at);
    if !point.is_finite() {
        return None;
    }
    for steps in 1..=STEPS {
        let (factor, is_concave) = positive_factor(&point.information)?;
        let mut step = factor.solve(&point.gradient);
        let gain: f64 = step.iter().zip(&point.gradient).map(|(s, g)| s * g).sum();
        let longest = step
            .iter()
            .fold(0.0, |longest: f64, s| longest.max(s.abs()));
        if is_concave && longest < SMALL {
            for (value, step) in at.iter_mut().zip(&step) {
                *value += step;
            }
            return Some(Maximum {
                at,
                value: point.value + gain / 2.0,
                information: factor,
                steps,
            });
        }
        if longest > LONGEST {
            for part in &mut step {
                *part *= LONGEST / longest;
            }
        }
        (at, point) = uphill(&at, &point, &step, &evaluate)?;
        if !inside(&at) {
            return None;
        }
    }
    None
}

/// The first point along `step`, halved as often as it takes, where the value is not lower.
fn uphill(
    at: &[f64],
    from: &Point,
    step: &[f64],
    evaluate: &impl Fn(&[f64]) -> Point,
) -> Option<(Vec<f64>, Point)> {
    let mut share = 1.0;
    for _ in 0..40 {
        let moved = |(value, step): (&f64, &f64)| value + share * step;
        let next: Vec<f64> = at.iter().zip(step).map(moved).collect();
        let point = evaluate(&next);
        // Rounding of a sum over millions of persons is no fall.
        let floor = from.value - 1e-12 * from.value.abs();
        if point.is_finite() && point.value >= floor {
            return Some((next, point));
        }
        share /= 2.0;
    }
    None
}

/// The factor of the information, and whether it was positive definite as it is.
fn positive_factor(information: &Symmetric) -> Option<(Factor, bool)> {
    if let Some(factor) = information.factor(0.0) {
        return Some((factor, true));
    }
    let scale = information
        .diagonal()
        .fold(0.0, |scale: f64, entry| scale.max(entry.abs()));
    let ridges = (-6..=4).map(|power| scale * 10.0_f64.powi(power));
    let mut factors = ridges.filter_map(|ridge| information.factor(ridge));
    factors.next().map(|factor| (factor, false))
}
