//! Answers as they arrive.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::questionnaire::{Form, MissingKind, ModuleSelection};

/// One value as it arrived, before it is held against its item.
#[derive(Debug, Clone, PartialEq)]
pub enum RawAnswer {
    /// `null`: not answered.
    Blank,
    /// A number: likert position, rating or number.
    Number(f64),
    /// A text: option code, date or text.
    Text(String),
    /// Option codes: multiple choice or ranking.
    List(Vec<String>),
    /// `{"missing": kind}`: one of the ways out.
    Missing(MissingKind),
    /// Anything else; the words say what, with their article. It fits no item, and is written as null.
    Unusable(String),
}

/// Values by item id, as they arrived.
///
/// Read from a JSON object in one pass. A key given twice is an error, so that nobody has to wonder
/// which of two answers counts.
///
/// ```
/// use survey_engine::answers::{RawAnswer, RawAnswers};
///
/// let raw: RawAnswers = serde_json::from_str(r#"{"P.PED1a": 4, "P.PED1b": {"missing": "dont_know"}}"#).unwrap();
/// assert_eq!(raw.get("P.PED1a"), Some(&RawAnswer::Number(4.0)));
///
/// let twice = serde_json::from_str::<RawAnswers>(r#"{"P.PED1a": 4, "P.PED1a": 5}"#).unwrap_err();
/// assert!(twice.to_string().starts_with("item `P.PED1a` is answered twice"));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawAnswers(Vec<(String, RawAnswer)>);

impl RawAnswers {
    /// No answers.
    ///
    /// ```
    /// use survey_engine::answers::RawAnswers;
    /// assert!(RawAnswers::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of an item; the value it had, if any.
    ///
    /// ```
    /// use survey_engine::answers::{RawAnswer, RawAnswers};
    /// let mut raw = RawAnswers::new();
    /// assert_eq!(raw.insert("a", RawAnswer::Number(4.0)), None);
    /// assert_eq!(raw.insert("a", RawAnswer::Blank), Some(RawAnswer::Number(4.0)));
    /// ```
    pub fn insert(&mut self, id: impl Into<String>, answer: RawAnswer) -> Option<RawAnswer> {
        let id = id.into();
        match self.place(&id) {
            Ok(place) => self
                .0
                .get_mut(place)
                .map(|(_, known)| std::mem::replace(known, answer)),
            Err(place) => {
                self.0.insert(place, (id, answer));
                None
            }
        }
    }

    /// The value of an item.
    ///
    /// ```
    /// use survey_engine::answers::{RawAnswer, RawAnswers};
    /// let raw: RawAnswers = [("a", RawAnswer::Blank)].into_iter().collect();
    /// assert_eq!(raw.get("a"), Some(&RawAnswer::Blank));
    /// ```
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&RawAnswer> {
        let place = self.place(id).ok()?;
        self.0.get(place).map(|(_, answer)| answer)
    }

    /// Where an item stands, or would stand: the values are sorted by item id.
    fn place(&self, id: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(id))
    }

    /// All values, sorted by item id.
    ///
    /// ```
    /// use survey_engine::answers::{RawAnswer, RawAnswers};
    /// let raw: RawAnswers = [("b", RawAnswer::Blank), ("a", RawAnswer::Blank)].into_iter().collect();
    /// assert_eq!(raw.iter().map(|(id, _)| id).collect::<Vec<_>>(), ["a", "b"]);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawAnswer)> {
        self.0.iter().map(|(id, answer)| (id.as_str(), answer))
    }

    /// Number of values.
    ///
    /// ```
    /// use survey_engine::answers::{RawAnswer, RawAnswers};
    /// let raw: RawAnswers = [("a", RawAnswer::Blank)].into_iter().collect();
    /// assert_eq!(raw.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    ///
    /// ```
    /// use survey_engine::answers::RawAnswers;
    /// assert!(RawAnswers::new().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Drops the values of items that are not to be asked given the others, as a page does when a
    /// respondent goes back and changes an answer that others hang on. Values of items the form does
    /// not have stay, to be refused by the check.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// # let asked = ModuleSelection::default_of(form);
    /// // Who does not like coming here is asked why.
    /// let mut raw: RawAnswers = serde_json::from_str(r#"{"L1": 2, "WHY": "The noise."}"#)?;
    /// raw.insert("L1", RawAnswer::Number(5.0));
    /// raw.retain_visible(form, &asked);
    /// assert_eq!((raw.len(), raw.get("WHY")), (1, None));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn retain_visible(&mut self, form: &Form, selection: &ModuleSelection) {
        let shown = super::visible(form, selection, self);
        let is_shown = |index| shown.binary_search(&index).is_ok();
        self.0
            .retain(|(id, _)| form.item(id).is_none_or(|item| is_shown(item.index())));
    }
}

