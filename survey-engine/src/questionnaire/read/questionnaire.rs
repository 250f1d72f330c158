//! Reads a questionnaire document.

use std::collections::BTreeMap;

use super::form::form;
use super::item::Context;
use super::json::Node;
use super::localized::{Texts, language};
use super::name::{Name, Unique, version};
use super::options::response_set;
use super::place::{Object, Place};
use crate::questionnaire::finding::Findings;
use crate::questionnaire::{
    Form, Framework, Language, Questionnaire, ResponseSet, VersionRef, limits,
};

/// Reads a whole questionnaire; nothing only if something was found.
pub(in crate::questionnaire) fn questionnaire(
    document: &str,
    framework: &Framework,
    findings: &mut Findings,
) -> Option<Questionnaire> {
    let node = Node::parse(document, findings)?;
    let mut object = Place::root(&node).object(findings)?;
    object.permit(&["$schema"]);
    let id = object
        .required("id", findings)
        .and_then(|place| Name::Slug.read(&place, findings));
    let version = object
        .required("version", findings)
        .and_then(|place| version(&place, findings));
    let bound_to = object
        .required("framework", findings)
        .and_then(|place| version_ref(&place, findings));
    let framework = bound_to
        .as_ref()
        .and_then(|bound_to| matching(bound_to, framework, findings));
    let languages = object
        .required("languages", findings)
        .and_then(|place| languages(&place, findings));
    let fallback = object
        .optional("fallback")
        .and_then(|place| fallback(&place, languages.as_deref(), findings));
    let texts = Texts {
        languages: languages.as_deref(),
    };
    let title = texts.required(&mut object, "title", findings);
    let response_sets = response_sets(&mut object, texts, findings);
    let context = Context {
        texts,
        response_sets: &response_sets,
        framework,
    };
    let forms = object
        .required("forms", findings)
        .and_then(|place| forms(&place, context, findings));
    object.close(findings);
    Some(Questionnaire {
        id: id?,
        version: version?,
        framework: bound_to?,
        title: title?,
        fallback: fallback.unwrap_or_default(),
        response_sets: response_sets
            .into_iter()
            .map(|(name, set)| Some((name, set?)))
            .collect::<Option<_>>()?,
        forms: forms?,
        languages: languages?,
    })
}

fn version_ref(place: &Place<'_>, findings: &mut Findings) -> Option<VersionRef> {
    let mut object = place.object(findings)?;
    let id = object
        .required("id", findings)
        .and_then(|place| Name::Slug.read(&place, findings));
    let version = object
        .required("version", findings)
        .and_then(|place| version(&place, findings));
    object.close(findings);
    Some(VersionRef {
        id: id?,
        version: version?,
    })
}

/// The framework, if it is the one that is named.
fn matching<'f>(
    bound_to: &VersionRef,
    framework: &'f Framework,
    findings: &mut Findings,
) -> Option<&'f Framework> {
    if bound_to.id == framework.id() && bound_to.version == framework.version() {
        return Some(framework);
    }
    let detail = format!(
        "This belongs to framework `{}` {}, but is checked against `{}` {}; name that one or choose the other.",
        bound_to.id,
        bound_to.version,
        framework.id(),
        framework.version(),
    );
    findings.add("/framework", "unknown_framework", detail);
    None
}

/// The languages, if all of them could be read.
fn languages(place: &Place<'_>, findings: &mut Findings) -> Option<Vec<Language>> {
    let mut seen = Unique::default();
    let places = place.list(&limits::LANGUAGES, findings)?;
    let read: Vec<_> = places
        .iter()
        .map(|place| listed_language(place, &mut seen, findings))
        .collect();
    read.into_iter().collect()
}

fn listed_language(
    place: &Place<'_>,
    seen: &mut Unique,
    findings: &mut Findings,
) -> Option<Language> {
    let language = language(place.text(findings)?, place.pointer(), findings)?;
    seen.note(language.as_str(), place, findings);
    Some(language)
}

fn fallback(
    place: &Place<'_>,
    languages: Option<&[Language]>,
    findings: &mut Findings,
) -> Option<BTreeMap<Language, Vec<Language>>> {
    let mut chains = BTreeMap::new();
    for (tag, member) in place.entries(findings)? {
        let requested = language(tag, member.pointer(), findings);
        let mut seen = Unique::default();
        let mut chain = Vec::new();
        for place in member
            .list(&limits::FALLBACKS, findings)
            .unwrap_or_default()
        {
            let Some(language) = listed_language(&place, &mut seen, findings) else {
                continue;
            };
            if languages.is_some_and(|listed| !listed.contains(&language)) {
                let detail = format!(
                    "The document is not written in `{language}`; list that language or remove this."
                );
                findings.add(place.pointer(), "unlisted_language", detail);
            }
            chain.push(language);
        }
        if requested
            .and_then(|requested| chains.insert(requested, chain))
            .is_some()
        {
            let detail = format!("`{tag}` is the same language as another key here; keep one.");
            findings.add(member.pointer(), "duplicate_key", detail);
        }
    }
    Some(chains)
}

fn response_sets(
    object: &mut Object<'_>,
    texts: Texts<'_>,
    findings: &mut Findings,
) -> BTreeMap<String, Option<ResponseSet>> {
    let entries = object
        .optional("responseSets")
        .and_then(|place| place.entries(findings));
    let mut sets = BTreeMap::new();
    for (name, place) in entries.unwrap_or_default() {
        Name::Code.check(name, place.pointer(), findings);
        sets.insert(name.to_owned(), response_set(&place, texts, findings));
    }
    sets
}

fn forms(place: &Place<'_>, context: Context<'_>, findings: &mut Findings) -> Option<Vec<Form>> {
    let mut ids = Unique::default();
    let places = place.list(&limits::FORMS, findings)?;
    let read: Vec<_> = places
        .iter()
        .map(|place| form(place, &mut ids, context, findings))
        .collect();
    read.into_iter().collect()
}
