//! What holds for any comparison.
#![allow(clippy::float_cmp, reason = "extremes are exact")]

use proptest::prelude::*;
use survey_engine::comparison::*;
use survey_engine::indicator::{CompositeRule, CompositeUndefined, DomainScore, composite};
use survey_engine::stats::{Interval, Moments, Pomp, Probability};

type Scores = Vec<(f64, u64)>;

const RANGE: Interval<f64> = Interval {
    lower: 1.0,
    upper: 5.0,
};

fn is_near(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= 1e-9 * (1.0 + expected.abs())
}

/// Scores of 1 to 5 in quarters.
fn scores() -> impl Strategy<Value = Scores> {
    let score = (0..=16_u8).prop_map(|quarters| 1.0 + f64::from(quarters) / 4.0);
    prop::collection::vec((score, 1..6_u64), 1..12)
}

fn holds(interval: Interval<f64>, value: f64) -> bool {
    interval.lower <= value + 1e-12 && value <= interval.upper + 1e-12
}

fn probability(value: f64) -> Option<Probability> {
    Probability::new(value)
}

proptest! {
    #[test]
    fn gaps_turn_round(first in scores(), second in scores(), confidence in 0.5..0.999_f64) {
        let gap = group_gap(&first, &second, RANGE, confidence).unwrap();
        let back = group_gap(&second, &first, RANGE, confidence).unwrap();
        prop_assert!(is_near(gap.difference, -back.difference));
        prop_assert!(is_near(gap.ranks.cliffs_delta, -back.ranks.cliffs_delta));
        prop_assert!((-1.0..=1.0).contains(&gap.ranks.cliffs_delta));
        prop_assert_eq!(gap.ranks.p.is_some(), back.ranks.p.is_some());
        prop_assert_eq!(gap.welch.is_some(), back.welch.is_some());
        if let (Some(test), Some(turned)) = (gap.welch, back.welch) {
            prop_assert!(is_near(test.t, -turned.t) && is_near(test.p.value(), turned.p.value()));
            prop_assert!(holds(test.interval, test.difference));
            // An interval without 0 and a small p-value are the same.
            let is_significant = test.p.value() < 1.0 - confidence;
            prop_assert_eq!(is_significant, !(test.interval.lower <= 0.0 && test.interval.upper >= 0.0));
            let fewest = gap.first.n.min(gap.second.n) as f64;
            prop_assert!(test.df > fewest - 1.0 - 1e-9 && test.df < (gap.first.n + gap.second.n) as f64);
        }
        if let Some(effect) = gap.effect {
            prop_assert!(effect.hedges_g.abs() <= effect.cohens_d.abs());
            prop_assert!(holds(effect.normal_interval, effect.hedges_g));
            prop_assert!(effect.noncentral_interval.is_some());
            let turned = back.effect.unwrap().noncentral_interval.unwrap();
            prop_assert!((effect.noncentral_interval.unwrap().lower + turned.upper).abs() < 1e-6);
        }
    }

    #[test]
    fn gaps_do_not_depend_on_the_order_or_the_unit(first in scores(), second in scores()) {
        let gap = group_gap(&first, &second, RANGE, 0.95).unwrap();
        let reversed: Scores = first.iter().rev().copied().collect();
        let other = group_gap(&reversed, &second, RANGE, 0.95).unwrap();
        prop_assert_eq!(gap.ranks, other.ranks);
        prop_assert!(is_near(gap.difference_pomp, other.difference_pomp));
        // From 1..5 to 0..8, exactly.
        let wider = |scores: &Scores| -> Scores { scores.iter().map(|(s, n)| (2.0 * s - 2.0, *n)).collect() };
        let range = Interval { lower: 0.0, upper: 8.0 };
        let other = group_gap(&wider(&first), &wider(&second), range, 0.95).unwrap();
        prop_assert!(is_near(gap.difference_pomp, other.difference_pomp));
        prop_assert_eq!(gap.ranks, other.ranks);
        prop_assert_eq!(gap.effect.is_some(), other.effect.is_some());
        if let (Some(one), Some(two)) = (gap.effect, other.effect) {
            prop_assert!(is_near(one.hedges_g, two.hedges_g));
        }
    }

    #[test]
    fn ranks_as_by_definition(first in scores(), second in scores()) {
        let mut u = 0.0;
        for (a, n) in &first {
            for (b, m) in &second {
                let half = if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 };
                u += half * (*n * *m) as f64;
            }
        }
        prop_assert_eq!(rank_comparison(&first, &second).unwrap().u, u);
    }

    #[test]
    fn shares_turn_round(x1 in 0..40_u64, more1 in 0..40_u64, x2 in 0..40_u64, more2 in 0..40_u64, confidence in 0.5..0.999_f64) {
        let one = ProportionCount { favourable: x1, n: x1 + more1 };
        let two = ProportionCount { favourable: x2, n: x2 + more2 };
        prop_assert_eq!(two_proportions(one, two, confidence).is_some(), one.n > 0 && two.n > 0);
        if let (Some(there), Some(back)) = (two_proportions(one, two, confidence), two_proportions(two, one, confidence)) {
            prop_assert!(is_near(there.difference, -back.difference) && is_near(there.cohens_h, -back.cohens_h));
            prop_assert!(holds(there.newcombe_interval, there.difference));
            prop_assert!(holds(there.wald_interval, there.difference));
            prop_assert!(is_near(there.newcombe_interval.lower, -back.newcombe_interval.upper));
            prop_assert!(there.newcombe_interval.lower >= -1.0 - 1e-12 && there.newcombe_interval.upper <= 1.0 + 1e-12);
            prop_assert_eq!(there.z.is_none(), x1 + x2 == 0 || more1 + more2 == 0);
            let change = change_of_shares(two, one, confidence).unwrap();
            prop_assert_eq!(change.interval, there.newcombe_interval);
        }
    }

    #[test]
    fn linked_sums_add_up(pairs in prop::collection::vec((0..40_i64, 0..40_i64), 2..60), cut in 0..60_usize) {
        let sums_of = |pairs: &[(i64, i64)]| {
            let mut sums = PairedSums::default();
            for (x, y) in pairs {
                sums.add(*x, *y);
            }
            sums
        };
        let (left, right) = pairs.split_at(cut.min(pairs.len()));
        let all = sums_of(&pairs);
        prop_assert_eq!(all, sums_of(left).merged(&sums_of(right)));
        prop_assert_eq!(all, sums_of(right).merged(&sums_of(left)));
        let change = paired_change(&all, Metric { origin: 1.0, per_unit: 4.0 }, 0.9).unwrap();
        prop_assert!(holds(change.interval, change.change));
        prop_assert!(is_near(change.change, change.mean_later - change.mean_earlier));
        // The variance of a difference.
        let linked = change.sd_change.powi(2);
        let covariance = change.correlation.unwrap_or(0.0) * change.sd_earlier * change.sd_later;
        prop_assert!(is_near(linked, change.sd_earlier.powi(2) + change.sd_later.powi(2) - 2.0 * covariance));
        // It is the one-sample test of the differences.
        let moments = Moments::of(pairs.iter().map(|(x, y)| ((y - x) as f64 / 4.0, 1))).unwrap();
        prop_assert!(is_near(change.standard_error, moments.standard_error(None).unwrap()));
        prop_assert_eq!(change.t.is_some(), change.p.is_some());
        let differences: Scores = pairs.iter().map(|(x, y)| ((y - x) as f64, 1)).collect();
        let turned: Scores = differences.iter().map(|(d, n)| (-d, *n)).collect();
        let (up, down) = (signed_ranks(&differences), signed_ranks(&turned));
        prop_assert_eq!(up.map(|test| test.p), down.map(|test| test.p));
        if let (Some(up), Some(down)) = (up, down) {
            prop_assert_eq!(up.v + down.v, (up.n * (up.n + 1)) as f64 / 2.0);
        }
    }

    #[test]
    fn adjusted_is_never_less(p in prop::collection::vec(prop::option::of(0.0..=1.0_f64), 0..30)) {
        let p: Vec<_> = p.into_iter().map(|p| p.and_then(probability)).collect();
        let by = |how| adjust(&p, how);
        let bonferroni = by(Adjustment::Bonferroni);
        let holm = by(Adjustment::Holm);
        let hochberg = by(Adjustment::Hochberg);
        let bh = by(Adjustment::BenjaminiHochberg);
        let by_dependence = by(Adjustment::BenjaminiYekutieli);
        for at in 0..p.len() {
            let chain = [p[at], bh[at], hochberg[at], holm[at], bonferroni[at]];
            prop_assert!(chain.iter().all(|step| step.is_some() == p[at].is_some()));
            let steps: Vec<f64> = chain.iter().flatten().map(|p| p.value()).collect();
            prop_assert!(steps.windows(2).all(|pair| pair[0] <= pair[1] + 1e-15));
            prop_assert!(bh[at].map(Probability::value) <= by_dependence[at].map(Probability::value));
        }
    }

    #[test]
    fn places_grow_with_the_result(values in prop::collection::vec(0..20_u8, 2..40), raise in 1..10_u8, include_self: bool) {
        let unit = |value: u8| BenchmarkUnit {
            value: Some(f64::from(value)),
            standard_error: Some(1.5),
            kind: Some("school"),
            circumstances: Some(0.0),
        };
        let mut units: Vec<_> = values.iter().map(|value| unit(*value)).collect();
        let rule = BenchmarkRule { band: Some(0.0), include_self, fewest: 1, confidence: 0.95 };
        let before = benchmark(&units, 0, &rule).unwrap();
        let interval = before.interval.unwrap();
        prop_assert!(interval.lower <= before.percentile && before.percentile <= interval.upper);
        prop_assert_eq!(before.n, (values.len() - usize::from(!include_self)) as u64);
        units[0] = unit(values[0] + raise);
        prop_assert!(benchmark(&units, 0, &rule).unwrap().percentile >= before.percentile);
    }

    #[test]
    fn composites_lie_between_their_parts(parts in prop::collection::vec((0.1..5.0_f64, prop::option::of(1.0..=100.0_f64), 0.0..9.0_f64), 1..8), scale in 0.1..10.0_f64) {
        let domains = |scale: f64| -> Vec<DomainScore> {
            parts.iter().map(|(weight, score, error)| DomainScore {
                weight: weight * scale,
                score: score.and_then(Pomp::new),
                standard_error: Some(*error),
            }).collect()
        };
        let rule = CompositeRule { least_weight_share: probability(0.5).unwrap(), geometric_floor: 1.0 };
        let together = composite(&domains(1.0), &rule).unwrap();
        let scaled = composite(&domains(scale), &rule).unwrap();
        let scores: Vec<f64> = parts.iter().filter_map(|part| part.1).collect();
        let most = scores.iter().copied().fold(0.0, f64::max);
        let least = scores.iter().copied().fold(100.0, f64::min);
        if let (Some(mean), Some(geometric)) = (together.arithmetic, together.geometric) {
            prop_assert!(geometric.value() <= mean.value() + 1e-9);
            prop_assert!(least - 1e-9 <= geometric.value() && mean.value() <= most + 1e-9);
            prop_assert!(is_near(scaled.arithmetic.unwrap().value(), mean.value()));
            let largest = parts.iter().map(|part| part.2).fold(0.0, f64::max);
            prop_assert!(together.standard_error.unwrap() <= largest + 1e-9);
        } else {
            prop_assert!(together.available_weight_share.value() < 0.5);
        }
    }
}

