//! Densities in saddle-point form.
//!
//! Written as an exponent of small terms, a density keeps its digits where the logarithms of gamma functions would cancel.
//! Source: Loader (2000), "Fast and accurate computation of binomial probabilities".

use std::f64::consts::PI;

use statrs::function::gamma::ln_gamma;

/// [`stirling_error`] of 0, 1/2, 1, ... 16, from products of 60 digits. The first is not used.
const HALVES: [f64; 33] = [
    f64::INFINITY,
    0.153_426_409_720_027_36,
    0.081_061_466_795_327_26,
    0.054_814_121_051_917_65,
    0.041_340_695_955_409_3,
    0.033_162_873_519_936_29,
    0.027_677_925_684_998_34,
    0.023_746_163_656_297_496,
    0.020_790_672_103_765_093,
    0.018_488_450_532_673_187,
    0.016_644_691_189_821_193,
    0.015_134_973_221_917_378,
    0.013_876_128_823_070_748,
    0.012_810_465_242_920_227,
    0.011_896_709_945_891_77,
    0.011_104_559_758_206_917,
    0.010_411_265_261_972_096,
    0.009_799_416_126_158_804,
    0.009_255_462_182_712_733,
    0.008_768_700_134_139_386,
    0.008_330_563_433_362_87,
    0.007_934_114_564_314_02,
    0.007_573_675_487_951_841,
    0.007_244_554_301_320_383,
    0.006_942_840_107_209_53,
    0.006_665_247_032_707_682,
    0.006_408_994_188_004_207,
    0.006_171_712_263_039_458,
    0.005_951_370_112_758_847_5,
    0.005_746_216_513_010_115_5,
    0.005_554_733_551_962_801,
    0.005_375_599_032_926_835,
    0.005_207_655_919_609_640_4,
];

/// `ln Gamma(z + 1) - (z + 1/2) ln z + z - ln(2 pi) / 2`, for `z > 0`.
pub(super) fn stirling_error(z: f64) -> f64 {
    if z <= 16.0 {
        let halves = z + z;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number up to 32"
        )]
        let known = HALVES
            .get(halves as usize)
            .filter(|_| halves.fract() == 0.0);
        return known
            .copied()
            .unwrap_or_else(|| ln_gamma(z + 1.0) - (z + 0.5) * z.ln() + z - 0.5 * (2.0 * PI).ln());
    }
    let inverse = 1.0 / z;
    let square = inverse * inverse;
    let tail = 1.0 / 1260.0
        - (1.0 / 1680.0 - (1.0 / 1188.0 - 691.0 / 360_360.0 * square) * square) * square;
    (1.0 / 12.0 - (1.0 / 360.0 - tail * square) * square) * inverse
}

/// `k ln(k / m) + m - k`, without cancellation where `k` and `m` are close.
pub(super) fn deviance(k: f64, m: f64) -> f64 {
    let difference = k - m;
    if difference.abs() >= 0.1 * (k + m) {
        return k * (k / m).ln() - difference;
    }
    let v = difference / (k + m);
    let square = v * v;
    // 2 k v times the series of (artanh v - v) / v; v is below 1/10, so that eight terms are enough.
    let series = ODD.iter().rfold(0.0, |sum, odd| (sum + odd) * square);
    difference * v + 2.0 * k * v * series
}

const ODD: [f64; 8] = [
    1.0 / 3.0,
    1.0 / 5.0,
    1.0 / 7.0,
    1.0 / 9.0,
    1.0 / 11.0,
    1.0 / 13.0,
    1.0 / 15.0,
    1.0 / 17.0,
];

/// `x^a y^b / B(a, b)` for `x + y = 1`: the density of the log odds of a beta variate.
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
pub(super) fn beta_power(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let exponent = stirling_error(n)
        - stirling_error(a)
        - stirling_error(b)
        - deviance(a, n * x)
        - deviance(b, n * y);
    exponent.exp() * (a * b / (2.0 * PI * n)).sqrt()
}

/// `x^a exp(-x) / Gamma(a)`: the density of the logarithm of a gamma variate.
pub(super) fn gamma_power(a: f64, x: f64) -> f64 {
    (-stirling_error(a) - deviance(a, x)).exp() * (a / (2.0 * PI)).sqrt()
}

/// Where a distribution function reaches its target, as a step from a point near it.
///
/// `h` is what is missing to the target, divided by the density `g` at the point, and `l1`, `l2`, `l3` are the derivatives of
/// `ln g` there. The Taylor series of the distribution function, reversed up to the fourth power: with an error of `e` before,
/// the error after the step is of the order of `e^5`.
pub(super) fn step(h: f64, l1: f64, l2: f64, l3: f64) -> f64 {
    let second = l1 / 2.0;
    let third = (l1 * l1 + l2) / 6.0;
    let fourth = (l1 * l1 * l1 + 3.0 * l1 * l2 + l3) / 24.0;
    let cubic = 2.0 * second * second - third;
    let quartic = 5.0 * second * (third - second * second) - fourth;
    h * (1.0 + h * (-second + h * (cubic + h * quartic)))
}
