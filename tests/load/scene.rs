//! What the load is sent to: a school, its people, a form of forty items and a round of each kind.

use klankbord_tests::blind::{Device, random_code};
use klankbord_tests::{ApiClient, Caller as _, Community, Link, Request, Stage};
use serde_json::{Map, Value, json};

/// Items of the form.
pub(crate) const ITEMS: usize = 40;

/// The school.
const SCHOOL: &str = "de-linde";

/// The group that is asked.
const GROUP: &str = "parent";

/// The school with its form.
pub(crate) struct Scene<'a> {
    community: Community<'a>,
    program: ApiClient,
    sign_ins: usize,
    answers: Value,
}

impl<'a> Scene<'a> {
    /// Founds the school, enrols so many people and publishes the form.
    pub(crate) fn set(stage: &'a Stage, people: usize) -> Self {
        let community = Community::found(stage);
        community.school(SCHOOL);
        // As many as the largest body that a roster may come in.
        let rows: Vec<String> = (0..people)
            .map(|number| format!("p{number},{GROUP},{SCHOOL}\n"))
            .collect();
        for part in rows.chunks(50_000) {
            community.enrol_table(
                SCHOOL,
                &format!("reference,group,organisation\n{}", part.concat()),
            );
        }
        let form = forty(&community);
        community
            .program()
            .post_json("/api/v1/questionnaires", &form)
            .expect_status(201);
        let items = form["forms"][0]["modules"]
            .as_array()
            .expect("modules")
            .iter();
        let items = items.flat_map(|module| module["items"].as_array().expect("items"));
        let answers: Map<String, Value> = items
            .enumerate()
            .map(|(index, item)| {
                (
                    item["id"].as_str().expect("an id").to_owned(),
                    json!(index % 5 + 1),
                )
            })
            .collect();
        assert_eq!(answers.len(), ITEMS);
        Self {
            program: community.program().clone(),
            sign_ins: 0,
            community,
            answers: Value::Object(answers),
        }
    }

    /// Signs the load in once more: an access token lives for ten minutes, and a measurement may take longer.
    pub(crate) fn sign_in(&mut self) {
        self.sign_ins += 1;
        let id = format!("load-{}", self.sign_ins);
        let scopes = "rounds:read responses:submit";
        self.program = self.community.another_program(&id, SCHOOL, scopes);
    }

    /// Opens a round in a mode and gives everybody's link.
    pub(crate) fn round(&self, code: &str, mode: &str) -> Vec<Link> {
        let mut round = json!({
            "code": code, "organisation": SCHOOL, "mode": mode, "groups": [{"group": GROUP}],
            "questionnaire": {"id": "forty", "version": "1.0.0"}, "title": {"en": code, "nl": code},
        });
        if mode == "confidential" {
            round["promise"] = json!({
                "keeper": {"en": "the researcher", "nl": "de onderzoeker"},
                "purpose": {"en": "measuring twice", "nl": "twee keer meten"}, "until": "2099-01-01",
            });
        }
        let program = self.community.program();
        program
            .post_json("/api/v1/rounds", &round)
            .expect_status(201);
        program
            .post_json(&format!("/api/v1/rounds/{code}/open"), &json!({}))
            .expect_status(200);
        self.community.invite_by_app(code)
    }

    /// Sends the answers of the person behind a link.
    pub(crate) fn submission(&self, host: &str, link: &Link) -> Vec<u8> {
        let body = json!({"token": link.token, "answers": self.answers});
        let request = Request::post("/api/v1/responses").json(&body);
        self.program.sign(request).wire(host)
    }

    /// Claims blindly, one link after the other, and gives the answers that come with what was signed.
    pub(crate) fn blind(&self, host: &str, links: &[Link]) -> Vec<Vec<u8>> {
        let ballot = |link: &Link| {
            let device = Device::new(self.program.clone(), &link.token, &random_code());
            let body = json!({
                "credential": device.claim(201), "organisation": SCHOOL, "form": GROUP, "answers": self.answers,
            });
            Request::post("/api/v1/ballots").json(&body).wire(host)
        };
        links.iter().map(ballot).collect()
    }

    /// Has answers checked and not stored.
    pub(crate) fn validation(&self, host: &str, round: &str) -> Vec<u8> {
        let path = format!("/api/v1/rounds/{round}/forms/{GROUP}/validate");
        let request = Request::post(&path).json(&json!({"answers": self.answers}));
        self.program.sign(request).wire(host)
    }
}

/// A questionnaire of the parents' form that every tenant has, with exactly forty five-point items.
fn forty(community: &Community<'_>) -> Value {
    let path = "/api/v1/questionnaires/school-self-review/versions/1.0.0";
    let mut document = community.program().get(path).expect_status(200).json();
    document["id"] = json!("forty");
    let forms = document["forms"].as_array_mut().expect("forms");
    forms.retain(|form| form["id"] == GROUP);
    let modules = forms[0]["modules"].as_array_mut().expect("modules");
    modules.retain(|module| module["default"] == true);
    let mut left = ITEMS;
    for module in &mut *modules {
        let items = module["items"].as_array_mut().expect("items");
        items.retain(|item| item["responseSet"] == "agreement5" && item.get("showIf").is_none());
        items.truncate(left);
        left -= items.len();
    }
    modules.retain(|module| module["items"] != json!([]));
    let last = modules.last_mut().expect("a module");
    let items = last["items"].as_array_mut().expect("items");
    for number in 0..left {
        let mut more = items.last().expect("an item").clone();
        more["id"] = json!(format!("P.MORE{number}"));
        items.push(more);
    }
    document
}
