//! Passwords of accounts: argon2id behind a door that a flood of sign-ins cannot push open.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::{Semaphore, TryAcquireError};

use crate::random;

/// Memory in KiB, passes and lanes: the argon2id setting that OWASP's Password Storage Cheat Sheet gives for 19 MiB.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many passwords are computed at once: 2 x 19 MiB, and no more than the cores of a small machine.
const AT_ONCE: usize = 2;

/// How many may wait for their turn; one more is told that the server is busy.
const WAITING: usize = 64;

/// The fewest characters of a password.
pub const MIN_CHARACTERS: usize = 12;

/// The most bytes (UTF-8) of a password.
pub const MAX_BYTES: usize = 256;

/// Why a new password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Fewer than 12 characters.
    #[error(
        "The password has {characters} characters; use at least 12. A sentence is easy to remember."
    )]
    TooShort {
        /// How many it has.
        characters: usize,
    },
    /// More than 256 bytes.
    #[error("The password is longer than 256 bytes; use a shorter one.")]
    TooLong,
    /// It is the e-mail address of the account.
    #[error("The password is the e-mail address; use another one.")]
    IsEmail,
}

impl PasswordProblem {
    /// A stable code that a program can act on.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::IsEmail => "password_is_email",
        }
    }
}

/// A password that keeps the rules: 12 characters or more, 256 bytes or fewer, not the e-mail address.
#[derive(Clone)]
pub struct NewPassword(String);

impl NewPassword {
    /// Holds `password` to the rules, for the account with the address `email`.
    pub fn check(password: impl Into<String>, email: &str) -> Result<Self, PasswordProblem> {
        let password = password.into();
        let characters = password.chars().count();
        if characters < MIN_CHARACTERS {
            return Err(PasswordProblem::TooShort { characters });
        }
        if password.len() > MAX_BYTES {
            return Err(PasswordProblem::TooLong);
        }
        if password.trim().to_lowercase() == email.trim().to_lowercase() {
            return Err(PasswordProblem::IsEmail);
        }
        Ok(Self(password))
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Why a password could not be hashed or verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many people are signing in; nothing was computed, and it can be tried again.
    #[error("Too many people are signing in at this moment; please try again.")]
    Busy,
    /// The computation failed, or what is stored is not the hash of a password.
    #[error("The password could not be computed: {0}")]
    Failed(String),
}

/// Computes password hashes, two at a time and never on a thread that serves requests.
#[derive(Clone, Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// A door of its own; a process needs one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
        }
    }

    /// The hash to store, as a PHC string (`$argon2id$v=19$m=19456,t=2,p=1$...`) with a fresh salt.
    pub async fn hash(&self, password: &NewPassword) -> Result<String, PasswordError> {
        let password = password.clone();
        self.compute(move || hash(&password.0)).await
    }

    /// Whether `password` is the one that `stored` is the hash of.
    ///
    /// Pass `None` for an account that does not exist: the answer is `false`, after the same work, so that the time of the
    /// answer does not tell which accounts exist. A password longer than any account can have is `false` at once.
    pub async fn verify(
        &self,
        password: &str,
        stored: Option<&str>,
    ) -> Result<bool, PasswordError> {
        if password.len() > MAX_BYTES {
            return Ok(false);
        }
        let password = password.to_owned();
        let stored = stored.map(str::to_owned);
        self.compute(move || match stored {
            Some(stored) => verify(&password, &stored),
            None => hash(&password).map(|_| false),
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let failed = |error: &dyn fmt::Display| PasswordError::Failed(error.to_string());
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|error| match error {
            TryAcquireError::NoPermits => PasswordError::Busy,
            TryAcquireError::Closed => failed(&error),
        })?;
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|error| failed(&error))?;
        // The permits go with the work: a caller who hangs up does not let the next one in early.
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((place, turn));
            result
        });
        done.await.map_err(|error| failed(&error))?
    }
}

