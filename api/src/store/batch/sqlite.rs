//! Batches on SQLite: a statement a row, each prepared once a connection. diesel prepares inserts and updates anew every time they run,
//! which takes longer than running them; hence the texts here.

use super::{ASSISTED, AssignmentKey, Claimed, Mark, Put, claimed};
use crate::error::Result;
use crate::store::rows::MailboxRow;
use crate::store::sqlite;
use diesel::SqliteConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::Sqlite;
use std::collections::BTreeMap;

/// Puts ballots with distinct tags; one outcome a row.
pub(super) fn put(conn: &mut SqliteConnection, rows: &[&MailboxRow]) -> Result<Vec<Put>> {
    let mut open: BTreeMap<(i64, &str), bool> = BTreeMap::new();
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        let box_key = (row.tenant, row.round.as_str());
        let is_open = if let Some(known) = open.get(&box_key) {
            *known
        } else {
            let found = sqlite::ballot::find_box(conn, row.tenant, &row.round)?;
            let is_open = found.is_some_and(|found| found.status == "open");
            open.insert(box_key, is_open);
            is_open
        };
        outcomes.push(if !is_open {
            Put::Closed
        } else if AddBallot(row).execute(conn)? == 1 {
            Put::New
        } else {
            sqlite::ballot::put(conn, row)?;
            Put::Replaced
        });
    }
    Ok(outcomes)
}

/// Claims and flags distinct assignments; what a claim of each means.
pub(super) fn mark(
    conn: &mut SqliteConnection,
    marks: &[(&AssignmentKey, Mark)],
) -> Result<Vec<Claimed>> {
    let mut outcomes = Vec::with_capacity(marks.len());
    for (key, mark) in marks {
        // Most claims are the first: how an assignment was claimed before is rarely asked.
        let first = mark.claim && Claim(key).execute(conn)? == 1;
        if mark.done {
            FlagDone(key).execute(conn)?;
        }
        outcomes.push(if first {
            Claimed::New
        } else if mark.claim {
            sqlite::invitation::claim(conn, key)?
                .map_or(Claimed::Gone, |before| claimed(before.as_deref()))
        } else {
            Claimed::Again
        });
    }
    Ok(outcomes)
}

/// Adds a ballot, unless there is one with its tag.
struct AddBallot<'r>(&'r MailboxRow);

impl QueryFragment<Sqlite> for AddBallot<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("INSERT INTO mailbox (tenant, round, tag, sealed) VALUES (");
        out.push_bind_param::<BigInt, _>(&self.0.tenant)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.0.round)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, _>(&self.0.tag)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, _>(&self.0.sealed)?;
        out.push_sql(") ON CONFLICT DO NOTHING");
        Ok(())
    }
}

impl QueryId for AddBallot<'_> {
    type QueryId = AddBallot<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for AddBallot<'_> {}

/// Claims an assignment, unless it is claimed.
struct Claim<'k>(&'k AssignmentKey);

impl QueryFragment<Sqlite> for Claim<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("UPDATE assignment SET claim = ");
        out.push_bind_param::<Text, _>(ASSISTED)?;
        push_key(self.0, &mut out)?;
        out.push_sql(" AND claim IS NULL");
        Ok(())
    }
}

impl QueryId for Claim<'_> {
    type QueryId = Claim<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for Claim<'_> {}

/// Flags an assignment as done; it does not say when.
struct FlagDone<'k>(&'k AssignmentKey);

impl QueryFragment<Sqlite> for FlagDone<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("UPDATE assignment SET done = 1");
        push_key(self.0, &mut out)?;
        out.push_sql(" AND NOT done");
        Ok(())
    }
}

impl QueryId for FlagDone<'_> {
    type QueryId = FlagDone<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for FlagDone<'_> {}

fn push_key<'b>(key: &'b AssignmentKey, out: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
    out.push_sql(" WHERE tenant = ");
    out.push_bind_param::<BigInt, _>(&key.tenant)?;
    for (column, value) in [
        (" AND round = ", &key.round),
        (" AND invitation = ", &key.invitation),
        (" AND organisation = ", &key.organisation),
        (" AND form = ", &key.form),
    ] {
        out.push_sql(column);
        out.push_bind_param::<Text, _>(value)?;
    }
    Ok(())
}
