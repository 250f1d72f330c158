//! Forms: what one group is asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Item, ItemKind, Layout, LocalizedText, Module, ModuleSelection, Scale};

/// What one group of people is asked. Cheap to clone: its content is shared.
///
/// ```
/// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
/// # use school::*;
/// # let questionnaire = questionnaire();
/// let form = questionnaire.form("learner").expect("there is one for learners");
/// // What a page shows, from top to bottom.
/// let english = questionnaire.chain("en");
/// let mut page = vec![form.title().resolve(&english)];
/// for module in form.modules() {
///     page.push(module.title().resolve(&english));
///     page.extend(module.items().iter().map(|item| item.text().resolve(&english)));
/// }
/// assert_eq!(page[..4], ["For you", "Being here", "I like coming here.", "Others want me to join in."]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Form(Arc<Content>);

#[derive(Debug, PartialEq)]
struct Content {
    id: String,
    group: String,
    title: LocalizedText,
    introduction: LocalizedText,
    modules: Vec<Module>,
    /// Module and place in it of every item, in form order.
    places: Vec<(usize, usize)>,
    by_id: BTreeMap<String, usize>,
    layout: Layout,
}

/// The texts and names of a form, apart from its modules.
#[derive(Debug)]
pub(super) struct FormHead {
    pub(super) id: String,
    pub(super) group: String,
    pub(super) title: LocalizedText,
    pub(super) introduction: LocalizedText,
}

impl Form {
    /// Puts a form together and numbers its items.
    pub(super) fn new(head: FormHead, mut modules: Vec<Module>) -> Self {
        let mut places = Vec::new();
        let mut by_id = BTreeMap::new();
        for (at_module, module) in modules.iter_mut().enumerate() {
            for (at_item, item) in module.items.iter_mut().enumerate() {
                item.index = places.len();
                by_id.insert(item.id.clone(), item.index);
                places.push((at_module, at_item));
            }
        }
        let layout = Layout::of(modules.iter().flat_map(|module| &module.items));
        let FormHead {
            id,
            group,
            title,
            introduction,
        } = head;
        Self(Arc::new(Content {
            id,
            group,
            title,
            introduction,
            modules,
            places,
            by_id,
            layout,
        }))
    }

    /// Identifier, unique within its questionnaire.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// assert_eq!(form.id(), "learner");
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The group of people it is for, such as `parent`.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// // One group may have several forms.
    /// let easy = questionnaire.form("learner-easy").expect("a form in plain words");
    /// assert_eq!(easy.group(), "learner");
    /// ```
    #[must_use]
    pub fn group(&self) -> &str {
        &self.0.group
    }

    /// Title.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// assert_eq!(form.title().resolve(&questionnaire.chain("en")), "For you");
    /// ```
    #[must_use]
    pub fn title(&self) -> &LocalizedText {
        &self.0.title
    }

    /// What is read before the first question.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// assert_eq!(form.introduction().resolve(&questionnaire.chain("en")), "Four sentences about your school.");
    /// ```
    #[must_use]
    pub fn introduction(&self) -> &LocalizedText {
        &self.0.introduction
    }

    /// Its modules in order.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let codes: Vec<&str> = form.modules().iter().map(|module| module.code()).collect();
    /// assert_eq!(codes, ["WEL"]);
    /// ```
    #[must_use]
    pub fn modules(&self) -> &[Module] {
        &self.0.modules
    }

    /// The module with this code.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// assert_eq!(form.module("WEL").map(|module| module.items().len()), Some(4));
    /// assert!(form.module("PED").is_none());
    /// ```
    #[must_use]
    pub fn module(&self, code: &str) -> Option<&Module> {
        self.0.modules.iter().find(|module| module.code == code)
    }

    /// The module that holds the item at this index.
    ///
    /// ```
    /// # use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// # let form = questionnaire.form("parent").unwrap();
    /// assert_eq!(form.module_of(0).map(|module| module.code()), Some(form.modules()[0].code()));
    /// ```
    #[must_use]
    pub fn module_of(&self, index: usize) -> Option<&Module> {
        self.0
            .places
            .get(index)
            .and_then(|&(module, _)| self.0.modules.get(module))
    }

