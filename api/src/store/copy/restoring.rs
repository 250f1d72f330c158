//! Rows on their way back into both stores: all of them or none.

use super::super::connection::{Conn, Manager, Place, Side};
use super::super::migrate;
use super::{LEFT_OUT, TABLES, in_use, insert, is_empty, swap};
use crate::config::Config;
use crate::error::{Error, Result};
use anyhow::Context as _;
use diesel::{RunQueryDsl as _, sql_query};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Twentieths of a second for which others are waited for to leave a database.
const MOMENTS: u32 = 40;
const SIDES: [Side; 2] = [Side::Roster, Side::Ballots];

/// What became of the former stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// There was nothing in them.
    Nothing,
    /// Their files lie in this folder.
    Kept(PathBuf),
    /// Their rows are gone.
    Deleted,
}

/// Both stores while their rows are put in. Nobody sees anything of it before [`Restoring::finish`]; dropped before, it leaves
/// everything as it was.
pub struct Restoring(Way);

#[expect(
    clippy::large_enum_variant,
    reason = "there is one, and it is not moved while it is used"
)]
enum Way {
    /// New files beside the present ones.
    Files {
        folder: PathBuf,
        beside: Beside,
        new: [Conn; 2],
        /// The present files, locked: no server has them open.
        present: [Conn; 2],
        /// The folder, locked: nobody opens them.
        door: File,
        is_empty: bool,
    },
    /// One transaction over both schemas.
    Transaction { conn: Conn, is_empty: bool },
}

/// A folder that is gone when it is dropped.
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

impl Restoring {
    /// Makes sure that both stores can be filled, and that nobody else uses them.
    ///
    /// # Errors
    /// [`Error::Conflict`] with code `in_use` where a server runs on them, `not_empty` where there is something in them and it is not to
    /// be replaced, `schema_newer`.
    pub fn begin(config: &Config, replace: bool) -> Result<Self> {
        let place = Place::of(config)?;
        let way = match &place {
            Place::Folder(folder) => files(folder, &place)?,
            Place::Database(_) => transaction(&place, replace)?,
        };
        let (Way::Files { is_empty, .. } | Way::Transaction { is_empty, .. }) = &way;
        if !is_empty && !replace {
            return Err(Error::conflict(
                "not_empty",
                "There are data here already; nothing was touched. With --replace the backup takes their place.",
            ));
        }
        Ok(Self(way))
    }

    /// Puts rows into a table of a store.
    pub fn add(&mut self, side: Side, table: &'static str, lines: &[Vec<u8>]) -> Result<()> {
        let conn = match (&mut self.0, side) {
            (
                Way::Files {
                    new: [roster, _], ..
                },
                Side::Roster,
            ) => roster,
            (
                Way::Files {
                    new: [_, ballots], ..
                },
                Side::Ballots,
            ) => ballots,
            (Way::Transaction { conn, .. }, side) => {
                conn.execute(&format!("SET LOCAL search_path TO {}", side.name()))?;
                conn
            }
        };
        insert(conn, table, lines)
    }

    /// Makes everything that was put in the content of the stores, durably. `moment` names the folder for the former files.
    pub fn finish(self, moment: &str) -> Result<Replaced> {
        match self.0 {
            Way::Transaction { mut conn, is_empty } => {
                conn.execute("SET CONSTRAINTS ALL IMMEDIATE")?;
                conn.execute(&self_references("NOT DEFERRABLE"))?;
                conn.execute("COMMIT")?;
                for (side, table) in TABLES {
                    conn.execute(&format!("ANALYZE {}.{table}", side.name()))?;
                }
                Ok(if is_empty {
                    Replaced::Nothing
                } else {
                    Replaced::Deleted
                })
            }
            Way::Files {
                folder,
                beside,
                new,
                present,
                door,
                is_empty,
            } => {
                for mut conn in new {
                    conn.execute("COMMIT; PRAGMA optimize = 0x10002")?;
                }
                swap::swap(&folder, &beside.0, is_empty, moment)
                    .with_context(|| {
                        format!(
                            "the files in {} could not be put in place",
                            folder.display()
                        )
                    })
                    .map_err(Error::internal)
                    // Only now may others come in.
                    .inspect(|_| drop((present, door)))
            }
        }
    }
}

