//! A look at a key directory that changes nothing: whether a secret is there, and whether its copy would bring it back.

use std::path::Path;

use zeroize::Zeroizing;

use super::escrow::{copy_is_for, escrow_file, open_copy};
use super::hpke::SealingKey;
use super::key_dir::{KeyDirectory, KeyError, STANDING, secret_file};
use super::key_file::{read_bytes, read_key, read_private};
use super::recovery::RecoveryKey;

/// How the copy of a secret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyState {
    /// It was sealed to the present recovery key; where that was at hand, it gives the secret.
    Sound,
    /// There is none.
    Missing,
    /// It was sealed to another recovery key.
    OfAnotherKey,
    /// It gives nothing, or something else than the secret.
    Damaged,
}

impl KeyDirectory {
    /// The bytes of the secret called `name` in the directory at `path`; `None` where there is none.
    pub fn look_up(path: &Path, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
        read_bytes(&secret_file(path, name)?)
    }

    /// The public half of the recovery key of the directory at `path`; `None` where there is none.
    pub fn recovery_of(path: &Path) -> Result<Option<SealingKey>, KeyError> {
        let key = read_key(&path.join("recovery.pub"))?;
        Ok(key.map(|key| SealingKey::from_bytes(*key.as_bytes())))
    }

    /// How the copies of the secrets stand that there are in the directory at `path`, in the order of their names; `key` is the private
    /// half of `recovery`, where that is at hand.
    pub fn inspect_copies(
        path: &Path,
        recovery: &SealingKey,
        key: Option<&RecoveryKey>,
    ) -> Result<Vec<(String, CopyState)>, KeyError> {
        let mut names = super::escrow::names(&path.join("secrets"), ".key")?;
        names.extend(STANDING.map(str::to_owned));
        names.sort();
        let mut found = Vec::new();
        for name in names {
            let Some(secret) = Self::look_up(path, &name)? else {
                continue;
            };
            let state = match read_private(&escrow_file(path, &name))? {
                None => CopyState::Missing,
                Some(copy) if !copy_is_for(recovery, &copy) => CopyState::OfAnotherKey,
                Some(copy) => match key {
                    Some(key) => {
                        let opened = open_copy(&key.opening_key(), &name, &copy);
                        if opened.is_some_and(|opened| opened == secret) {
                            CopyState::Sound
                        } else {
                            CopyState::Damaged
                        }
                    }
                    None => CopyState::Sound,
                },
            };
            found.push((name, state));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::CopyState::{Damaged, Missing, OfAnotherKey, Sound};
    use super::*;
    use crate::random;

    #[test]
    fn copies_are_told_apart_by_what_is_wrong_with_them() {
        let folder = std::env::temp_dir().join(format!("klankbord-inspected-{}", random::uuid()));
        let keys = KeyDirectory::open(folder.join("keys")).unwrap();
        let file = folder.join("recovery-key.txt");
        keys.prepare_recovery(&file).unwrap();
        let key = RecoveryKey::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
        for name in ["tag-1-r", "tag-1-s", "tag-1-t", "tag-1-u"] {
            keys.create_secret(name).unwrap();
        }
        let copy = |name| escrow_file(keys.path(), name);
        let recovery = keys.recovery().unwrap().unwrap();
        std::fs::remove_file(copy("tag-1-s")).unwrap();
        let mut bytes = std::fs::read(copy("tag-1-t")).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(copy("tag-1-t"), &bytes).unwrap();
        bytes.truncate(9);
        std::fs::write(copy("tag-1-u"), &bytes).unwrap();
        let states = |key| {
            let states = KeyDirectory::inspect_copies(keys.path(), &recovery, key).unwrap();
            states
                .into_iter()
                .map(|(_, state)| state)
                .collect::<Vec<_>>()
        };
        // In the order of names: link, the four tags, token-pepper.
        assert_eq!(
            states(Some(&key)),
            [Sound, Sound, Missing, Damaged, OfAnotherKey, Sound]
        );
        assert_eq!(
            states(None),
            [Sound, Sound, Missing, Sound, OfAnotherKey, Sound],
            "what a copy holds is seen with the recovery key alone"
        );
        std::fs::remove_dir_all(folder).unwrap();
    }
}
