//! Tallies as bytes.
//!
//! One format byte, then unsigned LEB128 numbers: responses; number of items, each with its number of counts and the counts;
//! number of scales, each with items, categories, the raw-score histogram, score cells, sums, products, pair sums, ratio sums, and
//! the incomplete answers: their number of sets with raw score, each as answered set, raw score and persons in ascending order, and
//! the same for the cells of each set. Within counts a 0 is followed by the number of further zeros. Equal tallies have equal bytes.

use std::collections::BTreeMap;

use super::scale::ratio_sums_mut;
use super::sparse::Sparse;
use super::{ItemTally, MAX_PATTERN_ITEMS, MAX_RESPONSES, ScaleTally, Tally};
use crate::scoring::{MAX_CATEGORIES, MAX_SCALE_ITEMS};

const FORMAT: u8 = 2;

/// More counts than any tally of a form has, so that forged bytes cannot ask for more memory than this.
const MOST_COUNTS: usize = 1 << 22;

/// Why bytes are not a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TallyBytesError {
    /// The first byte names a format this version does not know.
    #[error("unknown tally format {0}")]
    Format(u8),
    /// The bytes end early, or go on after the end.
    #[error("the tally's bytes do not end where they should")]
    Length,
    /// The numbers contradict each other or exceed what a tally can hold.
    #[error("the tally's numbers contradict each other")]
    Inconsistent,
}

impl Tally {
    /// The tally as bytes: a few kilobytes for a form of forty items.
    ///
    /// ```
    /// use survey_engine::scoring::{Blueprint, ItemPlan};
    /// use survey_engine::tally::Tally;
    /// let item = ItemPlan { id: "a".to_owned(), slot: 0, categories: 5, lowest: 1 };
    /// let blueprint = Blueprint::new(1, vec![item], Vec::new())?;
    /// let mut tally = Tally::new(&blueprint);
    /// tally.add(&blueprint, &[4])?;
    /// assert_eq!(Tally::from_bytes(&tally.to_bytes())?, tally);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![FORMAT];
        put(&mut out, self.responses);
        put(&mut out, self.items.len() as u64);
        for item in &self.items {
            put(&mut out, item.counts().len() as u64);
            put_counts(&mut out, item.counts());
        }
        put(&mut out, self.scales.len() as u64);
        for scale in &self.scales {
            put(&mut out, scale.items as u64);
            put(&mut out, u64::from(scale.categories));
            for counts in [
                &scale.complete,
                &scale.cells,
                &scale.sums,
                &scale.products,
                &scale.pairs,
            ] {
                put_counts(&mut out, counts);
            }
            put_counts(&mut out, &scale.ratio_sums());
            for sparse in [&scale.partial, &scale.partial_cells] {
                put(&mut out, sparse.len() as u64);
                for ((mask, key), persons) in sparse.iter() {
                    put(&mut out, mask);
                    put(&mut out, u64::from(key));
                    put(&mut out, persons);
                }
            }
        }
        out
    }

    /// Reads what [`Tally::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`TallyBytesError::Format`] for a format this version does not know, [`TallyBytesError::Length`] for bytes that end
    /// early or go on, [`TallyBytesError::Inconsistent`] for numbers that contradict each other or exceed what a tally can
    /// hold.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// let mut tally = Tally::new(&blueprint);
    /// for packed in [[5, 1], [4, 3], [3, 255], [0, 2]] {
    ///     tally.add(&blueprint, &packed).unwrap();
    /// }
    /// assert_eq!(Tally::from_bytes(&tally.to_bytes()).as_ref(), Ok(&tally));
    /// assert!(Tally::from_bytes(&[]).is_err());
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TallyBytesError> {
        let (format, rest) = bytes.split_first().ok_or(TallyBytesError::Length)?;
        if *format != FORMAT {
            return Err(TallyBytesError::Format(*format));
        }
        let mut input = Input {
            rest,
            left: MOST_COUNTS,
        };
        let responses = input.number()?;
        if responses > MAX_RESPONSES {
            return Err(TallyBytesError::Inconsistent);
        }
        let items = (0..input.number()?)
            .map(|_| read_item(&mut input, responses))
            .collect::<Result<_, _>>()?;
        let scales = (0..input.number()?)
            .map(|_| read_scale(&mut input, responses))
            .collect::<Result<_, _>>()?;
        if input.rest.is_empty() {
            Ok(Self {
                responses,
                items,
                scales,
            })
        } else {
            Err(TallyBytesError::Length)
        }
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "less than 128 by the loop above"
    )]
    out.push(number as u8);
}

