//! Noise for open data.

use proptest::prelude::*;
use survey_engine::disclosure::{TwoSidedGeometric, non_negative_count};

/// A generator for tests (`SplitMix64`).
fn source(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }
}

/// Pearson's statistic of 100,000 draws, over the values from `-most` to `most` and the two tails together, and its mean and standard
/// deviation if the draws follow the distribution.
fn chi_square(noise: &TwoSidedGeometric, seed: u64, most: i64) -> (f64, f64) {
    const DRAWS: u32 = 100_000;
    let mut random = source(seed);
    let mut counts = vec![0_u32; usize::try_from(2 * most + 1).unwrap()];
    let mut beyond = 0_u32;
    for _ in 0..DRAWS {
        let z = noise.sample(&mut random);
        match usize::try_from(z + most)
            .ok()
            .and_then(|at| counts.get_mut(at))
        {
            Some(count) => *count += 1,
            None => beyond += 1,
        }
    }
    let part = |count: u32, probability: f64| {
        let expected = f64::from(DRAWS) * probability;
        (f64::from(count) - expected).powi(2) / expected
    };
    let inside = (-most..=most).zip(&counts);
    let tail = noise.tail(most.unsigned_abs() + 1);
    let sum = inside
        .map(|(z, count)| part(*count, noise.probability(z)))
        .sum::<f64>()
        + part(beyond, tail);
    let freedom = f64::from(u32::try_from(2 * most + 1).unwrap());
    ((sum - freedom) / (2.0 * freedom).sqrt(), sum)
}

#[test]
fn draws_follow_the_distribution() {
    let settings = [
        (1.0, 1, 6),
        (0.5, 1, 12),
        (1.0, 2, 12),
        (0.1, 1, 40),
        (3.0, 1, 1),
        (0.3, 7, 60),
    ];
    for (seed, (epsilon, sensitivity, most)) in (1..).zip(settings) {
        let noise = TwoSidedGeometric::new(epsilon, sensitivity).unwrap();
        let (off, sum) = chi_square(&noise, seed, most);
        assert!(
            off.abs() < 4.0,
            "epsilon {epsilon}, sensitivity {sensitivity}: chi-square {sum}"
        );
    }
}

#[test]
fn a_draw_repeats_with_its_bits() {
    let noise = TwoSidedGeometric::new(0.7, 3).unwrap();
    let (mut one, mut other) = (source(9), source(9));
    let drawn: Vec<i64> = (0..50).map(|_| noise.sample(&mut one)).collect();
    assert_eq!(
        drawn,
        (0..50)
            .map(|_| noise.sample(&mut other))
            .collect::<Vec<i64>>()
    );
}

#[test]
fn what_is_no_noise_is_refused() {
    for epsilon in [0.0, -1.0, 65.0, 1e-9, f64::NAN, f64::INFINITY] {
        assert_eq!(TwoSidedGeometric::new(epsilon, 1), None);
    }
    assert_eq!(TwoSidedGeometric::new(1.0, 0), None);
}

proptest! {
    #[test]
    fn the_distribution_is_one(epsilon in 0.02..8.0_f64, sensitivity in 1..5_u32, z in 1..200_u32) {
        let noise = TwoSidedGeometric::new(epsilon, sensitivity).unwrap();
        let inside: f64 = (1 - i64::from(z)..i64::from(z)).map(|z| noise.probability(z)).sum();
        prop_assert!((inside + noise.tail(u64::from(z)) - 1.0).abs() < 1e-10);
        // One person more or less changes no probability by more than the factor exp(epsilon).
        let (here, there) = (noise.probability(i64::from(z)), noise.probability(i64::from(z + sensitivity)));
        prop_assert!(here <= there * epsilon.exp() * (1.0 + 1e-9) || here < 1e-290);
        let second: f64 = (1..40_000).map(|z| 2.0 * (z * z) as f64 * noise.probability(z)).sum();
        prop_assert!((second - noise.variance()).abs() <= 1e-8 * noise.variance());
    }

    #[test]
    fn counts_stay_counts(count in 0..100_u64, noise in -200..200_i64) {
        let noisy = non_negative_count(count, noise);
        prop_assert_eq!(i64::try_from(noisy).unwrap(), (i64::try_from(count).unwrap() + noise).max(0));
    }
}
