//! Playing the steps of a sequence: what is asked of the server, what it must answer, and what that changes.

use serde_json::{Value, json};

use crate::model::{Form, Model, Round, Seat, digits, forms};
use crate::step::{Mode, PEOPLE, Step};
use crate::world::{Outcome, World, ensure, eventually};

/// One sequence on its way.
pub(crate) struct Player<'w> {
    pub(crate) world: &'w World,
    pub(crate) model: Model,
    pub(crate) school: String,
}

/// The body of a request that sends this answer.
pub(crate) fn answers(token: &str, school: &str, form: &str, answer: u32) -> Value {
    let [a, b, c] = digits(answer);
    let (a, b, c) = (
        (format!("{form}.a"), a),
        (format!("{form}.b"), b),
        (format!("{form}.c"), c),
    );
    json!({
        "token": token, "organisation": school, "form": form,
        "answers": {a.0: a.1, b.0: b.1, c.0: c.1, format!("{form}.t"): format!("{school}-{answer}")},
    })
}

impl Player<'_> {
    /// Begins another round for the same people.
    pub(crate) fn another(&mut self) -> Outcome<()> {
        let code = format!("{}-r{}", self.school, self.model.rounds.len());
        let mut round = json!({
            "code": code, "organisation": self.school, "mode": self.model.mode.as_str(), "title": {"en": code},
            "questionnaire": {"id": "numbers", "version": "1.0.0"},
        });
        if self.model.mode == Mode::Confidential {
            let (keeper, purpose) = (json!({"en": "The coordinator"}), json!({"en": "comparing"}));
            round["promise"] = json!({"keeper": keeper, "purpose": purpose, "until": "2099-01-31"});
        }
        self.world.expect("POST", "/api/v1/rounds", &round, 201)?;
        let open = format!("/api/v1/rounds/{code}/open");
        self.world.expect("POST", &open, &json!({}), 200)?;
        self.model.rounds.push(Round::new(code));
        Ok(())
    }

    pub(crate) fn step(&mut self, step: &Step) -> Outcome<()> {
        match *step {
            Step::Invite { round, by_app } => self.invite(self.number(round), by_app),
            Step::Remind { round } => self.remind(self.number(round)),
            Step::Look { round, person } => self.look(self.number(round), person),
            Step::Submit {
                round,
                person,
                form,
            } => self.submit(self.number(round), person, form),
            Step::Claim {
                round,
                person,
                form,
            } => self.claim(self.number(round), person, form),
            Step::SubmitBlind { round, device } => self.submit_blind(self.number(round), device),
            Step::Done {
                round,
                person,
                form,
            } => self.done(self.number(round), person, form),
            Step::SubmitOld { round, person } => self.submit_old(self.number(round), person),
            Step::Spoil { round, person } => self.spoil(self.number(round), person),
            Step::Revoke { round, person } => self.revoke(self.number(round), person),
            Step::Renew { round, person } => self.renew(self.number(round), person),
            Step::Unsubscribe { round, person } => self.unsubscribe(self.number(round), person),
            Step::Erase { person } => self.erase(person),
            Step::Close { round } => self.close(self.number(round)),
            Step::Another if self.model.rounds.len() < 3 => self.another(),
            Step::Another => Ok(()),
            Step::Fault { person, fault } => {
                let person = &mut self.model.people[person];
                person.doubles += usize::from(fault == klankbord_tests::Fault::DropAfterDot);
                self.world.stage.smtp().plan(&person.email, [fault]);
                Ok(())
            }
            Step::ShutPost => {
                if self.model.post_open && !self.model.unsettled {
                    self.settle()?;
                    self.world.stage.smtp().close_doors();
                    self.model.post_open = false;
                }
                Ok(())
            }
            Step::OpenPost => {
                self.world.stage.smtp().open_doors();
                self.model.post_open = true;
                Ok(())
            }
            Step::Crash { mailing } => self.crash(mailing),
            Step::CrashWhileSubmitting {
                round,
                person,
                form,
                moment,
            } => self.crash_while_submitting(self.number(round), person, form, moment),
        }?;
        for number in 0..self.model.rounds.len() {
            self.check_progress(number)?;
        }
        Ok(())
    }

    /// Rounds are counted around.
    fn number(&self, round: usize) -> usize {
        round % self.model.rounds.len()
    }

    pub(crate) fn path(&self, round: usize, rest: &str) -> String {
        format!("/api/v1/rounds/{}/{rest}", self.model.rounds[round].code)
    }

    pub(crate) fn seat(&mut self, round: usize, person: usize) -> Option<&mut Seat> {
        self.model.rounds[round].seats[person].as_mut()
    }

    /// Waits until no mail is on its way; gives whether that could be waited for.
    pub(crate) fn settle(&mut self) -> Outcome<bool> {
        if self.model.unsettled || !self.model.post_open {
            return Ok(false);
        }
        self.world.settle(&mut self.model)?;
        Ok(true)
    }

    fn check_progress(&self, round: usize) -> Outcome<()> {
        let counts = self.model.rounds[round].counts(self.model.mode);
        let wanted = json!([
            self.model.rounds[round].invitations(),
            counts.issued,
            counts.done
        ]);
        let path = self.path(round, "progress");
        eventually(|| {
            let told = self.world.expect("GET", &path, &Value::Null, 200)?;
            let seen = json!([told["invitations"], told["assignments"], told["done"]]);
            Ok(if seen == wanted {
                Ok(())
            } else {
                Err(format!(
                    "{path} tells {seen} and should tell {wanted} (invitations, assignments, done)"
                ))
            })
        })
    }

    fn invite(&mut self, number: usize, by_app: bool) -> Outcome<()> {
        let body =
            json!({"delivery": if by_app { "app" } else { "mail" }, "organisation": self.school});
        let path = self.path(number, "invitations");
        let round = &mut self.model.rounds[number];
        if !round.open {
            let told = self.world.expect("POST", &path, &body, 409)?;
            return ensure(told["code"] == "round_not_open", || told.to_string());
        }
        let told = self.world.expect("POST", &path, &body, 200)?;
        let mut wanted = json!({"created": 0, "existing": 0, "revoked": 0, "assignmentsAdded": 0, "mailsQueued": 0, "unsubscribed": 0});
        let mut add =
            |name: &str| wanted[name] = json!(wanted[name].as_u64().unwrap_or_default() + 1);
        let mut links = told["links"].as_array().cloned().unwrap_or_default();
        for (number, person) in self
            .model
            .people
            .iter()
            .enumerate()
            .filter(|(_, person)| !person.erased)
        {
            match &round.seats[number] {
                Some(seat) if seat.revoked => add("revoked"),
                Some(_) => add("existing"),
                None => {
                    add("created");
                    let mut seat = Seat {
                        by_app,
                        forms: vec![Form::Asked; forms(number).len()],
                        ..Seat::default()
                    };
                    if by_app {
                        let at = links
                            .iter()
                            .position(|link| link["email"] == person.email.as_str());
                        let link =
                            links.remove(at.ok_or_else(|| {
                                format!("no link for {} in {told}", person.email)
                            })?);
                        seat.token = link["token"].as_str().map(str::to_owned);
                    } else if person.unsubscribed {
                        add("unsubscribed");
                    } else {
                        add("mailsQueued");
                        (seat.queued, seat.pending) = (1, 1);
                    }
                    round.seats[number] = Some(seat);
                }
            }
        }
        ensure(links.is_empty(), || format!("links of nobody: {links:?}"))?;
        let names = [
            "created",
            "existing",
            "revoked",
            "assignmentsAdded",
            "mailsQueued",
            "unsubscribed",
        ];
        ensure(
            names.iter().all(|name| told[*name] == wanted[*name]),
            || format!("inviting told {told} and should tell {wanted}"),
        )
    }

    fn remind(&mut self, number: usize) -> Outcome<()> {
        let path = self.path(number, "reminders");
        if !self.model.rounds[number].open {
            let told = self.world.expect("POST", &path, &json!({}), 409)?;
            return ensure(told["code"] == "round_not_open", || told.to_string());
        }
        if self.model.unsettled || (self.model.post_open && !self.settle()?) {
            return Ok(());
        }
        let mut wanted = [0_u64; 5];
        let code = self.model.rounds[number].code.clone();
        for person in 0..PEOPLE {
            let Person {
                unsubscribed,
                email,
            } = Person::of(&self.model, person);
            let arrived = self.world.arrived(&email, &code).len();
            let Some(seat) = self
                .seat(number, person)
                .filter(|seat| !seat.by_app && !seat.revoked)
            else {
                continue;
            };
            let count = if seat.finished() {
                1
            } else if unsubscribed {
                2
            } else if seat.pending > 0 {
                4
            } else if arrived >= 3 {
                3
            } else {
                seat.queued += 1;
                seat.pending += 1;
                0
            };
            wanted[count] += 1;
        }
        let told = self
            .world
            .expect("POST", &path, &json!({"organisation": self.school}), 200)?;
        let seen = ["queued", "finished", "unsubscribed", "capped", "waiting"]
            .map(|name| told[name].as_u64());
        ensure(seen == wanted.map(Some), || {
            format!(
                "reminding told {told} and should tell {wanted:?} (queued, finished, unsubscribed, capped, waiting)"
            )
        })
    }

    /// The link that works, as far as it has come to the person.
    fn token(&mut self, round: usize, person: usize) -> Outcome<Option<String>> {
        let Some(seat) = self.seat(round, person) else {
            return Ok(None);
        };
        if seat.token.is_some() || seat.by_app || seat.revoked {
            return Ok(seat.token.clone());
        }
        self.settle()?;
        let tokens = self.delivered(round, person);
        let Some(seat) = self.seat(round, person) else {
            return Ok(None);
        };
        seat.token = tokens
            .into_iter()
            .rev()
            .find(|token| !seat.old.contains(token));
        Ok(seat.token.clone())
    }

    /// Every link that has come to a person by mail.
    fn delivered(&self, round: usize, person: usize) -> Vec<String> {
        let mails = self.world.mails(
            &self.model.people[person].email,
            &self.model.rounds[round].code,
        );
        mails
            .iter()
            .map(|mail| {
                mail.link("/s/")
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    }

    fn look(&mut self, round: usize, person: usize) -> Outcome<()> {
        if let Some(token) = self.token(round, person)? {
            self.world
                .expect("GET", &format!("/s/{token}"), &Value::Null, 200)?;
        }
        let old = self.model.rounds[round].seats[person]
            .as_ref()
            .map(|seat| seat.old.clone());
        for token in old.unwrap_or_default() {
            self.world
                .expect("GET", &format!("/s/{token}"), &Value::Null, 404)?;
        }
        Ok(())
    }

    /// What a person would send now: the link, the position of a form that is asked, and its name.
    pub(crate) fn ready(
        &mut self,
        round: usize,
        person: usize,
        form: usize,
    ) -> Outcome<Option<(String, usize, &'static str)>> {
        let Some(token) = self.token(round, person)? else {
            return Ok(None);
        };
        let form = form % forms(person).len();
        Ok(Some((token, form, forms(person)[form])))
    }

    fn submit(&mut self, number: usize, person: usize, form: usize) -> Outcome<()> {
        let Some((token, form, name)) = self.ready(number, person, form)? else {
            return Ok(());
        };
        let answer = self.model.unique();
        let body = answers(&token, &self.school, name, answer);
        if !self.model.rounds[number].open {
            let told = self.world.expect("POST", "/api/v1/responses", &body, 409)?;
            return ensure(told["code"] == "round_closed", || told.to_string());
        }
        let blind = |form| matches!(form, Form::Blind { .. });
        if self
            .seat(number, person)
            .is_some_and(|seat| blind(seat.forms[form]))
        {
            let told = self.world.expect("POST", "/api/v1/responses", &body, 409)?;
            return ensure(told["code"] == "claimed_on_a_device", || told.to_string());
        }
        let first = self
            .seat(number, person)
            .is_some_and(|seat| seat.forms[form] == Form::Asked);
        let (status, receipt) = if first {
            (201, "stored")
        } else {
            (200, "replaced")
        };
        let told = self
            .world
            .expect("POST", "/api/v1/responses", &body, status)?;
        ensure(told["status"] == receipt, || told.to_string())?;
        self.acknowledged(number, person, form, answer);
        Ok(())
    }

    pub(crate) fn acknowledged(&mut self, round: usize, person: usize, form: usize, answer: u32) {
        if let Some(seat) = self.seat(round, person) {
            seat.forms[form] = Form::Answered(answer);
            if seat.finished() {
                // A reminder on its way may be dropped now, or have left before.
                seat.pending = 0;
            }
        }
    }

    fn submit_old(&mut self, round: usize, person: usize) -> Outcome<()> {
        let old = self.model.rounds[round].seats[person]
            .as_ref()
            .and_then(|seat| seat.old.last().cloned());
        let Some(token) = old else { return Ok(()) };
        let answer = self.model.unique();
        let body = answers(&token, &self.school, "parent", answer);
        self.world
            .expect("POST", "/api/v1/responses", &body, 404)
            .map(drop)
    }

    fn spoil(&mut self, round: usize, person: usize) -> Outcome<()> {
        let Some((token, _, name)) = self.ready(round, person, 0)? else {
            return Ok(());
        };
        let body = json!({"token": token, "organisation": self.school, "form": name, "answers": {format!("{name}.a"): 9}});
        let status = if self.model.rounds[round].open {
            422
        } else {
            409
        };
        self.world
            .expect("POST", "/api/v1/responses", &body, status)
            .map(drop)
    }

    /// Keeps every link that a seat has had as an old one.
    fn outdate(&mut self, round: usize, person: usize) {
        let delivered = self.delivered(round, person);
        if let Some(seat) = self.seat(round, person) {
            seat.old.extend(seat.token.take());
            seat.old.extend(delivered);
            seat.pending = 0;
        }
    }

    /// Asks something about an invitation; the answer, where there is an invitation to an open round.
    fn about(
        &mut self,
        method: &str,
        round: usize,
        person: usize,
        rest: &str,
        status: u16,
    ) -> Outcome<Option<Value>> {
        let path = self.path(
            round,
            &format!("invitations/{}{rest}", self.model.people[person].email),
        );
        let (open, known) = (
            self.model.rounds[round].open,
            self.seat(round, person).is_some(),
        );
        let status = if !open {
            409
        } else if known {
            status
        } else {
            404
        };
        let told = self.world.expect(method, &path, &Value::Null, status)?;
        ensure(open || told["code"] == "round_not_open", || {
            told.to_string()
        })?;
        Ok((open && known).then_some(told))
    }

    fn revoke(&mut self, round: usize, person: usize) -> Outcome<()> {
        let Some(told) = self.about("DELETE", round, person, "", 200)? else {
            return Ok(());
        };
        self.outdate(round, person);
        let Some(seat) = self.seat(round, person) else {
            return Ok(());
        };
        let wanted = json!({"removed": seat.asked() - seat.claimed(), "kept": seat.claimed()});
        seat.revoked = true;
        for form in seat.forms.iter_mut().filter(|form| **form == Form::Asked) {
            *form = Form::NotAsked;
        }
        ensure(told == wanted, || {
            format!("taking back told {told} and should tell {wanted}")
        })
    }

    fn renew(&mut self, round: usize, person: usize) -> Outcome<()> {
        let Some(seat) = self.model.rounds[round].seats[person].clone() else {
            return self.about("POST", round, person, "/renewal", 200).map(drop);
        };
        if seat.claimed() > 0 {
            let told = self.about("POST", round, person, "/renewal", 409)?;
            return ensure(
                told.is_none_or(|told| told["code"] == "already_claimed"),
                || "not already_claimed".to_owned(),
            );
        }
        // A mail that is under way must not bring the old link behind the new one.
        if self.model.rounds[round].open && !seat.by_app && !self.settle()? {
            return Ok(());
        }
        let unsubscribed = self.model.people[person].unsubscribed;
        let Some(told) = self.about("POST", round, person, "/renewal", 200)? else {
            return Ok(());
        };
        self.outdate(round, person);
        let Some(seat) = self.seat(round, person) else {
            return Ok(());
        };
        seat.revoked = false;
        for form in seat
            .forms
            .iter_mut()
            .filter(|form| **form == Form::NotAsked)
        {
            *form = Form::Asked;
        }
        let mailed = !seat.by_app && !unsubscribed;
        seat.queued += usize::from(mailed);
        seat.pending += usize::from(mailed);
        seat.token = told["link"]["token"].as_str().map(str::to_owned);
        let as_wanted = told["mailQueued"] == mailed && seat.token.is_some() == seat.by_app;
        ensure(as_wanted, || format!("renewing told {told}"))
    }

    fn unsubscribe(&mut self, round: usize, person: usize) -> Outcome<()> {
        let Some(token) = self.token(round, person)? else {
            return Ok(());
        };
        self.world
            .expect("POST", &format!("/unsubscribe/{token}"), &Value::Null, 200)?;
        self.model.people[person].unsubscribed = true;
        for round in &mut self.model.rounds {
            if let Some(seat) = &mut round.seats[person] {
                seat.pending = 0;
            }
        }
        Ok(())
    }

    fn erase(&mut self, person: usize) -> Outcome<()> {
        let path = format!("/api/v1/people/{}", self.model.people[person].email);
        if self.model.people[person].erased {
            return self
                .world
                .expect("DELETE", &path, &Value::Null, 404)
                .map(drop);
        }
        let (mut invitations, mut claims, mut answered) = (0, 0, 0);
        for round in &mut self.model.rounds {
            if let Some(seat) = round.seats[person].take() {
                invitations += 1;
                claims += seat.claimed();
                answered += seat.answered();
                let named = forms(person).iter().copied().zip(seat.forms);
                round
                    .left
                    .extend(named.filter(|(_, form)| form.is_claimed()));
            }
        }
        let responses = if self.model.mode == Mode::Anonymous {
            0
        } else {
            answered
        };
        let wanted =
            json!({"invitations": invitations, "claimsKept": claims, "responses": responses});
        let told = self.world.expect("DELETE", &path, &Value::Null, 200)?;
        self.model.people[person].erased = true;
        ensure(told == wanted, || {
            format!("erasing told {told} and should tell {wanted}")
        })
    }

    fn close(&mut self, number: usize) -> Outcome<()> {
        if !self.model.rounds[number].open {
            let path = self.path(number, "close");
            let told = self.world.expect("POST", &path, &json!({}), 409)?;
            return ensure(told["code"] == "round_not_open", || told.to_string());
        }
        self.world
            .close(self.model.mode, &mut self.model.rounds[number])
    }
}

/// What reminding needs to know of a person.
struct Person {
    unsubscribed: bool,
    email: String,
}

impl Person {
    fn of(model: &Model, person: usize) -> Self {
        let person = &model.people[person];
        Self {
            unsubscribed: person.unsubscribed,
            email: person.email.clone(),
        }
    }
}
