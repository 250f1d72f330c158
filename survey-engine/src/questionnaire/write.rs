//! Checked values back into documents: what is a default is left out, so that two spellings of one
//! definition become the same document.

use serde_json::{Map, Value, json};

use super::{
    Condition, Form, Framework, Item, ItemKind, Module, Quantity, Questionnaire, Test, limits,
};

impl Framework {
    /// The document it was read from, apart from `$schema`, spacing and the order of keys.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let document = framework.to_json();
    /// assert_eq!(document["areas"][0]["title"]["en"], "Wellbeing");
    /// assert_eq!(Framework::parse(&document.to_string()).as_ref(), Ok(&framework));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("id", Some(json!(self.id()))),
            ("version", Some(json!(self.version()))),
            ("title", Some(json!(self.title()))),
            ("description", self.description().map(|text| json!(text))),
            ("areas", Some(json!(self.areas()))),
            ("indicators", Some(json!(self.indicators()))),
        ])
    }

    /// [`to_json`](Self::to_json) as one line with sorted keys: equal if and only if two frameworks
    /// are, so that a hash of it names the content.
    ///
    /// ```
    /// use survey_engine::questionnaire::{Framework, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// let again = Framework::parse(&framework.canonical_json());
    /// assert_eq!(again.as_ref(), Ok(&framework));
    /// ```
    #[must_use]
    pub fn canonical_json(&self) -> String {
        canonical(&self.to_json())
    }
}

impl Questionnaire {
    /// The document it was read from, apart from `$schema`, spacing, the order of keys and values
    /// that are the default.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// let document = questionnaire.to_json();
    /// let items = &document["forms"][0]["modules"][0]["items"];
    /// // What is the default is left out.
    /// assert_eq!((&items[2]["reversed"], items[0].get("reversed")), (&true.into(), None));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        let fallback = (!self.fallback.is_empty()).then(|| json!(self.fallback));
        let response_sets = (!self.response_sets.is_empty()).then(|| json!(self.response_sets));
        object([
            ("id", Some(json!(self.id()))),
            ("version", Some(json!(self.version()))),
            ("framework", Some(json!(self.framework()))),
            ("title", Some(json!(self.title()))),
            ("languages", Some(json!(self.languages()))),
            ("fallback", fallback),
            ("responseSets", response_sets),
            ("forms", Some(self.forms().iter().map(form).collect())),
        ])
    }

    /// [`to_json`](Self::to_json) as one line with sorted keys: equal if and only if two
    /// questionnaires are, so that a hash of it names the content.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// let framework = Framework::parse(FRAMEWORK).expect("no findings");
    /// let again = Questionnaire::parse(&questionnaire.canonical_json(), &framework);
    /// assert_eq!(again.as_ref(), Ok(&questionnaire));
    /// ```
    #[must_use]
    pub fn canonical_json(&self) -> String {
        canonical(&self.to_json())
    }
}

fn form(form: &Form) -> Value {
    object([
        ("id", Some(json!(form.id()))),
        ("group", Some(json!(form.group()))),
        ("title", Some(json!(form.title()))),
        ("introduction", Some(json!(form.introduction()))),
        (
            "modules",
            Some(
                form.modules()
                    .iter()
                    .map(|part| module(part, form))
                    .collect(),
            ),
        ),
    ])
}

impl Form {
    /// A condition of one of this form's items as documents write it.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let condition = form.item("WHY").and_then(|item| item.show_if()).expect("it has one");
    /// assert_eq!(form.condition_to_json(condition), serde_json::json!({"item": "L1", "atMost": 2}));
    /// ```
    #[must_use]
    pub fn condition_to_json(&self, of: &Condition) -> Value {
        condition(of, self)
    }
}

fn module(module: &Module, form: &Form) -> Value {
    object([
        ("code", Some(json!(module.code()))),
        ("title", Some(json!(module.title()))),
        ("description", module.description().map(|text| json!(text))),
        ("default", Some(json!(module.default()))),
        (
            "items",
            Some(module.items().iter().map(|part| item(part, form)).collect()),
        ),
    ])
}

