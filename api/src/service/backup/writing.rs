//! Making a backup.

use super::format::{Counts, END, FORMAT, Header, KEYS, Schemas, seal_line};
use super::refused;
use crate::auth::{Carried, KeyDirectory};
use crate::clock::{Clock, to_rfc3339};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::store::Side;
use crate::store::copy::{Sink, Snapshot};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// What was written.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Written {
    /// The file.
    pub file: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// The moment whose state it holds (RFC 3339).
    pub moment: String,
    /// Rows by store and table.
    pub rows: Counts,
    /// Copies of secrets, sealed to the recovery key.
    pub keys: u64,
}

/// Writes everything of both stores, as it is at this moment, into one new file: at `to`, or within that folder, or within the
/// present one. A server may go on writing meanwhile. The file appears complete and synced, or not at all.
///
/// It waits for databases and disks: not for a thread that serves requests.
///
/// # Errors
/// [`Error::Conflict`] where the file is there already, cannot be written, or the stores are not those of this Klankbord;
/// [`Error::StorageFull`]; [`Error::Busy`]; [`Error::Unavailable`].
pub fn write(config: &Config, clock: &Clock, to: Option<&Path>) -> Result<Written> {
    // Secrets are looked for before and after the moment: one that a round of that moment needs was there at one of these times.
    let mut copies = copies(config)?;
    let mut snapshot = Snapshot::take(config)?;
    let moment = to_rfc3339(clock.now_ms());
    copies.extend(self::copies(config)?);
    let path = target(to, &moment);
    if path.exists() {
        return Err(refused(&path, "written")(
            std::io::ErrorKind::AlreadyExists.into(),
        ));
    }
    let header = Header {
        klankbord: "backup".to_owned(),
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        moment: moment.clone(),
        database: snapshot.database.to_owned(),
        schemas: Schemas {
            roster: snapshot.roster_schema.clone(),
            ballots: snapshot.ballots_schema.clone(),
        },
        tenants: snapshot.tenants()?,
    };
    let partial = Partial::new(&path)?;
    let mut lines = Lines {
        path: partial.path.clone(),
        file: BufWriter::with_capacity(1 << 18, partial.create()?),
        digest: Sha256::new(),
        line: Vec::new(),
        bytes: 0,
        counts: Counts::new(),
        counted: String::new(),
    };
    lines.put(&header)?;
    snapshot.each(&mut lines)?;
    drop(snapshot);
    let keys = copies.len() as u64;
    lines.begin(&[KEYS])?;
    for copy in copies.values() {
        lines.row(copy)?;
    }
    lines.put(&[END])?;
    let mut rows = std::mem::take(&mut lines.counts);
    lines.put(&rows)?;
    let bytes = lines.end()?;
    partial.publish(&path)?;
    rows.remove(KEYS);
    Ok(Written {
        file: path,
        bytes,
        moment,
        rows,
        keys,
    })
}

fn copies(config: &Config) -> Result<BTreeMap<String, Carried>> {
    let copies = KeyDirectory::copies(&config.key_dir())
        .map_err(|error| Error::conflict("keys_refused", error.to_string()))?;
    Ok(copies
        .into_iter()
        .map(|copy| (copy.name.clone(), copy))
        .collect())
}

/// `2026-11-23T09:30:00.123Z` as it can stand in the name of a file: `20261123T093000Z`.
pub(super) fn compact(moment: &str) -> String {
    let seconds = moment.split(['.', 'Z']).next().unwrap_or(moment);
    let plain: String = seconds
        .chars()
        .filter(|character| !matches!(character, '-' | ':'))
        .collect();
    format!("{plain}Z")
}

fn target(to: Option<&Path>, moment: &str) -> PathBuf {
    let name = format!("klankbord-backup-{}.kb", compact(moment));
    match to {
        Some(folder) if folder.is_dir() => folder.join(name),
        Some(file) => file.to_owned(),
        None => PathBuf::from(name),
    }
}

/// A file that is being written beside its place, gone when this is dropped.
struct Partial {
    folder: PathBuf,
    path: PathBuf,
}

impl Partial {
    fn new(target: &Path) -> Result<Self> {
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        if !folder.is_dir() {
            return Err(Error::not_found("folder", folder.display().to_string()));
        }
        let path = folder.join(format!(".klankbord-backup-{}", crate::random::uuid()));
        Ok(Self { folder, path })
    }

    fn create(&self) -> Result<File> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.path)
            .map_err(refused(&self.path, "written"))
    }

    /// Gives the file its name, unless another one has it.
    fn publish(&self, target: &Path) -> Result<()> {
        std::fs::hard_link(&self.path, target)
            .or_else(|error| match error.kind() {
                std::io::ErrorKind::AlreadyExists => Err(error),
                // A file system without links.
                _ if target.exists() => Err(std::io::ErrorKind::AlreadyExists.into()),
                _ => std::fs::rename(&self.path, target),
            })
            .and_then(|()| File::open(&self.folder)?.sync_all())
            .map_err(refused(target, "written"))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.path));
    }
}

/// Writes lines, and keeps a digest and counts of them.
struct Lines {
    path: PathBuf,
    file: BufWriter<File>,
    digest: Sha256,
    line: Vec<u8>,
    bytes: u64,
    counts: Counts,
    /// What is being counted.
    counted: String,
}

impl Lines {
    fn put(&mut self, value: &impl Serialize) -> Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value).map_err(Error::internal)?;
        self.line.push(b'\n');
        self.digest.update(&self.line);
        self.bytes += self.line.len() as u64;
        self.file
            .write_all(&self.line)
            .map_err(refused(&self.path, "written"))
    }

    fn begin(&mut self, names: &[&str]) -> Result<()> {
        self.counted = names.join(".");
        self.counts.insert(self.counted.clone(), 0);
        self.put(&names)
    }

    fn end(mut self) -> Result<u64> {
        let last = seal_line(&self.digest.finalize());
        let refused = || refused(&self.path, "written");
        self.file.write_all(last.as_bytes()).map_err(refused())?;
        let file = self
            .file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .map_err(refused())?;
        file.sync_all().map_err(refused())?;
        Ok(self.bytes + last.len() as u64)
    }
}

impl Sink for Lines {
    fn table(&mut self, side: Side, table: &'static str) -> Result<()> {
        self.begin(&[side.name(), table])
    }

    fn row(&mut self, row: &impl Serialize) -> Result<()> {
        if let Some(count) = self.counts.get_mut(&self.counted) {
            *count += 1;
        }
        self.put(row)
    }
}
