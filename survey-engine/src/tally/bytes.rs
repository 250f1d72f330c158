//! Tallies as bytes.
//!
//! One format byte, then unsigned LEB128 numbers: responses; number of items, each with its number of counts and the counts;
//! number of scales, each with items, categories, the raw-score histogram, sums, products, ratio sums, and the number of
//! incomplete patterns, each as answered set, raw score and persons in ascending order. Equal tallies have equal bytes.

use super::scale::ratio_sums_mut;
use super::{ItemTally, MAX_RESPONSES, ScaleTally, Tally};
use crate::scoring::{MAX_CATEGORIES, MAX_SCALE_ITEMS};

const FORMAT: u8 = 1;

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
            put_all(&mut out, item.counts());
        }
        put(&mut out, self.scales.len() as u64);
        for scale in &self.scales {
            put(&mut out, scale.items as u64);
            put(&mut out, u64::from(scale.categories));
            put_all(&mut out, &scale.complete);
            put_all(&mut out, &scale.sums);
            put_all(&mut out, &scale.products);
            put_all(&mut out, &scale.ratio_sums());
            put(&mut out, scale.partial.len() as u64);
            for ((mask, sum), count) in &scale.partial {
                put_all(&mut out, &[*mask, u64::from(*sum), *count]);
            }
        }
        out
    }

    /// Reads what [`Tally::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TallyBytesError> {
        let (format, rest) = bytes.split_first().ok_or(TallyBytesError::Length)?;
        if *format != FORMAT {
            return Err(TallyBytesError::Format(*format));
        }
        let mut input = Input { rest };
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

fn put_all(out: &mut Vec<u8>, numbers: &[u64]) {
    for number in numbers {
        put(out, *number);
    }
}

struct Input<'a> {
    rest: &'a [u8],
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

    fn numbers(&mut self, length: usize) -> Result<Vec<u64>, TallyBytesError> {
        // Every number takes a byte: a forged length cannot make this reserve more than the input holds.
        if length > self.rest.len() {
            return Err(TallyBytesError::Length);
        }
        (0..length).map(|_| self.number()).collect()
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
    let counts = input.numbers(length)?;
    if counts
        .iter()
        .try_fold(0_u64, |sum, count| sum.checked_add(*count))
        != Some(responses)
    {
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
    scale.complete = input.numbers(scale.complete.len())?;
    scale.sums = input.numbers(scale.sums.len())?;
    scale.products = input.numbers(scale.products.len())?;
    for sum in ratio_sums_mut(&mut scale.ratio) {
        *sum = input.number()?;
    }
    let mut before = None;
    for _ in 0..input.number()? {
        let mask = input.number()?;
        let sum = u32::try_from(input.number()?).map_err(|_| TallyBytesError::Inconsistent)?;
        let count = input.number()?;
        let possible =
            is_partial(mask, items) && sum <= mask.count_ones() * u32::from(categories - 1);
        if !possible || count == 0 || before.replace((mask, sum)) >= Some((mask, sum)) {
            return Err(TallyBytesError::Inconsistent);
        }
        scale.partial.insert((mask, sum), count);
    }
    if is_bounded(&scale, responses) {
        Ok(scale)
    } else {
        Err(TallyBytesError::Inconsistent)
    }
}

/// Whether `mask` names some but not all of `items` items.
fn is_partial(mask: u64, items: usize) -> bool {
    let all = u64::MAX >> (64 - items);
    mask != 0 && mask < all
}

/// Whether no sum exceeds what `responses` persons can contribute, and no histogram their number.
fn is_bounded(scale: &ScaleTally, responses: u64) -> bool {
    let persons = scale.complete.iter().chain(scale.partial.values());
    let persons = persons.copied().try_fold(0_u64, u64::checked_add);
    let step = u64::from(scale.categories) - 1;
    let items = scale.items as u64;
    persons.is_some_and(|persons| persons <= responses)
        && scale.sums.iter().all(|sum| *sum <= responses * step)
        && scale
            .products
            .iter()
            .all(|product| *product <= responses * step * step)
        && scale
            .ratio_sums()
            .iter()
            .all(|sum| *sum <= responses * items * items)
}
