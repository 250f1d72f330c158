//! The store: two sides, each with a pool of readers and one writer.

use super::batch::{AssignmentKey, Claimed, Put};
use super::connection::{Conn, Manager, Place, Side};
use super::links::Links;
use super::migrate::{self as schema, Migrated};
use super::reading::ReadTurns;
use super::rows::{LinkRow, MailboxRow};
use super::trouble::Trouble;
use super::writer::Writer;
use crate::config::Config;
use crate::error::{Error, Result};
use diesel::r2d2::Pool;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How long a read waits for a connection.
const WAIT_FOR_CONNECTION: Duration = Duration::from_millis(900);
/// How long somebody waits for what is read, and for a write to begin, where the database has stopped answering.
const PATIENCE: Duration = Duration::from_secs(10);

/// Both stores of one process. Cloning shares them.
#[derive(Clone)]
pub struct Store(Arc<Sides>);

struct Sides {
    roster: Doors,
    ballots: Doors,
    links: Links,
    trouble: Arc<Trouble>,
}

struct Doors {
    readers: Pool<Manager>,
    turns: ReadTurns,
    writer: Writer,
}

impl Store {
    /// Opens both stores and brings their schemas up to date.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where a database cannot be reached; [`Error::Conflict`] with code `schema_newer` where it was
    /// made by a newer Klankbord.
    pub async fn open(config: &Config) -> Result<Self> {
        let config = config.clone();
        tokio::task::spawn_blocking(move || Self::open_blocking(&config))
            .await
            .map_err(Error::internal)?
    }

    fn open_blocking(config: &Config) -> Result<Self> {
        migrate(config)?;
        let place = Place::of(config)?;
        let trouble = Arc::new(Trouble::at(match &place {
            Place::Folder(folder) => Some(folder.clone()),
            Place::Database(_) => None,
        }));
        let doors = |side| {
            let manager = |read_only| Manager {
                place: place.clone(),
                side,
                read_only,
            };
            let readers = Pool::builder()
                .max_size(config.database.read_connections)
                .min_idle(Some(0))
                .connection_timeout(WAIT_FOR_CONNECTION)
                .error_handler(Box::new(LogReason))
                .build_unchecked(manager(true));
            Ok::<_, Error>(Doors {
                readers,
                turns: ReadTurns::of(config.database.read_connections),
                writer: Writer::start(manager(false), Arc::clone(&trouble))?,
            })
        };
        Ok(Self(Arc::new(Sides {
            roster: doors(Side::Roster)?,
            ballots: doors(Side::Ballots)?,
            links: Links::start(Manager {
                place: place.clone(),
                side: Side::Roster,
                read_only: true,
            })?,
            trouble,
        })))
    }

    fn doors(&self, side: Side) -> &Doors {
        match side {
            Side::Roster => &self.0.roster,
            Side::Ballots => &self.0.ballots,
        }
    }

