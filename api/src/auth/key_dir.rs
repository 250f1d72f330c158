//! The key directory: every secret of an installation that may not lie in the database.
//!
//! The directory has mode 0700 and its files 0600; anything that others could read is refused. A file appears complete or
//! not at all, under its name for good: it is written beside its place, synced, and linked into it without replacing
//! anything, so that two servers starting together agree on one key.

use std::io;
use std::path::{Path, PathBuf};

use super::key_file::{
    bytes_text, destroy, ensure_directory, failed, publish, read_bytes, read_key, read_or_create,
    read_private, vanished,
};
use super::remembered::Remembered;
use super::secret::SecretKey;
use super::signing_key::{SigningKey, SigningKeyError};
use zeroize::Zeroizing;

/// Why a key cannot be used; says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Users other than the owner can read a key or enter the directory.
    #[error(
        "{path} is open to other users of this machine (mode {mode:04o}). Run `chmod {wanted:o} {path}`, and replace the \
         key if somebody may have read it."
    )]
    Exposed {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The permission bits it should have.
        wanted: u32,
    },
    /// A file does not hold what it should.
    #[error("{path} is damaged: {detail}. Put the file back from a backup of the key directory.")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: &'static str,
    },
    /// A name that no key can have.
    #[error(
        "“{0}” cannot be the name of a key: it takes 1 to 128 of a to z, 0 to 9, dot, dash and underscore, and begins with a letter or digit."
    )]
    Name(String),
    /// The key to be stored exists, with another value.
    #[error("{0} exists already, with another key. Nothing was written.")]
    Exists(PathBuf),
    /// The system refuses to read or write.
    #[error(
        "{path} cannot be {action}: {cause}. The key directory must be readable and writable by the user who runs the server."
    )]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
}

/// The keys that every installation has from the start and that lie at the top.
pub(super) const STANDING: [&str; 2] = ["token-pepper", "link"];

/// An open key directory.
#[derive(Debug)]
pub struct KeyDirectory {
    path: PathBuf,
    token_pepper: SecretKey,
    link_key: SecretKey,
    remembered: Remembered,
}

