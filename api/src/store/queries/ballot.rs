//! The mailbox, the responses and the tallies.

use super::Backing as Conn;
use crate::store::bulk::Bulk as _;
use crate::store::rows::{BallotBoxRow, FreeTextRow, MailboxRow, ResponseRow, TallyRow};
use crate::store::schema::{ballot_box, draft, free_text, mailbox, response, tally};
use diesel::prelude::*;

/// Sets up the box of a round, unless it stands already.
pub fn insert_box(conn: &mut Conn, of: i64, round: &str) -> QueryResult<()> {
    let row = BallotBoxRow {
        tenant: of,
        round: round.to_owned(),
        status: "open".to_owned(),
        ballots: 0,
    };
    diesel::insert_into(ballot_box::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}

/// The box of a round. Read by a writer, it stays as it is until the transaction ends: there is one writer at a time.
pub fn find_box(conn: &mut Conn, of: i64, round: &str) -> QueryResult<Option<BallotBoxRow>> {
    ballot_box::table.find((of, round)).first(conn).optional()
}

/// Records how many ballots a round's box has held, and whether it takes more.
pub fn set_box(conn: &mut Conn, row: &BallotBoxRow) -> QueryResult<()> {
    diesel::update(ballot_box::table.find((row.tenant, &row.round)))
        .set((
            ballot_box::status.eq(&row.status),
            ballot_box::ballots.eq(row.ballots),
        ))
        .execute(conn)?;
    Ok(())
}

/// Puts a ballot into the mailbox, in place of one with the same tag; tells whether it is new there.
pub fn put(conn: &mut Conn, row: &MailboxRow) -> QueryResult<bool> {
    // Most are new: the second statement is rarely needed.
    let added = diesel::insert_into(mailbox::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?;
    if added == 0 {
        diesel::update(mailbox::table.find((row.tenant, &row.round, &row.tag)))
            .set(mailbox::sealed.eq(&row.sealed))
            .execute(conn)?;
    }
    Ok(added > 0)
}

/// The ballots that wait in a round's mailbox behind a tag, by their tags, so many at most.
pub fn waiting_after(
    conn: &mut Conn,
    of: i64,
    round: &str,
    tag: &[u8],
    limit: i64,
) -> QueryResult<Vec<MailboxRow>> {
    mailbox::table
        .filter(mailbox::tenant.eq(of))
        .filter(mailbox::round.eq(round))
        .filter(mailbox::tag.gt(tag))
        .order(mailbox::tag)
        .limit(limit)
        .load(conn)
}

/// How many ballots wait in a round's mailbox.
pub fn count_waiting(conn: &mut Conn, of: i64, round: &str) -> QueryResult<i64> {
    mailbox::table
        .filter(mailbox::tenant.eq(of))
        .filter(mailbox::round.eq(round))
        .count()
        .get_result(conn)
}

/// Takes a ballot out of the mailbox, as it was read; tells whether it was there still, unchanged.
pub fn take(conn: &mut Conn, row: &MailboxRow) -> QueryResult<bool> {
    let taken = diesel::delete(
        mailbox::table
            .find((row.tenant, &row.round, &row.tag))
            .filter(mailbox::sealed.eq(&row.sealed)),
    )
    .execute(conn)?;
    Ok(taken == 1)
}

/// Whether any ballot waits in a round's mailbox.
pub fn any_waiting(conn: &mut Conn, of: i64, round: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        mailbox::table
            .filter(mailbox::tenant.eq(of))
            .filter(mailbox::round.eq(round)),
    ))
    .get_result(conn)
}

/// Empties a round's mailbox, and drops its drafts.
pub fn empty_mailbox(conn: &mut Conn, of: i64, round: &str) -> QueryResult<()> {
    diesel::delete(
        mailbox::table
            .filter(mailbox::tenant.eq(of))
            .filter(mailbox::round.eq(round)),
    )
    .execute(conn)?;
    diesel::delete(
        draft::table
            .filter(draft::tenant.eq(of))
            .filter(draft::round.eq(round)),
    )
    .execute(conn)?;
    Ok(())
}

/// A response by its key.
pub fn response(
    conn: &mut Conn,
    of: i64,
    round: &str,
    key: &[u8],
) -> QueryResult<Option<ResponseRow>> {
    response::table
        .find((of, round, key))
        .first(conn)
        .optional()
}

/// The responses of a round that carry a code or a name.
pub fn responses_of(
    conn: &mut Conn,
    of: i64,
    round: &str,
    subject: &str,
) -> QueryResult<Vec<ResponseRow>> {
    response::table
        .filter(response::tenant.eq(of))
        .filter(response::round.eq(round))
        .filter(response::subject.eq(subject))
        .load(conn)
}

/// Adds responses, in the order given.
pub fn insert_responses(conn: &mut Conn, rows: &[ResponseRow]) -> QueryResult<()> {
    conn.add_responses(rows)
}

/// Removes a response and its free texts.
pub fn delete_response(
    conn: &mut Conn,
    row: &ResponseRow,
    text_keys: &[Vec<u8>],
) -> QueryResult<()> {
    diesel::delete(response::table.find((row.tenant, &row.round, &row.key))).execute(conn)?;
    for key in text_keys {
        diesel::delete(free_text::table.find((row.tenant, &row.round, key))).execute(conn)?;
    }
    Ok(())
}

/// Adds free texts, in the order given.
pub fn insert_texts(conn: &mut Conn, rows: &[FreeTextRow]) -> QueryResult<()> {
    conn.add_texts(rows)
}

/// A round's tallies.
pub fn tallies(conn: &mut Conn, of: i64, round: &str) -> QueryResult<Vec<TallyRow>> {
    tally::table
        .filter(tally::tenant.eq(of))
        .filter(tally::round.eq(round))
        .load(conn)
}

/// The tallies of one organisation in a round, a row per form.
pub fn tallies_of(
    conn: &mut Conn,
    of: i64,
    round: &str,
    organisation: &str,
) -> QueryResult<Vec<TallyRow>> {
    tally::table
        .filter(tally::tenant.eq(of))
        .filter(tally::round.eq(round))
        .filter(tally::organisation.eq(organisation))
        .load(conn)
}

/// Removes a round's tallies.
pub fn delete_tallies(conn: &mut Conn, of: i64, round: &str) -> QueryResult<()> {
    diesel::delete(
        tally::table
            .filter(tally::tenant.eq(of))
            .filter(tally::round.eq(round)),
    )
    .execute(conn)?;
    Ok(())
}

/// Writes tallies, in place of those that stand there.
pub fn put_tallies(conn: &mut Conn, rows: &[TallyRow]) -> QueryResult<()> {
    for row in rows {
        diesel::insert_into(tally::table)
            .values(row)
            .on_conflict((
                tally::tenant,
                tally::round,
                tally::organisation,
                tally::form,
            ))
            .do_update()
            .set((
                tally::content.eq(&row.content),
                tally::decisions.eq(&row.decisions),
            ))
            .execute(conn)?;
    }
    Ok(())
}
