//! All rows of both stores, out of them and into them: what backups are made of.
//!
//! Rows leave in the order of their keys and never in that in which they lie, which would tell something that the keys do not.

mod restoring;
mod snapshot;
mod swap;

pub use restoring::{Replaced, Restoring};
pub(super) use snapshot::require_files;
pub use snapshot::{Sink, Snapshot};
pub(super) use swap::{enter, settle};

use super::connection::{Conn, PgConn, Side};
use super::{rows, schema};
use crate::error::{Error, Result};
use diesel::prelude::*;
use diesel::{SqliteConnection, sql_query};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Tables that stay out of backups: what was signed out or used up since is not to come back. People sign in anew.
const LEFT_OUT: [(Side, &str); 2] = [(Side::Roster, "session"), (Side::Roster, "setup_link")];

/// Rows that PostgreSQL hands over at a time.
const FETCHED: usize = 200;

/// The name of a table, if backups hold it.
#[must_use]
pub fn table(side: Side, name: &str) -> Option<&'static str> {
    TABLES
        .iter()
        .find(|(of, table)| *of == side && *table == name)
        .map(|(_, table)| *table)
}

/// Makes the list of tables and what is done to each; whatever is referred to comes before what refers to it. In brackets the order
/// of the rows.
macro_rules! tables {
    ($($side:ident $table:ident ($($order:ident),+) $row:ident;)+) => {
        /// Every table that a backup holds, in the order in which their rows can be put in.
        pub const TABLES: &[(Side, &str)] = &[$((Side::$side, stringify!($table))),+];

        /// The columns by which the rows of a table are ordered.
        #[cfg(test)]
        const ORDERS: &[(&str, &[&str])] = &[$((stringify!($table), &[$(stringify!($order)),+])),+];

        /// Hands every row of every table to `sink`.
        fn each(snapshot: &mut Snapshot, sink: &mut impl Sink) -> Result<()> {
            $(
                sink.table(Side::$side, stringify!($table))?;
                let query = concat!(
                    "SELECT * FROM ", stringify!($table), " ORDER BY ", tables!(@list $($order),+)
                );
                match snapshot.conn(Side::$side)? {
                    Conn::Sqlite(conn) => stream(conn, query, |row: rows::$row| sink.row(&row))?,
                    Conn::Postgres(conn) => fetch(conn, query, |row: rows::$row| sink.row(&row))?,
                }
            )+
            Ok(())
        }

        /// Whether a row can be read; gives an error that says why not.
        pub fn check(table: &str, row: &[u8]) -> serde_json::Result<()> {
            match table {
                $(stringify!($table) => serde_json::from_slice::<rows::$row>(row).map(drop),)+
                other => Err(serde::de::Error::custom(format!("there is no table {other}"))),
            }
        }

        /// Puts rows into a table.
        fn insert(conn: &mut Conn, table: &str, lines: &[Vec<u8>]) -> Result<()> {
            match table {
                $(stringify!($table) => {
                    let rows: Vec<rows::$row> = parse(lines)?;
                    match conn {
                        Conn::Sqlite(conn) => rows.iter().try_for_each(|row| {
                            diesel::insert_into(schema::$table::table).values(row).execute(conn).map(drop)
                        })?,
                        Conn::Postgres(conn) => {
                            diesel::insert_into(schema::$table::table).values(&rows).execute(conn).map(drop)?;
                        }
                    }
                    Ok(())
                })+
                other => Err(Error::internal(anyhow::anyhow!("there is no table {other}"))),
            }
        }
    };
    (@list $first:ident $(, $other:ident)*) => {
        concat!(stringify!($first) $(, ", ", stringify!($other))*)
    };
}

tables! {
    Roster tenant (id) TenantRow;
    Roster stakeholder_group (tenant, code) StakeholderGroupRow;
    Roster organisation (tenant, path) OrganisationRow;
    Roster person (tenant, id) PersonRow;
    Roster role (tenant, person, organisation, group_code) RoleRow;
    Roster framework (tenant, id, version) FrameworkRow;
    Roster questionnaire (tenant, id, version) QuestionnaireRow;
    Roster round (tenant, code) RoundRow;
    Roster invitation (tenant, id) InvitationRow;
    Roster assignment (tenant, round, invitation, organisation, form) AssignmentRow;
    Roster signing_key (tenant, round, number) SigningKeyRow;
    Roster eligibility (tenant, round, organisation, form) EligibilityRow;
    Roster former_claim (tenant, round, organisation, form) FormerClaimRow;
    Roster participation (tenant, round, organisation, form) ParticipationRow;
    Roster outbox (tenant, id) OutboxRow;
    Roster account (tenant, id) AccountRow;
    Roster account_role (tenant, account, organisation) AccountRoleRow;
    Roster api_client (tenant, id) ApiClientRow;
    Ballots ballot_box (tenant, round) BallotBoxRow;
    Ballots mailbox (tenant, round, tag) MailboxRow;
    Ballots draft (tenant, round, key) DraftRow;
    Ballots response (tenant, round, key) ResponseRow;
    Ballots free_text (tenant, round, key) FreeTextRow;
    Ballots tally (tenant, round, organisation, form) TallyRow;
}

