//! Whether something about too few persons follows from published sums.

use serde::Serialize;

use super::light::Search;
use super::linear::{Rows, entry, is_zero, reduced, vanishing};

/// Multiplications after which an audit gives up: seconds of work. Tables of crossed and nested groups need a fraction of it.
const WORK: u64 = 1 << 31;

/// What follows from published sums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Audit {
    /// Nothing about fewer persons than the minimum.
    Safe,
    /// Something about these atoms together, in ascending order, which have fewer persons than the minimum.
    Leak(Vec<usize>),
    /// It was not found out within the work allowed. To be treated like a leak.
    Undecided,
}

impl Audit {
    /// Whether nothing follows about fewer persons than the minimum, for sure.
    ///
    /// ```
    /// use survey_engine::disclosure::Audit;
    /// assert!(Audit::Safe.is_safe());
    /// // Not knowing is not being safe.
    /// assert!(!Audit::Undecided.is_safe());
    /// ```
    #[must_use]
    pub fn is_safe(&self) -> bool {
        *self == Self::Safe
    }
}

/// Columns that all vectors in question have in common: zero together or not at all.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) persons: u64,
    pub(super) atoms: Vec<usize>,
}

/// What the sums in `rows`, over atoms of these sizes, give away about fewer than `minimum` persons. Rows are zero at atoms without
/// persons.
pub(super) fn leak(rows: Rows, atoms: &[u64], minimum: u32) -> Audit {
    let Some(budget) = u64::from(minimum).checked_sub(1) else {
        return Audit::Safe;
    };
    let (large, small): (Vec<usize>, Vec<usize>) = (0..atoms.len())
        .filter(|atom| atoms.get(*atom) > Some(&0))
        .partition(|atom| atoms.get(*atom) > Some(&budget));
    let mut rest = vanishing(rows, large);
    reduced(&mut rest, small.iter().copied());
    rest.retain(|row| !is_zero(row));
    let columns = small.iter().map(|atom| Column {
        persons: atoms.get(*atom).copied().unwrap_or_default(),
        atoms: vec![*atom],
    });
    let narrow = rest.iter().map(|row| pick(row, &small)).collect();
    let mut search = Search::new(WORK);
    match search.lightest(narrow, columns.collect(), budget) {
        Ok(None) => Audit::Safe,
        Ok(Some(found)) => Audit::Leak(narrowed(rest, &small, &found, atoms)),
        Err(_) => Audit::Undecided,
    }
}

fn pick(row: &[u64], columns: &[usize]) -> Vec<u64> {
    columns.iter().map(|column| entry(row, *column)).collect()
}

/// The support, within the atoms `found`, of a vector of `rows` that is zero elsewhere: of those of a basis, one on the fewest persons.
fn narrowed(rows: Rows, small: &[usize], found: &[usize], atoms: &[u64]) -> Vec<usize> {
    let outside = small.iter().filter(|atom| !found.contains(atom));
    let mut inside = vanishing(rows, outside.copied());
    reduced(&mut inside, found.iter().copied());
    let support = |row: &Vec<u64>| {
        let touched = small.iter().filter(|atom| entry(row, **atom) != 0);
        touched.copied().collect::<Vec<usize>>()
    };
    let persons =
        |support: &Vec<usize>| -> u64 { support.iter().filter_map(|atom| atoms.get(*atom)).sum() };
    let supports = inside.iter().map(support);
    let lightest = supports.filter(|support| !support.is_empty());
    lightest.min_by_key(persons).unwrap_or_default()
}
