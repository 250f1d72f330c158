//! A batch counts what its responses count one by one.

use proptest::prelude::*;
use proptest::sample::Index;
use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
use survey_engine::tally::{ItemTally, Tabulation, TabulationError, Tally, TallyMismatch};

use super::support::tally_of;
use super::{code, form, responses};

const CELLS: u32 = 3;

/// Packed answers one after another, and their cells.
fn batch(rows: &[(Vec<u8>, u32)]) -> (Vec<u8>, Vec<u32>) {
    let packed = rows.iter().flat_map(|(row, _)| row.iter().copied());
    (
        packed.collect(),
        rows.iter().map(|(_, cell)| *cell).collect(),
    )
}

fn rows() -> impl Strategy<Value = Vec<(Vec<u8>, u32)>> {
    responses().prop_flat_map(|all| {
        let cells = prop::collection::vec(0..CELLS, all.len());
        (Just(all), cells).prop_map(|(all, cells)| all.into_iter().zip(cells).collect())
    })
}

fn check(form: &Blueprint, rows: &[(Vec<u8>, u32)]) -> Result<(), TestCaseError> {
    let (packed, cells) = batch(rows);
    let mut tabulation = Tabulation::new(form, CELLS as usize).unwrap();
    tabulation.add(&packed, &cells).unwrap();
    let of = |wanted: Option<u32>| {
        let kept = rows
            .iter()
            .filter(|(_, cell)| wanted.is_none_or(|wanted| *cell == wanted));
        tally_of(form, kept.map(|(row, _)| row))
    };
    prop_assert_eq!(tabulation.tally(), of(None));
    prop_assert_eq!(tabulation.responses(), rows.len() as u64);
    for cell in 0..CELLS {
        let items = tabulation.items(cell as usize).unwrap();
        prop_assert_eq!(items, of(Some(cell)).items().to_vec());
    }
    prop_assert_eq!(tabulation.items(CELLS as usize), None);
    Ok(())
}

/// A form of so many items of `categories` categories, in one scale; `gap` bytes that are no item's lie between them.
fn plain(items: usize, categories: u8, gap: usize) -> Blueprint {
    let item = |at: usize| ItemPlan {
        id: format!("i{at}"),
        slot: at * (gap + 1),
        categories,
        lowest: 1,
    };
    let member = |item: usize| Member {
        item,
        reversed: item % 3 == 1,
    };
    let scale = ScalePlan {
        indicator: "S.1".to_owned(),
        members: (0..items).map(member).collect(),
    };
    let all = (0..items).map(item).collect();
    Blueprint::new(items * (gap + 1), all, vec![scale]).unwrap()
}

fn any_form() -> impl Strategy<Value = (Blueprint, Vec<(Vec<u8>, u32)>)> {
    let shape = (1..20_usize, prop_oneof![2..12_u8, Just(240)], 0..2_usize);
    shape.prop_flat_map(|(items, categories, gap)| {
        let form = plain(items, categories, gap);
        let row = prop::collection::vec(code(categories), form.length());
        (Just(form), prop::collection::vec((row, 0..CELLS), 0..60))
    })
}

