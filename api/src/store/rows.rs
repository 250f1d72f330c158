//! The rows of both stores. The migrations say what each column holds.
//!
//! Backups hold them as JSON. A column that is added must be an `Option` or say `#[serde(default)]`, so that a backup from before it
//! can be restored.

mod ballots;
mod bytes;
mod roster;

pub use ballots::*;
pub use roster::*;
