//! Counts of single answers by cell.

use super::ItemTally;
use crate::scoring::Blueprint;

/// Answers that are compared at once: the bytes of a word.
const LANES: usize = 8;
/// Bytes from here on stand for the kinds of missing answers.
pub(super) const FIRST_MISSING: u8 = 252;
/// How many kinds there are besides blank.
const MISSING: usize = 4;
/// Up to so many categories are counted by the bits of their values.
const FEW: usize = 7;
/// A byte counts so many responses before it is emptied.
const FULL: u8 = u8::MAX;

/// For every cell, byte of the packed answers and value, a count.
///
/// Values are the categories from 1, then the four kinds of missing answers; the blanks are the rest. New counts are the bytes of a
/// word, so that eight of them go up at once; when one may be full, those of its cell are added to the totals.
#[derive(Debug, Clone)]
pub(super) struct Counters {
    length: usize,
    blocks: Vec<Block>,
    /// By cell, block and category: how many answers are it or, among few categories, have all of its bits.
    categories: Counts,
    /// By cell, block and kind of missing answer. Apart, because most of the time it is not touched.
    missing: Counts,
    /// Whether any of these was ever counted.
    has_missing: bool,
    /// Room for a response with nothing behind it.
    last: Vec<u8>,
    /// Per cell: responses, and those among them that are not in the totals.
    responses: Vec<u32>,
    waiting: Vec<u8>,
}

/// Eight bytes of the packed answers.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// Where its categories begin among those of a cell.
    start: usize,
    /// The most categories of an item in it.
    categories: usize,
}

/// Counts of every cell: the new ones, and the others.
#[derive(Debug, Clone)]
struct Counts {
    /// How many there are of a cell.
    size: usize,
    new: Vec<u64>,
    totals: Vec<[u32; LANES]>,
}

impl Counts {
    fn new(cells: usize, size: usize) -> Option<Self> {
        let all = cells.checked_mul(size)?;
        all.checked_mul(size_of::<[u32; LANES]>())?;
        Some(Self {
            size,
            new: vec![0; all],
            totals: vec![[0; LANES]; all],
        })
    }

    #[inline]
    fn new_of(&mut self, cell: usize) -> &mut [u64] {
        let start = cell * self.size;
        let counts = self.new.get_mut(start..start + self.size);
        counts.unwrap_or_default()
    }

    /// Adds the new counts of a cell to its totals.
    fn empty(&mut self, cell: usize) {
        let range = cell * self.size..(cell + 1) * self.size;
        let new = self.new.get_mut(range.clone()).unwrap_or_default();
        let totals = self.totals.get_mut(range).unwrap_or_default();
        for (new, totals) in new.iter_mut().zip(totals) {
            for (new, total) in std::mem::take(new).to_le_bytes().iter().zip(totals) {
                *total += u32::from(*new);
            }
        }
    }

    /// Changes the totals by other counts. None of the own ones is new.
    fn change(&mut self, other: &Self, by: impl Fn(&mut u32, u32)) {
        let theirs = other.new.iter().zip(&other.totals);
        for (mine, (new, totals)) in self.totals.iter_mut().zip(theirs) {
            for (mine, (new, total)) in mine.iter_mut().zip(new.to_le_bytes().iter().zip(totals)) {
                by(mine, u32::from(*new) + total);
            }
        }
    }

    /// The counts of a range of cells together.
    fn sums(&self, cells: std::ops::Range<usize>) -> Vec<[u64; LANES]> {
        let mut sums = vec![[0; LANES]; self.size];
        for cell in cells {
            let range = cell * self.size..(cell + 1) * self.size;
            let new = self.new.get(range.clone()).unwrap_or_default();
            let totals = self.totals.get(range).unwrap_or_default();
            for (sums, (new, totals)) in sums.iter_mut().zip(new.iter().zip(totals)) {
                for (sum, (new, total)) in sums.iter_mut().zip(new.to_le_bytes().iter().zip(totals))
                {
                    *sum += u64::from(*new) + u64::from(*total);
                }
            }
        }
        sums
    }
}

impl Counters {
    /// `None` if there are more counts than can be numbered.
    pub(super) fn new(blueprint: &Blueprint, cells: usize) -> Option<Self> {
        let mut most = vec![0; blueprint.length().div_ceil(LANES)];
        for item in blueprint.items() {
            if let Some(most) = most.get_mut(item.slot / LANES) {
                *most = usize::from(item.categories).max(*most);
            }
        }
        let mut size = 0;
        let blocks: Vec<Block> = most
            .into_iter()
            .map(|categories| {
                let start = size;
                size += categories;
                Block { start, categories }
            })
            .collect();
        Some(Self {
            length: blueprint.length(),
            categories: Counts::new(cells, size)?,
            missing: Counts::new(cells, blocks.len() * MISSING)?,
            has_missing: false,
            last: vec![0; blocks.len() * LANES],
            blocks,
            responses: vec![0; cells],
            waiting: vec![0; cells],
        })
    }

    pub(super) fn cells(&self) -> usize {
        self.responses.len()
    }

    pub(super) fn responses(&self) -> u64 {
        self.responses.iter().map(|count| u64::from(*count)).sum()
    }