    /// Runs `work` on one unchanging state of a store. `name` says what it does, for the log.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait, [`Error::Unavailable`] where no connection can be had or the database does not answer in
    /// time, and whatever `work` returns.
    pub async fn read<T: Send + 'static>(
        &self,
        side: Side,
        name: &'static str,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let doors = self.doors(side);
        let until = Instant::now() + WAIT_FOR_CONNECTION;
        let turn = doors.turns.take(until).await?;
        let readers = doors.readers.clone();
        let reading = tokio::task::spawn_blocking(move || {
            // The turn goes with the work: somebody who gives up does not let the next one in early.
            let _turn = turn;
            let left = until.duration_since(Instant::now());
            let mut conn = readers.get_timeout(left).map_err(|error| {
                Error::Unavailable(
                    anyhow::Error::new(error).context(format!("“{name}” found no connection")),
                )
            })?;
            if conn.begin_read().is_err() {
                // A reader that panicked has left its transaction open.
                conn.execute("ROLLBACK")?;
                conn.begin_read()?;
            }
            let outcome = work(&mut conn);
            let ended = conn.execute("ROLLBACK");
            let value = outcome?;
            ended?;
            Ok(value)
        });
        match timeout(PATIENCE, reading).await {
            Ok(read) => read.map_err(Error::internal)?,
            Err(_) => Err(too_late(name)),
        }
    }

    /// What the link with this hash leads to, once for each assignment of its invitation; nothing where it is not known.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait, [`Error::Unavailable`] where the database cannot be reached.
    pub async fn find_link(&self, tenant: i64, hash: [u8; 32]) -> Result<Vec<LinkRow>> {
        self.0.links.find(tenant, hash).await
    }

    /// Runs `work` in a transaction of a store and returns once it is durable. `name` says what it does, for the log. Where it could not
    /// begin in time it is not run at all.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait, [`Error::StorageFull`], [`Error::StorageFailed`], [`Error::Unavailable`], and whatever
    /// `work` returns: its changes are then undone.
    pub async fn write<T: Send + 'static>(
        &self,
        side: Side,
        name: &'static str,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.write_begun_within(PATIENCE, side, name, work).await
    }

    async fn write_begun_within<T: Send + 'static>(
        &self,
        patience: Duration,
        side: Side,
        name: &'static str,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let start = Start::default();
        let begins = start.clone();
        let writing = self.doors(side).writer.run(name, move |conn| {
            if begins.is_first() {
                work(conn)
            } else {
                Err(Error::Busy)
            }
        });
        let mut writing = std::pin::pin!(writing);
        match timeout(patience, &mut writing).await {
            Ok(written) => written,
            Err(_) if start.is_first() => Err(too_late(name)),
            // What has begun may take its time, and is told as it ends.
            Err(_) => writing.await,
        }
    }

    /// Puts a ballot into the mailbox of a round that takes them, and returns once it is durable. Many that come at the same time
    /// are written together, as if they had come one after the other.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait, [`Error::StorageFull`], [`Error::StorageFailed`], [`Error::Unavailable`]: then it may have
    /// been stored, and putting it again does no harm.
    pub async fn put_ballots_batched(&self, row: MailboxRow) -> Result<Put> {
        self.0.ballots.writer.put(row).await
    }

    /// Claims an assignment for answers that come with the link itself, and returns once that is durable. Written together like
    /// [`Store::put_ballots_batched`], and with the same errors.
    pub async fn claim_assisted(&self, key: AssignmentKey) -> Result<Claimed> {
        self.0.roster.writer.claim(key).await
    }

    /// Flags assignments as done, and returns once that is durable; it does not say when. No assignment, no flag. Written together
    /// like [`Store::put_ballots_batched`], and with the same errors.
    pub async fn mark_done(&self, keys: BTreeSet<AssignmentKey>) -> Result<()> {
        self.0.roster.writer.done(keys).await
    }

    /// Whether anything can be written.
    ///
    /// # Errors
    /// [`Error::StorageFailed`] where the disk has failed since this process has started.
    pub fn check_disk(&self) -> Result<()> {
        self.0.trouble.check()
    }
}

fn too_late(name: &str) -> Error {
    Error::Unavailable(anyhow::anyhow!(
        "the database did not answer “{name}” within {} s",
        PATIENCE.as_secs()
    ))
}

/// Settles what came first: that a transaction began, or that the one who waits for it gave up.
#[derive(Clone, Default)]
struct Start(Arc<AtomicBool>);

impl Start {
    /// Whether nobody has asked before.
    fn is_first(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// Brings both schemas up to date and tells what was done. Waits for the databases: not for a thread that serves requests.
pub fn migrate(config: &Config) -> Result<Vec<Migrated>> {
    let place = Place::of(config)?;
    [Side::Roster, Side::Ballots]
        .into_iter()
        .map(|side| schema::run(&place, side))
        .collect()
}

/// Puts a reader's failed attempt to connect into the log.
#[derive(Debug)]
struct LogReason;

impl diesel::r2d2::HandleError<Error> for LogReason {
    fn handle_error(&self, error: Error) {
        tracing::warn!("a database connection cannot be opened: {error:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// A store in a folder of its own, which goes away with it.
    struct Own {
        store: Store,
        folder: std::path::PathBuf,
    }

    impl Own {
        async fn open() -> Self {
            let folder = std::env::temp_dir().join(crate::random::uuid());
            let config = Config {
                data_dir: folder.clone(),
                ..Config::default()
            };
            Self {
                store: Store::open(&config).await.unwrap(),
                folder,
            }
        }
    }

    impl Drop for Own {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.folder));
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_write_that_was_given_up_before_it_began_is_never_run() {
        let own = Own::open().await;
        let (begun, begins) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let store = own.store.clone();
        let first = tokio::spawn(async move {
            let wait = move |_: &mut Conn| {
                begun.send(()).unwrap();
                ended.recv().map_err(Error::internal)
            };
            store.write(Side::Roster, "wait", wait).await
        });
        tokio::task::spawn_blocking(move || begins.recv().unwrap())
            .await
            .unwrap();
        let (ran, runs) = mpsc::channel();
        let run = move |_: &mut Conn| ran.send(()).map_err(Error::internal);
        let given_up = own
            .store
            .write_begun_within(Duration::ZERO, Side::Roster, "give up", run)
            .await;
        assert!(
            matches!(given_up, Err(Error::Unavailable(_))),
            "{given_up:?}"
        );
        end.send(()).unwrap();
        first.await.unwrap().unwrap();
        // Whatever came before this is through.
        own.store
            .write(Side::Roster, "follow", |_| Ok(()))
            .await
            .unwrap();
        assert!(runs.try_recv().is_err(), "it was run all the same");
    }
}
