//! A school with a round that is open, and the links of those who are asked.

use klankbord_tests::community::Community;
use klankbord_tests::{Caller, Stage};
use serde_json::{Value, json};

use crate::wire::{Answer, Wire};

/// A school, its round `r`, and how to answer.
pub(crate) struct School<'s> {
    pub(crate) stage: &'s Stage,
    community: Community<'s>,
    /// The tokens of everybody who is asked.
    pub(crate) tokens: Vec<String>,
    answers: Value,
}

/// How answers are sent. Can be handed to other threads.
#[derive(Clone)]
pub(crate) struct Pen {
    pub(crate) base_url: String,
    headers: Vec<String>,
    answers: Value,
}

impl<'s> School<'s> {
    /// A school that asks so many parents.
    pub(crate) fn asking(stage: &'s Stage, parents: usize) -> Self {
        let community = Community::found(stage);
        community.school("school-a");
        community.enrol("school-a", "parent", parents);
        community.round("r", "school-a", &["parent"]);
        let links = community.invite_by_app("r");
        let answers = community.agree("r", "parent", 4);
        assert_eq!(links.len(), parents);
        Self {
            stage,
            tokens: links.into_iter().map(|link| link.token).collect(),
            community,
            answers,
        }
    }

    pub(crate) fn pen(&self) -> Pen {
        Pen {
            base_url: self.stage.base_url().to_owned(),
            headers: vec![
                "content-type: application/json".to_owned(),
                format!("authorization: Bearer {}", self.community.program().token()),
            ],
            answers: self.answers.clone(),
        }
    }

    /// Whether somebody who has a link can read the form.
    pub(crate) fn form_can_be_read(&self) -> bool {
        let form = self
            .community
            .program()
            .get("/api/v1/rounds/r/forms/parent");
        form.status() == 200
    }

    /// Closes the round and expects so many ballots to be in it.
    #[track_caller]
    pub(crate) fn expect_ballots(&self, count: usize) {
        let round = self.community.close("r");
        let counts = &round["counts"];
        let issued = self.tokens.len();
        assert_eq!(
            *counts,
            json!({"issued": issued, "claimed": count, "ballots": count, "opened": count}),
            "acknowledged: {count}"
        );
    }
}

impl Pen {
    /// Sends the answers of one person and waits for what becomes of them.
    pub(crate) fn submit(&self, wire: &mut Wire, token: &str) -> std::io::Result<Answer> {
        self.send(wire, token)?;
        wire.answer()
    }

    /// Sends the answers of one person.
    pub(crate) fn send(&self, wire: &mut Wire, token: &str) -> std::io::Result<()> {
        let body = json!({"token": token, "answers": self.answers}).to_string();
        wire.send("POST /api/v1/responses", &self.headers, body.as_bytes())
    }

    /// Reads something on a connection of its own.
    #[track_caller]
    pub(crate) fn read_once(&self, path: &str) -> Answer {
        let mut wire = Wire::open(&self.base_url).expect("the server listens");
        let line = format!("GET {path}");
        wire.ask(&line, &self.headers, b"")
            .expect("the server answers")
    }

    /// Sends the answers of one person on a connection of its own.
    #[track_caller]
    pub(crate) fn submit_once(&self, token: &str) -> Answer {
        let mut wire = Wire::open(&self.base_url).expect("the server listens");
        self.submit(&mut wire, token).expect("the server answers")
    }
}
