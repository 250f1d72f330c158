//! Tallies are exact, and do not remember in which order they came about.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod cells;
#[path = "../support/mod.rs"]
mod support;
mod tabulation;

use proptest::prelude::*;
use proptest::sample::Index;
use support::{one_scale, tally_of};
use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan, ValidShare};
use survey_engine::tally::{Tally, TallyBytesError, TallyMismatch};

const CATEGORIES: u8 = 5;

/// A form of a choice item, two scales (one reversed item each) and some bytes that are not codes of theirs.
fn form() -> Blueprint {
    let item = |id: &str, slot, categories, lowest| ItemPlan {
        id: id.to_owned(),
        slot,
        categories,
        lowest,
    };
    let scale = |indicator: &str, items: &[usize]| ScalePlan {
        indicator: indicator.to_owned(),
        members: items
            .iter()
            .map(|item| Member {
                item: *item,
                reversed: item % 2 == 0,
            })
            .collect(),
    };
    let items = vec![
        item("choice", 0, 9, 1),
        item("a", 1, CATEGORIES, 1),
        item("b", 2, CATEGORIES, 1),
        item("c", 3, CATEGORIES, 1),
        item("r", 8, 11, 0),
        item("s", 9, 11, 0),
    ];
    Blueprint::new(
        11,
        items,
        vec![scale("PED.1", &[1, 2, 3]), scale("ORG.2", &[4, 5])],
    )
    .unwrap()
}

fn code(categories: u8) -> impl Strategy<Value = u8> {
    prop_oneof![6 => 1..=categories, 1 => Just(0), 1 => 252..=255_u8]
}

fn response() -> impl Strategy<Value = Vec<u8>> {
    let likert = || code(CATEGORIES);
    let bytes = any::<[u8; 5]>();
    (
        code(9),
        likert(),
        likert(),
        likert(),
        code(11),
        code(11),
        bytes,
    )
        .prop_map(|(choice, a, b, c, r, s, other)| {
            vec![
                choice, a, b, c, other[0], other[1], other[2], other[3], r, s, other[4],
            ]
        })
}

fn responses() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(response(), 0..30)
}

fn merged(left: &Tally, right: &Tally) -> Tally {
    let mut sum = left.clone();
    sum.merge(right).unwrap();
    sum
}

proptest! {
    #[test]
    fn merging_is_commutative_and_associative(a in responses(), b in responses(), c in responses()) {
        let form = form();
        let [a, b, c] = [a, b, c].map(|part| tally_of(&form, &part));
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        prop_assert_eq!(merged(&a, &Tally::new(&form)), a);
    }

    #[test]
    fn order_leaves_no_trace(
        (given, shuffled) in responses().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let form = form();
        prop_assert_eq!(tally_of(&form, &given).to_bytes(), tally_of(&form, &shuffled).to_bytes());
    }

    #[test]
    fn parts_add_up_to_the_whole(all in responses(), cut in any::<Index>()) {
        let form = form();
        let (left, right) = all.split_at(cut.index(all.len() + 1));
        let (left, right) = (tally_of(&form, left), tally_of(&form, right));
        let mut sum = merged(&left, &right);
        prop_assert_eq!(&sum, &tally_of(&form, &all));
        sum.unmerge(&right).unwrap();
        prop_assert_eq!(sum.to_bytes(), left.to_bytes());
    }

    #[test]
    fn subtracting_undoes_adding(all in responses(), late in response()) {
        let form = form();
        let before = tally_of(&form, &all);
        let mut tally = before.clone();
        tally.add(&form, &late).unwrap();
        tally.subtract(&form, &late).unwrap();
        prop_assert_eq!(tally.to_bytes(), before.to_bytes());
    }

    #[test]
    fn bytes_are_read_back(all in responses()) {
        let tally = tally_of(&form(), &all);
        prop_assert_eq!(Tally::from_bytes(&tally.to_bytes()).unwrap(), tally);
    }

    #[test]
    fn other_bytes_are_refused_or_are_a_tally(all in responses(), at in any::<Index>(), bit in 0..8) {
        let mut bytes = tally_of(&form(), &all).to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        if let Ok(tally) = Tally::from_bytes(&bytes) {
            prop_assert_eq!(&tally.to_bytes(), &bytes);
        }
        prop_assert!(Tally::from_bytes(&bytes[..at]).is_err());
    }

    #[test]
    fn reversing_twice_changes_nothing(all in responses()) {
        let reverse = |packed: &Vec<u8>| {
            let turned = packed[1..4].iter().map(|code| {
                if (1..=CATEGORIES).contains(code) { CATEGORIES + 1 - code } else { *code }
            });
            turned.collect::<Vec<u8>>()
        };
        let straight: Vec<Vec<u8>> = all.iter().map(|packed| packed[1..4].to_vec()).collect();
        let turned: Vec<Vec<u8>> = all.iter().map(reverse).collect();
        let plain = tally_of(&one_scale(3, CATEGORIES, 1, &[]), &straight);
        let reversed = tally_of(&one_scale(3, CATEGORIES, 1, &[0, 1, 2]), &turned);
        prop_assert_eq!(plain.scales(), reversed.scales());
    }

    /// Every sum, from the rows.
    #[test]
    fn counts_are_what_the_rows_say(all in responses()) {
        let form = form();
        let tally = tally_of(&form, &all);
        prop_assert_eq!(tally.responses(), all.len() as u64);
        for (item, plan) in tally.items().iter().zip(form.items()) {
            let of = |code: u8| all.iter().filter(|packed| packed[plan.slot] == code).count() as u64;
            let categories: Vec<u64> = (1..=plan.categories).map(of).collect();
            prop_assert_eq!(item.categories(), categories);
            let missing = [
                item.blank(),
                item.not_shown(),
                item.prefer_not_to_say(),
                item.not_applicable(),
                item.dont_know(),
            ];
            prop_assert_eq!(missing, [0, 252, 253, 254, 255].map(of));
        }
        for (position, scale) in tally.scales().iter().enumerate() {
            let people = people(&form, position, &all);
            let complete: Vec<Vec<u64>> =
                people.iter().filter_map(|person| person.iter().copied().collect()).collect();
            prop_assert_eq!(scale.listwise(), complete.len() as u64);
            let k = scale.items();
            let mut products = Vec::new();
            for i in 0..k {
                prop_assert_eq!(scale.sums()[i], complete.iter().map(|row| row[i]).sum::<u64>());
                for j in i..k {
                    products.push(complete.iter().map(|row| row[i] * row[j]).sum::<u64>());
                }
            }
            prop_assert_eq!(scale.products(), products);
            let half = |person: &&Vec<Option<u64>>| 2 * person.iter().flatten().count() >= k;
            prop_assert_eq!(scale.scored(ValidShare::HALF), people.iter().filter(half).count() as u64);
            let sum: u64 = scale.scores().map(|(_, sum, persons)| u64::from(sum) * persons).sum();
            prop_assert_eq!(sum, people.iter().flatten().flatten().sum::<u64>());
            let valid = |person: &Vec<Option<u64>>| person.iter().flatten().count() as u64;
            prop_assert_eq!(scale.ratio().valid, people.iter().map(valid).sum::<u64>());
            let squares = people.iter().map(|person| valid(person).pow(2)).sum::<u64>();
            prop_assert_eq!(scale.ratio().valid_squared, squares);
        }
    }
}

