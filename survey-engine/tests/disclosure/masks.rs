//! Shares near 0 and 100 percent.

use proptest::prelude::*;
use survey_engine::disclosure::{
    Bound, ExtremeLimits, ExtremeLimitsError, bounded_percent, masked_percent,
};

#[test]
fn limits_that_leave_nothing_are_refused() {
    assert_eq!(
        ExtremeLimits::new([(10, 20), (5, 50)]),
        Err(ExtremeLimitsError::Percent(50))
    );
    assert_eq!(
        ExtremeLimits::new([(10, 20), (10, 5)]),
        Err(ExtremeLimitsError::Repeated(10))
    );
    let default = ExtremeLimits::new([(10, 20), (20, 10), (40, 5), (100, 2), (300, 1)]);
    assert_eq!(default, Ok(ExtremeLimits::default()));
}

#[test]
fn nothing_is_shown_without_a_limit_for_so_few() {
    let limits = ExtremeLimits::default();
    assert_eq!(masked_percent(3, 7, 7, 5, &limits), None);
    assert_eq!(masked_percent(3, 12, 12, 13, &limits), None);
    assert_eq!(masked_percent(0, 0, 12, 10, &limits), None);
    assert_eq!(masked_percent(13, 12, 12, 10, &limits), None);
}

proptest! {
    #[test]
    fn a_bound_holds_the_share(answers in 1..2000_u64, part in 0..=1000_u64) {
        let favourable = (answers * part + 500) / 1000;
        let share = 100.0 * favourable as f64 / answers as f64;
        let shown = bounded_percent(favourable, answers, answers);
        prop_assert_eq!(shown.is_none(), answers < 10);
        let limit = ExtremeLimits::default().at(answers).map(f64::from);
        match shown {
            None => {}
            Some(Bound::AtLeast(bound)) => prop_assert!(share >= bound.value() - 1e-9 && (bound.value() + limit.unwrap() - 100.0).abs() < 1e-12),
            Some(Bound::AtMost(bound)) => prop_assert!(share <= bound.value() + 1e-9 && (bound.value() - limit.unwrap()).abs() < 1e-12),
            Some(Bound::Exactly(exact)) => {
                prop_assert!((exact.value() - share).abs() < 1e-9);
                // Half up, from the whole numbers.
                let whole = (200 * favourable + answers) / (2 * answers);
                prop_assert_eq!(Bound::Exactly(exact).to_string(), whole.to_string());
            }
        }
    }

    #[test]
    fn turning_the_answers_round_mirrors_the_bound(answers in 10..500_u64, left in 0..500_u64) {
        let favourable = left.min(answers);
        let plain = bounded_percent(favourable, answers, answers).unwrap();
        let turned = bounded_percent(answers - favourable, answers, answers).unwrap();
        match (plain, turned) {
            (Bound::AtLeast(high), Bound::AtMost(low)) | (Bound::AtMost(low), Bound::AtLeast(high)) =>
                prop_assert!((high.value() + low.value() - 100.0).abs() < 1e-12),
            (Bound::Exactly(one), Bound::Exactly(other)) =>
                prop_assert!((one.value() + other.value() - 100.0).abs() < 1e-9),
            _ => prop_assert!(false, "{:?} and {:?}", plain, turned),
        }
    }
}