fn put_counts(out: &mut Vec<u8>, counts: &[u64]) {
    let mut rest = counts;
    while let Some((first, others)) = rest.split_first() {
        put(out, *first);
        rest = others;
        if *first == 0 {
            let zeros = others.iter().take_while(|count| **count == 0).count();
            put(out, zeros as u64);
            rest = others.get(zeros..).unwrap_or_default();
        }
    }
}

struct Input<'a> {
    rest: &'a [u8],
    /// How many counts may still be read.
    left: usize,
}

impl Input<'_> {
    fn number(&mut self) -> Result<u64, TallyBytesError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(TallyBytesError::Length)?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits || (*byte == 0 && shift > 0) {
                return Err(TallyBytesError::Inconsistent);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(TallyBytesError::Inconsistent)
    }

    fn counts(&mut self, length: usize) -> Result<Vec<u64>, TallyBytesError> {
        let left = self.left.checked_sub(length);
        self.left = left.ok_or(TallyBytesError::Inconsistent)?;
        let mut counts = Vec::with_capacity(length);
        // Two runs of zeros in a row would be another form of one.
        let mut after_zeros = false;
        while counts.len() < length {
            let number = self.number()?;
            counts.push(number);
            if number == 0 {
                let more = self.at_most((length - counts.len()) as u64)?;
                counts.resize(counts.len() + more, 0);
                if std::mem::replace(&mut after_zeros, true) {
                    return Err(TallyBytesError::Inconsistent);
                }
            } else {
                after_zeros = false;
            }
        }
        Ok(counts)
    }

    fn at_most(&mut self, limit: u64) -> Result<usize, TallyBytesError> {
        let number = self.number()?;
        if number > limit {
            return Err(TallyBytesError::Inconsistent);
        }
        usize::try_from(number).map_err(|_| TallyBytesError::Inconsistent)
    }
}

fn read_item(input: &mut Input<'_>, responses: u64) -> Result<ItemTally, TallyBytesError> {
    let length = input.at_most(u64::from(MAX_CATEGORIES) + 5)?;
    let counts = input.counts(length)?;
    if total(&counts) != Some(responses) {
        return Err(TallyBytesError::Inconsistent);
    }
    ItemTally::from_counts(counts).ok_or(TallyBytesError::Inconsistent)
}

fn read_scale(input: &mut Input<'_>, responses: u64) -> Result<ScaleTally, TallyBytesError> {
    let items = input.at_most(MAX_SCALE_ITEMS as u64)?;
    let categories = u8::try_from(input.at_most(u64::from(MAX_CATEGORIES))?);
    let categories = categories.map_err(|_| TallyBytesError::Inconsistent)?;
    if items == 0 || categories < 2 {
        return Err(TallyBytesError::Inconsistent);
    }
    let mut scale = ScaleTally::new(items, categories);
    let parts = [
        &mut scale.complete,
        &mut scale.cells,
        &mut scale.sums,
        &mut scale.products,
        &mut scale.pairs,
    ];
    for part in parts {
        *part = input.counts(part.len())?;
    }
    let ratio = input.counts(5)?;
    for (sum, read) in ratio_sums_mut(&mut scale.ratio).into_iter().zip(ratio) {
        *sum = read;
    }
    let highest = u32::from(categories - 1);
    scale.partial = read_sparse(input, |mask, sum| {
        is_partial(mask, items) && sum <= mask.count_ones() * highest
    })?;
    scale.partial_cells = read_sparse(input, |mask, cell| {
        let item = cell / u32::from(categories);
        is_partial(mask, items) && mask.checked_shr(item).is_some_and(|rest| rest & 1 == 1)
    })?;
    if is_bounded(&scale, responses) && cells_agree(&scale) {
        Ok(scale)
    } else {
        Err(TallyBytesError::Inconsistent)
    }
}

