//! Which cells of a table to withhold so that no small group follows from the rest.

use serde::Serialize;

use super::audit::Audit;
use super::certificate::{Certificate, certificates};
use super::cheapest::cheapest;
use super::table::Table;

/// Audits that [`suppress`] spends on finding the fewest cells, and proving it.
pub const SUPPRESSION_AUDITS: u32 = 2_000;

/// Which cells of a table are not published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Suppression {
    /// Cells with too few persons, in ascending order.
    pub primary: Vec<usize>,
    /// What would follow if only those were withheld.
    pub primary_only: Audit,
    /// Cells that are withheld as well, in ascending order.
    pub secondary: Vec<usize>,
    /// Their persons, added up.
    pub secondary_persons: u64,
    /// Whether it is proved that no fewer cells would do, nor as many with fewer persons in them. The outcome is safe either way.
    pub is_optimal: bool,
}

impl Suppression {
    /// A flag per cell of `table`: whether it may be published.
    ///
    /// ```
    /// use survey_engine::disclosure::{Table, suppress};
    /// let table = Table::new(vec![25, 4, 18], vec![vec![0], vec![1], vec![2], vec![0, 1, 2]])?;
    /// assert_eq!(suppress(&table, 10).published(&table), [true, false, false, true]);
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    #[must_use]
    pub fn published(&self, table: &Table) -> Vec<bool> {
        let hidden = |cell: &usize| self.primary.contains(cell) || self.secondary.contains(cell);
        (0..table.cells().len())
            .map(|cell| !hidden(&cell))
            .collect()
    }
}

/// Withholds the cells that are too small, and the fewest further ones that make the rest [safe](Table::audit); among as many cells,
/// those with the fewest persons.
///
/// The optimum is searched for with [`SUPPRESSION_AUDITS`]; see [`suppress_within`].
///
/// ```
/// use survey_engine::disclosure::{Audit, Table, suppress};
/// // Two small schools that are small together as well, two large ones, and all of them.
/// let cells = vec![vec![0], vec![1], vec![2], vec![3], vec![0, 1, 2, 3]];
/// let table = Table::new(vec![3, 4, 50, 60], cells)?;
/// let found = suppress(&table, 10);
/// assert_eq!((found.primary, found.secondary), (vec![0, 1], vec![2]));
/// assert_eq!(found.primary_only, Audit::Leak(vec![0, 1]));
/// assert!(found.is_optimal);
/// # Ok::<(), survey_engine::disclosure::TableError>(())
/// ```
#[must_use]
pub fn suppress(table: &Table, minimum: u32) -> Suppression {
    suppress_within(table, minimum, SUPPRESSION_AUDITS)
}

/// [`suppress`], with so many audits at most for the search of the optimum.
///
/// First cells are withheld one by one: of the sets of cells from which something follows, one cell of the smallest is withheld, the one that
/// is in most of them, with the fewest persons. Then what need not be withheld is given back, from the largest. This takes about two audits
/// per cell and is safe by itself. The search for fewer goes through the ways to take one cell of every such set (a hitting set),
/// finding more sets as it audits, by iterative deepening with disjoint sets as lower bound. If the audits are used up, the best that
/// was found is the outcome, with `is_optimal` false. The outcome is the same for equal input.
///
/// Sources: Willenborg and de Waal (2001), Elements of Statistical Disclosure Control, for secondary suppression; the search is
/// this engine's.
///
/// ```
/// use survey_engine::disclosure::{Table, suppress_within};
/// let table = Table::new(vec![25, 4, 18], vec![vec![0], vec![1], vec![2], vec![0, 1, 2]])?;
/// let quick = suppress_within(&table, 10, 0);
/// assert_eq!((quick.secondary, quick.is_optimal), (vec![2], false));
/// # Ok::<(), survey_engine::disclosure::TableError>(())
/// ```
#[must_use]
pub fn suppress_within(table: &Table, minimum: u32, audits: u32) -> Suppression {
    let primary = table.primary(minimum);
    let mut published = vec![true; table.cells().len()];
    for cell in &primary {
        if let Some(shown) = published.get_mut(*cell) {
            *shown = false;
        }
    }
    let primary_only = table.audit(&published, minimum);
    if primary_only.is_safe() {
        return Suppression {
            primary,
            primary_only,
            secondary: Vec::new(),
            secondary_persons: 0,
            is_optimal: true,
        };
    }
    let mut known = Vec::new();
    let greedy = greedy(table, minimum, &published, &mut known);
    let (secondary, is_optimal) = cheapest(table, minimum, &published, known, greedy, audits);
    let persons = secondary.iter().filter_map(|cell| table.persons(*cell));
    Suppression {
        secondary_persons: persons.fold(0, u64::saturating_add),
        primary,
        primary_only,
        secondary,
        is_optimal,
    }
}

