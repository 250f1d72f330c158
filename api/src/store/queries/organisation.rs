//! Tenants, organisations and stakeholder groups.

use super::Backing as Conn;
use crate::store::rows::{OrganisationRow, StakeholderGroupRow, TenantRow};
use crate::store::schema::{organisation, stakeholder_group, tenant};
use diesel::prelude::*;

/// Adds a tenant and returns its number: one more than the highest so far.
pub fn insert_tenant(conn: &mut Conn, code: &str, name: &str, now: i64) -> QueryResult<i64> {
    let highest: Option<i64> = tenant::table
        .select(diesel::dsl::max(tenant::id))
        .first(conn)?;
    let id = highest.unwrap_or(0) + 1;
    let row = TenantRow {
        id,
        code: code.to_owned(),
        name: name.to_owned(),
        created_at: now,
    };
    diesel::insert_into(tenant::table)
        .values(&row)
        .execute(conn)?;
    Ok(id)
}

/// Every tenant, oldest first.
pub fn tenants(conn: &mut Conn) -> QueryResult<Vec<TenantRow>> {
    tenant::table.order(tenant::id).load(conn)
}

/// Adds an organisation.
pub fn insert(conn: &mut Conn, row: &OrganisationRow) -> QueryResult<()> {
    diesel::insert_into(organisation::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// One organisation.
pub fn find(conn: &mut Conn, of: i64, code: &str) -> QueryResult<Option<OrganisationRow>> {
    organisation::table.find((of, code)).first(conn).optional()
}

/// The organisation at `path` and all below it, parents before their children.
pub fn at_or_below(conn: &mut Conn, of: i64, path: &str) -> QueryResult<Vec<OrganisationRow>> {
    // Codes hold no character that sorts above '~', so the range is exactly the prefix.
    organisation::table
        .filter(organisation::tenant.eq(of))
        .filter(organisation::path.ge(path))
        .filter(organisation::path.lt(format!("{path}~")))
        .order(organisation::path)
        .load(conn)
}

/// Adds a stakeholder group, or changes its title, protection and position.
pub fn put_group(conn: &mut Conn, row: &StakeholderGroupRow) -> QueryResult<()> {
    diesel::insert_into(stakeholder_group::table)
        .values(row)
        .on_conflict((stakeholder_group::tenant, stakeholder_group::code))
        .do_update()
        .set((
            stakeholder_group::title.eq(&row.title),
            stakeholder_group::protection.eq(&row.protection),
            stakeholder_group::position.eq(row.position),
        ))
        .execute(conn)?;
    Ok(())
}

/// A tenant's stakeholder groups in their order.
pub fn groups(conn: &mut Conn, of: i64) -> QueryResult<Vec<StakeholderGroupRow>> {
    stakeholder_group::table
        .filter(stakeholder_group::tenant.eq(of))
        .order((stakeholder_group::position, stakeholder_group::code))
        .load(conn)
}
