//! What must hold of every figure, whoever answered: on random data, and at the edges.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod calibration;
mod calibration_data;
mod calibration_edges;
mod calibration_scores;
mod comparison;
mod dif;
mod distributions;
mod finite;
mod multilevel;
mod reliability;
mod response;
#[path = "../support/mod.rs"]
mod support;
mod weighting;
