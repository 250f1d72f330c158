//! Student's t distribution.

use std::f64::consts::PI;

use super::saddle::step;
use super::{beta, normal_quantile, normal_upper};

/// Above these degrees of freedom expansions around the normal distribution are exact to the last digits.
const LARGE: f64 = 1e4;

/// Quantile of Student's t with `df > 0` degrees of freedom; `None` outside `0 < p < 1`, for other `df`, or where the quantile is
/// larger than any number.
///
/// Infinite `df` stand for the normal distribution. Up to 10,000 degrees of freedom a step of fifth order from Hill's
/// approximation (1970, Communications of the ACM 13, algorithm 396), above by the expansion of Abramowitz and Stegun, 26.7.5
/// (an inversion in plain double precision loses four digits at a million degrees of freedom).
///
/// ```
/// use survey_engine::stats::student_quantile;
/// let close = |df: f64, expected: f64| (student_quantile(0.975, df).unwrap() - expected).abs() < 1e-10;
/// assert!(close(1.0, 12.706_204_736_174_7));
/// assert!(close(1e4, 1.960_201_239_890_63));
/// assert!(close(1e7, 1.959_964_221_767_2));
/// assert!(close(f64::INFINITY, 1.959_963_984_540_05));
/// ```
#[must_use]
pub fn student_quantile(p: f64, df: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && df > 0.0) {
        return None;
    }
    if df > LARGE {
        let z = normal_quantile(p)?;
        let t = expansion(z, df);
        let quantile = if z.abs() < 6.0 { t } else { refined(t, z, df) };
        return quantile.is_finite().then_some(quantile);
    }
    let tail = p.min(1.0 - p);
    if tail >= 0.5 {
        return Some(0.0);
    }
    let size = stepped(tail, df).or_else(|| inverted(tail, df))?;
    size.is_finite().then(|| size.copysign(p - 0.5))
}

/// `P(T > x)` of Student's t with `df > 0` degrees of freedom, with all digits far out in the tail: the one-sided p-value of a
/// t test; twice this at `|t|` is the two-sided one.
///
/// For positive `x` it is `I_y(df / 2, 1 / 2) / 2` with `y = df / (df + x^2)`, `I` being the regularised incomplete beta
/// function (Abramowitz and Stegun, 26.7). 0 where the probability is smaller than any number; `None` for other `df`, or if `x`
/// is not a number. Infinite `df` stand for the normal distribution. Above 10,000 degrees of freedom by the normalising
/// transformation of Hill (1970, Communications of the ACM 13, algorithm 395).
///
/// ```
/// use survey_engine::stats::student_upper;
/// assert!((student_upper(3.0, 29.0).unwrap() / 0.002_749_596_066_951_7 - 1.0).abs() < 1e-12);
/// assert!((student_upper(12.0, 441.0).unwrap() / 3.316_877_206_786_28e-29 - 1.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn student_upper(x: f64, df: f64) -> Option<f64> {
    if x.is_nan() || df.is_nan() || df <= 0.0 {
        return None;
    }
    let size = x.abs();
    let tail = if df > LARGE {
        normal_upper(normalised(size, df))?
    } else if size > 1e150 {
        // Where the square is too large, the tail is a power.
        let (factor, logarithm) = gamma_ratio(df / 2.0);
        let power = df * (0.5 * df.ln() - size.ln());
        (factor / (PI.sqrt() * df) * (logarithm + power).exp()).min(0.5)
    } else {
        tail(size, df, density(size, df))
    };
    let upper = if x < 0.0 { 1.0 - tail } else { tail };
    (!upper.is_nan()).then_some(upper)
}

/// The quantile of the upper `tail < 1/2` by steps of fifth order; `None` if they do not settle.
fn stepped(tail_wanted: f64, df: f64) -> Option<f64> {
    if df < 1.0 || tail_wanted < 1e-200 {
        return None;
    }
    let mut t = start(tail_wanted, df)?;
    for _ in 0..8 {
        let density = density(t, df);
        let scale = 1.0 / (df + t * t);
        let l1 = -(df + 1.0) * t * scale;
        let l2 = -(df + 1.0) * (df - t * t) * scale * scale;
        let l3 = 2.0 * (df + 1.0) * t * (3.0 * df - t * t) * scale * scale * scale;
        let move_by = step((tail(t, df, density) - tail_wanted) / density, l1, l2, l3);
        if move_by.abs() <= 1e-3 * t.min(1.0) {
            return Some(t + move_by);
        }
        if move_by.is_nan() || move_by.abs() >= 0.5 * t {
            return None;
        }
        t += move_by;
    }
    None
}

/// The same by bisection, for the most heavy tails.
fn inverted(tail: f64, df: f64) -> Option<f64> {
    // df / t^2 are the odds of a beta variate with parameters df/2 and 1/2 whose lower tail holds both tails of t.
    let z = normal_quantile(2.0 * tail)?;
    let log_odds = beta::quantile_log_odds(df / 2.0, 0.5, 2.0 * tail, -z)?;
    Some(df.sqrt() * (-0.5 * log_odds).exp())
}

