//! Distributions and exact intervals against each other and against slower ways to compute them.
#![allow(clippy::float_cmp, reason = "extremes are exact")]

use proptest::prelude::*;
use statrs::function::factorial::ln_binomial;
use survey_engine::stats::*;

fn is_near(got: f64, expected: f64, relative: f64) -> bool {
    (got - expected).abs() <= relative * expected.abs()
}

/// The share's interval by definition: every possible number of such persons is tried.
fn slow_interval(seen: u64, n: u64, population: u64, confidence: f64) -> Option<(u64, u64)> {
    let limit = (1.0 - confidence) / 2.0 * (1.0 + 1e-10);
    let probability = |x: u64, of_kind: u64| {
        let others = population - of_kind;
        if x > of_kind || n - x > others {
            return 0.0;
        }
        let ways = ln_binomial(of_kind, x) + ln_binomial(others, n - x);
        (ways - ln_binomial(population, n)).exp()
    };
    let is_plausible = |of_kind: &u64| {
        let at_most: f64 = (0..=seen).map(|x| probability(x, *of_kind)).sum();
        let at_least: f64 = (seen..=n).map(|x| probability(x, *of_kind)).sum();
        at_most > limit && at_least > limit
    };
    let mut plausible = (seen..=population - (n - seen)).filter(is_plausible);
    let first = plausible.next()?;
    Some((first, plausible.next_back().unwrap_or(first)))
}

fn counts(seen: u64, n: u64, population: u64, confidence: f64) -> (f64, f64) {
    let interval = hypergeometric_interval(seen, n, population, confidence).unwrap();
    let all = population as f64;
    (interval.lower.value() * all, interval.upper.value() * all)
}

fn check_exact(seen: u64, n: u64, population: u64, confidence: f64) {
    let (lower, upper) = counts(seen, n, population, confidence);
    let observed = seen as f64 / n as f64 * population as f64;
    // At low confidence no count may be plausible: then the observed share alone is left.
    if let Some((first, last)) = slow_interval(seen, n, population, confidence) {
        let case = (seen, n, population, confidence);
        assert!(
            (lower - observed.min(first as f64)).abs() < 1e-6,
            "{case:?}"
        );
        assert!((upper - observed.max(last as f64)).abs() < 1e-6, "{case:?}");
    }
}

#[test]
fn small_populations_as_by_definition() {
    for population in 1..=34 {
        for n in 1..=population {
            for seen in 0..=n {
                for confidence in [0.5, 0.8, 0.9, 0.95, 0.99] {
                    check_exact(seen, n, population, confidence);
                }
            }
        }
    }
}

#[test]
fn large_populations_as_by_definition() {
    for (n, population) in [
        (80, 120),
        (12, 150),
        (150, 160),
        (40, 2000),
        (700, 900),
        (5, 3000),
    ] {
        for seen in [0, 1, 2, n / 4, n / 3, n / 2, n - 2, n - 1, n] {
            check_exact(seen, n, population, 0.95);
        }
    }
}

#[test]
fn what_lies_beyond_a_number_is_zero_or_nothing() {
    assert_eq!(normal_upper(f64::INFINITY), Some(0.0));
    assert_eq!(normal_upper(f64::NEG_INFINITY), Some(1.0));
    assert_eq!(normal_upper(f64::NAN), None);
    assert_eq!(chi_square_upper(1e6, 3.0), Some(0.0));
    assert_eq!(chi_square_upper(f64::INFINITY, 3.0), Some(0.0));
    assert_eq!(chi_square_upper(-1.0, 3.0), Some(1.0));
    assert_eq!(chi_square_upper(1.0, 0.0), None);
    assert_eq!(student_upper(f64::INFINITY, 5.0), Some(0.0));
    assert_eq!(student_upper(f64::INFINITY, 1e6), Some(0.0));
    assert_eq!(student_upper(0.0, 5.0), Some(0.5));
    assert_eq!(student_upper(0.0, f64::INFINITY), Some(0.5));
    assert_eq!(student_upper(1.0, -1.0), None);
    assert_eq!(student_quantile(1e-300, 0.1), None);
    assert_eq!(student_quantile(0.5, 7.0), Some(0.0));
    assert_eq!(fisher_upper(f64::INFINITY, 3.0, 4.0), Some(0.0));
    assert_eq!(fisher_upper(0.0, 3.0, 4.0), Some(1.0));
    assert_eq!(fisher_quantile(1.0 - 1e-16, 5.0, 0.01), None);
    assert_eq!(noncentral_student_lower(f64::INFINITY, 3.0, 0.0), None);
    assert_eq!(noncentrality_interval(1.0, 0.0, 0.95), None);
    assert_eq!(noncentrality_interval(1.0, 9.0, 1.0), None);
}

