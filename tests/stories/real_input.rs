//! Answers of real pupils through the public API, held against figures that an independent program computes from the file.
//!
//! The file is a published data set: 639 pupils in 30 classes, 13 items about teachers (T) and classmates (K), five
//! points, some worded the other way round. Where it is not on this machine its story says so; a synthetic twin of the
//! same shape is always there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use klankbord_tests::structure::{house, python};
use klankbord_tests::{ApiClient, Caller, Request, Stage, stories};
use serde_json::{Map, Value, json};

/// Scales by indicator code: items, and those of them that are worded the other way round.
const SCALES: [(&str, &[&str], &str); 2] = [
    ("WEL.1", &["T1", "T2", "T3", "T4", "T5", "T6", "T7"], "T7"),
    ("WEL.2", &["K1", "K2", "K3", "K4", "K5", "K6"], "K2,K5"),
];

/// Pupils of each class who are invited and do not answer.
const SILENT: usize = 2;

stories! {
    fn real_pupils_are_scored_as_an_independent_program_scores_them(stage: &Stage) {
        let file = house().join("../shared/reference/swmdk_raw.csv");
        if !file.exists() {
            println!("left out: the published data set is not on this machine");
            return;
        }
        follow(stage, &file);
    }

    fn synthetic_pupils_are_scored_as_an_independent_program_scores_them(stage: &Stage) {
        let made = Command::new(python())
            .arg(house().join("tests/tools/synthetic.py"))
            .arg("20261123")
            .output()
            .expect("Python starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let file = stage.folder().join("twin.csv");
        std::fs::write(&file, made.stdout).expect("the twin is written");
        follow(stage, &file);
    }
}

/// From the file to the indicators, and back to the file.
fn follow(stage: &Stage, file: &Path) {
    let pupils = Pupils::read(file);
    let client = set_up(stage, &pupils);
    let links = invite(&client, &pupils);
    answer(&client, &pupils, &links);
    client
        .post_json("/api/v1/rounds/wellbeing/close", &json!({}))
        .expect_status(200);

    let whole = indicators(&client, "school");
    assert_eq!(whole["participation"][0]["answered"], pupils.rows.len());
    for (code, items, reversed) in SCALES {
        let voice = voice(&whole, code);
        let silent = pupils.invited() - pupils.rows.len();
        let expected = independently(file, items, reversed, silent, false);
        same(&format!("school {code}"), &voice["figures"], &expected);
        assert_eq!(voice["invited"], pupils.invited());
        assert_eq!(voice["responses"], pupils.rows.len());
    }
    classes(&client, file, &pupils);
}

/// Every class either equals the independent figures or is withheld; the small ones are withheld, and not alone.
fn classes(client: &ApiClient, file: &Path, pupils: &Pupils) {
    let (mut small, mut shown) = (0, 0);
    for (code, items, reversed) in SCALES {
        let expected = independently(file, items, reversed, SILENT, true);
        for class in pupils.sizes().into_keys() {
            let document = indicators(client, &format!("class-{class}"));
            let voice = voice(&document, code);
            let n = expected[&class]["n"].as_u64().expect("a count");
            if n < 10 {
                small += 1;
                assert_eq!(
                    voice["figures"],
                    Value::Null,
                    "class {class} has {n} pupils and is shown"
                );
                assert_eq!(voice["withheld"]["reason"], "below_minimum", "{voice}");
                assert_eq!(voice["withheld"]["minimum"], 10);
                assert_eq!(
                    voice["responses"],
                    Value::Null,
                    "the number itself would tell"
                );
            } else if voice["figures"].is_null() {
                assert_eq!(voice["withheld"]["reason"], "complementary", "{voice}");
            } else {
                shown += 1;
                same(
                    &format!("class {class} {code}"),
                    &voice["figures"],
                    &expected[&class],
                );
            }
        }
    }
    assert!(shown > 20, "only {shown} classes are shown");
    println!("{shown} classes agree, {small} are below the minimum");
}

struct Pupils {
    items: Vec<String>,
    /// Class, and the answers as they stand in the file.
    rows: Vec<(String, Vec<String>)>,
}

impl Pupils {
    fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).expect("the file is text");
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
        let header: Vec<String> = lines.next().expect("a header").collect();
        let rows = lines
            .map(|mut cells| (cells.next().expect("a class"), cells.collect::<Vec<_>>()))
            .filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()))
            .collect();
        Self {
            items: header[1..].to_vec(),
            rows,
        }
    }

    fn sizes(&self) -> BTreeMap<String, usize> {
        let mut sizes = BTreeMap::new();
        for (class, _) in &self.rows {
            *sizes.entry(class.clone()).or_default() += 1;
        }
        sizes
    }

    fn invited(&self) -> usize {
        self.rows.len() + SILENT * self.sizes().len()
    }
}