#[test]
fn groups_that_cannot_be_compared() {
    assert_eq!(
        group_gap(&[], &[(1.0, 2)], RANGE, 0.95),
        Err(GapUndefined::EmptyGroup)
    );
    assert_eq!(
        group_gap(&[(1.0, 0)], &[(1.0, 2)], RANGE, 0.95),
        Err(GapUndefined::EmptyGroup)
    );
    assert_eq!(
        group_gap(&[(f64::NAN, 1)], &[(1.0, 2)], RANGE, 0.95),
        Err(GapUndefined::NotANumber)
    );
    let none = Interval {
        lower: 3.0,
        upper: 3.0,
    };
    assert_eq!(
        group_gap(&[(3.0, 1)], &[(3.0, 2)], none, 0.95),
        Err(GapUndefined::NoRange)
    );
    // Nobody differs: a gap, but nothing to measure it by.
    let gap = group_gap(&[(2.0, 9)], &[(4.0, 5)], RANGE, 0.95).unwrap();
    assert_eq!((gap.difference, gap.welch, gap.effect), (-2.0, None, None));
    assert_eq!(gap.ranks.cliffs_delta, -1.0);
    let equal = group_gap(&[(2.0, 9)], &[(2.0, 5)], RANGE, 0.95).unwrap();
    assert_eq!(
        (equal.ranks.cliffs_delta, equal.ranks.z, equal.ranks.p),
        (0.0, None, None)
    );
    let single = group_gap(&[(2.0, 1)], &[(4.0, 1)], RANGE, 0.95).unwrap();
    assert_eq!((single.welch, single.effect), (None, None));
    assert!(single.ranks.p.is_some());
}

