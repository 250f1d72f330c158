//! Counts of single answers by cell.

use super::ItemTally;
use super::lanes::{
    FIRST_MISSING, LANES, Lanes, count_bits, count_values, of_values, without_missing,
};
use crate::scoring::Blueprint;

/// How many kinds there are besides blank.
const MISSING: usize = 4;
/// Up to so many categories are counted by the bits of their values.
const MOST_BITS: usize = 7;
/// A byte counts so many responses before it is emptied.
const FULL: u8 = u8::MAX;

/// For every cell, byte of the packed answers and value, a count.
///
/// Values are the categories from 1, then the four kinds of missing answers; the blanks are the rest. New counts are bytes, so that
/// sixteen of them go up at once; when one may be full, those of its cell are added to the totals.
#[derive(Debug, Clone)]
pub(super) struct Counters {
    length: usize,
    blocks: Vec<Block>,
    /// The categories of a block of few: 3, 5 or 7, whichever is enough for all of them.
    few: usize,
    /// By cell, block and category: how many answers are it or, among few categories, have all of its bits.
    categories: Counts,
    /// By cell, block and kind of missing answer. Apart, because most of the time it is not touched.
    missing: Counts,
    /// Whether any of these was ever counted.
    has_missing: bool,
    /// Room for a response with nothing behind it.
    last: Vec<u8>,
    /// Per cell: responses in the totals, and those that are not.
    emptied: Vec<u32>,
    waiting: Vec<u8>,
}

/// Bytes of the packed answers that are counted at once.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// Where its categories begin among those of a cell.
    start: usize,
    /// The most categories of an item in it, or `few`.
    categories: usize,
}

/// Counts of every cell: the new ones, and the others.
#[derive(Debug, Clone)]
struct Counts {
    /// How many there are of a cell.
    size: usize,
    new: Vec<Lanes>,
    totals: Vec<[u32; LANES]>,
}

impl Counts {
    fn new(cells: usize, size: usize) -> Option<Self> {
        let all = cells.checked_mul(size)?;
        all.checked_mul(size_of::<[u32; LANES]>())?;
        Some(Self {
            size,
            new: vec![[0; LANES]; all],
            totals: vec![[0; LANES]; all],
        })
    }

    #[inline]
    fn new_of(&mut self, cell: usize) -> &mut [Lanes] {
        let start = cell * self.size;
        let counts = self.new.get_mut(start..start + self.size);
        counts.unwrap_or_default()
    }

    /// One count of a cell.
    fn count(&self, cell: usize, at: usize, lane: usize) -> Option<u64> {
        let at = cell * self.size + at;
        let new = u64::from(*self.new.get(at)?.get(lane)?);
        Some(new + u64::from(*self.totals.get(at)?.get(lane)?))
    }

    /// Adds the new counts of a cell to its totals.
    fn empty(&mut self, cell: usize) {
        let range = cell * self.size..(cell + 1) * self.size;
        let new = self.new.get_mut(range.clone()).unwrap_or_default();
        let totals = self.totals.get_mut(range).unwrap_or_default();
        for (new, totals) in new.iter_mut().zip(totals) {
            for (new, total) in std::mem::take(new).iter().zip(totals) {
                *total += u32::from(*new);
            }
        }
    }

    /// Changes the totals by other counts. None of the own ones is new.
    fn change(&mut self, other: &Self, by: impl Fn(&mut u32, u32)) {
        let theirs = other.new.iter().zip(&other.totals);
        for (mine, (new, totals)) in self.totals.iter_mut().zip(theirs) {
            for (mine, (new, total)) in mine.iter_mut().zip(new.iter().zip(totals)) {
                by(mine, u32::from(*new) + total);
            }
        }
    }

    /// The counts of all cells together: fewer than the 2^32 responses that a tabulation may hold.
    fn sums(&self) -> Vec<[u32; LANES]> {
        let mut sums = vec![[0; LANES]; self.size];
        let cells = self.new.chunks_exact(self.size.max(1));
        for (new, totals) in cells.zip(self.totals.chunks_exact(self.size.max(1))) {
            for (sums, (new, totals)) in sums.iter_mut().zip(new.iter().zip(totals)) {
                for (sum, (new, total)) in sums.iter_mut().zip(new.iter().zip(totals)) {
                    *sum += u32::from(*new) + total;
                }
            }
        }
        sums
    }
}

