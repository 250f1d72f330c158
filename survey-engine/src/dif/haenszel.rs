//! The method of Mantel and Haenszel.

use serde::Serialize;

use super::{DifUndefined, SIGNIFICANT, StudiedItem, p_value};
use crate::stats::Probability;

/// Size of a difference on the delta scale, as the Educational Testing Service classes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum EtsClass {
    /// Negligible: `|delta| < 1`, or not significant at 5 %.
    A,
    /// Moderate: everything between.
    B,
    /// Large: `|delta| >= 1.5` and significantly above 1, `(|delta| - 1) / se > 1.645`.
    C,
}

/// The odds ratio common to all scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CommonOdds {
    /// Odds of the reference group over those of the focal group, at equal score. Above 1 the reference group says yes more often.
    pub alpha: f64,
    /// Standard error of its logarithm (Robins, Breslow and Greenland).
    pub log_alpha_standard_error: f64,
    /// `-2.35 ln alpha`. Negative: harder for the focal group.
    pub delta: f64,
    /// Standard error of `delta`.
    pub delta_standard_error: f64,
}

/// An item of two categories in two groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MantelHaenszel {
    /// Test of no difference, one degree of freedom, corrected for continuity.
    pub chi_square: f64,
    /// Its p-value.
    pub p: Probability,
    /// The common odds ratio by itself, which may be zero. `None` where it is infinite.
    pub alpha: Option<f64>,
    /// `None` where the odds ratio is zero or infinite: at no score does anybody of one group give an answer that somebody of the
    /// other group does not give as well.
    pub odds: Option<CommonOdds>,
    /// How large the difference is. `None` where it is significant and its size is not defined.
    pub class: Option<EtsClass>,
}

/// Ratio of a step on the delta scale to one on the logistic scale.
const DELTA: f64 = -2.35;

/// Mantel-Haenszel comparison of an item of two categories.
///
/// With `a`, `b` persons of the reference group at a score who chose category 1 and 0, `c`, `d` of the focal group, `t`
/// together: `alpha = sum (a d / t) / sum (b c / t)` and `delta = -2.35 ln alpha`. With `p = (a + d) / t`, `q = (b + c) / t`,
/// `r = a d / t` and `s = b c / t` the variance of `ln alpha` is
/// `sum p r / (2 (sum r)^2) + sum (p s + q r) / (2 sum r sum s) + sum q s / (2 (sum s)^2)`. The test is
/// `(|sum a - E a| - 1/2)^2 / sum Var a` with the hypergeometric moments of `a`; as in R's `mantelhaen.test` nothing is taken
/// off a difference below one half. Scores with persons of one group, or with one answer, add nothing. Sources: Mantel and
/// Haenszel (1959), Journal of the National Cancer Institute 22; Robins, Breslow and Greenland (1986), Biometrics 42; Holland
/// and Thayer (1988), in Test Validity; Zwick and Ercikan (1989), Journal of Educational Measurement 26, for the classes.
///
/// # Errors
/// [`DifUndefined::NotDichotomous`] for more than two categories, [`DifUndefined::EmptyGroup`] without persons of a group,
/// [`DifUndefined::OneCategory`] if everybody chose the same, [`DifUndefined::NothingInCommon`] if at no score both groups are
/// present and answers differ.
///
/// ```
/// use survey_engine::dif::{Side, StudiedItem, mantel_haenszel};
/// use survey_engine::scoring::RawScore;
/// let mut item = StudiedItem::new(RawScore(2), 2);
/// // At score 1: 30 of 50 of the reference group say yes, and 20 of 50 of the focal group.
/// for (side, yes) in [(Side::Reference, 30), (Side::Focal, 20)] {
///     item.add(side, RawScore(1), 1, yes)?;
///     item.add(side, RawScore(1), 0, 50 - yes)?;
/// }
/// let result = mantel_haenszel(&item)?;
/// assert!((result.odds.unwrap().alpha - 2.25).abs() < 1e-12);
/// assert!((result.chi_square - 3.2076).abs() < 1e-12);
/// # Ok::<(), survey_engine::dif::DifUndefined>(())
/// ```
pub fn mantel_haenszel(item: &StudiedItem) -> Result<MantelHaenszel, DifUndefined> {
    if item.categories() > 2 {
        return Err(DifUndefined::NotDichotomous);
    }
    item.check()?;
    let mut sums = Sums::default();
    for (_, reference, focal) in item.strata() {
        if let ([b, a], [d, c]) = (reference, focal) {
            sums.add([*a, *b, *c, *d].map(|count| count as f64));
        }
    }
    sums.result().ok_or(DifUndefined::NothingInCommon)
}

#[derive(Default)]
struct Sums {
    difference: f64,
    variance: f64,
    /// Sums of `r = a d / t` and `s = b c / t`.
    r: f64,
    s: f64,
    /// Sums of `p r`, `p s + q r` and `q s` with `p = (a + d) / t`, `q = (b + c) / t`.
    pr: f64,
    mixed: f64,
    qs: f64,
}

impl Sums {
    fn add(&mut self, [a, b, c, d]: [f64; 4]) {
        let all = a + b + c + d;
        if all < 2.0 {
            return;
        }
        let margins = (a + b) * (c + d) * (a + c) * (b + d);
        // a - (a + b) (a + c) / all = (a d - b c) / all, without cancellation.
        self.difference += (a * d - b * c) / all;
        self.variance += margins / (all * all * (all - 1.0));
        let (same, other) = ((a + d) / all, (b + c) / all);
        let (straight, crossed) = (a * d / all, b * c / all);
        self.r += straight;
        self.s += crossed;
        self.pr += same * straight;
        self.mixed += same * crossed + other * straight;
        self.qs += other * crossed;
    }

    fn result(&self) -> Option<MantelHaenszel> {
        if self.variance <= 0.0 {
            return None;
        }
        let size = self.difference.abs();
        let correction = if size >= 0.5 { 0.5 } else { 0.0 };
        let chi_square = (size - correction).powi(2) / self.variance;
        let p = p_value(chi_square, 1.0)?;
        let odds = (self.r > 0.0 && self.s > 0.0).then(|| self.odds());
        Some(MantelHaenszel {
            chi_square,
            p,
            alpha: (self.s > 0.0).then(|| self.r / self.s),
            odds,
            class: class(odds, p),
        })
    }

    fn odds(&self) -> CommonOdds {
        let alpha = self.r / self.s;
        let variance = self.pr / (2.0 * self.r * self.r)
            + self.mixed / (2.0 * self.r * self.s)
            + self.qs / (2.0 * self.s * self.s);
        let log_alpha_standard_error = variance.sqrt();
        let delta = DELTA * alpha.ln();
        let delta_standard_error = DELTA.abs() * log_alpha_standard_error;
        CommonOdds {
            alpha,
            log_alpha_standard_error,
            delta,
            delta_standard_error,
        }
    }
}

fn class(odds: Option<CommonOdds>, p: Probability) -> Option<EtsClass> {
    if p.value() > SIGNIFICANT {
        return Some(EtsClass::A);
    }
    let CommonOdds {
        delta,
        delta_standard_error,
        ..
    } = odds?;
    let size = delta.abs();
    Some(if size < 1.0 {
        EtsClass::A
    } else if size >= 1.5 && (size - 1.0) / delta_standard_error > 1.645 {
        EtsClass::C
    } else {
        EtsClass::B
    })
}