#[test]
fn persons_who_cannot_be_compared() {
    let metric = Metric {
        origin: 0.0,
        per_unit: 1.0,
    };
    let mut sums = PairedSums::default();
    sums.add(1, 2);
    assert_eq!(
        paired_change(&sums, metric, 0.95),
        Err(PairedUndefined::TooFewPairs)
    );
    sums.add(3, 4);
    let alike = paired_change(&sums, metric, 0.95).unwrap();
    assert_eq!(
        (alike.change, alike.sd_change, alike.t, alike.d_z),
        (1.0, 0.0, None, None)
    );
    assert_eq!(
        alike.interval,
        Interval {
            lower: 1.0,
            upper: 1.0
        }
    );
    let odd = Metric {
        origin: 0.0,
        per_unit: 0.0,
    };
    assert_eq!(
        paired_change(&sums, odd, 0.95),
        Err(PairedUndefined::OutOfRange)
    );
    assert_eq!(
        paired_change(&sums, metric, 1.0),
        Err(PairedUndefined::OutOfRange)
    );
}

#[test]
fn places_and_composites_that_are_not_defined() {
    assert!(adjust(&[], Adjustment::Holm).is_empty());
    assert_eq!(adjust(&[None], Adjustment::BenjaminiHochberg), [None]);

    let unit = BenchmarkUnit {
        value: Some(1.0),
        standard_error: None,
        kind: None,
        circumstances: None,
    };
    let rule = BenchmarkRule {
        band: None,
        include_self: true,
        fewest: 1,
        confidence: 0.95,
    };
    assert_eq!(
        benchmark(&[unit], 0, &rule),
        Err(BenchmarkUndefined::NoKind)
    );
    assert_eq!(
        benchmark(&[unit], 1, &rule),
        Err(BenchmarkUndefined::UnknownUnit)
    );
    let unit = BenchmarkUnit {
        kind: Some("school"),
        ..unit
    };
    assert_eq!(
        benchmark(&[unit], 0, &rule),
        Err(BenchmarkUndefined::TooFewUnits)
    );
    let near = BenchmarkRule {
        band: Some(5.0),
        ..rule
    };
    assert_eq!(
        benchmark(&[unit], 0, &near),
        Err(BenchmarkUndefined::NoCircumstances)
    );
    let alone = BenchmarkRule {
        fewest: 0,
        include_self: false,
        ..rule
    };
    assert_eq!(
        benchmark(&[unit], 0, &alone),
        Err(BenchmarkUndefined::TooFewUnits)
    );

    let rule = CompositeRule {
        least_weight_share: probability(0.0).unwrap(),
        geometric_floor: 1.0,
    };
    assert_eq!(composite(&[], &rule), Err(CompositeUndefined::NoWeights));
    let nothing = DomainScore {
        weight: 1.0,
        score: None,
        standard_error: None,
    };
    let together = composite(&[nothing], &rule).unwrap();
    assert_eq!((together.is_enough, together.arithmetic), (false, None));
    let floor = CompositeRule {
        geometric_floor: 0.0,
        ..rule
    };
    assert_eq!(
        composite(&[nothing], &floor),
        Err(CompositeUndefined::FloorOutOfRange)
    );
}
