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
    /// From up to eight bytes in a row that begin at `start`.
    Row { start: usize, digits: Digits },
    /// From bytes anywhere.
    Scattered,
    /// There are too many patterns for a table.
    None,
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
            Key::Row { start, digits } => self.add_words(packed, length, start, digits),
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

    fn add_words(&mut self, packed: &[u8], length: usize, start: usize, digits: Digits) {
        let persons = self.persons.as_mut_slice();
        let mut count = |word: u64| {
            if let Some(persons) = persons.get_mut(digits.number(word)) {
                *persons += 1;
            }
        };
        // From the first item of one response to that of the next.
        for bytes in packed.get(start..).unwrap_or_default().chunks(length) {
            if let Some(word) = bytes.first_chunk::<WORD>() {
                count(u64::from_le_bytes(*word));
            } else {
                // Behind the last items there may be less than a word.
                let mut word = [0; WORD];
                for (byte, code) in word.iter_mut().zip(bytes) {
                    *byte = *code;
                }
                count(u64::from_le_bytes(word));
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
    if in_a_row && (1..=WORD).contains(&items) {
        let digits = Digits::new(u64::from(categories) + 1, items);
        return (Key::Row { start, digits }, size);
    }
    (Key::Scattered, size)
}

/// Reads the bytes of a word as the digits of a number, in three steps: pairs, fours, all.
///
/// A step takes two digits `a + 256 b` to `a + base b`, by taking away `b (256 - base)`.
#[derive(Debug, Clone, Copy)]
struct Digits {
    /// Of the word's bytes, those that are digits.
    bytes: u64,
    less: u64,
    less_2: u64,
    less_4: u64,
}

impl Digits {
    /// For the first `items` bytes, 1 to 8.
    fn new(base: u64, items: usize) -> Self {
        Self {
            bytes: u64::MAX >> (u64::BITS as usize - 8 * items),
            less: (1 << 8) - base,
            less_2: (1 << 16) - base.pow(2),
            less_4: (1_u64 << 32).wrapping_sub(base.pow(4)),
        }
    }

    /// The number; the highest digits that do not fit a table are 0.
    #[inline]
    fn number(self, word: u64) -> usize {
        const BYTES: u64 = 0x00ff_00ff_00ff_00ff;
        const PAIRS: u64 = 0x0000_ffff_0000_ffff;
        let word = word & self.bytes;
        let pairs = word.wrapping_sub((word >> 8 & BYTES).wrapping_mul(self.less));
        let fours = pairs.wrapping_sub((pairs >> 16 & PAIRS).wrapping_mul(self.less_2));
        let all = fours.wrapping_sub((fours >> 32).wrapping_mul(self.less_4));
        #[expect(clippy::cast_possible_truncation, reason = "less than 2^20")]
        let number = all as usize;
        number
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
