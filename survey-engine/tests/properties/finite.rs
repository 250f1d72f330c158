//! No number leaves the engine that is none: whatever goes in, every figure is finite or missing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod models;

use std::fmt::Debug;

use survey_engine::comparison::{
    Adjustment, BenchmarkRule, BenchmarkUnit, Metric, PairedSums, ProportionCount, adjust,
    benchmark, change_of_means, change_of_shares, group_gap, hedges_correction, midrank_percentile,
    newcombe_interval, paired_change, rank_comparison, signed_ranks, standardised_difference,
    two_proportions, welch_test,
};
use survey_engine::stats::{
    Interval, Moments, Probability, RatioSums, chi_square_quantile, chi_square_upper,
    design_wilson_interval, effective_size, fisher_quantile, fisher_upper, mean_interval,
    noncentral_student_lower, noncentrality_interval, normal_quantile, normal_upper,
    proportion_interval, quantile, quantiles, ratio_interval, student_quantile, student_upper,
    wilson_interval,
};

/// Numbers that formulas do not like.
const HOSTILE: [f64; 13] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    -1e17,
    f64::MIN_POSITIVE,
    5e-324,
    0.0,
    -1.0,
    0.5,
    0.95,
    1.0,
    3.0,
    1e17,
];

const COUNTS: [u64; 5] = [0, 1, 2, 7, 1 << 40];

/// What a value shows of itself must name neither NaN nor infinity.
#[track_caller]
fn finite(value: impl Debug, given: impl Debug) {
    let shown = format!("{value:?}");
    let mut words = shown.split(|character: char| !character.is_ascii_alphanumeric());
    assert!(
        words.all(|word| word != "NaN" && word != "inf"),
        "{given:?} gives {shown}"
    );
}

fn pairs() -> impl Iterator<Item = (f64, f64)> {
    HOSTILE.into_iter().flat_map(|a| HOSTILE.map(|b| (a, b)))
}

fn triples() -> impl Iterator<Item = (f64, f64, f64)> {
    pairs().flat_map(|(a, b)| HOSTILE.map(|c| (a, b, c)))
}

fn moments() -> impl Iterator<Item = Moments> {
    COUNTS.into_iter().flat_map(|n| {
        pairs().flat_map(move |(mean, variance)| {
            [Some(variance), None].map(|variance| Moments { n, mean, variance })
        })
    })
}

/// A few of them, so that all pairs can be tried.
fn some_moments() -> Vec<Moments> {
    moments().step_by(23).collect()
}

#[test]
fn distributions() {
    for a in HOSTILE {
        finite(normal_quantile(a), a);
        finite(normal_upper(a), a);
        finite(hedges_correction(a), a);
    }
    for (a, b) in pairs() {
        finite(chi_square_quantile(a, b), (a, b));
        finite(chi_square_upper(a, b), (a, b));
        finite(student_quantile(a, b), (a, b));
        finite(student_upper(a, b), (a, b));
    }
    for (a, b) in pairs() {
        finite(fisher_quantile(a, b, 4.0), (a, b));
        finite(fisher_quantile(0.95, a, b), (a, b));
        finite(fisher_upper(a, 4.0, b), (a, b));
        finite(fisher_upper(3.0, a, b), (a, b));
        finite(noncentral_student_lower(a, b, 0.5), (a, b));
        finite(noncentral_student_lower(1.0, a, b), (a, b));
        finite(noncentrality_interval(a, b, 0.95), (a, b));
        finite(noncentrality_interval(1.0, 9.0, a), a);
    }
}

#[test]
fn means_and_quantiles() {
    for (a, b) in pairs() {
        finite(Moments::of([(a, 3), (b, 2)]), (a, b));
        finite(quantile([(a, 3), (b, 2)], 0.4), (a, b));
        finite(quantile([(0.0, 3), (1.0, 2)], a), a);
        finite(quantiles(&[(a, 3), (b, 2)], &[0.4, 0.9]), (a, b));
        finite(quantiles(&[(0.0, 3), (1.0, 2)], &[a, b]), (a, b));
    }
    for moments in moments() {
        for population in [None, Some(0), Some(2), Some(100)] {
            finite(moments.standard_error(population), (moments, population));
            for confidence in [0.95, f64::NAN, 1.0, 0.0] {
                finite(
                    mean_interval(&moments, population, confidence),
                    (moments, population),
                );
            }
        }
    }
}

