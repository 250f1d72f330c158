//! Claims: which key signs for whom, and what was claimed how.

use super::Backing as Conn;
use crate::store::AssignmentKey;
use crate::store::rows::{EligibilityRow, SigningKeyRow};
use crate::store::schema::{assignment, eligibility, signing_key};
use diesel::prelude::*;

/// Which key signs for a form at an organisation.
pub fn eligible(
    conn: &mut Conn,
    of: i64,
    round: &str,
    organisation: &str,
    form: &str,
) -> QueryResult<Option<i64>> {
    eligibility::table
        .find((of, round, organisation, form))
        .select(eligibility::signing_key)
        .first(conn)
        .optional()
}

/// Records which key signs for whom.
pub fn insert_eligible(conn: &mut Conn, rows: &[EligibilityRow]) -> QueryResult<()> {
    for row in rows {
        diesel::insert_into(eligibility::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// A round's signing keys, by number; those that are not made yet have no public half.
pub fn signing_keys(conn: &mut Conn, of: i64, round: &str) -> QueryResult<Vec<SigningKeyRow>> {
    signing_key::table
        .filter(signing_key::tenant.eq(of))
        .filter(signing_key::round.eq(round))
        .order(signing_key::number)
        .load(conn)
}

/// One signing key.
pub fn signing_key(
    conn: &mut Conn,
    of: i64,
    round: &str,
    number: i64,
) -> QueryResult<Option<SigningKeyRow>> {
    signing_key::table
        .find((of, round, number))
        .first(conn)
        .optional()
}

/// Adds signing keys.
pub fn insert_signing_keys(conn: &mut Conn, rows: &[SigningKeyRow]) -> QueryResult<()> {
    for row in rows {
        diesel::insert_into(signing_key::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// Records the public half of a key, unless it has one.
pub fn set_public_key(
    conn: &mut Conn,
    of: i64,
    round: &str,
    number: i64,
    der: &[u8],
) -> QueryResult<()> {
    diesel::update(signing_key::table.find((of, round, number)))
        .filter(signing_key::public_key.is_null())
        .set(signing_key::public_key.eq(Some(der)))
        .execute(conn)?;
    Ok(())
}

/// How many people a round asks for a form, by organisation.
pub fn invited(
    conn: &mut Conn,
    of: i64,
    round: &str,
    form: &str,
) -> QueryResult<Vec<(String, i64)>> {
    assignment::table
        .filter(assignment::tenant.eq(of))
        .filter(assignment::round.eq(round))
        .filter(assignment::form.eq(form))
        .group_by(assignment::organisation)
        .select((assignment::organisation, diesel::dsl::count_star()))
        .load(conn)
}

/// What was signed blindly for an assignment (SHA-256), if anything; `None` where there is no such assignment.
pub fn blinded(conn: &mut Conn, key: &AssignmentKey) -> QueryResult<Option<Option<Vec<u8>>>> {
    assignment::table
        .find((
            key.tenant,
            &key.round,
            &key.invitation,
            &key.organisation,
            &key.form,
        ))
        .select(assignment::blinded)
        .first(conn)
        .optional()
}

/// Claims an assignment for a blinded value, by its hash, unless it was claimed before. It does not say when.
pub fn claim_blind(conn: &mut Conn, key: &AssignmentKey, hash: &[u8]) -> QueryResult<bool> {
    let claimed = diesel::update(assignment::table.find((
        key.tenant,
        &key.round,
        &key.invitation,
        &key.organisation,
        &key.form,
    )))
    .filter(assignment::claim.is_null())
    .set((
        assignment::claim.eq("blind"),
        assignment::blinded.eq(Some(hash)),
    ))
    .execute(conn)?;
    Ok(claimed == 1)
}