fn files(folder: &Path, place: &Place) -> Result<Way> {
    let manager = |place: &Place, side| Manager {
        place: place.clone(),
        side,
        read_only: false,
    };
    let mut is_empty = true;
    let mut present = [
        manager(place, Side::Roster).open()?,
        manager(place, Side::Ballots).open()?,
    ];
    for (conn, side) in present.iter_mut().zip(SIDES) {
        lock_out(conn)?;
        is_empty &= holds_nothing(conn, side)?;
    }
    // Who opens a file now does so later, or has begun already and is in the way.
    let door = swap::hold(folder)?;
    let beside = Beside(swap::beside(folder));
    let new_place = Place::Folder(beside.0.clone());
    super::super::connection::prepare_folder(&beside.0)
        .with_context(|| format!("{} cannot be made", beside.0.display()))
        .map_err(Error::Unavailable)?;
    for side in SIDES {
        migrate::run(&new_place, side)?;
    }
    let mut new = [
        manager(&new_place, Side::Roster).open()?,
        manager(&new_place, Side::Ballots).open()?,
    ];
    for conn in &mut new {
        // These files count for nothing before they are complete and synced: a crash leaves them to be deleted.
        conn.execute(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON",
        )?;
    }
    Ok(Way::Files {
        folder: folder.to_owned(),
        beside,
        new,
        present,
        door,
        is_empty,
    })
}

/// Takes a file of SQLite for this process alone. Whoever has it open, even without doing anything, keeps it from leaving the
/// write-ahead log, which brings everything into the one file besides.
fn lock_out(conn: &mut Conn) -> Result<()> {
    conn.execute("PRAGMA busy_timeout = 500")?;
    conn.execute(
        "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT",
    )
    .map_err(|error| match error {
        Error::Busy => in_use(),
        other => other,
    })
}

/// Whether a file of SQLite holds no rows, or not even tables.
fn holds_nothing(conn: &mut Conn, side: Side) -> Result<bool> {
    if migrate::present(conn)?.is_none() {
        return Ok(true);
    }
    match migrate::require_current(conn, side) {
        Ok(_) => is_empty(conn, side),
        // Another schema may lack tables; it is not asked for them, and taken for one that was filled.
        Err(Error::Conflict { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn transaction(place: &Place, replace: bool) -> Result<Way> {
    for side in SIDES {
        migrate::run(place, side)?;
    }
    let manager = Manager {
        place: place.clone(),
        side: Side::Roster,
        read_only: false,
    };
    let mut conn = manager.open()?;
    // A connection that was closed just now may be counted for a moment.
    let mut left = MOMENTS;
    while others(&mut conn)? > 0 {
        left = left.checked_sub(1).ok_or_else(in_use)?;
        conn.execute("SELECT pg_sleep(0.05)")?;
    }
    conn.execute("SET lock_timeout = '8s'; BEGIN")?;
    let mut empty = true;
    for side in SIDES {
        conn.execute(&format!("SET LOCAL search_path TO {}", side.name()))?;
        conn.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('writer of ' || current_schema(), 0))",
        )?;
        empty &= is_empty(&mut conn, side)?;
    }
    if empty || replace {
        let tables: Vec<String> = TABLES
            .iter()
            .chain(&LEFT_OUT)
            .map(|(side, table)| format!("{}.{table}", side.name()))
            .collect();
        conn.execute(&format!("TRUNCATE {}", tables.join(", ")))?;
        conn.execute(&self_references("DEFERRABLE INITIALLY DEFERRED"))?;
    }
    Ok(Way::Transaction {
        conn,
        is_empty: empty,
    })
}

/// Sets when references from a table to itself are checked: of the rounds, say, of which one may repeat a later one in the file.
fn self_references(when: &str) -> String {
    format!(
        "DO $$ DECLARE c record; BEGIN FOR c IN SELECT conname, conrelid::regclass AS tbl FROM pg_constraint \
         WHERE contype = 'f' AND conrelid = confrelid AND connamespace IN ('roster'::regnamespace, 'ballots'::regnamespace) \
         LOOP EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I {when}', c.tbl, c.conname); END LOOP; END $$"
    )
}

/// How many other connections of a Klankbord there are to a database.
fn others(conn: &mut Conn) -> Result<i64> {
    #[derive(diesel::QueryableByName)]
    struct Others {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        others: i64,
    }
    let Conn::Postgres(conn) = conn else {
        return Ok(0);
    };
    let found: Others = sql_query(
        "SELECT count(*) AS others FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = 'klankbord' AND pid <> pg_backend_pid()",
    )
    .get_result(conn)?;
    Ok(found.others)
}