/// Per person the recoded steps of a scale.
fn people(form: &Blueprint, scale: usize, all: &[Vec<u8>]) -> Vec<Vec<Option<u64>>> {
    let step = |packed: &Vec<u8>, member: Member, plan: &ItemPlan| {
        let code = packed[plan.slot];
        let valid = (1..=plan.categories).contains(&code);
        valid.then(|| {
            u64::from(if member.reversed {
                plan.categories - code
            } else {
                code - 1
            })
        })
    };
    let person = |packed| {
        form.members(scale)
            .map(|(member, plan)| step(packed, member, plan))
            .collect()
    };
    all.iter().map(person).collect()
}

#[test]
fn what_does_not_belong_is_refused_and_changes_nothing() {
    let form = form();
    let good = vec![1, 5, 5, 5, 0, 0, 0, 0, 11, 1, 0];
    let mut tally = tally_of(&form, [&good]);
    let before = tally.clone();

    let short = TallyMismatch::Length {
        expected: 11,
        got: 2,
    };
    assert_eq!(tally.add(&form, &[1, 1]), Err(short));
    let mut impossible = good.clone();
    impossible[3] = 6;
    assert_eq!(
        tally.add(&form, &impossible),
        Err(TallyMismatch::Code { item: 3, code: 6 })
    );
    let mut never_added = good.clone();
    never_added[3] = 4;
    assert_eq!(
        tally.subtract(&form, &never_added),
        Err(TallyMismatch::NotContained)
    );
    let other = one_scale(3, 5, 1, &[]);
    assert_eq!(tally.add(&other, &[1, 1, 1]), Err(TallyMismatch::Shape));
    assert_eq!(tally.merge(&Tally::new(&other)), Err(TallyMismatch::Shape));
    assert_eq!(
        tally.unmerge(&tally_of(&form, [&good, &good])),
        Err(TallyMismatch::NotContained)
    );
    assert_eq!(tally, before);
}

#[test]
fn bytes_of_another_kind_are_refused() {
    let bytes = Tally::new(&form()).to_bytes();
    assert_eq!(Tally::from_bytes(&[]), Err(TallyBytesError::Length));
    assert_eq!(
        Tally::from_bytes(&[9, 0, 0, 0]),
        Err(TallyBytesError::Format(9))
    );
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(Tally::from_bytes(&longer), Err(TallyBytesError::Length));
    // One response, but an item that nobody answered in any way.
    let mut contradiction = bytes;
    contradiction[1] = 1;
    assert_eq!(
        Tally::from_bytes(&contradiction),
        Err(TallyBytesError::Inconsistent)
    );
}

#[test]
fn a_school_takes_a_few_kilobytes() {
    let items = 40;
    let plan = |slot: usize| ItemPlan {
        id: format!("i{slot}"),
        slot,
        categories: 5,
        lowest: 1,
    };
    let scale = |at: usize| ScalePlan {
        indicator: format!("S.{at}"),
        members: (5 * at..5 * at + 5)
            .map(|item| Member {
                item,
                reversed: false,
            })
            .collect(),
    };
    let scales = (0..8).map(scale).collect();
    let form = Blueprint::new(items, (0..items).map(plan).collect(), scales).unwrap();
    // Sixteen hundred persons, one answer in thirty-one missing.
    let answer = |person: usize, item: usize| match (person * 31 + item * 7 + person * item) % 31 {
        0 => 0,
        other => u8::try_from(other % 5).unwrap() + 1,
    };
    let rows: Vec<Vec<u8>> = (0..1600)
        .map(|person| (0..items).map(|item| answer(person, item)).collect())
        .collect();
    let size = tally_of(&form, &rows).to_bytes().len();
    assert!(size < 8000, "{size} bytes");
}
