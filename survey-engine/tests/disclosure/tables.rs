//! Tables of sums: what follows from them, and what is withheld so that nothing does.

use proptest::prelude::*;
use survey_engine::disclosure::{
    Audit, QueryAuditor, Refusal, Table, TableError, audit_of_primary_only, may_publish_snapshot,
    suppress, suppress_within,
};

use super::audit;

/// Atoms of few or many persons, and cells of any atoms.
fn tables(atoms: usize, cells: usize) -> impl Strategy<Value = (Vec<u64>, Vec<Vec<usize>>)> {
    let persons = prop_oneof![1 => Just(0_u64), 6 => 1..6_u64, 3 => 6..30_u64];
    let persons = prop::collection::vec(persons, 1..=atoms);
    persons.prop_flat_map(move |persons| {
        let all: Vec<usize> = (0..persons.len()).collect();
        let cell = prop::sample::subsequence(all, 1..=persons.len());
        (Just(persons), prop::collection::vec(cell, 0..=cells))
    })
}

/// A table of rows and columns, with all margins: the cells of the inside first.
fn crossed(inside: &[u64], columns: usize) -> Table {
    let mut cells: Vec<Vec<usize>> = (0..inside.len()).map(|atom| vec![atom]).collect();
    let rows = inside.len() / columns;
    cells.extend((0..rows).map(|row| (row * columns..(row + 1) * columns).collect()));
    cells.extend((0..columns).map(|at| (0..rows).map(|row| row * columns + at).collect()));
    cells.push((0..inside.len()).collect());
    Table::new(inside.to_vec(), cells).unwrap()
}

fn shown(table: &Table, published: &[bool]) -> Vec<Vec<usize>> {
    let cells = table.cells().iter().zip(published);
    let shown = cells.filter(|(_, published)| **published);
    shown.map(|(cell, _)| cell.clone()).collect()
}

/// The independent opinion.
fn leak_by_trying(table: &Table, published: &[bool], minimum: u32) -> Option<Vec<usize>> {
    let rows = shown(table, published);
    let rows: Vec<&Vec<usize>> = rows.iter().collect();
    audit::leak_of(&rows, table.atoms(), u64::from(minimum))
}

