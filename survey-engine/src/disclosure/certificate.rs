//! From which cells something follows.

use super::linear::{add_multiple, entry, inverse, negative, product};
use super::table::Table;

/// Cells from which together something about too few persons follows, and no fewer of them: one has to be withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    pub(super) cells: Vec<usize>,
}

impl Certificate {
    /// Whether none of its cells is `hidden`.
    pub(super) fn is_open(&self, hidden: &[usize]) -> bool {
        !self.cells.iter().any(|cell| hidden.contains(cell))
    }
}

/// A published cell during elimination: its values, and the combination of cells that they are.
struct Combined {
    values: Vec<u64>,
    of: Vec<u64>,
}

/// Sets of published cells that have a combination which is zero outside `atoms` and not zero on them.
///
/// Outside the atoms, each cell that depends on those before it does so in one way: the cells of that combination depend on each
/// other, and no part of them does. Those are kept whose combination is not zero on the atoms; if something follows about the atoms
/// there is at least one.
pub(super) fn certificates(table: &Table, published: &[bool], atoms: &[usize]) -> Vec<Certificate> {
    let rows: Vec<(usize, Vec<u64>)> = table.rows(published).collect();
    let outside: Vec<usize> = (0..table.atoms().len())
        .filter(|atom| !atoms.contains(atom))
        .collect();
    let mut basis: Vec<(usize, Combined)> = Vec::new();
    let mut found = Vec::new();
    for (at, (_, values)) in rows.iter().enumerate() {
        let mut of = vec![0; rows.len()];
        if let Some(own) = of.get_mut(at) {
            *own = 1;
        }
        let mut row = Combined {
            values: values.clone(),
            of,
        };
        for (pivot, other) in &basis {
            let factor = negative(entry(&row.values, *pivot));
            if factor != 0 {
                add_multiple(&mut row.values, factor, &other.values);
                add_multiple(&mut row.of, factor, &other.of);
            }
        }
        let pivot = outside.iter().find(|atom| entry(&row.values, **atom) != 0);
        if let Some(pivot) = pivot {
            let factor = inverse(entry(&row.values, *pivot));
            for value in row.values.iter_mut().chain(&mut row.of) {
                *value = product(*value, factor);
            }
            basis.push((*pivot, row));
        } else if atoms.iter().any(|atom| entry(&row.values, *atom) != 0) {
            let used = rows.iter().zip(&row.of).filter(|(_, factor)| **factor != 0);
            let cells = used.map(|((cell, _), _)| *cell).collect();
            found.push(Certificate { cells });
        }
    }
    found
}
