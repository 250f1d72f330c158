//! Vectors of a space that touch few persons.
//!
//! The weight of a vector is the number of persons in the columns where it is not zero. Whether there is one of little weight, other
//! than zero, is decided without trying all sets of columns:
//!
//! * Columns heavier than the budget must be zero: elimination. Proportional columns are zero together: one column with the
//!   persons of both. What falls into blocks is searched block by block.
//! * On columns in which the whole space is visible (an information set) every vector other than zero has weight. Disjoint such sets
//!   add up, and a vector within the budget must have no more than its part of it on at least one of them: it is a combination of few
//!   of that set's basis vectors (Brouwer and Zimmermann; Grassl 2006, Searching for linear codes with large minimum distance).
//! * Small spaces are branched on the first column, from the heaviest, in which the vector is zero: those before it are paid for.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::audit::Column;
use super::linear::{Rows, entry, inverse, product, reduced, vanishing};

/// Up to this dimension, branching on zeros is quicker than combining basis vectors.
const SMALL: usize = 6;

/// At least so many vectors of a basis have a pivot for each that has none.
const LARGEST_REST: usize = 4;

/// The work allowed is used up.
pub(super) struct Exhausted;

/// The atoms found, if any.
type Found = Result<Option<Vec<usize>>, Exhausted>;

pub(super) struct Search {
    work: u64,
}

/// A space of vectors over columns, given by vectors that are independent.
struct Space {
    rows: Rows,
    columns: Vec<Column>,
}

/// A basis of a space in two parts: vectors with a pivot each, a column where only this one is not zero, and a few vectors that are zero
/// at all pivots.
struct Basis {
    rows: Rows,
    pivots: Vec<usize>,
    rest: Rows,
}

impl Search {
    /// A search of at most so many multiplications.
    pub(super) fn new(work: u64) -> Self {
        Self { work }
    }

    /// The atoms of a vector other than zero in the span of independent `rows` whose persons are at most `budget`.
    pub(super) fn lightest(&mut self, rows: Rows, columns: Vec<Column>, budget: u64) -> Found {
        self.find(Space { rows, columns }, budget)
    }

    fn spend(&mut self, space: &Space) -> Result<(), Exhausted> {
        let rows = space.rows.len() as u64;
        let cost = (rows * rows + 1).saturating_mul(space.columns.len() as u64 + 1);
        self.work = self.work.checked_sub(cost).ok_or(Exhausted)?;
        Ok(())
    }

    fn find(&mut self, mut space: Space, budget: u64) -> Found {
        self.spend(&space)?;
        while space.forbid_heavy(budget) || space.merge_proportional() {}
        if space.rows.is_empty() {
            return Ok(None);
        }
        let heaviest_first = space.heaviest_first();
        reduced(&mut space.rows, heaviest_first.iter().copied());
        if let Some(atoms) = space.light_row(&space.rows, budget) {
            return Ok(Some(atoms));
        }
        if space.rows.len() == 1 {
            return Ok(None);
        }
        let blocks = space.blocks();
        if blocks.len() > 1 {
            for block in blocks {
                if let Some(atoms) = self.find(block, budget)? {
                    return Ok(Some(atoms));
                }
            }
            return Ok(None);
        }
        if space.rows.len() <= SMALL {
            return self.by_zeros(&space, budget);
        }
        let bases = self.disjoint_bases(&space)?;
        let mut bound = 0;
        for basis in &bases {
            if let Some(atoms) = space.light_row(&basis.rows, budget) {
                return Ok(Some(atoms));
            }
            if basis.rest.is_empty() {
                let pivots = basis.pivots.iter().map(|pivot| space.persons(*pivot));
                bound += pivots.min().unwrap_or_default();
            }
        }
        if bound > budget {
            return Ok(None);
        }
        self.by_bases(&space, &bases, budget)
    }

    /// Branches on the first column that is zero.
    fn by_zeros(&mut self, space: &Space, budget: u64) -> Found {
        let order = space.heaviest_first();
        let mut paid = 0;
        for (before, column) in order.iter().enumerate() {
            if paid > budget {
                break;
            }
            self.spend(space)?;
            let rows = vanishing(space.rows.clone(), [*column]);
            let kept = order.get(before + 1..).unwrap_or_default();
            let mut child = space.with(rows, kept);
            let touched = order.get(..before).unwrap_or_default();
            let touched = || {
                let columns = touched.iter().filter_map(|at| space.columns.get(*at));
                columns.flat_map(|column| column.atoms.iter().copied())
            };
            let visible = reduced(&mut child.rows, 0..kept.len()).len();
            if visible < child.rows.len() {
                // A vector that is zero everywhere but in the columns that are paid for.
                return Ok(Some(touched().collect()));
            }
            if let Some(mut atoms) = self.find(child, budget - paid)? {
                atoms.extend(touched());
                return Ok(Some(atoms));
            }
            paid += space.persons(*column);
        }
        Ok(None)
    }