#[test]
fn shares() {
    let share = |p| Probability::new(p).unwrap();
    for (a, b) in pairs() {
        for p in [0.0, 0.3, 1.0] {
            finite(wilson_interval(share(p), a, b), (p, a, b));
            finite(
                design_wilson_interval(share(p), a, Some(b), 0.95),
                (p, a, b),
            );
            finite(design_wilson_interval(share(p), a, None, b), (p, a, b));
        }
    }
    for (x, n) in COUNTS.into_iter().flat_map(|x| COUNTS.map(|n| (x, n))) {
        finite(effective_size(x, n), (x, n));
        let sums = RatioSums {
            favourable: x,
            valid: n,
            favourable_squared: x,
            favourable_valid: n,
            valid_squared: n,
        };
        let other = ProportionCount {
            favourable: 1,
            n: 3,
        };
        let count = ProportionCount { favourable: x, n };
        for confidence in HOSTILE {
            finite(
                proportion_interval(x, n, None, confidence),
                (x, n, confidence),
            );
            finite(
                proportion_interval(x, n, Some(12), confidence),
                (x, n, confidence),
            );
            finite(
                ratio_interval(&sums, n, None, confidence),
                (x, n, confidence),
            );
            finite(
                ratio_interval(&sums, n, Some(12), confidence),
                (x, n, confidence),
            );
            finite(
                two_proportions(count, other, confidence),
                (x, n, confidence),
            );
            finite(
                newcombe_interval(count, other, confidence),
                (x, n, confidence),
            );
            finite(
                change_of_shares(count, other, confidence),
                (x, n, confidence),
            );
        }
    }
}

#[test]
fn comparisons() {
    let some = some_moments();
    for (first, second) in some.iter().flat_map(|a| some.iter().map(move |b| (a, b))) {
        finite(welch_test(first, second, 0.95), (first, second));
        finite(
            standardised_difference(first, second, 0.95),
            (first, second),
        );
        finite(change_of_means(first, second, 0.95), (first, second));
    }
    let plain = Moments {
        n: 9,
        mean: 3.0,
        variance: Some(1.0),
    };
    for confidence in HOSTILE {
        finite(welch_test(&plain, &plain, confidence), confidence);
        finite(
            standardised_difference(&plain, &plain, confidence),
            confidence,
        );
    }
    for (a, b, c) in triples() {
        let scores = ([(a, 3), (1.0, 2)], [(b, 2), (2.0, 5)]);
        let range = Interval {
            lower: 1.0,
            upper: c,
        };
        finite(group_gap(&scores.0, &scores.1, range, 0.95), (a, b, c));
        finite(rank_comparison(&scores.0, &scores.1), (a, b));
        finite(signed_ranks(&[(a, 3), (b, 2), (c, 1)]), (a, b, c));
        finite(midrank_percentile(a, [b, c]), (a, b, c));
        let unit = |value, error| BenchmarkUnit {
            value: Some(value),
            standard_error: Some(error),
            kind: Some("school"),
            circumstances: Some(c),
        };
        let rule = BenchmarkRule {
            band: Some(c),
            include_self: true,
            fewest: 0,
            confidence: 0.95,
        };
        finite(
            benchmark(&[unit(a, b), unit(b, a), unit(1.0, 1.0)], 0, &rule),
            (a, b, c),
        );
    }
    for (origin, per_unit) in pairs() {
        let mut sums = PairedSums::default();
        for (earlier, later) in [(1, 3), (2, 2), (4, 5), (3, 3)] {
            sums.add(earlier, later);
        }
        finite(
            paired_change(&sums, Metric { origin, per_unit }, 0.95),
            (origin, per_unit),
        );
        finite(
            paired_change(
                &sums,
                Metric {
                    origin: 1.0,
                    per_unit: 2.0,
                },
                origin,
            ),
            origin,
        );
    }
    let p = [0.0, 5e-324, 1.0].map(Probability::new);
    finite(adjust(&p, Adjustment::BenjaminiYekutieli), p);
}
