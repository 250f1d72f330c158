//! The codes of confidential rounds: what connects them to people, and for how long.

use super::round::{Promise, Round};
use super::timetable::{in_status, named};
use crate::app::App;
use crate::ballot;
use crate::error::{Error, Result};
use crate::store::rows::RoundRow;
use crate::store::{Side, on};

impl Promise {
    /// Whether the day on which the key is destroyed has come (in UTC).
    #[must_use]
    pub fn is_over(&self, now_ms: i64) -> bool {
        let today: String = crate::clock::to_rfc3339(now_ms).chars().take(10).collect();
        // Days written as YYYY-MM-DD sort like the days.
        self.until <= today
    }
}

/// Name of the secret that the codes of a confidential round, and of those that repeat it, are made with.
fn key_name(tenant: i64, round: &str) -> String {
    format!("pseudonym-{tenant}-{round}")
}

/// The code that stands for a person in a confidential round; none once its key is to be gone.
pub(super) async fn code_of(app: &App, round: &Round, person: &str) -> Result<Option<String>> {
    let Some(first) = first_of_series(app, round).await? else {
        return Ok(None);
    };
    let name = key_name(round.tenant, &first);
    let known = app.keys.remembered_secret(&name).map_err(Error::internal)?;
    let key = match known {
        Some(key) => key,
        None => app.keys.create_secret(&name).map_err(Error::internal)?,
    };
    Ok(Some(ballot::pseudonym(&key, person)))
}

/// The first of the confidential rounds that repeat one another: they share their codes, as long as that keeps what each has
/// promised. `None` once the day has come on which the round's own key is destroyed.
async fn first_of_series(app: &App, round: &Round) -> Result<Option<String>> {
    let now = app.clock.now_ms();
    let Some(until) = round
        .promise
        .as_ref()
        .filter(|promise| !promise.is_over(now))
        .map(|promise| promise.until.clone())
    else {
        return Ok(None);
    };
    if round.baseline.is_none() {
        return Ok(Some(round.code.clone()));
    }
    let (tenant, mut first, mut baseline) =
        (round.tenant, round.code.clone(), round.baseline.clone());
    app.store
        .read(Side::Roster, "find the first of a series", move |conn| {
            while let Some(earlier) = baseline.take() {
                let Some(row) = on!(conn, round::find(tenant, &earlier))? else {
                    break;
                };
                let earlier = Round::try_from(row)?;
                // Its key has to live now, and may not live longer than this round says.
                if earlier
                    .promise
                    .is_some_and(|promise| !promise.is_over(now) && promise.until <= until)
                {
                    first = earlier.code;
                    baseline = earlier.baseline;
                }
            }
            Ok(Some(first))
        })
        .await
}

/// Destroys the keys of confidential rounds on the day they have promised; from then on no code leads to a person.
///
/// # Errors
/// That of the last key that could not be destroyed, after all have been tried.
pub async fn keep_promises(app: &App) -> Result<()> {
    app.keys.forget_destroyed();
    let now = app.clock.now_ms();
    let mut outcome = Ok(());
    for status in ["open", "closing", "closed"] {
        for row in in_status(app, status).await? {
            let code = row.code.clone();
            outcome = named(&code, keep_promise(app, row, now)).and(outcome);
        }
    }
    outcome
}

fn keep_promise(app: &App, row: RoundRow, now: i64) -> Result<()> {
    let round = Round::try_from(row)?;
    if round.promise.is_some_and(|promise| promise.is_over(now)) {
        app.keys
            .destroy(&key_name(round.tenant, &round.code))
            .map_err(Error::internal)?;
    }
    Ok(())
}