/// A school with its classes, the questionnaire, the pupils, an open round.
fn set_up(stage: &Stage, pupils: &Pupils) -> ApiClient {
    let cli = stage.cli();
    cli.run(&[
        "tenant",
        "add",
        "school",
        "--name",
        "The school",
        "--level",
        "school",
        "--bare",
    ])
    .expect_success();
    let scopes = "organisations:read organisations:write questionnaires:read questionnaires:write people:write rounds:read rounds:write invitations:write responses:submit indicators:read";
    let made = cli
        .run(&[
            "client",
            "add",
            "app",
            "--organisation",
            "school",
            "--scopes",
            scopes,
            "--json",
        ])
        .expect_success()
        .json();
    let client = stage.api_client(
        "app",
        made["clientSecret"].as_str().expect("a secret"),
        scopes,
    );
    client
        .post_json("/api/v1/frameworks", &framework())
        .expect_status(201);
    client
        .post_json("/api/v1/questionnaires", &questionnaire(&pupils.items))
        .expect_status(201);
    let mut roster = "reference,group,organisation\n".to_owned();
    let mut in_class: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, (class, _)) in pupils.rows.iter().enumerate() {
        roster.extend(["row-", &row.to_string(), ",learner,class-", class, "\n"]);
        *in_class.entry(class).or_default() += 1;
    }
    for class in in_class.keys() {
        let unit = json!({"code": format!("class-{class}"), "name": format!("Class {class}"), "level": "unit", "parent": "school"});
        client
            .post_json("/api/v1/organisations", &unit)
            .expect_status(201);
        for silent in 0..SILENT {
            let silent = silent.to_string();
            roster.extend([
                "silent-",
                class,
                "-",
                &silent,
                ",learner,class-",
                class,
                "\n",
            ]);
        }
    }
    client
        .send(Request::post("/api/v1/organisations/school/roster").bytes("text/csv", roster))
        .expect_status(200);
    let round = json!({
        "code": "wellbeing", "organisation": "school", "mode": "anonymous", "title": {"en": "Well-being"},
        "questionnaire": {"id": "class-climate", "version": "1.0.0"},
    });
    client
        .post_json("/api/v1/rounds", &round)
        .expect_status(201);
    client
        .post_json("/api/v1/rounds/wellbeing/open", &json!({}))
        .expect_status(200);
    client
}

fn framework() -> Value {
    let indicator = |code: &str, about: &str| json!({"code": code, "area": "WEL", "title": {"en": about}, "description": {"en": format!("Well-being with {about}.")}, "kind": "outcome", "groups": ["learner"]});
    json!({
        "id": "wellbeing", "version": "1.0.0", "title": {"en": "Well-being"},
        "areas": [{"code": "WEL", "title": {"en": "Well-being"}, "description": {"en": "How pupils feel at school."}}],
        "indicators": [indicator("WEL.1", "teachers"), indicator("WEL.2", "classmates")],
    })
}

