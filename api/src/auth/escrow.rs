//! Copies of secrets, sealed to the recovery key: what a backup holds in place of the secrets.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::hpke::{OpeningKey, SealingKey};
use super::key_dir::{KeyDirectory, KeyError, STANDING, secret_file};
use super::key_file::{
    bytes_text, destroy, ensure_directory, failed, publish, read_bytes, read_private, replace,
};
use super::recovery::RecoveryKey;

/// Version of a copy: its first byte. The id of the recovery key follows, then what HPKE gives.
const VERSION: u8 = 1;
/// Bytes of the id of the recovery key.
const ID: usize = 16;
/// What copies are sealed for.
const PURPOSE: &[u8] = b"klankbord escrow 1";

/// What stands around the private half in the file that it is written to.
const EXPLANATION: &str = "\
The recovery key of this Klankbord. Keep it off this machine, on paper or in a safe, and delete this file: whoever has it
together with a backup can read the answers of rounds that were open then. Without it a backup of such a round cannot be used.
`klankbord recovery-key check` tells whether a copy of it is right.
";

/// What came out of escrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// Secrets that were missing and are there again.
    pub restored: Vec<String>,
    /// Secrets that were there.
    pub present: Vec<String>,
    /// Secrets that are there with another value: nothing was done to them.
    pub different: Vec<String>,
    /// Copies that this recovery key does not open.
    pub unreadable: Vec<String>,
}

impl KeyDirectory {
    /// The public half of the recovery key; `None` before [`Self::prepare_recovery`].
    pub fn recovery(&self) -> Result<Option<SealingKey>, KeyError> {
        Self::recovery_of(self.path())
    }

    /// Makes the recovery key where there is none, with its private half in `file`, and whatever copies are missing.
    ///
    /// A `file` that is there already is not replaced: the key in it is taken, as one that older backups may need.
    pub fn prepare_recovery(&self, file: &Path) -> Result<(), KeyError> {
        let _lock = self.lock()?;
        if self.recovery()?.is_none() {
            if let Some(folder) = file.parent().filter(|folder| !folder.exists()) {
                ensure_directory(folder)?;
            }
            let key = RecoveryKey::generate();
            let text = Zeroizing::new(format!("{EXPLANATION}\n{}\n", *key.to_text()));
            let key = if publish(file, text.as_bytes())? {
                key
            } else {
                let text = read_private(file)?.map(Zeroizing::new).unwrap_or_default();
                RecoveryKey::parse(&String::from_utf8_lossy(&text)).map_err(|_| {
                    KeyError::Damaged {
                        path: file.to_owned(),
                        detail: "it should hold a recovery key. If it is of no use, move it away and start again",
                    }
                })?
            };
            replace(&self.recovery_path(), public_text(&key, file)?.as_bytes())?;
        }
        self.escrow_all()
    }

    /// Puts a new recovery key in place of the present one, seals the copies anew, and gives its private half, which is written
    /// nowhere.
    pub fn replace_recovery(&self) -> Result<RecoveryKey, KeyError> {
        let _lock = self.lock()?;
        let key = RecoveryKey::generate();
        let path = self.recovery_path();
        replace(&path, public_text(&key, &path)?.as_bytes())?;
        self.escrow_all()?;
        Ok(key)
    }

    /// Whether this is the private half of the recovery key.
    pub fn is_recovered_by(&self, key: &RecoveryKey) -> Result<bool, KeyError> {
        let Some(public) = self.recovery()? else {
            return Ok(false);
        };
        Ok(key.opening_key().sealing_key().ok() == Some(public))
    }

    /// Names of the secrets that there are, and of those that only a copy is left of.
    pub fn secret_names(&self) -> Result<Vec<String>, KeyError> {
        let mut names = names(&self.path().join("secrets"), ".key")?;
        names.extend(names_in_escrow(self.path())?);
        names.sort();
        names.dedup();
        names.retain(|name| !STANDING.contains(&name.as_str()));
        Ok(names)
    }

    /// Copies a secret into escrow, where there is a recovery key.
    pub(super) fn escrow(&self, name: &str) -> Result<(), KeyError> {
        match self.recovery()? {
            Some(recovery) => self.escrow_to(&recovery, name),
            None => Ok(()),
        }
    }

