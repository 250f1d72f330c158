//! The time to calibrate a scale, which must not depend on the number of persons: at most 5 ms for 7 items of 5 categories.
//!
//! `cargo bench -p survey-engine --bench calibration`
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark may fail"
)]
#![allow(missing_docs, reason = "the macros write a function")]

#[path = "../tests/properties/calibration_data.rs"]
mod data;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use data::{expected, ladder};
use survey_engine::calibration::{calibrate, calibrate_population, score_table};

fn calibration(criterion: &mut Criterion) {
    let scales = [
        ("4 x 4", 4, 4),
        ("7 x 5", 7, 5),
        ("12 x 5", 12, 5),
        ("20 x 7", 20, 7),
    ];
    for (name, items, categories) in scales {
        let thresholds = ladder(items, categories, 4.0);
        for (persons, each) in [("25 thousand", 1e3), ("25 million", 1e6)] {
            let counts = expected(&thresholds, each);
            let name = format!("{name}, {persons} persons");
            criterion.bench_function(&format!("conditional, {name}"), |bencher| {
                bencher.iter(|| calibrate(black_box(&counts)).unwrap());
            });
            criterion.bench_function(&format!("population, {name}"), |bencher| {
                bencher.iter(|| calibrate_population(black_box(&counts)).unwrap());
            });
        }
        criterion.bench_function(&format!("scores, {name}"), |bencher| {
            bencher.iter(|| score_table(black_box(&thresholds)));
        });
    }
}

criterion_group!(benches, calibration);
criterion_main!(benches);