fn questionnaire(items: &[String]) -> Value {
    let option = |code: &str, label: &str| json!({"code": code, "label": {"en": label}});
    let items: Vec<Value> = items
        .iter()
        .map(|item| {
            let (indicator, _, reversed) = SCALES
                .iter()
                .find(|(_, members, _)| members.contains(&item.as_str()))
                .expect("every item belongs to a scale");
            json!({
                "id": item, "type": "likert", "text": {"en": format!("Statement {item}")}, "responseSet": "five",
                "indicator": indicator, "reversed": reversed.split(',').any(|one| one == item),
            })
        })
        .collect();
    json!({
        "id": "class-climate", "version": "1.0.0", "framework": {"id": "wellbeing", "version": "1.0.0"},
        "title": {"en": "Class climate"}, "languages": ["en"],
        "responseSets": {"five": {"options": [
            option("never", "Never"), option("seldom", "Seldom"), option("sometimes", "Sometimes"),
            option("often", "Often"), option("always", "Always"),
        ]}},
        "forms": [{
            "id": "learner", "group": "learner", "title": {"en": "For pupils"}, "introduction": {"en": "How is school for you?"},
            "modules": [{"code": "WEL", "title": {"en": "Your class"}, "default": true, "items": items}],
        }],
    })
}

/// Tokens by reference; an app delivers them itself.
fn invite(client: &ApiClient, pupils: &Pupils) -> BTreeMap<String, String> {
    let wanted = json!({"delivery": "app"});
    let invited = client
        .post_json("/api/v1/rounds/wellbeing/invitations", &wanted)
        .expect_status(200)
        .json();
    assert_eq!(invited["created"], pupils.invited());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    invited["links"]
        .as_array()
        .expect("links")
        .iter()
        .map(|link| (text(&link["reference"]), text(&link["token"])))
        .collect()
}

fn answer(client: &ApiClient, pupils: &Pupils, links: &BTreeMap<String, String>) {
    for (row, (_, cells)) in pupils.rows.iter().enumerate() {
        let answers: Map<String, Value> = pupils
            .items
            .iter()
            .zip(cells)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(item, cell)| (item.clone(), json!(cell.parse::<u8>().expect("a position"))))
            .collect();
        let body = json!({"token": links[&format!("row-{row}")], "answers": answers});
        client
            .post_json("/api/v1/responses", &body)
            .expect_status(201);
    }
}

fn indicators(client: &ApiClient, organisation: &str) -> Value {
    client
        .get(&format!(
            "/api/v1/organisations/{organisation}/indicators?round=wellbeing"
        ))
        .expect_status(200)
        .json()
}

fn voice<'a>(document: &'a Value, code: &str) -> &'a Value {
    let indicator = document["indicators"]
        .as_array()
        .expect("indicators")
        .iter()
        .find(|indicator| indicator["code"] == code)
        .unwrap_or_else(|| panic!("{code} is missing"));
    &indicator["voices"][0]
}

/// The figures of the whole file, or of each class by its name. `silent` people of each are invited and not in the file.
fn independently(
    file: &Path,
    items: &[&str],
    reversed: &str,
    silent: usize,
    by_class: bool,
) -> Value {
    let tool: PathBuf = house().join("tests/tools/indicators.py");
    let mut command = Command::new(python());
    command.arg(tool).arg(file).args([
        "--items",
        &items.join(","),
        "--reversed",
        reversed,
        "--silent",
        &silent.to_string(),
    ]);
    if by_class {
        command.args(["--by", "class_id"]);
    }
    let done = command.output().expect("Python starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    serde_json::from_slice(&done.stdout).expect("the tool prints JSON")
}

/// n, mean, interval and alpha agree to ten digits; where the one has no value the other has none.
#[track_caller]
fn same(what: &str, figures: &Value, expected: &Value) {
    assert_eq!(figures["n"], expected["n"], "{what}: n");
    for (name, got, wanted) in [
        ("mean", &figures["mean"], &expected["mean"]),
        (
            "lower end",
            &figures["meanInterval"]["lower"],
            &expected["interval"][0],
        ),
        (
            "upper end",
            &figures["meanInterval"]["upper"],
            &expected["interval"][1],
        ),
        ("alpha", &figures["alpha"]["value"], &expected["alpha"]),
    ] {
        match (got.as_f64(), wanted.as_f64()) {
            (Some(got), Some(wanted)) => assert!(
                (got - wanted).abs() <= 1e-9 * wanted.abs().max(1.0),
                "{what}: {name} is {got}, not {wanted}"
            ),
            // Below the minimum number of complete answers the engine keeps alpha to itself.
            (None, Some(_)) if name == "alpha" && what.starts_with("class") => {}
            (None, None) => {}
            _ => panic!("{what}: {name} is {got}, not {wanted}"),
        }
    }
}
