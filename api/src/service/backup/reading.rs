//! Checking a backup, and putting it back.

use super::format::{
    BEGINNING, Counts, END, Header, KEYS, SEAL_LENGTH, cut, damaged, header, newer, seal_line,
};
use super::refused;
use super::writing::compact;
use crate::auth::{Carried, Compared, KeyDirectory, KeyError, RecoveryKey};
use crate::clock::{Clock, to_rfc3339};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::store::copy::{self, Replaced, Restoring};
use crate::store::{Side, schema_version};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _};
use std::path::{Path, PathBuf};

/// Rows that are put in at a time.
const ROWS: usize = 500;
/// Bytes of rows that are put in at a time.
const BYTES: usize = 1 << 21;
/// Bytes that a line has at most.
const LONGEST: u64 = 1 << 28;

/// A backup that is complete and undamaged.
#[derive(Debug)]
pub struct Checked {
    path: PathBuf,
    file: File,
    digest: Vec<u8>,
    copies: Vec<Carried>,
    counts: Counts,
    /// Its first line.
    pub header: Header,
    /// How the secrets here stand to those in it.
    pub keys: Compared,
}

/// What was restored.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The moment whose state is back (RFC 3339).
    pub moment: String,
    /// Rows by store and table.
    pub rows: Counts,
    /// Secrets that were missing and are back.
    pub keys_restored: u64,
    /// Secrets that are missing: what needs them does not work.
    pub keys_missing: Vec<String>,
    /// Where the former files lie, if there was something in them.
    pub kept: Option<PathBuf>,
    /// Whether there was something in the stores, which is gone.
    pub deleted: bool,
}

/// Reads a backup from end to end, and holds its secrets against those here. Changes nothing.
///
/// # Errors
/// [`Error::Invalid`] with code `cut` or `damaged`, or where it is no backup; [`Error::Conflict`] with code `backup_newer`;
/// [`Error::NotFound`].
pub fn check(config: &Config, path: &Path) -> Result<Checked> {
    let mut file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::not_found("file", path.display().to_string()),
        _ => refused(path, "read")(error),
    })?;
    let digest = digest(path, &mut file)?;
    let mut copies = Vec::new();
    let (header, counts) = walk(path, &mut file, &digest, |part| {
        match part {
            Part::Key(copy) => copies.push(copy),
            Part::Rows(_, table, rows) => {
                if let Some(error) = rows.iter().find_map(|row| copy::check(table, row).err()) {
                    return Err(damaged(
                        path,
                        &format!("a row of {table} makes no sense ({error})"),
                    ));
                }
            }
        }
        Ok(())
    })?;
    let keys = KeyDirectory::compare(&config.key_dir(), &copies).map_err(keys_refused)?;
    Ok(Checked {
        path: path.to_owned(),
        file,
        digest,
        copies,
        counts,
        header,
        keys,
    })
}

/// Makes the content of a backup that of both stores. Where secrets are missing here, `key` gives them back; without it they stay
/// missing.
///
/// # Errors
/// [`Error::Conflict`] with code `not_empty` where there is something in the stores and `replace` does not say so, `in_use` where a
/// server runs on them, `other_keys` where the keys here are not those of the backup, `other_recovery_key`. Nothing is changed then,
/// nor after any other error.
pub fn restore(
    config: &Config,
    clock: &Clock,
    mut checked: Checked,
    key: Option<&RecoveryKey>,
    replace: bool,
) -> Result<Outcome> {
    refuse_other_keys(config, &checked, key)?;
    let mut restoring = Restoring::begin(config, replace)?;
    walk(
        &checked.path,
        &mut checked.file,
        &checked.digest,
        |part| match part {
            Part::Rows(side, table, rows) => restoring.add(side, table, rows),
            Part::Key(_) => Ok(()),
        },
    )?;
    let mut missing = checked.keys.missing;
    let mut restored = 0;
    if let Some(key) = key {
        let done = KeyDirectory::bring_back(&config.key_dir(), &checked.copies, key)
            .map_err(keys_refused)?;
        restored = done.restored.len() as u64;
        missing.retain(|name| !done.restored.contains(name));
    }
    let replaced = restoring.finish(&compact(&to_rfc3339(clock.now_ms())))?;
    let mut rows = checked.counts;
    rows.remove(KEYS);
    Ok(Outcome {
        moment: checked.header.moment,
        rows,
        keys_restored: restored,
        keys_missing: missing,
        deleted: replaced == Replaced::Deleted,
        kept: match replaced {
            Replaced::Kept(folder) => Some(folder),
            Replaced::Nothing | Replaced::Deleted => None,
        },
    })
}

