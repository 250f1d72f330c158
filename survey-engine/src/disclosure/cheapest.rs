//! The fewest cells that take one of every set from which something follows.

use std::cmp::Reverse;

use super::audit::Audit;
use super::certificate::{Certificate, certificates};
use super::table::Table;

/// Steps of the search per audit allowed.
const STEPS_PER_AUDIT: u64 = 200;

/// The search is used up.
struct Exhausted;

/// Improves `start`, a set of cells that makes the published rest safe, to the fewest cells and then the fewest persons. Whether the
/// outcome is proved to be that.
pub(super) fn cheapest(
    table: &Table,
    minimum: u32,
    published: &[bool],
    known: Vec<Certificate>,
    start: Vec<usize>,
    audits: u32,
) -> (Vec<usize>, bool) {
    let cost = |cells: &[usize]| {
        let persons = cells.iter().filter_map(|cell| table.persons(*cell));
        (cells.len(), persons.fold(0, u64::saturating_add))
    };
    let mut search = Search {
        table,
        minimum,
        published,
        known,
        best: (cost(&start), start),
        limit: 0,
        audits,
        steps: STEPS_PER_AUDIT * u64::from(audits),
    };
    let mut state = State::default();
    search.limit = search.bound(&state).0;
    loop {
        if search.limit > search.best.0.0 {
            break;
        }
        let before = search.best.0.0;
        if search.descend(&mut state).is_err() {
            return (search.best.1, false);
        }
        if search.best.0.0 < before || search.limit >= before {
            break;
        }
        search.limit += 1;
    }
    (search.best.1, true)
}

/// A search for the least number of cells, and persons in them.
struct Search<'t> {
    table: &'t Table,
    minimum: u32,
    published: &'t [bool],
    known: Vec<Certificate>,
    /// The best cells so far, with their number and persons.
    best: ((usize, u64), Vec<usize>),
    /// No more cells than this.
    limit: usize,
    audits: u32,
    steps: u64,
}

#[derive(Default)]
struct State {
    hidden: Vec<usize>,
    persons: u64,
    /// Cells that are published whatever comes: sets that hide them were looked at before.
    kept: Vec<usize>,
}

impl Search<'_> {
    fn persons(&self, cell: usize) -> u64 {
        self.table.persons(cell).unwrap_or_default()
    }

    /// The open certificates, as what is free of them, the smallest first.
    fn open(&self, state: &State) -> Vec<Vec<usize>> {
        let is_open = |one: &&Certificate| one.is_open(&state.hidden);
        let is_free = |cell: &&usize| !state.kept.contains(*cell);
        let free = |one: &Certificate| one.cells.iter().filter(is_free).copied().collect();
        let mut open: Vec<Vec<usize>> = self.known.iter().filter(is_open).map(free).collect();
        open.sort_by_key(Vec::len);
        open
    }

    /// At least so many more cells are needed, and if no more are taken they have at least so many persons: from certificates that
    /// have no cell in common.
    fn bound(&self, state: &State) -> (usize, u64) {
        self.disjoint(&self.open(state))
    }

    fn disjoint(&self, open: &[Vec<usize>]) -> (usize, u64) {
        let (mut taken, mut bound) = (Vec::new(), (0, 0));
        for cells in open {
            if cells.iter().any(|cell| taken.contains(cell)) {
                continue;
            }
            taken.extend_from_slice(cells);
            let fewest = cells.iter().map(|cell| self.persons(*cell)).min();
            bound.0 += 1;
            bound.1 += fewest.unwrap_or_default();
        }
        bound
    }

    fn descend(&mut self, state: &mut State) -> Result<(), Exhausted> {
        self.steps = self.steps.checked_sub(1).ok_or(Exhausted)?;
        let mut open = self.open(state);
        if open.is_empty() {
            if self.is_worse((state.hidden.len(), state.persons)) {
                return Ok(());
            }
            if self.is_safe(state)? {
                let mut cells = state.hidden.clone();
                cells.sort_unstable();
                self.best = ((cells.len(), state.persons), cells);
                return Ok(());
            }
            open = self.open(state);
        }
        let (more, persons) = self.disjoint(&open);
        if self.is_worse((state.hidden.len() + more, state.persons + persons)) {
            return Ok(());
        }
        let Some(cells) = open.first() else {
            return Ok(());
        };
        let met = |cell: usize| open.iter().filter(|cells| cells.contains(&cell)).count();
        let mut cells = cells.clone();
        cells.sort_by_key(|cell| (Reverse(met(*cell)), self.persons(*cell), *cell));
        let kept = state.kept.len();
        for cell in cells {
            let persons = self.persons(cell);
            state.hidden.push(cell);
            state.persons += persons;
            let outcome = self.descend(state);
            state.hidden.pop();
            state.persons -= persons;
            outcome?;
            state.kept.push(cell);
        }
        state.kept.truncate(kept);
        Ok(())
    }

    /// Whether cells of this number and persons are beyond the limit, or no better than the best.
    fn is_worse(&self, cost: (usize, u64)) -> bool {
        cost.0 > self.limit || cost >= self.best.0
    }

    /// Audits what is published; notes what gives it away.
    fn is_safe(&mut self, state: &State) -> Result<bool, Exhausted> {
        self.audits = self.audits.checked_sub(1).ok_or(Exhausted)?;
        let mut published = self.published.to_vec();
        for cell in &state.hidden {
            if let Some(shown) = published.get_mut(*cell) {
                *shown = false;
            }
        }
        match self.table.audit(&published, self.minimum) {
            Audit::Safe => Ok(true),
            Audit::Undecided => Err(Exhausted),
            Audit::Leak(atoms) => {
                let found = certificates(self.table, &published, &atoms);
                if found.is_empty() {
                    return Err(Exhausted);
                }
                self.known.extend(found);
                Ok(false)
            }
        }
    }
}
