//! Who gets a score, and what is favourable.

use proptest::prelude::*;
use survey_engine::scoring::{RawScore, Rule, Score, ValidShare, favourable_categories};
use survey_engine::stats::Pomp;

use super::support::{one_scale, tally_of};
use super::{CATEGORIES, ITEMS, answers};

proptest! {
    #[test]
    fn the_fewest_answers_are_the_fewest_that_suffice(numerator in 0..=100_u32, denominator in 1..=100_u32, items in 1..=64_u32) {
        let Some(share) = ValidShare::new(numerator, denominator) else { return Ok(()) };
        let needed = share.needed(items);
        prop_assert!(needed <= items);
        prop_assert!(share.is_met(needed.max(1), items));
        prop_assert!(needed == 0 || !share.is_met(needed - 1, items));
    }

    #[test]
    fn a_persons_score_is_that_of_a_group_of_one(packed in answers(), numerator in 0..=6_u32) {
        let form = one_scale(ITEMS, CATEGORIES, 1, &[0, 3]);
        let share = ValidShare::new(numerator, 6).unwrap();
        let alone = tally_of(&form, [&packed]);
        let counted = alone.scales()[0].scored_scores(share).next();
        let counted = counted.and_then(|(answered, sum, _)| Score::new(answered, sum));
        prop_assert_eq!(form.score(&packed, 0, share), counted);
    }

    #[test]
    fn answering_twice_reversed_is_answering(packed in answers()) {
        let turn = |packed: &[u8]| -> Vec<u8> {
            let turned = packed.iter().map(|code| if (1..=CATEGORIES).contains(code) { CATEGORIES + 1 - code } else { *code });
            turned.collect()
        };
        let plain = one_scale(ITEMS, CATEGORIES, 1, &[]);
        let reversed = one_scale(ITEMS, CATEGORIES, 1, &[0, 1, 2, 3, 4, 5]);
        let share = ValidShare::HALF;
        let score = plain.score(&packed, 0, share);
        prop_assert_eq!(score, reversed.score(&turn(&packed), 0, share));
        prop_assert_eq!(score, plain.score(&turn(&turn(&packed)), 0, share));
        let mirrored = reversed.score(&packed, 0, share).map(Score::steps);
        match (score.map(Score::steps), mirrored) {
            (Some(steps), Some(other)) => prop_assert!((steps + other - f64::from(CATEGORIES - 1)).abs() < 1e-12),
            (steps, other) => prop_assert_eq!(steps, other),
        }
    }

    #[test]
    fn scores_are_ordered_as_their_means(a in 1..60_u32, b in 1..60_u32, sum in 0..200_u32, other in 0..200_u32) {
        let (left, right) = (Score::new(a, RawScore(sum)).unwrap(), Score::new(b, RawScore(other)).unwrap());
        let by_mean = left.steps().partial_cmp(&right.steps()).unwrap();
        prop_assert_eq!(left.cmp(&right), by_mean);
        prop_assert_eq!(Score::new(a * 3, RawScore(sum * 3)), Some(left));
    }

    #[test]
    fn no_answer_is_both_favourable_and_unfavourable(categories in 2..=240_u8) {
        let rule = Rule::standard(categories);
        let both = (0..categories).any(|step| rule.is_favourable(step) && rule.is_unfavourable(step));
        prop_assert!(!both);
        let favourable = (0..categories).filter(|step| rule.is_favourable(*step)).count();
        let unfavourable = (0..categories).filter(|step| rule.is_unfavourable(*step)).count();
        prop_assert_eq!(favourable, usize::from(favourable_categories(categories)));
        prop_assert_eq!(unfavourable, favourable);
    }
}

#[test]
fn nobody_has_a_score_without_an_answer_or_on_no_scale() {
    let form = one_scale(2, CATEGORIES, 1, &[]);
    let all = ValidShare::new(0, 1).unwrap();
    assert_eq!(form.score(&[0, 255], 0, all), None);
    assert_eq!(form.score(&[5, 5], 1, all), None);
    assert_eq!(form.score(&[], 0, all), None);
    // Beyond the categories is no answer.
    assert_eq!(form.score(&[6, 200], 0, all), None);
}

#[test]
fn a_score_beyond_its_categories_has_no_percent() {
    let score = Score::new(1, RawScore(4)).unwrap();
    assert_eq!(score.pomp(5).map(Pomp::value), Some(100.0));
    for categories in [0, 1, 4] {
        assert_eq!(score.pomp(categories), None);
    }
}

#[test]
fn cuts_that_are_no_binary_fraction_hold_who_reaches_them() {
    // 13 steps over 5 items are 2.6, and 2.6 - 1 + 1 is not.
    let score = Score::new(5, RawScore(13)).unwrap();
    for cut in [2.6, 3.6 - 1.0, 1.3 * 2.0] {
        assert!(
            Rule::standard(5)
                .person_cut(cut)
                .is_favourable_person(score)
        );
    }
    assert!(
        !Rule::standard(5)
            .person_cut(2.7)
            .is_favourable_person(score)
    );
}
