//! The write door of one store: one thread that commits what waits in groups.
//!
//! While one group is being made durable the next one gathers, so the cost of a sync is shared by all that wait for it. What hot
//! paths write comes as data and is written together (see `batch`); every other transaction stands behind a savepoint of its
//! own: one that fails takes none of its neighbours with it.

use super::batch::{self, AssignmentKey, Claimed, Put};
use super::connection::{Conn, Manager};
use super::failure::Shared;
use super::rows::MailboxRow;
use super::trouble::Trouble;
use crate::error::{Error, Result};
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// Transactions that may wait before the next one is turned away.
const QUEUE: usize = 4096;
/// Transactions in one group at most.
const GROUP: usize = 512;
/// How long somebody waits whose write is a single row; it may still be written afterwards, and be repeated without harm.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells the one who waits how it ended, once the group is durable or lost.
type Deliver = Box<dyn FnOnce(std::result::Result<(), Shared>) + Send>;
/// Does the work, or takes note that it cannot be done.
type Job = Box<dyn FnOnce(std::result::Result<&mut Conn, Shared>) -> (Verdict, Deliver) + Send>;
/// Who waits for an outcome. Nobody listens any more where the caller has hung up; what was written stands all the same.
type Answer<T> = oneshot::Sender<Result<T>>;

/// What becomes of the changes of one transaction.
enum Verdict {
    Stay,
    Undo,
    /// The group is lost with it.
    Lost(Shared),
}

/// Something to be written.
enum Work {
    Job(Job),
    Put(MailboxRow, Answer<Put>),
    Claim(AssignmentKey, Answer<Claimed>),
    Done(BTreeSet<AssignmentKey>, Answer<()>),
}

/// The write door of one store.
pub(super) struct Writer {
    queue: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<()>>,
    trouble: Arc<Trouble>,
}

impl Writer {
    pub(super) fn start(manager: Manager, trouble: Arc<Trouble>) -> Result<Self> {
        let (queue, work) = sync_channel(QUEUE);
        let worker = Worker {
            manager,
            conn: None,
            trouble: Arc::clone(&trouble),
        };
        let thread = std::thread::Builder::new()
            .name(format!("{} writer", worker.manager.side.name()))
            .spawn(move || worker.serve(&work))
            .map_err(Error::internal)?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            trouble,
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
        let trouble = Arc::clone(&self.trouble);
        let job: Job = Box::new(move |conn| {
            let outcome = conn
                .map_err(Error::from)
                .and_then(|conn| {
                    std::panic::catch_unwind(AssertUnwindSafe(|| work(conn))).unwrap_or_else(|_| {
                        let cause = anyhow::anyhow!("the transaction “{name}” panicked");
                        Err(Error::internal(cause))
                    })
                })
                .map_err(|error| trouble.judge(error));
            let verdict = match &outcome {
                Ok(_) => Verdict::Stay,
                Err(error) => Shared::of_all(error).map_or(Verdict::Undo, Verdict::Lost),
            };
            let deliver: Deliver = Box::new(move |group| {
                let outcome = match (outcome, group) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Ok(_), Err(shared)) => Err(shared.into()),
                    (Err(error), _) => Err(error),
                };
                drop(sender.send(outcome));
            });
            (verdict, deliver)
        });
        self.enqueue(Work::Job(job))?;
        receiver.await.map_err(|_| stopped())?
    }

    /// Puts a ballot and waits until it is durable.
    pub(super) async fn put(&self, row: MailboxRow) -> Result<Put> {
        self.wait(|answer| Work::Put(row, answer)).await
    }

    /// Claims an assignment and waits until that is durable.
    pub(super) async fn claim(&self, key: AssignmentKey) -> Result<Claimed> {
        self.wait(|answer| Work::Claim(key, answer)).await
    }

    /// Flags assignments as done and waits until that is durable.
    pub(super) async fn done(&self, keys: BTreeSet<AssignmentKey>) -> Result<()> {
        self.wait(|answer| Work::Done(keys, answer)).await
    }

    async fn wait<T>(&self, work: impl FnOnce(Answer<T>) -> Work) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        self.enqueue(work(sender))?;
        match tokio::time::timeout(PATIENCE, receiver).await {
            Ok(outcome) => outcome.map_err(|_| stopped())?,
            Err(_) => Err(Error::Unavailable(anyhow::anyhow!(
                "a write was not done within {} s",
                PATIENCE.as_secs()
            ))),
        }
    }

    fn enqueue(&self, work: Work) -> Result<()> {
        self.trouble.check()?;
        let queue = self.queue.as_ref().ok_or(Error::Busy)?;
        queue.try_send(work).map_err(|refused| match refused {
            TrySendError::Full(_) => Error::Busy,
            TrySendError::Disconnected(_) => {
                Error::internal(anyhow::anyhow!("the writer has stopped"))
            }
        })
    }
}

