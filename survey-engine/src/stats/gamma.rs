//! The regularised incomplete gamma function, accurate in both tails.
//!
//! The power series of DLMF 8.11.4 below the mean, the continued fraction of DLMF 8.9.2 above it, each times a factor in
//! saddle-point form.

use super::inversion::{self, Convergents, Place};
use super::saddle::gamma_power;

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
    let ninth = 1.0 / (9.0 * a);
    let root = 1.0 - ninth + z * ninth.sqrt();
    let power_of_x = (p.ln() + (a.ln() - gamma_power(a, a).ln()) - a) / a + a.ln();
    let start = if root > 0.2 && a > 0.3 {
        a.ln() + 3.0 * root.ln()
    } else {
        power_of_x.min((a + 2.0).ln())
    };
    if start < -500.0 {
        return Some(start.exp());
    }
    let found = inversion::quantile(p, start, (-600.0, 100.0), |at| {
        let x = at.exp();
        let density = gamma_power(a, x);
        let (lower, upper) = tails(a, x, density);
        Place {
            lower,
            upper,
            density,
            derivatives: [a - x, -x, -x],
        }
    });
    found.map(f64::exp)
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
    let mut convergents = Convergents::new(x + 1.0 - a);
    for n in 1..TERMS {
        let n = f64::from(n);
        let numerator = n * (a - n);
        let denominator = x + 2.0 * n + 1.0 - a;
        if !convergents.advance(numerator, denominator) {
            break;
        }
    }
    convergents.value()
}
