//! Counting many responses at once.

use super::counters::Counters;
use super::lanes::FIRST_MISSING;
use super::patterns::PatternTable;
use super::whole::code_mismatch;
use super::{ItemTally, TabulationError, Tally, TallyMismatch};
use crate::scoring::Blueprint;

/// Counts batches of responses: their tally, and the answers to each item in each of a number of cells.
///
/// A cell is whatever one count an item is wanted for: a school, or a respondent group of a school. Everything that
/// [`Tally`] holds is counted over all cells together. The result is that of [`Tally::add`] for each response, at a fraction of
/// the time: answers are counted sixteen at a time, and a scale of few items is counted by its whole answer pattern, from which
/// sums and products follow at the end.
///
/// Memory is that of the counts (for each cell about `5 (m + 4)` bytes a byte of the packed answers, for `m` categories, and up to
/// 4 MiB a scale), whatever the number of responses. Adding allocates nothing, except for a scale of so many items that its
/// patterns do not fit: then for each set of answered items with a raw score that occurs for the first time.
///
/// ```
/// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
/// use survey_engine::tally::{Tabulation, Tally};
/// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
/// let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
/// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
/// let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
///
/// // Three responses of two items, the first two from cell 0 and the last from cell 1.
/// let mut tabulation = Tabulation::new(&blueprint, 2)?;
/// tabulation.add(&[5, 4, 4, 0, 1, 2], &[0, 0, 1])?;
/// let first = tabulation.items(0).ok_or("no such cell")?;
/// assert_eq!(first[0].categories(), [0, 0, 0, 1, 1]);
///
/// let mut one_by_one = Tally::new(&blueprint);
/// for packed in [[5, 4], [4, 0], [1, 2]] {
///     one_by_one.add(&blueprint, &packed)?;
/// }
/// assert_eq!(tabulation.tally(), one_by_one);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Tabulation<'b> {
    blueprint: &'b Blueprint,
    counters: Counters,
    tables: Vec<PatternTable>,
    /// Per byte of so many responses as are inspected together: the highest category; the highest byte where there is no item.
    highest: Vec<u8>,
    /// Responses whose missing answers are all 0.
    cleared: Vec<u8>,
}

/// So many bytes are counted at a time: few enough to stay in a processor's cache.
const CHUNK: usize = 1 << 17;
/// So many responses are inspected together.
const TOGETHER: usize = 16;

impl<'b> Tabulation<'b> {
    /// No responses in `cells` cells.
    ///
    /// # Errors
    /// [`TabulationError::TooMany`] for so many cells that their counts cannot be numbered.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// # use survey_engine::tally::Tabulation;
    /// let mut tabulation = Tabulation::new(&blueprint, 2).unwrap();
    /// tabulation.add(&[5, 1, 3, 255], &[0, 1]).unwrap();
    /// assert_eq!(tabulation.responses(), 2);
    /// ```
    pub fn new(blueprint: &'b Blueprint, cells: usize) -> Result<Self, TabulationError> {
        let counters = Counters::new(blueprint, cells).ok_or(TabulationError::TooMany)?;
        let tables = (0..blueprint.scales().len())
            .map(|scale| PatternTable::new(blueprint, scale))
            .collect();
        let mut highest = vec![u8::MAX; blueprint.length()];
        for item in blueprint.items() {
            if let Some(byte) = highest.get_mut(item.slot) {
                *byte = item.categories;
            }
        }
        Ok(Self {
            blueprint,
            counters,
            tables,
            highest: highest.repeat(TOGETHER),
            cleared: Vec::with_capacity(CHUNK.max(blueprint.length())),
        })
    }

    /// Adds responses: their packed answers one after another, and the cell of each.
    ///
    /// All of them, or none if one is refused.
    ///
    /// # Errors
    /// [`TabulationError::Rows`] unless there is a cell for each response; [`TabulationError::Cell`] for a cell that does not
    /// exist; [`TabulationError::Response`] for a response that is none to the form; [`TabulationError::TooMany`] for more
    /// responses than a tabulation holds.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// # use survey_engine::tally::Tabulation;
    /// let mut tabulation = Tabulation::new(&blueprint, 2).unwrap();
    /// tabulation.add(&[5, 1, 3, 255], &[0, 1]).unwrap();
    /// // One response, but two cells.
    /// let refused = tabulation.add(&[5, 1], &[0, 1]).unwrap_err();
    /// assert_eq!(refused.to_string(), "2 bytes are not 2 responses of 2 bytes");
    /// ```
    pub fn add(&mut self, packed: &[u8], cells: &[u32]) -> Result<(), TabulationError> {
        let length = self.blueprint.length();
        if packed.len() != cells.len() * length {
            return Err(TabulationError::Rows {
                bytes: packed.len(),
                rows: cells.len(),
                length,
            });
        }
        self.check_cells(cells)?;
        let rows = CHUNK.checked_div(length).unwrap_or(cells.len()).max(1);
        for from in (0..cells.len()).step_by(rows) {
            let to = cells.len().min(from + rows);
            let answers = packed.get(from * length..to * length).unwrap_or_default();
            let counted = self.count(answers, cells.get(from..to).unwrap_or_default());
            if let Err((counted, row, mismatch)) = counted {
                self.take_back(packed, cells, from + counted)?;
                let row = from + row;
                return Err(TabulationError::Response { row, mismatch });
            }
        }
        Ok(())
    }