impl Counters {
    /// `None` if there are more counts than can be numbered.
    pub(super) fn new(blueprint: &Blueprint, cells: usize) -> Option<Self> {
        let empty = Block {
            start: 0,
            categories: 0,
        };
        let mut blocks = vec![empty; blueprint.length().div_ceil(LANES)];
        for item in blueprint.items() {
            if let Some(block) = blocks.get_mut(item.slot / LANES) {
                block.categories = usize::from(item.categories).max(block.categories);
            }
        }
        let categories = blocks.iter().map(|block| block.categories);
        let most = categories.filter(|number| *number <= MOST_BITS).max();
        let most = most.unwrap_or_default();
        let few = if most <= 3 {
            3
        } else if most <= 5 {
            5
        } else {
            MOST_BITS
        };
        let mut size = 0;
        for block in &mut blocks {
            if block.categories <= few {
                block.categories = few;
            }
            block.start = size;
            size += block.categories;
        }
        Some(Self {
            length: blueprint.length(),
            categories: Counts::new(cells, size)?,
            missing: Counts::new(cells, blocks.len() * MISSING)?,
            has_missing: false,
            last: vec![0; blocks.len() * LANES],
            blocks,
            few,
            emptied: vec![0; cells],
            waiting: vec![0; cells],
        })
    }

    pub(super) fn cells(&self) -> usize {
        self.emptied.len()
    }

    fn responses_of(&self, cell: usize) -> Option<u64> {
        let emptied = u64::from(*self.emptied.get(cell)?);
        Some(emptied + u64::from(*self.waiting.get(cell)?))
    }

    pub(super) fn responses(&self) -> u64 {
        let cells = 0..self.cells();
        cells.filter_map(|cell| self.responses_of(cell)).sum()
    }

    /// Adds responses to existing cells, which may be fewer than there are answers of. `has_missing` says whether an answer may be
    /// missing otherwise than blank.
    pub(super) fn add(&mut self, packed: &[u8], cells: &[u32], has_missing: bool) {
        self.has_missing |= has_missing;
        match self.few {
            3 => self.add_few::<3>(packed, cells, has_missing),
            5 => self.add_few::<5>(packed, cells, has_missing),
            _ => self.add_few::<MOST_BITS>(packed, cells, has_missing),
        }
    }

    fn add_few<const FEW: usize>(&mut self, packed: &[u8], cells: &[u32], has_missing: bool) {
        if has_missing {
            self.add_rows::<FEW, true>(packed, cells);
        } else {
            self.add_rows::<FEW, false>(packed, cells);
        }
    }

    fn add_rows<const FEW: usize, const HAS_MISSING: bool>(
        &mut self,
        packed: &[u8],
        cells: &[u32],
    ) {
        let width = self.blocks.len() * LANES;
        let mut rest = packed;
        for cell in cells {
            let cell = *cell as usize;
            if let Some(row) = rest.get(..width) {
                self.add_one::<FEW, HAS_MISSING>(cell, row);
            } else {
                // Behind the last responses there is less than a block.
                let mut last = std::mem::take(&mut self.last);
                for (byte, code) in last.iter_mut().zip(rest) {
                    *byte = *code;
                }
                self.add_one::<FEW, HAS_MISSING>(cell, &last);
                self.last = last;
            }
            rest = rest.get(self.length..).unwrap_or_default();
            if let Some(waiting) = self.waiting.get_mut(cell) {
                *waiting += 1;
                if *waiting == FULL {
                    self.empty(cell);
                }
            }
        }
    }