#[test]
fn many_degrees_of_freedom() {
    // SciPy 1.17, stats.f.ppf.
    let f = |p, expected| {
        is_near(
            fisher_quantile(p, 999_999.0, 3_999_996.0).unwrap(),
            expected,
            1e-9,
        )
    };
    assert!(f(0.975, 1.003_102_320_000_816_2));
    assert!(f(0.025, 0.996_904_362_926_158_9));
    // Both sides of the limit above which expansions are used.
    for p in [1e-60, 1e-12, 0.001, 0.025, 0.4] {
        let below = student_quantile(p, 1e4).unwrap();
        let above = student_quantile(p, 1e4 * (1.0 + 1e-12)).unwrap();
        assert!(is_near(below, above, 1e-11), "{p}: {below} {above}");
        let (below, above) = (
            student_upper(-below, 1e4),
            student_upper(-below, 1e4 + 1e-8),
        );
        assert!(
            is_near(below.unwrap(), above.unwrap(), 1e-9),
            "{p}: {below:?} {above:?}"
        );
    }
}

fn degrees() -> impl Strategy<Value = f64> {
    prop_oneof![
        0.3..3.0,
        3.0..300.0,
        300.0..40_000.0,
        (1..200_u32).prop_map(f64::from)
    ]
}

fn lower_tails() -> impl Strategy<Value = f64> {
    prop_oneof![0.001..0.5, (-30.0..-2.0).prop_map(|e: f64| 10_f64.powf(e))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn quantiles_lead_back(p in lower_tails(), df in degrees(), df2 in degrees()) {
        let t = student_quantile(p, df).unwrap();
        prop_assert!(is_near(student_upper(-t, df).unwrap(), p, 1e-10));
        // The tail below F is the one above 1 / F with the degrees exchanged.
        let f = fisher_quantile(p, df, df2).unwrap();
        prop_assert!(f < 1e-290 || is_near(fisher_upper(1.0 / f, df2, df).unwrap(), p, 1e-9));
        if p > 1e-12 {
            prop_assert!(p < 1e-6 || is_near(student_quantile(1.0 - p, df).unwrap(), -t, 1e-9));
            let x = chi_square_quantile(1.0 - p, df).unwrap();
            prop_assert!(is_near(chi_square_upper(x, df).unwrap(), 1.0 - (1.0 - p), 1e-9));
        }
        let z = normal_quantile(p).unwrap();
        prop_assert!(is_near(normal_upper(-z).unwrap(), p, 1e-12));
    }

    #[test]
    fn distributions_meet(x in 0.01..30.0_f64, df in degrees()) {
        // A squared t is an F with one degree above; a squared normal a chi-square with one.
        let t = 2.0 * student_upper(x, df).unwrap();
        prop_assert!(is_near(fisher_upper(x * x, 1.0, df).unwrap(), t, 1e-9));
        let z = 2.0 * normal_upper(x).unwrap();
        prop_assert!(is_near(chi_square_upper(x * x, 1.0).unwrap(), z, 1e-11));
        // Without noncentrality the t is Student's.
        let lower = noncentral_student_lower(-x, df, 0.0).unwrap();
        prop_assert!((lower - t / 2.0).abs() < 1e-12);
    }

    #[test]
    fn noncentralities_hold_what_was_seen(t in -60.0..60.0_f64, df in degrees(), confidence in 0.5..0.999_f64) {
        let interval = noncentrality_interval(t, df, confidence).unwrap();
        let tail = (1.0 - confidence) / 2.0;
        prop_assert!(interval.lower < interval.upper);
        for (end, p) in [(interval.lower, 1.0 - tail), (interval.upper, tail)] {
            prop_assert!((noncentral_student_lower(t, df, end).unwrap() - p).abs() < 1e-10);
        }
        let mirrored = noncentrality_interval(-t, df, confidence).unwrap();
        prop_assert!((mirrored.lower + interval.upper).abs() < 1e-6 * (1.0 + t.abs()));
    }

    #[test]
    fn quantiles_lie_between_values(values in prop::collection::vec((-5..5_i32, 1..4_u64), 1..20), p in 0.0..=1.0_f64) {
        let frequencies: Vec<(f64, u64)> = values.iter().map(|(v, n)| (f64::from(*v), *n)).collect();
        let one_by_one: Vec<(f64, u64)> = frequencies
            .iter()
            .flat_map(|(v, n)| (0..*n).map(move |_| (*v, 1)))
            .collect();
        let got = quantiles(&frequencies, &[0.0, p, 1.0]).unwrap();
        prop_assert_eq!(&got, &quantiles(&one_by_one, &[0.0, p, 1.0]).unwrap());
        prop_assert!(got[0] <= got[1] && got[1] <= got[2]);
    }

    #[test]
    fn design_intervals_hold_the_share(p in 0.001..0.999_f64, variance in 1e-9..0.3_f64, df in 1.0..500.0_f64) {
        let share = Probability::new(p).unwrap();
        let normal = design_wilson_interval(share, variance, None, 0.95).unwrap();
        let student = design_wilson_interval(share, variance, Some(df), 0.95).unwrap();
        prop_assert!(normal.lower <= share && share <= normal.upper);
        prop_assert!(student.lower <= normal.lower && normal.upper <= student.upper);
    }
}