    /// Counts responses; or some of them, up to one that is none: then says how many were counted, which one it is, and why.
    fn count(&mut self, packed: &[u8], cells: &[u32]) -> Result<(), (usize, usize, TallyMismatch)> {
        let length = self.blueprint.length();
        let (mut counted, mut has_missing, mut result) = (0, false, Ok(()));
        // Answers come from memory here, while the ones before are counted; the tables get them from the cache.
        for of_cells in cells.chunks(TOGETHER) {
            let rest = packed.get(counted * length..).unwrap_or_default();
            let answers = rest.get(..of_cells.len() * length).unwrap_or_default();
            match self.inspect(answers) {
                Ok(missing) => {
                    self.counters.add(rest, of_cells, missing);
                    has_missing |= missing;
                    counted += of_cells.len();
                }
                Err((row, mismatch)) => {
                    result = Err((counted, counted + row, mismatch));
                    break;
                }
            }
        }
        let packed = packed.get(..counted * length).unwrap_or_default();
        let answers = if has_missing {
            let clear = |code: &u8| if *code >= FIRST_MISSING { 0 } else { *code };
            self.cleared.clear();
            self.cleared.extend(packed.iter().map(clear));
            self.cleared.as_slice()
        } else {
            packed
        };
        for tables in self.tables.chunks_mut(2) {
            match tables {
                [table, other] => table.add_to_both(other, answers, length),
                tables => tables
                    .iter_mut()
                    .for_each(|table| table.add(answers, length)),
            }
        }
        result
    }

    /// Takes out the first responses of a batch.
    fn take_back(
        &mut self,
        packed: &[u8],
        cells: &[u32],
        rows: usize,
    ) -> Result<(), TabulationError> {
        let mut counted = Self::new(self.blueprint, self.counters.cells())?;
        let bytes = rows * self.blueprint.length();
        let (packed, cells) = (packed.get(..bytes), cells.get(..rows));
        counted.add(packed.unwrap_or_default(), cells.unwrap_or_default())?;
        self.counters.unmerge(&counted.counters);
        for (mine, theirs) in self.tables.iter_mut().zip(&counted.tables) {
            mine.unmerge(theirs);
        }
        Ok(())
    }

    /// Adds responses as [`add`](Self::add) does, on all cores. Each core counts for itself, so memory is taken once a core.
    ///
    /// # Errors
    /// As [`add`](Self::add): nothing of the batch is counted then.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// use survey_engine::tally::Tabulation;
    /// // A thousand responses from two schools.
    /// let packed = [5, 1, 3, 255].repeat(500);
    /// let schools = [0, 1].repeat(500);
    /// let mut on_one = Tabulation::new(&blueprint, 2)?;
    /// on_one.add(&packed, &schools)?;
    /// let mut on_all = Tabulation::new(&blueprint, 2)?;
    /// on_all.add_in_parallel(&packed, &schools)?;
    /// assert_eq!(on_all.tally(), on_one.tally());
    /// assert_eq!(on_all.items(1), on_one.items(1));
    /// # Ok::<(), survey_engine::tally::TabulationError>(())
    /// ```
    #[cfg(feature = "rayon")]
    pub fn add_in_parallel(&mut self, packed: &[u8], cells: &[u32]) -> Result<(), TabulationError> {
        use rayon::prelude::*;

        let length = self.blueprint.length();
        let share = cells.len().div_ceil(rayon::current_num_threads()).max(1);
        if packed.len() != cells.len() * length || length == 0 {
            return self.add(packed, cells);
        }
        let parts: Vec<_> = packed
            .par_chunks(share * length)
            .zip(cells.par_chunks(share))
            .map(|(packed, cells)| {
                let mut part = Self::new(self.blueprint, self.counters.cells())?;
                part.add(packed, cells).map(|()| part)
            })
            .collect();
        let mut sum = self.clone();
        for (number, part) in parts.into_iter().enumerate() {
            sum.merge(&part.map_err(|error| error.moved(number * share))?)?;
        }
        *self = sum;
        Ok(())
    }

