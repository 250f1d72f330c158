//! Stories of people who fill in a questionnaire.

mod course;
mod mending;

use serde_json::json;
use survey_engine::questionnaire::{Form, Framework, ModuleSelection, Questionnaire, defaults};

use super::{Complaint, Course, Paper, Posted, Step};
use crate::http::pages::view::{LanguageChoice, Page, SectionPage};

/// A form with every kind of question; `more` is asked only of those who find something `hard`.
fn questionnaire() -> Questionnaire {
    let t = |en: &str, nl: &str| json!({"en": en, "nl": nl});
    let ways_out = json!([{"kind": "dont_know", "label": t("Don't know", "Weet ik niet")}]);
    let options = json!([
        {"code": "reading", "label": t("Reading", "Lezen")},
        {"code": "writing", "label": t("Writing", "Schrijven")},
        {"code": "sums", "label": t("Sums", "Rekenen")},
    ]);
    let item = |id: &str, kind: &str, more: serde_json::Value| {
        let mut item = json!({"id": id, "type": kind, "text": t(&format!("Question {id}?"), &format!("Vraag {id}?"))});
        item.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        item
    };
    let document = json!({
        "id": "kinds", "version": "1.0.0", "framework": {"id": "inclusive-quality", "version": "1.0.0"},
        "title": t("Every kind", "Elke soort"), "languages": ["en", "nl"],
        "responseSets": {"steps": {"options": [
            {"code": "no", "label": t("No", "Nee")}, {"code": "so_so", "label": t("So so", "Zo zo")}, {"code": "yes", "label": t("Yes", "Ja")},
        ], "missing": ways_out}},
        "forms": [{"id": "parent", "group": "parent", "title": t("Parents", "Ouders"), "introduction": t("Hello.", "Hallo."), "modules": [
            {"code": "ONE", "title": t("School", "School"), "default": true, "items": [
                item("likes", "likert", json!({"responseSet": "steps", "required": true})),
                item("hard", "single_choice", json!({"options": options})),
                item("more", "long_text", json!({"maxLength": 20, "showIf": {"item": "hard", "answered": true}})),
            ]},
            {"code": "TWO", "title": t("Sums", "Sommen"), "default": true, "items": [
                item("only", "short_text", json!({"showIf": {"item": "hard", "in": ["sums"]}})),
            ]},
            {"code": "THREE", "title": t("You", "U"), "default": true, "items": [
                item("all", "multiple_choice", json!({"options": options, "maxChoices": 2, "missing": ways_out})),
                item("order", "ranking", json!({"options": options})),
                item("children", "number", json!({"minimum": 0, "maximum": 12, "decimals": 1, "missing": ways_out})),
                item("since", "date", json!({"earliest": "2015-01-01"})),
                item("mark", "rating", json!({"lowLabel": t("Bad", "Slecht")})),
            ]},
        ]}],
    });
    let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    Questionnaire::parse(&document.to_string(), &framework).unwrap()
}

/// Somebody at a part of the form who gives answers and presses a button.
struct Person {
    questionnaire: Questionnaire,
    language: &'static str,
}

impl Person {
    fn reading(language: &'static str) -> Self {
        Self {
            questionnaire: questionnaire(),
            language,
        }
    }

    fn form(&self) -> &Form {
        self.questionnaire.form("parent").unwrap()
    }

    fn paper(&self) -> Paper {
        Paper {
            page: Page::new(self.language),
            chain: self.questionnaire.chain(self.language),
            languages: LanguageChoice::among(&["en", "nl"], self.language),
            organisation: "De Wilgenhoek".to_owned(),
            anonymous: true,
            check: "/rounds/1/spring".to_owned(),
        }
    }

    fn presses<T>(
        &self,
        go: &str,
        section: usize,
        fields: &[(&str, &str)],
        then: impl FnOnce(&Course<'_>) -> T,
    ) -> T {
        let selection = ModuleSelection::default_of(self.form());
        let mut pairs = vec![
            ("token", "1-ABC"),
            ("assignment", "wilgenhoek:parent"),
            ("language", self.language),
            ("go", go),
        ];
        pairs.extend(fields);
        let section = section.to_string();
        pairs.push(("section", &section));
        let pairs = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        then(&Course::new(self.form(), &selection, Posted::read(pairs)))
    }

    fn steps(&self, go: &str, section: usize, fields: &[(&str, &str)]) -> Step {
        self.presses(go, section, fields, |course: &Course<'_>| course.step())
    }

    fn section(&self, section: usize, fields: &[(&str, &str)]) -> SectionPage {
        self.presses("next", section, fields, |course| {
            self.paper().section(course, section, true, 0)
        })
    }

    fn complaint(&self, item: &str, fields: &[(&str, &str)]) -> Option<Complaint> {
        self.presses("next", 2, fields, |course| course.complaint(item).cloned())
    }
}

fn shows(section: usize) -> Step {
    Step::Section {
        section,
        complain: false,
        added: 0,
    }
}
