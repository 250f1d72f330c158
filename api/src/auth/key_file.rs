//! Files that only their owner can read, which appear complete or not at all and vanish for good.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::key_dir::KeyError;
use super::secret::SecretKey;
use crate::random;

/// The error of an action that the system refused.
pub(super) fn failed<'a>(
    path: &'a Path,
    action: &'static str,
) -> impl FnOnce(io::Error) -> KeyError + 'a {
    move |cause| KeyError::Io {
        path: path.to_owned(),
        action,
        cause,
    }
}

fn refuse_exposed(path: &Path, permissions: &Permissions, wanted: u32) -> Result<(), KeyError> {
    let mode = permissions.mode() & 0o7777;
    let others = mode & 0o077;
    if others == 0 {
        Ok(())
    } else {
        Err(KeyError::Exposed {
            path: path.to_owned(),
            mode,
            wanted,
        })
    }
}

/// Makes a directory, with those above it, that only its owner may enter; refuses one that others may enter.
pub(super) fn ensure_directory(path: &Path) -> Result<(), KeyError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(failed(path, "created"))?;
    let metadata = std::fs::metadata(path).map_err(failed(path, "read"))?;
    refuse_exposed(path, &metadata.permissions(), 0o700)
}

/// The content of a file that only its owner can read; `None` where there is no file.
pub(super) fn read_private(path: &Path) -> Result<Option<Vec<u8>>, KeyError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, "read")(error)),
    };
    let metadata = file.metadata().map_err(failed(path, "read"))?;
    refuse_exposed(path, &metadata.permissions(), 0o600)?;
    let mut content = Vec::new();
    file.read_to_end(&mut content)
        .map_err(failed(path, "read"))?;
    Ok(Some(content))
}

/// Bytes as their file holds them: one line of base64url.
pub(super) fn bytes_text(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
    text.push('\n');
    text
}

/// The key in a file; `None` where there is no file.
pub(super) fn read_key(path: &Path) -> Result<Option<SecretKey>, KeyError> {
    let Some(bytes) = read_bytes(path)? else {
        return Ok(None);
    };
    let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyError::Damaged {
        path: path.to_owned(),
        detail: "it should hold 43 characters of base64url",
    })?;
    Ok(Some(SecretKey::from_bytes(bytes)))
}

/// The bytes that a file holds in base64url; `None` where there is no file.
pub(super) fn read_bytes(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
    let Some(content) = read_private(path)?.map(Zeroizing::new) else {
        return Ok(None);
    };
    if content.contains(&0) {
        // It is being destroyed at this moment, or was when the process ended.
        return Ok(None);
    }
    match URL_SAFE_NO_PAD.decode(content.trim_ascii()) {
        Ok(bytes) if !bytes.is_empty() => Ok(Some(Zeroizing::new(bytes))),
        _ => Err(KeyError::Damaged {
            path: path.to_owned(),
            detail: "it should hold a line of base64url",
        }),
    }
}

/// The key in a file, which is made where there is none; tells whether it was made now.
pub(super) fn read_or_create(path: &Path) -> Result<(SecretKey, bool), KeyError> {
    if let Some(key) = read_key(path)? {
        return Ok((key, false));
    }
    let key = SecretKey::generate();
    if publish(path, bytes_text(key.as_bytes()).as_bytes())? {
        return Ok((key, true));
    }
    // Another server was faster: its key counts.
    let key = read_key(path)?.ok_or_else(|| vanished(path))?;
    Ok((key, false))
}

/// A file that was there a moment ago.
pub(super) fn vanished(path: &Path) -> KeyError {
    KeyError::Damaged {
        path: path.to_owned(),
        detail: "it appeared and vanished again",
    }
}

/// Puts a complete file at `path`, in place of one that may stand there.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), KeyError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let beside = beside(folder);
    write_new(&beside, content).map_err(failed(&beside, "written"))?;
    std::fs::rename(&beside, path).map_err(failed(path, "written"))?;
    sync_directory(folder)
}

fn beside(folder: &Path) -> PathBuf {
    folder.join(format!(".new-{}", random::uuid()))
}

/// Puts a complete file at `path`, unless there is one: gives whether it did.
pub(super) fn publish(path: &Path, content: &[u8]) -> Result<bool, KeyError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let beside = beside(folder);
    let placed = write_new(&beside, content)
        .map_err(failed(&beside, "written"))
        .and_then(|()| match std::fs::hard_link(&beside, path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(failed(path, "written")(error)),
        });
    let removed = std::fs::remove_file(&beside);
    let placed = placed?;
    removed.map_err(failed(&beside, "removed"))?;
    sync_directory(folder)?;
    Ok(placed)
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Overwrites a file with zeros, syncs and unlinks it, and syncs its directory: gives whether there was one.
pub(super) fn destroy(path: &Path) -> Result<bool, KeyError> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(path, "destroyed")(error)),
    };
    let length = file.metadata().map_err(failed(path, "destroyed"))?.len();
    io::copy(&mut io::repeat(0).take(length), &mut file)
        .and_then(|_| file.sync_all())
        .and_then(|()| match std::fs::remove_file(path) {
            // Somebody else destroyed it at the same time: a round is closed by hand while a job finds it closing.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        })
        .map_err(failed(path, "destroyed"))?;
    sync_directory(path.parent().unwrap_or(Path::new(".")))?;
    Ok(true)
}

fn sync_directory(path: &Path) -> Result<(), KeyError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(failed(path, "synced"))
}
