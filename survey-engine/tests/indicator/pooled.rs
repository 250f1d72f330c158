//! Who is in the pooled figures, and what is hidden where nearly everyone says the same.

use proptest::prelude::*;
use survey_engine::disclosure::{Bound, Decision, Node, Reach, Reason, Size, plan};
use survey_engine::indicator::{Distribution, Estimate, PooledOver, Reliability, estimate};
use survey_engine::scoring::Blueprint;

use super::support::{one_scale, tally_of};

const MINIMUM: u32 = 5;

/// Decisions for a school of units, which are given by their rows; the school first.
fn decisions(form: &Blueprint, units: &[Vec<Vec<u8>>]) -> Vec<Decision> {
    let node = |parent| Node {
        parent,
        reach: Reach::School,
        minimum: MINIMUM,
    };
    let size = |rows: &mut dyn Iterator<Item = &Vec<u8>>| {
        Size::of(form, &tally_of(form, rows), 0).unwrap()
    };
    let mut nodes = vec![node(None)];
    let mut sizes = vec![size(&mut units.iter().flatten())];
    for unit in units {
        nodes.push(node(Some(0)));
        sizes.push(size(&mut unit.iter()));
    }
    plan(&nodes, &sizes).unwrap()
}

fn figures(form: &Blueprint, rows: &[Vec<u8>]) -> Option<Estimate> {
    let decision = decisions(form, &[rows.to_vec()])[0];
    let released = estimate(form, &tally_of(form, rows), 0, &decision, None).unwrap();
    released.into_result().ok()
}

/// Persons who answered everything, in a regular way.
fn complete(persons: u8, items: usize) -> Vec<Vec<u8>> {
    let row = |at: u8| {
        (0_u8..)
            .take(items)
            .map(|item| (at + 2 * item) % 5 + 1)
            .collect()
    };
    (0..persons).map(row).collect()
}

