//! Reads conditions against the items before them.

use std::collections::BTreeMap;

use super::name::Name;
use super::place::{Object, Place};
use crate::questionnaire::finding::Findings;
use crate::questionnaire::{ChoiceOption, Condition, ItemKind, Quantity, Test, limits};

/// The items of the form a condition stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'k> {
    /// Index and kind by id; no kind if it could not be read.
    pub(super) items: &'k BTreeMap<&'k str, (usize, Option<&'k ItemKind>)>,
    /// Index of the item whose condition is read.
    pub(super) asking: usize,
}

/// Reads a condition. Its depth is bounded by that of the document.
pub(super) fn condition(
    place: &Place<'_>,
    known: Known<'_>,
    findings: &mut Findings,
) -> Option<Condition> {
    let mut object = place.object(findings)?;
    let form = one_of(&object, ["item", "all", "any", "not"], findings)?;
    let member = object.required(form, findings)?;
    let condition = match form {
        "all" => members(&member, known, findings).map(Condition::All),
        "any" => members(&member, known, findings).map(Condition::Any),
        "not" => condition(&member, known, findings).map(|inner| Condition::Not(Box::new(inner))),
        _ => item_test(&member, &mut object, known, findings),
    };
    object.close(findings);
    condition
}

fn members(place: &Place<'_>, known: Known<'_>, findings: &mut Findings) -> Option<Vec<Condition>> {
    let places = place.list(&limits::CONDITION_MEMBERS, findings)?;
    let read: Vec<_> = places
        .iter()
        .map(|place| condition(place, known, findings))
        .collect();
    read.into_iter().collect()
}

/// The one of these keys that is there.
fn one_of<const N: usize>(
    object: &Object<'_>,
    keys: [&'static str; N],
    findings: &mut Findings,
) -> Option<&'static str> {
    let mut there = keys.into_iter().filter(|key| object.has(key));
    let (first, second) = (there.next(), there.next());
    if first.is_none() || second.is_some() {
        let detail = format!(
            "A condition needs exactly one of the keys {} here.",
            super::place::quoted(&keys)
        );
        findings.add(object.pointer(), "bad_condition", detail);
        return None;
    }
    first
}

fn item_test(
    place: &Place<'_>,
    object: &mut Object<'_>,
    known: Known<'_>,
    findings: &mut Findings,
) -> Option<Condition> {
    let referred = reference(place, known, findings);
    let operator = one_of(object, ["in", "atLeast", "atMost", "answered"], findings);
    object.permit(&["in", "atLeast", "atMost", "answered"]);
    let operand = object.required(operator?, findings)?;
    if operator == Some("answered") {
        let answered = operand.boolean(findings)?;
        if !answered {
            let detail =
                "`answered` can only be true; for the opposite put the condition inside `not`.";
            findings.add(operand.pointer(), "bad_condition", detail);
        }
        return Some(Condition::Item {
            index: referred?.0,
            test: Test::Answered,
        });
    }
    let (index, kind) = referred?;
    let kind = kind?;
    let test = match operator? {
        "in" => any_of(&operand, kind, findings)?,
        "atLeast" => Test::AtLeast(quantity(&operand, kind, findings)?),
        _ => Test::AtMost(quantity(&operand, kind, findings)?),
    };
    Some(Condition::Item { index, test })
}

fn reference<'k>(
    place: &Place<'_>,
    known: Known<'k>,
    findings: &mut Findings,
) -> Option<(usize, Option<&'k ItemKind>)> {
    let id = Name::Code.read(place, findings)?;
    let Some(&(index, kind)) = known.items.get(id.as_str()) else {
        let detail = format!("This form has no item `{id}`; refer to an item before this one.");
        findings.add(place.pointer(), "unknown_item", detail);
        return None;
    };
    if index >= known.asking {
        let detail = format!(
            "Item `{id}` does not come before this one; refer to an earlier item or move one of them."
        );
        findings.add(place.pointer(), "forward_reference", detail);
    }
    Some((index, kind))
}

/// `in`: options by code for single and multiple choices, else quantities.
fn any_of(place: &Place<'_>, kind: &ItemKind, findings: &mut Findings) -> Option<Test> {
    let places = place.list(&limits::CONDITION_MEMBERS, findings)?;
    match kind {
        ItemKind::SingleChoice { options } | ItemKind::MultipleChoice { options, .. } => {
            let chosen: Vec<_> = places
                .iter()
                .map(|place| option_index(place, options, findings))
                .collect();
            Some(Test::Chosen(chosen.into_iter().collect::<Option<_>>()?))
        }
        ItemKind::Ranking { .. } | ItemKind::ShortText { .. } | ItemKind::LongText { .. } => {
            incomparable(place, kind, findings);
            None
        }
        _ => {
            let values: Vec<_> = places
                .iter()
                .map(|place| quantity(place, kind, findings))
                .collect();
            Some(Test::OneOf(values.into_iter().collect::<Option<_>>()?))
        }
    }
}

fn option_index(
    place: &Place<'_>,
    options: &[ChoiceOption],
    findings: &mut Findings,
) -> Option<u8> {
    let codes: Vec<&str> = options.iter().map(ChoiceOption::code).collect();
    let place_of = |word: &str| codes.iter().position(|code| *code == word);
    let index = place.word("unknown_option", &codes, place_of, findings)?;
    u8::try_from(index + 1).ok()
}

/// A value that an answer to an item of this kind can be compared with, and can reach.
fn quantity(place: &Place<'_>, kind: &ItemKind, findings: &mut Findings) -> Option<Quantity> {
    match kind {
        ItemKind::Likert { .. } | ItemKind::Rating { .. } => {
            let (lo, hi) = kind.value_range()?;
            place
                .whole(&(u16::from(lo)..=u16::from(hi)), findings)
                .map(|value| Quantity::Number(f64::from(value)))
        }
        ItemKind::Number {
            minimum, maximum, ..
        } => {
            let (least, most) = (
                minimum.unwrap_or(f64::NEG_INFINITY),
                maximum.unwrap_or(f64::INFINITY),
            );
            place
                .number_within(least, most, findings)
                .map(Quantity::Number)
        }
        ItemKind::Date { .. } => place.date(findings).map(Quantity::Date),
        _ => {
            incomparable(place, kind, findings);
            None
        }
    }
}

fn incomparable(place: &Place<'_>, kind: &ItemKind, findings: &mut Findings) {
    let possible = match kind {
        ItemKind::SingleChoice { .. } | ItemKind::MultipleChoice { .. } => "`in` or `answered`",
        _ => "`answered`",
    };
    let detail = format!(
        "The answer to a {} item cannot be compared like this; use {possible}.",
        kind.name()
    );
    findings.add(place.pointer(), "incomparable", detail);
}
