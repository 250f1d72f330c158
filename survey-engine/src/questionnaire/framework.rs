//! Frameworks: the areas of quality and the indicators in them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::finding::{Finding, Findings};
use super::read;
use super::{Language, LanguageChain, LocalizedText};

/// A checked framework.
///
/// ```
/// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
/// # use school::*;
/// use survey_engine::questionnaire::Framework;
/// let framework = Framework::parse(FRAMEWORK).expect("no findings");
/// let english = framework.chain("en");
/// for indicator in framework.indicators() {
///     let area = framework.area(indicator.area()).expect("every indicator has one");
///     let line = format!("{}: {}", area.title().resolve(&english), indicator.title().resolve(&english));
///     assert_eq!(line, "Wellbeing: Belonging");
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) title: LocalizedText,
    pub(super) description: Option<LocalizedText>,
    pub(super) areas: Vec<Area>,
    pub(super) indicators: Vec<Indicator>,
}

impl Framework {
    /// Reads a framework document.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, defaults};
    /// assert!(Framework::parse(defaults::FRAMEWORK).is_ok());
    /// assert!(!Framework::parse("{}").unwrap_err().is_empty());
    /// ```
    pub fn parse(document: &str) -> Result<Self, Vec<Finding>> {
        let mut findings = Findings::default();
        let framework = read::framework(document, &mut findings);
        findings.release(framework)
    }

    /// Identifier, the same in all versions.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// assert_eq!(framework.id(), "book");
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
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// assert_eq!(framework.version(), "1.0.0");
    /// ```
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Title. Its languages are those of the whole framework.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// assert_eq!(framework.title().resolve(&framework.chain("en")), "A small framework");
    /// ```
    #[must_use]
    pub fn title(&self) -> &LocalizedText {
        &self.title
    }

    /// What the framework is about.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, defaults};
    /// let framework = Framework::parse(defaults::FRAMEWORK).expect("no findings");
    /// let description = framework.description().map(|text| text.resolve(&framework.chain("en")));
    /// assert!(description.is_some_and(|text| text.starts_with("Eight areas")));
    /// ```
    #[must_use]
    pub fn description(&self) -> Option<&LocalizedText> {
        self.description.as_ref()
    }

    /// Areas in order.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// assert_eq!(framework.areas().iter().map(|area| area.code()).collect::<Vec<_>>(), ["WEL"]);
    /// ```
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The area with this code.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// assert!(framework.area("WEL").is_some() && framework.area("PED").is_none());
    /// ```
    #[must_use]
    pub fn area(&self, code: &str) -> Option<&Area> {
        self.areas.iter().find(|area| area.code == code)
    }

    /// Indicators in order.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let codes: Vec<&str> = framework.indicators().iter().map(|indicator| indicator.code()).collect();
    /// assert_eq!(codes, ["WEL.3"]);
    /// ```
    #[must_use]
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    /// The indicator with this code.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// assert_eq!(framework.indicator("WEL.3").map(|indicator| indicator.area()), Some("WEL"));
    /// assert!(framework.indicator("WEL.9").is_none());
    /// ```
    #[must_use]
    pub fn indicator(&self, code: &str) -> Option<&Indicator> {
        self.indicators
            .iter()
            .find(|indicator| indicator.code == code)
    }

    /// The languages to try for a reader who asks for `requested`: that language, its shorter forms,
    /// and the first by tag of the framework's languages.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, defaults};
    /// let framework = Framework::parse(defaults::FRAMEWORK).expect("no findings");
    /// assert_eq!(framework.chain("nl-BE").chosen().as_str(), "nl");
    /// assert_eq!(framework.chain("fr").chosen().as_str(), "en");
    /// ```
    #[must_use]
    pub fn chain(&self, requested: &str) -> LanguageChain {
        let available: Vec<Language> = self.title.languages().cloned().collect();
        LanguageChain::new(requested, &available, &BTreeMap::new())
    }
}

/// An area of quality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Area {
    pub(super) code: String,
    pub(super) title: LocalizedText,
    pub(super) description: LocalizedText,
}

impl Area {
    /// Code, unique within its framework.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let area = &framework.areas()[0];
    /// assert_eq!(area.code(), "WEL");
    /// ```
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Title.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let area = &framework.areas()[0];
    /// assert_eq!(area.title().resolve(&framework.chain("en")), "Wellbeing");
    /// ```
    #[must_use]
    pub fn title(&self) -> &LocalizedText {
        &self.title
    }

    /// What it is about.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let area = &framework.areas()[0];
    /// assert_eq!(area.description().resolve(&framework.chain("en")), "How it is to be here.");
    /// ```
    #[must_use]
    pub fn description(&self) -> &LocalizedText {
        &self.description
    }
}

/// One thing of quality that can be measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Indicator {
    pub(super) code: String,
    pub(super) area: String,
    pub(super) title: LocalizedText,
    pub(super) description: LocalizedText,
    pub(super) kind: IndicatorKind,
    pub(super) groups: Vec<String>,
}

impl Indicator {
    /// Code, unique within its framework.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let belonging = &framework.indicators()[0];
    /// assert_eq!(belonging.code(), "WEL.3");
    /// ```
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Code of the area it belongs to.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let belonging = &framework.indicators()[0];
    /// assert_eq!(belonging.area(), "WEL");
    /// ```
    #[must_use]
    pub fn area(&self) -> &str {
        &self.area
    }

    /// Title.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let belonging = &framework.indicators()[0];
    /// assert_eq!(belonging.title().resolve(&framework.chain("en")), "Belonging");
    /// ```
    #[must_use]
    pub fn title(&self) -> &LocalizedText {
        &self.title
    }

    /// What it says about a school.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let belonging = &framework.indicators()[0];
    /// assert_eq!(belonging.description().resolve(&framework.chain("en")), "Everybody has a place here.");
    /// ```
    #[must_use]
    pub fn description(&self) -> &LocalizedText {
        &self.description
    }

    /// What it is an indicator of.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// use survey_engine::questionnaire::IndicatorKind;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let belonging = &framework.indicators()[0];
    /// assert_eq!(belonging.kind(), IndicatorKind::Outcome);
    /// ```
    #[must_use]
    pub fn kind(&self) -> IndicatorKind {
        self.kind
    }

    /// The groups that can see it, in order.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let belonging = &framework.indicators()[0];
    /// assert_eq!(belonging.groups(), ["learner", "staff"]);
    /// ```
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }
}

/// Whether an indicator speaks of what goes in, what is done, or what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// Means: people, places, rules.
    Input,
    /// What is done with them.
    Process,
    /// What comes of it.
    Outcome,
}

impl IndicatorKind {
    pub(super) const NAMES: [&'static str; 3] = ["input", "process", "outcome"];

    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "input" => Some(Self::Input),
            "process" => Some(Self::Process),
            "outcome" => Some(Self::Outcome),
            _ => None,
        }
    }
}
