//! Comparisons of items between groups: what must hold whatever was counted.

use proptest::prelude::*;
use survey_engine::dif::{
    AbilityWeight, Dichotomy, DifUndefined, Side, StudiedItem, compare_items, mantel,
    mantel_haenszel, ordinal_logistic, test_functioning,
};
use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
use survey_engine::tally::Tally;

const SCORES: usize = 6;
const HIGHEST: RawScore = RawScore(5);

/// Persons by side, score and category.
type Counts = Vec<Vec<Vec<u64>>>;

fn counts(categories: usize, most: u64) -> impl Strategy<Value = Counts> {
    let stratum = prop::collection::vec(0..=most, categories);
    let side = prop::collection::vec(stratum, SCORES);
    prop::collection::vec(side, 2)
}

fn item(counts: &Counts) -> StudiedItem {
    let categories = u8::try_from(counts[0][0].len()).unwrap();
    let mut item = StudiedItem::new(HIGHEST, categories);
    for (side, strata) in [Side::Reference, Side::Focal].into_iter().zip(counts) {
        for (score, stratum) in HIGHEST.and_below().zip(strata) {
            for (category, persons) in (0..categories).zip(stratum) {
                item.add(side, score, category, *persons).unwrap();
            }
        }
    }
    item
}

fn swapped(counts: &Counts) -> Counts {
    counts.iter().rev().cloned().collect()
}

