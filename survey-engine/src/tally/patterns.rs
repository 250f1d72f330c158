//! Counts of whole answer patterns of a scale.

use super::{MAX_PATTERN_ITEMS, ScaleTally};
use crate::scoring::{Blueprint, MAX_SCALE_ITEMS};

/// A table of patterns has at most so many entries.
const MOST_PATTERNS: usize = 1 << 20;
/// A word holds the answers to so many items.
const WORD: usize = 8;

/// Counts persons by their answers to all items of a scale, as long as there are few enough such patterns; their tally otherwise.
///
/// The number of a pattern has the answers as its digits (0 for a missing one), the first item the lowest, to the base of the number
/// of categories plus one.
#[derive(Debug, Clone)]
pub(super) struct PatternTable {
    /// Where the items lie, and whether they are reversed, in the order of the scale.
    places: Vec<Place>,
    categories: u8,
    key: Key,
    persons: Vec<u32>,
    /// Who is in no table.
    tally: ScaleTally,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    slot: usize,
    reversed: bool,
}

/// How the number of a pattern is found.
#[derive(Debug, Clone, Copy)]
enum Key {
    /// From up to eight bytes in a row.
    Row(Row),
    /// From bytes anywhere.
    Scattered,
    /// There are too many patterns for a table.
    None,
}

/// Bytes in a row.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// Where they begin in a response.
    start: usize,
    digits: Digits,
}

impl Row {
    /// The bytes of each response, and what lies behind them.
    #[inline]
    fn words(self, packed: &[u8], length: usize) -> impl Iterator<Item = u64> {
        // From the first item of one response to that of the next.
        let rows = packed.get(self.start..).unwrap_or_default().chunks(length);
        rows.map(|bytes| {
            let word = bytes.first_chunk::<WORD>().copied();
            u64::from_le_bytes(word.unwrap_or_else(|| {
                // Behind the last items there may be less than a word.
                let mut word = [0; WORD];
                for (byte, code) in word.iter_mut().zip(bytes) {
                    *byte = *code;
                }
                word
            }))
        })
    }
}

impl PatternTable {
    pub(super) fn new(blueprint: &Blueprint, scale: usize) -> Self {
        let members = blueprint.members(scale);
        let places: Vec<Place> = members
            .map(|(member, item)| Place {
                slot: item.slot,
                reversed: member.reversed,
            })
            .collect();
        let categories = blueprint.range(scale).map_or(0, |(lo, hi)| hi - lo + 1);
        let (key, size) = key(&places, categories);
        Self {
            key,
            categories,
            persons: vec![0; size],
            tally: ScaleTally::new(places.len(), categories),
            places,
        }
    }

    /// Adds responses of `length` bytes whose missing answers are all 0.
    pub(super) fn add(&mut self, packed: &[u8], length: usize) {
        match self.key {
            Key::Row(row) => {
                let persons = self.persons.as_mut_slice();
                for word in row.words(packed, length) {
                    if let Some(persons) = persons.get_mut(row.digits.number(word)) {
                        *persons += 1;
                    }
                }
            }
            Key::Scattered => {
                let base = self.base();
                for answers in packed.chunks_exact(length) {
                    let digits = self.places.iter().rev();
                    let number = digits.fold(0, |number, place| {
                        let code = answers.get(place.slot).copied().unwrap_or_default();
                        number * base + usize::from(code)
                    });
                    if let Some(persons) = self.persons.get_mut(number) {
                        *persons += 1;
                    }
                }
            }
            Key::None => {
                for answers in packed.chunks_exact(length) {
                    let code = |place: &Place| answers.get(place.slot).copied();
                    let codes = self
                        .places
                        .iter()
                        .map(|place| code(place).unwrap_or_default());
                    let (answered, steps) = steps(&self.places, self.categories, codes);
                    let steps = steps.get(..self.places.len()).unwrap_or_default();
                    self.tally.record(answered, steps, 1);
                }
            }
        }
    }

