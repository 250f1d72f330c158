//! Where a unit stands among others.

use std::cmp::Ordering;

use serde::Serialize;

use crate::stats::{Interval, Percent, normal_width, quantiles};

/// A unit that may be compared, for example a school.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BenchmarkUnit<'a> {
    /// Its result; units without one are left out.
    pub value: Option<f64>,
    /// The standard error of its result, if known.
    pub standard_error: Option<f64>,
    /// What kind of unit it is, for example "primary".
    pub kind: Option<&'a str>,
    /// Its circumstances, for example the share of learners in need; used where the rule has a band.
    pub circumstances: Option<f64>,
}

/// Which units are compared, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BenchmarkRule {
    /// How far the circumstances of similar units may lie from the unit's own; `None` compares with all units of the kind.
    pub band: Option<f64>,
    /// Whether the unit itself is one of those it is compared with.
    pub include_self: bool,
    /// The fewest other units that make a comparison.
    pub fewest: u64,
    /// Confidence of the interval of the percentile.
    pub confidence: f64,
}

/// Why there is no comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BenchmarkUndefined {
    /// There is no such unit.
    #[error("there is no such unit")]
    UnknownUnit,
    /// The unit has no result.
    #[error("the unit has no result")]
    NoValue,
    /// The unit's kind is not known.
    #[error("the unit's kind is not known")]
    NoKind,
    /// The unit's circumstances are not known.
    #[error("the unit's circumstances are not known")]
    NoCircumstances,
    /// Too few other units are comparable.
    #[error("too few other units are comparable")]
    TooFewUnits,
    /// The band or the confidence is out of range.
    #[error("the band or the confidence is out of range")]
    OutOfRange,
}

/// Where a unit stands among comparable ones.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Benchmark {
    /// Units compared, the unit itself among them if the rule says so.
    pub n: u64,
    /// The share of them below the unit, those with the same result counted half.
    pub percentile: Percent,
    /// The percentiles at both ends of the interval of the unit's result; `None` without a standard error.
    pub interval: Option<Interval<Percent>>,
    /// First quartile, median and third quartile of the units compared.
    pub quartiles: [f64; 3],
}

/// The percentile of `value` among others: `100 (below + equal / 2) / n`, the midrank.
///
/// `None` without others, or if `value` is not a number.
///
/// An other that is not a number counts as above. Source: Crocker and Algina (1986), Introduction to Classical and Modern Test
/// Theory, ch. 19.
///
/// ```
/// use survey_engine::comparison::midrank_percentile;
/// let percentile = midrank_percentile(3.0, [1.0, 3.0, 3.0, 4.0]).unwrap();
/// assert_eq!(percentile.value(), 50.0);
/// ```
#[must_use]
pub fn midrank_percentile(value: f64, others: impl IntoIterator<Item = f64>) -> Option<Percent> {
    let (mut halves, mut n) = (0_u64, 0_u64);
    for other in others {
        n += 1;
        halves += match other.partial_cmp(&value) {
            Some(Ordering::Less) => 2,
            Some(Ordering::Equal) => 1,
            _ => 0,
        };
    }
    if value.is_nan() {
        return None;
    }
    Percent::clamped(50.0 * halves as f64 / n as f64)
}

/// Compares the unit at the place `at` with the others of its kind, in similar circumstances if the rule has a band.
///
/// Others without a result, or of a kind or circumstances that are not known where these matter, are left out. Similar are
/// units whose circumstances differ by at most the band. The interval of the percentile has the [`midrank_percentile`] at
/// `value -+ z se` for its ends: it shows how little a rank says where many units lie close together, but takes the others'
/// results as they are. A unit that is compared with itself counts as equal at both ends. Quartiles as [`quantiles`]. Source:
/// Goldstein and Spiegelhalter (1996), JRSS A 159, on the uncertainty of ranks.
///
/// # Errors
/// [`BenchmarkUndefined::UnknownUnit`] if there is no unit at that place; [`BenchmarkUndefined::NoValue`],
/// [`BenchmarkUndefined::NoKind`] or, where the rule has a band, [`BenchmarkUndefined::NoCircumstances`] if that of the unit
/// itself is not known; [`BenchmarkUndefined::OutOfRange`] for a negative band or a confidence outside `0..1`;
/// [`BenchmarkUndefined::TooFewUnits`] for fewer others than the rule asks for, or none at all.
///
/// ```
/// use survey_engine::comparison::{BenchmarkRule, BenchmarkUnit, benchmark};
/// let school = |value, need| BenchmarkUnit {
///     value: Some(value), standard_error: Some(2.0), kind: Some("primary"), circumstances: Some(need),
/// };
/// let schools = [school(60.0, 20.0), school(70.0, 25.0), school(55.0, 12.0), school(90.0, 80.0)];
/// let rule = BenchmarkRule { band: Some(10.0), include_self: false, fewest: 2, confidence: 0.95 };
/// let place = benchmark(&schools, 0, &rule)?;
/// assert_eq!((place.n, place.percentile.value()), (2, 50.0));
/// # Ok::<(), survey_engine::comparison::BenchmarkUndefined>(())
/// ```
pub fn benchmark(
    units: &[BenchmarkUnit<'_>],
    at: usize,
    rule: &BenchmarkRule,
) -> Result<Benchmark, BenchmarkUndefined> {
    let unit = units.get(at).ok_or(BenchmarkUndefined::UnknownUnit)?;
    let number = |value: Option<f64>| value.filter(|value| value.is_finite());
    let value = number(unit.value).ok_or(BenchmarkUndefined::NoValue)?;
    let kind = unit.kind.ok_or(BenchmarkUndefined::NoKind)?;
    let z = normal_width(rule.confidence);
    let z = z.filter(|_| rule.band.is_none_or(|band| band >= 0.0));
    let z = z.ok_or(BenchmarkUndefined::OutOfRange)?;
    let near = match rule.band {
        None => None,
        Some(band) => {
            let own = number(unit.circumstances).ok_or(BenchmarkUndefined::NoCircumstances)?;
            Some((own, band))
        }
    };
    let is_similar = |other: &BenchmarkUnit<'_>| {
        near.is_none_or(|(own, band)| {
            number(other.circumstances).is_some_and(|theirs| (theirs - own).abs() <= band)
        })
    };
    let others: Vec<f64> = units
        .iter()
        .enumerate()
        .filter(|(place, other)| *place != at && other.kind == Some(kind) && is_similar(other))
        .filter_map(|(_, other)| number(other.value))
        .collect();
    if (others.len() as u64) < rule.fewest {
        return Err(BenchmarkUndefined::TooFewUnits);
    }
    let own = rule.include_self.then_some(value);
    let percentile_of = |value: f64| {
        // The unit is as high as itself, wherever its true value may lie.
        let own = rule.include_self.then_some(value);
        midrank_percentile(value, others.iter().copied().chain(own))
    };
    let compared: Vec<(f64, u64)> = others.iter().copied().chain(own).map(|v| (v, 1)).collect();
    let quartiles = quantiles(&compared, &[0.25, 0.5, 0.75])
        .and_then(|quartiles| quartiles.try_into().ok())
        .ok_or(BenchmarkUndefined::TooFewUnits)?;
    let ends = number(unit.standard_error).and_then(|error| {
        Some(Interval {
            lower: percentile_of(value - z * error)?,
            upper: percentile_of(value + z * error)?,
        })
    });
    Ok(Benchmark {
        n: compared.len() as u64,
        percentile: percentile_of(value).ok_or(BenchmarkUndefined::TooFewUnits)?,
        interval: ends,
        quartiles,
    })
}
