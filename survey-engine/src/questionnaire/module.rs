//! Parts of a form: the modules a school may leave out, and the items that measure one thing.

use super::{Item, LocalizedText};

/// Items that are asked or left out together.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    pub(super) code: String,
    pub(super) title: LocalizedText,
    pub(super) description: Option<LocalizedText>,
    pub(super) default: bool,
    pub(super) items: Vec<Item>,
}

impl Module {
    /// Code, unique within its form.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let module = &form.modules()[0];
    /// assert_eq!(module.code(), "WEL");
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
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let module = &form.modules()[0];
    /// assert_eq!(module.title().resolve(&questionnaire.chain("en")), "Being here");
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
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let module = &form.modules()[0];
    /// // Nothing is said beyond the title.
    /// assert!(module.description().is_none());
    /// ```
    #[must_use]
    pub fn description(&self) -> Option<&LocalizedText> {
        self.description.as_ref()
    }

    /// Whether it is asked unless a school decides otherwise.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// let form = questionnaire.form("parent").expect("there is one for parents");
    /// let asked = |code| form.module(code).map(|module| module.default());
    /// // A school has to decide to ask about its curriculum.
    /// assert_eq!((asked("WEL"), asked("CUR")), (Some(true), Some(false)));
    /// ```
    #[must_use]
    pub fn default(&self) -> bool {
        self.default
    }

    /// Its items in order.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let module = &form.modules()[0];
    /// let ids: Vec<&str> = module.items().iter().map(|item| item.id()).collect();
    /// assert_eq!(ids, ["L1", "L2", "L3", "L4"]);
    /// ```
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }
}

/// The likert and rating items of one form that belong to one indicator; all have the same range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// Code of the indicator.
    pub indicator: String,
    /// Indexes of the items in the form, ascending.
    pub items: Vec<usize>,
    /// For each of `items`, whether a high answer speaks against the indicator.
    pub reversed: Vec<bool>,
    /// Lowest value an answer can have: 1 for likert items, 0 for ratings.
    pub lo: u8,
    /// Highest value an answer can have.
    pub hi: u8,
}
