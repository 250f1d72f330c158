//! A server that many sequences are played on, one after the other, each with a school and rounds of its own.

use std::cell::{Cell, RefCell};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use klankbord_tests::{ApiClient, Backend, Caller, Community, PATIENCE, Stage};
use serde_json::{Value, json};
use ureq::Agent;

use crate::model::{Model, forms};
use crate::play::Player;
use crate::step::{PEOPLE, Sequence};
use crate::store::Store;

/// Why a sequence failed.
pub(crate) type Outcome<T> = Result<T, String>;

/// The server, and what is needed to play on it.
pub(crate) struct World {
    pub(crate) stage: Stage,
    store: Store,
    program: RefCell<(ApiClient, Instant)>,
    agent: RefCell<Agent>,
    schools: Cell<usize>,
    /// Sequences whose mail is not settled yet.
    unsettled: RefCell<Vec<Model>>,
}

/// A token of the program is good for ten minutes; long before that it gets another.
const FRESH: Duration = Duration::from_mins(3);

const SCOPES: &str = "organisations:read organisations:write questionnaires:read questionnaires:write \
    rounds:read rounds:write people:write invitations:write responses:submit indicators:read";

impl World {
    pub(crate) fn start(backend: Backend) -> Self {
        // What a killed server was sending is taken over after a while that grows with this.
        let stage = Stage::on(backend)
            .env("KLANKBORD_MAIL_TIMEOUT_SECONDS", "1")
            .start();
        let program = {
            let community = Community::found(&stage);
            let program = community.program();
            program
                .post_json("/api/v1/frameworks", &framework())
                .expect_status(201);
            program
                .post_json("/api/v1/questionnaires", &questionnaire())
                .expect_status(201);
            community.another_program("simulation", Community::CODE, SCOPES)
        };
        Self {
            store: Store::of(&stage),
            program: RefCell::new((program, Instant::now())),
            agent: RefCell::new(agent()),
            schools: Cell::new(0),
            unsettled: RefCell::new(Vec::new()),
            stage,
        }
    }

    /// Plays one sequence to its end, or leaves the end for later where mail takes long.
    pub(crate) fn play(&self, sequence: &Sequence) -> Outcome<()> {
        self.refresh();
        let number = self.schools.get();
        self.schools.set(number + 1);
        let school = format!("s{number}");
        let unit =
            json!({"code": school, "name": school, "level": "school", "parent": Community::CODE});
        self.expect("POST", "/api/v1/organisations", &unit, 201)?;
        let emails: Vec<String> = (0..PEOPLE)
            .map(|person| format!("p{person}@{school}.example"))
            .collect();
        let table = emails.iter().enumerate().flat_map(|(person, email)| {
            forms(person)
                .iter()
                .map(move |group| format!("{email},{group},s{number}\n"))
        });
        let table = format!("email,group,organisation\n{}", table.collect::<String>());
        let path = format!("/api/v1/organisations/{school}/roster");
        let taken = self.send("POST", &path, Some(("text/csv", table)))?;
        ensure(taken.0 == 200, || format!("the roster: {taken:?}"))?;
        let mut player = Player {
            world: self,
            model: Model::new(sequence.mode, emails),
            school,
        };
        player.another()?;
        for (number, step) in (1..).zip(&sequence.steps) {
            player
                .step(step)
                .map_err(|why| format!("step {number}, {step:?}: {why}"))?;
        }
        let mut model = player.model;
        self.stage.smtp().open_doors();
        model.post_open = true;
        if model.unsettled {
            self.unsettled.borrow_mut().push(model);
            return Ok(());
        }
        self.finish(&mut model)
            .map_err(|why| format!("at the end: {why}"))
    }

