//! Answers that have been checked.

use std::collections::BTreeMap;

use super::packed::{pack, unpack};
use super::reading::Reading;
use super::{Answer, AnswerProblem, PackedCode, RawAnswer, RawAnswers, StoredAnswersError};
use crate::questionnaire::{Form, Item, ModuleSelection};

/// Answers that fit their form: a value of this type exists only if the check found no problem.
///
/// ```
/// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
/// # use school::*;
/// use survey_engine::answers::ValidAnswers;
/// use survey_engine::questionnaire::ModuleSelection;
/// # let questionnaire = questionnaire();
/// let form = questionnaire.form("learner").expect("there is one for learners");
/// let asked = ModuleSelection::default_of(form);
/// let sent = serde_json::from_str(r#"{"L1": 4, "L2": 5, "L4": {"missing": "dont_know"}}"#)?;
/// let answers = ValidAnswers::check(form, &asked, &sent).expect("no problems");
/// // Two answers, a blank, and a way out: a byte each.
/// assert_eq!((answers.answered_count(), answers.packed()), (2, [4, 5, 0, 255].as_slice()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ValidAnswers {
    form: Form,
    packed: Vec<u8>,
    texts: BTreeMap<String, String>,
}

impl ValidAnswers {
    /// Holds raw answers against the chosen modules of a form.
    ///
    /// # Errors
    /// Every problem at once, one for an item: first in form order, then the items the form lacks. An
    /// item whose condition hangs on a refused answer is not said to be missing or too many.
    ///
    /// ```
    /// # use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// # let form = questionnaire.form("parent").unwrap();
    /// # use survey_engine::answers::{RawAnswers, ValidAnswers};
    /// # use survey_engine::questionnaire::ModuleSelection;
    /// # let selection = ModuleSelection::default_of(form);
    /// // A form may be handed in empty, unless a question is required.
    /// assert!(ValidAnswers::check(form, &selection, &RawAnswers::new()).is_ok());
    /// ```
    pub fn check(
        form: &Form,
        selection: &ModuleSelection,
        raw: &RawAnswers,
    ) -> Result<Self, Vec<AnswerProblem>> {
        let reading = Reading::of(form, raw);
        let all_known = reading.known == raw.len();
        let (answers, problems) = reading.settle(selection);
        let unknown = raw
            .iter()
            .filter(|(id, _)| !all_known && form.item(id).is_none());
        let problems: Vec<AnswerProblem> = problems
            .into_iter()
            .chain(unknown.map(|(id, _)| AnswerProblem::unknown_item(id, form)))
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let packed = pack(form, &answers);
        let texts = form
            .items()
            .zip(answers)
            .filter_map(|((_, item), answer)| match answer {
                Answer::Text(text) => Some((item.id().to_owned(), text)),
                _ => None,
            });
        Ok(Self {
            form: form.clone(),
            packed,
            texts: texts.collect(),
        })
    }

    /// Reads back what [`packed`](Self::packed) and [`texts`](Self::texts) gave. The modules that were
    /// chosen are those with an item that was asked; then the same rules hold as in
    /// [`check`](Self::check).
    ///
    /// # Errors
    /// If these bytes and texts cannot have come from a check against this form.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let answers = answers(form, "45-?");
    /// let read = ValidAnswers::from_stored(form, answers.packed().to_vec(), answers.texts().clone())?;
    /// assert_eq!(read, answers);
    /// // Nobody can have chosen the sixth of five options.
    /// assert!(ValidAnswers::from_stored(form, vec![6, 5, 0, 255], answers.texts().clone()).is_err());
    /// # Ok::<(), survey_engine::answers::StoredAnswersError>(())
    /// ```
    pub fn from_stored(
        form: &Form,
        packed: Vec<u8>,
        texts: BTreeMap<String, String>,
    ) -> Result<Self, StoredAnswersError> {
        let (expected, found) = (form.layout().len(), packed.len());
        if expected != found {
            return Err(StoredAnswersError::Length { expected, found });
        }
        let stored = Self {
            form: form.clone(),
            packed,
            texts,
        };
        let mut raw = RawAnswers::new();
        for (_, item) in form.items() {
            let answer = stored.raw(item).ok_or_else(|| StoredAnswersError::Item {
                item: item.id().to_owned(),
                reason: "its bytes stand for no answer".to_owned(),
            })?;
            raw.insert(item.id(), answer);
        }
        let asked = |item: &Item| stored.code(item.index()) != PackedCode::NotShown;
        let checked = Self::check(form, &ModuleSelection::asked(form, asked), &raw)
            .map_err(|problems| StoredAnswersError::refused(&problems))?;
        match checked.first_difference(&stored) {
            Some(item) => {
                let reason = "it is not stored as the check would have stored it".to_owned();
                Err(StoredAnswersError::Item { item, reason })
            }
            None => Ok(checked),
        }
    }

