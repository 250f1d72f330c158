//! Counts a workload in a folder and prints figures and processor seconds as JSON, for `benches/peers.py`.
//!
//! The folder holds `x.bin` (forty answers a person, a byte each), `group.bin` and `school.bin` (a byte a person).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement may stop at anything wrong"
)]
#![allow(dead_code, reason = "the workload is shared with the benchmarks")]

#[path = "../benches/workload/mod.rs"]
mod workload;

use std::hint::black_box;
use std::path::PathBuf;

use cpu_time::ProcessTime;
use workload::{Figures, Workload};

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap());
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let workload = Workload {
        answers: read("x.bin"),
        groups: read("group.bin"),
        schools: read("school.bin"),
    };
    let blueprint = workload::blueprint();
    let rounds = 7;
    let read_once = seconds(rounds, || black_box(sum(&workload.answers)));
    let by_hand = seconds(rounds, || workload::by_hand(&workload));
    let engine = seconds(rounds, || workload::engine(&blueprint, &workload));
    let figures = workload::engine(&blueprint, &workload);
    let hand_figures = workload::by_hand(&workload);
    check(&figures, &hand_figures);
    let result = serde_json::json!({
        "read_once": read_once,
        "by_hand": by_hand,
        "engine": engine,
        "means": figures.means,
        "favourable": figures.favourable,
        "alphas": figures.alphas,
    });
    println!("{result}");
}

/// The median of the processor seconds of several calls, after one that does not count.
fn seconds<T>(rounds: usize, call: impl Fn() -> T) -> f64 {
    black_box(call());
    let mut all: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = ProcessTime::now();
            black_box(call());
            start.elapsed().as_secs_f64()
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all[rounds / 2]
}

fn sum(bytes: &[u8]) -> u64 {
    bytes
        .chunks(255)
        .map(|part| part.iter().map(|byte| u64::from(*byte)).sum::<u64>())
        .sum()
}

fn check(engine: &Figures, by_hand: &Figures) {
    let pairs = [
        (&engine.means, &by_hand.means),
        (&engine.favourable, &by_hand.favourable),
        (&engine.alphas, &by_hand.alphas),
    ];
    for (engine, by_hand) in pairs {
        assert_eq!(engine.len(), by_hand.len());
        let equal = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * b.abs();
        assert!(
            engine.iter().zip(by_hand).all(equal),
            "the engine and the loop by hand differ"
        );
    }
}