fn stopped() -> Error {
    Error::Unavailable(anyhow::anyhow!(
        "the writer stopped before a write was done"
    ))
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

/// What is written together, by kind.
#[derive(Default)]
struct Group {
    jobs: Vec<Job>,
    puts: Vec<MailboxRow>,
    putters: Vec<Answer<Put>>,
    claims: Vec<AssignmentKey>,
    claimers: Vec<Answer<Claimed>>,
    done: BTreeSet<AssignmentKey>,
    doers: Vec<Answer<()>>,
    size: usize,
}

impl Group {
    fn add(&mut self, work: Work) {
        self.size += 1;
        match work {
            Work::Job(job) => self.jobs.push(job),
            Work::Put(row, answer) => {
                self.puts.push(row);
                self.putters.push(answer);
            }
            Work::Claim(key, answer) => {
                self.claims.push(key);
                self.claimers.push(answer);
            }
            Work::Done(keys, answer) => {
                self.done.extend(keys);
                self.doers.push(answer);
            }
        }
    }
}

struct Worker {
    manager: Manager,
    conn: Option<Conn>,
    trouble: Arc<Trouble>,
}

impl Worker {
    fn serve(mut self, work: &Receiver<Work>) {
        while let Ok(first) = work.recv() {
            let mut group = Group::default();
            group.add(first);
            while group.size < GROUP
                && let Ok(next) = work.try_recv()
            {
                group.add(next);
            }
            let mut delivers = Vec::with_capacity(group.size);
            let ended = self
                .commit(group, &mut delivers)
                .inspect_err(|shared| tracing::warn!(?shared, "a group of writes was undone"));
            for deliver in delivers {
                deliver(ended.clone());
            }
            if ended.is_ok() {
                self.tidy();
            }
        }
    }

    /// Runs a group in one transaction; `delivers` tells everybody who waits, whatever happens.
    fn commit(
        &mut self,
        group: Group,
        delivers: &mut Vec<Deliver>,
    ) -> std::result::Result<(), Shared> {
        let alone = group.size == 1;
        let batched = !(group.puts.is_empty() && group.claims.is_empty() && group.done.is_empty());
        let mut state = self.begin(group.jobs.is_empty());
        let (puts, claims, done) = (group.puts, group.claims, group.done);
        let placed = self.attempt(&mut state, |conn| batch::put_ballots(conn, &puts));
        deliver_each(group.putters, placed, delivers);
        let marked = self.attempt(&mut state, |conn| {
            batch::mark_assignments(conn, &claims, &done)
        });
        deliver_each(group.claimers, marked, delivers);
        let flagged = group.doers.iter().map(|_| ()).collect();
        deliver_each(group.doers, Some(flagged), delivers);
        let mut any_stays = batched;
        for job in group.jobs {
            let (verdict, deliver) = match (&state, self.conn.as_mut()) {
                (Ok(()), Some(conn)) => step(conn, job, alone),
                (Err(shared), _) => job(Err(shared.clone())),
                (Ok(()), None) => job(Err(Shared::no_connection())),
            };
            delivers.push(deliver);
            match verdict {
                Verdict::Stay => any_stays = true,
                Verdict::Undo => {}
                Verdict::Lost(shared) => state = state.and(Err(shared)),
            }
        }
        let state = state.and_then(|()| self.end(any_stays));
        if state.is_err() {
            self.undo();
        }
        state
    }

    /// Runs one batch; `None`, and the group is lost, where it fails.
    fn attempt<T>(
        &mut self,
        state: &mut std::result::Result<(), Shared>,
        batch: impl FnOnce(&mut Conn) -> Result<T>,
    ) -> Option<T> {
        if state.is_err() {
            return None;
        }
        let outcome = match self.conn.as_mut() {
            Some(conn) => batch(conn).map_err(|error| self.trouble.judge(error).into()),
            None => Err(Shared::no_connection()),
        };
        match outcome {
            Ok(value) => Some(value),
            Err(shared) => {
                *state = Err(shared);
                None
            }
        }
    }

    /// Begins a transaction, on a new connection where the old one is gone. Where nothing but batches is written, other processes
    /// may write batches at the same time.
    fn begin(&mut self, only_batches: bool) -> std::result::Result<(), Shared> {
        self.trouble.check()?;
        if let Some(conn) = self.conn.as_mut() {
            match conn.begin_write(only_batches) {
                Ok(()) => return Ok(()),
                Err(Error::Unavailable(cause)) => {
                    tracing::warn!("the database connection is gone, opening another: {cause:#}");
                    self.conn = None;
                }
                Err(error) => return Err(self.trouble.judge(error).into()),
            }
        }
        let opened = self.manager.open().and_then(|mut conn| {
            conn.bound()?;
            conn.keep_log_by_hand()?;
            conn.begin_write(only_batches)?;
            Ok(conn)
        });
        self.conn = Some(opened.map_err(|error| self.trouble.judge(error))?);
        Ok(())
    }

    fn end(&mut self, any_stays: bool) -> std::result::Result<(), Shared> {
        let Some(conn) = self.conn.as_mut() else {
            return Err(Shared::no_connection());
        };
        let sql = if any_stays { "COMMIT" } else { "ROLLBACK" };
        conn.execute(sql)
            .map_err(|error| self.trouble.judge(error))?;
        // The other store may have met a failing disk in the meantime.
        Ok(self.trouble.check()?)
    }

    /// Undoes what the connection still holds, and lets go of it where that is not sure. A connection to files that are full is
    /// kept: opening another takes room.
    fn undo(&mut self) {
        if let Some(conn) = self.conn.as_mut()
            && !conn.abandon()
        {
            self.conn = None;
        }
    }

    /// Moves what the log of SQLite holds into the file, while nobody waits for it.
    fn tidy(&mut self) {
        if let Some(conn) = self.conn.as_mut()
            && let Err(error) = conn.checkpoint()
        {
            tracing::warn!("the log could not be moved into the file: {error:?}");
            self.trouble.judge(error);
        }
    }
}

/// Prepares the answers of a batch; without outcomes, the batch shares the fate of its group.
fn deliver_each<T: Send + 'static>(
    waiting: Vec<Answer<T>>,
    outcomes: Option<Vec<T>>,
    delivers: &mut Vec<Deliver>,
) {
    let mut outcomes = outcomes.into_iter().flatten();
    for answer in waiting {
        let outcome = outcomes.next();
        delivers.push(Box::new(move |group| {
            let told = group
                .map_err(Error::from)
                .and_then(|()| outcome.ok_or_else(stopped));
            drop(answer.send(told));
        }));
    }
}

/// Runs one job behind a savepoint of its own. PostgreSQL has one even for a single job: it would answer `COMMIT` of a transaction
/// with a failed statement as if all were well, but not the release of a savepoint.
fn step(conn: &mut Conn, job: Job, alone: bool) -> (Verdict, Deliver) {
    if alone && matches!(conn, Conn::Sqlite(_)) {
        return job(Ok(conn));
    }
    if let Err(error) = conn.execute("SAVEPOINT one") {
        return job(Err(Shared::from(error)));
    }
    let (verdict, deliver) = job(Ok(conn));
    let ended = match verdict {
        Verdict::Stay => conn.execute("RELEASE SAVEPOINT one"),
        Verdict::Undo => conn.execute("ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one"),
        Verdict::Lost(_) => return (verdict, deliver),
    };
    match ended {
        Ok(()) => (verdict, deliver),
        Err(error) => (Verdict::Lost(error.into()), deliver),
    }
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
        let manager = Manager {
            place: Place::Folder(folder.clone()),
            side: Side::Roster,
            read_only: false,
        };
        let writer = Writer::start(manager, Arc::default()).unwrap();
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