    /// Bases with disjoint pivots, of which all but few vectors have one.
    fn disjoint_bases(&mut self, space: &Space) -> Result<Vec<Basis>, Exhausted> {
        let mut free = space.heaviest_first();
        let mut bases = Vec::new();
        loop {
            self.spend(space)?;
            let mut rows = space.rows.clone();
            let pivots = reduced(&mut rows, free.iter().copied());
            let rest = rows.split_off(pivots.len());
            if rest.len() * LARGEST_REST > space.rows.len() {
                return Ok(bases);
            }
            free.retain(|column| !pivots.contains(column));
            bases.push(Basis { rows, pivots, rest });
        }
    }

    /// Combines few vectors of each basis.
    fn by_bases(&mut self, space: &Space, bases: &[Basis], budget: u64) -> Found {
        for (basis, allowed) in bases.iter().zip(allowances(space, bases, budget)) {
            let mut by_weight: Vec<(u64, &Vec<u64>)> = basis
                .pivots
                .iter()
                .map(|pivot| space.persons(*pivot))
                .zip(&basis.rows)
                .collect();
            by_weight.sort_by_key(|(persons, _)| Reverse(*persons));
            let mut chosen = Vec::new();
            let all = (space, basis, budget);
            if let Some(atoms) = self.combine(all, &by_weight, &mut chosen, allowed, u64::MAX)? {
                return Ok(Some(atoms));
            }
        }
        Ok(None)
    }

    /// Goes through the largest sets of basis vectors whose pivots have at most `allowed` persons; `left_out` is the lightest pivot that
    /// was passed over.
    fn combine<'r>(
        &mut self,
        (space, basis, budget): (&Space, &Basis, u64),
        open: &[(u64, &'r Vec<u64>)],
        chosen: &mut Vec<&'r Vec<u64>>,
        allowed: u64,
        left_out: u64,
    ) -> Found {
        let Some(((persons, row), open)) = open.split_first() else {
            // A larger set contains this one, or it is a single vector, which was looked at before.
            let was_seen = chosen.len() < 2 && basis.rest.is_empty();
            if left_out <= allowed || was_seen {
                return Ok(None);
            }
            let rows = chosen.iter().copied().chain(&basis.rest);
            let rows: Rows = rows.cloned().collect();
            let dimension = rows.len();
            let columns = space.columns.clone();
            let part = Space { rows, columns };
            return if dimension < space.rows.len() {
                self.find(part, budget)
            } else {
                self.by_zeros(&part, budget)
            };
        };
        if let Some(left) = allowed.checked_sub(*persons) {
            chosen.push(row);
            let found = self.combine((space, basis, budget), open, chosen, left, left_out)?;
            chosen.pop();
            if found.is_some() {
                return Ok(found);
            }
        }
        let left_out = left_out.min(*persons);
        self.combine((space, basis, budget), open, chosen, allowed, left_out)
    }
}

/// How many persons a vector may have on the pivots of each basis: one more on every basis would exceed the budget. Chosen so that few
/// combinations are left to try.
fn allowances(space: &Space, bases: &[Basis], budget: u64) -> Vec<u64> {
    let mut allowed = vec![0_u64; bases.len()];
    let combinations = |basis: &Basis, allowed: u64| {
        let mut ways: BTreeMap<u64, u64> = BTreeMap::from([(0, 1)]);
        for pivot in &basis.pivots {
            for (sum, count) in ways.clone() {
                let more = sum + space.persons(*pivot);
                if more <= allowed {
                    let ways = ways.entry(more).or_default();
                    *ways = ways.saturating_add(count);
                }
            }
        }
        ways.values()
            .fold(0_u64, |sum, ways| sum.saturating_add(*ways))
    };
    let mut next: Vec<u64> = bases.iter().map(|basis| combinations(basis, 1)).collect();
    while allowed.iter().map(|allowed| allowed + 1).sum::<u64>() <= budget {
        let cheapest = (0..next.len()).min_by_key(|at| next.get(*at));
        let Some(at) = cheapest else { break };
        if let (Some(allowed), Some(next), Some(basis)) =
            (allowed.get_mut(at), next.get_mut(at), bases.get(at))
        {
            *allowed += 1;
            *next = combinations(basis, *allowed + 1);
        }
    }
    allowed
}

/// A number that has little to do with that of its neighbours (how `SplitMix64` mixes).
fn scattered(at: usize) -> u64 {
    let mixed = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ mixed >> 27
}

impl Space {
    fn persons(&self, column: usize) -> u64 {
        self.columns.get(column).map_or(0, |column| column.persons)
    }

