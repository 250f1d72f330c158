//! Looking up a link: the one read that every request of a respondent begins with.
//!
//! It is a single statement, which sees one state of the database without a transaction around it. On SQLite it runs where it is asked
//! for, on a connection of the thread's own: a few look-ups in memory, which never wait for a writer. On PostgreSQL, where a statement
//! is a message there and back, one thread asks for all links that wait with one statement; while it is under way the next ones gather.

use super::connection::{Conn, Manager, Place};
use super::failure::Shared;
use super::{postgres, sqlite};
use crate::error::{Error, Result};
use crate::store::rows::LinkRow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;
use tokio::sync::oneshot;

/// Look-ups that may wait before the next one is turned away.
const QUEUE: usize = 4096;
/// Look-ups in one statement at most.
const GROUP: usize = 256;
/// How long somebody waits for a link where the database has stopped answering.
const PATIENCE: Duration = Duration::from_secs(10);

/// The hash of a link's secret.
type Hash = [u8; 32];

/// Looks up links.
pub(super) enum Links {
    /// On the thread that asks; the number tells the stores of one process apart.
    Here { number: u64, manager: Manager },
    /// On a thread of its own, many at a time.
    Together(SyncSender<Ask>),
}

/// Somebody who waits for a link.
pub(super) struct Ask {
    tenant: i64,
    hash: Hash,
    answer: oneshot::Sender<std::result::Result<Vec<LinkRow>, Shared>>,
}

thread_local! {
    /// This thread's connections, by the number of their store.
    static HERE: RefCell<HashMap<u64, Conn>> = RefCell::default();
}

impl Links {
    pub(super) fn start(manager: Manager) -> Result<Self> {
        static STORES: AtomicU64 = AtomicU64::new(0);
        if matches!(manager.place, Place::Folder(_)) {
            let number = STORES.fetch_add(1, Ordering::Relaxed);
            return Ok(Self::Here { number, manager });
        }
        let (queue, asks) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("links".to_owned())
            .spawn(move || {
                Worker {
                    manager,
                    conn: None,
                }
                .serve(&asks);
            })
            .map_err(Error::internal)?;
        Ok(Self::Together(queue))
    }

    /// A link's invitation with its person and how its round stands, once for each assignment; nothing for a link that is not known.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait, [`Error::Unavailable`] where the database cannot be reached or does not answer in time.
    pub(super) async fn find(&self, tenant: i64, hash: Hash) -> Result<Vec<LinkRow>> {
        match self {
            Self::Here { number, manager } => find_here(*number, manager, tenant, &hash),
            Self::Together(queue) => {
                let (answer, answered) = oneshot::channel();
                let ask = Ask {
                    tenant,
                    hash,
                    answer,
                };
                queue.try_send(ask).map_err(|refused| match refused {
                    TrySendError::Full(_) => Error::Busy,
                    TrySendError::Disconnected(_) => stopped(),
                })?;
                match tokio::time::timeout(PATIENCE, answered).await {
                    Ok(found) => Ok(found.map_err(|_| stopped())??),
                    Err(_) => Err(Error::Unavailable(anyhow::anyhow!(
                        "a link was not looked up within {} s",
                        PATIENCE.as_secs()
                    ))),
                }
            }
        }
    }
}

fn stopped() -> Error {
    Error::internal(anyhow::anyhow!(
        "the thread that looks up links has stopped"
    ))
}

fn find_here(number: u64, manager: &Manager, tenant: i64, hash: &Hash) -> Result<Vec<LinkRow>> {
    HERE.with_borrow_mut(|open| {
        let mut conn = match open.remove(&number) {
            Some(conn) => conn,
            None => manager.open()?,
        };
        let found = links(&mut conn, tenant, &[hash.as_slice()])?;
        // A connection that has failed is not used again.
        open.insert(number, conn);
        Ok(found)
    })
}

/// The links of a tenant with these hashes.
fn links(conn: &mut Conn, tenant: i64, hashes: &[&[u8]]) -> Result<Vec<LinkRow>> {
    match (conn, hashes) {
        (Conn::Sqlite(conn), [hash]) => sqlite::invitation::link(conn, tenant, hash),
        (Conn::Sqlite(conn), hashes) => sqlite::invitation::links(conn, tenant, hashes),
        (Conn::Postgres(conn), [hash]) => postgres::invitation::link(conn, tenant, hash),
        (Conn::Postgres(conn), hashes) => postgres::invitation::links(conn, tenant, hashes),
    }
    .map_err(Error::from)
}

struct Worker {
    manager: Manager,
    conn: Option<Conn>,
}

impl Worker {
    fn serve(mut self, asks: &Receiver<Ask>) {
        while let Ok(first) = asks.recv() {
            let mut by_tenant: HashMap<i64, Vec<Ask>> = HashMap::new();
            let group = std::iter::once(first).chain(asks.try_iter().take(GROUP - 1));
            // Who has given up is not looked up any more.
            for ask in group.filter(|ask| !ask.answer.is_closed()) {
                by_tenant.entry(ask.tenant).or_default().push(ask);
            }
            for (tenant, asks) in by_tenant {
                self.answer(tenant, asks);
            }
        }
    }

    fn answer(&mut self, tenant: i64, asks: Vec<Ask>) {
        let hashes: Vec<&[u8]> = asks.iter().map(|ask| ask.hash.as_slice()).collect();
        let mut found = self
            .find(tenant, &hashes)
            .map_err(Shared::from)
            .map(|rows| {
                let mut by_hash: HashMap<Vec<u8>, Vec<LinkRow>> = HashMap::new();
                for row in rows {
                    let hash = row.0.token_hash.clone().unwrap_or_default();
                    by_hash.entry(hash).or_default().push(row);
                }
                by_hash
            });
        for ask in asks {
            let rows = match &mut found {
                // Cloned and not taken: the same link can be asked for twice at the same time.
                Ok(by_hash) => Ok(by_hash
                    .get(ask.hash.as_slice())
                    .cloned()
                    .unwrap_or_default()),
                Err(shared) => Err(shared.clone()),
            };
            // Nobody listens any more where the caller has hung up.
            drop(ask.answer.send(rows));
        }
    }

    /// Asks once more on a new connection where the old one is gone.
    fn find(&mut self, tenant: i64, hashes: &[&[u8]]) -> Result<Vec<LinkRow>> {
        if let Some(conn) = self.conn.as_mut() {
            match links(conn, tenant, hashes) {
                Ok(found) => return Ok(found),
                Err(Error::Unavailable(cause)) => {
                    tracing::warn!("the database connection is gone, opening another: {cause:#}");
                }
                Err(error) => {
                    self.conn = None;
                    return Err(error);
                }
            }
            self.conn = None;
        }
        let mut conn = self.manager.open()?;
        let found = links(&mut conn, tenant, hashes)?;
        self.conn = Some(conn);
        Ok(found)
    }
}
