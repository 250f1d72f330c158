//! One unchanging state of both stores, while others go on writing.

use super::super::connection::{Conn, Manager, Place, Side};
use super::super::migrate;
use super::swap;
use crate::config::Config;
use crate::error::{Error, Result};
use diesel::RunQueryDsl as _;
use serde::Serialize;
use std::path::Path;

/// Milliseconds that one attempt to get a lock waits.
const ATTEMPT: u32 = 1;
/// Attempts before the stores are taken for busy.
const ATTEMPTS: u32 = 30_000;
/// Attempts to get the second lock while the first one is held.
const ATTEMPTS_HOLDING: u32 = 300;

/// Takes the rows of a snapshot.
pub trait Sink {
    /// From here on the rows are those of this table.
    fn table(&mut self, side: Side, table: &'static str) -> Result<()>;
    /// A row.
    fn row(&mut self, row: &impl Serialize) -> Result<()>;
}

/// Both stores as they were at one moment.
pub struct Snapshot {
    /// One connection a store on SQLite, one for both on PostgreSQL.
    conns: Vec<Conn>,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// The version of the schema of the roster.
    pub roster_schema: String,
    /// The version of the schema of the ballots.
    pub ballots_schema: String,
}

impl Snapshot {
    /// Takes hold of both stores as they are now. On SQLite nobody writes for some milliseconds meanwhile. Waits: not for a thread
    /// that serves requests.
    ///
    /// # Errors
    /// [`Error::Conflict`] where there are no stores (`not_set_up`) or their schemas are not those of this Klankbord (`schema_newer`,
    /// `schema_older`); [`Error::Busy`]; [`Error::Unavailable`].
    pub fn take(config: &Config) -> Result<Self> {
        if config.database.url == "sqlite" {
            require_files(&config.data_dir)?;
        }
        let place = Place::of(config)?;
        let manager = |side, read_only| Manager {
            place: place.clone(),
            side,
            read_only,
        };
        let mut versions = Vec::new();
        for side in [Side::Roster, Side::Ballots] {
            versions.push(migrate::require_current(
                &mut manager(side, true).open()?,
                side,
            )?);
        }
        let conns = match &place {
            Place::Folder(_) => {
                let mut locks = [
                    manager(Side::Roster, false).open()?,
                    manager(Side::Ballots, false).open()?,
                ];
                let mut readers = [
                    manager(Side::Roster, true).open()?,
                    manager(Side::Ballots, true).open()?,
                ];
                hold(&mut locks)?;
                let held = readers.iter_mut().try_for_each(look);
                for lock in &mut locks {
                    lock.execute("ROLLBACK")?;
                }
                held?;
                Vec::from(readers)
            }
            // One snapshot sees both schemas as they were at one moment, and what was committed in an order is seen in that order.
            Place::Database(_) => {
                let mut conn = manager(Side::Roster, false).open()?;
                conn.execute("SET lock_timeout = '30s'")?;
                look(&mut conn)?;
                vec![conn]
            }
        };
        let mut versions = versions.into_iter();
        Ok(Self {
            conns,
            database: match place {
                Place::Folder(_) => "sqlite",
                Place::Database(_) => "postgres",
            },
            roster_schema: versions.next().unwrap_or_default(),
            ballots_schema: versions.next().unwrap_or_default(),
        })
    }

    /// Hands every row of every table to `sink`, table by table.
    pub fn each(&mut self, sink: &mut impl Sink) -> Result<()> {
        super::each(self, sink)
    }

    /// How many tenants there are.
    pub fn tenants(&mut self) -> Result<i64> {
        use super::super::schema::tenant;
        use diesel::QueryDsl as _;
        let query = tenant::table.count();
        Ok(match self.conn(Side::Roster)? {
            Conn::Sqlite(conn) => query.get_result(conn)?,
            Conn::Postgres(conn) => query.get_result(conn)?,
        })
    }

    /// The connection that sees a store.
    pub(super) fn conn(&mut self, side: Side) -> Result<&mut Conn> {
        let at = match (self.conns.len(), side) {
            (2, Side::Ballots) => 1,
            _ => 0,
        };
        let conn = self
            .conns
            .get_mut(at)
            .ok_or_else(|| Error::internal(anyhow::anyhow!("a snapshot has no connection")))?;
        if matches!(conn, Conn::Postgres(_)) {
            conn.execute(&format!("SET LOCAL search_path TO {}", side.name()))?;
        }
        Ok(conn)
    }
}

/// Makes sure that the files of SQLite are there, both of one moment: whoever opens one makes it.
pub(in crate::store) fn require_files(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        swap::refuse_unfinished(folder)?;
    }
    for side in [Side::Roster, Side::Ballots] {
        let file = folder.join(format!("{}.sqlite", side.name()));
        if !file.exists() {
            return Err(Error::conflict(
                "not_set_up",
                format!(
                    "{} is not there. Say with KLANKBORD_DATA_DIR or the settings where the data lie.",
                    file.display()
                ),
            ));
        }
    }
    Ok(())
}

/// Begins to read: what is seen from here on does not change.
fn look(conn: &mut Conn) -> Result<()> {
    conn.begin_read()?;
    conn.execute("SELECT count(*) FROM tenant WHERE false")
        .or_else(|_| conn.execute("SELECT count(*) FROM mailbox WHERE false"))
}

/// Takes the write locks of two files of SQLite, the first one never for long without the second.
fn hold(locks: &mut [Conn; 2]) -> Result<()> {
    let [first, second] = locks;
    for lock in [&mut *first, &mut *second] {
        lock.execute(&format!("PRAGMA busy_timeout = {ATTEMPT}"))?;
    }
    for _ in 0..ATTEMPTS {
        if !locked(first)? {
            continue;
        }
        for _ in 0..ATTEMPTS_HOLDING {
            if locked(second)? {
                return Ok(());
            }
        }
        first.execute("ROLLBACK")?;
    }
    Err(Error::Busy)
}

/// Tries to get a write lock.
fn locked(conn: &mut Conn) -> Result<bool> {
    match conn.execute("BEGIN IMMEDIATE") {
        Ok(()) => Ok(true),
        Err(Error::Busy) => Ok(false),
        Err(error) => Err(error),
    }
}
