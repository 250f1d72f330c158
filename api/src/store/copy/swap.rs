//! New files of SQLite take the place of the present ones: both of them or none, also where the process is killed meanwhile.
//!
//! The new files lie in a folder `restoring-…`, which counts for nothing. Once they are complete and synced it is renamed to
//! `replacing-MOMENT`: from that rename on the new files are those that count, and whoever comes next finishes the work before anything
//! is opened. Each step may be repeated. Who opens a file holds the data folder locked together with others, a restore holds it alone.

use super::super::connection::{Side, make_folder};
use super::Replaced;
use crate::error::{Error, Result};
use anyhow::Context as _;
use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

const SIDES: [Side; 2] = [Side::Roster, Side::Ballots];
/// How the name of a folder begins whose files are being made.
const RESTORING: &str = "restoring-";
/// How the name of a folder begins whose files are the ones that count.
const REPLACING: &str = "replacing-";
/// How the name of a folder begins that holds former files.
const REPLACED: &str = "replaced-";
/// Where former files lie until the new ones have their places; made beforehand, and only where they are to be kept.
const FORMER: &str = "former";

/// Keeps restores away while a file is opened, until it is dropped.
///
/// # Errors
/// [`Error::Conflict`] with code `restoring` while one is at work, `restore_unfinished` where one was broken off and nobody has
/// finished it yet: who opens would find files of different moments.
pub(in crate::store) fn enter(folder: &Path) -> Result<File> {
    let door = open(folder)?;
    match door.try_lock_shared() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(restoring(folder)),
        Err(TryLockError::Error(cause)) => return Err(unlocked(folder, cause)),
    }
    refuse_unfinished(folder)?;
    Ok(door)
}

/// Takes the folder for a restore alone, until it is dropped.
///
/// # Errors
/// [`Error::Conflict`] with code `in_use` where somebody is opening a file.
pub(super) fn hold(folder: &Path) -> Result<File> {
    let door = open(folder)?;
    match door.try_lock() {
        Ok(()) => Ok(door),
        Err(TryLockError::WouldBlock) => Err(super::in_use()),
        Err(TryLockError::Error(cause)) => Err(unlocked(folder, cause)),
    }
}

fn open(folder: &Path) -> Result<File> {
    File::open(folder)
        .with_context(|| format!("{} cannot be opened", folder.display()))
        .map_err(Error::Unavailable)
}

fn unlocked(folder: &Path, cause: io::Error) -> Error {
    let cause = anyhow::Error::new(cause);
    Error::Unavailable(cause.context(format!("{} cannot be locked", folder.display())))
}

fn restoring(folder: &Path) -> Error {
    Error::conflict(
        "restoring",
        format!(
            "A backup is being restored into {}. Try again when that is done.",
            folder.display()
        ),
    )
}

/// Refuses a folder in which the files of a broken-off restore have not all taken their place yet.
pub(in crate::store) fn refuse_unfinished(folder: &Path) -> Result<()> {
    let left = leftovers(folder)
        .with_context(|| format!("{} cannot be listed", folder.display()))
        .map_err(Error::Unavailable)?;
    if left.iter().all(|one| one.moment.is_none()) {
        return Ok(());
    }
    Err(Error::conflict(
        "restore_unfinished",
        format!(
            "A restore into {} was broken off when its files began to take the place of the former ones.",
            folder.display()
        ),
    ))
}

/// Finishes what a restore that was killed had begun to put in place, and deletes what one had not. Waits for a restore that is just
/// putting its files in place; does nothing about one that is at work otherwise.
pub(in crate::store) fn settle(folder: &Path) -> io::Result<()> {
    let left = leftovers(folder)?;
    if left.is_empty() {
        return Ok(());
    }
    let door = File::open(folder)?;
    if left.iter().any(|one| one.moment.is_some()) {
        door.lock()?;
    } else {
        match door.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    for one in leftovers(folder)? {
        match one.moment {
            Some(moment) => {
                finish(folder, &one.path, &moment)?;
                tracing::warn!(
                    "a restore that was broken off was finished: the files in {} are those of the backup",
                    folder.display()
                );
            }
            None => std::fs::remove_dir_all(&one.path)?,
        }
    }
    Ok(())
}

/// What a restore has left behind.
struct Leftover {
    path: PathBuf,
    /// The moment in the name of a folder whose files count.
    moment: Option<String>,
}

fn leftovers(folder: &Path) -> io::Result<Vec<Leftover>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let moment = name.strip_prefix(REPLACING).map(str::to_owned);
        if moment.is_some() || name.starts_with(RESTORING) {
            found.push(Leftover { path, moment });
        }
    }
    Ok(found)
}

/// Where new files are made.
pub(super) fn beside(folder: &Path) -> PathBuf {
    folder.join(format!("{RESTORING}{}", crate::random::uuid()))
}

fn name(side: Side) -> String {
    format!("{}.sqlite", side.name())
}

/// Puts the new files in the place of the present ones, which are kept unless they are empty.
pub(super) fn swap(
    folder: &Path,
    beside: &Path,
    is_empty: bool,
    moment: &str,
) -> io::Result<Replaced> {
    for side in SIDES {
        File::open(beside.join(name(side)))?.sync_all()?;
    }
    if !is_empty {
        make_folder(&beside.join(FORMER))?;
    }
    sync(beside)?;
    sync(folder)?;
    let new = folder.join(format!("{REPLACING}{moment}"));
    std::fs::rename(beside, &new)?;
    sync(folder)?;
    finish(folder, &new, moment)
}

/// Puts the files in `new` where they belong. What lies there is kept, where a folder was made for it.
fn finish(folder: &Path, new: &Path, moment: &str) -> io::Result<Replaced> {
    let former = new.join(FORMER);
    let is_kept = former.is_dir();
    for name in SIDES.map(name) {
        let (present, kept) = (folder.join(&name), former.join(&name));
        // Where the new file has its place already, the former one has been kept.
        if is_kept && new.join(&name).exists() && !kept.exists() && present.exists() {
            std::fs::rename(&present, &kept)?;
        }
    }
    if is_kept {
        sync(&former)?;
    }
    for name in SIDES.map(name) {
        if new.join(&name).exists() {
            std::fs::rename(new.join(&name), folder.join(&name))?;
        }
    }
    sync(folder)?;
    let replaced = if is_kept {
        let kept = unused(folder, moment);
        std::fs::rename(&former, &kept)?;
        Replaced::Kept(kept)
    } else {
        Replaced::Nothing
    };
    sync(folder)?;
    std::fs::remove_dir_all(new)?;
    sync(folder)?;
    Ok(replaced)
}

/// A name for the former files that no others have: there may have been another restore within this second.
fn unused(folder: &Path, moment: &str) -> PathBuf {
    let mut path = folder.join(format!("{REPLACED}{moment}"));
    let mut number = 1;
    while path.exists() {
        number += 1;
        path = folder.join(format!("{REPLACED}{moment}-{number}"));
    }
    path
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
