//! Secrets that are needed for every answer, kept in memory as long as their files are what they were.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::key_dir::KeyError;
use super::key_file::{failed, read_key};
use super::secret::SecretKey;

/// Which file it is, and since when it has its content, its name and its mode.
type Mark = (u64, u64, i64, i64);

/// Secrets by their files. One whose file was destroyed, by whichever process, is not given any more.
#[derive(Debug, Default)]
pub(super) struct Remembered(Mutex<HashMap<PathBuf, (Mark, SecretKey)>>);

impl Remembered {
    /// The secret in a file; `None` where there is none (any more).
    pub(super) fn secret(&self, path: &Path) -> Result<Option<SecretKey>, KeyError> {
        // Looked at before it is read: a file that changes in between is read again the next time.
        let Some(mark) = mark_of(path).map_err(failed(path, "read"))? else {
            self.forget(path);
            return Ok(None);
        };
        if let Some((known, key)) = self.lock().get(path)
            && *known == mark
        {
            return Ok(Some(key.clone()));
        }
        let key = read_key(path)?;
        if let Some(key) = &key {
            self.lock().insert(path.to_owned(), (mark, key.clone()));
        }
        Ok(key)
    }

    /// Clears a secret from memory.
    pub(super) fn forget(&self, path: &Path) {
        self.lock().remove(path);
    }

    /// Clears the secrets from memory whose files are gone or changed.
    pub(super) fn forget_destroyed(&self) {
        self.lock()
            .retain(|path, (mark, _)| matches!(mark_of(path), Ok(Some(now)) if now == *mark));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, (Mark, SecretKey)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn mark_of(path: &Path) -> io::Result<Option<Mark>> {
    match std::fs::metadata(path) {
        Ok(file) => Ok(Some((
            file.dev(),
            file.ino(),
            file.ctime(),
            file.ctime_nsec(),
        ))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
