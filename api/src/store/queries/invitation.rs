//! Invitations: one a person and round, with one assignment for every form and organisation.

use super::Backing as Conn;
use crate::store::AssignmentKey;
use crate::store::rows::{
    AssignmentRow, FormerClaimRow, InvitationRow, LinkRow, PersonRow, RoundStateRow,
};
use crate::store::schema::{assignment, former_claim, invitation, person, round};
use diesel::prelude::*;

/// Adds an invitation.
pub fn insert(conn: &mut Conn, row: &InvitationRow) -> QueryResult<()> {
    diesel::insert_into(invitation::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Adds an assignment, unless the invitation has it already; tells whether it is new.
pub fn insert_assignment(conn: &mut Conn, row: &AssignmentRow) -> QueryResult<bool> {
    let added = diesel::insert_into(assignment::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(added == 1)
}

/// A round's invitations.
pub fn of_round(conn: &mut Conn, of: i64, round: &str) -> QueryResult<Vec<InvitationRow>> {
    invitation::table
        .filter(invitation::tenant.eq(of))
        .filter(invitation::round.eq(round))
        .load(conn)
}

/// A round's invitations, with their people.
pub fn with_people(
    conn: &mut Conn,
    of: i64,
    round: &str,
) -> QueryResult<Vec<(InvitationRow, PersonRow)>> {
    invitation::table
        .inner_join(
            person::table.on(person::tenant
                .eq(invitation::tenant)
                .and(person::id.eq(invitation::person))),
        )
        .filter(invitation::tenant.eq(of))
        .filter(invitation::round.eq(round))
        .select((InvitationRow::as_select(), PersonRow::as_select()))
        .load(conn)
}

/// One invitation.
pub fn find(conn: &mut Conn, of: i64, id: &str) -> QueryResult<Option<InvitationRow>> {
    invitation::table.find((of, id)).first(conn).optional()
}

/// Invitations with their people, how their rounds stand and what they ask for, where this holds of a tenant's link.
macro_rules! links {
    ($of:expr, $is_wanted:expr) => {
        invitation::table
            .inner_join(
                person::table.on(person::tenant
                    .eq(invitation::tenant)
                    .and(person::id.eq(invitation::person))),
            )
            .inner_join(
                round::table.on(round::tenant
                    .eq(invitation::tenant)
                    .and(round::code.eq(invitation::round))),
            )
            .left_join(
                assignment::table.on(assignment::tenant
                    .eq(invitation::tenant)
                    .and(assignment::round.eq(invitation::round))
                    .and(assignment::invitation.eq(invitation::id))),
            )
            .filter(invitation::tenant.eq($of))
            .filter($is_wanted)
            .select((
                InvitationRow::as_select(),
                PersonRow::as_select(),
                RoundStateRow::as_select(),
                Option::<AssignmentRow>::as_select(),
            ))
    };
}

/// What a link leads to, once for each assignment.
pub fn link(conn: &mut Conn, of: i64, hash: &[u8]) -> QueryResult<Vec<LinkRow>> {
    links!(of, invitation::token_hash.eq(hash)).load(conn)
}

/// What several links lead to, once for each of their assignments.
pub fn links(conn: &mut Conn, of: i64, hashes: &[&[u8]]) -> QueryResult<Vec<LinkRow>> {
    links!(of, invitation::token_hash.eq_any(hashes)).load(conn)
}

/// What an invitation asks for.
pub fn assignments(conn: &mut Conn, of: i64, id: &str) -> QueryResult<Vec<AssignmentRow>> {
    assignment::table
        .filter(assignment::tenant.eq(of))
        .filter(assignment::invitation.eq(id))
        .order((assignment::organisation, assignment::form))
        .load(conn)
}

/// What a whole round asks for.
pub fn assignments_of_round(
    conn: &mut Conn,
    of: i64,
    round: &str,
) -> QueryResult<Vec<AssignmentRow>> {
    assignment::table
        .filter(assignment::tenant.eq(of))
        .filter(assignment::round.eq(round))
        .load(conn)
}

/// Organisation, form, how it was claimed, whether it is done, and how many are so.
type FormCount = (String, String, Option<String>, bool, i64);

/// How many forms a round asks for, by organisation, form, how they were claimed and whether they are done.
pub fn counts(conn: &mut Conn, of: i64, round: &str) -> QueryResult<Vec<FormCount>> {
    assignment::table
        .filter(assignment::tenant.eq(of))
        .filter(assignment::round.eq(round))
        .group_by((
            assignment::organisation,
            assignment::form,
            assignment::claim,
            assignment::done,
        ))
        .select((
            assignment::organisation,
            assignment::form,
            assignment::claim,
            assignment::done,
            diesel::dsl::count_star(),
        ))
        .load(conn)
}

/// Claims of people who were erased since, by organisation and form.
pub fn former_claims(conn: &mut Conn, of: i64, round: &str) -> QueryResult<Vec<FormerClaimRow>> {
    former_claim::table
        .filter(former_claim::tenant.eq(of))
        .filter(former_claim::round.eq(round))
        .load(conn)
}

/// Adds to the claims of people who were erased.
pub fn add_former_claim(conn: &mut Conn, row: &FormerClaimRow) -> QueryResult<()> {
    diesel::insert_into(former_claim::table)
        .values(row)
        .on_conflict((
            former_claim::tenant,
            former_claim::round,
            former_claim::organisation,
            former_claim::form,
        ))
        .do_update()
        .set((
            former_claim::claimed.eq(former_claim::claimed + row.claimed),
            former_claim::done.eq(former_claim::done + row.done),
        ))
        .execute(conn)?;
    Ok(())
}

/// A person's invitations in all rounds.
pub fn of_person(conn: &mut Conn, of: i64, person: &str) -> QueryResult<Vec<InvitationRow>> {
    invitation::table
        .filter(invitation::tenant.eq(of))
        .filter(invitation::person.eq(person))
        .load(conn)
}

/// Gives an invitation another link, or none: the one it had stops working.
pub fn set_link(conn: &mut Conn, row: &InvitationRow) -> QueryResult<()> {
    diesel::update(invitation::table.find((row.tenant, &row.id)))
        .set((
            invitation::token_hash.eq(&row.token_hash),
            invitation::link_nonce.eq(&row.link_nonce),
        ))
        .execute(conn)?;
    Ok(())
}

/// Removes an invitation with all that it asks.
pub fn delete(conn: &mut Conn, of: i64, id: &str) -> QueryResult<()> {
    diesel::delete(invitation::table.find((of, id))).execute(conn)?;
    Ok(())
}

/// Takes back the forms of an invitation that nobody has claimed; tells how many.
pub fn delete_unclaimed(conn: &mut Conn, of: i64, id: &str) -> QueryResult<usize> {
    diesel::delete(
        assignment::table
            .filter(assignment::tenant.eq(of))
            .filter(assignment::invitation.eq(id))
            .filter(assignment::done.eq(false))
            .filter(assignment::claim.is_null()),
    )
    .execute(conn)
}

/// How an assignment was claimed; `None` where there is none.
pub fn claim(conn: &mut Conn, key: &AssignmentKey) -> QueryResult<Option<Option<String>>> {
    assignment::table
        .find(columns(key))
        .select(assignment::claim)
        .first(conn)
        .optional()
}

fn columns(key: &AssignmentKey) -> (i64, &str, &str, &str, &str) {
    (
        key.tenant,
        &key.round,
        &key.invitation,
        &key.organisation,
        &key.form,
    )
}

/// Erases what links could be made from, and what was signed blindly; the hashes stay, so that an old link can be told that the
/// round is closed.
pub fn forget_nonces(conn: &mut Conn, of: i64, round: &str) -> QueryResult<()> {
    diesel::update(
        invitation::table
            .filter(invitation::tenant.eq(of))
            .filter(invitation::round.eq(round))
            .filter(invitation::link_nonce.is_not_null()),
    )
    .set(invitation::link_nonce.eq(None::<Vec<u8>>))
    .execute(conn)?;
    diesel::update(
        assignment::table
            .filter(assignment::tenant.eq(of))
            .filter(assignment::round.eq(round))
            .filter(assignment::blinded.is_not_null()),
    )
    .set(assignment::blinded.eq(None::<Vec<u8>>))
    .execute(conn)?;
    Ok(())
}
