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
                _ if message.contains("database is locked")
                    || message.contains("deadlock detected") =>
                {
                    Error::Busy
                }
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

/// Whether a message tells of a connection that is no more.
fn gone(message: &str) -> bool {
    [
        "connection closed",
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
    Busy,
    Internal(String),
}

impl From<Error> for Shared {
    fn from(error: Error) -> Self {
        match error {
            Error::StorageFull => Self::StorageFull,
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
            Shared::Busy => Self::Busy,
            Shared::Unavailable(cause) => Self::Unavailable(anyhow::anyhow!(cause)),
            Shared::Internal(cause) => Self::Internal(anyhow::anyhow!(cause)),
        }
    }
}