impl KeyDirectory {
    /// Opens the directory at `path`; creates it and its two standing keys where they do not exist.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, KeyError> {
        let path = path.into();
        for directory in ["", "signing", "secrets", "escrow"] {
            ensure_directory(&path.join(directory))?;
        }
        let [(token_pepper, _), (link_key, _)] = [
            read_or_create(&path.join("token-pepper.key"))?,
            read_or_create(&path.join("link.key"))?,
        ];
        Ok(Self {
            path,
            token_pepper,
            link_key,
            remembered: Remembered::default(),
        })
    }

    /// Where the directory lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key of the hashes that the database holds in place of invitation tokens.
    #[must_use]
    pub fn token_pepper(&self) -> &SecretKey {
        &self.token_pepper
    }

    /// The key from which invitation links of rounds without one of their own are derived: those that a Klankbord opened which
    /// did not make any yet.
    #[must_use]
    pub fn link_key(&self) -> &SecretKey {
        &self.link_key
    }

    /// The secret called `name`, or `None` where there is none (any more).
    ///
    /// It is read from disk each time, so that a destroyed one is gone at once for every server that shares the directory.
    pub fn secret(&self, name: &str) -> Result<Option<SecretKey>, KeyError> {
        read_key(&self.secret_path(name)?)
    }

    /// The secret called `name`, as [`Self::secret`] gives it, for one that is asked for all the time: what it held is remembered, and
    /// only looked whether its file is still the same. Nothing that opens a ballot is to be asked for here.
    pub fn remembered_secret(&self, name: &str) -> Result<Option<SecretKey>, KeyError> {
        self.remembered.secret(&self.secret_path(name)?)
    }

    /// Clears from memory what other servers have destroyed.
    pub fn forget_destroyed(&self) {
        self.remembered.forget_destroyed();
    }

    /// Creates the secret called `name`, or gives the one that exists. A new one is copied into escrow.
    pub fn create_secret(&self, name: &str) -> Result<SecretKey, KeyError> {
        let (key, new) = read_or_create(&self.secret_path(name)?)?;
        if new {
            self.escrow(name)?;
        }
        Ok(key)
    }

    /// The bytes of the secret called `name`, whatever their number; `None` where there is none (any more).
    pub fn secret_bytes(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
        read_bytes(&self.secret_path(name)?)
    }

    /// Makes `bytes` the secret called `name`, or gives the one that exists. A new one is copied into escrow.
    pub fn create_secret_bytes(
        &self,
        name: &str,
        bytes: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let path = self.secret_path(name)?;
        if publish(&path, bytes_text(bytes).as_bytes())? {
            self.escrow(name)?;
        }
        read_bytes(&path)?.ok_or_else(|| vanished(&path))
    }

    /// Stores `key` as the secret called `name`. A secret is never replaced: where another key has the name, that is an
    /// error; where the same key has it, nothing is done.
    pub fn store_secret(&self, name: &str, key: &SecretKey) -> Result<(), KeyError> {
        let path = self.secret_path(name)?;
        if publish(&path, bytes_text(key.as_bytes()).as_bytes())? {
            self.escrow(name)
        } else if read_key(&path)?.as_ref() == Some(key) {
            Ok(())
        } else {
            Err(KeyError::Exists(path))
        }
    }

    /// Destroys the secret called `name` and its copy in escrow: their files are overwritten, synced and unlinked, and the
    /// directories synced. Gives whether there was one.
    ///
    /// Copies outside this directory (backups, snapshots, the spare blocks of flash memory) are beyond its reach.
    pub fn destroy(&self, name: &str) -> Result<bool, KeyError> {
        // The secret first: who makes a copy at this moment looks once more whether there is a secret.
        let path = self.secret_path(name)?;
        let destroyed = destroy(&path)?;
        self.remembered.forget(&path);
        destroy(&self.escrow_path(name)?)?;
        Ok(destroyed)
    }

    /// The keys that access tokens are signed with, the newest last.
    pub fn signing_keys(&self) -> Result<Vec<SigningKey>, KeyError> {
        let folder = self.path.join("signing");
        let entries = std::fs::read_dir(&folder).map_err(failed(&folder, "listed"))?;
        let mut keys = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed(&folder, "listed"))?.path();
            let Some(created_ms) = path
                .file_name()
                .and_then(|name| name.to_str())
                .and_then(signing_key_time)
            else {
                continue;
            };
            // A key that another server removed in the meantime is no longer wanted here either.
            let Some(pem) = read_private(&path)? else {
                continue;
            };
            let key = SigningKey::from_pem(created_ms, &pem).map_err(|SigningKeyError| {
                KeyError::Damaged {
                    path,
                    detail: "it is not an Ed25519 key in PKCS#8 PEM",
                }
            })?;
            keys.push(key);
        }
        keys.sort_by(|one, other| {
            (one.created_ms(), one.id()).cmp(&(other.created_ms(), other.id()))
        });
        Ok(keys)
    }

    /// Creates a signing key that dates from `now_ms`.
    pub fn add_signing_key(&self, now_ms: i64) -> Result<SigningKey, KeyError> {
        let pem = SigningKey::generate_pem();
        let damaged = |SigningKeyError| KeyError::Damaged {
            path: self.path.join("signing"),
            detail: "a new key could not be made",
        };
        let key = SigningKey::from_pem(now_ms, pem.as_bytes()).map_err(damaged)?;
        publish(&self.signing_path(&key), pem.as_bytes())?;
        Ok(key)
    }

    /// Destroys a signing key whose tokens have all expired.
    pub fn remove_signing_key(&self, key: &SigningKey) -> Result<(), KeyError> {
        destroy(&self.signing_path(key)).map(drop)
    }

    fn signing_path(&self, key: &SigningKey) -> PathBuf {
        let name = format!("{:015}.{}.pem", key.created_ms(), key.id());
        self.path.join("signing").join(name)
    }

    pub(super) fn secret_path(&self, name: &str) -> Result<PathBuf, KeyError> {
        secret_file(&self.path, name)
    }
}

