//! The engine against results that other software computed.
//!
//! `../reference/core_cases.json` is written by the script beside it. A larger collection of public data sets with results from R is
//! not part of this repository; where it is present its cases are checked as well.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod collection;
mod figures;
mod own;
#[path = "../support/mod.rs"]
mod support;
mod suppression;

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

/// A count that was read as a floating point number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the data hold small whole numbers"
)]
fn whole(value: f64) -> u8 {
    assert!(
        (0.0..=255.0).contains(&value) && value.fract() == 0.0,
        "{value}"
    );
    value as u8
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}
