//! Which modules of a form are asked.

use serde::Serialize;

use super::finding::{Finding, Findings, join};
use super::{Form, Item};

/// The codes of the modules to ask, in form order; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ModuleSelection(Vec<String>);

impl ModuleSelection {
    /// The modules that are asked unless a school decides otherwise.
    ///
    /// ```
    /// # use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// # let form = questionnaire.form("parent").unwrap();
    /// # use survey_engine::questionnaire::ModuleSelection;
    /// let selection = ModuleSelection::default_of(form);
    /// assert!(form.modules().iter().all(|module| selection.includes(module.code()) == module.default()));
    /// ```
    #[must_use]
    pub fn default_of(form: &Form) -> Self {
        let defaults = form.modules().iter().filter(|module| module.default());
        Self(defaults.map(|module| module.code().to_owned()).collect())
    }

    /// The modules with these codes, in any order.
    ///
    /// # Errors
    /// Every code that the form does not have or that is given twice (`unknown_module`,
    /// `duplicate_id`, pointing to `/modules/{place}`), and a selection of nothing (`too_few`).
    ///
    /// ```
    /// # use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// # let form = questionnaire.form("parent").unwrap();
    /// # use survey_engine::questionnaire::ModuleSelection;
    /// let first = form.modules()[0].code();
    /// assert_eq!(ModuleSelection::of(form, [first]).map(|selection| selection.codes().len()), Ok(1));
    /// assert!(ModuleSelection::of(form, ["nothing"]).is_err());
    /// ```
    pub fn of<S: AsRef<str>>(
        form: &Form,
        codes: impl IntoIterator<Item = S>,
    ) -> Result<Self, Vec<Finding>> {
        let mut findings = Findings::default();
        let mut chosen: Vec<String> = Vec::new();
        for (place, code) in codes.into_iter().enumerate() {
            let code = code.as_ref();
            let pointer = join("/modules", &place.to_string());
            if form.module(code).is_none() {
                let known: Vec<&str> = form.modules().iter().map(super::Module::code).collect();
                let detail = format!(
                    "Form `{}` has no module `{code}`; it has {}.",
                    form.id(),
                    known.join(", ")
                );
                findings.add(pointer, "unknown_module", detail);
            } else if chosen.iter().any(|earlier| earlier == code) {
                findings.add(
                    pointer,
                    "duplicate_id",
                    format!("Module `{code}` is given twice; name it once."),
                );
            } else {
                chosen.push(code.to_owned());
            }
        }
        if chosen.is_empty() {
            findings.add(
                "/modules",
                "too_few",
                "No module is chosen; choose at least one.",
            );
        }
        let in_order = form
            .modules()
            .iter()
            .filter(|module| chosen.iter().any(|code| code == module.code()));
        findings.release(Some(Self(
            in_order.map(|module| module.code().to_owned()).collect(),
        )))
    }

    /// The modules of which at least one item is among those asked.
    pub(crate) fn asked(form: &Form, asked: impl Fn(&Item) -> bool) -> Self {
        let chosen = form
            .modules()
            .iter()
            .filter(|module| module.items().iter().any(&asked));
        Self(chosen.map(|module| module.code().to_owned()).collect())
    }

    /// Codes of the chosen modules, in form order.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, ModuleSelection, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// let form = questionnaire.form("parent").expect("there is one for parents");
    /// let selection = ModuleSelection::of(form, ["WEL", "PED"]).expect("both are modules of it");
    /// assert_eq!(selection.codes(), ["PED", "WEL"]);
    /// ```
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.0
    }

    /// Whether the module with this code is asked.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let asked = ModuleSelection::default_of(form);
    /// assert!(asked.includes("WEL") && !asked.includes("PED"));
    /// ```
    #[must_use]
    pub fn includes(&self, code: &str) -> bool {
        self.0.iter().any(|chosen| chosen == code)
    }
}
