//! What the engine's tests share: forms of one scale, and tallies of them.

use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
use survey_engine::tally::Tally;

/// One scale of `items` items in consecutive bytes.
pub(crate) fn one_scale(items: usize, categories: u8, lowest: u8, reversed: &[usize]) -> Blueprint {
    let plan = |slot: usize| ItemPlan {
        id: format!("i{slot}"),
        slot,
        categories,
        lowest,
    };
    let members = (0..items).map(|item| Member {
        item,
        reversed: reversed.contains(&item),
    });
    let scale = ScalePlan {
        indicator: "PED.1".to_owned(),
        members: members.collect(),
    };
    Blueprint::new(items, (0..items).map(plan).collect(), vec![scale]).unwrap()
}

pub(crate) fn tally_of<'a>(
    blueprint: &Blueprint,
    answers: impl IntoIterator<Item = &'a Vec<u8>>,
) -> Tally {
    let mut tally = Tally::new(blueprint);
    for packed in answers {
        tally.add(blueprint, packed).unwrap();
    }
    tally
}