impl<S: Into<String>> FromIterator<(S, RawAnswer)> for RawAnswers {
    fn from_iter<I: IntoIterator<Item = (S, RawAnswer)>>(answers: I) -> Self {
        let answers = answers.into_iter();
        let mut answers: Vec<(String, RawAnswer)> =
            answers.map(|(id, answer)| (id.into(), answer)).collect();
        // The last one given for an item holds: behind the stable sort, the first of its kind from the end.
        answers.reverse();
        answers.sort_by(|(one, _), (other, _)| one.cmp(other));
        answers.dedup_by(|(one, _), (other, _)| one == other);
        Self(answers)
    }
}

impl Serialize for RawAnswers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl Serialize for RawAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Blank | Self::Unusable(_) => serializer.serialize_unit(),
            Self::Number(number) => serialize_number(*number, serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(codes) => codes.serialize(serializer),
            Self::Missing(kind) => {
                let mut object = serializer.serialize_map(Some(1))?;
                object.serialize_entry("missing", kind)?;
                object.end()
            }
        }
    }
}

/// Positions and ratings are whole numbers and are written as such.
fn serialize_number<S: Serializer>(number: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and at most i32::MAX"
        )]
        let whole = number as i32;
        serializer.serialize_i32(whole)
    } else {
        serializer.serialize_f64(number)
    }
}

impl<'de> Deserialize<'de> for RawAnswers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnswersVisitor)
    }
}

struct AnswersVisitor;

impl<'de> Visitor<'de> for AnswersVisitor {
    type Value = RawAnswers;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with an answer for each item id")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<RawAnswers, A::Error> {
        // Sorted once at the end, where they did not come sorted: cheaper than finding a place for each.
        let mut answers: Vec<(String, RawAnswer)> = Vec::new();
        while let Some(answer) = members.next_entry()? {
            answers.push(answer);
        }
        if !answers.is_sorted_by(|(one, _), (next, _)| one < next) {
            answers.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        let twice = answers
            .iter()
            .zip(answers.iter().skip(1))
            .find(|((one, _), (next, _))| one == next);
        if let Some(((id, _), _)) = twice {
            return Err(de::Error::custom(format_args!(
                "item `{id}` is answered twice; answer it once"
            )));
        }
        Ok(RawAnswers(answers))
    }
}

impl<'de> Deserialize<'de> for RawAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnswerVisitor)
    }
}

struct AnswerVisitor;

impl<'de> Visitor<'de> for AnswerVisitor {
    type Value = RawAnswer;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an answer")
    }

    fn visit_unit<E>(self) -> Result<RawAnswer, E> {
        Ok(RawAnswer::Blank)
    }

    fn visit_bool<E>(self, _: bool) -> Result<RawAnswer, E> {
        Ok(RawAnswer::Unusable("a boolean".to_owned()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<RawAnswer, E> {
        Ok(RawAnswer::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<RawAnswer, E> {
        Ok(RawAnswer::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<RawAnswer, E> {
        Ok(RawAnswer::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<RawAnswer, E> {
        Ok(RawAnswer::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<RawAnswer, E> {
        Ok(RawAnswer::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<RawAnswer, A::Error> {
        let mut codes = Some(Vec::new());
        while let Some(member) = members.next_element()? {
            match (member, &mut codes) {
                (RawAnswer::Text(code), Some(codes)) => codes.push(code),
                _ => codes = None,
            }
        }
        let unusable = || RawAnswer::Unusable("a list of other things than texts".to_owned());
        Ok(codes.map_or_else(unusable, RawAnswer::List))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<RawAnswer, A::Error> {
        let (mut count, mut kind) = (0_usize, None);
        while let Some((key, value)) = members.next_entry::<String, RawAnswer>()? {
            count += 1;
            if let ("missing", RawAnswer::Text(name)) = (key.as_str(), value) {
                kind = MissingKind::from_name(&name);
            }
        }
        let unusable =
            || RawAnswer::Unusable("an object other than {\"missing\": kind}".to_owned());
        Ok(kind
            .filter(|_| count == 1)
            .map_or_else(unusable, RawAnswer::Missing))
    }
}