    /// Plays the ends that had to wait.
    pub(crate) fn end(&self) -> Outcome<()> {
        self.refresh();
        for mut model in self.unsettled.take() {
            self.finish(&mut model).map_err(|why| {
                format!(
                    "at the end of a sequence with a crash while mail went out: {why}\n{model:#?}"
                )
            })?;
        }
        Ok(())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    fn refresh(&self) {
        let mut program = self.program.borrow_mut();
        if program.1.elapsed() < FRESH {
            return;
        }
        let fields = [
            "client",
            "add",
            &format!("again-{}", self.schools.get()),
            "--organisation",
            Community::CODE,
            "--scopes",
            SCOPES,
            "--json",
        ]
        .map(str::to_owned);
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        let made = self.stage.cli().run(&fields).expect_success().json();
        let secret = made["clientSecret"].as_str().expect("a secret");
        *program = (
            self.stage.api_client(fields[2], secret, SCOPES),
            Instant::now(),
        );
    }

    /// Kills the server and starts it again.
    pub(crate) fn crash(&self) {
        self.stage.server().kill();
        self.stage.server().start_again();
        *self.agent.borrow_mut() = agent();
    }

    /// A way to send one request from another thread, over a connection of its own.
    pub(crate) fn sender(&self) -> impl Fn(&str, &Value) -> Option<u16> + Send + use<> {
        let (base, token) = (self.stage.base_url().to_owned(), self.token());
        move |path, body| {
            let request = ureq::http::Request::post(format!("{base}{path}"))
                .header("Authorization", &token)
                .header("Content-Type", "application/json")
                .body(body.to_string())
                .expect("a request");
            agent()
                .run(request)
                .ok()
                .map(|reply| reply.status().as_u16())
        }
    }

    fn token(&self) -> String {
        format!("Bearer {}", self.program.borrow().0.token())
    }

    /// Asks the API, and wants this status.
    pub(crate) fn expect(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        status: u16,
    ) -> Outcome<Value> {
        let (told, answer) = self.ask(method, path, body)?;
        ensure(told == status, || {
            format!("{method} {path} was to answer {status} and answered {told}: {answer}")
        })?;
        Ok(answer)
    }

    /// Asks the API.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> Outcome<(u16, Value)> {
        let body = (!body.is_null()).then(|| ("application/json", body.to_string()));
        self.send(method, path, body)
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<(&str, String)>,
    ) -> Outcome<(u16, Value)> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.stage.base_url()))
            .header("Authorization", self.token());
        if let Some((media, _)) = &body {
            request = request.header("Content-Type", *media);
        }
        let request = request
            .body(body.map(|(_, body)| body).unwrap_or_default())
            .expect("a request");
        let mut reply = self
            .agent
            .borrow()
            .run(request)
            .map_err(|error| format!("{method} {path} got no answer: {error}"))?;
        let text = reply
            .body_mut()
            .read_to_string()
            .map_err(|error| format!("the answer to {method} {path} broke off: {error}"))?;
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok((reply.status().as_u16(), value))
    }
}

/// Looks again and again, with a little pause, until there is what is wanted.
pub(crate) fn eventually<T>(mut look: impl FnMut() -> Outcome<Result<T, String>>) -> Outcome<T> {
    let deadline = Instant::now() + PATIENCE;
    let (_keep, never) = mpsc::channel::<()>();
    loop {
        match look()? {
            Ok(found) => return Ok(found),
            Err(why) if Instant::now() > deadline => return Err(why),
            Err(_) => {
                let _later = never.recv_timeout(Duration::from_millis(15));
            }
        }
    }
}

/// An error where something does not hold.
pub(crate) fn ensure(holds: bool, why: impl FnOnce() -> String) -> Outcome<()> {
    if holds { Ok(()) } else { Err(why()) }
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(PATIENCE))
        .allow_non_standard_methods(true)
        .proxy(None)
        .build()
        .into()
}

fn framework() -> Value {
    json!({
        "id": "small", "version": "1.0.0", "title": {"en": "One thing"},
        "areas": [{"code": "ONE", "title": {"en": "One"}, "description": {"en": "One area."}}],
        "indicators": [{
            "code": "ONE.1", "area": "ONE", "title": {"en": "The one"}, "description": {"en": "One indicator."},
            "kind": "outcome", "groups": ["parent", "staff"],
        }],
    })
}

/// Two forms of three closed questions and an open one.
fn questionnaire() -> Value {
    let option = |code: &str| json!({"code": code, "label": {"en": code}});
    let options = ["one", "two", "three", "four", "five"].map(option);
    let form = |group: &str| {
        let closed = ["a", "b", "c"].map(|id| {
            json!({
                "id": format!("{group}.{id}"), "type": "likert", "text": {"en": format!("Was {id} good?")},
                "responseSet": "five", "indicator": "ONE.1",
            })
        });
        let open =
            json!({"id": format!("{group}.t"), "type": "short_text", "text": {"en": "What else?"}});
        let items: Vec<Value> = closed.into_iter().chain([open]).collect();
        json!({
            "id": group, "group": group, "title": {"en": "For you"}, "introduction": {"en": "Some questions."},
            "modules": [{"code": "ONE", "title": {"en": "One"}, "default": true, "items": items}],
        })
    };
    json!({
        "id": "numbers", "version": "1.0.0", "framework": {"id": "small", "version": "1.0.0"},
        "title": {"en": "Numbers"}, "languages": ["en"],
        "responseSets": {"five": {"options": options}},
        "forms": [form("parent"), form("staff")],
    })
}