/// Whether something about too few persons follows if only the cells with too few persons are withheld, as many published tables do.
///
/// ```
/// use survey_engine::disclosure::{Audit, Table, audit_of_primary_only};
/// let table = Table::new(vec![25, 4, 18], vec![vec![0], vec![1], vec![2], vec![0, 1, 2]])?;
/// assert_eq!(audit_of_primary_only(&table, 10), Audit::Leak(vec![1]));
/// # Ok::<(), survey_engine::disclosure::TableError>(())
/// ```
#[must_use]
pub fn audit_of_primary_only(table: &Table, minimum: u32) -> Audit {
    let primary = table.primary(minimum);
    let shown = |cell: usize| !primary.contains(&cell);
    let published: Vec<bool> = (0..table.cells().len()).map(shown).collect();
    table.audit(&published, minimum)
}

/// Cells to withhold beside those that are not `published`, in ascending order, and the certificates met on the way.
fn greedy(
    table: &Table,
    minimum: u32,
    published: &[bool],
    known: &mut Vec<Certificate>,
) -> Vec<usize> {
    let mut shown = published.to_vec();
    let mut hidden: Vec<usize> = Vec::new();
    loop {
        let open = |certificate: &&Certificate| certificate.is_open(&hidden);
        let victim = if known.iter().any(|one| open(&one)) {
            let smallest = known.iter().filter(open).min_by_key(|one| one.cells.len());
            let cells = smallest.map(|one| one.cells.as_slice()).unwrap_or_default();
            let met = |cell: usize| {
                let open = known.iter().filter(open);
                open.filter(|one| one.cells.contains(&cell)).count()
            };
            cells.iter().copied().min_by_key(|cell| {
                let persons = table.persons(*cell);
                (std::cmp::Reverse(met(*cell)), persons, *cell)
            })
        } else {
            match table.audit(&shown, minimum) {
                Audit::Safe => break,
                Audit::Leak(atoms) => {
                    let found = certificates(table, &shown, &atoms);
                    if found.is_empty() {
                        smallest_shown(table, &shown)
                    } else {
                        known.extend(found);
                        continue;
                    }
                }
                Audit::Undecided => smallest_shown(table, &shown),
            }
        };
        let Some(victim) = victim else { break };
        hidden.push(victim);
        if let Some(shown) = shown.get_mut(victim) {
            *shown = false;
        }
    }
    hidden.sort_by_key(|cell| (std::cmp::Reverse(table.persons(*cell)), *cell));
    let mut kept = Vec::new();
    for (at, cell) in hidden.iter().enumerate() {
        let others: Vec<usize> = kept
            .iter()
            .chain(hidden.iter().skip(at + 1))
            .copied()
            .collect();
        let needed = known.iter().any(|one| one.is_open(&others));
        set(&mut shown, *cell, true);
        if needed || !table.audit(&shown, minimum).is_safe() {
            set(&mut shown, *cell, false);
            kept.push(*cell);
        }
    }
    kept.sort_unstable();
    kept
}

fn set(flags: &mut [bool], at: usize, value: bool) {
    if let Some(flag) = flags.get_mut(at) {
        *flag = value;
    }
}

fn smallest_shown(table: &Table, shown: &[bool]) -> Option<usize> {
    let cells = (0..shown.len()).filter(|cell| shown.get(*cell) == Some(&true));
    cells.min_by_key(|cell| (table.persons(*cell), *cell))
}
