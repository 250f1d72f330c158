//! The engine against results that other software computed.
//!
//! `core_cases.json` is written by the script beside it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod own;
#[path = "../support/mod.rs"]
mod support;

use serde_json::Value;

/// Within `relative` of `expected`, or `relative` of 1 where that is larger.
fn close(got: f64, expected: &Value, relative: f64) {
    let expected = expected
        .as_f64()
        .unwrap_or_else(|| panic!("{got} where {expected} was expected"));
    let allowed = relative * expected.abs().max(1.0);
    assert!(
        (got - expected).abs() <= allowed,
        "got {got}, expected {expected}"
    );
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}