/// The density `Gamma((df + 1) / 2) / (Gamma(df / 2) sqrt(df pi)) (1 + t^2 / df)^(-(df + 1) / 2)`.
fn density(t: f64, df: f64) -> f64 {
    let b = df / 2.0;
    let (factor, logarithm) = gamma_ratio(b);
    let square = t * t;
    factor * (logarithm - b * (square / df).ln_1p()).exp() / (PI * (df + square)).sqrt()
}

/// `Gamma(b + 1/2) / Gamma(b)` for `b > 0`.
pub(crate) fn gamma_half_ratio(b: f64) -> f64 {
    let (factor, logarithm) = gamma_ratio(b);
    factor * logarithm.exp()
}

/// `Gamma(b + 1/2) / Gamma(b)` as a factor and the logarithm of another.
fn gamma_ratio(b: f64) -> (f64, f64) {
    let (mut above, mut below, mut at) = (1.0, 1.0, b);
    while at < 10.0 {
        above *= at;
        below *= at + 0.5;
        at += 1.0;
    }
    let inverse = 1.0 / at;
    let square = inverse * inverse;
    // Differences of Bernoulli polynomials: (2^(1-n) - 2) B_n / (n (n - 1)) for n = 2, 4, ...
    let series = [
        -1.0 / 8.0,
        1.0 / 192.0,
        -1.0 / 640.0,
        17.0 / 14_336.0,
        -31.0 / 18_432.0,
        691.0 / 180_224.0,
        -5461.0 / 425_984.0,
    ];
    let sum = series.iter().rfold(0.0, |sum, term| sum * square + term);
    (above / below * at.sqrt(), sum * inverse)
}

/// The upper tail at `t >= 0`, given the density there.
fn tail(t: f64, df: f64, density: f64) -> f64 {
    let square = t * t;
    let b = df / 2.0;
    let (x, y) = (square / (df + square), df / (df + square));
    if y < 0.5 {
        // DLMF 8.17.8: all terms are positive, and fall at least as fast as the powers of y.
        density * t / df * series(b + 0.5, b + 1.0, y)
    } else if square < 7.0 {
        0.5 - density * t * series(b + 0.5, 1.5, x)
    } else {
        0.5 * beta::regularised(b, 0.5, y, x).0
    }
}

/// `sum (c)_n / (d)_n x^n`.
fn series(c: f64, d: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
    for _ in 0..100_000 {
        term *= x * (c + n) / (d + n);
        sum += term;
        n += 1.0;
        if term <= 0.25 * f64::EPSILON * sum {
            break;
        }
    }
    sum
}

/// Hill's approximation of the quantile.
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
fn start(tail: f64, df: f64) -> Option<f64> {
    if df < 1.5 {
        // Between Cauchy's distribution and the next: near enough to begin with.
        return Some(1.0 / (PI * tail).tan());
    }
    let z = normal_quantile(tail)?;
    let a = 1.0 / (df - 0.5);
    let b = 48.0 / (a * a);
    let mut c = ((20_700.0 * a / b - 98.0) * a - 16.0) * a + 96.36;
    let d = ((94.5 / (b + c) - 3.0) / b + 1.0) * (a * PI / 2.0).sqrt() * df;
    let x = 2.0 * tail * d;
    let y = x.powf(2.0 / df);
    let odds = if y > 0.05 + a {
        let square = z * z;
        if df < 5.0 {
            c += 0.3 * (df - 4.5) * (z + 0.6);
        }
        let c = (((0.05 * d * z - 5.0) * z - 7.0) * z - 2.0) * z + b + c;
        let w = ((((0.4 * square + 6.3) * square + 36.0) * square + 94.5) / c - square - 3.0) / b;
        (a * square * (w + 1.0) * (w + 1.0)).exp_m1()
    } else {
        let rest = 1.0 / (((df + 6.0) / (df * y) - 0.089 * d - 0.822) * (df + 2.0) * 3.0);
        ((rest + 0.5 / (df + 4.0)) * y - 1.0) * (df + 1.0) / (df + 2.0) + 1.0 / y
    };
    let t = (df * odds).sqrt();
    (t > 0.0 && t.is_finite()).then_some(t)
}

/// The normal deviate with the same tail as `t`, for many degrees of freedom.
fn normalised(t: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return t;
    }
    let a = df - 0.5;
    let b = 48.0 * a * a;
    let square = a * (t * (t / df)).ln_1p();
    let z = square.sqrt();
    if square > 2000.0 {
        // Its tail is smaller than any number.
        return z;
    }
    let second = (((4.0 * square + 33.0) * square + 240.0) * square + 855.0) * z
        / (10.0 * b * (b + 0.8 * square * square + 100.0));
    z + (square + 3.0) * z / b - second
}

/// The deviate with the tail of `z`, from one close to it: far out the expansion loses digits.
fn refined(t: f64, z: f64, df: f64) -> f64 {
    let size = t.abs();
    let reached = normalised(size, df);
    let slope = (df - 0.5) * size / ((df + size * size) * reached);
    let refined = size + (z.abs() - reached) / slope;
    if df.is_infinite() {
        z
    } else {
        refined.copysign(z)
    }
}

fn expansion(z: f64, df: f64) -> f64 {
    let s = z * z;
    let first = (s + 1.0) / 4.0;
    let second = (5.0 * s * s + 16.0 * s + 3.0) / 96.0;
    let third = (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
    let fourth = ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0;
    z + z * (first + (second + (third + fourth / df) / df) / df) / df
}
