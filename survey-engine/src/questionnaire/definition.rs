//! Questionnaires: response sets and forms, bound to one version of a framework.

use std::collections::BTreeMap;

use serde::Serialize;

use super::finding::{Finding, Findings};
use super::read;
use super::{ChoiceOption, Form, Framework, Language, LanguageChain, LocalizedText, MissingOption};

/// A checked questionnaire.
#[derive(Debug, Clone, PartialEq)]
pub struct Questionnaire {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) framework: VersionRef,
    pub(super) title: LocalizedText,
    pub(super) languages: Vec<Language>,
    pub(super) fallback: BTreeMap<Language, Vec<Language>>,
    pub(super) response_sets: BTreeMap<String, ResponseSet>,
    pub(super) forms: Vec<Form>,
}

/// One version of a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct VersionRef {
    /// Identifier, the same in all versions.
    pub id: String,
    /// Version, `major.minor.patch`.
    pub version: String,
}

/// Options that several items share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResponseSet {
    pub(super) options: Vec<ChoiceOption>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) missing: Vec<MissingOption>,
}

impl ResponseSet {
    /// Options in order.
    #[must_use]
    pub fn options(&self) -> &[ChoiceOption] {
        &self.options
    }

    /// Ways out offered beside them.
    #[must_use]
    pub fn missing(&self) -> &[MissingOption] {
        &self.missing
    }
}

impl Questionnaire {
    /// Reads a questionnaire document against the framework it names.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(document: &str, framework: &Framework) -> Result<Self, Vec<Finding>> {
        let mut findings = Findings::default();
        let questionnaire = read::questionnaire(document, framework, &mut findings);
        findings.release(questionnaire)
    }

    /// Identifier, the same in all versions.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Version, `major.minor.patch`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The version of the framework whose indicators it measures.
    #[must_use]
    pub fn framework(&self) -> &VersionRef {
        &self.framework
    }

    /// Title.
    #[must_use]
    pub fn title(&self) -> &LocalizedText {
        &self.title
    }

    /// The languages every text is written in; the first is the end of every chain.
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// Named response sets.
    #[must_use]
    pub fn response_sets(&self) -> &BTreeMap<String, ResponseSet> {
        &self.response_sets
    }

    /// Forms in order.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// assert!(questionnaire.forms().iter().any(|form| form.group() == "parent"));
    /// ```
    #[must_use]
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// The form with this id.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// assert!(questionnaire.form("parent").is_some() && questionnaire.form("nobody").is_none());
    /// ```
    #[must_use]
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.id() == id)
    }

    /// The languages to try for a reader who asks for `requested`: that language, its shorter forms
    /// (`nl-BE`, then `nl`), the fallback list declared for it, and the questionnaire's first language.
    #[must_use]
    pub fn chain(&self, requested: &str) -> LanguageChain {
        LanguageChain::new(requested, &self.languages, &self.fallback)
    }
}
