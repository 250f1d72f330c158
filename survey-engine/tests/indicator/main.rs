//! What is published of a scale, and what is not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod pooled;
#[path = "../sample/mod.rs"]
mod sample;
#[path = "../support/mod.rs"]
mod support;

use proptest::prelude::*;
use serde_json::json;
use support::{one_scale, tally_of};
use survey_engine::disclosure::{Bound, Decision, Node, Reach, Reason, Released, Size, plan};
use survey_engine::indicator::{
    Distribution, Estimate, PooledOver, Reliability, definitions, estimate,
};
use survey_engine::reliability::AlphaUndefined;
use survey_engine::scoring::Blueprint;
use survey_engine::stats::Percent;
use survey_engine::tally::{Tally, TallyMismatch};

/// The decision about a school by itself.
fn decision(blueprint: &Blueprint, tally: &Tally, minimum: u32) -> Decision {
    let school = Node {
        parent: None,
        reach: Reach::School,
        minimum,
    };
    plan(&[school], &[Size::of(blueprint, tally, 0).unwrap()]).unwrap()[0]
}

fn estimated(
    blueprint: &Blueprint,
    rows: &[Vec<u8>],
    population: Option<u64>,
) -> Released<Estimate> {
    let tally = tally_of(blueprint, rows);
    estimate(
        blueprint,
        &tally,
        0,
        &decision(blueprint, &tally, 5),
        population,
    )
    .unwrap()
}

/// Why a figure is withheld at a minimum of five.
fn reason<T>(released: &Released<T>) -> Option<Reason> {
    released.withheld().map(|withheld| {
        assert_eq!(withheld.minimum, 5);
        withheld.reason
    })
}

#[test]
fn four_answers_are_withheld_and_five_are_not() {
    let form = one_scale(2, 5, 1, &[]);
    let rows = vec![vec![4, 2]; 5];
    let four = estimated(&form, &rows[..4], None);
    assert_eq!(reason(&four), Some(Reason::BelowMinimum));
    assert_eq!(four.value(), None);
    assert_eq!(estimated(&form, &rows, None).value().unwrap().n, 5);
    let nobody = vec![vec![0, 255]; 9];
    assert_eq!(
        reason(&estimated(&form, &nobody, None)),
        Some(Reason::NoResponses)
    );
}

#[test]
fn a_stored_permit_does_not_outlive_its_persons() {
    let form = one_scale(2, 5, 1, &[]);
    let mut tally = tally_of(&form, &vec![vec![4, 2]; 5]);
    let permit = decision(&form, &tally, 5);
    tally.subtract(&form, &[4, 2]).unwrap();
    let released = estimate(&form, &tally, 0, &permit, None).unwrap();
    assert_eq!(reason(&released), Some(Reason::BelowMinimum));
}

#[test]
fn the_tally_must_be_of_the_form() {
    let form = one_scale(2, 5, 1, &[]);
    let tally = tally_of(&form, &vec![vec![4, 2]; 5]);
    let permit = decision(&form, &tally, 5);
    let other = one_scale(2, 4, 1, &[]);
    assert_eq!(
        estimate(&other, &tally, 0, &permit, None),
        Err(TallyMismatch::Shape)
    );
    assert_eq!(
        estimate(&form, &tally, 1, &permit, None),
        Err(TallyMismatch::Shape)
    );
}

#[test]
fn only_who_answered_half_is_scored_but_every_answer_counts_as_favourable() {
    let form = one_scale(4, 5, 1, &[]);
    let mut rows = vec![vec![3, 2, 0, 255]; 5];
    rows.extend(vec![vec![5, 254, 253, 252]; 5]);
    let released = estimated(&form, &rows, None);
    let figures = released.value().unwrap();
    assert_eq!((figures.n, figures.responses), (5, 10));
    assert!((figures.mean.unwrap().value() - 37.5).abs() < 1e-12);
    assert_eq!(figures.pooled_over, PooledOver::Everyone);
    assert!((figures.favourable.unwrap().value() - 100.0 / 3.0).abs() < 1e-12);
    assert_eq!(
        serde_json::to_value(figures.missing.value()).unwrap(),
        json!({"blank": 5, "dont_know": 5, "not_applicable": 5, "prefer_not_to_say": 5, "not_shown": 5})
    );
}

#[test]
fn the_items_of_a_scale_go_together() {
    let form = one_scale(3, 5, 1, &[]);
    // The third item was answered by four, and would follow from the scale's answers less the others'.
    let mut rows = vec![vec![1, 3, 5]; 4];
    rows.extend(vec![vec![2, 4, 0]; 4]);
    let released = estimated(&form, &rows, None);
    let figures = released.value().unwrap();
    for item in &figures.items {
        assert_eq!(reason(&item.figures), Some(Reason::BelowMinimum));
    }
    // An item that nobody was shown hides nothing.
    let rows: Vec<Vec<u8>> = (0..8).map(|at| vec![at % 5 + 1, 4, 252]).collect();
    let released = estimated(&form, &rows, None);
    let items = &released.value().unwrap().items;
    assert_eq!(items[0].figures.value().unwrap().n_valid, 8);
    assert_eq!(reason(&items[2].figures), Some(Reason::NoResponses));
}

