//! The framework and questionnaire that the program ships with.

use std::collections::BTreeSet;

use serde_json::Value;
use survey_engine::questionnaire::{Framework, ModuleSelection, Questionnaire, defaults, schema};

fn framework() -> Framework {
    Framework::parse(defaults::FRAMEWORK).unwrap()
}

fn questionnaire() -> Questionnaire {
    Questionnaire::parse(defaults::QUESTIONNAIRE, &framework()).unwrap()
}

#[test]
fn the_default_content_has_no_findings() {
    assert_eq!(Framework::parse(defaults::FRAMEWORK).err(), None);
    assert_eq!(
        Questionnaire::parse(defaults::QUESTIONNAIRE, &framework()).err(),
        None
    );
}

#[test]
fn all_four_groups_are_asked() {
    let questionnaire = questionnaire();
    let groups: BTreeSet<&str> = questionnaire
        .forms()
        .iter()
        .map(survey_engine::questionnaire::Form::group)
        .collect();
    assert_eq!(
        groups,
        BTreeSet::from(["employer", "learner", "parent", "staff"])
    );
}

#[test]
fn every_indicator_is_measured_for_each_group_that_can_see_it() {
    let questionnaire = questionnaire();
    for indicator in framework().indicators() {
        for group in indicator.groups() {
            let mut forms = questionnaire
                .forms()
                .iter()
                .filter(|form| form.group() == group);
            let measured = forms.any(|form| {
                form.scales()
                    .iter()
                    .any(|scale| scale.indicator == indicator.code())
            });
            assert!(measured, "{group} is not asked about {}", indicator.code());
        }
    }
}

#[test]
fn the_default_modules_are_short() {
    for form in questionnaire().forms() {
        let selection = ModuleSelection::default_of(form);
        let asked = form
            .modules()
            .iter()
            .filter(|module| selection.includes(module.code()));
        let items: usize = asked.map(|module| module.items().len()).sum();
        assert!(items <= 40, "{} asks {items} items", form.id());
        let minutes = form.estimated_seconds(&selection) / 60.0;
        let most = if form.group() == "employer" {
            5.0
        } else {
            10.0
        };
        assert!(minutes < most, "{} takes {minutes} minutes", form.id());
    }
}

#[test]
fn the_schemas_describe_every_property_and_refuse_all_others() {
    for (schema, id) in [
        (schema::FRAMEWORK, "urn:klankbord:schema:framework:1"),
        (
            schema::QUESTIONNAIRE,
            "urn:klankbord:schema:questionnaire:1",
        ),
    ] {
        let schema: Value = serde_json::from_str(schema).unwrap();
        assert_eq!(schema["$id"], id);
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert_described(&schema, id);
    }
}

fn assert_described(schema: &Value, place: &str) {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        assert_eq!(schema["additionalProperties"], false, "{place}");
        for (key, property) in properties {
            let place = format!("{place}/{key}");
            assert!(
                property["title"].is_string() && property["description"].is_string(),
                "{place}"
            );
        }
    }
    match schema {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(key, member)| assert_described(member, &format!("{place}/{key}")));
        }
        Value::Array(members) => members
            .iter()
            .for_each(|member| assert_described(member, place)),
        _ => {}
    }
}
