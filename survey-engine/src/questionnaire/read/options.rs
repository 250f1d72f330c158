//! Reads what there is to choose from, and the ways out beside it.

use std::ops::RangeInclusive;

use super::localized::Texts;
use super::name::{Name, Unique};
use super::place::Place;
use crate::questionnaire::finding::Findings;
use crate::questionnaire::{ChoiceOption, MissingKind, MissingOption, ResponseSet, limits};

/// Reads a named response set.
pub(super) fn response_set(
    place: &Place<'_>,
    texts: Texts<'_>,
    findings: &mut Findings,
) -> Option<ResponseSet> {
    let mut object = place.object(findings)?;
    let options = object
        .required("options", findings)
        .and_then(|place| options(&place, &limits::OPTIONS, texts, findings));
    let missing = object
        .optional("missing")
        .map(|place| missing(&place, texts, findings));
    object.close(findings);
    Some(ResponseSet {
        options: options?,
        missing: missing.unwrap_or_default(),
    })
}

/// Reads options; nothing if one of them could not be read, since their number matters.
pub(super) fn options(
    place: &Place<'_>,
    count: &RangeInclusive<usize>,
    texts: Texts<'_>,
    findings: &mut Findings,
) -> Option<Vec<ChoiceOption>> {
    let mut codes = Unique::default();
    let places = place.list(count, findings)?;
    let read: Vec<_> = places
        .iter()
        .map(|place| option(place, &mut codes, texts, findings))
        .collect();
    read.into_iter().collect()
}

fn option(
    place: &Place<'_>,
    codes: &mut Unique,
    texts: Texts<'_>,
    findings: &mut Findings,
) -> Option<ChoiceOption> {
    let mut object = place.object(findings)?;
    let code = object
        .required("code", findings)
        .and_then(|place| codes.read(Name::Option, &place, findings));
    let label = texts.required(&mut object, "label", findings);
    object.close(findings);
    Some(ChoiceOption {
        code: code?,
        label: label?,
    })
}

/// Reads the ways out, each kind at most once.
pub(super) fn missing(
    place: &Place<'_>,
    texts: Texts<'_>,
    findings: &mut Findings,
) -> Vec<MissingOption> {
    let mut kinds = Unique::default();
    let places = place
        .list(&limits::MISSING_OPTIONS, findings)
        .unwrap_or_default();
    places
        .iter()
        .filter_map(|place| missing_option(place, &mut kinds, texts, findings))
        .collect()
}

fn missing_option(
    place: &Place<'_>,
    kinds: &mut Unique,
    texts: Texts<'_>,
    findings: &mut Findings,
) -> Option<MissingOption> {
    let mut object = place.object(findings)?;
    let kind = object.required("kind", findings).and_then(|place| {
        let names = MissingKind::ALL.map(MissingKind::name);
        let kind = place.word("unknown_kind", &names, MissingKind::from_name, findings)?;
        kinds.note(kind.name(), &place, findings);
        Some(kind)
    });
    let label = texts.required(&mut object, "label", findings);
    object.close(findings);
    Some(MissingOption {
        kind: kind?,
        label: label?,
    })
}
