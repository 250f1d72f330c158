//! Opening ballots: from the mailbox to responses and tallies, and with them the decision what may be shown.
//!
//! An anonymous round is opened whole, once, when it closes. The others are opened as ballots come, a part at a time.

mod continuous;
mod counting;
mod decision;
pub(super) mod erasing;
mod reading;
mod whole;

use super::Caller;
use super::claim;
use super::definition::{Instrument, instrument};
use super::participation::{self, Tree};
use super::round::{Mode, Round, Status, destroy_keys};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::store::rows::{BallotBoxRow, MailboxRow, RoundRow};
use crate::store::{Conn, Side, on};
use counting::Tallies;
use std::sync::Arc;

/// Ballots that are read at once.
const AT_ONCE: i64 = 4_096;

/// Held while this process closes a round, before it waits for other processes: who asks for it and the clock that finds it half
/// closed would else get in each other's way, as only one can rewrite a file.
#[derive(Debug, Default)]
pub struct Finishing(tokio::sync::Mutex<()>);

/// Closes a round: nobody can answer any more, the ballots are opened and counted.
///
/// # Errors
/// [`Error::Conflict`] with code `round_not_open`, or `key_missing` where the key that opens the ballots is not there: the round
/// stays closing and goes on once it is.
pub async fn close(app: &App, caller: &Caller, code: &str) -> Result<Round> {
    let (row, _) = caller
        .round_to_manage(app, Scope::RoundsWrite, code)
        .await?;
    let round = Round::try_from(row)?;
    if round.status == Status::Open {
        begin_closing(app, &round).await?;
    } else if round.status != Status::Closing {
        return Err(Error::conflict(
            "round_not_open",
            format!(
                "The round “{code}” is {}; only an open one can be closed.",
                round.status.as_str()
            ),
        ));
    }
    finish_closing(app, round).await
}

/// From here on nobody can answer, and the process that finds the round so finishes the work.
pub(super) async fn begin_closing(app: &App, round: &Round) -> Result<bool> {
    let (tenant, code) = (round.tenant, round.code.clone());
    app.store
        .write(Side::Roster, "begin to close a round", move |conn| {
            on!(conn, round::advance(tenant, &code, "open", "closing"))
        })
        .await
}

/// Opens the ballots of a round that is closing. Safe to repeat after a crash at any point: a step that was done finds nothing to
/// do.
pub(super) async fn finish_closing(app: &App, round: Round) -> Result<Round> {
    let (tenant, code) = (round.tenant, round.code.clone());
    let _finishing = app.finishing.0.lock().await;
    let _turn = app.store.turn_to_close(&app.config).await?;
    let wanted = code.clone();
    let now = app
        .store
        .read(
            Side::Roster,
            "look whether a round is closed",
            move |conn| {
                on!(conn, round::find(tenant, &wanted))?
                    .ok_or_else(|| Error::not_found("round", wanted))
            },
        )
        .await?;
    if now.status == Status::Closed.as_str() {
        return now.try_into();
    }
    let ballots = open_all(app, &round).await?;
    app.store.rewrite_ballots(&app.config).await?;
    // Before the round counts as closed: nobody comes back to one that does, and nothing needs the keys any more.
    destroy_keys(&app.keys, tenant, &code)?;
    claim::flush(app).await?;
    forget_links(app, tenant, code.clone()).await?;
    let (issued, claimed) = participation::refresh(app, &round).await?;
    let now = app.clock.now_ms();
    let row: RoundRow = app
        .store
        .write(Side::Roster, "close a round", move |conn| {
            let Some(mut row) = on!(conn, round::find(tenant, &code))? else {
                return Err(Error::not_found("round", code));
            };
            row.issued = Some(issued);
            row.claimed = Some(claimed);
            row.ballots = Some(ballots);
            row.opened = Some(ballots);
            // Another process may have finished it meanwhile.
            if on!(conn, round::advance(tenant, &code, "closing", "closed"))? {
                on!(conn, round::set_counts(&row))?;
                on!(conn, round::set_closed_at(tenant, &code, now))?;
            }
            on!(conn, round::find(tenant, &code))?.ok_or_else(|| Error::not_found("round", code))
        })
        .await?;
    row.try_into()
}

/// Erases what the round's links could be made from, and what was signed for it, from the roster and from its log.
async fn forget_links(app: &App, tenant: i64, code: String) -> Result<()> {
    app.store
        .write(Side::Roster, "forget the links of a round", move |conn| {
            on!(conn, invitation::forget_nonces(tenant, &code))
        })
        .await?;
    app.store.rewrite_roster(&app.config).await
}

/// Opens what waits in the mailbox of an open round, a part at a time, as long as `goes_on` says so.
pub(super) async fn absorb_waiting(
    app: &App,
    round: &Round,
    goes_on: impl Fn() -> bool,
) -> Result<()> {
    Opening::of(app, round).await?.absorb(app, goes_on).await
}

/// Opens all that is left in the mailbox of a round, for good; gives how many ballots it has held.
async fn open_all(app: &App, round: &Round) -> Result<i64> {
    let (tenant, code) = (round.tenant, round.code.clone());
    let ballot_box = app
        .store
        .write(Side::Ballots, "close a ballot box", move |conn| {
            let mut ballot_box = find_box(conn, tenant, &code)?;
            if ballot_box.status == OPEN {
                CLOSING.clone_into(&mut ballot_box.status);
                on!(conn, ballot::set_box(&ballot_box))?;
            }
            Ok(ballot_box)
        })
        .await?;
    if ballot_box.status == OPENED {
        return Ok(ballot_box.ballots);
    }
    let opening = Opening::of(app, round).await?;
    match round.mode {
        Mode::Anonymous => opening.open_whole(app).await,
        Mode::Confidential | Mode::Identified => {
            opening.absorb(app, || true).await?;
            opening.seal_off(app).await
        }
    }
}

/// Status of a box that takes ballots.
const OPEN: &str = "open";
/// Status of one that takes no more.
const CLOSING: &str = "closing";
/// Status of one whose ballots are all opened and counted.
const OPENED: &str = "opened";

/// All that opening a round's ballots needs to know, apart from the ballots. Cloning shares the large parts.
#[derive(Clone)]
struct Opening {
    round: Round,
    tree: Arc<Tree>,
    instrument: Arc<Instrument>,
}

impl Opening {
    async fn of(app: &App, round: &Round) -> Result<Self> {
        Ok(Self {
            round: round.clone(),
            tree: Arc::new(participation::tree(app, round).await?),
            instrument: instrument(
                app,
                round.tenant,
                &round.questionnaire.id,
                &round.questionnaire.version,
            )
            .await?,
        })
    }

    /// The ballots that wait behind a tag, so many at most.
    async fn waiting(&self, app: &App, after: Vec<u8>) -> Result<Vec<MailboxRow>> {
        let (tenant, code) = (self.round.tenant, self.round.code.clone());
        app.store
            .read(Side::Ballots, "read a mailbox", move |conn| {
                on!(conn, ballot::waiting_after(tenant, &code, &after, AT_ONCE))
            })
            .await
    }
}

fn find_box(conn: &mut Conn, tenant: i64, code: &str) -> Result<BallotBoxRow> {
    on!(conn, ballot::find_box(tenant, code))?
        .ok_or_else(|| Error::internal(anyhow::anyhow!("the ballot box of {code} is gone")))
}
