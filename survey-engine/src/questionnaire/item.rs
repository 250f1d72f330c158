//! Items: one question each.

use super::{ChoiceOption, Condition, ItemKind, LocalizedText, MissingOption};

/// A question, as it stands in its form.
///
/// ```
/// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
/// # use school::*;
/// # let questionnaire = questionnaire();
/// let item = questionnaire.form("learner").and_then(|form| form.item("L3")).expect("the third item");
/// let english = questionnaire.chain("en");
/// assert_eq!(item.text().resolve(&english), "I often feel left out.");
/// // Five options, and a way out; who agrees has less of what the indicator is about.
/// let mut choices: Vec<&str> = item.options().iter().map(|option| option.label().resolve(&english)).collect();
/// choices.extend(item.missing().iter().map(|way_out| way_out.label().resolve(&english)));
/// assert_eq!((choices.len(), choices[5]), (6, "I don't know"));
/// assert_eq!((item.indicator(), item.reversed()), (Some("WEL.3"), true));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub(super) index: usize,
    pub(super) id: String,
    pub(super) kind: ItemKind,
    pub(super) text: LocalizedText,
    pub(super) help: Option<LocalizedText>,
    pub(super) indicator: Option<String>,
    pub(super) reversed: bool,
    pub(super) required: bool,
    pub(super) show_if: Option<Condition>,
    pub(super) missing: Vec<MissingOption>,
    /// Where options and missing came from, if from a named response set.
    pub(super) response_set: Option<String>,
}

impl Item {
    /// Place in its form, counting from 0 over all modules.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let left_out = form.item("L3").expect("the third item");
    /// assert_eq!(left_out.index(), 2);
    /// ```
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Identifier, unique within its form.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// assert_eq!(form.item_at(2).map(|item| item.id()), Some("L3"));
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What kind of answer it asks for.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let left_out = form.item("L3").expect("the third item");
    /// assert_eq!(left_out.kind().name(), "likert");
    /// ```
    #[must_use]
    pub fn kind(&self) -> &ItemKind {
        &self.kind
    }

    /// The question.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let left_out = form.item("L3").expect("the third item");
    /// assert_eq!(left_out.text().resolve(&questionnaire.chain("en")), "I often feel left out.");
    /// ```
    #[must_use]
    pub fn text(&self) -> &LocalizedText {
        &self.text
    }

    /// An explanation to go with the question.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let why = form.item("WHY").expect("the fifth item");
    /// let help = why.help().map(|text| text.resolve(&questionnaire.chain("en")));
    /// assert_eq!(help, Some("A few words will do."));
    /// ```
    #[must_use]
    pub fn help(&self) -> Option<&LocalizedText> {
        self.help.as_ref()
    }

    /// Code of the indicator it belongs to.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let of = |id| form.item(id).and_then(|item| item.indicator());
    /// assert_eq!((of("L3"), of("WHY")), (Some("WEL.3"), None));
    /// ```
    #[must_use]
    pub fn indicator(&self) -> Option<&str> {
        self.indicator.as_deref()
    }

    /// Whether a high answer speaks against the indicator.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let left_out = form.item("L3").expect("the third item");
    /// assert!(left_out.reversed());
    /// ```
    #[must_use]
    pub fn reversed(&self) -> bool {
        self.reversed
    }

    /// Whether it has to be answered when it is shown; a missing option counts as an answer.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let left_out = form.item("L3").expect("the third item");
    /// // It may be left blank.
    /// assert!(!left_out.required());
    /// ```
    #[must_use]
    pub fn required(&self) -> bool {
        self.required
    }

    /// When it is shown; always, if there is no condition.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// use survey_engine::questionnaire::{Condition, Quantity, Test};
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let condition = |id| form.item(id).and_then(|item| item.show_if());
    /// // Two or less on the first item.
    /// let test = Test::AtMost(Quantity::Number(2.0));
    /// assert_eq!(condition("WHY"), Some(&Condition::Item { index: 0, test }));
    /// assert_eq!(condition("L3"), None);
    /// ```
    #[must_use]
    pub fn show_if(&self) -> Option<&Condition> {
        self.show_if.as_ref()
    }

    /// The ways out that are offered beside an answer.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let left_out = form.item("L3").expect("the third item");
    /// let kinds: Vec<MissingKind> = left_out.missing().iter().map(|way| way.kind()).collect();
    /// assert_eq!(kinds, [MissingKind::DontKnow]);
    /// ```
    #[must_use]
    pub fn missing(&self) -> &[MissingOption] {
        &self.missing
    }

    /// Name of the response set its options were taken from.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let left_out = form.item("L3").expect("the third item");
    /// assert_eq!(left_out.response_set(), Some("agreement"));
    /// ```
    #[must_use]
    pub fn response_set(&self) -> Option<&str> {
        self.response_set.as_deref()
    }

    /// The options to choose from; empty for kinds without.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let options = |id| form.item(id).map(|item| item.options().len());
    /// assert_eq!((options("L3"), options("WHY")), (Some(5), Some(0)));
    /// ```
    #[must_use]
    pub fn options(&self) -> &[ChoiceOption] {
        self.kind.options()
    }

    /// Lowest and highest value of an item that can be part of a scale: (1, m) for a likert item of m
    /// options, (0, 10) for a rating, nothing for all others.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let range = |id| form.item(id).and_then(|item| item.value_range());
    /// assert_eq!((range("L3"), range("WHY")), (Some((1, 5)), None));
    /// ```
    #[must_use]
    pub fn value_range(&self) -> Option<(u8, u8)> {
        self.kind.value_range()
    }
}
