//! The finer counts of a scale, from the rows.

use proptest::prelude::*;
use survey_engine::scoring::RawScore;
use survey_engine::tally::{MAX_PATTERN_ITEMS, Tally};

use super::support::{one_scale, tally_of};
use super::{form, people, responses};

proptest! {
    #[test]
    fn pairs_are_the_persons_with_both(all in responses()) {
        let form = form();
        for (position, scale) in tally_of(&form, &all).scales().iter().enumerate() {
            let people = people(&form, position, &all);
            for (i, j) in (0..scale.items()).flat_map(|i| (0..scale.items()).map(move |j| (i, j))) {
                if i == j {
                    prop_assert_eq!(scale.pair(i, j), None);
                    continue;
                }
                let both: Vec<(u64, u64)> =
                    people.iter().filter_map(|person| Some((person[i]?, person[j]?))).collect();
                let pair = scale.pair(i, j).unwrap();
                prop_assert_eq!(pair.n, both.len() as u64);
                prop_assert_eq!(pair.first, both.iter().map(|(a, _)| a).sum::<u64>());
                prop_assert_eq!(pair.second, both.iter().map(|(_, b)| b).sum::<u64>());
                prop_assert_eq!(pair.product, both.iter().map(|(a, b)| a * b).sum::<u64>());
            }
        }
    }

    #[test]
    fn cells_are_the_complete_persons(all in responses()) {
        let form = form();
        for (position, scale) in tally_of(&form, &all).scales().iter().enumerate() {
            let people = people(&form, position, &all);
            let complete: Vec<Vec<u64>> =
                people.iter().filter_map(|person| person.iter().copied().collect()).collect();
            let cells = scale.cells().unwrap();
            prop_assert_eq!(cells.scores().count(), scale.complete().len());
            for item in 0..scale.items() {
                for category in 0..cells.categories() {
                    let chose = |row: &&Vec<u64>| row[item] == category as u64;
                    for score in cells.scores() {
                        let scored = |row: &&Vec<u64>| row.iter().sum::<u64>() == u64::from(score);
                        let persons = complete.iter().filter(chose).filter(scored).count();
                        prop_assert_eq!(cells.count(score, item, category), persons as u64);
                    }
                    let persons = complete.iter().filter(chose).count() as u64;
                    prop_assert_eq!(scale.categories_of(item).unwrap()[category], persons);
                }
            }
        }
    }

    #[test]
    fn patterns_are_all_who_answered(all in responses()) {
        let form = form();
        for (position, scale) in tally_of(&form, &all).scales().iter().enumerate() {
            let people = people(&form, position, &all);
            let patterns = scale.patterns().unwrap();
            prop_assert!(patterns.windows(2).all(|two| two[0].answered < two[1].answered));
            let persons: u64 = patterns.iter().flat_map(|pattern| &pattern.scores).sum();
            prop_assert_eq!(persons, scale.answered());
            for pattern in patterns {
                let answered = |person: &&Vec<Option<u64>>| {
                    (0..person.len()).all(|item| person[item].is_some() == (pattern.answered >> item & 1 == 1))
                };
                let own: Vec<&Vec<Option<u64>>> = people.iter().filter(answered).collect();
                for (score, persons) in pattern.scores.iter().enumerate() {
                    let scored = |person: &&&Vec<Option<u64>>| {
                        person.iter().flatten().sum::<u64>() == score as u64
                    };
                    prop_assert_eq!(*persons, own.iter().filter(scored).count() as u64);
                }
                for (item, counts) in pattern.categories.iter().enumerate() {
                    for (category, persons) in counts.iter().enumerate() {
                        let chose = |person: &&&Vec<Option<u64>>| person[item] == Some(category as u64);
                        prop_assert_eq!(*persons, own.iter().filter(chose).count() as u64);
                    }
                }
            }
        }
    }
}

#[test]
fn of_long_scales_only_the_number_of_answers_is_kept() {
    let items = MAX_PATTERN_ITEMS + 1;
    let form = one_scale(items, 5, 1, &[]);
    let mut first_missing = vec![3; items];
    first_missing[0] = 0;
    let mut last_missing = vec![3; items];
    last_missing[items - 1] = 255;
    let tally = tally_of(&form, [&first_missing, &last_missing]);
    let scale = &tally.scales()[0];
    let steps = u32::try_from(2 * (items - 1)).unwrap();
    assert_eq!(
        scale.partial().collect::<Vec<_>>(),
        [((1 << (items - 1)) - 1, RawScore(steps), 2)]
    );
    assert_eq!(scale.patterns(), None);
    // Pairs are kept all the same.
    assert_eq!(scale.pair(0, items - 1).unwrap().n, 0);
    assert_eq!(scale.pair(1, 2).unwrap().n, 2);
    assert_eq!(Tally::from_bytes(&tally.to_bytes()).unwrap(), tally);
}

#[test]
fn of_wide_scales_there_are_no_cells() {
    let form = one_scale(12, 200, 1, &[]);
    let tally = tally_of(&form, [&vec![200; 12]]);
    let scale = &tally.scales()[0];
    assert_eq!((scale.cells(), scale.categories_of(0)), (None, None));
    assert_eq!(scale.patterns(), None);
    assert_eq!(scale.complete()[12 * 199], 1);
}
