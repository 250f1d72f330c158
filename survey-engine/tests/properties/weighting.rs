//! Weights and designs: what must hold whatever the sample.

use proptest::prelude::*;
use survey_engine::response::CellResponse;
use survey_engine::stats::{Moments, mean_interval};
use survey_engine::weighting::{
    DesignProblem, FEWEST_RESPONDENTS, FinitePopulation, Kish, Part, ValueSums, collapse,
    design_mean, post_stratify, rake, trim, worst_case,
};

const UNLIMITED: [FinitePopulation; 1] = [FinitePopulation::Unlimited];

fn part(cell: usize, weight: f64, values: &[Option<f64>]) -> Part {
    Part {
        stratum: 0,
        cluster: None,
        cell,
        weight,
        values: ValueSums::of(values.iter().copied()),
    }
}

fn values() -> impl Strategy<Value = Vec<Option<f64>>> {
    let answer = prop::option::weighted(0.85, (1..=5_u8).prop_map(f64::from));
    prop::collection::vec(answer, 2..25)
}

/// A sample of four cells, crossed from two margins of two levels, somebody in each.
fn four() -> impl Strategy<Value = Vec<Part>> {
    prop::collection::vec(values(), 4).prop_map(|cells| {
        let cells = cells.iter().enumerate();
        let mut parts: Vec<Part> = cells.map(|(cell, own)| part(cell, 1.0, own)).collect();
        parts[0].values.add(Some(3.0));
        parts
    })
}

const CROSSED: [[usize; 2]; 4] = [[0, 0], [0, 1], [1, 0], [1, 1]];

