//! Backups: one file with everything of both stores as it was at one moment, the same for either database.
//!
//! Nothing in it is open that would tell who answered what: ballots are sealed as they are in the mailbox, and copies of secrets are
//! sealed to the recovery key.

mod format;
mod reading;
mod writing;

pub use format::{Header, Schemas};
pub use reading::{Checked, Outcome, check, restore};
pub use writing::{Written, write};

use crate::error::Error;
use std::io::ErrorKind;
use std::path::Path;

/// The error of an action on a file that the system refused.
fn refused(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.display().to_string();
    move |cause| match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::StorageFull,
        ErrorKind::AlreadyExists => Error::conflict(
            "already_exists",
            format!("{path} is there already; nothing was written."),
        ),
        _ => Error::conflict(
            "file_refused",
            format!("{path} cannot be {action}: {cause}."),
        ),
    }
}
