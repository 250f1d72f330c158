//! Accounts of people who manage or read, their sessions, and the clients of the API.

use super::Backing as Conn;
use crate::store::rows::{
    AccountRoleRow, AccountRow, ApiClientRow, OrganisationRow, SessionRow, SetupLinkRow,
};
use crate::store::schema::{account, account_role, api_client, organisation, session, setup_link};
use diesel::prelude::*;

/// How many accounts there are, of all tenants.
pub fn count(conn: &mut Conn) -> QueryResult<i64> {
    account::table.count().get_result(conn)
}

/// Adds an account.
pub fn insert(conn: &mut Conn, row: &AccountRow) -> QueryResult<()> {
    diesel::insert_into(account::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The account with an address (in lower case).
pub fn by_email(conn: &mut Conn, email: &str) -> QueryResult<Option<AccountRow>> {
    account::table
        .filter(account::email.eq(email))
        .first(conn)
        .optional()
}

/// One account.
pub fn find(conn: &mut Conn, of: i64, id: &str) -> QueryResult<Option<AccountRow>> {
    account::table.find((of, id)).first(conn).optional()
}

/// Gives an account a role at an organisation, or another role there.
pub fn put_role(conn: &mut Conn, row: &AccountRoleRow) -> QueryResult<()> {
    diesel::insert_into(account_role::table)
        .values(row)
        .on_conflict((
            account_role::tenant,
            account_role::account,
            account_role::organisation,
        ))
        .do_update()
        .set(account_role::role.eq(&row.role))
        .execute(conn)?;
    Ok(())
}

/// An account's roles with their organisations.
pub fn roles(
    conn: &mut Conn,
    of: i64,
    id: &str,
) -> QueryResult<Vec<(AccountRoleRow, OrganisationRow)>> {
    account_role::table
        .inner_join(
            organisation::table.on(organisation::tenant
                .eq(account_role::tenant)
                .and(organisation::code.eq(account_role::organisation))),
        )
        .filter(account_role::tenant.eq(of))
        .filter(account_role::account.eq(id))
        .order(organisation::path)
        .select((AccountRoleRow::as_select(), OrganisationRow::as_select()))
        .load(conn)
}

/// Begins a session.
pub fn insert_session(conn: &mut Conn, row: &SessionRow) -> QueryResult<()> {
    diesel::insert_into(session::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// A session that has not run out.
pub fn session(conn: &mut Conn, hash: &[u8], now: i64) -> QueryResult<Option<SessionRow>> {
    session::table
        .find(hash)
        .filter(session::expires_at.gt(now))
        .first(conn)
        .optional()
}

/// Ends a session.
pub fn delete_session(conn: &mut Conn, hash: &[u8]) -> QueryResult<()> {
    diesel::delete(session::table.find(hash)).execute(conn)?;
    Ok(())
}

/// Removes sessions and set-up links that have run out.
pub fn delete_expired(conn: &mut Conn, now: i64) -> QueryResult<()> {
    diesel::delete(session::table.filter(session::expires_at.le(now))).execute(conn)?;
    diesel::delete(setup_link::table.filter(setup_link::expires_at.le(now))).execute(conn)?;
    Ok(())
}

/// Adds a client of the API.
pub fn insert_client(conn: &mut Conn, row: &ApiClientRow) -> QueryResult<()> {
    diesel::insert_into(api_client::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// A client of the API with its organisation.
pub fn client(conn: &mut Conn, id: &str) -> QueryResult<Option<(ApiClientRow, OrganisationRow)>> {
    api_client::table
        .inner_join(
            organisation::table.on(organisation::tenant
                .eq(api_client::tenant)
                .and(organisation::code.eq(api_client::organisation))),
        )
        .filter(api_client::id.eq(id))
        .select((ApiClientRow::as_select(), OrganisationRow::as_select()))
        .first(conn)
        .optional()
}

/// Puts a set-up link in place of all before it.
pub fn replace_setup_link(conn: &mut Conn, row: &SetupLinkRow) -> QueryResult<()> {
    diesel::delete(setup_link::table).execute(conn)?;
    diesel::insert_into(setup_link::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Whether a set-up link is valid.
pub fn setup_link(conn: &mut Conn, hash: &[u8], now: i64) -> QueryResult<bool> {
    let found: Option<SetupLinkRow> = setup_link::table
        .find(hash)
        .filter(setup_link::expires_at.gt(now))
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Uses up every set-up link.
pub fn delete_setup_links(conn: &mut Conn) -> QueryResult<()> {
    diesel::delete(setup_link::table).execute(conn)?;
    Ok(())
}