fn in_use() -> Error {
    Error::conflict(
        "in_use",
        "A Klankbord is running on these data; nothing was touched. Stop it, restore, and start it again.",
    )
}

/// Whether the tables of one store hold nothing.
fn is_empty(conn: &mut Conn, side: Side) -> Result<bool> {
    #[derive(QueryableByName)]
    struct Any {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        any_row: bool,
    }
    for (_, table) in TABLES.iter().filter(|(of, _)| *of == side) {
        let query = sql_query(format!("SELECT EXISTS (SELECT 1 FROM {table}) AS any_row"));
        let any: Any = match conn {
            Conn::Sqlite(conn) => query.get_result(conn)?,
            Conn::Postgres(conn) => query.get_result(conn)?,
        };
        if any.any_row {
            return Ok(false);
        }
    }
    Ok(true)
}

fn parse<R: DeserializeOwned>(lines: &[Vec<u8>]) -> Result<Vec<R>> {
    lines
        .iter()
        .map(|line| serde_json::from_slice(line).map_err(Error::internal))
        .collect()
}

/// Hands over the rows of a query one by one.
fn stream<R>(
    conn: &mut SqliteConnection,
    query: &str,
    mut each: impl FnMut(R) -> Result<()>,
) -> Result<()>
where
    R: QueryableByName<diesel::sqlite::Sqlite> + Serialize + 'static,
{
    for row in sql_query(query).load_iter::<R, diesel::connection::DefaultLoadingMode>(conn)? {
        each(row?)?;
    }
    Ok(())
}

/// As [`stream`], with a cursor of the server's: by itself the connection would gather all rows in memory.
fn fetch<R>(conn: &mut PgConn, query: &str, mut each: impl FnMut(R) -> Result<()>) -> Result<()>
where
    R: QueryableByName<diesel::pg::Pg> + Serialize + Send + 'static,
{
    sql_query(format!("DECLARE copied NO SCROLL CURSOR FOR {query}")).execute(conn)?;
    loop {
        let rows: Vec<R> = sql_query(format!("FETCH {FETCHED} FROM copied")).load(conn)?;
        if rows.is_empty() {
            break;
        }
        rows.into_iter().try_for_each(&mut each)?;
    }
    sql_query("CLOSE copied").execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables of the schema with their primary keys.
    fn tables_of_the_schema() -> Vec<(String, Vec<String>)> {
        include_str!("../schema.rs")
            .split("diesel::table! {")
            .skip(1)
            .filter_map(|text| {
                let (name, rest) = text.split_once('(')?;
                let (key, _) = rest.split_once(')')?;
                let key = key.split(',').map(|column| column.trim().to_owned());
                Some((name.trim().to_owned(), key.collect()))
            })
            .collect()
    }

    #[test]
    fn no_table_is_forgotten_and_rows_leave_in_the_order_of_their_keys() {
        let schema = tables_of_the_schema();
        assert!(schema.len() >= 26, "{schema:?}");
        for (table, key) in schema {
            if LEFT_OUT.iter().any(|(_, name)| *name == table) {
                continue;
            }
            let order = ORDERS.iter().find(|(name, _)| *name == table);
            let order = order.unwrap_or_else(|| panic!("backups do not hold {table}"));
            // A path is a key as well, and puts an organisation before those below it.
            let order: Vec<&str> = order
                .1
                .iter()
                .map(|column| if *column == "path" { "code" } else { column })
                .collect();
            assert_eq!(order, key, "{table}");
        }
    }

    #[test]
    fn a_row_from_before_a_column_was_added_can_be_read_and_nonsense_cannot() {
        let old = br#"{"tenant":1,"round":"r","invitation":"i","organisation":"o","form":"f","group_code":"g","done":true}"#;
        check("assignment", old).unwrap();
        let bytes = |tag: &str| format!(r#"{{"tenant":1,"round":"r","tag":"{tag}","sealed":""}}"#);
        check("mailbox", bytes("AAEC").as_bytes()).unwrap();
        assert!(check("mailbox", bytes("not base64").as_bytes()).is_err());
        assert!(check("mailbox", b"{}").is_err());
        assert!(check("session", b"{}").is_err());
    }
}
