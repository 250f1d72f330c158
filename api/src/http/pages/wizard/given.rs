//! From the fields of a form to answers.

use survey_engine::answers::RawAnswer;
use survey_engine::questionnaire::{Item, ItemKind, MissingKind};

use super::{Complaint, Posted, typed};

/// What a value begins with that gives no answer but a reason.
const MISSING: &str = "missing:";

/// The name of the field of one option of a ranking, without the `a.` in front. No id holds a colon, so no two names meet.
pub(super) fn option_field(item: &Item, option: &str) -> String {
    format!("{}:{option}", item.id())
}

/// The value by which a page posts a way out.
pub(super) fn missing_value(kind: MissingKind) -> String {
    format!("{MISSING}{}", kind.name())
}

/// The way out that a value stands for, if the item offers it.
pub(super) fn missing_kind(item: &Item, value: &str) -> Option<MissingKind> {
    let kind = MissingKind::from_name(value.strip_prefix(MISSING)?)?;
    item.missing()
        .iter()
        .any(|offered| offered.kind() == kind)
        .then_some(kind)
}

/// What was posted for an item, apart from ways out.
pub(super) fn substance<'p>(item: &Item, posted: &'p Posted) -> Vec<&'p str> {
    let values = posted.values(item.id()).iter().map(String::as_str);
    values
        .filter(|value| missing_kind(item, value).is_none())
        .collect()
}

/// The first way out that was posted for an item.
pub(super) fn way_out(item: &Item, posted: &Posted) -> Option<MissingKind> {
    posted
        .values(item.id())
        .iter()
        .find_map(|value| missing_kind(item, value))
}

/// The place, as posted, of each option of a ranking.
pub(super) fn places<'p>(item: &Item, posted: &'p Posted) -> Vec<Option<&'p str>> {
    let options = item.options().iter();
    options
        .map(|option| {
            posted
                .values(&option_field(item, option.code()))
                .last()
                .map(String::as_str)
        })
        .collect()
}

/// The fields of an item with their values, as they were posted.
pub(super) fn fields(item: &Item, posted: &Posted) -> Vec<(String, String)> {
    let mut names = vec![item.id().to_owned()];
    if matches!(item.kind(), ItemKind::Ranking { .. }) {
        names.extend(
            item.options()
                .iter()
                .map(|option| option_field(item, option.code())),
        );
    }
    let mut fields = Vec::new();
    for name in names {
        fields.extend(
            posted
                .values(&name)
                .iter()
                .map(|value| (format!("a.{name}"), value.clone())),
        );
    }
    fields
}

/// The answer to an item; `None` where nothing was given.
///
/// # Errors
/// What is wrong with it before the rules of the item are even looked at.
pub(super) fn answer(item: &Item, posted: &Posted) -> Result<Option<RawAnswer>, Complaint> {
    let given = match item.kind() {
        ItemKind::Ranking { .. } => ranking(item, posted)?,
        ItemKind::MultipleChoice { .. } => {
            let codes: Vec<String> = substance(item, posted)
                .into_iter()
                .map(str::to_owned)
                .collect();
            (!codes.is_empty()).then_some(RawAnswer::List(codes))
        }
        kind => match substance(item, posted).as_slice() {
            [] => None,
            [value] => Some(single(kind, value)?),
            _ => return Err(Complaint::Unreadable),
        },
    };
    match (given, way_out(item, posted)) {
        (Some(_), Some(kind)) => Err(Complaint::Both(kind)),
        (None, Some(kind)) => Ok(Some(RawAnswer::Missing(kind))),
        (given, None) => Ok(given),
    }
}

fn single(kind: &ItemKind, value: &str) -> Result<RawAnswer, Complaint> {
    Ok(match kind {
        ItemKind::Likert { .. } | ItemKind::Rating { .. } => RawAnswer::Number(
            value
                .parse::<u8>()
                .map(f64::from)
                .map_err(|_| Complaint::Unreadable)?,
        ),
        ItemKind::Number { decimals, .. } => {
            RawAnswer::Number(typed::number(value, *decimals).ok_or(Complaint::NotANumber)?)
        }
        ItemKind::Date { .. } => RawAnswer::Text(typed::date(value)),
        _ => RawAnswer::Text(value.to_owned()),
    })
}

/// The codes of all options in the order of their places.
fn ranking(item: &Item, posted: &Posted) -> Result<Option<RawAnswer>, Complaint> {
    let places = places(item, posted);
    if places.iter().all(Option::is_none) {
        return Ok(None);
    }
    let mut ranked: Vec<(usize, String)> = Vec::new();
    for (option, place) in item.options().iter().zip(&places) {
        let Some(place) = place else { continue };
        let place: usize = place.trim().parse().map_err(|_| Complaint::Unreadable)?;
        if !(1..=places.len()).contains(&place) {
            return Err(Complaint::Unreadable);
        }
        if ranked.iter().any(|(taken, _)| *taken == place) {
            return Err(Complaint::SamePlace(place));
        }
        ranked.push((place, option.code().to_owned()));
    }
    if ranked.len() < places.len() {
        return Err(Complaint::PlaceLacking);
    }
    ranked.sort();
    Ok(Some(RawAnswer::List(
        ranked.into_iter().map(|(_, code)| code).collect(),
    )))
}
