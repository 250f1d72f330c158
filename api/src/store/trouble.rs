//! Whether the disk below the embedded database has failed.
//!
//! After a failed write or sync nobody knows what lies on the disk: the system may have dropped what it could not write and report
//! the next sync as a success (<https://wiki.postgresql.org/wiki/Fsync_Errors>). So the first failure ends all writing of this
//! process. PostgreSQL does the same by itself: it stops and recovers.

use crate::error::Error;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes that are written to see whether there is room.
const PROBE: usize = 128 * 1024;

/// Shared by everything that writes to the stores of one process.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    /// Where the files lie; nothing where a database server keeps them.
    folder: Option<PathBuf>,
    failed: AtomicBool,
}

impl Trouble {
    pub(super) fn at(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            failed: AtomicBool::new(false),
        }
    }

    /// Whether a write has failed in a way that ends all writing.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::SeqCst)
    }

    /// An error where writing has ended.
    pub(super) fn check(&self) -> crate::error::Result<()> {
        if self.has_failed() {
            return Err(Error::StorageFailed(anyhow::anyhow!(
                "an earlier write has failed"
            )));
        }
        Ok(())
    }

    /// Takes note of a failure to write. SQLite tells some cases of a full disk as a failure of the disk, so there is a second look.
    pub(super) fn judge(&self, error: Error) -> Error {
        let Error::StorageFailed(cause) = error else {
            return error;
        };
        if self.folder.as_deref().is_some_and(is_full) {
            return Error::StorageFull;
        }
        if !self.failed.swap(true, Ordering::SeqCst) {
            tracing::error!(
                "a write to the disk has failed; nothing more is written until a restart: {cause:#}"
            );
        }
        Error::StorageFailed(cause)
    }
}

/// Whether the file system of a folder takes no more.
fn is_full(folder: &Path) -> bool {
    let path = folder.join(format!("room-{}", crate::random::uuid()));
    let written = std::fs::File::create_new(&path).and_then(|mut file| {
        file.write_all(&vec![0; PROBE])
            .and_then(|()| file.sync_data())
    });
    drop(std::fs::remove_file(&path));
    written.is_err_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_of_the_disk_ends_all_writing_and_other_failures_do_not() {
        let trouble = Trouble::at(Some(std::env::temp_dir()));
        for passing in [Error::Busy, Error::StorageFull] {
            trouble.judge(passing);
            trouble.check().unwrap();
        }
        let failed = Error::StorageFailed(anyhow::anyhow!("disk I/O error"));
        assert!(matches!(trouble.judge(failed), Error::StorageFailed(_)));
        assert!(matches!(trouble.check(), Err(Error::StorageFailed(_))));
    }
}
