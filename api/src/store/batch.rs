//! What hot paths write, as data: many of a kind go to the database together and each is told its own outcome.
//!
//! A batch behaves as if its members had come one after the other. Its rows are written in the order of their keys: the order in
//! which people answered is kept nowhere, and batches of several processes cannot wait for each other in a circle.

use super::connection::{Conn, PgConn};
use super::rows::{AssignmentRow, MailboxRow};
use crate::error::Result;
use std::collections::{BTreeMap, BTreeSet};

mod postgres;
mod sqlite;

/// What became of a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It lies in the mailbox.
    New,
    /// It lies in the mailbox in place of an earlier one with its tag.
    Replaced,
    /// The box takes none: nothing was stored.
    Closed,
}

/// What became of an assisted claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// The assignment was free and is claimed now.
    New,
    /// It was claimed in this way before.
    Again,
    /// It was claimed blindly before; nothing was changed.
    Blind,
    /// There is no such assignment (any more).
    Gone,
}

/// The key of a row of `assignment`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the columns are described in the migrations")]
pub struct AssignmentKey {
    pub tenant: i64,
    pub round: String,
    pub invitation: String,
    pub organisation: String,
    pub form: String,
}

impl AssignmentRow {
    /// The key of the row.
    #[must_use]
    pub fn key(&self) -> AssignmentKey {
        AssignmentKey {
            tenant: self.tenant,
            round: self.round.clone(),
            invitation: self.invitation.clone(),
            organisation: self.organisation.clone(),
            form: self.form.clone(),
        }
    }
}

/// What is to be noted at an assignment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Mark {
    claim: bool,
    done: bool,
}

/// The value of `assignment.claim` where answers came with the link itself.
const ASSISTED: &str = "assisted";

/// Puts ballots into the mailboxes of rounds that take them; one outcome a row, in their order. Of several with one tag the last stays.
pub(super) fn put_ballots(conn: &mut Conn, rows: &[MailboxRow]) -> Result<Vec<Put>> {
    let mut last: BTreeMap<(i64, &str, &[u8]), &MailboxRow> = BTreeMap::new();
    for row in rows {
        last.insert((row.tenant, &row.round, &row.tag), row);
    }
    let distinct: Vec<&MailboxRow> = last.into_values().collect();
    let found = match conn {
        Conn::Sqlite(conn) => sqlite::put(conn, &distinct)?,
        Conn::Postgres(conn) => postgres::put(conn, &distinct)?,
    };
    let mut outcomes: BTreeMap<(i64, &str, &[u8]), Put> = distinct
        .iter()
        .zip(found)
        .map(|(row, put)| ((row.tenant, row.round.as_str(), row.tag.as_slice()), put))
        .collect();
    let first_then_rest = rows.iter().map(|row| {
        outcomes
            .get_mut(&(row.tenant, row.round.as_str(), row.tag.as_slice()))
            .map_or(Put::Closed, |put| match *put {
                Put::New => std::mem::replace(put, Put::Replaced),
                other => other,
            })
    });
    Ok(first_then_rest.collect())
}

/// Claims assignments for answers that come with the link itself, one outcome each, and flags others as done.
pub(super) fn mark_assignments(
    conn: &mut Conn,
    claims: &[AssignmentKey],
    done: &BTreeSet<AssignmentKey>,
) -> Result<Vec<Claimed>> {
    let mut marks: BTreeMap<&AssignmentKey, Mark> = BTreeMap::new();
    for key in claims {
        marks.entry(key).or_default().claim = true;
    }
    for key in done {
        marks.entry(key).or_default().done = true;
    }
    let marks: Vec<(&AssignmentKey, Mark)> = marks.into_iter().collect();
    let found = match conn {
        Conn::Sqlite(conn) => sqlite::mark(conn, &marks)?,
        Conn::Postgres(conn) => postgres::mark(conn, &marks)?,
    };
    let mut outcomes: BTreeMap<&AssignmentKey, Claimed> =
        marks.iter().map(|(key, _)| *key).zip(found).collect();
    let first_then_rest = claims.iter().map(|key| {
        outcomes
            .get_mut(key)
            .map_or(Claimed::Gone, |claimed| match *claimed {
                Claimed::New => std::mem::replace(claimed, Claimed::Again),
                other => other,
            })
    });
    Ok(first_then_rest.collect())
}

/// What a claim means for an assignment that was claimed like this before.
fn claimed(before: Option<&str>) -> Claimed {
    match before {
        None => Claimed::New,
        Some(ASSISTED) => Claimed::Again,
        Some(_) => Claimed::Blind,
    }
}

#[cfg(test)]
mod tests;