    /// Adds responses to existing cells. `has_missing` says whether an answer may be missing otherwise than blank.
    pub(super) fn add(&mut self, packed: &[u8], cells: &[u32], has_missing: bool) {
        self.has_missing |= has_missing;
        let width = self.blocks.len() * LANES;
        let mut rest = packed;
        for cell in cells {
            let cell = *cell as usize;
            if let Some(row) = rest.get(..width) {
                self.add_one(cell, row, has_missing);
            } else {
                // Behind the last responses there is less than a block.
                let mut last = std::mem::take(&mut self.last);
                let own = rest.len().min(width);
                if let Some((row, rest)) = last.get_mut(..own).zip(rest.get(..own)) {
                    row.copy_from_slice(rest);
                }
                self.add_one(cell, &last, has_missing);
                self.last = last;
            }
            rest = rest.get(self.length..).unwrap_or_default();
            if let Some(responses) = self.responses.get_mut(cell) {
                *responses += 1;
            }
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
    #[inline]
    fn add_one(&mut self, cell: usize, bytes: &[u8], has_missing: bool) {
        let (words, _) = bytes.as_chunks::<LANES>();
        let mut counts = self.categories.new_of(cell);
        for (block, word) in self.blocks.iter().zip(words) {
            let Some((own, others)) = counts.split_at_mut_checked(block.categories) else {
                return;
            };
            let word = u64::from_le_bytes(*word);
            if own.len() <= FEW {
                let codes = if has_missing {
                    without_missing(word)
                } else {
                    word
                };
                count_bits(own, codes);
            } else {
                count_values(own, word, 1);
            }
            counts = others;
        }
        if has_missing {
            let counts = self.missing.new_of(cell).chunks_exact_mut(MISSING);
            for (counts, word) in counts.zip(words) {
                count_values(counts, u64::from_le_bytes(*word), FIRST_MISSING);
            }
        }
    }

    fn empty(&mut self, cell: usize) {
        self.categories.empty(cell);
        if self.has_missing {
            self.missing.empty(cell);
        }
        if let Some(waiting) = self.waiting.get_mut(cell) {
            *waiting = 0;
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
        for (mine, theirs) in self.responses.iter_mut().zip(&other.responses) {
            by(mine, *theirs);
        }
    }

    /// The items of one cell; `None` if there is none.
    pub(super) fn items(&self, blueprint: &Blueprint, cell: usize) -> Option<Vec<ItemTally>> {
        let responses = u64::from(*self.responses.get(cell)?);
        self.items_of(blueprint, responses, cell..cell + 1)
    }

    /// The items of all cells together.
    pub(super) fn all_items(&self, blueprint: &Blueprint) -> Vec<ItemTally> {
        let items = self.items_of(blueprint, self.responses(), 0..self.cells());
        items.unwrap_or_default()
    }

    /// In the order an [`ItemTally`] keeps its counts: the blanks, the categories, the kinds of missing answers.
    fn items_of(
        &self,
        blueprint: &Blueprint,
        responses: u64,
        cells: std::ops::Range<usize>,
    ) -> Option<Vec<ItemTally>> {
        let mut categories = self.categories.sums(cells.clone());
        for block in self.blocks.iter().filter(|block| block.categories <= FEW) {
            of_values(categories.get_mut(block.start..block.start + block.categories)?);
        }
        let missing = self.missing.sums(cells);
        let each = blueprint.items().iter().map(|item| {
            let (at, lane) = (item.slot / LANES, item.slot % LANES);
            let block = self.blocks.get(at)?;
            let own = block.start..block.start + usize::from(item.categories);
            let missing = missing.get(at * MISSING..(at + 1) * MISSING)?;
            let mut counts = Vec::with_capacity(1 + own.len() + MISSING);
            counts.push(0);
            for lanes in categories.get(own)?.iter().chain(missing) {
                counts.push(*lanes.get(lane)?);
            }
            let answered: u64 = counts.iter().sum();
            if let Some(blank) = counts.first_mut() {
                *blank = responses.saturating_sub(answered);
            }
            ItemTally::from_counts(counts)
        });
        each.collect()
    }
}

/// A 1 in every byte of a word.
const ONES: u64 = 0x0101_0101_0101_0101;

/// For each of the values from 1 on, at most seven, counts in which bytes of a word all of its bits stand.
///
/// That takes a third of the work of comparing, as every bit is looked at once. [`of_values`] makes counts of values of it. The
/// bytes are at most 7, or nobody looks at their counts.
#[inline]
fn count_bits(counts: &mut [u64], word: u64) {
    let (first, second, third) = (word & ONES, word >> 1 & ONES, word >> 2 & ONES);
    let both = first & second;
    let bits = [
        first,
        second,
        both,
        third,
        first & third,
        second & third,
        both & third,
    ];
    for (count, bits) in counts.iter_mut().zip(bits) {
        *count += bits;
    }
}

/// Puts 0 for bytes from 128 on: between few categories and the kinds of missing answers there is no code.
#[inline]
fn without_missing(word: u64) -> u64 {
    word & !((word >> 7 & ONES) * u64::from(u8::MAX))
}

/// From the counts of answers with all bits of a value to those of the value itself: without the values that have more bits.
fn of_values(counts: &mut [[u64; LANES]]) {
    for value in (1..=counts.len()).rev() {
        let (lower, higher) = counts.split_at_mut(value);
        let Some(own) = lower.last_mut() else { return };
        for (other, counts) in (value + 1..).zip(higher) {
            if other & value == value {
                for (own, more) in own.iter_mut().zip(counts) {
                    *own = own.wrapping_sub(*more);
                }
            }
        }
    }
}

/// For each of the values from `first` on, counts in which bytes of a word it stands.
#[inline]
fn count_values(counts: &mut [u64], word: u64, first: u8) {
    /// The highest bit of every byte.
    const HIGH: u64 = ONES << 7;
    let mut wanted = ONES * u64::from(first);
    for count in counts {
        let different = word ^ wanted;
        // The highest bit of a byte is set unless all of its bits are equal; nothing is carried into the next byte.
        let differs = ((different & !HIGH) + !HIGH) | different;
        *count += (!differs & HIGH) >> 7;
        wanted = wanted.wrapping_add(ONES);
    }
}
