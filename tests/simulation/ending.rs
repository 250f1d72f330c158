//! Mail that has settled, rounds that are closed, and what must then be there.

use std::collections::BTreeMap;

use klankbord_tests::Mail;
use serde_json::{Value, json};

use crate::model::{Model, Round, digits};
use crate::step::Mode;
use crate::world::{Outcome, World, ensure, eventually};

impl World {
    /// The mails about a round that have come to an address.
    pub(crate) fn mails(&self, email: &str, round: &str) -> Vec<Mail> {
        let end = format!(": {round}");
        let mut mails = self.stage.smtp().to(email);
        mails.retain(|mail| mail.subject().ends_with(&end));
        mails
    }

    /// The mails about a round that the mail server has taken for an address, whatever it did with them: how often, by number.
    pub(crate) fn arrived(&self, email: &str, round: &str) -> BTreeMap<String, usize> {
        let end = format!(": {round}");
        let mut mails = self.stage.smtp().to(email);
        mails.extend(self.stage.smtp().lost(email));
        mails.retain(|mail| mail.subject().ends_with(&end));
        let mut arrived = BTreeMap::new();
        for mail in mails {
            *arrived.entry(mail.id()).or_default() += 1;
        }
        arrived
    }

    /// Waits until no mail of a sequence is on its way, and holds against the model what has arrived.
    pub(crate) fn settle(&self, model: &mut Model) -> Outcome<()> {
        for round in &mut model.rounds {
            if round.seats.iter().flatten().all(|seat| seat.queued == 0) {
                continue;
            }
            let path = format!("/api/v1/rounds/{}/progress", round.code);
            let counts = eventually(|| {
                let told = self.expect("GET", &path, &Value::Null, 200)?["mails"].take();
                Ok(if told["waiting"] == 0 {
                    Ok(told)
                } else {
                    Err(format!("mail does not leave: {told}"))
                })
            })?;
            let (mut queued, mut came) = (0, 0);
            for (person, seat) in model.people.iter().zip(&mut round.seats) {
                let Some(seat) = seat else { continue };
                seat.sure += std::mem::take(&mut seat.pending);
                let arrived = self.arrived(&person.email, &round.code);
                queued += seat.queued;
                came += arrived.len();
                ensure((seat.sure..=seat.queued).contains(&arrived.len()), || {
                    format!(
                        "{} got {} mails about {}; {} were put into the outbox and {} must have come",
                        person.email,
                        arrived.len(),
                        round.code,
                        seat.queued,
                        seat.sure
                    )
                })?;
                let doubled: usize = arrived.values().map(|copies| copies - 1).sum();
                ensure(doubled <= person.doubles, || {
                    format!("{} got mails more than once: {arrived:?}", person.email)
                })?;
            }
            let number = |name: &str| counts[name].as_u64().unwrap_or_default();
            let (told, all) = (number("sent"), number("sent") + number("cancelled"));
            // Where a connection was cut, a mail can have come and be called off before it is sent once more.
            let cut = model.people.iter().any(|person| person.doubles > 0);
            let agree = told == came as u64 || (cut && told < came as u64);
            let agree = agree && number("failed") == 0 && all == queued as u64;
            ensure(agree, || {
                format!(
                    "{path} tells {counts}; {came} mails have come of {queued} that were put into the outbox"
                )
            })?;
        }
        Ok(())
    }

    /// Closes a round and holds its counts against the model.
    pub(crate) fn close(&self, mode: Mode, round: &mut Round) -> Outcome<()> {
        let path = format!("/api/v1/rounds/{}/close", round.code);
        let told = self.expect("POST", &path, &json!({}), 200)?["counts"].take();
        let counts = round.counts(mode);
        let wanted = json!({"issued": counts.issued, "claimed": counts.claimed, "ballots": counts.ballots, "opened": counts.ballots});
        round.open = false;
        for seat in round.seats.iter_mut().flatten() {
            seat.pending = 0;
        }
        ensure(told == wanted, || {
            format!("{path} counts {told} and should count {wanted}")
        })
    }

    /// The end of a sequence: all mail has come, every round is closed, and the answers are there, each once.
    pub(crate) fn finish(&self, model: &mut Model) -> Outcome<()> {
        self.settle(model)?;
        let mode = model.mode;
        for round in &mut model.rounds {
            if round.open {
                self.close(mode, round)?;
            }
            let school = round.code.split('-').next().unwrap_or_default();
            let [closed, texts] = round.answers(mode);
            let mut responses: Vec<(String, String)> = closed
                .into_iter()
                .map(|(form, answer)| {
                    // One byte an item; that of the open question says that there is a text.
                    let [a, b, c] = digits(answer);
                    let packed = format!("{a:02x}{b:02x}{c:02x}01");
                    (form.to_owned(), packed)
                })
                .collect();
            let mut texts: Vec<(String, String)> = texts
                .into_iter()
                .map(|(form, answer)| (form.to_owned(), format!("{school}-{answer}")))
                .collect();
            responses.sort();
            texts.sort();
            let wanted = crate::store::Opened {
                responses,
                texts,
                waiting: 0,
            };
            let opened = self.store().opened(&round.code);
            ensure(opened == wanted, || {
                format!(
                    "{} holds\n{opened:?}\nand should hold\n{wanted:?}",
                    round.code
                )
            })?;
        }
        Ok(())
    }
}