    /// Makes the copies that are missing, and those that another recovery key opens.
    fn escrow_all(&self) -> Result<(), KeyError> {
        let Some(recovery) = self.recovery()? else {
            return Ok(());
        };
        let mut living = names(&self.path().join("secrets"), ".key")?;
        living.extend(STANDING.map(str::to_owned));
        for name in living {
            let copy = read_private(&self.escrow_path(&name)?)?;
            if !copy.is_some_and(|copy| copy_is_for(&recovery, &copy)) {
                self.escrow_to(&recovery, &name)?;
            }
        }
        Ok(())
    }

    fn escrow_to(&self, recovery: &SealingKey, name: &str) -> Result<(), KeyError> {
        let (secret, copy) = (self.secret_path(name)?, self.escrow_path(name)?);
        let Some(bytes) = read_bytes(&secret)? else {
            return Ok(());
        };
        let sealed = recovery
            .seal(PURPOSE, name.as_bytes(), &bytes)
            .map_err(|_| KeyError::Damaged {
                path: self.recovery_path(),
                detail: "it is not a public key",
            })?;
        let mut content = vec![VERSION];
        content.extend(recovery.id());
        content.extend(sealed);
        replace(&copy, &content)?;
        // Whoever destroys a secret does so before its copy: one that is there no more has left no copy, or only this one.
        if !secret.exists() {
            destroy(&copy)?;
        }
        Ok(())
    }

    pub(super) fn escrow_path(&self, name: &str) -> Result<PathBuf, KeyError> {
        // The name is checked where the secret's own path is made.
        self.secret_path(name)?;
        Ok(escrow_file(self.path(), name))
    }

    fn recovery_path(&self) -> PathBuf {
        self.path().join("recovery.pub")
    }

