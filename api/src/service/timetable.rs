//! What happens to rounds by themselves. A round that cannot go on holds up no other: each is tried, and tried again.

use super::opening::{absorb_waiting, begin_closing, finish_closing};
use super::round::{self, Mode, Round, Status};
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::rows::RoundRow;
use crate::store::{Side, on};

/// Opens what waits in the mailboxes of open rounds whose mode allows it. Nobody waits for that, so it gives way to those who
/// answer: what waits is opened in a quieter moment, or when the round closes.
///
/// # Errors
/// That of the last round that could not go on, after all have been tried.
pub async fn absorb_continuous(app: &App) -> Result<()> {
    if app.traffic.is_busy() {
        return Ok(());
    }
    let mut outcome = Ok(());
    for row in in_status(app, "open").await? {
        let code = row.code.clone();
        outcome = named(&code, absorb_one(app, row).await).and(outcome);
    }
    outcome
}

async fn absorb_one(app: &App, row: RoundRow) -> Result<()> {
    let round = Round::try_from(row)?;
    if round.mode == Mode::Anonymous {
        return Ok(());
    }
    let (tenant, code) = (round.tenant, round.code.clone());
    let any = app
        .store
        .read(Side::Ballots, "look into a mailbox", move |conn| {
            on!(conn, ballot::any_waiting(tenant, &code))
        })
        .await?;
    if any {
        absorb_waiting(app, &round, || !app.traffic.is_busy()).await?;
    }
    Ok(())
}

/// Opens rounds whose time has come, closes those whose time is over, and finishes what was left half done.
///
/// # Errors
/// That of the last round that could not go on, after all have been tried.
pub async fn keep_time(app: &App) -> Result<()> {
    let now = app.clock.now_ms();
    let mut outcome = Ok(());
    for status in ["draft", "open", "closing"] {
        for row in in_status(app, status).await? {
            let code = row.code.clone();
            outcome = named(&code, keep_time_of(app, row, now).await).and(outcome);
        }
    }
    outcome
}

async fn keep_time_of(app: &App, row: RoundRow, now: i64) -> Result<()> {
    let round = Round::try_from(row)?;
    let is_past = |moment: i64| moment <= now;
    match round.status {
        Status::Draft => {
            if round.opens_at.is_some_and(is_past) && !round.closes_at.is_some_and(is_past) {
                match round::begin(app, round).await {
                    // Another process has been faster.
                    Ok(_) | Err(Error::Conflict { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Status::Open => {
            if round.closes_at.is_some_and(is_past) {
                begin_closing(app, &round).await?;
                finish_closing(app, round).await?;
            }
        }
        Status::Closing => {
            finish_closing(app, round).await?;
        }
        Status::Closed => {}
    }
    Ok(())
}

pub(super) async fn in_status(app: &App, status: &'static str) -> Result<Vec<RoundRow>> {
    app.store
        .read(Side::Roster, "list rounds by status", move |conn| {
            on!(conn, round::in_status(status))
        })
        .await
}

/// Says in a failure of ours which round it was.
pub(super) fn named(code: &str, outcome: Result<()>) -> Result<()> {
    outcome.map_err(|error| match error {
        Error::Internal(cause) => Error::Internal(cause.context(format!("the round “{code}”"))),
        other => other,
    })
}
