//! Counts of what occurs, where most could not.

use std::collections::BTreeMap;

/// Persons by key; a key without persons is not there, so that equal counts are equal maps.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Sparse<K>(BTreeMap<K, u64>);

impl<K> Default for Sparse<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord + Copy> Sparse<K> {
    pub(super) fn add(&mut self, key: K, persons: u64) {
        if persons > 0 {
            *self.0.entry(key).or_default() += persons;
        }
    }

    /// Adds the counts of a table: row by row, those of the keys that each row and column make.
    pub(super) fn add_table(
        &mut self,
        counts: &[u64],
        columns: usize,
        key: impl Fn(usize, usize) -> K,
    ) {
        for (row, counts) in counts.chunks_exact(columns.max(1)).enumerate() {
            for (column, persons) in counts.iter().enumerate() {
                self.add(key(row, column), *persons);
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (key, persons) in other.iter() {
            self.add(key, persons);
        }
    }

    /// Takes out what [`contains`](Self::contains) said is there.
    pub(super) fn unmerge(&mut self, other: &Self) {
        for (key, persons) in other.iter() {
            if let Some(left) = self.0.get_mut(&key) {
                *left -= persons;
            }
        }
        self.0.retain(|_, persons| *persons > 0);
    }

    pub(super) fn contains(&self, other: &Self) -> bool {
        other
            .iter()
            .all(|(key, persons)| self.0.get(&key).is_some_and(|own| *own >= persons))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (K, u64)> + Clone {
        self.0.iter().map(|(key, persons)| (*key, *persons))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
