//! The noncentral t distribution.

use std::f64::consts::PI;

use super::normal::normal_density;
use super::saddle::stirling_error;
use super::{Interval, ends, normal_quantile, normal_upper};

/// `P(T <= t)` of the noncentral t distribution with `df > 0` degrees of freedom; `None` for other `df`, if a number is not finite,
/// or for a `t` so large (beyond 1,000 with two degrees of freedom) that it is not worth the time.
///
/// `T = (Z + noncentrality) / sqrt(X / df)` with `Z` normal and `X` chi-square. The normal probability is integrated over the
/// logarithm of the denominator by equal steps, which for such functions is exact up to rounding; absolute error below 1e-12.
/// Source of the distribution: Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 31.
///
/// ```
/// use survey_engine::stats::noncentral_student_lower;
/// let p = noncentral_student_lower(2.0, 10.0, 1.0).unwrap();
/// assert!((p - 0.807_611_562_530_375_2).abs() < 1e-12);
/// ```
#[must_use]
pub fn noncentral_student_lower(t: f64, df: f64, noncentrality: f64) -> Option<f64> {
    if !noncentrality.is_finite() {
        return None;
    }
    let (lower, _, _) = Nodes::new(t, df)?.lower(noncentrality);
    (!lower.is_nan()).then(|| lower.clamp(0.0, 1.0))
}

/// The noncentralities under which a `t` seen with `df` degrees of freedom is neither too large nor too small: the interval of a
/// standardised effect, times the square root of its group sizes.
///
/// The lower end makes `P(T <= t)` equal to `(1 + confidence) / 2`, the upper end to `(1 - confidence) / 2`. `None` for `df` that are
/// not positive, a `t` that is not finite, or a confidence outside `0..1`. Source: Steiger and Fouladi (1997), in Harlow, Mulaik and
/// Steiger, What if there were no significance tests?
///
/// ```
/// use survey_engine::stats::{noncentral_student_lower, noncentrality_interval};
/// let interval = noncentrality_interval(2.0, 10.0, 0.95).unwrap();
/// let p = noncentral_student_lower(2.0, 10.0, interval.lower).unwrap();
/// assert!((p - 0.975).abs() < 1e-12);
/// ```
#[must_use]
pub fn noncentrality_interval(t: f64, df: f64, confidence: f64) -> Option<Interval<f64>> {
    let (low, high) = ends(confidence)?;
    let z = normal_quantile(high)?;
    let nodes = Nodes::new(t, df)?;
    let spread = (1.0 + t * t / (2.0 * df)).sqrt();
    let centre = t * (1.0 - 0.25 / df.max(1.0));
    Some(Interval {
        lower: nodes.solve(high, centre - z * spread, spread)?,
        upper: nodes.solve(low, centre + z * spread, spread)?,
    })
}

/// So many steps take some tens of milliseconds.
const MOST_NODES: f64 = 1e5;

/// Steps over the distribution of `sqrt(X / df)`: `t` times the value, and the probability of the step.
struct Nodes(Vec<(f64, f64)>);

impl Nodes {
    fn new(t: f64, df: f64) -> Option<Self> {
        if !(t.is_finite() && df > 0.0) || t.abs() > 1e12 {
            return None;
        }
        if df > 1e12 {
            return Some(Self(vec![(t, 1.0)]));
        }
        let a = df / 2.0;
        // Both the density and the normal probability vary slowly over such a step.
        let step = (0.45 / (2.0 * df + t * t).sqrt()).min(0.07);
        let constant = 2.0 * step * (a / (2.0 * PI)).sqrt() * (-stirling_error(a)).exp();
        // So far the density reaches down: for next to no degrees of freedom, or a huge t, the steps do not come to an end.
        if (21.0 / a + 3.0) / step > MOST_NODES {
            return None;
        }
        let mut nodes = Vec::new();
        for direction in [1.0, -1.0] {
            let mut at = if direction > 0.0 { 0.0 } else { -step };
            loop {
                let exponent = a * (2.0 * at - (2.0 * at).exp_m1());
                if exponent < -42.0 {
                    break;
                }
                nodes.push((t * at.exp(), constant * exponent.exp()));
                at += direction * step;
            }
        }
        Some(Self(nodes))
    }

    /// The probability and its first two derivatives by the noncentrality.
    fn lower(&self, noncentrality: f64) -> (f64, f64, f64) {
        let (mut lower, mut first, mut second) = (0.0, 0.0, 0.0);
        for (value, weight) in &self.0 {
            let z = value - noncentrality;
            let density = weight * normal_density(z);
            lower += weight * normal_upper(-z).unwrap_or(0.0);
            first -= density;
            second -= density * z;
        }
        (lower, first, second)
    }

    /// The noncentrality under which the probability, which falls with it, is `p`: steps of third order of at most `spread` from
    /// `start`, kept inside a bracket.
    fn solve(&self, p: f64, start: f64, spread: f64) -> Option<f64> {
        let mut at = start;
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for _ in 0..200 {
            let (lower, first, second) = self.lower(at);
            if lower > p {
                low = at;
            } else {
                high = at;
            }
            let towards = spread.copysign(lower - p);
            let change = if first == 0.0 {
                towards
            } else {
                let newton = (p - lower) / first;
                let bend = (newton * second / (2.0 * first)).clamp(-0.5, 0.5);
                (newton / (1.0 + bend)).clamp(-spread, spread)
            };
            if change.abs() <= 1e-5 * spread {
                return Some(at + change);
            }
            at = if at + change > low && at + change < high {
                at + change
            } else if low.is_finite() && high.is_finite() {
                f64::midpoint(low, high)
            } else {
                at + towards
            };
        }
        None
    }
}
