//! Counting responses: a batch beside a loop written for it alone, one by one, and on all cores (`--features rayon`).
//!
//! `benches/against-peers` compares processor seconds with those of other software.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark"
)]

#[path = "workload/mod.rs"]
mod workload;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use survey_engine::tally::Tally;
use workload::{ITEMS, Workload, blueprint, by_hand, engine};

const PERSONS: u32 = 200_000;

/// Answers of persons who differ, from a fixed sequence; one in about thirty is missing.
fn workload() -> Workload {
    let mut state = 1_u64;
    let mut next = move |below: u64| {
        // Constants of Knuth's generator MMIX.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut made = Workload {
        answers: Vec::new(),
        groups: Vec::new(),
        schools: Vec::new(),
    };
    for _ in 0..PERSONS {
        let trait_level = next(3);
        for _ in 0..ITEMS {
            let answer = if next(31) == 0 {
                0
            } else {
                1 + trait_level + next(3)
            };
            made.answers.push(u8::try_from(answer).unwrap());
        }
        made.groups.push(u8::try_from(next(4)).unwrap());
        made.schools.push(u8::try_from(next(200)).unwrap());
    }
    made
}

fn counting(criterion: &mut Criterion) {
    let workload = workload();
    let blueprint = blueprint();
    let mut group = criterion.benchmark_group("counting");
    group
        .throughput(Throughput::Elements(u64::from(PERSONS)))
        .sample_size(20);
    group.bench_function("batch", |bench| {
        bench.iter(|| engine(&blueprint, &workload));
    });
    group.bench_function("by hand", |bench| {
        bench.iter(|| by_hand(&workload));
    });
    group.bench_function("one by one", |bench| {
        bench.iter(|| {
            let mut tally = Tally::new(&blueprint);
            for packed in workload.answers.chunks_exact(ITEMS) {
                tally.add(&blueprint, packed).unwrap();
            }
            tally
        });
    });
    #[cfg(feature = "rayon")]
    group.bench_function("batch on all cores", |bench| {
        bench.iter(|| workload::engine_in_parallel(&blueprint, &workload));
    });
    group.finish();
}

criterion_group!(benches, counting);
criterion_main!(benches);
