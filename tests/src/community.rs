//! A learning community to play stories in: set up as an operator does, on the command line, and from then on through
//! the API as a school's own program does.

use std::time::Instant;

use serde_json::{Map, Value, json};

use crate::PATIENCE;
use crate::http::{ApiClient, Caller, OfficerSession, Request};
use crate::stage::Stage;

/// Everything that a program may be allowed.
const ALL_SCOPES: &str = "organisations:read organisations:write questionnaires:read questionnaires:write \
    rounds:read rounds:write people:write invitations:write responses:submit indicators:read";

/// A tenant with one learning community at its top, and a program that may do everything there.
#[derive(Debug)]
pub struct Community<'a> {
    stage: &'a Stage,
    program: ApiClient,
}

/// A person's link into a survey.
#[derive(Clone, Debug)]
pub struct Link {
    /// The person's address.
    pub email: String,
    /// The secret part of the link.
    pub token: String,
    /// The link.
    pub url: String,
}

impl<'a> Community<'a> {
    /// The code of the tenant and of the organisation at its top.
    pub const CODE: &'static str = "rivierenland";

    /// Founds the community: tenant, program, and nothing else.
    #[track_caller]
    pub fn found(stage: &'a Stage) -> Self {
        let cli = stage.cli();
        let tenant = [
            "tenant",
            "add",
            Self::CODE,
            "--name",
            "Rivierenland",
            "--level",
            "community",
        ];
        cli.run(&tenant).expect_success();
        let program = Self::client(stage, "school-app", Self::CODE, ALL_SCOPES);
        Self { stage, program }
    }

    /// The program that may do everything in the community.
    pub fn program(&self) -> &ApiClient {
        &self.program
    }

    /// Another program, for this organisation and what lies below it, with these scopes (separated by spaces).
    #[track_caller]
    pub fn another_program(&self, id: &str, organisation: &str, scopes: &str) -> ApiClient {
        Self::client(self.stage, id, organisation, scopes)
    }

    #[track_caller]
    fn client(stage: &Stage, id: &str, organisation: &str, scopes: &str) -> ApiClient {
        let add = [
            "client",
            "add",
            id,
            "--organisation",
            organisation,
            "--scopes",
            scopes,
            "--json",
        ];
        let made = stage.cli().run(&add).expect_success().json();
        let secret = made
            .get("clientSecret")
            .and_then(Value::as_str)
            .expect("the secret is printed");
        stage.api_client(id, secret, scopes)
    }

    /// An account of a person who reads (`officer`) or manages (`admin`) this organisation, signed in.
    #[track_caller]
    pub fn officer(&self, email: &str, organisation: &str, role: &str) -> OfficerSession {
        let password = self.account(email, organisation, role);
        self.stage.officer(email, &password)
    }

    /// An account of a person; gives the password.
    #[track_caller]
    pub fn account(&self, email: &str, organisation: &str, role: &str) -> String {
        let password = "correct horse battery staple";
        let add = [
            "user",
            "add",
            email,
            "--organisation",
            organisation,
            "--role",
            role,
        ];
        self.stage
            .cli()
            .run_with_input(&add, &format!("{password}\n"))
            .expect_success();
        password.to_owned()
    }

    /// Adds a school below the community.
    #[track_caller]
    pub fn school(&self, code: &str) {
        let name = format!("School {code}");
        let school = json!({"code": code, "name": name, "level": "school", "parent": Self::CODE});
        self.program
            .post_json("/api/v1/organisations", &school)
            .expect_status(201);
    }

    /// Enrols so many people of a group at a school: `parent1@school.example`, ...; gives their addresses.
    #[track_caller]
    pub fn enrol(&self, school: &str, group: &str, count: usize) -> Vec<String> {
        let people: Vec<String> = (1..=count)
            .map(|number| format!("{group}{number}@{school}.example"))
            .collect();
        let rows = people
            .iter()
            .map(|email| format!("{email},{group},{school}\n"));
        let table = format!("email,group,organisation\n{}", rows.collect::<String>());
        let path = format!("/api/v1/organisations/{school}/roster");
        self.program
            .send(Request::post(&path).bytes("text/csv", table))
            .expect_status(200);
        people
    }

    /// Enrols the people of a table, whose first line names the columns, at an organisation and below it.
    #[track_caller]
    pub fn enrol_table(&self, organisation: &str, table: &str) -> Value {
        let path = format!("/api/v1/organisations/{organisation}/roster");
        self.program
            .send(Request::post(&path).bytes("text/csv", table))
            .expect_status(200)
            .json()
    }

