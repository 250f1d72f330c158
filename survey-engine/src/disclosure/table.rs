//! Tables of sums over groups of persons.

use super::audit::{Audit, leak};

/// Disjoint groups of persons, the *atoms*, and the *cells* that may be published: figures of unions of atoms.
///
/// Means and shares count as sums, since their number of persons is published with them. Atoms and cells are known by their
/// position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    atoms: Vec<u64>,
    cells: Vec<Vec<usize>>,
}

/// Why there is no such table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A cell names an atom that does not exist.
    #[error("cell {cell} names atom {atom}, of which there is none")]
    Atom {
        /// Position of the cell.
        cell: usize,
        /// The atom it names.
        atom: usize,
    },
    /// A cell names an atom twice.
    #[error("cell {cell} names atom {atom} more than once")]
    Repeated {
        /// Position of the cell.
        cell: usize,
        /// The atom it names.
        atom: usize,
    },
    /// The atoms have more persons than can be counted.
    #[error("the atoms have too many persons")]
    TooMany,
}

impl Table {
    /// A table of atoms with so many persons, and cells that are unions of them.
    ///
    /// # Errors
    /// [`TableError::Atom`] if a cell names an atom that does not exist, [`TableError::Repeated`] if it names one twice,
    /// [`TableError::TooMany`] if the persons of all atoms together exceed `u64`.
    ///
    /// ```
    /// use survey_engine::disclosure::Table;
    /// // Two classes and the school.
    /// let table = Table::new(vec![12, 9], vec![vec![0], vec![1], vec![0, 1]])?;
    /// assert_eq!(table.persons(2), Some(21));
    /// assert!(Table::new(vec![12], vec![vec![1]]).is_err());
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    pub fn new(atoms: Vec<u64>, cells: Vec<Vec<usize>>) -> Result<Self, TableError> {
        let all = atoms
            .iter()
            .try_fold(0_u64, |sum, atom| sum.checked_add(*atom));
        all.ok_or(TableError::TooMany)?;
        let mut table = Self {
            atoms,
            cells: Vec::with_capacity(cells.len()),
        };
        for cell in cells {
            table.push(cell)?;
        }
        Ok(table)
    }

    /// Adds a cell.
    pub(super) fn push(&mut self, mut cell: Vec<usize>) -> Result<(), TableError> {
        let at = self.cells.len();
        if let Some(atom) = cell.iter().find(|atom| **atom >= self.atoms.len()) {
            return Err(TableError::Atom {
                cell: at,
                atom: *atom,
            });
        }
        cell.sort_unstable();
        let repeated = cell.iter().zip(cell.iter().skip(1)).find(|(a, b)| a == b);
        if let Some((atom, _)) = repeated {
            return Err(TableError::Repeated {
                cell: at,
                atom: *atom,
            });
        }
        self.cells.push(cell);
        Ok(())
    }

    /// Adds atoms that no cell has.
    pub(super) fn extend(&mut self, sizes: &[u64]) -> Result<(), TableError> {
        let mut all = self.atoms.iter().chain(sizes);
        let sum = all.try_fold(0_u64, |sum, atom| sum.checked_add(*atom));
        sum.ok_or(TableError::TooMany)?;
        self.atoms.extend_from_slice(sizes);
        Ok(())
    }

    /// Persons in each atom.
    ///
    /// ```
    /// use survey_engine::disclosure::Table;
    /// assert_eq!(Table::new(vec![4, 20], vec![vec![0, 1]])?.atoms(), [4, 20]);
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    #[must_use]
    pub fn atoms(&self) -> &[u64] {
        &self.atoms
    }

    /// The atoms of each cell, in ascending order.
    ///
    /// ```
    /// use survey_engine::disclosure::Table;
    /// assert_eq!(Table::new(vec![4, 20], vec![vec![1, 0]])?.cells(), [vec![0, 1]]);
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    #[must_use]
    pub fn cells(&self) -> &[Vec<usize>] {
        &self.cells
    }

