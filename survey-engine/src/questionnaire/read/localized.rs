//! Texts in every language of their document.

use std::collections::BTreeMap;

use super::place::{Object, Place};
use crate::questionnaire::finding::Findings;
use crate::questionnaire::{Language, LocalizedText, limits};

/// Reads a language tag as documents write it: the first subtag in lower case.
pub(super) fn language(tag: &str, pointer: &str, findings: &mut Findings) -> Option<Language> {
    let lower = tag
        .split('-')
        .next()
        .is_some_and(|primary| !primary.bytes().any(|byte| byte.is_ascii_uppercase()));
    let language = Language::parse(tag).filter(|_| lower);
    if language.is_none() {
        let detail = format!("`{tag}` is not a language tag; write one such as `nl` or `nl-BE`.");
        findings.add(pointer, "bad_language", detail);
    }
    language
}

/// Reads texts that have to be in all of these languages; in any, if it is not known which.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texts<'l> {
    pub(super) languages: Option<&'l [Language]>,
}

impl Texts<'_> {
    pub(super) fn required(
        self,
        object: &mut Object<'_>,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<LocalizedText> {
        let place = object.required(key, findings)?;
        self.read(&place, findings)
    }

    pub(super) fn optional(
        self,
        object: &mut Object<'_>,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<LocalizedText> {
        let place = object.optional(key)?;
        self.read(&place, findings)
    }

    pub(super) fn read(self, place: &Place<'_>, findings: &mut Findings) -> Option<LocalizedText> {
        let mut texts = BTreeMap::new();
        for (tag, member) in place.entries(findings)? {
            let language = language(tag, member.pointer(), findings);
            let text = one(&member, findings);
            let Some(language) = language else { continue };
            if self
                .languages
                .is_some_and(|listed| !listed.contains(&language))
            {
                let detail = format!(
                    "The document is not written in `{language}`; list that language or remove this."
                );
                findings.add(member.pointer(), "unlisted_language", detail);
            }
            if texts.insert(language, text.unwrap_or_default()).is_some() {
                let detail = format!("`{tag}` is the same language as another key here; keep one.");
                findings.add(member.pointer(), "duplicate_key", detail);
            }
        }
        for language in self.languages.unwrap_or_default() {
            if !texts.contains_key(language) {
                let detail = format!("The text in `{language}` is missing; add it.");
                findings.add(place.pointer(), "missing_translation", detail);
            }
        }
        if texts.is_empty() && self.languages.is_none() {
            findings.add(
                place.pointer(),
                "empty_text",
                "This text is in no language at all; write it in one.",
            );
        }
        Some(LocalizedText::new(texts))
    }
}

fn one(place: &Place<'_>, findings: &mut Findings) -> Option<String> {
    let text = place.text(findings)?;
    if text.trim().is_empty() {
        findings.add(
            place.pointer(),
            "empty_text",
            "This text is empty; write it.",
        );
    }
    if text.chars().count() > limits::TEXT_CHARACTERS {
        let detail = format!(
            "This text is too long; use at most {} characters.",
            limits::TEXT_CHARACTERS
        );
        findings.add(place.pointer(), "too_long", detail);
    }
    if text.contains(|character: char| character.is_control() && !"\n\t".contains(character)) {
        let detail =
            "This text has control characters other than line breaks and tabs; remove them.";
        findings.add(place.pointer(), "control_character", detail);
    }
    Some(text.to_owned())
}
