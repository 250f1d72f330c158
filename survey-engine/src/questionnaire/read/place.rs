//! A small typed reader: values that know where they stand, and objects that know which keys were asked for.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::json::Node;
use crate::questionnaire::Date;
use crate::questionnaire::finding::{Findings, join};

/// A value and the pointer to it. Each method gives the value as one type, or adds a finding.
#[derive(Debug, Clone)]
pub(super) struct Place<'d> {
    node: &'d Node,
    pointer: String,
}

impl<'d> Place<'d> {
    pub(super) fn root(node: &'d Node) -> Self {
        Self {
            node,
            pointer: String::new(),
        }
    }

    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Members by key, in document order, without those whose key came before.
    pub(super) fn entries(&self, findings: &mut Findings) -> Option<Vec<(&'d str, Self)>> {
        let Node::Object(members) = self.node else {
            return self.not("an object", findings);
        };
        let mut seen = std::collections::BTreeSet::new();
        let mut entries = Vec::new();
        for (key, node) in members {
            let pointer = join(&self.pointer, key);
            if seen.insert(key.as_str()) {
                entries.push((key.as_str(), Self { node, pointer }));
            } else {
                let detail = format!(
                    "The key `{key}` is given more than once in the same object; keep one."
                );
                findings.add(pointer, "duplicate_key", detail);
            }
        }
        Some(entries)
    }

    pub(super) fn object(&self, findings: &mut Findings) -> Option<Object<'d>> {
        let members = self.entries(findings)?.into_iter().collect();
        Some(Object {
            pointer: self.pointer.clone(),
            members,
            asked: Vec::new(),
        })
    }

    /// Members of a list of so many.
    pub(super) fn list(
        &self,
        count: &RangeInclusive<usize>,
        findings: &mut Findings,
    ) -> Option<Vec<Self>> {
        let Node::List(members) = self.node else {
            return self.not("a list", findings);
        };
        check_count(&self.pointer, members.len(), count, findings);
        let place = |(at, node)| Self {
            node,
            pointer: format!("{}/{at}", self.pointer),
        };
        // Beyond the limit one finding is enough.
        Some(
            members
                .iter()
                .take(*count.end())
                .enumerate()
                .map(place)
                .collect(),
        )
    }

    pub(super) fn text(&self, findings: &mut Findings) -> Option<&'d str> {
        match self.node {
            Node::Text(text) => Some(text),
            _ => self.not("a text", findings),
        }
    }

    pub(super) fn boolean(&self, findings: &mut Findings) -> Option<bool> {
        match self.node {
            Node::Boolean(value) => Some(*value),
            _ => self.not("true or false", findings),
        }
    }

    pub(super) fn number(&self, findings: &mut Findings) -> Option<f64> {
        match self.node {
            Node::Number(value) => Some(*value),
            _ => self.not("a number", findings),
        }
    }

    /// A whole number within limits.
    pub(super) fn whole(
        &self,
        limits: &RangeInclusive<u16>,
        findings: &mut Findings,
    ) -> Option<u16> {
        let (least, most) = (*limits.start(), *limits.end());
        let value = self.number_within(f64::from(least), f64::from(most), findings)?;
        if value.fract() != 0.0 {
            let detail = format!("This is {value}; give a whole number.");
            findings.add(&self.pointer, "wrong_type", detail);
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole and within limits that are themselves u16"
        )]
        let whole = value as u16;
        Some(whole)
    }

    pub(super) fn number_within(
        &self,
        least: f64,
        most: f64,
        findings: &mut Findings,
    ) -> Option<f64> {
        let value = self.number(findings)?;
        let within = (least..=most).contains(&value);
        if !within {
            let limits = match (least.is_finite(), most.is_finite()) {
                (true, true) => format!("from {least} to {most}"),
                (true, false) => format!("of at least {least}"),
                _ => format!("of at most {most}"),
            };
            findings.add(
                &self.pointer,
                "out_of_range",
                format!("This is {value}; give a number {limits}."),
            );
        }
        within.then_some(value)
    }

    pub(super) fn date(&self, findings: &mut Findings) -> Option<Date> {
        let text = self.text(findings)?;
        let date = Date::parse(text);
        if date.is_none() {
            let detail = format!("`{text}` is not a day; write an existing one as YYYY-MM-DD.");
            findings.add(&self.pointer, "bad_date", detail);
        }
        date
    }

    /// One of a few words.
    pub(super) fn word<T>(
        &self,
        code: &'static str,
        words: &[&str],
        meaning: impl Fn(&str) -> Option<T>,
        findings: &mut Findings,
    ) -> Option<T> {
        let text = self.text(findings)?;
        let found = meaning(text);
        if found.is_none() {
            findings.add(
                &self.pointer,
                code,
                format!("`{text}` is not known; use one of {}.", quoted(words)),
            );
        }
        found
    }

    fn not<T>(&self, wanted: &str, findings: &mut Findings) -> Option<T> {
        let detail = format!("This is {}; give {wanted}.", self.node.kind());
        findings.add(&self.pointer, "wrong_type", detail);
        None
    }
}

/// Reports a number of things outside its limits.
pub(super) fn check_count(
    pointer: &str,
    count: usize,
    limits: &RangeInclusive<usize>,
    findings: &mut Findings,
) {
    let (fewest, most) = (limits.start(), limits.end());
    if count < *fewest {
        findings.add(
            pointer,
            "too_few",
            format!("There are {count} of these; give at least {fewest}."),
        );
    } else if count > *most {
        findings.add(
            pointer,
            "too_many",
            format!("There are {count} of these; give at most {most}."),
        );
    }
}

/// Words as they are listed in a sentence.
pub(super) fn quoted<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| format!("`{}`", word.as_ref()))
        .collect();
    quoted.join(", ")
}

/// An object whose keys are taken one by one; [`Object::close`] reports those nobody asked for.
#[derive(Debug)]
pub(super) struct Object<'d> {
    pointer: String,
    members: BTreeMap<&'d str, Place<'d>>,
    asked: Vec<&'static str>,
}

impl<'d> Object<'d> {
    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.members.contains_key(key)
    }

    pub(super) fn optional(&mut self, key: &'static str) -> Option<Place<'d>> {
        self.asked.push(key);
        self.members.get(key).cloned()
    }

    pub(super) fn required(
        &mut self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<Place<'d>> {
        let place = self.optional(key);
        if place.is_none() {
            findings.add(
                &self.pointer,
                "missing_key",
                format!("The key `{key}` is missing; add it."),
            );
        }
        place
    }

    /// Lets keys pass without reading them.
    pub(super) fn permit(&mut self, keys: &[&'static str]) {
        self.asked.extend(keys);
    }

    pub(super) fn close(self, findings: &mut Findings) {
        for (key, place) in &self.members {
            if !self.asked.contains(key) {
                let keys = quoted(&self.asked);
                let detail = format!("`{key}` is not a key here; remove it or use one of {keys}.");
                findings.add(&place.pointer, "unknown_key", detail);
            }
        }
    }
}
