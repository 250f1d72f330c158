//! The normal distribution.

use std::f64::consts::{PI, SQRT_2};

use statrs::function::erf::erfc_inv;

/// Quantile of the standard normal distribution; `None` outside `0 < p < 1`.
///
/// `-sqrt(2) erfc^-1(2 p)`, with the inverse of the complementary error function. At 0 and 1 it is infinite, and so `None`.
/// Source: Abramowitz and Stegun, 26.2.
///
/// ```
/// use survey_engine::stats::normal_quantile;
/// assert!((normal_quantile(0.975).unwrap() - 1.959_963_984_540_05).abs() < 1e-12);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> Option<f64> {
    let often = TAIL_95 - p.min(1.0 - p);
    if often.abs() <= f64::EPSILON / 4.0 {
        return Some(QUANTILE_95.copysign(p - 0.5));
    }
    (p > 0.0 && p < 1.0).then(|| -SQRT_2 * erfc_inv(2.0 * p))
}

/// What every published interval asks for, to the last digits of the probability.
const TAIL_95: f64 = 0.025;
const QUANTILE_95: f64 = 1.959_963_984_540_054_2;

/// `P(Z > x) = erfc(x / sqrt(2)) / 2` of the standard normal distribution, with all digits far out in the tail; 0 where the
/// probability is smaller than any number, `None` if `x` is not a number. Source: Cody (1969), Mathematics of Computation 23,
/// in the form of his ANORM (1993, ACM Transactions on Mathematical Software 19).
///
/// ```
/// use survey_engine::stats::normal_upper;
/// assert_eq!(normal_upper(0.0), Some(0.5));
/// assert!((normal_upper(9.0).unwrap() / 1.128_588_405_953_84e-19 - 1.0).abs() < 1e-12);
/// assert_eq!(normal_upper(60.0), Some(0.0));
/// ```
#[must_use]
pub fn normal_upper(x: f64) -> Option<f64> {
    if x.is_nan() {
        return None;
    }
    let size = x.abs();
    if size <= 0.674_489_75 {
        let square = x * x;
        return Some(0.5 - x * quotient(&CENTRE, square));
    }
    let ratio = if size <= 32_f64.sqrt() {
        quotient(&MIDDLE, size)
    } else {
        let square = 1.0 / (size * size);
        let series = square * quotient(&TAIL, square);
        ((2.0 * PI).sqrt().recip() - series) / size
    };
    // The square in two parts, as its rounding would be multiplied by the square itself.
    let coarse = (size * 16.0).trunc() / 16.0;
    let rest = (size - coarse) * (size + coarse);
    let tail = if size > 39.0 {
        0.0
    } else {
        (-0.5 * coarse * coarse).exp() * (-0.5 * rest).exp() * ratio
    };
    Some(if x > 0.0 { tail } else { 1.0 - tail })
}

/// The density of the standard normal distribution.
pub(super) fn normal_density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// Coefficients of numerator and denominator, highest power first.
type Quotient<const N: usize> = [(f64, f64); N];

fn quotient<const N: usize>(coefficients: &Quotient<N>, x: f64) -> f64 {
    let horner = |(above, below): (f64, f64), (next_above, next_below): &(f64, f64)| {
        (above * x + next_above, below * x + next_below)
    };
    let (above, below) = coefficients.iter().fold((0.0, 0.0), horner);
    above / below
}

const CENTRE: Quotient<5> = [
    (0.065_682_337_918_207_45, 1.0),
    (2.235_252_035_460_683_7, 47.202_581_904_688_245),
    (161.028_231_068_555_87, 976.098_551_737_776_7),
    (1_067.689_485_460_370_9, 10_260.932_208_618_979),
    (18_154.981_253_343_56, 45_507.789_335_026_73),
];

const MIDDLE: Quotient<9> = [
    (1.076_557_677_372_019_2e-8, 1.0),
    (0.398_941_512_088_134_66, 22.266_688_044_328_117),
    (8.883_149_794_388_377, 235.387_901_782_625),
    (93.506_656_132_177_85, 1_519.377_599_407_554_7),
    (597.270_276_394_800_2, 6_485.558_298_266_761),
    (2_494.537_585_290_372_6, 18_615.571_640_885_097),
    (6_848.190_450_536_283, 34_900.952_721_145_98),
    (11_602.651_437_647_35, 38_912.003_286_093_27),
    (9_842.714_838_383_978, 19_685.429_676_859_992),
];

const TAIL: Quotient<6> = [
    (0.023_073_441_764_940_174, 1.0),
    (0.215_898_534_057_957, 1.284_260_096_144_911),
    (0.127_401_161_160_247_36, 0.468_238_212_480_865_1),
    (0.022_235_277_870_649_807, 0.065_988_137_868_928_56),
    (0.001_421_619_193_227_893_4, 0.003_782_396_332_027_582_4),
    (2.911_287_495_116_879_3e-5, 7.297_515_550_839_662e-5),
];
