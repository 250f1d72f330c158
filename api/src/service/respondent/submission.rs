//! Answers on their way into the mailbox.

use super::{Respondent, Task, check, closed, not_open};
use crate::app::App;
use crate::ballot::{self, Ballot};
use crate::error::{Error, Result};
use crate::service::round::{Mode, Round, Status, tag_key};
use crate::service::{claim, pseudonym};
use crate::store::rows::MailboxRow;
use crate::store::{Conn, Put, Side, on};
use survey_engine::answers::RawAnswers;

/// What became of answers that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// They were stored.
    Stored,
    /// They were stored in place of earlier ones from the same link.
    Replaced,
}

/// Takes the answers for one task. Sent again before the round closes they take the place of the earlier ones.
///
/// # Errors
/// [`Error::Conflict`] with code `round_not_open` or `round_closed`; [`Error::Invalid`] with every problem.
pub async fn submit(
    app: &App,
    respondent: &Respondent,
    task: &Task,
    raw: &RawAnswers,
) -> Result<Receipt> {
    let round = &respondent.round;
    match round.status {
        Status::Open => {}
        Status::Draft => return Err(not_open()),
        Status::Closing | Status::Closed => return Err(closed()),
    }
    let answers = check(respondent, task, raw)?;
    let key = app
        .keys
        .remembered_secret(&tag_key(round.tenant, &round.code))
        .map_err(Error::internal)?
        .ok_or_else(closed)?;
    let tag = ballot::tag(
        &key,
        respondent.token.secret(),
        &task.organisation,
        &task.form,
    );
    let ballot = Ballot {
        organisation: task.organisation.clone(),
        form: task.form.clone(),
        subject: subject(app, respondent).await?,
        packed: answers.packed().to_vec(),
        texts: answers.texts().clone(),
    };
    // The claim first: there is never a ballot more than claims. A crash between the two leaves a claim whose repeat brings the
    // ballot; a crash after the ballot leaves one whose repeat has the same tag.
    claim::claim_assisted(app, respondent, task).await?;
    let claimed_before = round.mode != Mode::Anonymous && task.claim.is_some();
    let opened = claimed_before && was_opened(app, round, &tag).await?;
    let is_new = put(app, round, tag.to_vec(), &ballot).await? && !opened;
    // It may have been opened between the two.
    let is_new = is_new && !(claimed_before && was_opened(app, round, &tag).await?);
    if !task.done {
        app.done.note(respondent.assignment(task));
    }
    Ok(if is_new {
        Receipt::Stored
    } else {
        Receipt::Replaced
    })
}

/// Whether an earlier ballot with this tag was opened already: that one is no longer in the mailbox, and still replaced.
async fn was_opened(app: &App, round: &Round, tag: &[u8]) -> Result<bool> {
    let (tenant, code, key) = (round.tenant, round.code.clone(), ballot::response_key(tag));
    app.store
        .read(Side::Ballots, "look for an earlier response", move |conn| {
            Ok(on!(conn, ballot::response(tenant, &code, &key))?.is_some())
        })
        .await
}

/// Puts a sealed ballot into the mailbox of a round that still takes them; tells whether its tag is new there.
pub(super) async fn put(app: &App, round: &Round, tag: Vec<u8>, ballot: &Ballot) -> Result<bool> {
    let row = mailbox_row(round, tag, ballot)?;
    match app.store.put_ballots_batched(row).await? {
        Put::New => Ok(true),
        Put::Replaced => Ok(false),
        Put::Closed => Err(closed()),
    }
}

/// Puts ballots that came without a link into the mailbox: all of them, or none.
pub(in crate::service) async fn put_loose(
    app: &App,
    round: &Round,
    ballots: Vec<Ballot>,
) -> Result<()> {
    let (tenant, code) = (round.tenant, round.code.clone());
    let rows = ballots
        .iter()
        .map(|ballot| mailbox_row(round, crate::random::bytes::<32>().to_vec(), ballot))
        .collect::<Result<Vec<_>>>()?;
    app.store
        .write(Side::Ballots, "put ballots", move |conn| {
            require_open_box(conn, tenant, &code)?;
            for row in &rows {
                on!(conn, ballot::put(row))?;
            }
            Ok(())
        })
        .await
}

fn mailbox_row(round: &Round, tag: Vec<u8>, ballot: &Ballot) -> Result<MailboxRow> {
    let sealed = ballot
        .seal(&round.seal()?, round.tenant, &round.code, &tag)
        .map_err(Error::internal)?;
    Ok(MailboxRow {
        tenant: round.tenant,
        round: round.code.clone(),
        tag,
        sealed,
    })
}

/// Looks at the box once more, inside the transaction: a closed one takes nothing.
pub(in crate::service) fn require_open_box(
    conn: &mut Conn,
    tenant: i64,
    round: &str,
) -> Result<()> {
    let ballot_box = on!(conn, ballot::find_box(tenant, round))?;
    if ballot_box.is_some_and(|ballot_box| ballot_box.status == "open") {
        Ok(())
    } else {
        Err(closed())
    }
}

/// What connects the answers to the person, where the round said so beforehand.
async fn subject(app: &App, respondent: &Respondent) -> Result<Option<String>> {
    match respondent.round.mode {
        Mode::Anonymous => Ok(None),
        Mode::Identified => Ok(Some(respondent.person.clone())),
        Mode::Confidential => pseudonym::code_of(app, &respondent.round, &respondent.person).await,
    }
}
