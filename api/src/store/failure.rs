//! What a database's failure means to the caller.

use crate::error::Error;
use anyhow::Error as Cause;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        translate(error)
    }
}

/// Sorts a database's failure by what the caller can do about it.
pub(super) fn translate(error: DieselError) -> Error {
    match &error {
        DieselError::DatabaseError(kind, information) => {
            let message = information.message().to_lowercase();
            match kind {
                DatabaseErrorKind::UniqueViolation => {
                    Error::conflict("already_exists", "There is one of that name already.")
                }
                DatabaseErrorKind::ForeignKeyViolation => Error::conflict(
                    "reference_missing",
                    "Something that this refers to does not exist.",
                ),
                DatabaseErrorKind::SerializationFailure => Error::Busy,
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                    Error::Unavailable(Cause::new(error))
                }
                _ if message.contains("disk is full") || message.contains("no space left") => {
                    Error::StorageFull
                }
                _ if FAILED_DISK.iter().any(|sign| message.contains(sign)) => {
                    Error::StorageFailed(Cause::new(error))
                }
                _ if BUSY.iter().any(|sign| message.contains(sign)) => Error::Busy,
                _ if gone(&message) => Error::Unavailable(Cause::new(error)),
                // PostgreSQL takes every character but this one.
                _ if message.contains("utf8") && message.contains("0x00") => Error::invalid(
                    "",
                    "unreadable_text",
                    "A name or text holds the character U+0000, which nothing here can have. Leave it out.",
                ),
                _ => Error::internal(error),
            }
        }
        DieselError::BrokenTransactionManager => Error::Unavailable(Cause::new(error)),
        _ if gone(&error.to_string().to_lowercase()) => Error::Unavailable(Cause::new(error)),
        _ => Error::internal(error),
    }
}

/// What SQLite says where the disk cannot be relied on: a read, write or sync that failed, a file that is damaged, a file system that
/// takes no more writes since it met an error.
const FAILED_DISK: [&str; 3] = [
    "disk i/o error",
    "database disk image is malformed",
    "attempt to write a readonly database",
];

/// What says that others were at work.
const BUSY: [&str; 3] = [
    "database is locked",
    "deadlock detected",
    "canceling statement due to lock timeout",
];

/// Whether a message tells of a connection that is no more, or of a database that does not answer in time.
fn gone(message: &str) -> bool {
    [
        "connection closed",
        "canceling statement due to statement timeout",
        "connection reset",
        "broken pipe",
        "terminating connection",
        "the database system is",
        "error communicating with the server",
        "too many clients",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

/// A failure that strikes a whole group of transactions, told to each of them.
#[derive(Debug, Clone)]
pub(super) enum Shared {
    Unavailable(String),
    StorageFull,
    StorageFailed(String),
    Busy,
    Internal(String),
}

impl Shared {
    /// The failure of a whole group, where the error of one transaction is that.
    pub(super) fn of_all(error: &Error) -> Option<Self> {
        match error {
            Error::StorageFull => Some(Self::StorageFull),
            Error::StorageFailed(cause) => Some(Self::StorageFailed(format!("{cause:#}"))),
            Error::Unavailable(cause) => Some(Self::Unavailable(format!("{cause:#}"))),
            _ => None,
        }
    }

    pub(super) fn no_connection() -> Self {
        Self::Unavailable("there is no connection".to_owned())
    }
}

impl From<Error> for Shared {
    fn from(error: Error) -> Self {
        match error {
            Error::StorageFull => Self::StorageFull,
            Error::StorageFailed(cause) => Self::StorageFailed(format!("{cause:#}")),
            Error::Busy => Self::Busy,
            Error::Unavailable(cause) => Self::Unavailable(format!("{cause:#}")),
            other => Self::Internal(format!("{other:?}")),
        }
    }
}

impl From<Shared> for Error {
    fn from(shared: Shared) -> Self {
        match shared {
            Shared::StorageFull => Self::StorageFull,
            Shared::StorageFailed(cause) => Self::StorageFailed(anyhow::anyhow!(cause)),
            Shared::Busy => Self::Busy,
            Shared::Unavailable(cause) => Self::Unavailable(anyhow::anyhow!(cause)),
            Shared::Internal(cause) => Self::Internal(anyhow::anyhow!(cause)),
        }
    }
}