    /// One process at a time looks after the recovery key.
    fn lock(&self) -> Result<File, KeyError> {
        let path = self.path().join("recovery.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed(&path, "written"))?;
        file.lock().map_err(failed(&path, "locked"))?;
        Ok(file)
    }

    /// Puts the secrets back of which there is a copy in the directory at `path`, which need not have been opened: opening one makes
    /// the standing keys that it does not have. A secret that is there stays as it is.
    pub fn restore(path: &Path, key: &RecoveryKey) -> Result<Restored, KeyError> {
        for directory in ["", "signing", "secrets", "escrow"] {
            ensure_directory(&path.join(directory))?;
        }
        let opening = key.opening_key();
        let mut restored = Restored::default();
        for name in names_in_escrow(path)? {
            let copy = read_private(&escrow_file(path, &name))?.unwrap_or_default();
            let Some(bytes) = open_copy(&opening, &name, &copy) else {
                restored.unreadable.push(name);
                continue;
            };
            let secret = secret_file(path, &name)?;
            if publish(&secret, bytes_text(&bytes).as_bytes())? {
                restored.restored.push(name);
            } else if read_bytes(&secret)?.is_some_and(|there| there == bytes) {
                restored.present.push(name);
            } else {
                restored.different.push(name);
            }
        }
        Ok(restored)
    }
}

/// Whether a copy was sealed to this recovery key, by what stands before it.
pub(super) fn copy_is_for(recovery: &SealingKey, copy: &[u8]) -> bool {
    copy.get(1..=ID)
        .is_some_and(|id| id == recovery.id().as_slice())
}

/// The secret in a copy; `None` where it was sealed to another key or was damaged.
pub(super) fn open_copy(key: &OpeningKey, name: &str, copy: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    match copy.split_first() {
        Some((&VERSION, rest)) => key.open(PURPOSE, name.as_bytes(), rest.get(ID..)?).ok(),
        _ => None,
    }
}

pub(super) fn public_text(key: &RecoveryKey, path: &Path) -> Result<String, KeyError> {
    let public = key
        .opening_key()
        .sealing_key()
        .map_err(|_| KeyError::Damaged {
            path: path.to_owned(),
            detail: "it does not hold a usable key",
        })?;
    Ok(format!("{}\n", public.to_text()))
}

pub(super) fn escrow_file(path: &Path, name: &str) -> PathBuf {
    path.join("escrow").join(format!("{name}.sealed"))
}

pub(super) fn names_in_escrow(path: &Path) -> Result<Vec<String>, KeyError> {
    names(&path.join("escrow"), ".sealed")
}

/// Names of the files of a folder that end so, without that end, in order.
pub(super) fn names(folder: &Path, end: &str) -> Result<Vec<String>, KeyError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder, "listed"))? {
        let name = entry.map_err(failed(folder, "listed"))?.file_name();
        let name = name.to_string_lossy();
        names.extend(
            name.strip_suffix(end)
                .filter(|name| !name.starts_with('.'))
                .map(str::to_owned),
        );
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::random;

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            Self(std::env::temp_dir().join(format!("klankbord-escrow-{}", random::uuid())))
        }

        fn open(&self) -> (KeyDirectory, PathBuf) {
            let keys = KeyDirectory::open(self.0.join("keys")).unwrap();
            let file = self.0.join("recovery-key.txt");
            keys.prepare_recovery(&file).unwrap();
            (keys, file)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn recovery_key(file: &Path) -> RecoveryKey {
        RecoveryKey::parse(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    #[test]
    fn secrets_come_back_from_escrow_with_the_recovery_key_and_with_no_other() {
        let folder = Folder::new();
        let (keys, file) = folder.open();
        let tag = keys.create_secret("tag-1-r").unwrap();
        let long = keys
            .create_secret_bytes("blind-1-r.1", &[7; 1_700])
            .unwrap();
        let pepper = keys.token_pepper().clone();
        let key = recovery_key(&file);
        assert!(keys.is_recovered_by(&key).unwrap());
        assert!(!keys.is_recovered_by(&RecoveryKey::generate()).unwrap());
        for name in [
            "secrets/tag-1-r.key",
            "secrets/blind-1-r.1.key",
            "token-pepper.key",
        ] {
            std::fs::remove_file(keys.path().join(name)).unwrap();
        }
        let wrong = KeyDirectory::restore(keys.path(), &RecoveryKey::generate()).unwrap();
        assert_eq!(wrong.unreadable.len(), 4);
        assert_eq!(keys.secret("tag-1-r").unwrap(), None);
        let right = KeyDirectory::restore(keys.path(), &key).unwrap();
        assert_eq!(right.restored, ["blind-1-r.1", "tag-1-r", "token-pepper"]);
        assert_eq!(right.present, ["link"]);
        let (again, _) = folder.open();
        assert_eq!(again.secret("tag-1-r").unwrap(), Some(tag));
        assert_eq!(again.secret_bytes("blind-1-r.1").unwrap(), Some(long));
        assert_eq!(*again.token_pepper(), pepper);
    }

    #[test]
    fn a_new_recovery_key_opens_the_copies_and_the_former_one_opens_none() {
        let folder = Folder::new();
        let (keys, file) = folder.open();
        keys.create_secret("tag-1-r").unwrap();
        let former = recovery_key(&file);
        let key = keys.replace_recovery().unwrap();
        assert!(!keys.is_recovered_by(&former).unwrap());
        let by = |key: &RecoveryKey| KeyDirectory::restore(keys.path(), key).unwrap();
        assert_eq!(by(&former).unreadable.len(), 3);
        assert_eq!(by(&key).present.len(), 3);
    }

    #[test]
    fn a_recovery_key_that_lies_there_already_is_taken() {
        let folder = Folder::new();
        let (keys, file) = folder.open();
        let key = recovery_key(&file);
        std::fs::remove_file(keys.path().join("recovery.pub")).unwrap();
        let (keys, _) = folder.open();
        assert!(keys.is_recovered_by(&key).unwrap());
    }

    #[test]
    fn a_copy_is_destroyed_with_its_secret_and_made_where_it_is_missing() {
        let folder = Folder::new();
        let (keys, _) = folder.open();
        keys.create_secret("tag-1-r").unwrap();
        let copy = keys.escrow_path("tag-1-r").unwrap();
        std::fs::remove_file(&copy).unwrap();
        let (keys, _) = folder.open();
        assert!(copy.exists());
        assert_eq!(keys.secret_names().unwrap(), ["tag-1-r"]);
        assert!(keys.destroy("tag-1-r").unwrap());
        assert!(!copy.exists() && keys.secret_names().unwrap().is_empty());
    }
}