    /// All items in order, over all modules, each with its index.
    ///
    /// ```
    /// # use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// # let form = questionnaire.form("parent").unwrap();
    /// assert_eq!(form.items().count(), form.item_count());
    /// ```
    pub fn items(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.0
            .modules
            .iter()
            .flat_map(|module| &module.items)
            .map(|item| (item.index, item))
    }

    /// Number of items, over all modules.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// assert_eq!(form.item_count(), 4);
    /// ```
    #[must_use]
    pub fn item_count(&self) -> usize {
        self.0.places.len()
    }

    /// The item with this id.
    ///
    /// ```
    /// # use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// # let form = questionnaire.form("parent").unwrap();
    /// let first = &form.modules()[0].items()[0];
    /// assert_eq!(form.item(first.id()).map(|item| item.index()), Some(0));
    /// ```
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.item_at(*self.0.by_id.get(id)?)
    }

    /// The item at this index.
    ///
    /// ```
    /// # use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// # let form = questionnaire.form("parent").unwrap();
    /// assert_eq!(form.item_at(0).map(|item| item.index()), Some(0));
    /// ```
    #[must_use]
    pub fn item_at(&self, index: usize) -> Option<&Item> {
        let &(module, place) = self.0.places.get(index)?;
        self.0.modules.get(module)?.items.get(place)
    }

    /// Where each item's answer lies among the packed bytes.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// // A byte for each likert item.
    /// assert_eq!(form.layout().len(), 4);
    /// ```
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.0.layout
    }

    /// The scales: likert and rating items grouped by indicator, in order of first appearance.
    ///
    /// ```
    /// # use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// # let form = questionnaire.form("parent").unwrap();
    /// assert!(form.scales().iter().all(|scale| scale.items.len() == scale.reversed.len()));
    /// ```
    #[must_use]
    pub fn scales(&self) -> Vec<Scale> {
        let mut scales: Vec<Scale> = Vec::new();
        for (index, item) in self.items() {
            let (Some(indicator), Some((lo, hi))) = (item.indicator(), item.value_range()) else {
                continue;
            };
            match scales.iter_mut().find(|scale| scale.indicator == indicator) {
                Some(scale) => {
                    scale.items.push(index);
                    scale.reversed.push(item.reversed);
                }
                None => scales.push(Scale {
                    indicator: indicator.to_owned(),
                    items: vec![index],
                    reversed: vec![item.reversed],
                    lo,
                    hi,
                }),
            }
        }
        scales
    }

    /// Seconds a respondent is expected to need for the chosen modules, if every item is shown.
    ///
    /// The rule: 7.5 s for a likert item, rating or single choice, 10 s for a number or date, 15 s for
    /// a multiple choice, 5 s per option of a ranking, 20 s for a line of text, 45 s for a longer one.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// // Four likert items and a line of text.
    /// let asked = ModuleSelection::default_of(form);
    /// assert_eq!(form.estimated_seconds(&asked), 4.0 * 7.5 + 20.0);
    /// ```
    #[must_use]
    pub fn estimated_seconds(&self, selection: &ModuleSelection) -> f64 {
        let chosen = self
            .0
            .modules
            .iter()
            .filter(|module| selection.includes(&module.code));
        chosen
            .flat_map(|module| &module.items)
            .map(|item| seconds(item.kind()))
            .sum()
    }

    /// [`Form::estimated_seconds`] in minutes, rounded up: what a respondent is told.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// // Half a minute, rounded up.
    /// assert_eq!(form.estimated_minutes(&ModuleSelection::default_of(form)), 1);
    /// ```
    #[must_use]
    pub fn estimated_minutes(&self, selection: &ModuleSelection) -> u32 {
        let minutes = (self.estimated_seconds(selection) / 60.0).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a form has a few hundred items at most, and no item takes negative time"
        )]
        let whole = minutes as u32;
        whole
    }
}

fn seconds(kind: &ItemKind) -> f64 {
    match kind {
        ItemKind::Likert { .. } | ItemKind::Rating { .. } | ItemKind::SingleChoice { .. } => 7.5,
        ItemKind::Number { .. } | ItemKind::Date { .. } => 10.0,
        ItemKind::MultipleChoice { .. } => 15.0,
        ItemKind::Ranking { options } => 5.0 * options.len() as f64,
        ItemKind::ShortText { .. } => 20.0,
        ItemKind::LongText { .. } => 45.0,
    }
}
