//! What the incomplete beta and gamma functions have in common: continued fractions, and the search for a quantile.

use super::saddle::step;

/// A continued fraction by the numerators and denominators of its convergents, which may grow by any common factor.
pub(super) struct Convergents {
    above: f64,
    below: f64,
    above_before: f64,
    below_before: f64,
}

impl Convergents {
    /// The first convergent, `1 / first`.
    pub(super) fn new(first: f64) -> Self {
        Self {
            above: 1.0,
            below: first,
            above_before: 0.0,
            below_before: 1.0,
        }
    }

    /// Goes on by `numerator / denominator`; whether that still changed the value.
    pub(super) fn advance(&mut self, numerator: f64, denominator: f64) -> bool {
        let above = denominator * self.above + numerator * self.above_before;
        let below = denominator * self.below + numerator * self.below_before;
        (self.above_before, self.above) = (self.above, above);
        (self.below_before, self.below) = (self.below, below);
        let change = self.above * self.below_before - self.above_before * self.below;
        if change.abs() <= f64::EPSILON * (self.above * self.below_before).abs() {
            return false;
        }
        if !(1e-100..1e100).contains(&self.below.abs()) {
            let scale = 1.0 / self.below;
            self.above *= scale;
            self.below *= scale;
            self.above_before *= scale;
            self.below_before *= scale;
        }
        true
    }

    pub(super) fn value(&self) -> f64 {
        self.above / self.below
    }
}

/// A distribution function at one point.
pub(super) struct Place {
    /// Both tails.
    pub(super) lower: f64,
    pub(super) upper: f64,
    /// The density.
    pub(super) density: f64,
    /// The derivatives of its logarithm; the second is negative.
    pub(super) derivatives: [f64; 3],
}

/// Where a distribution function is `p`, between `low` and `high`; `None` if the search does not settle.
///
/// Steps of fifth order from `start`, kept inside a bracket.
pub(super) fn quantile(
    p: f64,
    start: f64,
    (mut low, mut high): (f64, f64),
    place: impl Fn(f64) -> Place,
) -> Option<f64> {
    let upper_p = 1.0 - p;
    let mut at = start;
    for _ in 0..200 {
        let Place {
            lower,
            upper,
            density,
            derivatives: [l1, l2, l3],
        } = place(at);
        // The smaller of the two tails has the digits.
        let (missing, in_logarithms) = if lower < upper {
            (p - lower, lower * (p / lower).ln())
        } else {
            (upper - upper_p, upper * (upper / upper_p).ln())
        };
        if missing == 0.0 {
            return Some(at);
        }
        if missing < 0.0 {
            high = at;
        } else {
            low = at;
        }
        let change = step(missing / density, l1, l2, l3);
        // Over which distance the density changes, so that "near" does not depend on the parameters.
        let spread = 1.0 / (l1.abs() + (-l2).sqrt());
        if change.abs() < 4e-3 * spread {
            return Some(at + change);
        }
        let newton = if change.abs() < 0.5 * spread {
            at + change
        } else {
            at + in_logarithms / density
        };
        at = if newton > low && newton < high {
            newton
        } else {
            f64::midpoint(low, high)
        };
        if high - low <= 4.0 * f64::EPSILON * at.abs().max(1e-8) {
            return Some(at);
        }
    }
    None
}
