//! Properties of reliability that hold for any answers.

use proptest::prelude::*;
use survey_engine::reliability::{
    AlphaUndefined, CoefficientKind, CovarianceMatrix, OmegaUndefined, consistency, cronbach_alpha,
    feldt_interval, omega_total, pairwise_consistency, reliability_coefficient, spearman_brown,
};
use survey_engine::tally::{ItemTally, Tally};

use super::support::{one_scale, tally_of};

const CATEGORIES: u8 = 5;

/// Rows of packed answers: 0 is blank.
fn tally(items: usize, reversed: &[bool], rows: &[Vec<u8>]) -> Tally {
    let reversed: Vec<usize> = (0..items).filter(|item| reversed[*item]).collect();
    tally_of(&one_scale(items, CATEGORIES, 1, &reversed), rows)
}

/// `k`, which items are reversed, and answers that have something in common.
fn answers(lowest: u8) -> impl Strategy<Value = (usize, Vec<bool>, Vec<Vec<u8>>)> {
    (2_usize..8).prop_flat_map(move |k| {
        let row = (
            1..=CATEGORIES,
            prop::collection::vec(lowest..=CATEGORIES, k),
        );
        let rows = prop::collection::vec(row, 0..40).prop_map(|rows| {
            let mixed = rows.into_iter().map(|(level, row)| {
                let each = (0..).zip(row);
                each.map(|(i, own): (u8, u8)| {
                    if (own + i).is_multiple_of(3) && own > 0 {
                        level
                    } else {
                        own
                    }
                })
                .collect()
            });
            mixed.collect()
        });
        (Just(k), prop::collection::vec(any::<bool>(), k), rows)
    })
}

fn categories(tally: &Tally) -> Vec<&[u64]> {
    tally.items().iter().map(ItemTally::categories).collect()
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn everything_is_a_number_within_its_range((k, reversed, rows) in answers(1)) {
        let tally = tally(k, &reversed, &rows);
        let scale = &tally.scales()[0];
        let (n, sums, products) = (scale.listwise(), scale.sums(), scale.products());
        let found = consistency(n, sums, products);
        prop_assert_eq!(
            found.as_ref().map(|found| found.alpha).map_err(|e| *e),
            cronbach_alpha(n, sums, products)
        );
        let Ok(found) = found else { return Ok(()) };
        prop_assert!(found.alpha <= 1.0 + 1e-12 && found.standard_error_of_measurement_sum >= 0.0);
        for item in &found.items {
            prop_assert!(item.total_r.abs() <= 1.0);
            prop_assert!(item.rest_r.is_none_or(|r| r.abs() <= 1.0));
            // An item is part of the sum it is correlated with.
            prop_assert!(item.rest_r.is_none_or(|r| r <= item.total_r + 1e-9));
            prop_assert!(item.alpha_if_dropped.is_none_or(|alpha| alpha <= 1.0 + 1e-12));
        }
        let interval = feldt_interval(found.alpha, n, k, 0.9).unwrap();
        prop_assert!(interval.lower <= found.alpha && found.alpha <= interval.upper);
        if let Ok(omega) = omega_total(n, sums, products) {
            prop_assert!((0.0..=1.0).contains(&omega.total) && (0.0..=1.0).contains(&omega.standardised));
            prop_assert!(omega.items.iter().map(|item| item.loading).sum::<f64>() >= 0.0);
            let matrix = CovarianceMatrix::of_complete(n, sums, products).unwrap();
            for (i, item) in omega.items.iter().enumerate() {
                let variance = matrix.entry(i, i).unwrap() * (n - 1) as f64 / n as f64;
                prop_assert!(item.standardised_loading.abs() < 1.0);
                prop_assert!(item.residual_variance >= 0.005 * variance - 1e-12);
                // Where the bound does not matter, the model reproduces the variances.
                if !omega.is_heywood() {
                    let implied = item.loading.powi(2) + item.residual_variance;
                    prop_assert!(near(implied, variance, 1e-6), "{implied} {variance}");
                }
            }
        }
    }

    #[test]
    fn pairs_of_complete_answers_say_the_same((k, reversed, rows) in answers(1)) {
        let tally = tally(k, &reversed, &rows);
        let scale = &tally.scales()[0];
        let Ok(all) = consistency(scale.listwise(), scale.sums(), scale.products()) else {
            return Ok(());
        };
        let pairs = pairwise_consistency(scale, &categories(&tally)).unwrap();
        prop_assert!(near(pairs.alpha, all.alpha, 1e-12));
        prop_assert!(near(pairs.average_inter_item_r, all.average_inter_item_r, 1e-12));
        prop_assert_eq!((pairs.n_any, pairs.n_fewest), (all.n, all.n));
    }

    #[test]
    fn order_of_persons_and_of_merging_makes_no_difference((k, reversed, rows) in answers(0), at in 0_usize..40) {
        let whole = tally(k, &reversed, &rows);
        let (first, second) = rows.split_at(at.min(rows.len()));
        let mut merged = tally(k, &reversed, second);
        merged.merge(&tally(k, &reversed, first)).unwrap();
        let figures = |tally: &Tally| {
            let scale = &tally.scales()[0];
            let (n, sums, products) = (scale.listwise(), scale.sums(), scale.products());
            (
                consistency(n, sums, products),
                omega_total(n, sums, products),
                pairwise_consistency(scale, &categories(tally)),
            )
        };
        prop_assert_eq!(figures(&whole), figures(&merged));
    }

    #[test]
    fn turning_every_item_round_changes_nothing((k, reversed, rows) in answers(0)) {
        let opposite: Vec<bool> = reversed.iter().map(|reversed| !reversed).collect();
        let (one, other) = (tally(k, &reversed, &rows), tally(k, &opposite, &rows));
        let figures = |tally: &Tally| {
            let scale = &tally.scales()[0];
            let (n, sums, products) = (scale.listwise(), scale.sums(), scale.products());
            let pairs = pairwise_consistency(scale, &categories(tally));
            (
                reliability_coefficient(n, sums, products).map(|found| found.value),
                pairs.map(|pairs| pairs.alpha),
            )
        };
        let ((one, one_pairs), (other, other_pairs)) = (figures(&one), figures(&other));
        prop_assert_eq!(one.is_ok(), other.is_ok());
        if let (Ok(one), Ok(other)) = (one, other) {
            prop_assert!(near(one, other, 1e-9), "{one} {other}");
        }
        prop_assert_eq!(one_pairs.is_ok(), other_pairs.is_ok());
        if let (Ok(one), Ok(other)) = (one_pairs, other_pairs) {
            prop_assert!(near(one, other, 1e-12));
        }
    }

    #[test]
    fn parallel_items_have_equal_alpha_and_omega(n in 10_u64..1000, spread in 2_u64..50, shared in 1_u64..49, k in 3_usize..10) {
        // Every item has the same variance, every two the same covariance.
        prop_assume!(shared < spread);
        let sums = vec![0; k];
        let products: Vec<u64> = (0..k)
            .flat_map(|i| (i..k).map(move |j| if i == j { n * spread } else { n * shared }))
            .collect();
        let r = shared as f64 / spread as f64;
        let alpha = cronbach_alpha(n, &sums, &products).unwrap_or(f64::NAN);
        prop_assume!(n >= k as u64 + 2 && r < 0.99);
        prop_assert!(near(alpha, spearman_brown(r, k).unwrap(), 1e-12));
        let omega = omega_total(n, &sums, &products).unwrap();
        prop_assert!(near(omega.total, alpha, 1e-9) && !omega.is_heywood());
        for item in &omega.items {
            prop_assert!(near(item.standardised_loading, r.sqrt(), 1e-8));
        }
    }
}