    /// Makes an anonymous round for these groups at an organisation, with the questionnaire that every tenant has, and
    /// opens it.
    #[track_caller]
    pub fn round(&self, code: &str, organisation: &str, groups: &[&str]) {
        let groups: Vec<Value> = groups.iter().map(|group| json!({"group": group})).collect();
        let round = json!({
            "code": code, "organisation": organisation, "mode": "anonymous", "groups": groups,
            "questionnaire": {"id": "school-self-review", "version": "1.0.0"},
            "title": {"en": format!("Round {code}"), "nl": format!("Ronde {code}")},
        });
        self.program
            .post_json("/api/v1/rounds", &round)
            .expect_status(201);
        self.program
            .post_json(&format!("/api/v1/rounds/{code}/open"), &json!({}))
            .expect_status(200);
    }

    /// Invites everyone by mail.
    #[track_caller]
    pub fn invite_by_mail(&self, round: &str) -> Value {
        self.invite(round, "mail")
    }

    /// Invites everyone and delivers the links itself, as a school's own program does.
    #[track_caller]
    pub fn invite_by_app(&self, round: &str) -> Vec<Link> {
        let invited = self.invite(round, "app");
        let text = |link: &Value, name: &str| {
            link.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let links = invited
            .get("links")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let read = |link: &Value| Link {
            email: text(link, "email"),
            token: text(link, "token"),
            url: text(link, "url"),
        };
        links.iter().map(read).collect()
    }

    #[track_caller]
    fn invite(&self, round: &str, delivery: &str) -> Value {
        let path = format!("/api/v1/rounds/{round}/invitations");
        self.program
            .post_json(&path, &json!({"delivery": delivery}))
            .expect_status(200)
            .json()
    }

    /// The items of a form as the API gives it, module by module.
    #[track_caller]
    pub fn items(&self, round: &str, form: &str) -> Vec<Value> {
        let view = self
            .program
            .get(&format!("/api/v1/rounds/{round}/forms/{form}"))
            .expect_status(200)
            .json();
        let list = |value: &Value, name: &str| {
            value
                .get(name)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        list(&view, "modules")
            .iter()
            .flat_map(|module| list(module, "items"))
            .collect()
    }

    /// Answers to every agreement question of a form, each with this value; other questions stay unanswered.
    #[track_caller]
    pub fn agree(&self, round: &str, form: &str, value: u8) -> Value {
        let likert = |item: &Value| item.get("type").is_some_and(|kind| kind == "likert");
        let items = self.items(round, form).into_iter().filter(likert);
        let answers: Map<String, Value> = items
            .filter_map(|item| Some((item.get("id")?.as_str()?.to_owned(), json!(value))))
            .collect();
        assert!(
            !answers.is_empty(),
            "the form {form} asks no agreement question"
        );
        Value::Object(answers)
    }

    /// Sends a person's answers through the API; 201 for the first time, 200 when they replace earlier ones.
    #[track_caller]
    pub fn submit(&self, token: &str, answers: &Value, status: u16) -> Value {
        let body = json!({"token": token, "answers": answers});
        self.program
            .post_json("/api/v1/responses", &body)
            .expect_status(status)
            .json()
    }

    /// Closes a round; gives the round with its counts.
    #[track_caller]
    pub fn close(&self, round: &str) -> Value {
        self.program
            .post_json(&format!("/api/v1/rounds/{round}/close"), &json!({}))
            .expect_status(200)
            .json()
    }

    /// How inviting and answering stand.
    #[track_caller]
    pub fn progress(&self, round: &str) -> Value {
        self.program
            .get(&format!("/api/v1/rounds/{round}/progress"))
            .expect_status(200)
            .json()
    }

    /// Waits until no mail of a round is on its way any more; gives the counts of mails.
    ///
    /// # Panics
    /// When that does not happen.
    #[track_caller]
    pub fn mails_settled(&self, round: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mails = self.progress(round)["mails"].take();
            if mails["waiting"] == 0 {
                return mails;
            }
            assert!(Instant::now() < deadline, "mail does not leave: {mails}");
            std::thread::yield_now();
        }
    }

    /// The indicators of an organisation in a round.
    #[track_caller]
    pub fn indicators(&self, organisation: &str, round: &str) -> Value {
        let path = format!("/api/v1/organisations/{organisation}/indicators?round={round}");
        self.program.get(&path).expect_status(200).json()
    }
}