fn crossed() -> Vec<Vec<usize>> {
    CROSSED.iter().map(|cell| cell.to_vec()).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-8 * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn one_stratum_of_persons_is_a_plain_mean(values in values(), more in 0..50_u64, weight in 0.1..9.0_f64) {
        let answered: Vec<f64> = values.iter().map(|value| value.unwrap_or(2.0)).collect();
        let values: Vec<Option<f64>> = answered.iter().copied().map(Some).collect();
        let sample = [part(0, weight, &values)];
        let population = values.len() as u64 + more;
        let result = design_mean(&sample, &[FinitePopulation::Units(population)], 0.95).unwrap();
        let moments = Moments::of(answered.iter().map(|value| (*value, 1))).unwrap();
        let interval = mean_interval(&moments, Some(population), 0.95).unwrap();
        prop_assert!(close(result.mean, moments.mean));
        prop_assert!(close(result.standard_error, moments.standard_error(Some(population)).unwrap()));
        let own = result.interval.unwrap();
        prop_assert!(close(own.lower, interval.lower) && close(own.upper, interval.upper));
        prop_assert!(own.lower <= result.mean && result.mean <= own.upper);
        if let Some(deff) = result.deff {
            prop_assert!(close(deff, more as f64 / population as f64));
        }
    }

    #[test]
    fn how_a_sample_is_cut_into_parts_does_not_matter(values in values(), cut in 0..25_usize, weight in 0.1..9.0_f64) {
        prop_assume!(values.iter().any(Option::is_some));
        let cut = cut.min(values.len());
        let whole = design_mean(&[part(0, weight, &values)], &UNLIMITED, 0.9).unwrap();
        let halves = [part(0, weight, &values[cut..]), part(0, weight, &values[..cut])];
        let halves = design_mean(&halves, &UNLIMITED, 0.9).unwrap();
        prop_assert!(close(whole.mean, halves.mean) && close(whole.standard_error, halves.standard_error));
        prop_assert!(close(whole.total_standard_error, halves.total_standard_error));
        prop_assert_eq!(whole.df, halves.df);
    }

    #[test]
    fn the_unit_of_the_values_does_not_matter(sample in four(), shift in -50.0..50.0_f64, scale in 0.1..20.0_f64) {
        let moved: Vec<Part> = sample.iter().map(|part| {
            let ValueSums { answered, sum, squares, .. } = part.values;
            let n = answered as f64;
            let values = ValueSums {
                sum: scale * sum + n * shift,
                squares: scale * scale * squares + 2.0 * scale * shift * sum + n * shift * shift,
                ..part.values
            };
            Part { values, ..*part }
        }).collect();
        let margins = [vec![30.0, 70.0], vec![55.0, 45.0]];
        let calibration = rake(&sample, &crossed(), &margins).unwrap();
        let (one, other) = (calibration.mean(&sample, &UNLIMITED).unwrap(), calibration.mean(&moved, &UNLIMITED).unwrap());
        prop_assert!(close(other.mean, scale * one.mean + shift));
        prop_assert!((other.standard_error - scale * one.standard_error).abs() < 1e-6 * (1.0 + other.standard_error));
    }

    #[test]
    fn a_person_in_a_cluster_is_a_person(values in values()) {
        prop_assume!(values.iter().any(Option::is_some));
        let alone: Vec<Part> = values.iter().enumerate().map(|(at, value)| Part {
            cluster: Some(at),
            ..part(0, 1.0, &[*value])
        }).collect();
        let (one, other) = (
            design_mean(&[part(0, 1.0, &values)], &UNLIMITED, 0.95).unwrap(),
            design_mean(&alone, &UNLIMITED, 0.95).unwrap(),
        );
        prop_assert!(close(one.standard_error, other.standard_error) && close(one.total_standard_error, other.total_standard_error));
        prop_assert_eq!(one.df, other.df);
    }

    #[test]
    fn margins_are_met(sample in four(), share in 0.05..0.95_f64, other in 0.05..0.95_f64) {
        let margins = [vec![1000.0 * share, 1000.0 * (1.0 - share)], vec![1000.0 * other, 1000.0 * (1.0 - other)]];
        let calibration = rake(&sample, &crossed(), &margins).unwrap();
        for (margin, sizes) in margins.iter().enumerate() {
            for (level, size) in sizes.iter().enumerate() {
                let own = sample.iter().filter(|part| CROSSED[part.cell][margin] == level);
                let sum: f64 = own.map(|part| calibration.weight(part).unwrap() * part.values.persons as f64).sum();
                prop_assert!((sum / size - 1.0).abs() < 1e-9);
            }
        }
        let kish = calibration.kish(&sample).unwrap();
        prop_assert!(kish.deff >= 1.0 - 1e-12 && close(kish.sum, 1000.0));
        let mean = calibration.mean(&sample, &UNLIMITED).unwrap();
        prop_assert!((1.0..=5.0).contains(&mean.mean) && mean.standard_error.is_finite());
    }

    #[test]
    fn margins_that_the_cells_meet_already_are_those_of_the_cells(sample in four(), sizes in prop::collection::vec(1..500_u32, 4)) {
        let sizes: Vec<f64> = sizes.into_iter().map(f64::from).collect();
        let cells = post_stratify(&sample, &sizes).unwrap();
        let one: Vec<Vec<usize>> = (0..4).map(|cell| vec![cell]).collect();
        prop_assert_eq!(&cells, &rake(&sample, &one, std::slice::from_ref(&sizes)).unwrap());
        for part in &sample {
            prop_assert!(close(cells.factor(part.cell).unwrap(), sizes[part.cell] / part.values.persons as f64));
        }
        // Weights made twice are weights made once.
        let mean = cells.mean(&sample, &UNLIMITED).unwrap();
        let again: Vec<Part> = sample.iter().map(|part| Part { weight: cells.weight(part).unwrap(), ..*part }).collect();
        let twice = post_stratify(&again, &sizes).unwrap().mean(&again, &UNLIMITED).unwrap();
        prop_assert!(close(mean.mean, twice.mean) && close(mean.standard_error, twice.standard_error));
    }

    #[test]
    fn trimming_keeps_the_sum(weights in prop::collection::vec((0.2..40.0_f64, 1..40_u64), 1..12), times in 1.0..8.0_f64) {
        let sum: f64 = weights.iter().map(|(weight, persons)| weight * *persons as f64).sum();
        let persons: u64 = weights.iter().map(|(_, persons)| persons).sum();
        match trim(&weights, times) {
            Some(trimmed) => {
                let own: f64 = trimmed.weights.iter().zip(&weights).map(|(weight, (_, persons))| weight * *persons as f64).sum();
                prop_assert!(close(own, sum));
                prop_assert!(trimmed.weights.iter().all(|weight| *weight <= trimmed.limit * (1.0 + 1e-12)));
                prop_assert!((0.0..1.0).contains(&trimmed.share) && trimmed.persons <= persons);
            }
            None => prop_assert!(sum > 0.0),
        }
    }

    #[test]
    fn joined_cells_are_neighbours_and_large_enough(cells in prop::collection::vec((1..200_u64, 0..12_u64), 1..12)) {
        let cells: Vec<CellResponse> = cells.into_iter().map(|(more, respondents)| CellResponse {
            population: respondents + more, respondents,
        }).collect();
        let joined = collapse(&cells);
        prop_assert_eq!(joined.len(), cells.len());
        prop_assert_eq!(joined[0], 0);
        prop_assert!(joined.windows(2).all(|pair| pair[1] == pair[0] || pair[1] == pair[0] + 1));
        let count = joined[joined.len() - 1] + 1;
        for group in 0..count {
            let own = joined.iter().zip(&cells).filter(|(at, _)| **at == group);
            let respondents: u64 = own.map(|(_, cell)| cell.respondents).sum();
            prop_assert!(count == 1 || respondents >= FEWEST_RESPONDENTS);
        }
    }

    #[test]
    fn the_worst_case_holds_the_mean(mean in 0.0..=1.0_f64, respondents in 0..100_u64, silent in 0..100_u64) {
        let bounds = worst_case(mean, respondents, respondents + silent, 0.0, 1.0);
        prop_assert_eq!(bounds.is_none(), respondents + silent == 0);
        if let Some(bounds) = bounds {
            prop_assert!(bounds.lower <= mean && mean <= bounds.upper);
            prop_assert!(close(bounds.upper - bounds.lower, silent as f64 / (respondents + silent) as f64));
        }
    }
}