    /// Adds responses to two tables by turns: counts of one table that follow each other at once may have to wait for each other.
    ///
    /// A function of its own, so that what it needs stays in registers.
    #[inline(never)]
    pub(super) fn add_to_both(&mut self, other: &mut Self, packed: &[u8], length: usize) {
        let (Key::Row(row), Key::Row(others)) = (self.key, other.key) else {
            self.add(packed, length);
            other.add(packed, length);
            return;
        };
        let (mine, theirs) = (self.persons.as_mut_slice(), other.persons.as_mut_slice());
        let both = row.words(packed, length).zip(others.words(packed, length));
        for (word, other) in both {
            if let Some(persons) = mine.get_mut(row.digits.number(word)) {
                *persons += 1;
            }
            if let Some(persons) = theirs.get_mut(others.digits.number(other)) {
                *persons += 1;
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.persons.iter_mut().zip(&other.persons) {
            *mine += theirs;
        }
        self.tally.merge(&other.tally);
    }

    /// Takes out what was added before.
    pub(super) fn unmerge(&mut self, other: &Self) {
        for (mine, theirs) in self.persons.iter_mut().zip(&other.persons) {
            *mine -= theirs;
        }
        self.tally.unmerge(&other.tally);
    }

    fn base(&self) -> usize {
        usize::from(self.categories) + 1
    }

    /// What the patterns say of the scale.
    pub(super) fn tally(&self) -> ScaleTally {
        let mut tally = self.tally.clone();
        let items = self.places.len();
        if self.persons.is_empty() || items > MAX_PATTERN_ITEMS {
            self.each(|answered, steps, persons| tally.record(answered, steps, persons));
            return tally;
        }
        // Thousands of patterns share a few sets of answered items: these are summed up in tables first.
        let width = usize::from(self.categories);
        let scores = items * (width - 1) + 1;
        let mut sums = vec![0; scores << items];
        let mut cells = vec![0; (items * width) << items];
        self.each(|answered, steps, persons| {
            let Some(sum) = tally.record_sums(answered, steps, persons) else {
                return;
            };
            let Ok(set) = usize::try_from(answered) else {
                return;
            };
            if let Some(count) = sums.get_mut(set * scores + sum as usize) {
                *count += persons;
            }
            let cells = cells.chunks_exact_mut(width).skip(set * items);
            for (item, (cells, step)) in cells.zip(steps).enumerate() {
                if let Some(count) = cells.get_mut(usize::from(*step)) {
                    *count += persons * (answered >> item & 1);
                }
            }
        });
        #[expect(clippy::cast_possible_truncation, reason = "a table is smaller")]
        let key = |set: usize, column: usize| (set as u64, column as u32);
        tally.partial.add_table(&sums, scores, key);
        tally.partial_cells.add_table(&cells, items * width, key);
        tally
    }

    /// Tells every pattern that occurs: the answered items, the steps of all, and how many persons.
    fn each(&self, mut tell: impl FnMut(u64, &[u8], u64)) {
        let mut codes = [0_u8; MAX_SCALE_ITEMS];
        let codes = codes.get_mut(..self.places.len()).unwrap_or_default();
        for persons in &self.persons {
            if *persons > 0 {
                let codes = codes.iter().copied();
                let (answered, steps) = steps(&self.places, self.categories, codes);
                let steps = steps.get(..self.places.len()).unwrap_or_default();
                tell(answered, steps, u64::from(*persons));
            }
            // Counts up.
            for code in codes.iter_mut() {
                if *code < self.categories {
                    *code += 1;
                    break;
                }
                *code = 0;
            }
        }
    }
}

/// How patterns are numbered, and how many numbers there are.
fn key(places: &[Place], categories: u8) -> (Key, usize) {
    let items = places.len();
    let base = usize::from(categories) + 1;
    let size = u32::try_from(items)
        .ok()
        .and_then(|items| base.checked_pow(items));
    let Some(size) = size.filter(|size| *size <= MOST_PATTERNS) else {
        return (Key::None, 0);
    };
    let start = places.first().map_or(0, |place| place.slot);
    let in_a_row = places
        .iter()
        .zip(start..)
        .all(|(place, slot)| place.slot == slot);
    let base = u64::from(categories) + 1;
    if in_a_row && (1..=WORD).contains(&items) && base <= Digits::HIGHEST_BASE {
        let digits = Digits::new(base, items);
        return (Key::Row(Row { start, digits }), size);
    }
    (Key::Scattered, size)
}

/// Reads the bytes of a word as the digits of a number, in three steps: pairs, fours, all.
///
/// A step multiplies a word by `base + 2^8`, so that the second of two neighbours `a + 2^8 b` becomes `a + base b`; then the same with
/// neighbours twice as wide. Up to base 16 nothing is carried over.
#[derive(Debug, Clone, Copy)]
struct Digits {
    /// Of the word's bytes, those that are digits.
    bytes: u64,
    pairs: u64,
    fours: u64,
    all: u64,
}

impl Digits {
    const HIGHEST_BASE: u64 = 16;

    /// For the first `items` bytes, 1 to 8.
    fn new(base: u64, items: usize) -> Self {
        Self {
            bytes: u64::MAX >> (u64::BITS as usize - 8 * items),
            pairs: base + (1 << 8),
            fours: base.pow(2) + (1 << 16),
            all: base.pow(4) + (1 << 32),
        }
    }

    #[inline]
    fn number(self, word: u64) -> usize {
        const BYTES: u64 = 0x00ff_00ff_00ff_00ff;
        const PAIRS: u64 = 0x0000_ffff_0000_ffff;
        let word = word & self.bytes;
        let pairs = word.wrapping_mul(self.pairs) >> 8 & BYTES;
        let fours = pairs.wrapping_mul(self.fours) >> 16 & PAIRS;
        let all = fours.wrapping_mul(self.all) >> 32;
        all as usize
    }
}

/// The answered items, and the steps of all.
fn steps(
    places: &[Place],
    categories: u8,
    codes: impl Iterator<Item = u8>,
) -> (u64, [u8; MAX_SCALE_ITEMS]) {
    let mut steps = [0; MAX_SCALE_ITEMS];
    let mut answered = 0;
    for (at, ((step, place), code)) in steps.iter_mut().zip(places).zip(codes).enumerate() {
        if code > 0 {
            answered |= 1 << at;
            *step = if place.reversed {
                categories - code
            } else {
                code - 1
            };
        }
    }
    (answered, steps)
}
