//! Scores, rules and summaries hold what their definitions promise, for any answers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::float_cmp,
    reason = "a test may fail, and equal answers give equal bits"
)]

#[path = "../support/mod.rs"]
mod support;

mod quantiles;
mod rules;
mod summaries;

use proptest::prelude::*;

const ITEMS: usize = 6;
const CATEGORIES: u8 = 5;

/// A person's answers to [`ITEMS`] items: categories, and every kind of missing answer.
fn answers() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![5 => 1..=CATEGORIES, 1 => Just(0), 1 => 252..=255_u8];
    prop::collection::vec(code, ITEMS)
}

fn people() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(answers(), 0..40)
}
