//! The regularised incomplete beta function, accurate for small and very large parameters.
//!
//! The continued fraction of DLMF 8.17.22, evaluated by the modified Lentz algorithm, times a factor in the saddle-point form of
//! Loader (2000), "Fast and accurate computation of binomial probabilities", which does not cancel where the logarithms of gamma
//! functions would. The number of terms grows with the square root of the larger parameter.

use std::f64::consts::PI;

use statrs::function::gamma::ln_gamma;

const TERMS: u32 = 200_000;
const SMALLEST: f64 = 1e-300;

/// `I_x(a, b)` for `x + y = 1`, both given so that neither tail loses digits. Needs `a, b > 0`.
pub(super) fn regularised(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if y <= 0.0 {
        1.0
    } else if x < (a + 1.0) / (a + b + 2.0) {
        power(a, b, x, y) / a * fraction(a, b, x)
    } else {
        1.0 - power(a, b, x, y) / b * fraction(b, a, y)
    }
}

/// The odds `x / (1 - x)` at which `I_x(a, b) = p`, for `0 < p < 1`; `None` if the search does not settle.
///
/// Bisection on the logarithm of the odds, with a Newton step wherever it stays inside the bracket.
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
pub(super) fn quantile_odds(a: f64, b: f64, p: f64) -> Option<f64> {
    let (mut low, mut high) = (-700.0_f64, 700.0_f64);
    let mut at = (a / b).ln();
    for _ in 0..500 {
        let (x, y) = shares(at);
        let excess = regularised(a, b, x, y) - p;
        if excess == 0.0 {
            return Some(at.exp());
        }
        if excess > 0.0 {
            high = at;
        } else {
            low = at;
        }
        // The density of the log odds is x^a y^b / B(a, b).
        let newton = at - excess / power(a, b, x, y);
        let next = if newton > low && newton < high {
            newton
        } else {
            f64::midpoint(low, high)
        };
        if (next - at).abs() <= 4.0 * f64::EPSILON * at.abs().max(1e-8) {
            return Some(next.exp());
        }
        at = next;
    }
    None
}

fn shares(log_odds: f64) -> (f64, f64) {
    (
        1.0 / (1.0 + (-log_odds).exp()),
        1.0 / (1.0 + log_odds.exp()),
    )
}

/// `x^a y^b / B(a, b)`.
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
fn power(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let exponent = stirling_error(n)
        - stirling_error(a)
        - stirling_error(b)
        - deviance(a, n * x)
        - deviance(b, n * y);
    exponent.exp() * (a * b / (2.0 * PI * n)).sqrt()
}

/// `ln Gamma(z + 1) - (z + 1/2) ln z + z - ln(2 pi) / 2`.
fn stirling_error(z: f64) -> f64 {
    if z < 16.0 {
        return ln_gamma(z + 1.0) - (z + 0.5) * z.ln() + z - 0.5 * (2.0 * PI).ln();
    }
    let square = z * z;
    let tail = 1.0 / 1260.0
        - (1.0 / 1680.0 - (1.0 / 1188.0 - 691.0 / 360_360.0 / square) / square) / square;
    (1.0 / 12.0 - (1.0 / 360.0 - tail / square) / square) / z
}

/// `k ln(k / m) + m - k`, without cancellation where `k` and `m` are close.
fn deviance(k: f64, m: f64) -> f64 {
    let difference = k - m;
    if difference.abs() >= 0.1 * (k + m) {
        return k * (k / m).ln() - difference;
    }
    let v = difference / (k + m);
    let square = v * v;
    let mut power = 2.0 * k * v;
    let mut sum = difference * v;
    for order in 1..1000 {
        power *= square;
        let next = sum + power / f64::from(2 * order + 1);
        if next.to_bits() == sum.to_bits() {
            break;
        }
        sum = next;
    }
    sum
}

/// The continued fraction, for `x` below the mean.
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let away = |value: f64| {
        if value.abs() < SMALLEST {
            SMALLEST
        } else {
            value
        }
    };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut result = d;
    for term in 1..TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        result *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        let change = d * c;
        result *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    result
}