#[test]
fn what_cannot_be_weighted_has_a_reason() {
    let sample = [
        part(0, 1.0, &[Some(1.0), Some(2.0)]),
        part(1, 1.0, &[Some(3.0)]),
    ];
    let refused = |population: &[f64]| post_stratify(&sample, population).unwrap_err();
    let empty = DesignProblem::EmptyLevel {
        margin: 0,
        level: 2,
    };
    assert_eq!(refused(&[5.0, 5.0, 1.0]), empty);
    let unknown = DesignProblem::UnknownLevel {
        margin: 0,
        level: 1,
    };
    assert_eq!(refused(&[5.0, 0.0]), unknown);
    assert_eq!(refused(&[5.0]), DesignProblem::Shape);
    assert_eq!(refused(&[5.0, f64::NAN]), DesignProblem::BadWeight);
    assert_eq!(post_stratify(&[], &[5.0]), Err(DesignProblem::NoAnswers));
    // Nobody of a cell that nobody lives in is no problem.
    assert_eq!(
        post_stratify(&sample, &[5.0, 5.0, 0.0]).unwrap().factor(2),
        None
    );

    let cells = [vec![0, 0], vec![1, 1]];
    let margins = |a, b| rake(&sample, &cells, &[a, b]).unwrap_err();
    let differ = margins(vec![5.0, 5.0], vec![6.0, 5.0]);
    assert_eq!(differ, DesignProblem::TotalsDiffer);
    // Both margins tell the same persons apart, and want different numbers of them.
    let impossible = margins(vec![5.0, 5.0], vec![6.0, 4.0]);
    assert_eq!(impossible, DesignProblem::NotConverged);
}

#[test]
fn designs_without_a_standard_error_have_a_reason() {
    let one = [part(0, 1.0, &[Some(1.0)])];
    let single = DesignProblem::SingleUnit { stratum: 0 };
    assert_eq!(design_mean(&one, &UNLIMITED, 0.95), Err(single));
    let all = design_mean(&one, &[FinitePopulation::Units(1)], 0.95).unwrap();
    assert_eq!(
        (all.mean, all.standard_error, all.df, all.interval, all.deff),
        (1.0, 0.0, 0, None, None)
    );
    let two = [part(0, 1.0, &[Some(1.0), Some(2.0)])];
    let small = DesignProblem::PopulationTooSmall { stratum: 0 };
    assert_eq!(
        design_mean(&two, &[FinitePopulation::Units(1)], 0.95),
        Err(small)
    );
    assert_eq!(design_mean(&two, &[], 0.95), Err(DesignProblem::Shape));
    let silent = [part(0, 1.0, &[None, None])];
    assert_eq!(
        design_mean(&silent, &UNLIMITED, 0.95),
        Err(DesignProblem::NoAnswers)
    );
    let weightless = [part(0, 0.0, &[Some(1.0), Some(2.0)])];
    assert_eq!(
        design_mean(&weightless, &UNLIMITED, 0.95),
        Err(DesignProblem::BadWeight)
    );
    let mixed = [
        two[0],
        Part {
            cluster: Some(1),
            ..two[0]
        },
    ];
    assert_eq!(
        design_mean(&mixed, &UNLIMITED, 0.95),
        Err(DesignProblem::MixedUnits)
    );
}

/// `trimWeights(strict = TRUE)` of R's survey package 4.1.1.
#[test]
fn weights_are_trimmed_as_in_r() {
    let weights = [(1.0, 30), (1.5, 20), (4.8, 6), (9.0, 3), (14.0, 1)];
    let trimmed = trim(&weights, 3.0).unwrap();
    let expected = [1.646, 2.146, 3.75, 3.75, 3.75];
    for (got, expected) in trimmed.weights.iter().zip(expected) {
        assert!((got - expected).abs() < 1e-12);
    }
    assert_eq!((trimmed.limit, trimmed.persons), (3.75, 10));
    assert!((trimmed.share - 32.3 / 129.8).abs() < 1e-12);
    assert_eq!(trim(&[], 5.0), None);
    assert_eq!(Kish::of([]), None);
}