#[test]
fn undefined_reliabilities_say_why() {
    let of = |rows: &[Vec<u8>], k: usize| {
        let tally = tally(k, &vec![false; k], rows);
        let scale = &tally.scales()[0];
        let (n, sums, products) = (scale.listwise(), scale.sums(), scale.products());
        (
            consistency(n, sums, products).map(|found| found.alpha),
            omega_total(n, sums, products).map(|found| found.total),
            pairwise_consistency(scale, &categories(&tally)).map(|found| found.alpha),
        )
    };
    let few = vec![vec![1, 2, 3], vec![2, 2, 1]];
    assert_eq!(
        of(&few, 3),
        (
            Err(AlphaUndefined::TooFewAnswers),
            Err(OmegaUndefined::TooFewAnswers),
            Err(AlphaUndefined::NoVariance)
        )
    );
    assert_eq!(of(&[], 3).2, Err(AlphaUndefined::TooFewAnswers));
    let alone = vec![vec![1], vec![2], vec![4]];
    assert_eq!(of(&alone, 1).2, Err(AlphaUndefined::TooFewItems));
    let constant: Vec<Vec<u8>> = (0..9).map(|at| vec![at % 5 + 1, 3, at % 4 + 1]).collect();
    assert_eq!(
        of(&constant, 3),
        (
            Err(AlphaUndefined::NoVariance),
            Err(OmegaUndefined::NoVariance),
            Err(AlphaUndefined::NoVariance)
        )
    );
    // Two items that cancel each other.
    let opposed: Vec<Vec<u8>> = (1..=5).map(|at| vec![at, 6 - at]).collect();
    assert_eq!(of(&opposed, 2).0, Err(AlphaUndefined::NoVariance));
    assert_eq!(of(&opposed, 2).1, Err(OmegaUndefined::TooFewItems));
}

#[test]
fn identical_items_are_a_heywood_case_and_alpha_is_told() {
    let rows: Vec<Vec<u8>> = (0..20)
        .map(|at| {
            let first = at % 5 + 1;
            vec![first, first, (at / 4) % 5 + 1, (at * 7) % 5 + 1]
        })
        .collect();
    let tally = tally(4, &[false; 4], &rows);
    let scale = &tally.scales()[0];
    let (n, sums, products) = (scale.listwise(), scale.sums(), scale.products());
    assert!(omega_total(n, sums, products).unwrap().is_heywood());
    let told = reliability_coefficient(n, sums, products).unwrap();
    assert_eq!(told.kind, CoefficientKind::Alpha);
    assert_eq!(Ok(told.value), cronbach_alpha(n, sums, products));
}