/// Every answer and every score turned round.
fn turned(counts: &Counts) -> Counts {
    let side = |strata: &Vec<Vec<u64>>| {
        let strata = strata.iter().rev();
        strata
            .map(|stratum| stratum.iter().rev().copied().collect())
            .collect()
    };
    counts.iter().map(side).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn haenszel_is_the_same_seen_from_the_other_group(counts in counts(2, 9)) {
        let one = mantel_haenszel(&item(&counts));
        let other = mantel_haenszel(&item(&swapped(&counts)));
        let back = mantel_haenszel(&item(&turned(&counts)));
        match (one, other, back) {
            (Ok(one), Ok(other), Ok(back)) => {
                prop_assert!(one.chi_square >= 0.0 && one.chi_square.is_finite());
                prop_assert!(close(one.chi_square, other.chi_square));
                prop_assert!(close(one.chi_square, back.chi_square));
                prop_assert_eq!(one.odds.is_some(), other.odds.is_some());
                if let (Some(one), Some(other), Some(back)) = (one.odds, other.odds, back.odds) {
                    prop_assert!(close(one.alpha * other.alpha, 1.0));
                    prop_assert!(close(one.alpha * back.alpha, 1.0));
                    prop_assert!(close(one.delta, -other.delta));
                    prop_assert!(close(one.delta_standard_error, other.delta_standard_error));
                }
                prop_assert_eq!(one.class, other.class);
            }
            (one, other, back) => {
                prop_assert_eq!(one.err(), other.err());
                prop_assert!(back.is_err());
            }
        }
    }

    #[test]
    fn mantel_turns_with_the_answers(counts in counts(4, 6)) {
        let one = mantel(&item(&counts));
        let back = mantel(&item(&turned(&counts)));
        match (one, back) {
            (Ok(one), Ok(back)) => {
                prop_assert!(close(one.chi_square, back.chi_square));
                prop_assert!(close(one.mean_difference, -back.mean_difference));
                prop_assert!(close(one.pooled_sd, back.pooled_sd));
                prop_assert!(one.pooled_sd > 0.0 && one.effect_size.is_finite());
                prop_assert_eq!(one.class, back.class);
            }
            (one, back) => prop_assert_eq!(one.err(), back.err()),
        }
    }

    #[test]
    fn two_categories_have_one_test(counts in counts(2, 9)) {
        let (two, ordered) = (mantel_haenszel(&item(&counts)), mantel(&item(&counts)));
        if let (Ok(two), Ok(ordered)) = (two, ordered) {
            // The correction only takes off.
            prop_assert!(two.chi_square <= ordered.chi_square + 1e-9);
        }
    }

    #[test]
    fn regressions_are_nested_and_turn(counts in counts(3, 8)) {
        let one = ordinal_logistic(&item(&counts));
        if let Ok(one) = one {
            let l = one.log_likelihood;
            prop_assert!(l.null <= l.score + 1e-9);
            prop_assert!(l.score <= l.uniform + 1e-9 && l.uniform <= l.nonuniform + 1e-9);
            prop_assert!(close(one.uniform.chi_square + one.nonuniform.chi_square, one.total.chi_square));
            prop_assert!((0.0..=1.0).contains(&one.nagelkerke.nonuniform));
            prop_assert!(one.group_effect_standard_error > 0.0 && one.group_effect_standard_error.is_finite());
            for other in [swapped(&counts), turned(&counts)] {
                let other = ordinal_logistic(&item(&other)).unwrap();
                prop_assert!(close(one.group_effect, -other.group_effect));
                prop_assert!(close(one.total.chi_square, other.total.chi_square));
                prop_assert_eq!(one.class, other.class);
            }
        }
    }

    #[test]
    fn units_add_up_in_any_order(a in counts(3, 5), b in counts(3, 5)) {
        let (mut one, mut other) = (item(&a), item(&b));
        one.merge(&item(&b)).unwrap();
        other.merge(&item(&a)).unwrap();
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one.persons(Side::Focal), a[1].iter().chain(&b[1]).flatten().sum::<u64>());
    }

    #[test]
    fn a_group_of_several_tallies_is_one_group(
        answers in prop::collection::vec((1..=4_u8, 1..=4_u8, 0..3_u8), 3..60),
    ) {
        let tally = |wanted: &dyn Fn(u8) -> bool| {
            let mut tally = Tally::new(&form());
            for (a, b, group) in &answers {
                if wanted(*group) {
                    tally.add(&form(), &[0, *a, *b]).unwrap();
                }
            }
            tally
        };
        let [north, south, both, focal] =
            [tally(&|g| g == 0), tally(&|g| g == 1), tally(&|g| g < 2), tally(&|g| g == 2)];
        let [north, south, both, focal] =
            [&north, &south, &both, &focal].map(|tally| tally.scales()[0].cells().unwrap());
        let whole = compare_items(&[both], &[focal]).unwrap();
        prop_assert_eq!(&whole, &compare_items(&[south, north], &[focal]).unwrap());
        for item in whole {
            prop_assert!(item.has_few);
            prop_assert!(item.undefined.is_some() || item.mantel.is_some() && item.logistic.is_some());
        }
    }

    #[test]
    fn equal_items_do_not_move_the_score(
        thresholds in prop::collection::vec(prop::collection::vec(-3.0..3.0, 1..4), 1..6),
        shift in 0.01..2.0_f64,
        theta in -4.0..4.0_f64,
    ) {
        let ability = [AbilityWeight { theta, weight: 2.0 }, AbilityWeight { theta: 0.0, weight: 1.0 }];
        let same = test_functioning(&thresholds, &thresholds, &ability).unwrap();
        prop_assert_eq!((same.signed, same.unsigned), (0.0, 0.0));
        prop_assert!(!same.outweighs(0.0));
        let mut harder = thresholds.clone();
        harder[0].iter_mut().for_each(|threshold| *threshold += shift);
        let there = test_functioning(&thresholds, &harder, &ability).unwrap();
        let back = test_functioning(&harder, &thresholds, &ability).unwrap();
        prop_assert!(there.signed < 0.0 && close(there.signed, -back.signed));
        prop_assert!(there.signed_pomp > -100.0 && close(there.unsigned, -there.signed));
    }

    #[test]
    fn two_categories_are_those_of_the_steps(
        answers in prop::collection::vec((0..=4_u8, 0..=4_u8), 0..30),
        cut in 1..=3_u8,
    ) {
        let dichotomy = Dichotomy::new(&form(), 0, cut).unwrap();
        let mut tally = Tally::new(dichotomy.blueprint());
        let mut complete = [0_u64; 3];
        for (a, b) in &answers {
            let packed = dichotomy.pack(&[0, *a, *b]).unwrap();
            tally.add(dichotomy.blueprint(), &packed).unwrap();
            if *a > 0 && *b > 0 {
                // The second item is reversed.
                complete[usize::from(*a > cut) + usize::from(4 - b >= cut)] += 1;
            }
        }
        prop_assert_eq!(tally.scales()[0].complete(), &complete[..]);
    }
}

/// Two items in the last two of three bytes, the second reversed.
fn form() -> Blueprint {
    let item = |id: &str, slot| ItemPlan {
        id: id.to_owned(),
        slot,
        categories: 4,
        lowest: 1,
    };
    let member = |item, reversed| Member { item, reversed };
    let scale = ScalePlan {
        indicator: "PED.1".to_owned(),
        members: vec![member(0, false), member(1, true)],
    };
    Blueprint::new(3, vec![item("a", 1), item("b", 2)], vec![scale]).unwrap()
}

/// Persons of the reference group, then of the focal group: score, category, how many.
fn few(categories: u8, reference: &[(u32, u8, u64)], focal: &[(u32, u8, u64)]) -> StudiedItem {
    let mut item = StudiedItem::new(HIGHEST, categories);
    for (side, persons) in [(Side::Reference, reference), (Side::Focal, focal)] {
        for (score, category, count) in persons {
            item.add(side, RawScore(*score), *category, *count).unwrap();
        }
    }
    item
}