    /// Counts the bytes from the beginning of a response in whole blocks: what lies behind the response is counted where nobody
    /// looks.
    #[expect(
        clippy::inline_always,
        reason = "called once a response: the loop around it keeps its values in registers"
    )]
    #[inline(always)]
    fn add_one<const FEW: usize, const HAS_MISSING: bool>(&mut self, cell: usize, bytes: &[u8]) {
        let (words, _) = bytes.as_chunks::<LANES>();
        let mut counts = self.categories.new_of(cell);
        for (block, word) in self.blocks.iter().zip(words) {
            if block.categories == FEW {
                let Some((own, others)) = counts.split_first_chunk_mut::<FEW>() else {
                    return;
                };
                let codes = if HAS_MISSING {
                    without_missing(*word)
                } else {
                    *word
                };
                count_bits(own, codes);
                counts = others;
            } else {
                let Some((own, others)) = counts.split_at_mut_checked(block.categories) else {
                    return;
                };
                count_values(own, *word, 1);
                counts = others;
            }
        }
        if HAS_MISSING {
            let counts = self.missing.new_of(cell).chunks_exact_mut(MISSING);
            for (counts, word) in counts.zip(words) {
                count_values(counts, *word, FIRST_MISSING);
            }
        }
    }

    fn empty(&mut self, cell: usize) {
        self.categories.empty(cell);
        if self.has_missing {
            self.missing.empty(cell);
        }
        if let Some((emptied, waiting)) =
            (self.emptied.get_mut(cell)).zip(self.waiting.get_mut(cell))
        {
            *emptied += u32::from(std::mem::take(waiting));
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.change(other, |mine, theirs| *mine += theirs);
    }

    /// Takes out what was added before.
    pub(super) fn unmerge(&mut self, other: &Self) {
        self.change(other, |mine, theirs| *mine -= theirs);
    }

    fn change(&mut self, other: &Self, by: impl Fn(&mut u32, u32)) {
        for cell in 0..self.cells() {
            self.empty(cell);
        }
        self.categories.change(&other.categories, &by);
        self.missing.change(&other.missing, &by);
        self.has_missing |= other.has_missing;
        let theirs = other.emptied.iter().zip(&other.waiting);
        for (mine, (emptied, waiting)) in self.emptied.iter_mut().zip(theirs) {
            by(mine, emptied + u32::from(*waiting));
        }
    }

    /// The items of one cell; `None` if there is none.
    pub(super) fn items(&self, blueprint: &Blueprint, cell: usize) -> Option<Vec<ItemTally>> {
        let responses = self.responses_of(cell)?;
        let categories = |at, lane| self.categories.count(cell, at, lane);
        if !self.has_missing {
            return self.items_of(blueprint, responses, categories, |_, _| Some(0));
        }
        let missing = |at, lane| self.missing.count(cell, at, lane);
        self.items_of(blueprint, responses, categories, missing)
    }

    /// The items of all cells together.
    pub(super) fn all_items(&self, blueprint: &Blueprint) -> Vec<ItemTally> {
        let (categories, missing) = (self.categories.sums(), self.missing.sums());
        let count = |sums: &[[u32; LANES]], at: usize, lane: usize| {
            let count = sums.get(at)?.get(lane)?;
            Some(u64::from(*count))
        };
        let items = self.items_of(
            blueprint,
            self.responses(),
            |at, lane| count(&categories, at, lane),
            |at, lane| count(&missing, at, lane),
        );
        items.unwrap_or_default()
    }

    /// In the order an [`ItemTally`] keeps its counts: the blanks, the categories, the kinds of missing answers. `count` reads a count
    /// of categories or kinds, by its place and lane.
    fn items_of(
        &self,
        blueprint: &Blueprint,
        responses: u64,
        categories: impl Fn(usize, usize) -> Option<u64>,
        missing: impl Fn(usize, usize) -> Option<u64>,
    ) -> Option<Vec<ItemTally>> {
        let mut items = Vec::with_capacity(blueprint.items().len());
        for item in blueprint.items() {
            let (at, lane) = (item.slot / LANES, item.slot % LANES);
            let block = self.blocks.get(at)?;
            let own = usize::from(item.categories);
            let mut counts = Vec::with_capacity(1 + own + MISSING);
            counts.push(0);
            for place in block.start..block.start + own {
                counts.push(categories(place, lane)?);
            }
            if block.categories <= MOST_BITS {
                of_values(counts.get_mut(1..)?);
            }
            for place in at * MISSING..(at + 1) * MISSING {
                counts.push(missing(place, lane)?);
            }
            let answered: u64 = counts.iter().sum();
            if let Some(blank) = counts.first_mut() {
                *blank = responses.saturating_sub(answered);
            }
            items.push(ItemTally::from_counts(counts)?);
        }
        Some(items)
    }
}
