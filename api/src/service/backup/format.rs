//! The form of a backup: lines of JSON.
//!
//! ```text
//! {"klankbord":"backup","format":1,"version":"0.1.0","moment":"…","database":"sqlite","schemas":{…},"tenants":1}
//! ["roster","tenant"]
//! {"id":1,"code":"rivierenland",…}
//! …
//! ["keys"]
//! {"name":"tag-1-autumn","sealed":"…","check":"…"}
//! ["end"]
//! {"roster.tenant":1,…,"keys":4}
//! {"sha256":"…"}
//! ```
//!
//! A line in brackets says what follows: the rows of a table, in the order of their keys; the copies of secrets; or how many there
//! were of each. The last line is the digest of all bytes before it, and has one possible form.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Version of the form.
pub(super) const FORMAT: u32 = 1;
/// How every backup begins, whatever its version.
pub(super) const BEGINNING: &[u8] = b"{\"klankbord\":\"backup\",";
/// What comes before the rows of a table ends in the names of the store and the table; this comes before the copies of secrets.
pub(super) const KEYS: &str = "keys";
/// What comes before the counts.
pub(super) const END: &str = "end";

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Always `backup`.
    pub klankbord: String,
    /// Version of the form of the file.
    pub format: u32,
    /// The Klankbord that made it.
    pub version: String,
    /// The moment whose state it holds (RFC 3339).
    pub moment: String,
    /// Where the rows were: `sqlite` or `postgres`. They can be restored into either.
    pub database: String,
    /// Versions of the schemas.
    pub schemas: Schemas,
    /// Number of tenants.
    pub tenants: i64,
}

/// Versions of the schemas of both stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schemas {
    /// Of the roster.
    pub roster: String,
    /// Of the ballots.
    pub ballots: String,
}

/// Rows by `STORE.TABLE`, and copies of secrets by `keys`.
pub(super) type Counts = BTreeMap<String, u64>;

/// The last line.
pub(super) fn seal_line(digest: &[u8]) -> String {
    let hex = digest.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    });
    format!("{{\"sha256\":\"{hex}\"}}\n")
}

/// Bytes of the last line.
pub(super) const SEAL_LENGTH: usize = 78;

/// A file that ends before its last line.
pub(super) fn cut(path: &Path) -> Error {
    Error::invalid(
        "",
        "cut",
        format!(
            "{} is not complete: its end is missing. Nothing was touched. Use another copy of the backup.",
            path.display()
        ),
    )
}

/// A file that is not what was written.
pub(super) fn damaged(path: &Path, why: &str) -> Error {
    Error::invalid(
        "",
        "damaged",
        format!(
            "{} is damaged: {why}. Nothing was touched. Use another copy of the backup.",
            path.display()
        ),
    )
}

/// Reads the first line.
pub(super) fn header(path: &Path, line: &[u8]) -> Result<Header> {
    #[derive(Deserialize)]
    struct Version {
        format: u32,
        version: String,
    }
    let unreadable = |_| damaged(path, "its first line cannot be read");
    let found: Version = serde_json::from_slice(line).map_err(unreadable)?;
    if found.format != FORMAT {
        return Err(newer(path, &found.version));
    }
    serde_json::from_slice(line).map_err(unreadable)
}

/// A file that a later Klankbord wrote.
pub(super) fn newer(path: &Path, version: &str) -> Error {
    Error::conflict(
        "backup_newer",
        format!(
            "{} was made by Klankbord {version}, which writes something that this one, {}, cannot read. Nothing was touched. Restore it \
             with that Klankbord or a later one.",
            path.display(),
            env!("CARGO_PKG_VERSION")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_has_one_length() {
        assert_eq!(seal_line(&[0xa0; 32]).len(), SEAL_LENGTH);
    }
}