    /// Persons in a cell; `None` if there is no such cell.
    ///
    /// ```
    /// use survey_engine::disclosure::Table;
    /// assert_eq!(Table::new(vec![4, 20], vec![vec![0, 1]])?.persons(0), Some(24));
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    #[must_use]
    pub fn persons(&self, cell: usize) -> Option<u64> {
        let atoms = self.cells.get(cell)?.iter();
        Some(atoms.filter_map(|atom| self.atoms.get(*atom)).sum())
    }

    /// The cells that cannot be published whatever else is: those with somebody in them, and fewer than `minimum`. That a cell is
    /// empty is no secret.
    ///
    /// ```
    /// use survey_engine::disclosure::Table;
    /// let table = Table::new(vec![12, 4, 0], vec![vec![0], vec![1], vec![2], vec![0, 1, 2]])?;
    /// assert_eq!(table.primary(10), [1]);
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    #[must_use]
    pub fn primary(&self, minimum: u32) -> Vec<usize> {
        let small = |cell: &usize| {
            let persons = self.persons(*cell).unwrap_or_default();
            persons > 0 && persons < u64::from(minimum)
        };
        (0..self.cells.len()).filter(small).collect()
    }

    /// Whether anything about fewer than `minimum` persons follows from the published cells, by any calculation with sums.
    ///
    /// The published cells are rows of zeros and ones over the atoms. They are [safe](Audit::Safe) if no combination of them, with
    /// whatever factors, is something else than zero on a set of atoms with fewer than `minimum` persons and zero everywhere else.
    /// That is stronger than asking that no withheld cell can be computed. Atoms without persons are left out: that
    /// they are empty is no secret.
    ///
    /// `published` has a flag for each cell; cells beyond its end are not published. An audit whose work is used up is
    /// [`Undecided`](Audit::Undecided). Only the sizes of the atoms matter, never an answer. How it is found: what vanishes on
    /// all atoms of `minimum` and more persons is computed once by elimination modulo `2^61 - 1`; in the small rest, vectors on
    /// few persons are sought by branching on where they vanish, bounded by how many disjoint sets of atoms every vector must
    /// touch. Source: Denning, Denning and Schwartz (1979), ACM Transactions on Database Systems 4, for the attack; Grassl
    /// (2006), Searching for linear codes with large minimum distance, for the search.
    ///
    /// ```
    /// use survey_engine::disclosure::{Audit, Table};
    /// // Three schools and their community: the small school is the community less the others.
    /// let table = Table::new(vec![30, 4, 25], vec![vec![0], vec![2], vec![0, 1, 2]])?;
    /// assert_eq!(table.audit(&[true, true, true], 10), Audit::Leak(vec![1]));
    /// assert_eq!(table.audit(&[true, false, true], 10), Audit::Safe);
    /// # Ok::<(), survey_engine::disclosure::TableError>(())
    /// ```
    #[must_use]
    pub fn audit(&self, published: &[bool], minimum: u32) -> Audit {
        let rows = self.rows(published).map(|(_, row)| row).collect();
        leak(rows, &self.atoms, minimum)
    }

    /// The published cells as rows of zeros and ones, with their positions. Atoms without persons have zeros only.
    pub(super) fn rows<'t>(
        &'t self,
        published: &'t [bool],
    ) -> impl Iterator<Item = (usize, Vec<u64>)> + 't {
        let shown = self.cells.iter().enumerate().zip(published);
        shown
            .filter(|(_, published)| **published)
            .map(|((at, cell), _)| {
                let mut row = vec![0; self.atoms.len()];
                for atom in cell {
                    let persons = self.atoms.get(*atom).copied().unwrap_or_default();
                    if let Some(value) = row.get_mut(*atom) {
                        *value = u64::from(persons > 0);
                    }
                }
                (at, row)
            })
    }
}
