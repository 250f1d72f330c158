//! Claims that are signed blindly, and the answers that come without the link.

use klankbord_tests::blind::{Prepared, random_code};
use serde_json::{Value, json};

use crate::model::{Claimed, Form, forms};
use crate::play::{Player, answers};
use crate::step::Mode;
use crate::world::{Outcome, ensure};

impl Player<'_> {
    fn stand(&mut self, round: usize, person: usize, form: usize) -> Form {
        self.seat(round, person)
            .map_or(Form::NotAsked, |seat| seat.forms[form])
    }

    /// A device claims a form with a code of its own.
    pub(crate) fn claim(&mut self, round: usize, person: usize, form: usize) -> Outcome<()> {
        let Some((token, form, name)) = self.ready(round, person, form)? else {
            return Ok(());
        };
        let wanted = json!({"token": token, "organisation": self.school, "form": name});
        let key = "/api/v1/claims/key";
        if !self.model.rounds[round].open {
            let told = self.world.expect("POST", key, &wanted, 409)?;
            return ensure(told["code"] == "round_closed", || told.to_string());
        }
        let offer = self.world.expect("POST", key, &wanted, 200)?;
        let stand = self.stand(round, person, form);
        let before = match stand {
            Form::Answered(_) => json!("assisted"),
            Form::Blind { .. } => json!("blind"),
            Form::NotAsked | Form::Asked => Value::Null,
        };
        ensure(offer["claim"] == before, || {
            format!("claimed before as {before}: {offer}")
        })?;
        if self.model.mode != Mode::Anonymous {
            return ensure(offer["key"].is_null(), || {
                format!("a key in a named round: {offer}")
            });
        }
        let prepared = Prepared::new(&random_code(), &offer);
        let mut request = wanted;
        request["key"] = offer["key"]["number"].clone();
        request["blinded"] = json!(prepared.blinded());
        if stand.is_claimed() {
            let told = self.world.expect("POST", "/api/v1/claims", &request, 409)?;
            return ensure(told["code"] == "already_claimed", || told.to_string());
        }
        let signed = self.world.expect("POST", "/api/v1/claims", &request, 201)?;
        // Asked again, because the answer may have been lost: it is the same.
        let again = self.world.expect("POST", "/api/v1/claims", &request, 200)?;
        ensure(signed["signature"] == again["signature"], || {
            "another signature".to_owned()
        })?;
        if let Some(seat) = self.seat(round, person) {
            seat.forms[form] = Form::Blind { done: false };
        }
        let credential = prepared.finish(&signed["signature"]);
        self.model.rounds[round].devices.push(Claimed {
            form: name,
            credential,
            answer: None,
        });
        Ok(())
    }

    /// A device sends answers: whatever has become of the link meanwhile.
    pub(crate) fn submit_blind(&mut self, round: usize, device: usize) -> Outcome<()> {
        let answer = self.model.unique();
        let round = &mut self.model.rounds[round];
        let count = round.devices.len();
        if count == 0 {
            return Ok(());
        }
        let claimed = &mut round.devices[device % count];
        let mut body = answers("", &self.school, claimed.form, answer);
        body["credential"] = json!(claimed.credential);
        body.as_object_mut().map(|body| body.remove("token"));
        let path = "/api/v1/ballots";
        if !round.open {
            let told = self.world.expect("POST", path, &body, 409)?;
            return ensure(told["code"] == "round_closed", || told.to_string());
        }
        let status = if claimed.answer.is_none() { 201 } else { 200 };
        self.world.expect("POST", path, &body, status)?;
        claimed.answer = Some(answer);
        Ok(())
    }

    /// A device tells over the link that a form is done.
    pub(crate) fn done(&mut self, round: usize, person: usize, form: usize) -> Outcome<()> {
        let Some((token, form, name)) = self.ready(round, person, form % forms(person).len())?
        else {
            return Ok(());
        };
        if !self.model.rounds[round].open {
            return Ok(());
        }
        let body = json!({"token": token, "organisation": self.school, "form": name});
        let claimed = self.stand(round, person, form).is_claimed();
        let status = if claimed { 204 } else { 409 };
        self.world
            .expect("POST", "/api/v1/claims/done", &body, status)?;
        if let Some(seat) = self.seat(round, person) {
            if let Form::Blind { done } = &mut seat.forms[form] {
                *done = true;
            }
            if seat.finished() {
                // A reminder on its way may be dropped now, or have left before.
                seat.pending = 0;
            }
        }
        Ok(())
    }
}
