//! What can be chosen: options, and ways out of answering.

use serde::{Deserialize, Serialize};

use super::LocalizedText;

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChoiceOption {
    pub(super) code: String,
    pub(super) label: LocalizedText,
}

impl ChoiceOption {
    /// What an answer calls it; unique among the options of its item.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let highest = form.item_at(0).and_then(|item| item.options().last()).expect("five options");
    /// assert_eq!(highest.code(), "5");
    /// ```
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What the respondent reads.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let highest = form.item_at(0).and_then(|item| item.options().last()).expect("five options");
    /// assert_eq!(highest.label().resolve(&questionnaire.chain("en")), "Fully true");
    /// ```
    #[must_use]
    pub fn label(&self) -> &LocalizedText {
        &self.label
    }
}

/// A way out that an item offers instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingOption {
    pub(super) kind: MissingKind,
    pub(super) label: LocalizedText,
}

impl MissingOption {
    /// Why there is no answer.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let way_out = &form.items().next().expect("four items").1.missing()[0];
    /// assert_eq!(way_out.kind(), MissingKind::DontKnow);
    /// ```
    #[must_use]
    pub fn kind(&self) -> MissingKind {
        self.kind
    }

    /// What the respondent reads.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let way_out = &form.items().next().expect("four items").1.missing()[0];
    /// assert_eq!(way_out.label().resolve(&questionnaire.chain("en")), "I don't know");
    /// ```
    #[must_use]
    pub fn label(&self) -> &LocalizedText {
        &self.label
    }
}

/// Why a respondent gave no substantive answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingKind {
    /// "I don't know."
    DontKnow,
    /// "This does not apply to me."
    NotApplicable,
    /// "I would rather not say."
    PreferNotToSay,
}

impl MissingKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::DontKnow, Self::NotApplicable, Self::PreferNotToSay];

    /// The word for it in documents and answers, such as `dont_know`.
    ///
    /// ```
    /// use survey_engine::questionnaire::MissingKind;
    /// assert_eq!(MissingKind::ALL.map(MissingKind::name), ["dont_know", "not_applicable", "prefer_not_to_say"]);
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DontKnow => "dont_know",
            Self::NotApplicable => "not_applicable",
            Self::PreferNotToSay => "prefer_not_to_say",
        }
    }

    /// The kind with this name.
    ///
    /// ```
    /// use survey_engine::questionnaire::MissingKind;
    /// assert_eq!(MissingKind::from_name("dont_know"), Some(MissingKind::DontKnow));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
