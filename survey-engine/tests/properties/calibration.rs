//! Thresholds do not depend on how answers were counted, named or turned; what has no answer has a reason.

use proptest::prelude::*;
use survey_engine::calibration::{
    Calibration, Counts, Thresholds, calibrate, calibrate_population,
};
use survey_engine::tally::Pattern;

type Answers = Vec<Option<usize>>;

/// Counts of persons' answers to items of `categories` categories.
fn count(categories: usize, persons: &[Answers]) -> Counts {
    let items = persons[0].len();
    let patterns = persons.iter().map(|answers| {
        let score: usize = answers.iter().flatten().sum();
        let bits = (0..items).filter(|item| answers[*item].is_some());
        let one = |answer: &Option<usize>| {
            let chosen = |category| u64::from(*answer == Some(category));
            (0..categories).map(chosen).collect()
        };
        Pattern {
            answered: bits.map(|item| 1 << item).sum(),
            scores: (0..=score).map(|at| u64::from(at == score)).collect(),
            categories: answers.iter().map(one).collect(),
        }
    });
    Counts::by_pattern(&vec![categories; items], patterns.collect()).unwrap()
}

/// Persons whose answers go together somewhat, some of them with blanks.
fn persons(blanks: bool) -> impl Strategy<Value = (usize, Vec<Answers>)> {
    (2..=4_usize, 2..=4_usize).prop_flat_map(move |(items, categories)| {
        let top = categories - 1;
        let answer = prop_oneof![5 => Just(false), 1 => Just(blanks)];
        let person = (
            0..=2 * top,
            prop::collection::vec((0..=2 * top, answer), items),
        );
        let person = person.prop_map(move |(level, noises)| {
            let one = |(noise, blank)| {
                if blank {
                    None
                } else {
                    Some((level + noise) / 4)
                }
            };
            noises.into_iter().map(one).collect::<Answers>()
        });
        prop::collection::vec(person, 60..120).prop_map(move |persons| (categories, persons))
    })
}

fn flat(thresholds: &Thresholds) -> Vec<f64> {
    thresholds.items().concat()
}

fn assert_near(left: &[f64], right: &[f64], within: f64) -> Result<(), TestCaseError> {
    prop_assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(right) {
        let off = (left - right).abs();
        prop_assert!(off <= within * (1.0 + right.abs()), "{left} and {right}");
    }
    Ok(())
}

/// The calibration, where there is one.
fn found(counts: &Counts) -> Result<Calibration, TestCaseError> {
    calibrate(counts)
        .map_err(|_| TestCaseError::reject("not every draw of answers can be calibrated"))
}

