//! Identifiers and versions, and whether one is given twice.

use std::collections::BTreeSet;

use super::place::Place;
use crate::questionnaire::finding::Findings;

/// The kinds of identifiers, each with its own alphabet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    /// Documents, forms and groups: `^[a-z][a-z0-9-]{0,63}$`.
    Slug,
    /// Items, modules, areas, indicators and response sets: `^[A-Za-z][A-Za-z0-9._-]{0,63}$`.
    Code,
    /// Options: `^[a-z0-9][a-z0-9_]{0,63}$`.
    Option,
}

impl Name {
    fn fits(self, name: &str) -> bool {
        let starts = |byte: u8| match self {
            Self::Slug => byte.is_ascii_lowercase(),
            Self::Code => byte.is_ascii_alphabetic(),
            Self::Option => byte.is_ascii_lowercase() || byte.is_ascii_digit(),
        };
        let goes_on = |byte: u8| match self {
            Self::Slug => byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-',
            Self::Code => byte.is_ascii_alphanumeric() || b"._-".contains(&byte),
            Self::Option => byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_',
        };
        name.len() <= 64 && name.bytes().next().is_some_and(starts) && name.bytes().all(goes_on)
    }

    fn rule(self) -> &'static str {
        match self {
            Self::Slug => {
                "a lower-case letter, then up to 63 lower-case letters, digits and hyphens"
            }
            Self::Code => "a letter, then up to 63 letters, digits, dots, underscores and hyphens",
            Self::Option => {
                "up to 64 lower-case letters, digits and underscores, not starting with an underscore"
            }
        }
    }

    pub(super) fn read(self, place: &Place<'_>, findings: &mut Findings) -> Option<String> {
        let text = place.text(findings)?;
        self.check(text, place.pointer(), findings)
            .then(|| text.to_owned())
    }

    /// Whether a name can be used; reports one that cannot.
    pub(super) fn check(self, name: &str, pointer: &str, findings: &mut Findings) -> bool {
        let fits = self.fits(name);
        if !fits {
            let detail = format!("`{name}` cannot be used here; use {}.", self.rule());
            findings.add(pointer, "bad_id", detail);
        }
        fits
    }
}

/// Reads `major.minor.patch`.
pub(super) fn version(place: &Place<'_>, findings: &mut Findings) -> Option<String> {
    const LONGEST: usize = 32;
    let text = place.text(findings)?;
    let parts: Vec<&str> = text.split('.').collect();
    let numeric = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() == 3 && parts.iter().all(numeric) && text.len() <= LONGEST {
        return Some(text.to_owned());
    }
    let detail =
        format!("`{text}` is not a version; write three numbers with dots between, such as 1.0.0.");
    findings.add(place.pointer(), "bad_version", detail);
    None
}

/// Names that have to be unique among their siblings.
#[derive(Debug, Default)]
pub(super) struct Unique(BTreeSet<String>);

impl Unique {
    /// Reads a name and reports it if it was there before.
    pub(super) fn read(
        &mut self,
        name: Name,
        place: &Place<'_>,
        findings: &mut Findings,
    ) -> Option<String> {
        let read = name.read(place, findings)?;
        self.note(&read, place, findings);
        Some(read)
    }

    /// Reports a name that was there before.
    pub(super) fn note(&mut self, name: &str, place: &Place<'_>, findings: &mut Findings) {
        if !self.0.insert(name.to_owned()) {
            let detail = format!("`{name}` is already used here; give each its own, once.");
            findings.add(place.pointer(), "duplicate_id", detail);
        }
    }
}
