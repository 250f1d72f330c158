//! Quantiles lie between the values, and do not care how the values are counted.

use proptest::prelude::*;
use survey_engine::stats::quantile;

fn of(values: &[i32], p: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    quantile(sorted.iter().map(|value| (f64::from(*value), 1)), p)
}

proptest! {
    #[test]
    fn counting_equal_values_together_changes_nothing(values in prop::collection::vec(-5..5_i32, 1..30), p in 0.0..=1.0) {
        let counted = (-5..5).map(|value| {
            let count = values.iter().filter(|other| **other == value).count();
            (f64::from(value), u64::try_from(count).unwrap())
        });
        prop_assert_eq!(quantile(counted, p), of(&values, p));
    }

    #[test]
    fn they_grow_with_their_share(values in prop::collection::vec(any::<i16>(), 1..30), p in 0.0..=1.0, q in 0.0..=1.0) {
        let values: Vec<i32> = values.into_iter().map(i32::from).collect();
        let (lower, upper) = if p < q { (p, q) } else { (q, p) };
        prop_assert!(of(&values, lower) <= of(&values, upper));
        prop_assert_eq!(of(&values, 0.0), values.iter().min().map(|least| f64::from(*least)));
        prop_assert_eq!(of(&values, 1.0), values.iter().max().map(|most| f64::from(*most)));
    }

    #[test]
    fn the_median_of_an_odd_number_is_the_one_in_the_middle(half in prop::collection::vec(any::<i16>(), 0..9)) {
        let mut values: Vec<i32> = half.iter().chain(&half).map(|value| i32::from(*value)).collect();
        values.push(0);
        let mut sorted = values.clone();
        sorted.sort_unstable();
        prop_assert_eq!(of(&values, 0.5), Some(f64::from(sorted[half.len()])));
    }
}

#[test]
fn there_is_none_of_nothing_and_none_beyond_the_ends() {
    assert_eq!(quantile([], 0.5), None);
    assert_eq!(quantile([(1.0, 0)], 0.5), None);
    for p in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert_eq!(quantile([(1.0, 1)], p), None);
    }
    assert_eq!(quantile([(7.0, 1)], 0.3), Some(7.0));
}
