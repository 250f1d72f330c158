//! People and the roles they have at organisations.

use super::Backing as Conn;
use crate::store::rows::{PersonRow, RoleRow};
use crate::store::schema::{organisation, person, role};
use diesel::prelude::*;

/// Everybody a tenant knows.
pub fn all(conn: &mut Conn, of: i64) -> QueryResult<Vec<PersonRow>> {
    person::table.filter(person::tenant.eq(of)).load(conn)
}

/// One person.
pub fn find(conn: &mut Conn, of: i64, id: &str) -> QueryResult<Option<PersonRow>> {
    person::table.find((of, id)).first(conn).optional()
}

/// The people whom a reference names, or, where it names nobody, an address: one person, or several who share an address.
pub fn named(conn: &mut Conn, of: i64, name: &str) -> QueryResult<Vec<PersonRow>> {
    let known = person::table
        .filter(person::tenant.eq(of))
        .filter(person::reference.eq(name))
        .load(conn)?;
    if !known.is_empty() {
        return Ok(known);
    }
    person::table
        .filter(person::tenant.eq(of))
        .filter(person::email.eq(name.to_lowercase()))
        .load(conn)
}

/// Erases a person, with their roles and invitations.
pub fn delete(conn: &mut Conn, of: i64, id: &str) -> QueryResult<()> {
    diesel::delete(person::table.find((of, id))).execute(conn)?;
    Ok(())
}

/// Adds a person.
pub fn insert(conn: &mut Conn, row: &PersonRow) -> QueryResult<()> {
    diesel::insert_into(person::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Changes a person's address and language.
pub fn update(conn: &mut Conn, row: &PersonRow) -> QueryResult<()> {
    diesel::update(person::table.find((row.tenant, &row.id)))
        .set((
            person::email.eq(&row.email),
            person::language.eq(&row.language),
        ))
        .execute(conn)?;
    Ok(())
}

/// Records that a person wants no mail (`true`), or wants it again.
pub fn set_unsubscribed(conn: &mut Conn, of: i64, id: &str, value: bool) -> QueryResult<()> {
    diesel::update(person::table.find((of, id)))
        .set(person::unsubscribed.eq(value))
        .execute(conn)?;
    Ok(())
}

/// Gives a person a role; where they have it already, its form changes. Tells whether it is new.
pub fn put_role(conn: &mut Conn, row: &RoleRow) -> QueryResult<bool> {
    let changed = diesel::update(role::table.find((
        row.tenant,
        &row.person,
        &row.organisation,
        &row.group_code,
    )))
    .set(role::form.eq(&row.form))
    .execute(conn)?;
    if changed > 0 {
        return Ok(false);
    }
    diesel::insert_into(role::table).values(row).execute(conn)?;
    Ok(true)
}

/// Paths of the organisations at which a person has a role.
pub fn paths(conn: &mut Conn, of: i64, id: &str) -> QueryResult<Vec<String>> {
    role::table
        .inner_join(
            organisation::table.on(organisation::tenant
                .eq(role::tenant)
                .and(organisation::code.eq(role::organisation))),
        )
        .filter(role::tenant.eq(of))
        .filter(role::person.eq(id))
        .select(organisation::path)
        .load(conn)
}

/// A person's roles at the organisation at `path` or below it, each with the person.
pub fn roles_of(
    conn: &mut Conn,
    of: i64,
    id: &str,
    path: &str,
) -> QueryResult<Vec<(RoleRow, PersonRow)>> {
    let mut roles = roles_at_or_below(conn, of, path)?;
    roles.retain(|(_, person)| person.id == id);
    Ok(roles)
}

/// Every role at the organisation at `path` or below it, with its person, in the order of people.
pub fn roles_at_or_below(
    conn: &mut Conn,
    of: i64,
    path: &str,
) -> QueryResult<Vec<(RoleRow, PersonRow)>> {
    role::table
        .inner_join(
            organisation::table.on(organisation::tenant
                .eq(role::tenant)
                .and(organisation::code.eq(role::organisation))),
        )
        .inner_join(
            person::table.on(person::tenant
                .eq(role::tenant)
                .and(person::id.eq(role::person))),
        )
        .filter(role::tenant.eq(of))
        .filter(organisation::path.ge(path))
        .filter(organisation::path.lt(format!("{path}~")))
        .order((person::id, role::organisation, role::group_code))
        .select((RoleRow::as_select(), PersonRow::as_select()))
        .load(conn)
}
