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
    let mut next = keys.iter().map(|key| key.number).max().unwrap_or(0) + 1;
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
            let units: Vec<(String, i64)> = units
                .into_iter()
                .map(|unit| (count(&unit.code), unit.code))
                .filter(|(count, _)| *count > 0)
                .map(|(count, code)| (code, count))
                .collect();
            merge(&units)
        }
    };
    let mut decided = first.unwrap_or(next);
    for group in groups {
        let key = SigningKeyRow {
            tenant,
            round: code.to_owned(),
            number: next,
            form: form.to_owned(),
            public_key: None,
        };
        on!(conn, claim::insert_signing_keys(&[key]))?;
        let rows: Vec<EligibilityRow> = group
            .iter()
            .map(|unit| eligible(round, unit, form, next))
            .collect();
        on!(conn, claim::insert_eligible(&rows))?;
        if group.iter().any(|unit| unit == organisation) {
            decided = next;
        }
        next += 1;
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

/// Puts organisations with so many invited together, in this order, until each group has enough; what remains joins the last group.
fn merge(units: &[(String, i64)]) -> Vec<Vec<String>> {
    let (mut groups, mut group, mut size) = (Vec::new(), Vec::new(), 0);
    for (unit, invited) in units {
        group.push(unit.clone());
        size += invited;
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
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_organisations_share_a_key_with_the_next() {
        for (invited, groups) in [
            (vec![], vec![]),
            (vec![5], vec![vec![0]]),
            (vec![5, 8], vec![vec![0, 1]]),
            (vec![5, 8, 30], vec![vec![0, 1, 2]]),
            (vec![30, 5, 8], vec![vec![0, 1, 2]]),
            (vec![20, 20, 19, 1], vec![vec![0], vec![1], vec![2, 3]]),
            (vec![40, 19, 30, 19], vec![vec![0], vec![1, 2, 3]]),
        ] {
            let units: Vec<(String, i64)> = (0..)
                .zip(&invited)
                .map(|(at, count): (usize, &i64)| (at.to_string(), *count))
                .collect();
            let expected: Vec<Vec<String>> = groups
                .iter()
                .map(|group: &Vec<usize>| group.iter().map(usize::to_string).collect())
                .collect();
            assert_eq!(merge(&units), expected, "{invited:?}");
        }
    }
}