#[test]
fn a_roster_that_shrank_is_said_and_not_used() {
    let form = one_scale(2, 5, 1, &[]);
    let rows: Vec<Vec<u8>> = (0..20).map(|at| vec![at % 5 + 1, at % 3 + 2]).collect();
    let unknown = estimated(&form, &rows, None).into_result().unwrap();
    let shrunk = estimated(&form, &rows, Some(19)).into_result().unwrap();
    assert!(shrunk.population_too_small && !unknown.population_too_small);
    assert_eq!(
        (shrunk.population, shrunk.mean_interval),
        (None, unknown.mean_interval)
    );
    assert_eq!(shrunk.favourable_interval, unknown.favourable_interval);

    let all = estimated(&form, &rows, Some(20)).into_result().unwrap();
    assert!(all.complete_count && !shrunk.complete_count);
    let (mean, favourable) = (all.mean_interval.unwrap(), all.favourable_interval.unwrap());
    assert_eq!((Some(mean.lower), Some(mean.upper)), (all.mean, all.mean));
    assert_eq!(
        (Some(favourable.lower), Some(favourable.upper)),
        (all.favourable, all.favourable)
    );
    let item = all.items[0].figures.value().unwrap();
    assert_eq!(
        Some(item.favourable_interval.unwrap().lower),
        item.favourable
    );
}

#[test]
fn nearly_unanimous_answers_are_said_to_be_so() {
    let form = one_scale(2, 5, 1, &[]);
    let mut rows = vec![vec![4, 4]; 20];
    rows[0] = vec![1, 2];
    let released = estimated(&form, &rows, None);
    let concentrated = Distribution::Concentrated {
        value: 4,
        others_below: 3,
    };
    assert_eq!(released.value().unwrap().distribution, concentrated);
    // Three other answers are enough to be told of, but the share of favourable ones is told as a bound.
    rows[1] = vec![4, 2];
    let released = estimated(&form, &rows, None);
    let figures = released.value().unwrap();
    assert_eq!(
        figures.favourable_bound,
        Percent::new(90.0).map(Bound::AtLeast)
    );
    assert_eq!(figures.distribution, Distribution::Bounded);
    rows[2] = vec![2, 2];
    let released = estimated(&form, &rows, None);
    let Distribution::Categories(shares) = &released.value().unwrap().distribution else {
        panic!("five other answers are enough");
    };
    assert_eq!(
        shares.iter().map(|share| share.count).collect::<Vec<_>>(),
        [1, 4, 0, 35, 0]
    );
    assert!((shares[3].percent.value() - 87.5).abs() < 1e-12);
}

#[test]
fn alike_persons_are_no_proof_of_precision() {
    // Everybody gave one favourable answer of two: the linearised variance is zero.
    let form = one_scale(2, 5, 1, &[]);
    let rows = vec![vec![5, 1]; 10];
    let released = estimated(&form, &rows, None);
    let interval = released.value().unwrap().favourable_interval.unwrap();
    assert!(interval.lower.value() < 30.0 && interval.upper.value() > 70.0);
}

#[test]
fn reliability_says_why_it_is_missing() {
    let undefined = |form: &Blueprint, rows: &[Vec<u8>]| match estimated(form, rows, None)
        .value()
        .unwrap()
        .alpha
    {
        Reliability::Undefined { reason } => Some(reason),
        _ => None,
    };
    let (one, two) = (one_scale(1, 5, 1, &[]), one_scale(2, 5, 1, &[]));
    let single: Vec<Vec<u8>> = (0..9).map(|at| vec![at % 5 + 1]).collect();
    assert_eq!(undefined(&one, &single), Some(AlphaUndefined::TooFewItems));
    let halves: Vec<Vec<u8>> = (0..9).map(|at| vec![at % 5 + 1, 0]).collect();
    assert_eq!(
        undefined(&two, &halves),
        Some(AlphaUndefined::TooFewAnswers)
    );
    assert_eq!(
        undefined(&two, &vec![vec![3, 4]; 40]),
        Some(AlphaUndefined::NoVariance)
    );
    // Four complete answers would do for alpha, but not for the minimum of five.
    let mut rows = vec![vec![1, 2], vec![2, 1], vec![3, 3], vec![4, 4], vec![3, 0]];
    assert_eq!(undefined(&two, &rows), Some(AlphaUndefined::TooFewAnswers));
    rows[4][1] = 5;
    assert_eq!(undefined(&two, &rows), None);
}

