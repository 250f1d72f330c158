//! Internal consistency of scales.

mod alpha;

pub use alpha::{AlphaUndefined, cronbach_alpha, feldt_interval};