    /// Id of the first item whose bytes or text differ.
    fn first_difference(&self, other: &Self) -> Option<String> {
        let differs = |item: &&Item| {
            self.slot(item.index()) != other.slot(item.index())
                || self.texts.get(item.id()) != other.texts.get(item.id())
        };
        let item = self
            .form
            .items()
            .map(|(_, item)| item)
            .find(differs)
            .map(|item| item.id().to_owned());
        item.or_else(|| {
            other
                .texts
                .keys()
                .find(|id| !self.texts.contains_key(*id))
                .cloned()
        })
    }

    fn slot(&self, index: usize) -> &[u8] {
        let slot = self.form.layout().slot(index);
        slot.and_then(|slot| self.packed.get(slot.offset..slot.offset + slot.width))
            .unwrap_or_default()
    }

    fn raw(&self, item: &Item) -> Option<RawAnswer> {
        unpack(
            item,
            self.slot(item.index()),
            self.texts.get(item.id()).map(String::as_str),
        )
    }

    /// The form they answer.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let answers = answers(form, "45-?");
    /// assert_eq!(answers.form().id(), "learner");
    /// ```
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// All answers but the texts, as [`Layout`](crate::questionnaire::Layout) says.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let answers = answers(form, "45-?");
    /// // The third item was left blank, the fourth is not known.
    /// assert_eq!(answers.packed(), [4, 5, 0, 255]);
    /// ```
    #[must_use]
    pub fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// The texts by item id.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// # let asked = ModuleSelection::default_of(form);
    /// let raw = serde_json::from_str(r#"{"L1": 2, "WHY": "  The noise. "}"#)?;
    /// let answers = ValidAnswers::check(form, &asked, &raw).expect("no problems");
    /// assert_eq!(answers.texts()["WHY"], "The noise.");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    /// What became of the item at this index; `NotShown` beyond the last item.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// use survey_engine::answers::PackedCode;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let answers = answers(form, "45-?");
    /// assert_eq!(answers.code(1), PackedCode::Value(5));
    /// assert_eq!(answers.code(2), PackedCode::Unanswered);
    /// assert_eq!(answers.code(99), PackedCode::NotShown);
    /// ```
    #[must_use]
    pub fn code(&self, index: usize) -> PackedCode {
        let status = self.slot(index).first().copied();
        status
            .and_then(PackedCode::from_byte)
            .unwrap_or(PackedCode::NotShown)
    }

    /// Number of items with a substantive answer.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let answers = answers(form, "45-?");
    /// assert_eq!(answers.answered_count(), 2);
    /// ```
    #[must_use]
    pub fn answered_count(&self) -> usize {
        let answered = |index: &usize| matches!(self.code(*index), PackedCode::Value(_));
        (0..self.form.item_count()).filter(answered).count()
    }

    /// The answers as they could have arrived, without the items that were left blank or not asked.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let answers = answers(form, "45-?");
    /// let raw = answers.to_raw();
    /// assert_eq!(raw.get("L1"), Some(&RawAnswer::Number(4.0)));
    /// assert_eq!(raw.get("L3"), None);
    /// assert_eq!(raw.get("L4"), Some(&RawAnswer::Missing(MissingKind::DontKnow)));
    /// ```
    #[must_use]
    pub fn to_raw(&self) -> RawAnswers {
        let items = self
            .form
            .items()
            .filter_map(|(_, item)| Some((item.id(), self.raw(item)?)));
        items
            .filter(|(_, answer)| *answer != RawAnswer::Blank)
            .collect()
    }
}
