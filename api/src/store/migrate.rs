//! Brings a store's schema up to date, one process at a time, and refuses one from the future.

use super::connection::{Conn, Manager, Place, Side};
use crate::error::{Error, Result};
use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use serde::Serialize;

const SQLITE_ROSTER: EmbeddedMigrations = embed_migrations!("../migrations/sqlite/roster");
const SQLITE_BALLOTS: EmbeddedMigrations = embed_migrations!("../migrations/sqlite/ballots");
const POSTGRES_ROSTER: EmbeddedMigrations = embed_migrations!("../migrations/postgres/roster");
const POSTGRES_BALLOTS: EmbeddedMigrations = embed_migrations!("../migrations/postgres/ballots");

/// Number of the advisory lock that keeps two processes from migrating one database at a time.
const LOCK: i64 = 0x006b_6c61_6e6b;

/// What was done to one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Migrated {
    /// `roster` or `ballots`.
    pub store: &'static str,
    /// Versions applied just now, oldest first.
    pub applied: Vec<String>,
    /// The version the schema has now.
    pub version: String,
}

pub(super) fn run(place: &Place, side: Side) -> Result<Migrated> {
    let manager = Manager {
        place: place.clone(),
        side,
        read_only: false,
    };
    if matches!(place, Place::Database(_)) {
        // The schema that the connection will look for has to be there before its tables.
        let mut conn = manager.open()?;
        conn.execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
        conn.execute(&format!("CREATE SCHEMA IF NOT EXISTS {}", side.name()))?;
        let migrated = bring_up_to_date(&mut conn, side);
        conn.execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
        return migrated;
    }
    bring_up_to_date(&mut manager.open()?, side)
}

fn bring_up_to_date(conn: &mut Conn, side: Side) -> Result<Migrated> {
    match (conn, side) {
        (Conn::Sqlite(conn), Side::Roster) => apply(conn, side, SQLITE_ROSTER),
        (Conn::Sqlite(conn), Side::Ballots) => apply(conn, side, SQLITE_BALLOTS),
        (Conn::Postgres(conn), Side::Roster) => apply(conn, side, POSTGRES_ROSTER),
        (Conn::Postgres(conn), Side::Ballots) => apply(conn, side, POSTGRES_BALLOTS),
    }
}

fn apply<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    side: Side,
    source: EmbeddedMigrations,
) -> Result<Migrated> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::internal(anyhow::anyhow!(
            "the schema of {} cannot be brought up to date: {error}",
            side.name()
        ))
    };
    let known: Vec<String> = MigrationSource::<DB>::migrations(&source)
        .map_err(failed)?
        .iter()
        .map(|migration| {
            Migration::<DB>::name(migration.as_ref())
                .version()
                .to_string()
        })
        .collect();
    let present = conn.applied_migrations().map_err(failed)?;
    if let Some(newer) = present
        .iter()
        .map(ToString::to_string)
        .find(|version| !known.contains(version))
    {
        return Err(Error::conflict(
            "schema_newer",
            format!(
                "The {} store has schema version {newer}, which this Klankbord does not know. Start the newer Klankbord that made it, or restore a backup.",
                side.name()
            ),
        ));
    }
    let applied = conn
        .run_pending_migrations(source)
        .map_err(failed)?
        .iter()
        .map(ToString::to_string)
        .collect();
    Ok(Migrated {
        store: side.name(),
        applied,
        version: known.iter().max().cloned().unwrap_or_default(),
    })
}
