//! Mail that is to leave.

use super::Backing as Conn;
use crate::store::rows::OutboxRow;
use crate::store::schema::outbox;
use diesel::prelude::*;

/// Puts a mail into the outbox.
pub fn insert(conn: &mut Conn, row: &OutboxRow) -> QueryResult<()> {
    diesel::insert_into(outbox::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Mails that are due, longest waiting first. A mail whose sender was stopped midway is due again after its lease.
pub fn due(conn: &mut Conn, now: i64, limit: i64) -> QueryResult<Vec<OutboxRow>> {
    outbox::table
        .filter(outbox::status.eq_any(["waiting", "sending"]))
        .filter(outbox::next_attempt_at.le(now))
        .order((outbox::next_attempt_at, outbox::id))
        .limit(limit)
        .load(conn)
}

/// Takes a mail for sending until `lease`; `false` where another process has been faster.
pub fn take(conn: &mut Conn, row: &OutboxRow, lease: i64) -> QueryResult<bool> {
    let taken = diesel::update(
        outbox::table
            .find((row.tenant, &row.id))
            .filter(outbox::status.eq(&row.status))
            .filter(outbox::next_attempt_at.eq(row.next_attempt_at)),
    )
    .set((
        outbox::status.eq("sending"),
        outbox::next_attempt_at.eq(lease),
        outbox::attempts.eq(row.attempts + 1),
    ))
    .execute(conn)?;
    Ok(taken == 1)
}

/// Records how an attempt ended.
pub fn settle(
    conn: &mut Conn,
    row: &OutboxRow,
    status: &str,
    next_attempt_at: i64,
    error: Option<&str>,
) -> QueryResult<()> {
    diesel::update(outbox::table.find((row.tenant, &row.id)))
        .set((
            outbox::status.eq(status),
            outbox::next_attempt_at.eq(next_attempt_at),
            outbox::last_error.eq(error),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many mails about these subjects are in each status.
pub fn counts(conn: &mut Conn, of: i64, subjects: &[String]) -> QueryResult<Vec<(String, i64)>> {
    let mut counts = std::collections::BTreeMap::<String, i64>::new();
    for part in subjects.chunks(500) {
        let statuses: Vec<String> = outbox::table
            .filter(outbox::tenant.eq(of))
            .filter(outbox::subject.eq_any(part))
            .select(outbox::status)
            .load(conn)?;
        for status in statuses {
            *counts.entry(status).or_default() += 1;
        }
    }
    Ok(counts.into_iter().collect())
}

/// Status of every mail about these subjects, by subject.
pub fn of_subjects(
    conn: &mut Conn,
    of: i64,
    subjects: &[String],
) -> QueryResult<Vec<(String, String)>> {
    let mut found = Vec::new();
    for part in subjects.chunks(500) {
        found.extend(
            outbox::table
                .filter(outbox::tenant.eq(of))
                .filter(outbox::subject.eq_any(part))
                .select((outbox::subject, outbox::status))
                .load::<(String, String)>(conn)?,
        );
    }
    Ok(found)
}

/// Calls off the mails about a subject that have not been taken for sending.
pub fn cancel_waiting(conn: &mut Conn, of: i64, subject: &str) -> QueryResult<()> {
    diesel::update(
        outbox::table
            .filter(outbox::tenant.eq(of))
            .filter(outbox::subject.eq(subject))
            .filter(outbox::status.eq("waiting")),
    )
    .set(outbox::status.eq("cancelled"))
    .execute(conn)?;
    Ok(())
}

/// Makes the mails about a subject those about another one.
pub fn hand_over(conn: &mut Conn, of: i64, subject: &str, to: &str) -> QueryResult<()> {
    diesel::update(
        outbox::table
            .filter(outbox::tenant.eq(of))
            .filter(outbox::subject.eq(subject)),
    )
    .set(outbox::subject.eq(to))
    .execute(conn)?;
    Ok(())
}

/// Forgets every mail about a subject.
pub fn forget(conn: &mut Conn, of: i64, subject: &str) -> QueryResult<()> {
    diesel::delete(
        outbox::table
            .filter(outbox::tenant.eq(of))
            .filter(outbox::subject.eq(subject)),
    )
    .execute(conn)?;
    Ok(())
}
