//! One process at a time closes rounds of an installation, however many serve it.

use super::connection::{Conn, Manager, Place, Side};
use super::door::Store;
use crate::config::Config;
use crate::error::{Error, Result};
use anyhow::Context as _;
use diesel::{RunQueryDsl as _, sql_query};
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(50);

/// The turn of this process, which ends when it is dropped, and with the process at the latest.
#[must_use]
pub struct Turn {
    _held: Held,
}

/// What makes it one process at a time: the lock of a file, or of a connection.
enum Held {
    File(File),
    Connection(Box<Conn>),
}

impl Store {
    /// Waits until no other process closes a round.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn turn_to_close(&self, config: &Config) -> Result<Turn> {
        let place = Place::of(config)?;
        let mut held = blocking(move || Held::new(&place)).await?;
        loop {
            let (taken, back) = blocking(move || Ok((held.take()?, held))).await?;
            if taken {
                return Ok(Turn { _held: back });
            }
            held = back;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Error::internal)?
}

impl Held {
    fn new(place: &Place) -> Result<Self> {
        match place {
            Place::Folder(folder) => Ok(Self::File(file(&folder.join("closing.lock"))?)),
            Place::Database(_) => {
                let manager = Manager {
                    place: place.clone(),
                    side: Side::Roster,
                    read_only: false,
                };
                Ok(Self::Connection(Box::new(manager.open()?)))
            }
        }
    }

    /// Takes the turn, unless another process has it.
    fn take(&mut self) -> Result<bool> {
        #[derive(diesel::QueryableByName)]
        struct Taken {
            #[diesel(sql_type = diesel::sql_types::Bool)]
            taken: bool,
        }
        match self {
            Self::File(file) => match file.try_lock() {
                Ok(()) => Ok(true),
                Err(TryLockError::WouldBlock) => Ok(false),
                Err(TryLockError::Error(cause)) => Err(Error::Unavailable(cause.into())),
            },
            Self::Connection(conn) => {
                let Conn::Postgres(conn) = conn.as_mut() else {
                    return Ok(true);
                };
                let found: Taken = sql_query(
                    "SELECT pg_try_advisory_lock(hashtextextended('klankbord closes a round', 0)) AS taken",
                )
                .get_result(conn)?;
                Ok(found.taken)
            }
        }
    }
}

fn file(path: &Path) -> Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be written", path.display()))
        .map_err(Error::Unavailable)
}