proptest! {
    #[test]
    fn a_batch_is_its_responses(rows in rows()) {
        check(&form(), &rows)?;
    }

    #[test]
    fn whatever_the_form((form, rows) in any_form()) {
        check(&form, &rows)?;
    }

    #[test]
    fn batches_add_up(rows in rows(), cut in any::<Index>()) {
        let form = form();
        let (first, second) = rows.split_at(cut.index(rows.len() + 1));
        let mut whole = Tabulation::new(&form, CELLS as usize).unwrap();
        let mut merged = whole.clone();
        let mut other = whole.clone();
        for part in [first, second] {
            let (packed, cells) = batch(part);
            whole.add(&packed, &cells).unwrap();
        }
        let (packed, cells) = batch(first);
        merged.add(&packed, &cells).unwrap();
        let (packed, cells) = batch(second);
        other.add(&packed, &cells).unwrap();
        merged.merge(&other).unwrap();
        prop_assert_eq!(merged.tally(), whole.tally());
        for cell in 0..CELLS as usize {
            prop_assert_eq!(merged.items(cell), whole.items(cell));
        }
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn all_cores_count_the_same(rows in rows()) {
        let form = form();
        let (packed, cells) = batch(&rows);
        let mut one = Tabulation::new(&form, CELLS as usize).unwrap();
        let mut all = one.clone();
        one.add(&packed, &cells).unwrap();
        all.add_in_parallel(&packed, &cells).unwrap();
        prop_assert_eq!(one.tally(), all.tally());
        for cell in 0..CELLS as usize {
            prop_assert_eq!(one.items(cell), all.items(cell));
        }
    }
}

/// `rows` alike answers, with another at the end.
fn alike(rows: usize, last: &[u8]) -> (Vec<u8>, Vec<u32>) {
    let mut packed = [1, 2, 3].repeat(rows);
    packed.extend(last);
    (packed, vec![0; rows + 1])
}

#[test]
fn bytes_that_count_are_emptied_in_time() {
    let form = plain(3, 5, 0);
    for rows in [254, 255, 256, 600] {
        let (packed, cells) = alike(rows, &[1, 2, 254]);
        let mut tabulation = Tabulation::new(&form, 1).unwrap();
        tabulation.add(&packed, &cells).unwrap();
        let items = tabulation.items(0).unwrap();
        assert_eq!(items[0].categories(), [rows as u64 + 1, 0, 0, 0, 0]);
        assert_eq!(items[2].not_applicable(), 1);
        assert_eq!(items[2].valid(), rows as u64);
    }
}

#[test]
fn a_batch_with_a_wrong_response_is_not_counted_at_all() {
    let form = plain(3, 5, 0);
    // More than is counted at a time, so that some has to be taken back.
    let rows = 100_000;
    let (packed, cells) = alike(rows, &[1, 6, 3]);
    let mut tabulation = Tabulation::new(&form, 1).unwrap();
    tabulation.add(&[4, 4, 4], &[0]).unwrap();
    let before = (tabulation.tally(), tabulation.items(0));
    let mismatch = TallyMismatch::Code { item: 1, code: 6 };
    let refused = TabulationError::Response {
        row: rows,
        mismatch,
    };
    assert_eq!(tabulation.add(&packed, &cells), Err(refused));
    assert_eq!((tabulation.tally(), tabulation.items(0)), before);
    #[cfg(feature = "rayon")]
    {
        assert_eq!(tabulation.add_in_parallel(&packed, &cells), Err(refused));
        assert_eq!((tabulation.tally(), tabulation.items(0)), before);
    }

    let no_cell = TabulationError::Cell { row: 1, cell: 1 };
    assert_eq!(tabulation.add(&[1, 1, 1, 2, 2, 2], &[0, 1]), Err(no_cell));
    let not_whole = TabulationError::Rows {
        bytes: 4,
        rows: 1,
        length: 3,
    };
    assert_eq!(tabulation.add(&[1, 1, 1, 2], &[0]), Err(not_whole));
    let other = plain(2, 5, 0);
    let other = Tabulation::new(&other, 1).unwrap();
    assert_eq!(tabulation.merge(&other), Err(TabulationError::Shape));
    assert_eq!((tabulation.tally(), tabulation.items(0)), before);
    assert_eq!(
        Tabulation::new(&form, usize::MAX).err(),
        Some(TabulationError::TooMany)
    );
}

#[test]
fn responses_without_answers_are_counted() {
    let form = Blueprint::new(0, Vec::new(), Vec::new()).unwrap();
    let mut tabulation = Tabulation::new(&form, 2).unwrap();
    tabulation.add(&[], &[1, 0, 1]).unwrap();
    let none: Vec<ItemTally> = Vec::new();
    assert_eq!(tabulation.items(1), Some(none));
    assert_eq!(tabulation.tally().responses(), 3);
}

#[test]
fn counting_allocates_nothing() {
    let form = plain(5, 5, 0);
    let rows = 20_000;
    let answer = |at: usize| match at % 37 {
        0 => 0,
        5 => 255,
        other => u8::try_from(other % 5).unwrap() + 1,
    };
    let packed: Vec<u8> = (0..5 * rows).map(answer).collect();
    let cells: Vec<u32> = (0..rows).map(|at| u32::try_from(at % 3).unwrap()).collect();
    let mut tabulation = Tabulation::new(&form, 3).unwrap();
    let memory = allocation_counter::measure(|| tabulation.add(&packed, &cells).unwrap());
    assert_eq!(memory.count_total, 0);
    assert_eq!(tabulation.responses(), rows as u64);
}

#[test]
fn the_tally_of_nobody_is_empty() {
    let form = form();
    assert_eq!(
        Tabulation::new(&form, 0).unwrap().tally(),
        Tally::new(&form)
    );
}
