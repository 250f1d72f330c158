//! No combination of what is released is about fewer persons than the minimum.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod audit;
mod leaks;
mod masks;
mod noise;
mod rules;
mod tables;
mod tree;

use survey_engine::disclosure::Decision;

fn flags(decisions: &[Decision]) -> Vec<bool> {
    decisions.iter().map(Decision::is_release).collect()
}
