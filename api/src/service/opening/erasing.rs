//! Taking one person's responses out of a round that has kept a code or a name with them.

use super::decision::decide;
use super::{OPEN, Opening, Tallies, absorb_waiting};
use crate::app::App;
use crate::error::Result;
use crate::service::round::{Round, Status};
use crate::store::{Conn, Side, on};
use survey_engine::tally::Tally;

/// Removes the responses with this code or name; tells how many. As long as the round is open its tallies lose them too;
/// the figures of a closed one stay as they were told. Free texts carry no code, so none can be found by one.
pub(in crate::service) async fn take_out(app: &App, round: &Round, subject: String) -> Result<u64> {
    if round.status == Status::Draft {
        return Ok(0);
    }
    if round.status != Status::Closed {
        absorb_waiting(app, round, || true).await?;
    }
    let opening = Opening::of(app, round).await?;
    app.store
        .write(Side::Ballots, "erase responses", move |conn| {
            opening.take_out(conn, &subject)
        })
        .await
}

impl Opening {
    fn take_out(&self, conn: &mut Conn, subject: &str) -> Result<u64> {
        let (tenant, code) = (self.round.tenant, self.round.code.as_str());
        let responses = on!(conn, ballot::responses_of(tenant, code, subject))?;
        for response in &responses {
            on!(conn, ballot::delete_response(response, &[]))?;
        }
        let open = on!(conn, ballot::find_box(tenant, code))?.filter(|one| one.status == OPEN);
        if let Some(mut ballot_box) = open {
            let mut removed = Tallies::new();
            for response in &responses {
                self.count(
                    &mut removed,
                    &response.organisation,
                    &response.form,
                    |tally, blueprint| tally.add(blueprint, &response.packed),
                )?;
                ballot_box.ballots -= 1;
            }
            let mut tallies = self.stored_tallies(conn)?;
            self.spread(&removed, &mut tallies, Tally::unmerge)?;
            let rows = decide(&self.round, &self.tree, &self.instrument, &tallies)?;
            on!(conn, ballot::delete_tallies(tenant, code))?;
            on!(conn, ballot::put_tallies(&rows))?;
            on!(conn, ballot::set_box(&ballot_box))?;
        }
        Ok(responses.len() as u64)
    }
}
