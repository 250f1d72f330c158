//! Summaries of tallies are those of the answers behind them.

use proptest::prelude::*;
use proptest::sample::Index;
use survey_engine::indicator::{ScaleSummary, summarize};
use survey_engine::scoring::{Rule, ValidShare};
use survey_engine::stats::{Percent, Pomp};
use survey_engine::tally::{Tally, TallyMismatch};

use super::support::{one_scale, tally_of};
use super::{CATEGORIES, ITEMS, people};

const REVERSED: [usize; 2] = [1, 4];

fn summary(tally: &Tally, rule: &Rule) -> ScaleSummary {
    let form = one_scale(ITEMS, CATEGORIES, 1, &REVERSED);
    summarize(&form, tally, 0, rule).unwrap()
}

fn of(people: &[Vec<u8>], rule: &Rule) -> ScaleSummary {
    let form = one_scale(ITEMS, CATEGORIES, 1, &REVERSED);
    summary(&tally_of(&form, people), rule)
}

/// The valid answers of one person, recoded to 1..=5.
fn recoded(person: &[u8]) -> Vec<f64> {
    let answers = person.iter().enumerate();
    let valid = answers.filter(|(_, code)| (1..=CATEGORIES).contains(code));
    let recoded = valid.map(|(at, code)| {
        if REVERSED.contains(&at) {
            CATEGORIES + 1 - code
        } else {
            *code
        }
    });
    recoded.map(f64::from).collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn near(got: Option<f64>, wanted: Option<f64>) -> bool {
    match (got, wanted) {
        (Some(got), Some(wanted)) => (got - wanted).abs() < 1e-9,
        (got, wanted) => got == wanted,
    }
}

fn rules() -> impl Strategy<Value = Rule> {
    (0..=6_u32, -1..=5_i8, -1..=5_i8, 0.0..=4.0).prop_map(|(share, from, to, cut)| {
        Rule::standard(CATEGORIES)
            .with_valid_share(ValidShare::new(share, 6).unwrap())
            .favourable_from(f64::from(from))
            .unfavourable_to(f64::from(to))
            .person_cut(cut)
    })
}

proptest! {
    #[test]
    fn they_are_what_the_single_answers_say(people in people(), rule in rules()) {
        let got = of(&people, &rule);
        let answers: Vec<Vec<f64>> = people.iter().map(|person| recoded(person)).collect();
        let share = rule.valid_share();
        let enough = |one: &&Vec<f64>| share.is_met(u32::try_from(one.len()).unwrap(), 6);
        let mut scores: Vec<f64> = answers.iter().filter(enough).filter_map(|one| mean(one)).collect();
        scores.sort_by(f64::total_cmp);
        prop_assert_eq!(got.scored, scores.len() as u64);
        prop_assert_eq!(got.unscored, (people.len() - scores.len()) as u64);
        prop_assert!(near(got.mean, mean(&scores)));
        prop_assert!((got.sum - scores.iter().sum::<f64>()).abs() < 1e-9);
        let pomp: Vec<f64> = scores.iter().map(|score| 25.0 * (score - 1.0)).collect();
        prop_assert!(near(got.pomp_mean.map(Pomp::value), mean(&pomp)));
        prop_assert!(near(got.pomp_sd, got.sd.map(|sd| 25.0 * sd)));
        prop_assert_eq!(got.sd.is_some(), scores.len() > 1);
        let is_favourable = |value: f64| (1..=CATEGORIES).any(|step| f64::from(step) == value && rule.is_favourable(step - 1));
        let every: Vec<f64> = answers.concat();
        let favourable: Vec<f64> = every.iter().map(|value| if is_favourable(*value) { 100.0 } else { 0.0 }).collect();
        prop_assert!(near(got.favourable.pooled.map(Percent::value), mean(&favourable)));
        let top: Vec<f64> = every.iter().map(|value| if *value == 5.0 { 100.0 } else { 0.0 }).collect();
        prop_assert!(near(got.top_box.map(Percent::value), mean(&top)));
    }

    #[test]
    fn the_items_add_up_to_the_responses(people in people(), rule in rules()) {
        let got = of(&people, &rule);
        for (at, item) in got.items.iter().enumerate() {
            let missing = item.missing;
            let known = item.n_valid + missing.blank + missing.dont_know + missing.not_applicable;
            prop_assert_eq!(known + missing.prefer_not_to_say + missing.not_shown, people.len() as u64);
            prop_assert_eq!(item.counts.iter().sum::<u64>(), item.n_valid);
            prop_assert_eq!(item.mean.is_some(), item.n_valid > 0);
            prop_assert_eq!(item.sd.is_some(), item.n_valid > 1);
            prop_assert_eq!(item.reversed, REVERSED.contains(&at));
        }
    }

    #[test]
    fn neither_order_nor_splitting_leaves_a_trace(
        (given, shuffled) in people().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        cut in any::<Index>(),
        rule in rules(),
    ) {
        let whole = of(&given, &rule);
        prop_assert_eq!(&of(&shuffled, &rule), &whole);
        let form = one_scale(ITEMS, CATEGORIES, 1, &REVERSED);
        let (left, right) = given.split_at(cut.index(given.len() + 1));
        let mut sum = tally_of(&form, right);
        sum.merge(&tally_of(&form, left)).unwrap();
        prop_assert_eq!(&summary(&sum, &rule), &whole);
    }

    #[test]
    fn quartiles_and_median_stand_in_order(people in people(), rule in rules()) {
        let got = of(&people, &rule);
        prop_assert!(got.lower_quartile <= got.median && got.median <= got.upper_quartile);
        prop_assert!(got.median.is_none_or(|median| (1.0..=5.0).contains(&median)));
    }

    #[test]
    fn a_higher_cut_is_never_easier(people in people(), cut in 0.0..4.0, more in 0.0..2.0) {
        let rule = Rule::standard(CATEGORIES);
        let low = of(&people, &rule.person_cut(cut).favourable_from(cut)).favourable;
        let high = of(&people, &rule.person_cut(cut + more).favourable_from(cut + more)).favourable;
        prop_assert!(high.pooled <= low.pooled);
        prop_assert!(high.persons <= low.persons);
        prop_assert!(high.item_average <= low.item_average);
    }
}

#[test]
fn of_nobody_nothing_is_defined() {
    let got = of(&[], &Rule::standard(CATEGORIES));
    assert_eq!((got.scored, got.unscored, got.sum), (0, 0, 0.0));
    assert_eq!((got.mean, got.sd, got.median), (None, None, None));
    assert_eq!(got.favourable.pooled, None);
    assert_eq!(got.favourable.item_average, None);
    assert_eq!(got.favourable.persons, None);
    assert_eq!(got.items[0].dont_know, None);
}

#[test]
fn a_tally_of_another_form_is_refused() {
    let form = one_scale(ITEMS, CATEGORIES, 1, &[]);
    let other = Tally::new(&one_scale(2, CATEGORIES, 1, &[]));
    let rule = Rule::standard(CATEGORIES);
    assert_eq!(
        summarize(&form, &other, 0, &rule),
        Err(TallyMismatch::Shape)
    );
    let own = Tally::new(&form);
    assert_eq!(summarize(&form, &own, 1, &rule), Err(TallyMismatch::Shape));
}