fn read_sparse(
    input: &mut Input<'_>,
    is_possible: impl Fn(u64, u32) -> bool,
) -> Result<Sparse<(u64, u32)>, TallyBytesError> {
    let mut sparse = Sparse::default();
    let mut before = None;
    for _ in 0..input.number()? {
        let mask = input.number()?;
        let key = u32::try_from(input.number()?).map_err(|_| TallyBytesError::Inconsistent)?;
        let persons = input.number()?;
        let is_next = before.replace((mask, key)) < Some((mask, key));
        if !is_next || persons == 0 || !is_possible(mask, key) {
            return Err(TallyBytesError::Inconsistent);
        }
        sparse.add((mask, key), persons);
    }
    Ok(sparse)
}

/// Whether the cells count the persons of the histograms, each once an item.
fn cells_agree(scale: &ScaleTally) -> bool {
    let complete = scale.cells().is_none_or(|cells| {
        let mut scores = cells.scores().zip(&scale.complete);
        scores.all(|(score, persons)| {
            (0..scale.items).all(|item| total(cells.row(score, item)) == Some(*persons))
        })
    });
    // In a set of up to 12 items every answered item has the persons of the set.
    let mut persons: BTreeMap<u64, u64> = BTreeMap::new();
    let mut answers: BTreeMap<(u64, u32), u64> = BTreeMap::new();
    if scale.items <= MAX_PATTERN_ITEMS {
        for ((mask, _), count) in scale.partial.iter() {
            let sum = persons.entry(mask).or_default();
            *sum = sum.saturating_add(count);
        }
    }
    for ((mask, cell), count) in scale.partial_cells.iter() {
        let sum = answers.entry((mask, cell / u32::from(scale.categories)));
        let sum = sum.or_default();
        *sum = sum.saturating_add(count);
    }
    let sets: u32 = persons.keys().map(|mask| mask.count_ones()).sum();
    let partial = answers.len() == sets as usize
        && answers
            .iter()
            .all(|((mask, _), count)| persons.get(mask) == Some(count));
    complete && partial
}

fn total(counts: &[u64]) -> Option<u64> {
    counts
        .iter()
        .try_fold(0_u64, |sum, count| sum.checked_add(*count))
}

/// Whether `mask` names some but not all of `items` items.
fn is_partial(mask: u64, items: usize) -> bool {
    let all = u64::MAX >> (64 - items);
    mask != 0 && mask < all
}

/// Whether no sum exceeds what `responses` persons can contribute, and no histogram their number.
fn is_bounded(scale: &ScaleTally, responses: u64) -> bool {
    let partial = scale.partial.iter().map(|(_, persons)| persons);
    let mut persons = scale.complete.iter().copied().chain(partial);
    let persons = persons.try_fold(0_u64, u64::checked_add);
    let step = u64::from(scale.categories) - 1;
    let items = scale.items as u64;
    persons.is_some_and(|persons| persons <= responses)
        && scale.sums.iter().all(|sum| *sum <= responses * step)
        && scale
            .products
            .iter()
            .chain(&scale.pairs)
            .all(|product| *product <= responses * step * step)
        && scale
            .ratio_sums()
            .iter()
            .all(|sum| *sum <= responses * items * items)
}
