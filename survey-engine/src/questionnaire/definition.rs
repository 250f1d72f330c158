//! Questionnaires: response sets and forms, bound to one version of a framework.

use std::collections::BTreeMap;

use serde::Serialize;

use super::finding::{Finding, Findings};
use super::read;
use super::{ChoiceOption, Form, Framework, Language, LanguageChain, LocalizedText, MissingOption};

/// A checked questionnaire.
///
/// ```
/// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
/// # use school::*;
/// use survey_engine::questionnaire::Framework;
/// # let questionnaire = questionnaire();
/// let asked: Vec<(&str, usize)> = questionnaire.forms().iter().map(|form| (form.group(), form.item_count())).collect();
/// assert_eq!(asked, [("learner", 4), ("staff", 4)]);
/// // Every indicator that a form names is one of the framework's.
/// let framework = Framework::parse(FRAMEWORK).expect("no findings");
/// let scales = questionnaire.forms().iter().flat_map(|form| form.scales());
/// assert!(scales.into_iter().all(|scale| framework.indicator(&scale.indicator).is_some()));
/// ```
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
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// let agreement = &questionnaire.response_sets()["agreement"];
    /// let codes: Vec<&str> = agreement.options().iter().map(|option| option.code()).collect();
    /// assert_eq!(codes, ["1", "2", "3", "4", "5"]);
    /// ```
    #[must_use]
    pub fn options(&self) -> &[ChoiceOption] {
        &self.options
    }

    /// Ways out offered beside them.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// let agreement = &questionnaire.response_sets()["agreement"];
    /// let kinds: Vec<MissingKind> = agreement.missing().iter().map(|way| way.kind()).collect();
    /// assert_eq!(kinds, [MissingKind::DontKnow]);
    /// ```
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
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let questionnaire = Questionnaire::parse(QUESTIONNAIRE, &framework).expect("no findings");
    /// assert_eq!(questionnaire.forms().len(), 2);
    /// // Every slip is found at once, each with its place.
    /// let slips = QUESTIONNAIRE.replacen("WEL.3", "WEL.9", 1).replacen("likert", "lickert", 1);
    /// let findings = Questionnaire::parse(&slips, &framework).expect_err("two slips");
    /// let places: Vec<&str> = findings.iter().map(|finding| finding.pointer.as_str()).collect();
    /// assert_eq!(places, ["/forms/0/modules/0/items/0/type", "/forms/0/modules/0/items/0/indicator"]);
    /// ```
    pub fn parse(document: &str, framework: &Framework) -> Result<Self, Vec<Finding>> {
        let mut findings = Findings::default();
        let questionnaire = read::questionnaire(document, framework, &mut findings);
        findings.release(questionnaire)
    }

    /// Identifier, the same in all versions.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// assert_eq!(questionnaire.id(), "belonging");
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Version, `major.minor.patch`.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// assert_eq!(questionnaire.version(), "1.0.0");
    /// ```
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The version of the framework whose indicators it measures.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// assert_eq!((questionnaire.framework().id.as_str(), questionnaire.framework().version.as_str()), ("book", "1.0.0"));
    /// ```
    #[must_use]
    pub fn framework(&self) -> &VersionRef {
        &self.framework
    }

    /// Title.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// let title = questionnaire.title();
    /// assert_eq!(title.resolve(&questionnaire.chain("en")), "How is it here?");
    /// ```
    #[must_use]
    pub fn title(&self) -> &LocalizedText {
        &self.title
    }

    /// The languages every text is written in; the first is the end of every chain.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// assert_eq!(questionnaire.languages()[0].as_str(), "en");
    /// ```
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// Named response sets.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// assert!(questionnaire.response_sets().keys().eq(["agreement"]));
    /// ```
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
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// // Written in English and Dutch, in this order.
    /// assert_eq!(questionnaire.chain("nl-BE").chosen().as_str(), "nl");
    /// assert_eq!(questionnaire.chain("fr").chosen().as_str(), "en");
    /// ```
    #[must_use]
    pub fn chain(&self, requested: &str) -> LanguageChain {
        LanguageChain::new(requested, &self.languages, &self.fallback)
    }
}