fn answers(figures: &Estimate) -> u64 {
    match &figures.distribution {
        Distribution::Categories(all) => all.iter().map(|category| category.count).sum(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_answers_of_a_few_persons_without_a_score_do_not_follow() {
    let form = one_scale(5, 5, 1, &[]);
    let mut rows = complete(20, 5);
    let alone = figures(&form, &rows).unwrap();
    for more in 1..=4 {
        rows.push(vec![1, 1, 0, 0, 0]);
        let with = figures(&form, &rows).unwrap();
        assert_eq!(with.pooled_over, PooledOver::Scored);
        assert_eq!(with.responses, 20 + more);
        assert_eq!((with.n, with.mean), (alone.n, alone.mean));
        assert_eq!(with.distribution, alone.distribution);
        assert_eq!(with.favourable, alone.favourable);
        assert_eq!(with.items, alone.items);
        let too_few = with.missing.withheld().unwrap();
        assert_eq!(too_few.reason, Reason::BelowMinimum);
    }
    rows.push(vec![1, 1, 0, 0, 0]);
    let with = figures(&form, &rows).unwrap();
    assert_eq!(with.pooled_over, PooledOver::Everyone);
    assert_eq!(answers(&with), answers(&alone) + 10);
    assert_eq!(with.items[0].figures.value().unwrap().n_valid, 25);
    assert_eq!(with.missing.value().unwrap().blank, 15);
}

#[test]
fn nor_by_way_of_another_node() {
    let form = one_scale(3, 5, 1, &[]);
    let with = |few: usize| {
        let mut rows = complete(20, 3);
        rows.extend(vec![vec![5, 0, 0]; few]);
        rows
    };
    // All units together have six, and the first unit has none: the second would be the school less the third.
    let units = [with(0), with(1), with(5)];
    let unscored: Vec<bool> = decisions(&form, &units)
        .iter()
        .map(|decision| matches!(decision, Decision::Release(permit) if permit.unscored()))
        .collect();
    assert_eq!(unscored, [true, true, false, false]);
    let all: Vec<Vec<u8>> = units.iter().flatten().cloned().collect();
    let shown = |at: usize, rows: &[Vec<u8>]| {
        let decision = decisions(&form, &units)[at];
        let released = estimate(&form, &tally_of(&form, rows), 0, &decision, None).unwrap();
        released.into_result().unwrap().pooled_over
    };
    assert_eq!(shown(0, &all), PooledOver::Everyone);
    assert_eq!(shown(1, &units[0]), PooledOver::Everyone);
    assert_eq!(shown(3, &units[2]), PooledOver::Scored);
}

#[test]
fn a_permit_for_everyone_does_not_outlive_its_persons() {
    let form = one_scale(3, 5, 1, &[]);
    let mut rows = complete(20, 3);
    rows.extend(vec![vec![5, 0, 0]; 5]);
    let permit = decisions(&form, std::slice::from_ref(&rows))[0];
    rows.pop();
    let released = estimate(&form, &tally_of(&form, &rows), 0, &permit, None).unwrap();
    let figures = released.value().unwrap();
    assert_eq!(figures.pooled_over, PooledOver::Scored);
    assert_eq!(figures.missing.value(), None);
}

#[test]
fn a_wide_scale_shows_everyone_or_nothing() {
    let form = one_scale(13, 5, 1, &[]);
    let mut rows = complete(20, 13);
    assert!(figures(&form, &rows).is_some());
    let mut few = vec![0; 13];
    few[0] = 3;
    rows.push(few.clone());
    assert!(figures(&form, &rows).is_none());
    rows.extend(vec![few; 4]);
    assert_eq!(
        figures(&form, &rows).unwrap().pooled_over,
        PooledOver::Everyone
    );
}

#[test]
fn permits_of_old_are_read_as_the_stricter() {
    let old = r#"{"decision": "release", "minimum": 5, "items": true}"#;
    let decision: Decision = serde_json::from_str(old).unwrap();
    assert!(
        matches!(decision, Decision::Release(permit) if !permit.unscored() && !permit.missing())
    );
}

#[test]
fn where_nearly_everyone_says_the_same_only_that_is_said() {
    let form = one_scale(2, 5, 1, &[]);
    let mut rows = vec![vec![4, 4]; 39];
    rows[0] = vec![1, 2];
    let few = figures(&form, &rows).unwrap();
    assert!(matches!(
        few.distribution,
        Distribution::Concentrated {
            value: 4,
            others_below: 3
        }
    ));
    assert_eq!((few.mean, few.mean_interval, few.sd), (None, None, None));
    assert_eq!((few.favourable, few.favourable_interval), (None, None));
    assert!(matches!(few.favourable_bound, Some(Bound::AtLeast(_))));
    assert_eq!(few.alpha, Reliability::Withheld);
    for item in &few.items {
        let item = item.figures.value().unwrap();
        assert_eq!(
            (item.mean, item.favourable, item.favourable_interval),
            (None, None, None)
        );
    }
    // It does not tell one other answer from none.
    let none = figures(&form, &vec![vec![4, 4]; 39]).unwrap();
    assert_eq!(none, few);
    rows.push(vec![4, 4]);
    let many = figures(&form, &rows).unwrap();
    assert!(many.mean.is_some() && many.favourable.is_some() && many.sd.is_some());
}

#[test]
fn of_a_handful_one_in_five_may_differ() {
    let form = one_scale(1, 5, 1, &[]);
    let mean_of = |answers: &[u8]| {
        let rows: Vec<Vec<u8>> = answers.iter().map(|answer| vec![*answer]).collect();
        figures(&form, &rows).unwrap().mean
    };
    assert!(mean_of(&[4, 4, 4, 3, 5]).is_some());
    assert!(mean_of(&[4, 4, 4, 4, 5]).is_none() && mean_of(&[4; 5]).is_none());
    assert!(mean_of(&[4, 4, 4, 4, 4, 4, 4, 3, 5]).is_some());
    assert!(mean_of(&[4, 4, 4, 4, 4, 4, 4, 4, 3, 5]).is_none());
}

#[test]
fn an_item_that_would_follow_from_the_others_is_hidden_too() {
    let form = one_scale(3, 5, 1, &[]);
    let row = |at: u8| vec![5, at % 2 + 4, at % 5 + 1];
    let rows: Vec<Vec<u8>> = (0..30).map(row).collect();
    let figures = figures(&form, &rows).unwrap();
    assert!(figures.mean.is_some());
    let items = figures
        .items
        .iter()
        .map(|item| item.figures.value().unwrap());
    let (means, bounds): (Vec<bool>, Vec<bool>) = items
        .map(|item| (item.mean.is_some(), item.favourable_bound.is_some()))
        .unzip();
    // The second is nearest to being unanimous.
    assert_eq!(means, [false, false, true]);
    assert_eq!(bounds, [true, true, true]);
}

proptest! {
    /// Adding one to four persons without a score changes nothing but the number of responses and of missing answers.
    #[test]
    fn persons_without_a_score_leave_no_trace(
        rows in prop::collection::vec(prop::collection::vec(1..=5_u8, 6), 8..40),
        few in prop::collection::vec((1..=5_u8, 0..=5_u8), 1..5),
        reversed in 0..6_usize,
    ) {
        let form = one_scale(6, 5, 1, &[reversed]);
        let alone = figures(&form, &rows).unwrap();
        let mut with = rows;
        with.extend(few.into_iter().map(|(first, second)| vec![first, second, 0, 255, 254, 252]));
        let with = figures(&form, &with).unwrap();
        prop_assert_eq!((with.n, with.mean, with.sd), (alone.n, alone.mean, alone.sd));
        prop_assert_eq!(with.pooled_over, PooledOver::Scored);
        prop_assert_eq!(&with.distribution, &alone.distribution);
        prop_assert_eq!((with.favourable, with.favourable_bound), (alone.favourable, alone.favourable_bound));
        prop_assert_eq!(&with.items, &alone.items);
        prop_assert_eq!(with.alpha, alone.alpha);
        // Never more certain than with the squares of the persons themselves.
        if let (Some(with), Some(alone)) = (with.favourable_interval, alone.favourable_interval) {
            let width = |lower: f64, upper: f64| upper - lower;
            let with = width(with.lower.value(), with.upper.value());
            prop_assert!(with >= width(alone.lower.value(), alone.upper.value()) - 1e-9);
        }
    }
}
