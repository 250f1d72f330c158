//! Which key signs for whom: a key per form and organisation, which small organisations share with the next.

use crate::error::Result;
use crate::service::round::Round;
use crate::store::rows::{EligibilityRow, SigningKeyRow};
use crate::store::{Conn, on};
use std::collections::BTreeMap;

/// The fewest people who share a key: a signature tells which key made it, so it tells as much as one in so many.
const FEWEST: i64 = 20;

/// Number of the key that signs for a form at an organisation; decided for the whole round when a form is claimed first.
pub(super) fn decide(
    conn: &mut Conn,
    round: &Round,
    organisation: &str,
    form: &str,
) -> Result<i64> {
    let (tenant, code) = (round.tenant, round.code.as_str());
    if let Some(number) = on!(conn, claim::eligible(tenant, code, organisation, form))? {
        return Ok(number);
    }
    let keys = on!(conn, claim::signing_keys(tenant, code))?;
    let first = keys
        .iter()
        .find(|key| key.form == form)
        .map(|key| key.number);
    let next = keys.iter().map(|key| key.number).max().unwrap_or(0) + 1;
    let invited: BTreeMap<String, i64> = on!(conn, claim::invited(tenant, code, form))?
        .into_iter()
        .collect();
    let count = |code: &str| invited.get(code).copied().unwrap_or(0);
    let groups: Vec<Vec<String>> = match first {
        // Somebody who was invited after the form was first claimed: decided once, it stays.
        Some(number) if count(organisation) < FEWEST => {
            let row = eligible(round, organisation, form, number);
            on!(conn, claim::insert_eligible(&[row]))?;
            return Ok(number);
        }
        Some(_) => vec![vec![organisation.to_owned()]],
        None => {
            let top =
                on!(conn, organisation::find(tenant, &round.organisation))?.ok_or_else(|| {
                    crate::error::Error::not_found("organisation", &round.organisation)
                })?;
            let units = on!(conn, organisation::at_or_below(tenant, &top.path))?;
            let units: Vec<Unit> = units
                .into_iter()
                .map(|unit| Unit {
                    invited: count(&unit.code),
                    code: unit.code,
                    parent: unit.parent,
                })
                .filter(|unit| unit.invited > 0)
                .collect();
            merge(&units)
        }
    };
    let mut decided = first.unwrap_or(next);
    for (number, group) in (next..).zip(groups) {
        let key = SigningKeyRow {
            tenant,
            round: code.to_owned(),
            number,
            form: form.to_owned(),
            public_key: None,
        };
        on!(conn, claim::insert_signing_keys(&[key]))?;
        let rows: Vec<EligibilityRow> = group
            .iter()
            .map(|unit| eligible(round, unit, form, number))
            .collect();
        on!(conn, claim::insert_eligible(&rows))?;
        if group.iter().any(|unit| unit == organisation) {
            decided = number;
        }
    }
    Ok(decided)
}

fn eligible(round: &Round, organisation: &str, form: &str, number: i64) -> EligibilityRow {
    EligibilityRow {
        tenant: round.tenant,
        round: round.code.clone(),
        organisation: organisation.to_owned(),
        form: form.to_owned(),
        signing_key: number,
    }
}

/// An organisation that a form asks.
struct Unit {
    code: String,
    parent: Option<String>,
    invited: i64,
}

/// Puts organisations together, in this order, until each group has enough. What remains joins the group before it: at the end, and also
/// where the next organisation lies elsewhere in the tree and the one before does not, so that a school shares with another only if it must.
fn merge(units: &[Unit]) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<&Unit>> = Vec::new();
    let (mut group, mut size): (Vec<&Unit>, i64) = (Vec::new(), 0);
    for unit in units {
        let elsewhere = group.last().is_some_and(|last| last.parent != unit.parent);
        if elsewhere && let Some(before) = groups.last_mut() {
            let (own, near) = (group.last(), before.last());
            if own.map(|one| &one.parent) == near.map(|one| &one.parent) {
                before.append(&mut group);
                size = 0;
            }
        }
        group.push(unit);
        size += unit.invited;
        if size >= FEWEST {
            groups.push(std::mem::take(&mut group));
            size = 0;
        }
    }
    match groups.last_mut() {
        Some(last) => last.append(&mut group),
        None if group.is_empty() => {}
        None => groups.push(group),
    }
    let codes = |group: Vec<&Unit>| group.iter().map(|unit| unit.code.clone()).collect();
    groups.into_iter().map(codes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups_of(units: &[(&str, i64)]) -> Vec<String> {
        let units: Vec<Unit> = (0..)
            .zip(units)
            .map(|(at, (parent, invited)): (usize, _)| Unit {
                code: at.to_string(),
                parent: Some((*parent).to_owned()),
                invited: *invited,
            })
            .collect();
        merge(&units).iter().map(|group| group.concat()).collect()
    }

    #[test]
    fn small_organisations_share_a_key_with_the_next() {
        for (invited, groups) in [
            (vec![], vec![]),
            (vec![5], vec!["0"]),
            (vec![5, 8], vec!["01"]),
            (vec![5, 8, 30], vec!["012"]),
            (vec![30, 5, 8], vec!["012"]),
            (vec![20, 20, 19, 1], vec!["0", "1", "23"]),
            (vec![40, 19, 30, 19], vec!["0", "123"]),
        ] {
            let units: Vec<(&str, i64)> = invited.iter().map(|count| ("s", *count)).collect();
            assert_eq!(groups_of(&units), groups, "{invited:?}");
        }
    }

    #[test]
    fn a_school_shares_with_another_only_if_it_must() {
        assert_eq!(groups_of(&[("a", 20), ("a", 3), ("b", 20)]), ["01", "2"]);
        assert_eq!(groups_of(&[("a", 3), ("a", 4), ("b", 20)]), ["012"]);
        assert_eq!(groups_of(&[("a", 20), ("b", 3), ("c", 30)]), ["0", "12"]);
        assert_eq!(groups_of(&[("a", 20), ("b", 3)]), ["01"]);
    }
}