/// Where the secret called `name` lies in the directory at `path`.
pub(super) fn secret_file(path: &Path, name: &str) -> Result<PathBuf, KeyError> {
    let sound = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let valid = name.len() <= 128
        && name.bytes().next().is_some_and(sound)
        && name
            .bytes()
            .all(|byte| sound(byte) || b"._-".contains(&byte));
    if valid && STANDING.contains(&name) {
        Ok(path.join(format!("{name}.key")))
    } else if valid {
        Ok(path.join("secrets").join(format!("{name}.key")))
    } else {
        Err(KeyError::Name(name.to_owned()))
    }
}

/// The moment in the name of a signing key's file, `<milliseconds>.<key id>.pem`; `None` for any other file.
fn signing_key_time(name: &str) -> Option<i64> {
    let (time, _) = name.strip_suffix(".pem")?.split_once('.')?;
    time.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::random;

    /// A folder of its own for one test, gone afterwards.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            Self(std::env::temp_dir().join(format!("klankbord-keys-{}", random::uuid())))
        }

        fn open(&self) -> KeyDirectory {
            KeyDirectory::open(&self.0).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn keys_are_created_once_and_stay() {
        let folder = Folder::new();
        let first = folder.open();
        assert_ne!(first.token_pepper(), first.link_key());
        let second = folder.open();
        assert_eq!(second.token_pepper(), first.token_pepper());
        assert_eq!(second.link_key(), first.link_key());
        assert_eq!(mode(&folder.0), 0o700);
        assert_eq!(mode(&folder.0.join("signing")), 0o700);
        assert_eq!(mode(&folder.0.join("token-pepper.key")), 0o600);
    }

    #[test]
    fn servers_that_start_together_agree() {
        let folder = Folder::new();
        folder.open();
        let keys: Vec<SecretKey> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| folder.open().create_secret("round-1").unwrap()))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
        let left: Vec<_> = std::fs::read_dir(folder.0.join("secrets"))
            .unwrap()
            .collect();
        assert_eq!(left.len(), 1, "no half-written file is left");
    }

    #[test]
    fn a_remembered_secret_is_gone_as_soon_as_any_server_destroys_it() {
        let folder = Folder::new();
        let (here, elsewhere) = (folder.open(), folder.open());
        let made = here.create_secret("tag-1-a").unwrap();
        for _ in 0..2 {
            let found = here.remembered_secret("tag-1-a").unwrap();
            assert_eq!(found.as_ref(), Some(&made));
        }
        elsewhere.destroy("tag-1-a").unwrap();
        assert_eq!(here.remembered_secret("tag-1-a").unwrap(), None);
        let another = elsewhere.create_secret("tag-1-a").unwrap();
        assert_ne!(another, made);
        let found = here.remembered_secret("tag-1-a").unwrap();
        assert_eq!(found.as_ref(), Some(&another));
        elsewhere.destroy("tag-1-a").unwrap();
        here.forget_destroyed();
        assert_eq!(
            format!("{:?}", here.remembered),
            "Remembered(Mutex { data: {}, poisoned: false, .. })"
        );
    }

    #[test]
    fn what_others_can_read_is_refused_with_the_mend() {
        let folder = Folder::new();
        let keys = folder.open();
        keys.create_secret("round-1").unwrap();
        let file = folder.0.join("secrets/round-1.key");
        set_mode(&file, 0o640);
        let told = keys.secret("round-1").unwrap_err().to_string();
        assert!(
            told.contains("mode 0640") && told.contains(&format!("chmod 600 {}", file.display())),
            "{told}"
        );
        set_mode(&file, 0o600);
        set_mode(&folder.0, 0o755);
        let told = KeyDirectory::open(&folder.0).unwrap_err().to_string();
        assert!(told.contains("chmod 700"), "{told}");
        set_mode(&folder.0, 0o700);
        set_mode(&folder.0.join("link.key"), 0o604);
        assert!(matches!(
            KeyDirectory::open(&folder.0),
            Err(KeyError::Exposed { mode: 0o604, .. })
        ));
    }

    #[test]
    fn a_secret_may_be_destroyed_by_several_at_once() {
        let folder = Folder::new();
        let keys = folder.open();
        for round in 0..50 {
            let name = format!("round-{round}");
            keys.create_secret(&name).unwrap();
            let start = std::sync::Barrier::new(4);
            std::thread::scope(|scope| {
                let each = [(); 4].map(|()| {
                    scope.spawn(|| {
                        start.wait();
                        keys.destroy(&name)
                    })
                });
                let destroyed = each.map(|one| one.join().unwrap().unwrap());
                assert!(destroyed.contains(&true));
            });
            assert!(!keys.destroy(&name).unwrap());
        }
    }

    #[test]
    fn a_destroyed_secret_is_gone_and_overwritten() {
        let folder = Folder::new();
        let keys = folder.open();
        keys.create_secret("round-1").unwrap();
        // A second name for the same file shows what became of its blocks.
        let witness = folder.0.join("witness");
        std::fs::hard_link(folder.0.join("secrets/round-1.key"), &witness).unwrap();
        assert!(keys.destroy("round-1").unwrap());
        assert_eq!(keys.secret("round-1").unwrap(), None);
        assert_eq!(std::fs::read(&witness).unwrap(), [0; 44]);
        assert!(!keys.destroy("round-1").unwrap());
    }

    #[test]
    fn a_secret_is_never_replaced() {
        let folder = Folder::new();
        let keys = folder.open();
        let key = SecretKey::generate();
        assert_eq!(keys.secret("round-1").unwrap(), None);
        keys.store_secret("round-1", &key).unwrap();
        keys.store_secret("round-1", &key).unwrap();
        assert_eq!(keys.create_secret("round-1").unwrap(), key);
        let other = keys.store_secret("round-1", &SecretKey::generate());
        assert!(matches!(other, Err(KeyError::Exists(_))));
        assert_eq!(keys.secret("round-1").unwrap(), Some(key));
    }

    #[test]
    fn a_name_cannot_leave_the_directory() {
        let folder = Folder::new();
        let keys = folder.open();
        for name in [
            "",
            "../link",
            "a/b",
            ".hidden",
            "Round",
            "é",
            "a\0",
            &"a".repeat(129),
        ] {
            assert!(
                matches!(keys.create_secret(name), Err(KeyError::Name(_))),
                "{name}"
            );
        }
        keys.create_secret("t1.round-2026_a").unwrap();
    }

    #[test]
    fn a_damaged_file_is_not_taken_for_a_key() {
        let folder = Folder::new();
        let keys = folder.open();
        keys.add_signing_key(1).unwrap();
        for (file, content) in [("link.key", "abc\n"), ("link.key", "")] {
            std::fs::write(folder.0.join(file), content).unwrap();
            assert!(matches!(
                KeyDirectory::open(&folder.0),
                Err(KeyError::Damaged { .. })
            ));
        }
        let signing = keys.signing_path(&keys.signing_keys().unwrap()[0]);
        std::fs::write(
            signing,
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        )
        .unwrap();
        assert!(matches!(keys.signing_keys(), Err(KeyError::Damaged { .. })));
    }

    #[test]
    fn signing_keys_are_listed_from_old_to_new() {
        let folder = Folder::new();
        let keys = folder.open();
        let newer = keys.add_signing_key(20_000).unwrap();
        let older = keys.add_signing_key(9_000).unwrap();
        let ids = |keys: &KeyDirectory| -> Vec<String> {
            let listed = keys.signing_keys().unwrap();
            listed.iter().map(|key| key.id().to_owned()).collect()
        };
        assert_eq!(ids(&keys), [older.id(), newer.id()]);
        keys.remove_signing_key(&older).unwrap();
        assert_eq!(ids(&keys), [newer.id()]);
    }
}
