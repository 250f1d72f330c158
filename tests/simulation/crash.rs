//! The server dies, at rest or in the midst of something, and comes back.

use crate::model::{Form, Round};
use crate::play::{Player, answers};
use crate::world::{Outcome, ensure};

impl Player<'_> {
    pub(crate) fn crash(&mut self, mailing: bool) -> Outcome<()> {
        if mailing {
            if self.model.rounds.iter().any(Round::mailed) {
                self.model.unsettled = true;
                self.model
                    .people
                    .iter_mut()
                    .for_each(|person| person.doubles += 1);
            }
        } else if !self.settle()? && self.model.mailing() {
            return Ok(());
        }
        self.world.crash();
        Ok(())
    }

    pub(crate) fn crash_while_submitting(
        &mut self,
        number: usize,
        person: usize,
        form: usize,
        moment: u16,
    ) -> Outcome<()> {
        let Some((token, form, name)) = self.ready(number, person, form)? else {
            return Ok(());
        };
        if !self.model.rounds[number].open || (!self.settle()? && self.model.mailing()) {
            return Ok(());
        }
        if matches!(self.seat(number, person), Some(seat) if matches!(seat.forms[form], Form::Blind { .. }))
        {
            return Ok(());
        }
        let answer = self.model.unique();
        let body = answers(&token, &self.school, name, answer);
        let (send, copy) = (self.world.sender(), body.clone());
        let sending = std::thread::spawn(move || send("/api/v1/responses", &copy));
        for _ in 0..moment {
            std::thread::yield_now();
        }
        self.world.crash();
        let first = sending.join().expect("the sender does not panic");
        ensure(matches!(first, None | Some(200 | 201)), || {
            format!("the dying server answered {first:?}")
        })?;
        let (status, told) = self.world.ask("POST", "/api/v1/responses", &body)?;
        let again = if first.is_some() {
            vec![200]
        } else {
            vec![200, 201]
        };
        ensure(again.contains(&status), || {
            format!("sent again after {first:?}: {status} {told}")
        })?;
        self.acknowledged(number, person, form, answer);
        Ok(())
    }
}
