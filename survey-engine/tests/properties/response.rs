//! Response rates and representativity: what must hold whoever answered.

use proptest::prelude::*;
use survey_engine::response::{
    CellResponse, Disposition, Dispositions, Eligibility, PartialIndicator,
    RepresentationUndefined, representativity,
};
use survey_engine::stats::Probability;

fn dispositions() -> impl Strategy<Value = Dispositions> {
    prop::collection::vec(0..40_u64, 8).prop_map(|n| Dispositions {
        complete: n[0],
        partial: n[1],
        refusal: n[2],
        non_contact: n[3],
        other: n[4],
        unknown_household: n[5],
        unknown_other: n[6],
        not_eligible: n[7],
    })
}

fn cells() -> impl Strategy<Value = Vec<CellResponse>> {
    let cell = (0..60_u64, 0..60_u64).prop_map(|(respondents, silent)| CellResponse {
        population: respondents + silent,
        respondents,
    });
    prop::collection::vec(cell, 1..8)
}

proptest! {
    #[test]
    fn rates_are_ordered(counts in dispositions(), e in 0.0..=1.0_f64) {
        for eligibility in [Eligibility::Proportional, Eligibility::Given(Probability::new(e).unwrap())] {
            let rates = counts.rates(eligibility);
            let ordered = |low: Option<Probability>, high: Option<Probability>| match (low, high) {
                (Some(low), Some(high)) => low.value() <= high.value() + 1e-15,
                _ => true,
            };
            prop_assert!(ordered(rates.rr1, rates.rr3) && ordered(rates.rr3, rates.rr5));
            prop_assert!(ordered(rates.rr2, rates.rr4) && ordered(rates.rr4, rates.rr6));
            prop_assert!(ordered(rates.rr1, rates.rr2) && ordered(rates.rr5, rates.rr6));
            prop_assert!(ordered(rates.rr2, rates.con1) && ordered(rates.ref1, rates.con1));
        }
    }

    #[test]
    fn units_add_up_in_any_order(a in dispositions(), b in dispositions()) {
        let (mut one, mut other) = (a, b);
        one.merge(&b);
        other.merge(&a);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn representativity_does_not_hang_on_the_order(cells in cells()) {
        let mut turned = cells.clone();
        turned.reverse();
        match (representativity(&cells), representativity(&turned)) {
            (Ok(one), Ok(other)) => {
                prop_assert!((one.r - other.r).abs() < 1e-12 && one.r <= 1.0);
                let partial: f64 = one.cells.iter().filter_map(|cell| cell.partial).map(|p| p * p).sum();
                prop_assert!((partial.sqrt() - one.partial_total).abs() < 1e-12);
                prop_assert!(one.partial_total <= one.propensity_sd);
                prop_assert_eq!(one.variation.is_none(), one.response_rate == 0.0);
            }
            (one, other) => prop_assert_eq!(one, other),
        }
    }

    #[test]
    fn equal_rates_are_representative(sizes in prop::collection::vec(1..50_u64, 1..8)) {
        let cells: Vec<CellResponse> = sizes.iter().map(|n| CellResponse { population: 4 * n, respondents: 3 * n }).collect();
        let result = representativity(&cells).unwrap();
        prop_assert_eq!((result.r, result.variation), (1.0, Some(0.0)));
        prop_assert!(result.cells.iter().all(|cell| cell.representation == Some(1.0)));
    }

    #[test]
    fn one_characteristic_alone_has_one_indicator(cells in cells()) {
        let own: Vec<usize> = (0..cells.len()).collect();
        let others = vec![0; cells.len()];
        if let (Ok(whole), Some(partial)) = (representativity(&cells), PartialIndicator::of(&cells, &own, &others)) {
            prop_assert!((partial.unconditional - whole.partial_total).abs() < 1e-12);
            prop_assert!((partial.conditional - whole.partial_total).abs() < 1e-12);
        }
    }
}

#[test]
fn each_invitation_is_counted_once() {
    let all = [
        Disposition::Complete,
        Disposition::Partial,
        Disposition::Refusal,
        Disposition::NonContact,
        Disposition::Other,
        Disposition::UnknownHousehold,
        Disposition::UnknownOther,
        Disposition::NotEligible,
    ];
    let mut counts = Dispositions::default();
    for disposition in all {
        counts.add(disposition);
    }
    let once = serde_json::to_value(counts).unwrap();
    assert!(once.as_object().unwrap().values().all(|count| count == 1));
    assert_eq!(Disposition::of_answers(0, 0), Disposition::Complete);
    assert_eq!(Disposition::of_answers(4, 5), Disposition::Complete);
    assert_eq!(Disposition::of_answers(0, 1), Disposition::Refusal);
}

#[test]
fn what_cannot_be_represented_has_a_reason() {
    let cell = |population, respondents| CellResponse {
        population,
        respondents,
    };
    let few = Err(RepresentationUndefined::TooFewPersons);
    assert_eq!(representativity(&[]), few);
    assert_eq!(representativity(&[cell(1, 1)]), few);
    let many = Err(RepresentationUndefined::TooManyRespondents { cell: 1 });
    assert_eq!(representativity(&[cell(3, 1), cell(2, 3)]), many);
    // A kind of which there is nobody takes nothing away.
    let result = representativity(&[cell(10, 5), cell(0, 0)]).unwrap();
    assert_eq!(
        (result.r, result.cells[1].partial, result.cells[1].rate),
        (1.0, None, None)
    );
    assert_eq!(PartialIndicator::of(&[cell(0, 0)], &[0], &[0]), None);
    assert_eq!(PartialIndicator::of(&[cell(3, 1)], &[], &[0]), None);
}