#[test]
fn what_cannot_be_compared_has_a_reason() {
    let cases = [
        (
            few(3, &[(1, 0, 5), (2, 1, 5)], &[]),
            DifUndefined::EmptyGroup,
        ),
        (
            few(3, &[(1, 1, 5), (2, 1, 5)], &[(3, 1, 2)]),
            DifUndefined::OneCategory,
        ),
        (StudiedItem::new(RawScore(4), 3), DifUndefined::EmptyGroup),
    ];
    for (item, reason) in cases {
        assert_eq!(mantel(&item), Err(reason));
        assert_eq!(ordinal_logistic(&item), Err(reason));
    }
    let apart = few(3, &[(1, 0, 5), (2, 1, 5)], &[(3, 1, 5), (4, 2, 5)]);
    assert_eq!(mantel(&apart), Err(DifUndefined::NothingInCommon));
    let three = few(3, &[(1, 0, 5), (1, 1, 5)], &[(1, 1, 5)]);
    assert_eq!(mantel_haenszel(&three), Err(DifUndefined::NotDichotomous));
    assert_eq!(ordinal_logistic(&three), Err(DifUndefined::OneScore));
    // The score says everything.
    let parted = few(2, &[(1, 0, 9), (4, 1, 9)], &[(0, 0, 9), (5, 1, 9)]);
    assert_eq!(ordinal_logistic(&parted), Err(DifUndefined::Separated));
    // At every score the focal group says yes and the reference group does not.
    let opposed = few(2, &[(1, 0, 9), (2, 0, 9)], &[(1, 1, 9), (2, 1, 9)]);
    let result = mantel_haenszel(&opposed).unwrap();
    assert!(result.odds.is_none() && result.class.is_none() && result.chi_square > 20.0);
    assert_eq!(ordinal_logistic(&opposed), Err(DifUndefined::Separated));
}

#[test]
fn counts_outside_the_item_are_refused() {
    let mut item = StudiedItem::new(RawScore(3), 2);
    assert_eq!(
        item.add(Side::Focal, RawScore(4), 0, 1),
        Err(DifUndefined::Shape)
    );
    assert_eq!(
        item.add(Side::Focal, RawScore(0), 2, 1),
        Err(DifUndefined::Shape)
    );
    assert_eq!(
        item.merge(&StudiedItem::new(RawScore(3), 3)),
        Err(DifUndefined::Shape)
    );
    let tally = Tally::new(&form());
    let cells = tally.scales()[0].cells().unwrap();
    assert_eq!(
        item.add_cells(Side::Focal, &cells, 0),
        Err(DifUndefined::Shape)
    );
    assert_eq!(
        StudiedItem::new(RawScore(6), 4).add_cells(Side::Focal, &cells, 2),
        Err(DifUndefined::Shape)
    );
    assert!(item.has_few());
}

#[test]
fn a_cut_that_splits_nothing_is_refused() {
    assert!(Dichotomy::new(&form(), 0, 0).is_none());
    assert!(Dichotomy::new(&form(), 0, 4).is_none());
    assert!(Dichotomy::new(&form(), 1, 1).is_none());
    let dichotomy = Dichotomy::new(&form(), 0, 2).unwrap();
    assert_eq!(dichotomy.pack(&[0, 5, 1]), None);
    assert_eq!(dichotomy.pack(&[0, 1]), None);
    assert_eq!(dichotomy.pack(&[9, 253, 252]), Some(vec![253, 252]));
}

/// Computed in R from the definition.
#[test]
fn expected_scores_differ_as_computed_elsewhere() {
    let reference = [vec![-1.0, 0.2, 1.1], vec![0.0, 0.5], vec![0.3]];
    let focal = [vec![-0.8, 0.1, 1.6], vec![-0.4, 0.3], vec![0.1]];
    let at = |theta, weight| AbilityWeight { theta, weight };
    let ability = [at(-1.5, 3.0), at(0.0, 10.0), at(0.7, 7.0), at(2.0, 1.0)];
    let result = test_functioning(&reference, &focal, &ability).unwrap();
    assert!((result.signed - 0.101_143_538_465_617).abs() < 1e-12);
    assert!((result.unsigned - 0.106_553_412_673_839).abs() < 1e-12);
    assert!((result.signed_pomp - result.signed / 0.06).abs() < 1e-12);
    assert!(test_functioning(&reference, &focal[..2], &ability).is_none());
    assert!(test_functioning(&reference, &focal, &[]).is_none());
    assert!(test_functioning(&[], &[], &ability).is_none());
}
