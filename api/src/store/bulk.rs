//! Many rows at once: a prepared statement a row on SQLite, a statement for many rows on PostgreSQL.

use super::connection::PgConn;
use super::rows::{FreeTextRow, ResponseRow};
use super::schema::{free_text, response};
use diesel::prelude::*;

/// Rows of one statement on PostgreSQL, which takes at most 65,535 values in one.
const ROWS: usize = 1_000;

/// Adds many rows in the order given.
pub(super) trait Bulk {
    fn add_responses(&mut self, rows: &[ResponseRow]) -> QueryResult<()>;
    fn add_texts(&mut self, rows: &[FreeTextRow]) -> QueryResult<()>;
}

impl Bulk for SqliteConnection {
    fn add_responses(&mut self, rows: &[ResponseRow]) -> QueryResult<()> {
        rows.iter().try_for_each(|row| {
            diesel::insert_into(response::table)
                .values(row)
                .execute(self)
                .map(drop)
        })
    }

    fn add_texts(&mut self, rows: &[FreeTextRow]) -> QueryResult<()> {
        rows.iter().try_for_each(|row| {
            diesel::insert_into(free_text::table)
                .values(row)
                .execute(self)
                .map(drop)
        })
    }
}

impl Bulk for PgConn {
    fn add_responses(&mut self, rows: &[ResponseRow]) -> QueryResult<()> {
        rows.chunks(ROWS).try_for_each(|rows| {
            diesel::insert_into(response::table)
                .values(rows)
                .execute(self)
                .map(drop)
        })
    }

    fn add_texts(&mut self, rows: &[FreeTextRow]) -> QueryResult<()> {
        rows.chunks(ROWS).try_for_each(|rows| {
            diesel::insert_into(free_text::table)
                .values(rows)
                .execute(self)
                .map(drop)
        })
    }
}
