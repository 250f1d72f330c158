//! The write door of one store: one thread that commits what waits in groups.
//!
//! While one group is being made durable the next one gathers, so the cost of a sync is shared by all that wait for it. Each
//! transaction stands behind a savepoint of its own: one that fails takes none of its neighbours with it.

use super::connection::{Conn, Manager};
use super::failure::Shared;
use crate::error::{Error, Result};
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Transactions that may wait before the next one is turned away.
const QUEUE: usize = 4096;
/// Transactions in one group at most.
const GROUP: usize = 256;

/// Tells the one who waits how it ended, once the group is durable or lost.
type Deliver = Box<dyn FnOnce(std::result::Result<(), Shared>) + Send>;
/// Does the work, or takes note that it cannot be done; `true` where its changes are to stay.
type Job = Box<dyn FnOnce(std::result::Result<&mut Conn, Shared>) -> (bool, Deliver) + Send>;

/// The write door of one store.
pub(super) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(manager: Manager) -> Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name(format!("{} writer", manager.side.name()))
            .spawn(move || {
                Worker {
                    manager,
                    conn: None,
                }
                .serve(&jobs);
            })
            .map_err(Error::internal)?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Runs `work` in a transaction and waits until it is durable.
    ///
    /// An error from `work` undoes its changes and comes back as it is. [`Error::Busy`] where too many wait already.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        name: &'static str,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let outcome = conn.map_err(Error::from).and_then(|conn| {
                std::panic::catch_unwind(AssertUnwindSafe(|| work(conn))).unwrap_or_else(|_| {
                    let cause = anyhow::anyhow!("the transaction “{name}” panicked");
                    Err(Error::internal(cause))
                })
            });
            let stays = outcome.is_ok();
            let deliver: Deliver = Box::new(move |group| {
                let outcome = match (outcome, group) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Ok(_), Err(shared)) => Err(shared.into()),
                    (Err(error), _) => Err(error),
                };
                // Nobody listens any more where the caller has hung up; the transaction stands all the same.
                drop(sender.send(outcome));
            });
            (stays, deliver)
        });
        let queue = self.queue.as_ref().ok_or(Error::Busy)?;
        queue.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => Error::Busy,
            TrySendError::Disconnected(_) => {
                Error::internal(anyhow::anyhow!("the writer has stopped"))
            }
        })?;
        receiver.await.map_err(|_| {
            Error::Unavailable(anyhow::anyhow!(
                "the writer stopped before “{name}” was done"
            ))
        })?
    }
}

impl Drop for Writer {
    /// Waits until all that was taken in is durable.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("a writer ended in a panic");
        }
    }
}

struct Worker {
    manager: Manager,
    conn: Option<Conn>,
}

impl Worker {
    fn serve(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = jobs.try_recv()
            {
                group.push(next);
            }
            let mut delivers = Vec::with_capacity(group.len());
            let ended = self
                .commit(group, &mut delivers)
                .inspect_err(|shared| tracing::warn!(?shared, "a group of writes was undone"));
            for deliver in delivers {
                deliver(ended.clone());
            }
        }
    }

    /// Runs a group in one transaction; `delivers` holds one entry a job, whatever happens.
    fn commit(
        &mut self,
        group: Vec<Job>,
        delivers: &mut Vec<Deliver>,
    ) -> std::result::Result<(), Shared> {
        let alone = group.len() == 1;
        let mut state = self.begin();
        let mut any_stays = false;
        for job in group {
            let (stays, deliver, after) = match (&state, self.conn.as_mut()) {
                (Ok(()), Some(conn)) => step(conn, job, alone),
                (Err(shared), _) => {
                    let (stays, deliver) = job(Err(shared.clone()));
                    (stays, deliver, Ok(()))
                }
                (Ok(()), None) => {
                    let shared = Shared::Unavailable("there is no connection".to_owned());
                    let (stays, deliver) = job(Err(shared.clone()));
                    (stays, deliver, Err(shared))
                }
            };
            any_stays |= stays;
            delivers.push(deliver);
            if state.is_ok() {
                state = after;
            }
        }
        let state = state.and_then(|()| self.end(any_stays));
        if state.is_err() {
            // Whatever the connection still holds is undone with it.
            self.conn = None;
        }
        state
    }

    /// Begins a transaction, on a new connection where the old one is gone.
    fn begin(&mut self) -> std::result::Result<(), Shared> {
        if let Some(conn) = self.conn.as_mut() {
            match conn.begin_write() {
                Ok(()) => return Ok(()),
                Err(Error::Unavailable(cause)) => {
                    tracing::warn!("the database connection is gone, opening another: {cause:#}");
                    self.conn = None;
                }
                Err(error) => return Err(error.into()),
            }
        }
        let mut conn = self.manager.open()?;
        conn.begin_write()?;
        self.conn = Some(conn);
        Ok(())
    }

    fn end(&mut self, any_stays: bool) -> std::result::Result<(), Shared> {
        match self.conn.as_mut() {
            Some(conn) if any_stays => Ok(conn.execute("COMMIT")?),
            Some(conn) => Ok(conn.execute("ROLLBACK")?),
            None => Ok(()),
        }
    }
}

/// Runs one job behind a savepoint of its own; the last part of the answer is an error where the connection is lost.
fn step(
    conn: &mut Conn,
    job: Job,
    alone: bool,
) -> (bool, Deliver, std::result::Result<(), Shared>) {
    if alone {
        let (stays, deliver) = job(Ok(conn));
        return (stays, deliver, Ok(()));
    }
    if let Err(error) = conn.execute("SAVEPOINT one") {
        let shared = Shared::from(error);
        let (stays, deliver) = job(Err(shared.clone()));
        return (stays, deliver, Err(shared));
    }
    let (stays, deliver) = job(Ok(conn));
    let after = conn.execute(if stays {
        "RELEASE SAVEPOINT one"
    } else {
        "ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one"
    });
    (stays, deliver, after.map_err(Shared::from))
}

#[cfg(test)]
mod tests {
    use super::super::connection::{Place, Side};
    use super::*;

    fn count(conn: &mut Conn) -> Result<i64> {
        use diesel::prelude::*;
        let Conn::Sqlite(conn) = conn else {
            unreachable!("the test opens SQLite")
        };
        let found = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
            "(SELECT count(*) FROM note)",
        ))
        .get_result(conn)?;
        Ok(found)
    }

    #[tokio::test]
    async fn a_failing_transaction_is_undone_alone_and_the_rest_of_its_group_stands() {
        let folder = std::env::temp_dir().join(crate::random::uuid());
        std::fs::create_dir_all(&folder).unwrap();
        let writer = Writer::start(Manager {
            place: Place::Folder(folder.clone()),
            side: Side::Roster,
            read_only: false,
        })
        .unwrap();
        writer
            .run("make", |conn| conn.execute("CREATE TABLE note (n INTEGER)"))
            .await
            .unwrap();
        let waiting: Vec<_> = (0..90)
            .map(|n| {
                writer.run("note", move |conn| {
                    conn.execute(&format!("INSERT INTO note VALUES ({n})"))?;
                    match n % 3 {
                        0 => Err(Error::Busy),
                        1 if n % 2 == 0 => panic!("planted"),
                        _ => Ok(n),
                    }
                })
            })
            .collect();
        let mut kept = 0;
        for one in waiting {
            kept += i64::from(one.await.is_ok());
        }
        assert_eq!(kept, 45);
        assert_eq!(writer.run("count", count).await.unwrap(), 45);
        drop(writer);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
