//! The regularised incomplete gamma function, accurate in both tails.
//!
//! The power series of DLMF 8.11.4 below the mean, the continued fraction of DLMF 8.9.2 above it, each times a factor in
//! saddle-point form.

use super::saddle::{gamma_power, step};

const TERMS: u32 = 200_000;

/// `P(a, x)` and `Q(a, x)`. Needs `a > 0`.
pub(super) fn regularised(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        (0.0, 1.0)
    } else if x.is_infinite() {
        (1.0, 0.0)
    } else {
        tails(a, x, gamma_power(a, x))
    }
}

fn tails(a: f64, x: f64, power: f64) -> (f64, f64) {
    if power == 0.0 {
        return if x < a { (0.0, 1.0) } else { (1.0, 0.0) };
    }
    if x < a + 1.0 {
        let lower = (power / a * series(a, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (power * fraction(a, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// The `x` with `P(a, x) = p`, for `0 < p < 1`; `None` if the search does not settle. `z` is the normal quantile of `p`.
///
/// Steps of fifth order on the logarithm of `x`, from Wilson and Hilferty's approximation (1931, PNAS 17), or from the power of
/// `x` that the function is close to 0.
pub(super) fn quantile(a: f64, p: f64, z: f64) -> Option<f64> {
    let upper_p = 1.0 - p;
    let ninth = 1.0 / (9.0 * a);
    let root = 1.0 - ninth + z * ninth.sqrt();
    let power_of_x = (p.ln() + (a.ln() - gamma_power(a, a).ln()) - a) / a + a.ln();
    let mut at = if root > 0.2 && a > 0.3 {
        a.ln() + 3.0 * root.ln()
    } else {
        power_of_x.min((a + 2.0).ln())
    };
    if at < -500.0 {
        return Some(at.exp());
    }
    let (mut low, mut high) = (-600.0_f64, 100.0_f64);
    for _ in 0..200 {
        let x = at.exp();
        let power = gamma_power(a, x);
        let (lower, upper) = tails(a, x, power);
        // The smaller of the two tails has the digits.
        let (missing, in_logarithms) = if lower < upper {
            (p - lower, lower * (p / lower).ln())
        } else {
            (upper - upper_p, upper * (upper / upper_p).ln())
        };
        if missing == 0.0 {
            return Some(x);
        }
        if missing < 0.0 {
            high = at;
        } else {
            low = at;
        }
        let change = step(missing / power, a - x, -x, -x);
        // Over which distance the density changes, so that "near" does not depend on the parameters.
        let spread = 1.0 / ((a - x).abs() + x.sqrt());
        if change.abs() < 4e-3 * spread {
            return Some((at + change).exp());
        }
        let newton = if change.abs() < 0.5 * spread {
            at + change
        } else {
            at + in_logarithms / power
        };
        at = if newton > low && newton < high {
            newton
        } else {
            f64::midpoint(low, high)
        };
        if high - low <= 4.0 * f64::EPSILON * at.abs().max(1e-8) {
            return Some(at.exp());
        }
    }
    None
}

/// `sum x^n / ((a + 1) ... (a + n))`.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..TERMS {
        term *= x / (a + f64::from(n));
        sum += term;
        if term <= 0.25 * f64::EPSILON * sum {
            break;
        }
    }
    sum
}

/// `1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...))`.
fn fraction(a: f64, x: f64) -> f64 {
    let (mut above, mut below) = (1.0, x + 1.0 - a);
    let (mut above_before, mut below_before) = (0.0, 1.0);
    for n in 1..TERMS {
        let n = f64::from(n);
        let numerator = n * (a - n);
        let denominator = x + 2.0 * n + 1.0 - a;
        let next_above = denominator * above + numerator * above_before;
        let next_below = denominator * below + numerator * below_before;
        (above_before, above) = (above, next_above);
        (below_before, below) = (below, next_below);
        let change = above * below_before - above_before * below;
        if change.abs() <= f64::EPSILON * (above * below_before).abs() {
            break;
        }
        if !(1e-100..1e100).contains(&below.abs()) {
            let scale = 1.0 / below;
            above *= scale;
            below *= scale;
            above_before *= scale;
            below_before *= scale;
        }
    }
    above / below
}