fn item(item: &Item, form: &Form) -> Value {
    let inline = item.response_set().is_none();
    let options = inline && !item.options().is_empty();
    let missing = inline && !item.missing().is_empty();
    let mut members = object([
        ("id", Some(json!(item.id()))),
        ("type", Some(json!(item.kind().name()))),
        ("text", Some(json!(item.text()))),
        ("help", item.help().map(|text| json!(text))),
        ("responseSet", item.response_set().map(|name| json!(name))),
        ("options", options.then(|| json!(item.options()))),
        ("missing", missing.then(|| json!(item.missing()))),
        ("indicator", item.indicator().map(|code| json!(code))),
        ("reversed", item.reversed().then_some(Value::Bool(true))),
        ("required", item.required().then_some(Value::Bool(true))),
        ("showIf", item.show_if().map(|part| condition(part, form))),
    ]);
    if let (Value::Object(members), Value::Object(particulars)) =
        (&mut members, particulars(item.kind()))
    {
        members.extend(particulars);
    }
    members
}

/// The keys that only some types of items have.
fn particulars(kind: &ItemKind) -> Value {
    let unless = |value: u16, default: u16| (value != default).then(|| json!(value));
    match kind {
        ItemKind::Likert { .. } | ItemKind::SingleChoice { .. } | ItemKind::Ranking { .. } => {
            object([])
        }
        ItemKind::MultipleChoice {
            min_choices,
            max_choices,
            ..
        } => object([
            ("minChoices", min_choices.map(|count| json!(count))),
            ("maxChoices", max_choices.map(|count| json!(count))),
        ]),
        ItemKind::Number {
            minimum,
            maximum,
            decimals,
        } => object([
            ("minimum", minimum.map(number)),
            ("maximum", maximum.map(number)),
            ("decimals", unless(u16::from(*decimals), 0)),
        ]),
        ItemKind::Date { earliest, latest } => object([
            ("earliest", earliest.map(|day| json!(day))),
            ("latest", latest.map(|day| json!(day))),
        ]),
        ItemKind::ShortText { max_length } => {
            object([("maxLength", unless(*max_length, limits::SHORT_TEXT_DEFAULT))])
        }
        ItemKind::LongText { max_length } => {
            object([("maxLength", unless(*max_length, limits::LONG_TEXT_DEFAULT))])
        }
        ItemKind::Rating {
            low_label,
            high_label,
        } => object([
            ("lowLabel", low_label.as_ref().map(|text| json!(text))),
            ("highLabel", high_label.as_ref().map(|text| json!(text))),
        ]),
    }
}

fn condition(part: &Condition, form: &Form) -> Value {
    let list = |parts: &[Condition]| parts.iter().map(|part| condition(part, form)).collect();
    match part {
        Condition::Item { index, test } => match form.item_at(*index) {
            Some(referred) => {
                let (operator, operand) = item_test(test, referred);
                object([
                    ("item", Some(json!(referred.id()))),
                    (operator, Some(operand)),
                ])
            }
            None => object([]),
        },
        Condition::All(parts) => object([("all", Some(list(parts)))]),
        Condition::Any(parts) => object([("any", Some(list(parts)))]),
        Condition::Not(part) => object([("not", Some(condition(part, form)))]),
    }
}

fn item_test(test: &Test, referred: &Item) -> (&'static str, Value) {
    match test {
        Test::Answered => ("answered", Value::Bool(true)),
        Test::Chosen(chosen) => {
            let option = |index: &u8| referred.options().get(usize::from(*index).checked_sub(1)?);
            let codes = chosen
                .iter()
                .filter_map(option)
                .map(|option| json!(option.code()));
            ("in", codes.collect())
        }
        Test::OneOf(values) => ("in", values.iter().copied().map(quantity).collect()),
        Test::AtLeast(value) => ("atLeast", quantity(*value)),
        Test::AtMost(value) => ("atMost", quantity(*value)),
    }
}

fn quantity(value: Quantity) -> Value {
    match value {
        Quantity::Number(value) => number(value),
        Quantity::Date(day) => json!(day),
    }
}

/// Whole numbers are written without a decimal point, whichever way they were given.
fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and at most 2^53")]
        let whole = value as i64;
        json!(whole)
    } else {
        json!(value)
    }
}

fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let present = members
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}

/// One line, keys sorted: independent of how `serde_json` was built to keep its maps.
fn canonical(value: &Value) -> String {
    match value {
        Value::Array(members) => {
            let members: Vec<String> = members.iter().map(canonical).collect();
            format!("[{}]", members.join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            let member =
                |(key, value): (&String, &Value)| format!("{}:{}", json!(key), canonical(value));
            let members: Vec<String> = members.into_iter().map(member).collect();
            format!("{{{}}}", members.join(","))
        }
        plain => plain.to_string(),
    }
}