/// The conditional log-likelihood by going through every answer with the same raw score.
fn by_enumeration(thresholds: &Thresholds, persons: &[Answers]) -> f64 {
    let eta = |item: usize, step: usize| thresholds.items()[item].iter().take(step).sum::<f64>();
    let one = |answers: &Answers| {
        let items: Vec<usize> = (0..answers.len())
            .filter(|item| answers[*item].is_some())
            .collect();
        let score: usize = answers.iter().flatten().sum();
        let mut all = vec![(0, 0.0)];
        for item in &items {
            let steps = 0..=thresholds.items()[*item].len();
            let longer = |(sum, log): (usize, f64)| {
                steps
                    .clone()
                    .map(move |step| (sum + step, log - eta(*item, step)))
            };
            all = all.into_iter().flat_map(longer).collect();
        }
        let same = all.iter().filter(|(sum, _)| *sum == score);
        let gamma: f64 = same.map(|(_, log)| log.exp()).sum();
        let own = items
            .iter()
            .map(|item| -eta(*item, answers[*item].unwrap()));
        own.sum::<f64>() - gamma.ln()
    };
    let counted = persons
        .iter()
        .filter(|answers| answers.iter().flatten().count() > 1);
    counted.map(one).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_global_rejects: 4096, ..ProptestConfig::default() })]

    #[test]
    fn the_likelihood_is_that_of_every_answer_and_largest((categories, persons) in persons(true)) {
        let calibration = found(&count(categories, &persons))?;
        prop_assume!(!calibration.downcoding.changes());
        let thresholds = flat(&calibration.thresholds);
        prop_assert!(thresholds.iter().sum::<f64>().abs() < 1e-9);
        let here = by_enumeration(&calibration.thresholds, &persons);
        prop_assert!((here - calibration.log_likelihood).abs() < 1e-8 * here.abs());
        for (item, own) in calibration.thresholds.items().iter().enumerate() {
            for at in 0..own.len() {
                for by in [-0.01, 0.01] {
                    let mut moved = calibration.thresholds.items().to_vec();
                    moved[item][at] += by;
                    let there = by_enumeration(&Thresholds::new(moved).unwrap(), &persons);
                    prop_assert!(there <= here + 1e-9);
                }
            }
        }
    }

    #[test]
    fn the_order_of_items_does_not_matter((categories, persons) in persons(true)) {
        let first = found(&count(categories, &persons))?;
        let turned: Vec<Answers> = persons.iter().map(|answers| answers.iter().rev().copied().collect()).collect();
        let second = calibrate(&count(categories, &turned)).unwrap();
        let mut back = second.thresholds.items().to_vec();
        back.reverse();
        assert_near(&back.concat(), &flat(&first.thresholds), 1e-8)?;
        let mut errors = second.standard_errors.clone();
        errors.reverse();
        assert_near(&errors.concat(), &first.standard_errors.concat(), 1e-6)?;
        assert_near(&[second.log_likelihood], &[first.log_likelihood], 1e-12)?;
    }

    #[test]
    fn turning_all_items_mirrors_the_thresholds((categories, persons) in persons(true)) {
        let first = found(&count(categories, &persons))?;
        prop_assume!(!first.downcoding.changes());
        let turn = |answers: &Answers| answers.iter().map(|answer| answer.map(|step| categories - 1 - step)).collect();
        let turned: Vec<Answers> = persons.iter().map(turn).collect();
        let second = calibrate(&count(categories, &turned)).unwrap();
        let mirrored = second.thresholds.items().iter().flat_map(|item| item.iter().rev().map(|threshold| -threshold));
        assert_near(&mirrored.collect::<Vec<f64>>(), &flat(&first.thresholds), 1e-8)?;
        assert_near(&[second.log_likelihood], &[first.log_likelihood], 1e-10)?;
    }

    #[test]
    fn a_population_is_mirrored_too((categories, persons) in persons(true)) {
        let counts = count(categories, &persons);
        let Ok(first) = calibrate_population(&counts) else { return Err(TestCaseError::reject("no spread")) };
        prop_assume!(!first.downcoding.changes());
        let turn = |answers: &Answers| answers.iter().map(|answer| answer.map(|step| categories - 1 - step)).collect();
        let turned: Vec<Answers> = persons.iter().map(turn).collect();
        let second = calibrate_population(&count(categories, &turned)).unwrap();
        let mirrored = second.thresholds.items().iter().flat_map(|item| item.iter().rev().map(|threshold| -threshold));
        assert_near(&mirrored.collect::<Vec<f64>>(), &flat(&first.thresholds), 1e-7)?;
        assert_near(&[second.deviance, second.latent_variance], &[first.deviance, first.latent_variance], 1e-7)?;
        prop_assert!(first.eap_reliability > 0.0 && first.eap_reliability < 1.0);
    }

    #[test]
    fn units_add_up_in_any_order((categories, persons) in persons(true), cut in 1..59_usize) {
        let whole = count(categories, &persons);
        let (left, right) = persons.split_at(cut);
        let (left, right) = (count(categories, left), count(categories, right));
        let mut one = left.clone();
        one.merge(&right).unwrap();
        let mut other = right.clone();
        other.merge(&left).unwrap();
        prop_assert_eq!(&one, &whole);
        prop_assert_eq!(&other, &whole);
    }

    #[test]
    fn a_hundred_thousand_times_the_persons_have_the_same_thresholds((categories, persons) in persons(true)) {
        let counts = count(categories, &persons);
        let few = found(&counts)?;
        let times = |counts: &Vec<u64>| counts.iter().map(|count| count * 100_000).collect::<Vec<u64>>();
        let more = counts.patterns().iter().map(|pattern| Pattern {
            answered: pattern.answered,
            scores: times(&pattern.scores),
            categories: pattern.categories.iter().map(times).collect(),
        });
        let many = Counts::by_pattern(&vec![categories; counts.items()], more.collect()).unwrap();
        let many = calibrate(&many).unwrap();
        assert_near(&flat(&many.thresholds), &flat(&few.thresholds), 1e-8)?;
        assert_near(&[many.log_likelihood], &[few.log_likelihood * 1e5], 1e-10)?;
        let errors: Vec<f64> = many.standard_errors.concat().iter().map(|error| error * 1e5_f64.sqrt()).collect();
        assert_near(&errors, &few.standard_errors.concat(), 1e-6)?;
    }

    #[test]
    fn a_category_that_nobody_could_choose_changes_nothing((categories, persons) in persons(true)) {
        let first = found(&count(categories, &persons))?;
        prop_assume!(!first.downcoding.changes());
        let raised: Vec<Answers> = persons.iter().map(|answers| {
            answers.iter().enumerate().map(|(item, answer)| answer.map(|step| step + usize::from(item == 0))).collect()
        }).collect();
        let second = calibrate(&count(categories + 2, &raised)).unwrap();
        prop_assert_eq!(second.downcoding.recoded().len(), raised[0].len());
        prop_assert_eq!(second.downcoding.kept(0)[0], 1);
        assert_near(&flat(&second.thresholds), &flat(&first.thresholds), 1e-12)?;
    }
}
