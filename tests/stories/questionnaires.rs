//! Frameworks and questionnaires: checked as a whole, published for good.

use std::process::Command;

use klankbord_tests::structure::{house, python};
use klankbord_tests::{Caller, Community, Reply, Request, definition, stories};
use serde_json::{Value, json};

const FRAMEWORKS: &str = "/api/v1/frameworks";
const QUESTIONNAIRES: &str = "/api/v1/questionnaires";
const VALIDATE: &str = "/api/v1/questionnaires/validate";

/// Checks documents against a schema, and the schema against its own: SCHEMA DOCUMENT..., each a file.
const CHECK: &str = "
import json, sys
from jsonschema import Draft202012Validator
schema, *documents = [json.load(open(path)) for path in sys.argv[1:]]
assert schema['$schema'] == 'https://json-schema.org/draft/2020-12/schema', schema.get('$schema')
Draft202012Validator.check_schema(schema)
for document in documents:
    print(sum(1 for _ in Draft202012Validator(schema).iter_errors(document)))
";

stories! {
    fn a_school_publishes_a_framework_and_a_questionnaire(stage: &Stage) {
        let community = Community::found(stage);
        let program = community.program();
        let framework = definition::framework("wellbeing", "learner");
        let published = program.post_json(FRAMEWORKS, &framework);
        let location = published.expect_status(201).header("Location").expect("a Location").to_owned();
        assert_eq!(location, "/api/v1/frameworks/wellbeing/versions/1.0.0");
        assert_eq!(program.get(&location).expect_status(200).json()["indicators"], framework["indicators"]);

        let questionnaire = definition::questionnaire("climate", "wellbeing", "learner");
        let published = program.post_json(QUESTIONNAIRES, &questionnaire);
        let view = published.expect_status(201).json();
        assert_eq!(view["framework"], json!({"id": "wellbeing", "version": "1.0.0"}));
        let location = published.header("Location").expect("a Location").to_owned();
        let stored = program.get(&location).expect_status(200).json();
        assert_eq!((&stored["title"], &stored["responseSets"]), (&questionnaire["title"], &questionnaire["responseSets"]));
        // What is given out can be taken in elsewhere.
        program.post_json(VALIDATE, &stored).expect_status(200);

        let mut listed = names(&program.get(QUESTIONNAIRES).json());
        listed.sort();
        assert_eq!(listed, ["climate 1.0.0", "school-self-review 1.0.0"]);
    }

    fn what_is_published_never_changes(stage: &Stage) {
        let community = Community::found(stage);
        let program = community.program();
        let mut framework = definition::framework("wellbeing", "learner");
        let mut questionnaire = definition::questionnaire("climate", "wellbeing", "learner");
        program.post_json(FRAMEWORKS, &framework).expect_status(201);
        program.post_json(QUESTIONNAIRES, &questionnaire).expect_status(201);
        let path = "/api/v1/questionnaires/climate/versions/1.0.0";
        let before = program.get(path).text();
        for (list, document) in [(FRAMEWORKS, &mut framework), (QUESTIONNAIRES, &mut questionnaire)] {
            document["title"]["en"] = json!("Something else");
            let problem = program.post_json(list, document).expect_problem(409, "already_exists");
            assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("1.0.0")), "{problem}");
            document["version"] = json!("1.0.1");
            program.post_json(list, document).expect_status(201);
        }
        assert_eq!(program.get(path).text(), before);
        for method in ["PUT", "PATCH", "DELETE"] {
            let reply = program.send(Request::new(method, path).json(&questionnaire));
            assert!(matches!(reply.status(), 404 | 405), "{method}: {}", reply.text());
        }
        assert_eq!(program.get(path).text(), before);
    }

    fn a_document_with_many_faults_is_told_all_of_them(stage: &Stage) {
        let community = Community::found(stage);
        let program = community.program();
        for path in [QUESTIONNAIRES, VALIDATE] {
            let problem = program.post_json(path, &faulty()).expect_problem(422, "invalid");
            let mut found = errors(&problem);
            found.sort();
            assert_eq!(
                found,
                [
                    "/colour unknown_key",
                    "/forms/0/modules/0/items/0/indicator unknown_indicator",
                    "/forms/0/modules/0/items/0/responseSet unknown_response_set",
                    "/forms/0/modules/0/items/1 bounds_crossed",
                    "/forms/0/modules/0/items/1/id duplicate_id",
                    "/forms/0/modules/0/items/1/showIf/item unknown_item",
                    "/forms/0/modules/0/items/2/type unknown_type",
                    "/id bad_id",
                    "/responseSets/five/options/1/code duplicate_id",
                    "/title missing_translation",
                    "/version bad_version",
                ]
            );
            for error in problem["errors"].as_array().expect("errors") {
                assert!(error["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{error}");
            }
        }
        let framework = json!({"id": "F", "version": "1.0", "title": {}, "areas": [], "indicators": [], "extra": 1});
        let problem = program.post_json(FRAMEWORKS, &framework).expect_problem(422, "invalid");
        assert!(errors(&problem).len() >= 5, "{problem}");
        assert_eq!(names(&program.get(QUESTIONNAIRES).json()), ["school-self-review 1.0.0"]);
        assert_eq!(names(&program.get(FRAMEWORKS).json()), ["inclusive-quality 1.0.0"]);
    }

    fn a_questionnaire_of_an_unknown_framework_is_refused(stage: &Stage) {
        let community = Community::found(stage);
        let orphan = definition::questionnaire("climate", "nowhere", "learner");
        for path in [QUESTIONNAIRES, VALIDATE] {
            let reply = community.program().post_json(path, &orphan);
            reply.expect_error_at(422, "invalid", "/framework", "unknown_framework");
        }
        let mut nameless = orphan;
        nameless.as_object_mut().expect("an object").remove("framework");
        let reply = community.program().post_json(QUESTIONNAIRES, &nameless);
        reply.expect_error_at(422, "invalid", "", "missing_key");
        community.program().get("/api/v1/questionnaires/climate/versions/1.0.0").expect_problem(404, "not_found");
    }

    fn checking_stores_nothing(stage: &Stage) {
        let community = Community::found(stage);
        let program = community.program();
        program.post_json(FRAMEWORKS, &definition::framework("wellbeing", "learner")).expect_status(201);
        let questionnaire = definition::questionnaire("climate", "wellbeing", "learner");
        for _ in 0..2 {
            let told = program.post_json(VALIDATE, &questionnaire).expect_status(200).json();
            assert_eq!(told["questionnaire"], json!({"id": "climate", "version": "1.0.0"}));
            let form = &told["forms"][0];
            assert_eq!((&form["group"], &form["items"], &form["defaultItems"]), (&json!("learner"), &json!(1), &json!(1)));
        }
        assert_eq!(names(&program.get(QUESTIONNAIRES).json()), ["school-self-review 1.0.0"]);
        program.post_json(QUESTIONNAIRES, &questionnaire).expect_status(201);
    }

    fn the_schemas_hold_for_what_is_published(stage: &Stage) {
        let community = Community::found(stage);
        let served = |path: &str| community.program().get(path).expect_status(200).json();
        for (kind, path, own, shipped) in [
            ("framework", "/api/v1/frameworks/inclusive-quality/versions/1.0.0", definition::framework("one", "learner"), "framework"),
            ("questionnaire", "/api/v1/questionnaires/school-self-review/versions/1.0.0", definition::questionnaire("one", "one", "learner"), "questionnaire"),
        ] {
            let schema = community.program().get(&format!("/api/v1/schemas/{kind}"));
            assert_eq!(schema.expect_status(200).media_type(), "application/schema+json");
            let shipped = std::fs::read(house().join(format!("survey-engine/definitions/{shipped}.json"))).expect("it is shipped");
            let shipped: Value = serde_json::from_slice(&shipped).expect("JSON");
            let mut broken = own.clone();
            broken["colour"] = json!(1);
            let documents = [&schema.json(), &shipped, &served(path), &own, &broken];
            let counts = check(stage, &documents);
            assert_eq!(counts[..3], ["0", "0", "0"], "{kind}");
            assert_ne!(counts[3], "0", "the schema of a {kind} refuses nothing");
        }
        community.program().get("/api/v1/schemas/round").expect_problem(404, "not_found");
    }

    fn documents_that_attack_are_refused_and_the_server_goes_on(stage: &Stage) {
        let community = Community::found(stage);
        let bomb = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
        let within = |open: &str, close: &str| format!("{{\"id\": {}}}", bomb(open, close));
        let send = |path: &str, body: Vec<u8>| community.program().send(Request::post(path).bytes("application/json", body));
        for path in [FRAMEWORKS, QUESTIONNAIRES, VALIDATE, "/api/v1/organisations", "/api/v1/rounds", "/api/v1/responses"] {
            for body in [bomb("[", "]"), bomb("{\"a\":", "}"), within("[", "]"), "[".repeat(100_000), within("{\"title\":", "}")] {
                refused(&send(path, body.into_bytes()));
            }
            for body in ["", "null", "[]", "\"text\"", "{\"id\":\"a\",\"id\":\"b\"}", "{", "\u{0}", "1e999"] {
                refused(&send(path, body.as_bytes().to_vec()));
            }
            refused(&send(path, b"{\"id\": \"\xff\xfe\"}".to_vec()));
        }
        let huge = |length: usize| vec![b' '; length];
        for (path, length) in [(FRAMEWORKS, 16 << 20), (QUESTIONNAIRES, 16 << 20), (VALIDATE, 16 << 20), ("/api/v1/organisations", 256 << 10), ("/api/v1/rounds", 256 << 10)] {
            send(path, huge(length + 1)).expect_problem(413, "too_large");
        }
        stage.anonymous().get("/health/ready").expect_status(200);
    }
}

