//! One door to the database: [`Store::read`] and [`Store::write`].
//!
//! A query is written once, in `queries/`, and compiled once per backend; `on!` picks the compiled one that fits the
//! connection at hand. There are two stores with no shared id and no shared transaction: [`Side::Roster`] knows people and
//! never an answer, [`Side::Ballots`] knows answers and never a person.

mod batch;
mod bulk;
mod connection;
pub mod copy;
mod door;
mod failure;
mod inspect;
mod links;
mod migrate;
mod reading;
mod rewrite;
pub mod rows;
mod schema;
mod trouble;
mod turn;
mod writer;

pub use batch::{AssignmentKey, Claimed, Put};
pub use connection::{Background, Conn, PgConn, Side};
pub use door::{Store, migrate};
pub use inspect::{Inspection, LivingRound, LivingSigningKey, inspect};
pub use migrate::Migrated;

/// The version of a store's schema that this Klankbord makes.
pub fn schema_version(side: Side) -> crate::error::Result<String> {
    migrate::latest(side)
}

/// The queries, compiled for SQLite.
#[path = "queries"]
pub mod sqlite {
    /// The connection of this backend.
    pub type Backing = diesel::SqliteConnection;
    pub mod account;
    pub mod ballot;
    pub mod claim;
    pub mod definition;
    pub mod draft;
    pub mod invitation;
    pub mod organisation;
    pub mod outbox;
    pub mod person;
    pub mod round;
}

/// The queries, compiled for PostgreSQL.
#[expect(
    clippy::duplicate_mod,
    reason = "one text of every query, compiled once per backend"
)]
#[path = "queries"]
pub mod postgres {
    /// The connection of this backend.
    pub type Backing = super::connection::PgConn;
    pub mod account;
    pub mod ballot;
    pub mod claim;
    pub mod definition;
    pub mod draft;
    pub mod invitation;
    pub mod organisation;
    pub mod outbox;
    pub mod person;
    pub mod round;
}

/// Runs a query of the backend that the connection belongs to: `on!(conn, round::find(tenant, code))?`.
macro_rules! on {
    ($conn:expr, $module:ident :: $function:ident ( $($argument:expr),* $(,)? )) => {
        match $conn {
            $crate::store::Conn::Sqlite(conn) => $crate::store::sqlite::$module::$function(conn, $($argument),*),
            $crate::store::Conn::Postgres(conn) => $crate::store::postgres::$module::$function(conn, $($argument),*),
        }
        .map_err($crate::error::Error::from)
    };
}
pub(crate) use on;
