//! Taking one person's responses out of a round that has kept a code or a name with them.

use super::{Opening, absorb_waiting};
use crate::app::App;
use crate::error::Result;
use crate::service::definition::instrument;
use crate::service::participation;
use crate::service::round::{Round, Status};
use crate::store::{Conn, Side, on};

/// Removes the responses with this code or name; tells how many. As long as the round is open its tallies lose them too;
/// the figures of a closed one stay as they were told. Free texts carry no code, so none can be found by one.
pub(in crate::service) async fn take_out(app: &App, round: &Round, subject: String) -> Result<u64> {
    if round.status == Status::Draft {
        return Ok(0);
    }
    if round.status != Status::Closed {
        absorb_waiting(app, round).await?;
    }
    let tree = participation::tree(app, round).await?;
    let named = &round.questionnaire;
    let instrument = instrument(app, round.tenant, &named.id, &named.version).await?;
    let opening = Opening {
        round: round.clone(),
        tree,
        instrument,
        last: false,
    };
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
        let open = on!(conn, ballot::find_box(tenant, code))?.filter(|one| one.status == "open");
        if let Some(mut ballot_box) = open {
            let mut tallies = self.stored_tallies(conn)?;
            for response in &responses {
                self.count(
                    &mut tallies,
                    &response.organisation,
                    &response.form,
                    |tally, blueprint| tally.subtract(blueprint, &response.packed),
                )?;
                ballot_box.ballots -= 1;
            }
            on!(conn, ballot::delete_tallies(tenant, code))?;
            on!(conn, ballot::put_tallies(&self.decide(&tallies)?))?;
            on!(conn, ballot::set_box(&ballot_box))?;
        }
        Ok(responses.len() as u64)
    }
}
