//! Brings a store's schema up to date, one process at a time, and refuses one from the future.

use super::connection::{Conn, Manager, Place, Side};
use crate::error::{Error, Result};
use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource};
use diesel::{RunQueryDsl as _, SqliteConnection, sql_query};
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
        (Conn::Sqlite(conn), Side::Roster) => apply_alone(conn, side, || SQLITE_ROSTER),
        (Conn::Sqlite(conn), Side::Ballots) => apply_alone(conn, side, || SQLITE_BALLOTS),
        (Conn::Postgres(conn), Side::Roster) => apply(conn, side, POSTGRES_ROSTER),
        (Conn::Postgres(conn), Side::Ballots) => apply(conn, side, POSTGRES_BALLOTS),
    }
}

/// As [`apply`], with the write lock of the file where there is something to do: another process that starts finds it done.
fn apply_alone(
    conn: &mut SqliteConnection,
    side: Side,
    source: impl Fn() -> EmbeddedMigrations,
) -> Result<Migrated> {
    let pending = conn
        .has_pending_migration(source())
        .map_err(|error| failed(side, error.as_ref()))?;
    if pending {
        return conn.immediate_transaction(|conn| apply(conn, side, source()));
    }
    apply(conn, side, source())
}

fn failed(side: Side, error: &(dyn std::error::Error + Send + Sync)) -> Error {
    Error::internal(anyhow::anyhow!(
        "the schema of {} cannot be brought up to date: {error}",
        side.name()
    ))
}

fn is_newer(side: Side, version: &str) -> Error {
    Error::conflict(
        "schema_newer",
        format!(
            "The {} store has schema version {version}, which this Klankbord does not know. Start the newer Klankbord that made it, or restore a backup.",
            side.name()
        ),
    )
}

/// The version of a store's schema that this Klankbord makes.
pub(super) fn latest(side: Side) -> Result<String> {
    // The same on both backends: a test holds the migrations to that.
    let source = match side {
        Side::Roster => &SQLITE_ROSTER,
        Side::Ballots => &SQLITE_BALLOTS,
    };
    let migrations = MigrationSource::<diesel::sqlite::Sqlite>::migrations(source)
        .map_err(|error| Error::internal(anyhow::anyhow!("{error}")))?;
    Ok(migrations
        .iter()
        .map(|migration| migration.name().version().to_string())
        .max()
        .unwrap_or_default())
}

/// The version of a store's schema as it is; `None` where there is none. Makes nothing.
pub(super) fn present(conn: &mut Conn) -> Result<Option<String>> {
    #[derive(diesel::QueryableByName)]
    struct Present {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        is_there: bool,
    }
    #[derive(diesel::QueryableByName)]
    struct Version {
        #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
        version: Option<String>,
    }
    let there = match conn {
        Conn::Sqlite(conn) => sql_query(
            "SELECT count(*) > 0 AS is_there FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
        )
        .get_result::<Present>(conn)?,
        Conn::Postgres(conn) => sql_query(
            "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS is_there",
        )
        .get_result::<Present>(conn)?,
    };
    if !there.is_there {
        return Ok(None);
    }
    let latest = sql_query("SELECT max(version) AS version FROM __diesel_schema_migrations");
    let found: Version = match conn {
        Conn::Sqlite(conn) => latest.get_result(conn)?,
        Conn::Postgres(conn) => latest.get_result(conn)?,
    };
    Ok(found.version)
}

/// The version of a store's schema, which has to be that of this Klankbord.
pub(super) fn require_current(conn: &mut Conn, side: Side) -> Result<String> {
    let (present, latest) = (present(conn)?, latest(side)?);
    match present {
        None => Err(Error::conflict(
            "not_set_up",
            format!("There is no {} store here yet.", side.name()),
        )),
        Some(version) if version > latest => Err(is_newer(side, &version)),
        Some(version) if version < latest => Err(Error::conflict(
            "schema_older",
            format!(
                "The {} store has schema version {version}, and this Klankbord works with {latest}. Use the Klankbord that made it, or run \
                 `klankbord migrate` first.",
                side.name()
            ),
        )),
        Some(version) => Ok(version),
    }
}

fn apply<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    side: Side,
    source: EmbeddedMigrations,
) -> Result<Migrated> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| failed(side, error.as_ref());
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
        return Err(is_newer(side, &newer));
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
