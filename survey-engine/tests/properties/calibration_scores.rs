//! Places grow with the raw score and move with the thresholds; item fit knows no order of items.

use super::calibration_data::{expected, ladder};
use proptest::prelude::*;
use survey_engine::calibration::{
    FitUndefined, ReportingScale, ScoreTable, Thresholds, ThresholdsInvalid, calibrate,
    item_fit_of_counts, score_table,
};

/// Thresholds in any order, of items with any numbers of them, some far apart.
fn thresholds() -> impl Strategy<Value = Vec<Vec<f64>>> {
    let item = prop::collection::vec(-4.0..4.0, 1..7);
    let moved = (item, prop_oneof![4 => -1.0..1.0, 1 => -8.0..8.0]).prop_map(
        |(item, by): (Vec<f64>, f64)| item.into_iter().map(|threshold| threshold + by).collect(),
    );
    prop::collection::vec(moved, 1..10)
}

fn table(items: Vec<Vec<f64>>) -> ScoreTable {
    score_table(&Thresholds::new(items).unwrap())
}

/// Expected score, its variance and its third central moment at a place.
fn moments(thresholds: &Thresholds, theta: f64) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for item in 0..thresholds.items().len() {
        let probabilities = thresholds.probabilities(item, theta);
        let mean: f64 = probabilities
            .iter()
            .enumerate()
            .map(|(step, p)| step as f64 * p)
            .sum();
        sums[0] += mean;
        for (step, p) in probabilities.iter().enumerate() {
            sums[1] += p * (step as f64 - mean).powi(2);
            sums[2] += p * (step as f64 - mean).powi(3);
        }
    }
    sums
}

