//! Where there is no calibration there is a reason, and large scales stay within numbers.

use super::calibration_data::{expected, ladder};
use survey_engine::calibration::{
    CalibrationUndefined, Counts, CountsInvalid, calibrate, calibrate_population, score_table,
};
use survey_engine::tally::Pattern;

fn complete(categories: &[&[u64]], scores: &[u64]) -> Counts {
    let categories: Vec<Vec<u64>> = categories.iter().map(|counts| counts.to_vec()).collect();
    Counts::complete(&categories, scores).unwrap()
}

#[test]
fn what_cannot_be_calibrated_has_a_reason() {
    let reason = |counts: &Counts| calibrate(counts).unwrap_err();
    let one = complete(&[&[5, 5]], &[5, 5]);
    assert_eq!(reason(&one), CalibrationUndefined::TooFewItems);
    let extremes = complete(&[&[5, 5], &[5, 5]], &[5, 0, 5]);
    assert_eq!(reason(&extremes), CalibrationUndefined::TooFewPersons);
    let nobody = complete(&[&[0, 0], &[0, 0]], &[0, 0, 0]);
    assert_eq!(reason(&nobody), CalibrationUndefined::TooFewPersons);
    assert_eq!(
        calibrate_population(&nobody).unwrap_err(),
        CalibrationUndefined::TooFewPersons
    );
    let constant = complete(&[&[5, 5], &[0, 10]], &[0, 5, 5]);
    assert_eq!(
        reason(&constant),
        CalibrationUndefined::NoVariation { item: 1 }
    );
    // Whoever has one right has the first.
    let guttman = complete(&[&[5, 15], &[15, 5]], &[5, 10, 5]);
    assert_eq!(reason(&guttman), CalibrationUndefined::NotDetermined);
    let gap = complete(&[&[4, 0, 6], &[3, 4, 3]], &[2, 1, 2, 3, 2]);
    assert_eq!(reason(&gap), CalibrationUndefined::GapInside { item: 0 });
}

#[test]
fn persons_who_differ_by_chance_alone_have_no_spread() {
    // As if two coins had been thrown.
    let coins = complete(&[&[50, 50], &[50, 50]], &[25, 50, 25]);
    assert_eq!(
        calibrate_population(&coins).unwrap_err(),
        CalibrationUndefined::NoLatentVariance
    );
    assert!(calibrate(&coins).is_ok());
}

#[test]
fn items_that_nobody_answered_together_are_not_compared() {
    let pair = |answered: u64| {
        let counts = |item: u64| {
            if answered >> item & 1 == 1 {
                vec![9, 9]
            } else {
                vec![]
            }
        };
        Pattern {
            answered,
            scores: vec![3, 12, 3],
            categories: (0..4).map(counts).collect(),
        }
    };
    let apart = Counts::by_pattern(&[2; 4], vec![pair(0b0011), pair(0b1100)]).unwrap();
    assert_eq!(
        calibrate(&apart).unwrap_err(),
        CalibrationUndefined::Disconnected
    );
    let linked = [pair(0b0011), pair(0b1100), pair(0b0110)];
    let linked = Counts::by_pattern(&[2; 4], linked.to_vec()).unwrap();
    let thresholds = calibrate(&linked).unwrap().thresholds;
    assert!(
        thresholds
            .items()
            .concat()
            .iter()
            .all(|threshold| threshold.abs() < 1e-9)
    );
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    let complete =
        |categories: &[Vec<u64>], scores: &[u64]| Counts::complete(categories, scores).unwrap_err();
    assert_eq!(complete(&[], &[1]), CountsInvalid::Shape);
    assert_eq!(complete(&[vec![3]], &[3]), CountsInvalid::Shape);
    let short = [vec![1, 1], vec![1, 2]];
    assert_eq!(
        complete(&short, &[1, 0, 1]),
        CountsInvalid::Persons { item: 1 }
    );
    assert_eq!(
        complete(&[vec![1, 1], vec![1, 1]], &[2, 0, 0]),
        CountsInvalid::Scores
    );
    assert_eq!(
        complete(&[vec![1, 1], vec![1, 1]], &[1, 0, 0, 0, 1]),
        CountsInvalid::Scores
    );
    let most = 1 << 53;
    assert_eq!(
        complete(&[vec![most, 1], vec![most, 1]], &[most, 0, 1]),
        CountsInvalid::TooMany
    );
    assert_eq!(
        complete(&[vec![u64::MAX; 2], vec![1, 1]], &[u64::MAX, 0, u64::MAX]),
        CountsInvalid::Persons { item: 1 }
    );
    let beyond = Pattern {
        answered: 0b100,
        scores: vec![1],
        categories: vec![vec![1, 0], vec![1, 0]],
    };
    assert_eq!(
        Counts::by_pattern(&[2, 2], vec![beyond]),
        Err(CountsInvalid::Shape)
    );
    let mut two = Counts::complete(&[vec![1, 1], vec![1, 1]], &[1, 0, 1]).unwrap();
    let three = Counts::complete(&vec![vec![1, 1]; 3], &[1, 0, 0, 1]).unwrap();
    assert_eq!(two.merge(&three), Err(CountsInvalid::Shape));
}

#[test]
fn wide_scales_and_ten_million_persons_stay_within_numbers() {
    for (items, categories, spread) in [
        (20, 7, 5.0),
        (7, 5, 4.0),
        (20, 7, 12.0),
        (12, 11, 6.0),
        (40, 5, 4.0),
    ] {
        let thresholds = ladder(items, categories, spread);
        let counts = expected(&thresholds, 4e5);
        assert!(counts.persons() > 9_000_000);
        let calibration = calibrate(&counts).unwrap();
        let pairs = calibration
            .thresholds
            .items()
            .concat()
            .into_iter()
            .zip(thresholds.items().concat());
        for ((found, true_one), error) in pairs.zip(calibration.standard_errors.concat()) {
            assert!(
                (found - true_one).abs() < 0.01,
                "{items} x {categories}: {found} and {true_one}"
            );
            assert!(error > 0.0 && error < 0.1);
        }
        let population = calibrate_population(&counts).unwrap();
        assert!(
            (population.latent_variance - 1.0).abs() < 0.05,
            "{}",
            population.latent_variance
        );
        let table = score_table(&calibration.thresholds);
        assert!(
            table
                .rows()
                .windows(2)
                .all(|pair| pair[0].wle < pair[1].wle)
        );
    }
}
