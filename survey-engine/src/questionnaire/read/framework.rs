//! Reads a framework document.

use super::json::Node;
use super::localized::Texts;
use super::name::{Name, Unique, version};
use super::place::{Object, Place, quoted};
use crate::questionnaire::finding::Findings;
use crate::questionnaire::{Area, Framework, Indicator, IndicatorKind, Language, limits};

/// Reads a whole framework; nothing only if something was found.
pub(in crate::questionnaire) fn framework(
    document: &str,
    findings: &mut Findings,
) -> Option<Framework> {
    let node = Node::parse(document, findings)?;
    let mut object = Place::root(&node).object(findings)?;
    object.permit(&["$schema"]);
    let id = object
        .required("id", findings)
        .and_then(|place| Name::Slug.read(&place, findings));
    let version = object
        .required("version", findings)
        .and_then(|place| version(&place, findings));
    let title = Texts { languages: None }.required(&mut object, "title", findings);
    // The title decides in which languages everything else has to be written.
    let languages: Option<Vec<Language>> = title
        .as_ref()
        .map(|title| title.languages().cloned().collect());
    let texts = Texts {
        languages: languages.as_deref(),
    };
    let description = texts.optional(&mut object, "description", findings);
    let areas = areas(&mut object, texts, findings);
    let indicators = indicators(&mut object, &areas, texts, findings);
    object.close(findings);
    Some(Framework {
        id: id?,
        version: version?,
        title: title?,
        description,
        areas,
        indicators,
    })
}

fn areas(object: &mut Object<'_>, texts: Texts<'_>, findings: &mut Findings) -> Vec<Area> {
    let mut codes = Unique::default();
    let places = object
        .required("areas", findings)
        .and_then(|place| place.list(&limits::AREAS, findings));
    let places = places.unwrap_or_default();
    places
        .iter()
        .filter_map(|place| area(place, &mut codes, texts, findings))
        .collect()
}

fn area(
    place: &Place<'_>,
    codes: &mut Unique,
    texts: Texts<'_>,
    findings: &mut Findings,
) -> Option<Area> {
    let mut object = place.object(findings)?;
    let code = object
        .required("code", findings)
        .and_then(|place| codes.read(Name::Code, &place, findings));
    let title = texts.required(&mut object, "title", findings);
    let description = texts.required(&mut object, "description", findings);
    object.close(findings);
    // Kept for the sake of references to it, even if its texts could not be read.
    Some(Area {
        code: code?,
        title: title.unwrap_or_default(),
        description: description.unwrap_or_default(),
    })
}

fn indicators(
    object: &mut Object<'_>,
    areas: &[Area],
    texts: Texts<'_>,
    findings: &mut Findings,
) -> Vec<Indicator> {
    let mut codes = Unique::default();
    let places = object
        .required("indicators", findings)
        .and_then(|place| place.list(&limits::INDICATORS, findings));
    let places = places.unwrap_or_default();
    places
        .iter()
        .filter_map(|place| indicator(place, areas, &mut codes, texts, findings))
        .collect()
}

fn indicator(
    place: &Place<'_>,
    areas: &[Area],
    codes: &mut Unique,
    texts: Texts<'_>,
    findings: &mut Findings,
) -> Option<Indicator> {
    let mut object = place.object(findings)?;
    let code = object
        .required("code", findings)
        .and_then(|place| codes.read(Name::Code, &place, findings));
    let area = object
        .required("area", findings)
        .and_then(|place| area_code(&place, areas, findings));
    let title = texts.required(&mut object, "title", findings);
    let description = texts.required(&mut object, "description", findings);
    let kind = object.required("kind", findings).and_then(|place| {
        place.word(
            "unknown_kind",
            &IndicatorKind::NAMES,
            IndicatorKind::from_name,
            findings,
        )
    });
    let groups = object
        .required("groups", findings)
        .and_then(|place| groups(&place, findings));
    object.close(findings);
    Some(Indicator {
        code: code?,
        area: area?,
        title: title?,
        description: description?,
        kind: kind?,
        groups: groups?,
    })
}

fn area_code(place: &Place<'_>, areas: &[Area], findings: &mut Findings) -> Option<String> {
    let code = Name::Code.read(place, findings)?;
    if !areas.is_empty() && !areas.iter().any(|area| area.code == code) {
        let known: Vec<&str> = areas.iter().map(Area::code).collect();
        let detail = format!(
            "There is no area `{code}`; add it or use one of {}.",
            quoted(&known)
        );
        findings.add(place.pointer(), "unknown_area", detail);
    }
    Some(code)
}

fn groups(place: &Place<'_>, findings: &mut Findings) -> Option<Vec<String>> {
    let mut groups = Unique::default();
    let places = place.list(&limits::GROUPS, findings)?;
    places
        .iter()
        .map(|place| groups.read(Name::Slug, place, findings))
        .collect()
}
