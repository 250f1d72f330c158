//! A million responses of forty answers, and the same figures by a loop written for nothing else.

use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};

pub(crate) const ITEMS: usize = 40;
pub(crate) const SCALES: usize = 8;
pub(crate) const GROUPS: usize = 4;
pub(crate) const SCHOOLS: usize = 200;
pub(crate) const CELLS: usize = GROUPS * SCHOOLS;
const SCALE_ITEMS: usize = ITEMS / SCALES;

/// Answers from 1 to 5, 0 for a missing one, forty a person; and the cell (group and school) of each person.
pub(crate) struct Workload {
    pub(crate) answers: Vec<u8>,
    pub(crate) groups: Vec<u8>,
    pub(crate) schools: Vec<u8>,
}

impl Workload {
    /// The number of each person's cell.
    pub(crate) fn cells(&self) -> Vec<u32> {
        let cell = |(group, school): (&u8, &u8)| u32::from(*group) * 200 + u32::from(*school);
        self.groups.iter().zip(&self.schools).map(cell).collect()
    }
}

/// Eight scales of five items.
pub(crate) fn blueprint() -> Blueprint {
    let item = |slot: usize| ItemPlan {
        id: format!("i{slot:02}"),
        slot,
        categories: 5,
        lowest: 1,
    };
    let scale = |scale: usize| ScalePlan {
        indicator: format!("S.{scale}"),
        members: (scale * SCALE_ITEMS..(scale + 1) * SCALE_ITEMS)
            .map(|item| Member {
                item,
                reversed: false,
            })
            .collect(),
    };
    let items = (0..ITEMS).map(item).collect();
    Blueprint::new(ITEMS, items, (0..SCALES).map(scale).collect()).unwrap()
}

/// What is computed: the mean of each item, the percentage of favourable answers per cell and item, and alpha of each scale.
#[derive(Debug, PartialEq)]
pub(crate) struct Figures {
    pub(crate) means: Vec<f64>,
    pub(crate) favourable: Vec<f64>,
    pub(crate) alphas: Vec<f64>,
}

/// By the engine, through its public functions.
pub(crate) fn engine(blueprint: &Blueprint, workload: &Workload) -> Figures {
    let mut tabulation = survey_engine::tally::Tabulation::new(blueprint, CELLS).unwrap();
    tabulation
        .add(&workload.answers, &workload.cells())
        .unwrap();
    figures(&tabulation)
}

/// By the engine on all cores.
#[cfg(feature = "rayon")]
pub(crate) fn engine_in_parallel(blueprint: &Blueprint, workload: &Workload) -> Figures {
    let mut tabulation = survey_engine::tally::Tabulation::new(blueprint, CELLS).unwrap();
    tabulation
        .add_in_parallel(&workload.answers, &workload.cells())
        .unwrap();
    figures(&tabulation)
}

fn figures(tabulation: &survey_engine::tally::Tabulation<'_>) -> Figures {
    let tally = tabulation.tally();
    let mean = |counts: &[u64]| {
        let persons: u64 = counts.iter().sum();
        let sum: u64 = counts
            .iter()
            .zip(1..)
            .map(|(count, value)| count * value)
            .sum();
        sum as f64 / persons as f64
    };
    let favourable = |counts: &[u64]| {
        let persons: u64 = counts.iter().sum();
        100.0 * (counts[3] + counts[4]) as f64 / persons as f64
    };
    let alpha = |scale: &survey_engine::tally::ScaleTally| {
        let n = scale.listwise();
        survey_engine::reliability::cronbach_alpha(n, scale.sums(), scale.products()).unwrap()
    };
    let cells = (0..CELLS).flat_map(|cell| tabulation.items(cell).unwrap());
    Figures {
        means: tally
            .items()
            .iter()
            .map(|item| mean(item.categories()))
            .collect(),
        favourable: cells.map(|item| favourable(item.categories())).collect(),
        alphas: tally.scales().iter().map(alpha).collect(),
    }
}

/// By hand: one pass with a count per cell, item and value, and one per scale and pattern of five answers of three bits.
pub(crate) fn by_hand(workload: &Workload) -> Figures {
    let mut counts = vec![0_u32; CELLS * ITEMS * 8];
    let mut patterns = vec![0_u32; SCALES << 15];
    let cells = workload.groups.iter().zip(&workload.schools);
    for (row, (group, school)) in workload.answers.chunks_exact(ITEMS).zip(cells) {
        let cell = usize::from(*group) * SCHOOLS + usize::from(*school);
        let counts = &mut counts[cell * ITEMS * 8..(cell + 1) * ITEMS * 8];
        for (counts, answer) in counts.chunks_exact_mut(8).zip(row) {
            counts[usize::from(*answer & 7)] += 1;
        }
        let scales = patterns.chunks_exact_mut(1 << 15).zip(row.chunks_exact(5));
        for (patterns, row) in scales {
            let pattern = row
                .iter()
                .fold(0, |pattern, answer| pattern << 3 | usize::from(*answer));
            patterns[pattern] += 1;
        }
    }
    let mut totals = [0_u64; ITEMS * 8];
    for counts in counts.chunks_exact(ITEMS * 8) {
        for (total, count) in totals.iter_mut().zip(counts) {
            *total += u64::from(*count);
        }
    }
    let mean = |counts: &[u64]| {
        let persons: u64 = counts[1..6].iter().sum();
        (1..6)
            .map(|value| counts[value] * value as u64)
            .sum::<u64>() as f64
            / persons as f64
    };
    let favourable = |counts: &[u32]| {
        let persons: u32 = counts[1..6].iter().sum();
        100.0 * f64::from(counts[4] + counts[5]) / f64::from(persons)
    };
    Figures {
        means: totals.chunks_exact(8).map(mean).collect(),
        favourable: counts.chunks_exact(8).map(favourable).collect(),
        alphas: patterns.chunks_exact(1 << 15).map(alpha_by_hand).collect(),
    }
}

fn alpha_by_hand(patterns: &[u32]) -> f64 {
    let (mut n, mut sums, mut products) = (0_u64, [0_u64; 5], [[0_u64; 5]; 5]);
    for (pattern, persons) in patterns.iter().enumerate().filter(|(_, n)| **n > 0) {
        let answers = [12, 9, 6, 3, 0].map(|shift| (pattern >> shift & 7) as u64);
        if answers.contains(&0) {
            continue;
        }
        let persons = u64::from(*persons);
        n += persons;
        for i in 0..5 {
            sums[i] += persons * answers[i];
            for j in 0..5 {
                products[i][j] += persons * answers[i] * answers[j];
            }
        }
    }
    let covariance = |i: usize, j: usize| {
        (products[i][j] as f64 - sums[i] as f64 * sums[j] as f64 / n as f64) / (n - 1) as f64
    };
    let trace: f64 = (0..5).map(|i| covariance(i, i)).sum();
    let total: f64 = (0..25).map(|at| covariance(at / 5, at % 5)).sum();
    1.25 * (1.0 - trace / total)
}