proptest! {
    #[test]
    fn places_grow_with_the_raw_score(items in thresholds()) {
        let table = table(items);
        for pair in table.rows().windows(2) {
            prop_assert!(pair[0].wle < pair[1].wle);
            prop_assert!(pair[0].standard_error > 0.0 && pair[0].standard_error.is_finite());
            if let (Some(low), Some(high)) = (pair[0].mle, pair[1].mle) {
                prop_assert!(low < high);
            }
        }
        let inner = table.rows().iter().filter(|row| row.mle.is_some()).count();
        prop_assert_eq!(inner + 2, table.rows().len());
    }

    #[test]
    fn places_solve_their_equations(items in thresholds()) {
        let thresholds = Thresholds::new(items).unwrap();
        for (score, row) in score_table(&thresholds).rows().iter().enumerate() {
            let [mean, information, third] = moments(&thresholds, row.wle);
            let excess = score as f64 - mean + third / (2.0 * information);
            prop_assert!((excess / information).abs() < 1e-9, "{score}: {excess}");
            prop_assert!((row.standard_error * information.sqrt() - 1.0).abs() < 1e-9);
            if let Some(mle) = row.mle {
                let [mean, information, _] = moments(&thresholds, mle);
                prop_assert!(((score as f64 - mean) / information).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn places_move_with_the_thresholds(items in thresholds(), by in -3.0..3.0_f64) {
        let first = table(items.clone());
        let move_item = |item: &Vec<f64>| item.iter().map(|place| place + by).collect::<Vec<f64>>();
        let moved: Vec<Vec<f64>> = items.iter().map(move_item).collect();
        let second = table(moved);
        for (one, other) in first.rows().iter().zip(second.rows()) {
            prop_assert!((one.wle + by - other.wle).abs() < 1e-8);
            prop_assert!((one.standard_error / other.standard_error - 1.0).abs() < 1e-7);
        }
    }

    #[test]
    fn turning_all_items_mirrors_the_places(items in thresholds()) {
        let first = table(items.clone());
        let turned = items.iter().map(|item| item.iter().rev().map(|threshold| -threshold).collect());
        let second = table(turned.collect::<Vec<Vec<f64>>>());
        for (one, other) in first.rows().iter().zip(second.rows().iter().rev()) {
            prop_assert!((one.wle + other.wle).abs() < 1e-8, "{} {} {}", one.wle, other.wle, one.standard_error);
            prop_assert!((one.standard_error / other.standard_error - 1.0).abs() < 1e-7);
        }
    }

    #[test]
    fn answered_items_are_a_scale_of_their_own(items in thresholds(), mask in 1..u64::MAX) {
        let all = Thresholds::new(items.clone()).unwrap();
        let mask = mask & ((1 << items.len()) - 1);
        let mask = mask.max(1);
        let kept: Vec<Vec<f64>> = (0..items.len()).filter(|item| mask >> item & 1 == 1).map(|item| items[item].clone()).collect();
        let part = all.answered(mask).unwrap();
        prop_assert_eq!(part.items(), kept);
        prop_assert_eq!(all.answered(mask | 1 << items.len()), None);
    }

    #[test]
    fn reporting_has_mean_50_and_deviation_10(scores in prop::collection::vec(0..50_u64, 5)) {
        let table = table(vec![vec![-1.0, 0.3], vec![0.2, 1.0]]);
        let scale = table.reporting_scale(&scores);
        let differ = scores.iter().filter(|count| **count > 0).count() > 1;
        prop_assert_eq!(scale.is_some(), differ);
        if let Some(scale) = scale {
            let n: u64 = scores.iter().sum();
            let rows = || table.rows().iter().map(|row| scale.row(row).unwrap().0).zip(&scores);
            let mean = rows().map(|(score, count)| score * *count as f64).sum::<f64>() / n as f64;
            let squares: f64 = rows().map(|(score, count)| (score - mean).powi(2) * *count as f64).sum();
            prop_assert!((mean - 50.0).abs() < 1e-9);
            prop_assert!(((squares / (n - 1) as f64).sqrt() - 10.0).abs() < 1e-9);
        }
    }

    #[test]
    fn fit_knows_no_order_of_items(counts in prop::collection::vec(0..30_u64, 6)) {
        // Two items of three categories: persons by (first, second) answer with raw scores 1, 2 and 3.
        let cells = |turned: bool| {
            let cell = |pairs: &[(usize, usize, u64)]| {
                let mut both = vec![vec![0; 3], vec![0; 3]];
                for (first, second, persons) in pairs {
                    both[usize::from(turned)][*first] += persons;
                    both[usize::from(!turned)][*second] += persons;
                }
                both
            };
            vec![
                cell(&[(0, 0, 3)]),
                cell(&[(0, 1, counts[0]), (1, 0, counts[1])]),
                cell(&[(0, 2, counts[2]), (1, 1, counts[3]), (2, 0, 1)]),
                cell(&[(1, 2, counts[4]), (2, 1, counts[5])]),
                cell(&[(2, 2, 4)]),
            ]
        };
        let items = [vec![-0.7, 0.9], vec![-0.2, 0.4]];
        let first = item_fit_of_counts(&Thresholds::new(items.to_vec()).unwrap(), &cells(false)).unwrap();
        let turned = vec![items[1].clone(), items[0].clone()];
        let second = item_fit_of_counts(&Thresholds::new(turned).unwrap(), &cells(true)).unwrap();
        prop_assert_eq!(first.n, counts.iter().sum::<u64>() + 1);
        for (one, other) in first.items.iter().zip(second.items.iter().rev()) {
            prop_assert!((one.outfit - other.outfit).abs() < 1e-9);
            prop_assert!((one.infit - other.infit).abs() < 1e-9);
            prop_assert!(one.outfit > 0.0 && one.infit_z.is_some());
        }
    }
}

#[test]
fn groups_of_items_far_apart_keep_their_order() {
    let far = vec![
        vec![-25.0, -25.5],
        vec![-25.2],
        vec![25.0],
        vec![25.3, 24.0],
    ];
    let table = table(far);
    assert!(
        table
            .rows()
            .windows(2)
            .all(|pair| pair[0].wle <= pair[1].wle)
    );
    assert!(table.rows().iter().all(|row| row.wle.is_finite()));
}

#[test]
fn what_is_not_defined_is_none() {
    let table = table(vec![vec![0.0], vec![0.5]]);
    let alike = table.separation(&[0, 7, 0]).unwrap();
    assert_eq!((alike.reliability, alike.index), (None, None));
    let one = table.separation(&[0, 1, 0]).unwrap();
    assert_eq!(one.sd, None);
    // More error than difference.
    let close = table.separation(&[1, 98, 1]).unwrap();
    assert!(close.reliability.unwrap() < 0.0 && close.index.is_none());
    assert_eq!(table.separation(&[0, 1, 0, 1]), None);
    assert_eq!(table.reporting_scale(&[5]), None);
    assert_eq!(ReportingScale::new(f64::NAN, 1.0), None);
    assert_eq!(ReportingScale::new(0.0, f64::INFINITY), None);
    assert_eq!(Thresholds::new(vec![]), Err(ThresholdsInvalid::Empty));
    assert_eq!(Thresholds::new(vec![vec![]]), Err(ThresholdsInvalid::Empty));
    assert_eq!(
        Thresholds::new(vec![vec![-31.0, 31.0]]),
        Err(ThresholdsInvalid::OutOfRange)
    );
    let items = Thresholds::new(vec![vec![0.0], vec![0.0]]).unwrap();
    let extremes = [
        vec![vec![2, 0]; 2],
        vec![vec![0, 0]; 2],
        vec![vec![0, 2]; 2],
    ];
    assert_eq!(
        item_fit_of_counts(&items, &extremes),
        Err(FitUndefined::TooFewPersons)
    );
    assert_eq!(
        item_fit_of_counts(&items, &extremes[..2]),
        Err(FitUndefined::Shape)
    );
}

#[test]
fn a_group_where_the_scale_measures_is_well_targeted() {
    let thresholds = ladder(7, 5, 4.0);
    let counts = expected(&thresholds, 1e4);
    let calibration = calibrate(&counts).unwrap();
    let group = score_table(&calibration.thresholds)
        .separation(&counts.patterns()[0].scores)
        .unwrap();
    assert!(group.targeting(&calibration.thresholds).abs() < 0.01);
    assert!((group.floor.value() - group.ceiling.value()).abs() < 0.01);
    assert!(
        calibration
            .thresholds
            .disordered()
            .iter()
            .all(|disordered| !disordered)
    );
    assert!(group.reliability.unwrap() > 0.8);
}

/// Raw score 15 of this scale has two maxima, 1.860 and 2.032, with a minimum at 1.876 between them; the second is the larger.
#[test]
fn two_maxima_close_together_are_both_found() {
    let items = vec![
        vec![2.417_422_735_081_385_3, -3.211_228_283_128_381],
        vec![
            3.252_997_415_552_863_4,
            2.861_639_741_695_183,
            1.709_359_381_725_470_4,
            -2.017_372_270_319_243,
            0.334_328_413_962_139_6,
        ],
        vec![
            -0.571_721_761_542_713_3,
            2.595_871_753_323_769_4,
            -0.932_205_609_513_765_2,
            -3.497_343_426_052_9,
        ],
        vec![
            1.811_733_192_749_917_4,
            -0.774_302_398_169_618_1,
            -1.608_070_904_083_887_4,
            3.473_801_947_693_271_8,
            1.212_919_939_967_275_7,
            3.331_094_819_972_139,
        ],
    ];
    // Moved by parts of a step, the places searched fall differently between the two.
    for by in (0..40).map(|part| f64::from(part) / 160.0) {
        let mut moved = items.clone();
        moved.iter_mut().flatten().for_each(|place| *place += by);
        let place = table(moved).rows()[15].wle - by;
        assert!(
            (place - 2.031_626_128_402_951).abs() < 1e-8,
            "{by}: {place}"
        );
    }
}