/// Nearly everything that can be wrong with a questionnaire, once.
fn faulty() -> Value {
    let both = |text: &str| json!({"en": text, "nl": text});
    json!({
        "id": "Bad Id", "version": "1", "framework": {"id": "inclusive-quality", "version": "1.0.0"},
        "title": {"nl": "Vragen"}, "languages": ["en", "nl"], "colour": 1,
        "responseSets": {"five": {"options": [
            {"code": "a", "label": both("A")}, {"code": "a", "label": both("B")},
        ]}},
        "forms": [{
            "id": "parent", "group": "parent", "title": both("P"), "introduction": both("P"),
            "modules": [{"code": "PED", "title": both("P"), "default": true, "items": [
                {"id": "A", "type": "likert", "text": both("A"), "responseSet": "six", "indicator": "NO.1"},
                {"id": "A", "type": "number", "text": both("B"), "minimum": 5, "maximum": 1, "showIf": {"item": "Z", "answered": true}},
                {"id": "C", "type": "slider", "text": both("C")},
            ]}],
        }],
    })
}

/// A clean refusal: a problem document with a status of the client's own doing.
#[track_caller]
fn refused(reply: &Reply) {
    assert!(
        matches!(reply.status(), 400 | 413 | 422),
        "{}",
        reply.text()
    );
    assert_eq!(reply.media_type(), "application/problem+json");
    assert!(
        reply.json()["detail"]
            .as_str()
            .is_some_and(|detail| detail.len() < 2000),
        "{}",
        reply.text()
    );
}

/// Pointer and code of each error.
fn errors(problem: &Value) -> Vec<String> {
    let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    let errors = problem["errors"].as_array().expect("errors");
    errors
        .iter()
        .map(|error| format!("{} {}", text(error, "pointer"), text(error, "code")))
        .collect()
}

/// Identifier and version of everything in a list.
fn names(list: &Value) -> Vec<String> {
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let data = list["data"].as_array().expect("a list");
    data.iter()
        .map(|one| format!("{} {}", text(one, "id"), text(one, "version")))
        .collect()
}

/// How many errors an independent validator finds in each document; the first one is the schema.
fn check(stage: &klankbord_tests::Stage, documents: &[&Value]) -> Vec<String> {
    let mut command = Command::new(python());
    command.args(["-c", CHECK]);
    for (index, document) in documents.iter().enumerate() {
        let file = stage.folder().join(format!("{index}.json"));
        std::fs::write(&file, document.to_string()).expect("the document is written");
        command.arg(file);
    }
    let done = command.output().expect("Python starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8_lossy(&done.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}
