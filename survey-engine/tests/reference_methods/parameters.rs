//! A case's parameters, each of which has to be understood.

use serde_json::{Map, Value};

pub(crate) struct Parameters<'a> {
    all: &'a Map<String, Value>,
    used: Vec<&'static str>,
}

impl<'a> Parameters<'a> {
    pub(crate) fn of(parameters: &'a Value) -> Result<Self, String> {
        let all = parameters
            .as_object()
            .ok_or("the parameters are no object")?;
        Ok(Self {
            all,
            used: Vec::new(),
        })
    }

    /// The value of `name`, if it is there and not null.
    pub(crate) fn optional(&mut self, name: &'static str) -> Option<&'a Value> {
        self.used.push(name);
        self.all.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn value(&mut self, name: &'static str) -> Result<&'a Value, String> {
        self.optional(name)
            .ok_or_else(|| format!("no parameter {name:?}"))
    }

    pub(crate) fn number(&mut self, name: &'static str) -> Result<f64, String> {
        number(name, self.value(name)?)
    }

    pub(crate) fn number_or(&mut self, name: &'static str, other: f64) -> Result<f64, String> {
        self.optional(name)
            .map_or(Ok(other), |value| number(name, value))
    }

    pub(crate) fn optional_number(&mut self, name: &'static str) -> Result<Option<f64>, String> {
        let found = self.optional(name);
        found.map(|value| number(name, value)).transpose()
    }

    pub(crate) fn count(&mut self, name: &'static str) -> Result<u64, String> {
        count(name, self.value(name)?)
    }

    pub(crate) fn optional_count(&mut self, name: &'static str) -> Result<Option<u64>, String> {
        let found = self.optional(name);
        found.map(|value| count(name, value)).transpose()
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Result<&'a str, String> {
        text(name, self.value(name)?)
    }

    pub(crate) fn optional_text(&mut self, name: &'static str) -> Result<Option<&'a str>, String> {
        let found = self.optional(name);
        found.map(|value| text(name, value)).transpose()
    }

    pub(crate) fn texts(&mut self, name: &'static str) -> Result<Vec<&'a str>, String> {
        let list = list(name, self.value(name)?)?;
        list.iter().map(|entry| text(name, entry)).collect()
    }

    pub(crate) fn numbers(&mut self, name: &'static str) -> Result<Vec<f64>, String> {
        let list = list(name, self.value(name)?)?;
        list.iter().map(|entry| number(name, entry)).collect()
    }

    pub(crate) fn list(&mut self, name: &'static str) -> Result<&'a [Value], String> {
        list(name, self.value(name)?)
    }

    /// A parameter that, where it is given, can only be one of `known`.
    pub(crate) fn one_of(&mut self, name: &'static str, known: &[&str]) -> Result<(), String> {
        match self.optional(name) {
            None => Ok(()),
            Some(value) if value.as_str().is_some_and(|text| known.contains(&text)) => Ok(()),
            Some(other) => Err(format!("{name}: {other} is not known, only {known:?}")),
        }
    }

    /// A parameter that tells people something and changes nothing.
    pub(crate) fn remark(&mut self, name: &'static str) {
        self.used.push(name);
    }

    /// Fails for a parameter that nothing asked for.
    pub(crate) fn finish(self) -> Result<(), String> {
        let unknown: Vec<&String> = self
            .all
            .keys()
            .filter(|name| !self.used.contains(&name.as_str()))
            .collect();
        if unknown.is_empty() {
            Ok(())
        } else {
            Err(format!("unknown parameters {unknown:?}"))
        }
    }
}

pub(crate) fn number(name: &str, value: &Value) -> Result<f64, String> {
    value
        .as_f64()
        .ok_or_else(|| format!("{name}: {value} is no number"))
}

pub(crate) fn count(name: &str, value: &Value) -> Result<u64, String> {
    let whole = value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number below 2^53"
        )]
        let whole = (0.0..9e15).contains(&number).then_some(number as u64)?;
        (number.fract() == 0.0).then_some(whole)
    });
    whole.ok_or_else(|| format!("{name}: {value} is no count"))
}

pub(crate) fn text<'a>(name: &str, value: &'a Value) -> Result<&'a str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("{name}: {value} is no text"))
}

/// A list; some software writes one of a single text or number without brackets.
pub(crate) fn list<'a>(name: &str, value: &'a Value) -> Result<&'a [Value], String> {
    match value {
        Value::Array(list) => Ok(list),
        Value::String(_) | Value::Number(_) => Ok(std::slice::from_ref(value)),
        _ => Err(format!("{name}: {value} is no list")),
    }
}
