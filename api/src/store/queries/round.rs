//! Rounds and who took part in them.

use super::Backing as Conn;
use crate::store::rows::{ParticipationRow, RoundRow};
use crate::store::schema::{participation, round};
use diesel::prelude::*;

/// Adds a round.
pub fn insert(conn: &mut Conn, row: &RoundRow) -> QueryResult<()> {
    diesel::insert_into(round::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// One round.
pub fn find(conn: &mut Conn, of: i64, code: &str) -> QueryResult<Option<RoundRow>> {
    round::table.find((of, code)).first(conn).optional()
}

/// A tenant's rounds.
pub fn all(conn: &mut Conn, of: i64) -> QueryResult<Vec<RoundRow>> {
    round::table
        .filter(round::tenant.eq(of))
        .order((round::opens_at, round::code))
        .load(conn)
}

/// Rounds of every tenant in a status.
pub fn in_status(conn: &mut Conn, status: &str) -> QueryResult<Vec<RoundRow>> {
    round::table
        .filter(round::status.eq(status))
        .order((round::tenant, round::code))
        .load(conn)
}

/// Moves a round from one status to the next; `false` where it is not (any more) in the first.
pub fn advance(conn: &mut Conn, of: i64, code: &str, from: &str, to: &str) -> QueryResult<bool> {
    let changed = diesel::update(round::table.find((of, code)).filter(round::status.eq(from)))
        .set(round::status.eq(to))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Keeps a round from being held or moved on by others until this transaction ends; its status, where there is one.
pub fn hold(conn: &mut Conn, of: i64, code: &str) -> QueryResult<Option<String>> {
    // An update that changes nothing is a lock on either database, and what is read after it is as others have left it.
    diesel::update(round::table.find((of, code)))
        .set(round::code.eq(code))
        .execute(conn)?;
    round::table
        .find((of, code))
        .select(round::status)
        .first(conn)
        .optional()
}

/// Records the moment a round opened.
pub fn set_opened_at(conn: &mut Conn, of: i64, code: &str, now: i64) -> QueryResult<()> {
    diesel::update(round::table.find((of, code)))
        .set(round::opens_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Records the public key that a round's ballots are sealed with.
pub fn set_sealing_key(conn: &mut Conn, of: i64, code: &str, key: &str) -> QueryResult<()> {
    diesel::update(round::table.find((of, code)))
        .set(round::sealing_key.eq(key))
        .execute(conn)?;
    Ok(())
}

/// Records the moment a round closed.
pub fn set_closed_at(conn: &mut Conn, of: i64, code: &str, now: i64) -> QueryResult<()> {
    diesel::update(round::table.find((of, code)))
        .set(round::closes_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Records the counts that anyone may check, as they stand in `row`.
pub fn set_counts(conn: &mut Conn, row: &RoundRow) -> QueryResult<()> {
    diesel::update(round::table.find((row.tenant, &row.code)))
        .set((
            round::issued.eq(row.issued),
            round::claimed.eq(row.claimed),
            round::ballots.eq(row.ballots),
            round::opened.eq(row.opened),
        ))
        .execute(conn)?;
    Ok(())
}

/// Replaces what is known of a round's participation.
pub fn replace_participation(
    conn: &mut Conn,
    of: i64,
    code: &str,
    rows: &[ParticipationRow],
) -> QueryResult<()> {
    diesel::delete(
        participation::table
            .filter(participation::tenant.eq(of))
            .filter(participation::round.eq(code)),
    )
    .execute(conn)?;
    for row in rows {
        diesel::insert_into(participation::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// Participation of one organisation in a round, a row per form.
pub fn participation(
    conn: &mut Conn,
    of: i64,
    code: &str,
    organisation: &str,
) -> QueryResult<Vec<ParticipationRow>> {
    participation::table
        .filter(participation::tenant.eq(of))
        .filter(participation::round.eq(code))
        .filter(participation::organisation.eq(organisation))
        .order(participation::form)
        .load(conn)
}
