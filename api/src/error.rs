//! What can go wrong, in the terms of the domain. How an error is told over HTTP or by an exit code is decided elsewhere.

use serde::Serialize;

/// The result of everything a service does.
pub type Result<T> = std::result::Result<T, Error>;

/// One thing that is wrong with what was sent, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// RFC 6901 pointer into the document that was sent; for a table, `/line/column`.
    pub pointer: String,
    /// A stable code that a program can act on.
    pub code: String,
    /// A sentence that says what is wrong and how to mend it.
    pub detail: String,
}

impl Problem {
    /// A problem at `pointer`.
    pub fn new(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.to_owned(),
            detail: detail.into(),
        }
    }
}

/// A failure, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The thing does not exist, or the caller may not know that it does.
    #[error("{what} “{name}” was not found.")]
    NotFound {
        /// The kind of thing, in words.
        what: &'static str,
        /// The name that was looked for.
        name: String,
    },
    /// What was sent is wrong; every problem is listed.
    #[error("{summary}")]
    Invalid {
        /// One sentence for all.
        summary: String,
        /// Every problem.
        problems: Vec<Problem>,
    },
    /// What was asked does not fit the present state.
    #[error("{detail}")]
    Conflict {
        /// A stable code.
        code: &'static str,
        /// A sentence that says what stands in the way.
        detail: String,
    },
    /// Nobody is signed in, or what they showed is not valid (any more).
    #[error("{detail}")]
    Unauthenticated {
        /// A sentence that says what to do.
        detail: String,
    },
    /// The caller is known and may not do this.
    #[error("{detail}")]
    Forbidden {
        /// A sentence that says which right is missing.
        detail: String,
    },
    /// A signed claim that does not hold, or not for this.
    #[error(
        "This credential is not valid here. Claim again with the same code, and send what comes of it for the same organisation and form."
    )]
    CredentialInvalid,
    /// Too much at once: nothing was done, and it can be tried again.
    #[error("Klankbord is busy; nothing was lost. Please try again in a moment.")]
    Busy,
    /// The database cannot be reached or does not answer: nothing was done, and it can be tried again.
    #[error("The database cannot be reached; nothing was lost. Please try again in a moment.")]
    Unavailable(#[source] anyhow::Error),
    /// The disk is full: nothing was stored.
    #[error("There is no room left on the disk; nothing was stored.")]
    StorageFull,
    /// The disk has failed: nothing was stored, and nothing is until a restart.
    #[error(
        "The disk has failed; nothing was stored. Check the disk and then restart Klankbord: until then it stores nothing."
    )]
    StorageFailed(#[source] anyhow::Error),
    /// A defect of ours or of the machine. The cause goes to the log and not to the caller.
    #[error("Something went wrong on our side; it has been logged.")]
    Internal(#[source] anyhow::Error),
}

impl Error {
    /// A thing that was not found.
    pub fn not_found(what: &'static str, name: impl Into<String>) -> Self {
        Self::NotFound {
            what,
            name: name.into(),
        }
    }

    /// A state that stands in the way.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict {
            code,
            detail: detail.into(),
        }
    }

    /// One single problem with what was sent.
    pub fn invalid(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::Invalid {
            summary: detail.clone(),
            problems: vec![Problem::new(pointer, code, detail)],
        }
    }

    /// A defect, with the cause for the log.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(cause.into())
    }
}
