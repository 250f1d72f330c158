//! The smallest framework and questionnaire that can be published, for stories that want one of their own.

use serde_json::{Value, json};

/// A framework with one area and one indicator, `ONE.1`, that this group sees.
pub fn framework(id: &str, group: &str) -> Value {
    json!({
        "id": id, "version": "1.0.0", "title": {"en": "One thing"},
        "areas": [{"code": "ONE", "title": {"en": "One"}, "description": {"en": "One area."}}],
        "indicators": [{
            "code": "ONE.1", "area": "ONE", "title": {"en": "The one"}, "description": {"en": "One indicator."},
            "kind": "outcome", "groups": [group],
        }],
    })
}

/// A questionnaire of that framework with one form, named like its group, and one question, `Q1`.
pub fn questionnaire(id: &str, framework: &str, group: &str) -> Value {
    let option = |code: &str, label: &str| json!({"code": code, "label": {"en": label}});
    json!({
        "id": id, "version": "1.0.0", "framework": {"id": framework, "version": "1.0.0"},
        "title": {"en": "One question"}, "languages": ["en"],
        "responseSets": {"three": {"options": [
            option("no", "No"), option("partly", "Partly"), option("yes", "Yes"),
        ]}},
        "forms": [{
            "id": group, "group": group, "title": {"en": "For you"}, "introduction": {"en": "One question."},
            "modules": [{"code": "ONE", "title": {"en": "One"}, "default": true, "items": [{
                "id": "Q1", "type": "likert", "text": {"en": "It was good."}, "responseSet": "three", "indicator": "ONE.1",
            }]}],
        }],
    })
}
