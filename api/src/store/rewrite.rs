//! Taking away for good what was deleted: from files, logs and pages.

use super::connection::{Conn, Manager, Place, Side};
use super::door::Store;
use crate::config::Config;
use crate::error::{Error, Result};
use std::time::Duration;

/// Between two attempts to be heard at a door where many wait.
const PAUSE: Duration = Duration::from_millis(20);
/// Attempts to get the locks of a table.
const ATTEMPTS: u32 = 10;

impl Store {
    /// Rewrites what held the ballots, so that nothing of what was deleted remains, nor the order in which it came.
    ///
    /// On SQLite the file is made anew and the log emptied. On PostgreSQL the tables are written anew in the order of their keys, which
    /// are random: a vacuum would leave the bytes of deleted rows in pages that other rounds use. That takes the tables for a
    /// moment; who writes meanwhile waits.
    ///
    /// # Errors
    /// [`Error::Busy`] where somebody, such as a backup, reads on: to be tried again.
    pub async fn rewrite_ballots(&self, config: &Config) -> Result<()> {
        self.rewrite(config, Side::Ballots, |conn, place| match place {
            Place::Folder(_) => {
                // The copy that a vacuum makes may be large: into a file that has no name, and not into memory.
                conn.execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA temp_store = FILE; VACUUM;")?;
                conn.emptied_log()
            }
            Place::Database(_) => {
                if !conn.unseen_by_others()? {
                    tracing::warn!(
                        "a long transaction keeps PostgreSQL from giving up deleted rows of the mailbox; the next closing takes them away. \
                         The keys that they could be read with are destroyed."
                    );
                }
                // Queries that come while this waits for its locks wait behind it: so not for long, and rather again.
                conn.execute("SET lock_timeout = 500")?;
                ["mailbox", "draft"].into_iter().try_for_each(|table| {
                    patiently(|| conn.execute(&format!("CLUSTER {table} USING {table}_pkey")))
                })
            }
        })
        .await
    }

    /// Takes away what was forgotten of the links of a round: from the log of SQLite, from the pages of PostgreSQL.
    ///
    /// # Errors
    /// [`Error::Busy`] where somebody reads on: to be tried again.
    pub async fn rewrite_roster(&self, config: &Config) -> Result<()> {
        self.rewrite(config, Side::Roster, |conn, place| match place {
            Place::Folder(_) => conn.emptied_log(),
            Place::Database(_) => {
                conn.unseen_by_others()?;
                conn.execute("VACUUM (TRUNCATE FALSE) invitation")?;
                conn.execute("VACUUM (TRUNCATE FALSE) assignment")
            }
        })
        .await
    }

    /// Does `work` on a connection of its own, unless the disk has failed before; where it fails now, that ends all writing, as it does
    /// when a transaction meets it: what others have had confirmed lies in the same files.
    async fn rewrite(
        &self,
        config: &Config,
        side: Side,
        work: impl FnOnce(&mut Conn, &Place) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        self.check_disk()?;
        let place = Place::of(config)?;
        let outcome = tokio::task::spawn_blocking(move || {
            let manager = Manager {
                place: place.clone(),
                side,
                read_only: false,
            };
            work(&mut manager.open()?, &place)
        })
        .await
        .map_err(Error::internal)?;
        match outcome {
            Err(Error::StorageFailed(cause)) => self.take_note(side, &format!("{cause:#}")).await,
            outcome => outcome,
        }
    }

    /// Lets the write door, which judges for all, meet a failure of the disk; gives the error that it is.
    async fn take_note(&self, side: Side, cause: &str) -> Result<()> {
        loop {
            let cause = format!("rewriting a file: {cause}");
            let judged = self
                .write(side, "note that a disk has failed", move |_| {
                    Err(Error::StorageFailed(anyhow::anyhow!(cause)))
                })
                .await;
            match judged {
                // So many wait at the door that it has not heard of it.
                Err(Error::Busy) => tokio::time::sleep(PAUSE).await,
                judged => return judged,
            }
        }
    }
}

/// Does something again where others were in the way, some times.
fn patiently(mut work: impl FnMut() -> Result<()>) -> Result<()> {
    for _ in 1..ATTEMPTS {
        match work() {
            Err(Error::Busy) => {}
            outcome => return outcome,
        }
    }
    work()
}