    /// Adds the responses of `other`.
    ///
    /// # Errors
    /// [`TabulationError::Shape`] for another form or number of cells, [`TabulationError::TooMany`] for more responses than a
    /// tabulation holds; nothing changes then.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// # use survey_engine::tally::Tabulation;
    /// let mut tabulation = Tabulation::new(&blueprint, 2).unwrap();
    /// tabulation.add(&[5, 1, 3, 255], &[0, 1]).unwrap();
    /// let other = tabulation.clone();
    /// tabulation.merge(&other).unwrap();
    /// assert_eq!(tabulation.responses(), 4);
    /// ```
    pub fn merge(&mut self, other: &Self) -> Result<(), TabulationError> {
        if self.blueprint != other.blueprint || self.counters.cells() != other.counters.cells() {
            return Err(TabulationError::Shape);
        }
        self.has_room(other.counters.responses())?;
        self.counters.merge(&other.counters);
        for (mine, theirs) in self.tables.iter_mut().zip(&other.tables) {
            mine.merge(theirs);
        }
        Ok(())
    }

    /// Number of responses.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// # use survey_engine::tally::Tabulation;
    /// let mut tabulation = Tabulation::new(&blueprint, 2).unwrap();
    /// tabulation.add(&[5, 1, 3, 255], &[0, 1]).unwrap();
    /// assert_eq!(tabulation.responses(), 2);
    /// ```
    #[must_use]
    pub fn responses(&self) -> u64 {
        self.counters.responses()
    }

    /// Answers to each item in cell `cell`, as in [`Blueprint::items`]; `None` if there is no such cell.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// # use survey_engine::tally::Tabulation;
    /// let mut tabulation = Tabulation::new(&blueprint, 2).unwrap();
    /// tabulation.add(&[5, 1, 3, 255], &[0, 1]).unwrap();
    /// assert_eq!(tabulation.items(1).unwrap()[1].dont_know(), 1);
    /// assert!(tabulation.items(2).is_none());
    /// ```
    #[must_use]
    pub fn items(&self, cell: usize) -> Option<Vec<ItemTally>> {
        self.counters.items(self.blueprint, cell)
    }

    /// The tally of all responses.
    ///
    /// ```
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, RawScore, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let blueprint = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale]).unwrap();
    /// # use survey_engine::tally::Tabulation;
    /// let mut tabulation = Tabulation::new(&blueprint, 2).unwrap();
    /// tabulation.add(&[5, 1, 3, 255], &[0, 1]).unwrap();
    /// assert_eq!(tabulation.tally().responses(), 2);
    /// ```
    #[must_use]
    pub fn tally(&self) -> Tally {
        let scales = self.tables.iter().map(PatternTable::tally);
        Tally {
            responses: self.counters.responses(),
            items: self.counters.all_items(self.blueprint),
            scales: scales.collect(),
        }
    }

    fn has_room(&self, responses: u64) -> Result<(), TabulationError> {
        if self.counters.responses() + responses > u64::from(u32::MAX) {
            return Err(TabulationError::TooMany);
        }
        Ok(())
    }

    fn check_cells(&self, cells: &[u32]) -> Result<(), TabulationError> {
        self.has_room(cells.len() as u64)?;
        let number = self.counters.cells();
        let is_beyond = |cell: &u32| *cell as usize >= number;
        if !cells.iter().fold(false, |any, cell| any | is_beyond(cell)) {
            return Ok(());
        }
        let mut all = (0..).zip(cells.iter().copied());
        let beyond = all.find(|(_, cell)| is_beyond(cell));
        beyond.map_or(Ok(()), |(row, cell)| {
            Err(TabulationError::Cell { row, cell })
        })
    }

    /// Whether there may be an answer that is missing otherwise than blank; or the first response that is none, and why.
    fn inspect(&self, packed: &[u8]) -> Result<bool, (usize, TallyMismatch)> {
        let mut above = 0;
        for (code, highest) in packed.iter().zip(&self.highest) {
            above |= code.saturating_sub(*highest);
        }
        if above == 0 {
            return Ok(false);
        }
        let mut codes = packed.iter().zip(&self.highest);
        if codes.all(|(code, highest)| code <= highest || *code >= FIRST_MISSING) {
            return Ok(true);
        }
        let mut rows = packed.chunks_exact(self.blueprint.length()).enumerate();
        let found = |(row, answers)| Some((row, code_mismatch(self.blueprint, answers)?));
        Err(rows.find_map(found).unwrap_or((0, TallyMismatch::Shape)))
    }
}
