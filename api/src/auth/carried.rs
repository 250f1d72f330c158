//! Copies of secrets on their way through a backup: sealed to the recovery key, never open.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::escrow::{Restored, escrow_file, names_in_escrow, open_copy, public_text};
use super::key_dir::{KeyDirectory, KeyError, secret_file};
use super::key_file::{ensure_directory, publish, read_bytes, read_private, replace};
use super::recovery::RecoveryKey;

/// The copy of one secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The name of the secret.
    pub name: String,
    /// The copy in escrow, in base64url.
    #[serde(with = "text")]
    pub sealed: Vec<u8>,
    /// Half of a digest of the secret, in base64url: tells whether it is the one that lies elsewhere. Missing where only the copy was
    /// left of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
}

/// How the secrets of a key directory stand to those of a backup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// There, and the same.
    pub present: Vec<String>,
    /// Not there: to be had from the copy, with the recovery key.
    pub missing: Vec<String>,
    /// There, and another.
    pub different: Vec<String>,
}

impl KeyDirectory {
    /// The copies that lie in the directory at `path`, which is not changed.
    pub fn copies(path: &Path) -> Result<Vec<Carried>, KeyError> {
        if !path.join("escrow").exists() {
            return Ok(Vec::new());
        }
        let mut copies = Vec::new();
        for name in names_in_escrow(path)? {
            // One that is destroyed at this moment is wanted no more.
            let Some(sealed) = read_private(&escrow_file(path, &name))? else {
                continue;
            };
            if sealed.iter().all(|byte| *byte == 0) {
                continue;
            }
            let check = read_bytes(&secret_file(path, &name)?)?.map(|secret| check(&name, &secret));
            copies.push(Carried {
                name,
                sealed,
                check,
            });
        }
        Ok(copies)
    }

    /// Holds the secrets in the directory at `path`, which need not be there, against those of a backup.
    pub fn compare(path: &Path, copies: &[Carried]) -> Result<Compared, KeyError> {
        let mut compared = Compared::default();
        for copy in copies {
            let there = read_bytes(&secret_file(path, &copy.name)?)?;
            let list = match (there, &copy.check) {
                (None, _) => &mut compared.missing,
                (Some(there), Some(wanted)) if check(&copy.name, &there) != *wanted => {
                    &mut compared.different
                }
                (Some(_), _) => &mut compared.present,
            };
            list.push(copy.name.clone());
        }
        Ok(compared)
    }

    /// Names of copies that a recovery key does not open.
    #[must_use]
    pub fn unopened(copies: &[Carried], key: &RecoveryKey) -> Vec<String> {
        copies
            .iter()
            .filter(|copy| opened(copy, key).is_none())
            .map(|copy| copy.name.clone())
            .collect()
    }

    /// Puts the copies of a backup into the directory at `path`, and back those secrets that are missing. A secret that is there stays
    /// as it is.
    pub fn bring_back(
        path: &Path,
        copies: &[Carried],
        key: &RecoveryKey,
    ) -> Result<Restored, KeyError> {
        for folder in ["", "signing", "secrets", "escrow"] {
            ensure_directory(&path.join(folder))?;
        }
        for copy in copies {
            // Checks the name as well.
            if !secret_file(path, &copy.name)?.exists() {
                replace(&escrow_file(path, &copy.name), &copy.sealed)?;
            }
        }
        // Without it, another recovery key would be made, and this one be of use for nothing.
        let public = path.join("recovery.pub");
        publish(&public, public_text(key, &public)?.as_bytes())?;
        Self::restore(path, key)
    }
}

fn opened(copy: &Carried, key: &RecoveryKey) -> Option<Zeroizing<Vec<u8>>> {
    let secret = open_copy(&key.opening_key(), &copy.name, &copy.sealed)?;
    let fits = copy
        .check
        .as_ref()
        .is_none_or(|wanted| check(&copy.name, &secret) == *wanted);
    fits.then_some(secret)
}

/// Tells a secret from others and nothing about it: what it is made of has at least 256 bits.
fn check(name: &str, secret: &[u8]) -> String {
    use base64::Engine as _;
    let digest = Sha256::new()
        .chain_update(b"klankbord check of a secret 1\0")
        .chain_update(name.as_bytes())
        .chain_update(b"\0")
        .chain_update(secret)
        .finalize();
    let half: Vec<u8> = digest.iter().take(16).copied().collect();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(half)
}

/// Bytes as base64url.
mod text {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        URL_SAFE_NO_PAD.decode(text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::random;

    #[test]
    fn secrets_travel_sealed_and_come_back_with_the_recovery_key_alone() {
        let folder = std::env::temp_dir().join(format!("klankbord-carried-{}", random::uuid()));
        let here = KeyDirectory::open(folder.join("here")).unwrap();
        let file = folder.join("recovery-key.txt");
        here.prepare_recovery(&file).unwrap();
        let key = RecoveryKey::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
        let tag = here.create_secret("tag-1-r").unwrap();
        let copies = KeyDirectory::copies(here.path()).unwrap();
        assert_eq!(copies.len(), 3);
        let json = serde_json::to_string(&copies).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Carried>>(&json).unwrap(), copies);

        let there = folder.join("there");
        let compared = KeyDirectory::compare(&there, &copies).unwrap();
        assert_eq!(compared.missing.len(), 3);
        assert!(KeyDirectory::unopened(&copies, &key).is_empty());
        assert_eq!(
            KeyDirectory::unopened(&copies, &RecoveryKey::generate()).len(),
            3
        );
        KeyDirectory::bring_back(&there, &copies, &key).unwrap();
        let there = KeyDirectory::open(there).unwrap();
        assert_eq!(there.secret("tag-1-r").unwrap(), Some(tag));
        assert_eq!(there.token_pepper(), here.token_pepper());
        assert!(there.is_recovered_by(&key).unwrap());
        let compared = KeyDirectory::compare(there.path(), &copies).unwrap();
        assert_eq!(compared.present.len(), 3);

        let other = KeyDirectory::open(folder.join("other")).unwrap();
        let compared = KeyDirectory::compare(other.path(), &copies).unwrap();
        assert_eq!(compared.different, ["link", "token-pepper"]);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