fn argon2id() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| PasswordError::Failed(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, PasswordError> {
    argon2id()?
        .hash_password_with_salt(password.as_bytes(), &random::bytes::<16>())
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|error| PasswordError::Failed(error.to_string()))
}

fn verify(password: &str, stored: &str) -> Result<bool, PasswordError> {
    use argon2::password_hash::Error;
    let failed = |error: &dyn fmt::Display| PasswordError::Failed(error.to_string());
    let stored = PasswordHash::new(stored).map_err(|error| failed(&error))?;
    match argon2id()?.verify_password(password.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(failed(&error)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const EMAIL: &str = "anna.de.vries@school.example";
    const SENTENCE: &str = "een lange zin onthoud je goed";

    #[tokio::test]
    async fn a_password_opens_its_own_account_only() {
        let passwords = Passwords::new();
        let new = NewPassword::check(SENTENCE, EMAIL).unwrap();
        let stored = passwords.hash(&new).await.unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        assert_ne!(
            stored,
            passwords.hash(&new).await.unwrap(),
            "every hash has its own salt"
        );
        assert_eq!(passwords.verify(SENTENCE, Some(&stored)).await, Ok(true));
        assert_eq!(
            passwords
                .verify("een lange zin onthoud je niet", Some(&stored))
                .await,
            Ok(false)
        );
        assert_eq!(passwords.verify(SENTENCE, None).await, Ok(false));
        assert_eq!(
            passwords.verify(&"x".repeat(257), Some(&stored)).await,
            Ok(false)
        );
        let damaged = passwords.verify(SENTENCE, Some("not a hash")).await;
        assert!(matches!(damaged, Err(PasswordError::Failed(_))));
    }

    #[tokio::test]
    async fn hashes_of_other_implementations_are_read() {
        // Computed with the reference implementation in C.
        let stored = "$argon2id$v=19$m=19456,t=2,p=1$a2xhbmtib3JkLXNhbHQtMQ$7Myn8AqUvGbIiUFoN0nApRxcFflkSgJZb6gVIVQ3TYI";
        assert_eq!(
            Passwords::new().verify(SENTENCE, Some(stored)).await,
            Ok(true)
        );
    }

    #[tokio::test]
    async fn a_flood_is_refused_and_not_queued_for_ever() {
        let passwords = Passwords::new();
        let turns = passwords.turns.clone().acquire_many_owned(2).await.unwrap();
        let waiting: Vec<_> = (0..AT_ONCE + WAITING)
            .map(|_| {
                let passwords = passwords.clone();
                tokio::spawn(async move { passwords.verify("x", Some("not a hash")).await })
            })
            .collect();
        while passwords.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            passwords.verify(SENTENCE, None).await,
            Err(PasswordError::Busy)
        );
        drop(turns);
        for answer in waiting {
            assert!(matches!(
                answer.await.unwrap(),
                Err(PasswordError::Failed(_))
            ));
        }
        assert_eq!(passwords.verify(SENTENCE, None).await, Ok(false));
    }

    #[test]
    fn a_weak_password_is_told_its_weakness() {
        let check = |password: &str| NewPassword::check(password, EMAIL).map(drop);
        assert_eq!(
            check("éééééé"),
            Err(PasswordProblem::TooShort { characters: 6 })
        );
        assert_eq!(check("éééééééééééé"), Ok(()));
        assert_eq!(check(&"x".repeat(256)), Ok(()));
        assert_eq!(check(&"x".repeat(257)), Err(PasswordProblem::TooLong));
        assert_eq!(check(&"é".repeat(129)), Err(PasswordProblem::TooLong));
        assert_eq!(
            check(" Anna.de.Vries@SCHOOL.example"),
            Err(PasswordProblem::IsEmail)
        );
        let told = PasswordProblem::TooShort { characters: 6 }.to_string();
        assert!(told.contains("6 characters") && told.contains("at least 12"));
    }

    #[test]
    fn a_password_does_not_print_itself() {
        assert_eq!(
            format!("{:?}", NewPassword::check(SENTENCE, EMAIL).unwrap()),
            "[redacted]"
        );
    }
}