fn refuse_other_keys(config: &Config, checked: &Checked, key: Option<&RecoveryKey>) -> Result<()> {
    if !checked.keys.different.is_empty() {
        return Err(Error::conflict(
            "other_keys",
            format!(
                "The key folder {} holds other keys than the backup was made with ({}); nothing was touched. Put the right key folder there, \
                 or move this one away and restore with the recovery key.",
                config.key_dir().display(),
                checked.keys.different.join(", ")
            ),
        ));
    }
    let unopened = key.map_or_else(Vec::new, |key| KeyDirectory::unopened(&checked.copies, key));
    if unopened.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(
        "other_recovery_key",
        "This recovery key does not open the keys in the backup; nothing was touched. It needs the one that was in use when the backup \
         was made.",
    ))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands behind `map_err`")]
fn keys_refused(error: KeyError) -> Error {
    Error::conflict("keys_refused", error.to_string())
}

/// What a backup is made of.
enum Part<'p> {
    Rows(Side, &'static str, &'p [Vec<u8>]),
    Key(Carried),
}

/// The digest of the file, which its last line has to repeat.
fn digest(path: &Path, file: &mut File) -> Result<Vec<u8>> {
    let refused = || refused(path, "read");
    let length = file.metadata().map_err(refused())?.len();
    let mut beginning = Vec::new();
    file.by_ref()
        .take(BEGINNING.len() as u64)
        .read_to_end(&mut beginning)
        .map_err(refused())?;
    if !BEGINNING.starts_with(&beginning) {
        return Err(damaged(
            path,
            "it does not begin as a backup of Klankbord does",
        ));
    }
    let Some(content) = length.checked_sub(SEAL_LENGTH as u64) else {
        return Err(cut(path));
    };
    file.rewind().map_err(refused())?;
    let mut digest = Sha256::new();
    let mut reader = BufReader::with_capacity(1 << 18, file.by_ref().take(content));
    loop {
        let bytes = reader.fill_buf().map_err(refused())?;
        let read = bytes.len();
        if read == 0 {
            break;
        }
        digest.update(bytes);
        reader.consume(read);
    }
    let digest = digest.finalize().to_vec();
    let mut last = Vec::new();
    file.read_to_end(&mut last).map_err(refused())?;
    let wanted = seal_line(&digest);
    if last == wanted.as_bytes() {
        return Ok(digest);
    }
    let looks_complete = last.starts_with(b"{\"sha256\":\"") && last.ends_with(b"\"}\n");
    Err(if looks_complete {
        damaged(path, "its content does not fit its digest")
    } else {
        cut(path)
    })
}

