//! Unfinished questionnaires, encrypted by the devices they come from.

use super::Backing as Conn;
use crate::store::rows::DraftRow;
use crate::store::schema::draft;
use diesel::prelude::*;

/// Keeps a draft, in place of an earlier one with the same key.
pub fn put(conn: &mut Conn, row: &DraftRow) -> QueryResult<()> {
    diesel::insert_into(draft::table)
        .values(row)
        .on_conflict((draft::tenant, draft::round, draft::key))
        .do_update()
        .set(draft::content.eq(&row.content))
        .execute(conn)?;
    Ok(())
}

/// The draft with this key.
pub fn find(conn: &mut Conn, of: i64, round: &str, key: &[u8]) -> QueryResult<Option<Vec<u8>>> {
    draft::table
        .find((of, round, key))
        .select(draft::content)
        .first(conn)
        .optional()
}
