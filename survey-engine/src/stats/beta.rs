//! The regularised incomplete beta function, accurate for small and very large parameters.
//!
//! The continued fraction of DLMF 8.17.22, two terms at a time, times a factor in saddle-point form. The number of terms grows with
//! the square root of the larger parameter.

use super::inversion::{self, Convergents, Place};
use super::saddle::beta_power;

const TERMS: u32 = 200_000;

/// `I_x(a, b)` and `1 - I_x(a, b)` for `x + y = 1`, both given so that neither tail loses digits. Needs `a, b > 0`.
pub(super) fn regularised(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if x <= 0.0 {
        (0.0, 1.0)
    } else if y <= 0.0 {
        (1.0, 0.0)
    } else {
        tails(a, b, x, y, beta_power(a, b, x, y))
    }
}

/// Both tails, given `power = x^a y^b / B(a, b)`.
fn tails(a: f64, b: f64, x: f64, y: f64, power: f64) -> (f64, f64) {
    let is_below = x < (a + 1.0) / (a + b + 2.0);
    if power == 0.0 {
        return if is_below { (0.0, 1.0) } else { (1.0, 0.0) };
    }
    if is_below {
        let lower = (power / a * fraction(a, b, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (power / b * fraction(b, a, y)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// The logarithm of the odds `x / (1 - x)` at which `I_x(a, b) = p`, for `0 < p < 1`; `None` if the search does not settle.
///
/// Steps of fifth order on the logarithm of the odds, from the approximation of Abramowitz and Stegun, 26.5.22, kept inside a
/// bracket. `z` is the normal quantile of `1 - p`.
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
pub(super) fn quantile_log_odds(a: f64, b: f64, p: f64, z: f64) -> Option<f64> {
    let start = if a >= 1.0 && b >= 1.0 && p > 1e-200 {
        approximation(a, b, z)
    } else {
        let outer = power_law(a, b, p);
        if outer.abs() > 500.0 {
            return Some(outer);
        }
        outer
    };
    inversion::quantile(p, start, (-600.0, 600.0), |at| {
        let odds = at.exp();
        let y = 1.0 / (1.0 + odds);
        let x = odds * y;
        let density = beta_power(a, b, x, y);
        let (lower, upper) = tails(a, b, x, y, density);
        let l2 = -(a + b) * x * y;
        Place {
            lower,
            upper,
            density,
            derivatives: [a * y - b * x, l2, l2 * (y - x)],
        }
    })
}

/// Log odds near the quantile, for `a, b >= 1`.
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
fn approximation(a: f64, b: f64, z: f64) -> f64 {
    let (first, second) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let h = 2.0 / (first + second);
    let lambda = (z * z - 3.0) / 6.0;
    let w = z * (h + lambda).max(0.0).sqrt() / h
        - (second - first) * (lambda + 5.0 / 6.0 - 2.0 / (3.0 * h));
    ((a / b).ln() - 2.0 * w).clamp(-590.0, 590.0)
}

/// Log odds from the powers that the function is close to at its ends: of `x` near 0, its complement of `y` near 1.
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
fn power_law(a: f64, b: f64, p: f64) -> f64 {
    let (x, y) = (a / (a + b), b / (a + b));
    let ln_beta = a * x.ln() + b * y.ln() - beta_power(a, b, x, y).ln();
    let ln_x = (p.ln() + a.ln() + ln_beta) / a;
    let ln_y = ((-p).ln_1p() + b.ln() + ln_beta) / b;
    if ln_x < ln_y { ln_x } else { -ln_y }
}

/// The continued fraction, for `x` below the mean, two terms a round. All of its contracted terms are positive below `m = b`.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let first = -(a + b) * x / (a + 1.0);
    let mut convergents = Convergents::new(1.0 + first);
    let mut odd = first;
    for round in 1..TERMS {
        let m = f64::from(round);
        let at = a + m + m;
        let share = x / ((at - 1.0) * at * (at + 1.0));
        let even = m * (b - m) * (at + 1.0) * share;
        let next_odd = -(a + m) * (a + b + m) * (at - 1.0) * share;
        let numerator = -odd * even;
        let denominator = 1.0 + even + next_odd;
        odd = next_odd;
        if !convergents.advance(numerator, denominator) {
            break;
        }
    }
    convergents.value()
}
