//! Batches on PostgreSQL: the rows travel as arrays, a column each, so that a batch of any size is one statement.

use super::{ASSISTED, AssignmentKey, Claimed, Mark, PgConn, Put, claimed};
use crate::error::Result;
use crate::store::rows::MailboxRow;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text};
use std::collections::HashMap;

/// Puts ballots with distinct tags; one outcome a row.
pub(super) fn put(conn: &mut PgConn, rows: &[&MailboxRow]) -> Result<Vec<Put>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let statement = PutBallots {
        tenants: rows.iter().map(|row| row.tenant).collect(),
        rounds: rows.iter().map(|row| row.round.as_str()).collect(),
        tags: rows.iter().map(|row| row.tag.as_slice()).collect(),
        sealed: rows.iter().map(|row| row.sealed.as_slice()).collect(),
    };
    let written: Vec<(i64, String, Vec<u8>, bool)> = statement.load(conn)?;
    let written: HashMap<(i64, &str, &[u8]), bool> = written
        .iter()
        .map(|(tenant, round, tag, new)| ((*tenant, round.as_str(), tag.as_slice()), *new))
        .collect();
    let outcome = |row: &&MailboxRow| match written.get(&(row.tenant, &row.round, &row.tag)) {
        Some(true) => Put::New,
        Some(false) => Put::Replaced,
        None => Put::Closed,
    };
    Ok(rows.iter().map(outcome).collect())
}

/// Claims and flags distinct assignments; what a claim of each means.
pub(super) fn mark(conn: &mut PgConn, marks: &[(&AssignmentKey, Mark)]) -> Result<Vec<Claimed>> {
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let held: Vec<(i64, String, String, String, String, Option<String>)> =
        MarkAssignments::of(marks).load(conn)?;
    let held: HashMap<AssignmentKey, Claimed> = held
        .into_iter()
        .map(|(tenant, round, invitation, organisation, form, claim)| {
            let key = AssignmentKey {
                tenant,
                round,
                invitation,
                organisation,
                form,
            };
            (key, claimed(claim.as_deref()))
        })
        .collect();
    let outcome = |(key, _): &(&AssignmentKey, Mark)| held.get(*key).copied();
    Ok(marks
        .iter()
        .map(|mark| outcome(mark).unwrap_or(Claimed::Gone))
        .collect())
}

/// The box of the round is looked at in the same statement. `xmax` is 0 in a row that was not there before.
struct PutBallots<'r> {
    tenants: Vec<i64>,
    rounds: Vec<&'r str>,
    tags: Vec<&'r [u8]>,
    sealed: Vec<&'r [u8]>,
}

impl QueryFragment<Pg> for PutBallots<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO mailbox (tenant, round, tag, sealed) \
             SELECT w.tenant, w.round, w.tag, w.sealed FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.tenants)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.rounds)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&self.tags)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&self.sealed)?;
        out.push_sql(
            ") AS w (tenant, round, tag, sealed) \
             JOIN ballot_box b ON b.tenant = w.tenant AND b.round = w.round AND b.status = 'open' \
             ORDER BY w.tenant, w.round, w.tag \
             ON CONFLICT (tenant, round, tag) DO UPDATE SET sealed = excluded.sealed \
             RETURNING tenant, round, tag, (xmax = 0)",
        );
        Ok(())
    }
}

impl QueryId for PutBallots<'_> {
    type QueryId = PutBallots<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for PutBallots<'_> {
    type SqlType = (BigInt, Text, Binary, Bool);
}

impl<C> RunQueryDsl<C> for PutBallots<'_> {}

/// Holds assignments until the transaction ends, in the order of their keys, and writes what is to be noted at them where it does not
/// stand there yet. Gives how each was claimed before.
struct MarkAssignments<'r> {
    tenants: Vec<i64>,
    rounds: Vec<&'r str>,
    invitations: Vec<&'r str>,
    organisations: Vec<&'r str>,
    forms: Vec<&'r str>,
    claims: Vec<bool>,
    done: Vec<bool>,
}

impl<'r> MarkAssignments<'r> {
    fn of(marks: &[(&'r AssignmentKey, Mark)]) -> Self {
        let column =
            |of: fn(&AssignmentKey) -> &str| marks.iter().map(|(key, _)| of(key)).collect();
        Self {
            tenants: marks.iter().map(|(key, _)| key.tenant).collect(),
            rounds: column(|key| &key.round),
            invitations: column(|key| &key.invitation),
            organisations: column(|key| &key.organisation),
            forms: column(|key| &key.form),
            claims: marks.iter().map(|(_, mark)| mark.claim).collect(),
            done: marks.iter().map(|(_, mark)| mark.done).collect(),
        }
    }
}

impl QueryFragment<Pg> for MarkAssignments<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH held AS MATERIALIZED (SELECT a.tenant, a.round, a.invitation, a.organisation, a.form, a.claim AS claimed, \
             w.claim AS to_claim, w.done AS to_flag FROM assignment a JOIN unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.tenants)?;
        for column in [
            &self.rounds,
            &self.invitations,
            &self.organisations,
            &self.forms,
        ] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Text>, _>(column)?;
        }
        for column in [&self.claims, &self.done] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Bool>, _>(column)?;
        }
        out.push_sql(
            ") AS w (tenant, round, invitation, organisation, form, claim, done) \
             USING (tenant, round, invitation, organisation, form) \
             ORDER BY a.tenant, a.round, a.invitation, a.organisation, a.form FOR NO KEY UPDATE OF a), \
             marked AS (UPDATE assignment a SET claim = CASE WHEN h.to_claim THEN coalesce(a.claim, ",
        );
        out.push_bind_param::<Text, _>(ASSISTED)?;
        out.push_sql(
            ") ELSE a.claim END, done = a.done OR h.to_flag FROM held h \
             WHERE a.tenant = h.tenant AND a.round = h.round AND a.invitation = h.invitation \
             AND a.organisation = h.organisation AND a.form = h.form \
             AND ((h.to_claim AND a.claim IS NULL) OR (h.to_flag AND NOT a.done))) \
             SELECT tenant, round, invitation, organisation, form, claimed FROM held",
        );
        Ok(())
    }
}

impl QueryId for MarkAssignments<'_> {
    type QueryId = MarkAssignments<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for MarkAssignments<'_> {
    type SqlType = (BigInt, Text, Text, Text, Text, Nullable<Text>);
}

impl<C> RunQueryDsl<C> for MarkAssignments<'_> {}