/// Where in a backup a line stands.
enum Place {
    Rows(Side, &'static str),
    Keys,
    Counts,
}

/// Goes through a backup whose digest is known.
fn walk(
    path: &Path,
    file: &mut File,
    digest: &[u8],
    mut each: impl FnMut(Part<'_>) -> Result<()>,
) -> Result<(Header, Counts)> {
    let refused = || refused(path, "read");
    file.rewind().map_err(refused())?;
    let mut lines = Lines {
        path,
        reader: BufReader::with_capacity(1 << 18, file),
        digest: Sha256::new(),
    };
    let header = header(path, &lines.next()?)?;
    refuse_newer(path, &header)?;
    let mut found = Counts::new();
    let mut counted = String::new();
    let mut place = None;
    let mut batch = Batch::default();
    let unreadable = |what: &str| damaged(path, &format!("{what} cannot be read"));
    loop {
        let line = lines.next()?;
        if line.first() == Some(&b'[') {
            batch.flush(place.as_ref(), &mut each)?;
            let names: Vec<String> =
                serde_json::from_slice(&line).map_err(|_| unreadable("the name of a table"))?;
            place = Some(part(&names).ok_or_else(|| unreadable("the name of a table"))?);
            counted = names.join(".");
            if !matches!(place, Some(Place::Counts)) {
                found.insert(counted.clone(), 0);
            }
            continue;
        }
        if !matches!(place, Some(Place::Counts)) {
            *found.entry(counted.clone()).or_default() += 1;
        }
        match place {
            Some(Place::Rows(..)) => {
                batch.bytes += line.len();
                batch.rows.push(line);
                if batch.is_full() {
                    batch.flush(place.as_ref(), &mut each)?;
                }
            }
            Some(Place::Keys) => each(Part::Key(
                serde_json::from_slice(&line).map_err(|_| unreadable("the copy of a secret"))?,
            ))?,
            Some(Place::Counts) => {
                let counts: Counts =
                    serde_json::from_slice(&line).map_err(|_| unreadable("its counts"))?;
                if counts != found || lines.digest.clone().finalize().as_slice() != digest {
                    return Err(damaged(path, "its counts do not fit its content"));
                }
                return Ok((header, counts));
            }
            None => return Err(unreadable("the name of a table")),
        }
    }
}

fn part(names: &[String]) -> Option<Place> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names.as_slice() {
        [KEYS] => Some(Place::Keys),
        [END] => Some(Place::Counts),
        [side, table] => {
            let side = [Side::Roster, Side::Ballots]
                .into_iter()
                .find(|known| known.name() == *side)?;
            Some(Place::Rows(side, copy::table(side, table)?))
        }
        _ => None,
    }
}

fn refuse_newer(path: &Path, header: &Header) -> Result<()> {
    let (roster, ballots) = (
        schema_version(Side::Roster)?,
        schema_version(Side::Ballots)?,
    );
    if header.schemas.roster > roster || header.schemas.ballots > ballots {
        return Err(newer(path, &header.version));
    }
    Ok(())
}

/// Rows that wait to be put in together.
#[derive(Default)]
struct Batch {
    rows: Vec<Vec<u8>>,
    bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.bytes >= BYTES
    }

    fn flush(
        &mut self,
        place: Option<&Place>,
        each: &mut impl FnMut(Part<'_>) -> Result<()>,
    ) -> Result<()> {
        if let Some(Place::Rows(side, table)) = place
            && !self.rows.is_empty()
        {
            each(Part::Rows(*side, table, &self.rows))?;
        }
        self.rows.clear();
        self.bytes = 0;
        Ok(())
    }
}

/// Reads lines, and keeps a digest of them.
struct Lines<'p, 'f> {
    path: &'p Path,
    reader: BufReader<&'f mut File>,
    digest: Sha256,
}

impl Lines<'_, '_> {
    fn next(&mut self) -> Result<Vec<u8>> {
        let mut line = Vec::new();
        self.reader
            .by_ref()
            .take(LONGEST)
            .read_until(b'\n', &mut line)
            .map_err(refused(self.path, "read"))?;
        if line.last() != Some(&b'\n') {
            return Err(damaged(self.path, "a line has no end"));
        }
        self.digest.update(&line);
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::service::backup::write;

    /// A folder of its own for one test, gone afterwards, with stores that hold nothing.
    struct Folder(Config);

    impl Folder {
        fn new() -> Self {
            let config = Config {
                data_dir: std::env::temp_dir()
                    .join(format!("klankbord-backup-{}", crate::random::uuid())),
                ..Config::default()
            };
            crate::store::migrate(&config).unwrap();
            Self(config)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0.data_dir).unwrap();
        }
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_noticed() {
        let folder = Folder::new();
        let config = &folder.0;
        let path = config.data_dir.join("whole.kb");
        write(config, &Clock::fixed(0), Some(&path)).unwrap();
        assert_eq!(
            check(config, &path).unwrap().header.moment,
            "1970-01-01T00:00:00Z"
        );
        let whole = std::fs::read(&path).unwrap();
        assert!(whole.len() > 1_000);
        let code = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            match check(config, &path) {
                Err(Error::Invalid { problems, .. }) => problems[0].code.clone(),
                other => format!("{other:?}"),
            }
        };
        for length in 0..whole.len() {
            assert_eq!(code(&whole[..length]), "cut", "{length}");
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1 << (at % 8);
            let code = code(&changed);
            assert!(["cut", "damaged"].contains(&code.as_str()), "{at}: {code}");
        }
        assert_eq!(code(&[&whole[..], b"\n"].concat()), "cut");
        std::fs::write(&path, &whole).unwrap();
        assert!(check(config, &path).is_ok());
    }
}