/// Fewest cells and then fewest persons, by trying all sets of cells.
fn optimum_by_trying(table: &Table, minimum: u32) -> (usize, u64) {
    let primary = table.primary(minimum);
    let others: Vec<usize> = (0..table.cells().len())
        .filter(|cell| !primary.contains(cell))
        .collect();
    let cost = |set: u32| {
        let chosen = others.iter().enumerate();
        let chosen = chosen.filter(|(at, _)| set >> at & 1 == 1);
        chosen.fold((0, 0), |(cells, persons), (_, cell)| {
            (cells + 1, persons + table.persons(*cell).unwrap())
        })
    };
    let safe = (0..1_u32 << others.len()).filter(|set| {
        let mut published = vec![true; table.cells().len()];
        for cell in &primary {
            published[*cell] = false;
        }
        for (at, cell) in others.iter().enumerate() {
            published[*cell] = set >> at & 1 == 0;
        }
        leak_by_trying(table, &published, minimum).is_none()
    });
    safe.map(cost).min().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_audit_agrees_with_trying_every_set((persons, cells) in tables(10, 9), minimum in 0..14_u32) {
        let table = Table::new(persons, cells).unwrap();
        let published = vec![true; table.cells().len()];
        let tried = leak_by_trying(&table, &published, minimum);
        match table.audit(&published, minimum) {
            Audit::Safe => prop_assert_eq!(tried, None),
            Audit::Leak(leak) => {
                prop_assert!(tried.is_some());
                let persons: u64 = leak.iter().map(|atom| table.atoms()[*atom]).sum();
                prop_assert!(persons > 0 && persons < u64::from(minimum));
                let rows: Vec<&Vec<usize>> = table.cells().iter().collect();
                prop_assert!(audit::follows_about(&rows, table.atoms(), &leak));
                prop_assert!(leak.iter().all(|atom| table.atoms()[*atom] > 0));
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    /// Many atoms of one and two persons: the search has to combine and to bound.
    #[test]
    fn the_audit_agrees_where_all_groups_are_small(
        persons in prop::collection::vec(1..3_u64, 16),
        drawn in prop::collection::vec(prop::collection::vec(any::<bool>(), 16), 7..12),
        minimum in 3..8_u32,
    ) {
        let cell = |flags: &Vec<bool>| (0..16).filter(|at| flags[*at]).collect::<Vec<usize>>();
        let table = Table::new(persons, drawn.iter().map(cell).collect()).unwrap();
        let published = vec![true; table.cells().len()];
        let tried = leak_by_trying(&table, &published, minimum).is_some();
        prop_assert_eq!(!table.audit(&published, minimum).is_safe(), tried);
    }

    #[test]
    fn publishing_less_is_never_less_safe((persons, cells) in tables(9, 8), drop in 0..8_usize) {
        let table = Table::new(persons, cells).unwrap();
        let all = vec![true; table.cells().len()];
        let mut fewer = all.clone();
        if let Some(shown) = fewer.get_mut(drop) {
            *shown = false;
        }
        prop_assert!(!table.audit(&all, 6).is_safe() || table.audit(&fewer, 6).is_safe());
    }

    #[test]
    fn suppression_is_safe_and_withholds_the_fewest((persons, cells) in tables(7, 8), minimum in 2..12_u32) {
        let table = Table::new(persons, cells).unwrap();
        let found = suppress(&table, minimum);
        prop_assert!(found.is_optimal);
        prop_assert_eq!(leak_by_trying(&table, &found.published(&table), minimum), None);
        let optimum = optimum_by_trying(&table, minimum);
        prop_assert_eq!((found.secondary.len(), found.secondary_persons), optimum);
        let persons: u64 = found.secondary.iter().map(|cell| table.persons(*cell).unwrap()).sum();
        prop_assert_eq!(found.secondary_persons, persons);
        prop_assert_eq!(&found.primary_only, &audit_of_primary_only(&table, minimum));
        prop_assert!(found.primary.iter().all(|cell| !found.secondary.contains(cell)));
        // Without a search it is safe as well, and says that it may not be the best.
        let quick = suppress_within(&table, minimum, 0);
        prop_assert_eq!(leak_by_trying(&table, &quick.published(&table), minimum), None);
        prop_assert!(quick.secondary.len() >= found.secondary.len());
        prop_assert_eq!(quick.is_optimal, found.primary_only.is_safe());
    }

    #[test]
    fn crossed_tables_are_safe(inside in prop::collection::vec(prop_oneof![1 => 0..9_u64, 2 => 10..40_u64], 12)) {
        let table = crossed(&inside, 4);
        let found = suppress(&table, 10);
        prop_assert!(found.is_optimal);
        prop_assert_eq!(leak_by_trying(&table, &found.published(&table), 10), None);
        prop_assert!(suppress_within(&table, 10, 0).secondary.len() >= found.secondary.len());
    }

    #[test]
    fn answered_questions_never_leak(
        (persons, questions) in tables(7, 12),
        later in prop::collection::vec(1..8_u64, 0..3),
    ) {
        let mut auditor = QueryAuditor::new(6);
        let first = auditor.add_atoms(&persons).unwrap();
        for question in &questions {
            auditor.ask(question).unwrap();
        }
        let more = auditor.add_atoms(&later).unwrap();
        prop_assert_eq!(more.start, first.end);
        for question in questions {
            let with: Vec<usize> = question.into_iter().chain(more.clone()).collect();
            let before = auditor.answered().cells().len();
            let considered = auditor.consider(&with).unwrap();
            prop_assert_eq!(auditor.ask(&with).unwrap(), considered.clone());
            prop_assert_eq!(auditor.answered().cells().len() - before, usize::from(considered.is_answered()));
            prop_assert_eq!(considered.refusal == Some(Refusal::BelowMinimumN), considered.persons < 6);
        }
        let table = auditor.answered();
        prop_assert_eq!(leak_by_trying(table, &vec![true; table.cells().len()], 6), None);
    }

    #[test]
    fn snapshots_are_far_apart(n in 0..60_u64, last in prop::option::of(0..60_u64), minimum in 1..15_u32) {
        if may_publish_snapshot(n, last, minimum) {
            prop_assert!(n >= u64::from(minimum));
            prop_assert!(last.is_none_or(|last| n == last || n >= last + u64::from(minimum)));
        }
    }
}

/// The ordinary criterion, that no withheld cell can be computed, is not enough: a difference of two sums is about 4 + 3 persons.
#[test]
fn differences_about_few_persons_are_leaks_too() {
    let table = crossed(
        &[3, 20, 20, 20, 20, 4, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20],
        4,
    );
    let corners = [0, 1, 4, 5];
    let published: Vec<bool> = (0..table.cells().len())
        .map(|cell| !corners.contains(&cell))
        .collect();
    // Row 1 less column 2 leaves the two small cells, one with each sign.
    assert_eq!(table.audit(&published, 10), Audit::Leak(vec![0, 5]));
    let found = suppress(&table, 10);
    assert!(found.is_optimal && found.secondary.len() > 2);
}

#[test]
fn an_empty_group_is_no_secret() {
    let table = Table::new(
        vec![0, 12, 14],
        vec![vec![0], vec![1], vec![0, 1], vec![0, 1, 2]],
    );
    let found = suppress(&table.unwrap(), 10);
    assert!(found.primary.is_empty() && found.secondary.is_empty() && found.primary_only.is_safe());
}

#[test]
fn tables_that_cannot_be_are_refused() {
    let refused = |cells: Vec<Vec<usize>>| Table::new(vec![4, 5], cells).unwrap_err();
    assert_eq!(
        refused(vec![vec![0], vec![2]]),
        TableError::Atom { cell: 1, atom: 2 }
    );
    assert_eq!(
        refused(vec![vec![1, 0, 1]]),
        TableError::Repeated { cell: 0, atom: 1 }
    );
    assert_eq!(
        Table::new(vec![u64::MAX, 1], Vec::new()),
        Err(TableError::TooMany)
    );
}

/// Numbers that look drawn, the same at each run.
fn drawn(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ mixed >> 31) % below
    }
}

/// Cells of every margin of a table of ten schools, five years and four groups, with the number of ways that are fixed.
fn margins() -> Vec<(usize, Vec<usize>)> {
    let coordinates = |atom: usize| [atom / 20, atom / 4 % 5, atom % 4];
    let sizes = [10, 5, 4];
    let mut cells: Vec<(usize, Vec<usize>)> = Vec::new();
    for free in 0..8_u32 {
        let fixed: Vec<usize> = (0..3).filter(|axis| free >> axis & 1 == 0).collect();
        let count: usize = fixed.iter().map(|axis| sizes[*axis]).product();
        for mut at in 0..count {
            let mut wanted = Vec::new();
            for axis in &fixed {
                wanted.push((*axis, at % sizes[*axis]));
                at /= sizes[*axis];
            }
            let is_in = |atom: &usize| {
                let mut each = wanted.iter();
                each.all(|(axis, value)| coordinates(*atom)[*axis] == *value)
            };
            cells.push((fixed.len(), (0..200).filter(is_in).collect()));
        }
    }
    cells
}

/// 200 groups of a handful of persons each, and 330 sums over them.
#[test]
fn a_large_table_of_small_groups_is_audited() {
    let mut next = drawn(3);
    let persons: Vec<u64> = (0..200).map(|_| 1 + next(9)).collect();
    let (ways, cells): (Vec<usize>, Vec<Vec<usize>>) = margins().into_iter().unzip();
    assert_eq!(cells.len(), 330);
    let table = Table::new(persons, cells.clone()).unwrap();
    let found = audit_of_primary_only(&table, 10);
    assert!(matches!(found, Audit::Leak(_)), "{found:?}");
    let one_way: Vec<bool> = ways.iter().map(|ways| *ways < 2).collect();
    assert!(table.audit(&one_way, 10).is_safe());
    // Four atoms of three persons is the least that crossed margins are about.
    let even = Table::new(vec![3; 200], cells).unwrap();
    let two_way: Vec<bool> = ways.iter().map(|ways| *ways < 3).collect();
    assert!(even.audit(&two_way, 12).is_safe());
    assert!(!even.audit(&two_way, 13).is_safe());
}

/// Nothing to eliminate and every set of nine to exclude.
#[test]
fn rows_and_columns_of_single_persons_are_audited() {
    let table = crossed(&[1; 200], 20);
    let published: Vec<bool> = table.cells().iter().map(|cell| cell.len() > 1).collect();
    assert!(table.audit(&published, 10).is_safe());
    let Audit::Leak(column) = table.audit(&published, 11) else {
        panic!("a column has ten persons");
    };
    assert!(column.len() == 10 && column.iter().all(|atom| atom % 20 == column[0] % 20));
}

#[test]
fn a_large_table_is_protected() {
    let mut next = drawn(11);
    let inside: Vec<u64> = (0..36).map(|_| 4 + next(40)).collect();
    let table = crossed(&inside, 6);
    let found = suppress(&table, 10);
    println!("{found:?}");
    let published = found.published(&table);
    assert!(leak_by_trying(&table, &published, 10).is_none());
}