    /// Columns from the heaviest. Equals are scattered: neighbours tend to belong to one cell, and pivots that are spread over the
    /// cells leave more disjoint bases.
    fn heaviest_first(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_by_key(|column| (Reverse(self.persons(*column)), scattered(*column)));
        order
    }

    /// `rows`, and only the columns `kept`.
    fn with(&self, rows: Rows, kept: &[usize]) -> Self {
        let pick = |row: Vec<u64>| kept.iter().map(|column| entry(&row, *column)).collect();
        let columns = kept.iter().filter_map(|column| self.columns.get(*column));
        Self {
            rows: rows.into_iter().map(pick).collect(),
            columns: columns.cloned().collect(),
        }
    }

    /// Leaves only vectors that are zero in columns above the budget. Whether there were such columns.
    fn forbid_heavy(&mut self, budget: u64) -> bool {
        let (heavy, light): (Vec<usize>, Vec<usize>) =
            (0..self.columns.len()).partition(|column| self.persons(*column) > budget);
        if heavy.is_empty() {
            return false;
        }
        let rows = vanishing(std::mem::take(&mut self.rows), heavy);
        *self = self.with(rows, &light);
        true
    }

    /// Makes one column of proportional ones and drops those that are always zero. Whether any were merged.
    fn merge_proportional(&mut self) -> bool {
        let mut classes: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut kept: Vec<usize> = Vec::new();
        let mut merged = false;
        for at in 0..self.columns.len() {
            let column = self.rows.iter().map(|row| entry(row, at));
            let Some(first) = column.clone().find(|value| *value != 0) else {
                continue;
            };
            let factor = inverse(first);
            let direction = column.map(|value| product(value, factor)).collect();
            let first = *classes.entry(direction).or_insert(at);
            if first == at {
                kept.push(at);
                continue;
            }
            merged = true;
            let Some(Column { persons, atoms }) = self.columns.get(at).cloned() else {
                continue;
            };
            if let Some(class) = self.columns.get_mut(first) {
                class.persons += persons;
                class.atoms.extend(atoms);
            }
        }
        let rows = std::mem::take(&mut self.rows);
        *self = self.with(rows, &kept);
        merged
    }

    /// The atoms of one of `rows` that is within the budget.
    fn light_row(&self, rows: &Rows, budget: u64) -> Option<Vec<usize>> {
        let touched = |row: &Vec<u64>| {
            let columns = self.columns.iter().zip(row.clone());
            columns
                .filter(|(_, value)| *value != 0)
                .map(|(column, _)| column.clone())
                .collect::<Vec<Column>>()
        };
        let mut light = rows
            .iter()
            .map(touched)
            .filter(|columns| columns.iter().map(|column| column.persons).sum::<u64>() <= budget);
        let columns = light.next()?;
        Some(
            columns
                .into_iter()
                .flat_map(|column| column.atoms)
                .collect(),
        )
    }

    /// Parts that have no column in common; a vector on the fewest persons lies in one of them.
    fn blocks(&self) -> Vec<Self> {
        let mut open: Vec<&Vec<u64>> = self.rows.iter().collect();
        let mut blocks = Vec::new();
        while let Some(first) = open.pop() {
            let mut covered: Vec<bool> = first.iter().map(|value| *value != 0).collect();
            let mut rows = vec![first.clone()];
            loop {
                let meets = |row: &&Vec<u64>| {
                    let mut both = row.iter().zip(&covered);
                    both.any(|(value, covered)| *value != 0 && *covered)
                };
                let Some(at) = open.iter().position(meets) else {
                    break;
                };
                let row = open.swap_remove(at);
                for (covered, value) in covered.iter_mut().zip(row) {
                    *covered |= *value != 0;
                }
                rows.push(row.clone());
            }
            let columns = covered.iter().enumerate().filter(|(_, covered)| **covered);
            let kept: Vec<usize> = columns.map(|(at, _)| at).collect();
            blocks.push(self.with(rows, &kept));
        }
        blocks
    }
}