#[test]
fn the_form_of_the_sample_is_scored_by_its_kinds() {
    let form = sample::form_of(&sample::document());
    let blueprint = Blueprint::of(&form).unwrap();
    assert_eq!(blueprint.length(), form.layout().len());
    for plan in blueprint.items() {
        let item = form.item(&plan.id).unwrap();
        assert_eq!(form.layout().slot(item.index()).unwrap().offset, plan.slot);
        if let Some((lo, hi)) = item.value_range() {
            assert_eq!((plan.lowest, plan.lowest + (plan.categories - 1)), (lo, hi));
        } else {
            assert_eq!(usize::from(plan.categories), item.options().len());
        }
    }
    let scales = form.scales();
    assert_eq!(blueprint.scales().len(), scales.len());
    for (at, scale) in scales.iter().enumerate() {
        assert_eq!(blueprint.scale_of(&scale.indicator), Some(at));
        assert_eq!(blueprint.range(at), Some((scale.lo, scale.hi)));
        let ids = scale
            .items
            .iter()
            .map(|item| form.item_at(*item).unwrap().id());
        assert!(
            blueprint
                .members(at)
                .map(|(_, plan)| plan.id.as_str())
                .eq(ids)
        );
        assert!(
            blueprint
                .members(at)
                .map(|(member, _)| member.reversed)
                .eq(scale.reversed.clone())
        );
    }
}

#[test]
fn every_figure_is_defined() {
    let form = one_scale(2, 5, 1, &[]);
    let rows: Vec<Vec<u8>> = (0..20).map(|at| vec![at % 5 + 1, at % 3 + 2]).collect();
    let released = estimated(&form, &rows, Some(30));
    let shown = serde_json::to_value(released.value().unwrap()).unwrap();
    let item = &shown["items"][0]["figures"]["value"];
    let named = |name: &str| definitions().iter().any(|figure| figure.name == name);
    for name in shown.as_object().unwrap().keys() {
        assert!(
            named(name) || ["items", "population_too_small"].contains(&name.as_str()),
            "{name}"
        );
    }
    for name in item.as_object().unwrap().keys() {
        assert!(named(&format!("items.{name}")), "items.{name}");
    }
}

#[test]
fn a_withheld_figure_reads_as_such() {
    let form = one_scale(2, 5, 1, &[]);
    let released = estimated(&form, &vec![vec![4, 2]; 4], None);
    assert_eq!(
        serde_json::to_value(released).unwrap(),
        json!({"withheld": {"reason": "below_minimum", "minimum": 5}})
    );
}

fn rows() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let code = prop_oneof![8 => 1..=5_u8, 1 => Just(0_u8), 1 => 252..=255_u8];
    prop::collection::vec(prop::collection::vec(code, 4), 5..60)
}

proptest! {
    #[test]
    fn intervals_hold_their_estimates(rows in rows(), invited in prop::option::of(0..200_u64)) {
        let population = invited.map(|more| rows.len() as u64 + more);
        let released = estimated(&one_scale(4, 5, 1, &[1]), &rows, population);
        if let Some(figures) = released.value() {
            if let Some(mean) = figures.mean {
                let interval = figures.mean_interval.unwrap();
                prop_assert!(interval.lower <= mean && mean <= interval.upper);
            }
            if let Some(favourable) = figures.favourable {
                let interval = figures.favourable_interval.unwrap();
                prop_assert!(interval.lower <= favourable && favourable <= interval.upper);
            }
            if let Reliability::Alpha { value, interval: Some(interval), .. } = figures.alpha {
                prop_assert!(interval.lower <= value && value <= interval.upper);
            }
            for figures in figures.items.iter().filter_map(|item| item.figures.value()) {
                if let Some(favourable) = figures.favourable {
                    let interval = figures.favourable_interval.unwrap();
                    prop_assert!(interval.lower <= favourable && favourable <= interval.upper);
                }
            }
        }
    }

    /// More persons invited, less certainty about them.
    #[test]
    fn intervals_widen_with_the_population(rows in rows(), invited in 0..3000_u64) {
        let form = one_scale(4, 5, 1, &[]);
        let all = rows.len() as u64 + invited;
        let width = |population| {
            let released = estimated(&form, &rows, population);
            let interval = released.value().and_then(|figures| figures.mean_interval);
            interval.map(|interval| interval.upper.value() - interval.lower.value())
        };
        if let (Some(few), Some(more), Some(unknown)) = (width(Some(all)), width(Some(all + 10)), width(None)) {
            prop_assert!(few <= more + 1e-9 && more <= unknown + 1e-9);
        }
    }

    #[test]
    fn turning_the_scale_round_mirrors_the_mean(rows in rows()) {
        let plain = estimated(&one_scale(4, 5, 1, &[]), &rows, None);
        let turned = estimated(&one_scale(4, 5, 1, &[0, 1, 2, 3]), &rows, None);
        if let (Some(plain), Some(turned)) = (plain.value(), turned.value()) {
            prop_assert_eq!(plain.mean.is_some(), turned.mean.is_some());
            if let (Some(plain), Some(turned)) = (plain.mean, turned.mean) {
                prop_assert!((plain.value() + turned.value() - 100.0).abs() < 1e-9);
            }
            prop_assert_eq!(plain.n, turned.n);
            prop_assert_eq!(&plain.missing, &turned.missing);
            prop_assert_eq!(plain.alpha, turned.alpha);
        }
    }

    #[test]
    fn what_is_published_does_not_depend_on_the_order(
        (given, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let form = one_scale(4, 5, 1, &[2]);
        prop_assert_eq!(estimated(&form, &given, Some(80)), estimated(&form, &shuffled, Some(80)));
    }
}
