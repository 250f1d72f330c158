//! A round as its respondents meet it, remembered as long as nothing of it changes.

use super::{Round, Status};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::service::Caller;
use crate::service::claim::Signers;
use crate::service::definition::{Instrument, instrument};
use crate::store::rows::{OrganisationRow, RoundRow, RoundStateRow};
use crate::store::{Side, on};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long it holds how a round stands, where no link brings it along.
const FRESH: Duration = Duration::from_secs(1);

/// A round with its questionnaire and the organisation that runs it.
pub struct Standing {
    /// The round.
    pub(in crate::service) round: Arc<Round>,
    /// Its questionnaire.
    pub(in crate::service) instrument: Arc<Instrument>,
    /// The organisation that runs it.
    pub(in crate::service) organisation: OrganisationRow,
    /// Which key signs for whom in it.
    pub(in crate::service) signers: Signers,
    state: RoundStateRow,
    seen: Mutex<Instant>,
}

impl Standing {
    /// Whether its state was looked at just now.
    fn is_fresh(&self) -> bool {
        self.lock().elapsed() < FRESH
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The round of a link. What can change of it came with the link, in `state`; the rest of a round never changes.
pub(in crate::service) async fn standing(
    app: &App,
    tenant: i64,
    code: &str,
    state: &RoundStateRow,
) -> Result<Option<Arc<Standing>>> {
    match app.rounds.get(tenant, code) {
        Some(kept) if kept.state == *state => Ok(Some(kept)),
        _ => load(app, tenant, code).await,
    }
}

/// A round for somebody who has no link: how it stands may have changed within the last second. Whether its box takes ballots is looked
/// at where they are put.
pub(in crate::service) async fn standing_lately(
    app: &App,
    tenant: i64,
    code: &str,
) -> Result<Option<Arc<Standing>>> {
    let Some(kept) = app.rounds.get(tenant, code) else {
        return load(app, tenant, code).await;
    };
    if kept.is_fresh() {
        return Ok(Some(kept));
    }
    let wanted = code.to_owned();
    let row = app
        .store
        .read(Side::Roster, "look how a round stands", move |conn| {
            on!(conn, round::find(tenant, &wanted))
        })
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let found = standing(app, tenant, code, &RoundStateRow::of(&row)).await?;
    if let Some(found) = &found {
        *found.lock() = Instant::now();
    }
    Ok(found)
}

/// A round for a caller who may see it, to be asked for what never changes: its plan, its questionnaire.
pub(in crate::service) async fn asked(
    app: &App,
    caller: &Caller,
    code: &str,
) -> Result<Arc<Standing>> {
    caller.require(Scope::RoundsRead)?;
    let found = match app.rounds.get(caller.tenant(), code) {
        Some(kept) => Some(kept),
        None => load(app, caller.tenant(), code).await?,
    };
    found
        .filter(|found| caller.touches(Scope::RoundsRead, &found.organisation.path))
        .ok_or_else(|| Error::not_found("round", code))
}

async fn load(app: &App, tenant: i64, code: &str) -> Result<Option<Arc<Standing>>> {
    let wanted = code.to_owned();
    let found: Option<(RoundRow, OrganisationRow)> = app
        .store
        .read(Side::Roster, "find a round", move |conn| {
            let Some(round) = on!(conn, round::find(tenant, &wanted))? else {
                return Ok(None);
            };
            let organisation = on!(conn, organisation::find(tenant, &round.organisation))?;
            Ok(organisation.map(|organisation| (round, organisation)))
        })
        .await?;
    let Some((row, organisation)) = found else {
        return Ok(None);
    };
    let state = RoundStateRow::of(&row);
    let round = Arc::new(Round::try_from(row)?);
    let named = &round.questionnaire;
    let standing = Arc::new(Standing {
        instrument: instrument(app, tenant, &named.id, &named.version).await?,
        organisation,
        signers: Signers::default(),
        seen: Mutex::new(Instant::now()),
        state,
        round,
    });
    // While a round closes its counts are still to come.
    if matches!(standing.round.status, Status::Draft | Status::Open) {
        app.rounds.put(tenant, code, Arc::clone(&standing));
    }
    Ok(Some(standing))
}
