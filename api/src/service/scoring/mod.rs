//! Indicators of a table of answers, without a database: every row is read once and counted, none is kept.

mod columns;
mod counting;
mod figures;
mod population;
mod reading;

pub use population::Population;

use super::definition::Instrument;
use super::indicator::Reported;
use super::organisation::Protection;
use super::table::Reader;
use crate::error::{Error, Problem, Result};
use columns::Columns;
use counting::Counting;
use std::io::Read;

/// Problems that are told one by one; of the others only their number.
const TOLD: usize = 100;

/// What to make of a table.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The form that all rows answer. Without it a column `form` says it, or the columns fit one form only.
    pub form: Option<String>,
    /// A column whose values divide the rows into groups.
    pub by: Option<String>,
    /// Columns that are no items and are of no interest.
    pub ignore: Vec<String>,
    /// How many people could have answered.
    pub population: Population,
    /// Who must not be recognised.
    pub protection: Protected,
    /// Leave rows out that have a problem, rather than refuse the table.
    pub skip_bad_rows: bool,
}

/// How the people behind the figures are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protected {
    /// As in a school: the minimum of the form's group, or this one where it is higher. `respondents` stands in for what the
    /// group usually needs.
    AsInASchool {
        /// What the people need, where it is not what their group usually needs.
        respondents: Option<Protection>,
        /// A higher minimum.
        minimum: Option<u32>,
    },
    /// Not at all: whoever asks holds the answers of every single person, and shows the figures to nobody else.
    NotAtAll,
}

impl Default for Protected {
    fn default() -> Self {
        Self::AsInASchool {
            respondents: None,
            minimum: None,
        }
    }
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows counted.
    pub counted: u64,
    /// Rows left out because of a problem.
    pub skipped: u64,
}

/// The indicators of some of the rows.
#[derive(Debug, Clone)]
pub struct GroupReport {
    /// The value that these rows share; `None` for all rows.
    pub group: Option<String>,
    /// The indicators, in the order of the framework.
    pub indicators: Vec<Reported>,
}

/// The indicators of a table.
#[derive(Debug, Clone)]
pub struct Scored {
    /// What became of the rows.
    pub rows: Rows,
    /// All rows, and then every group by its name.
    pub groups: Vec<GroupReport>,
    /// What was wrong with rows that were left out, as far as it is told.
    pub problems: Vec<Problem>,
    /// Items of the forms for which the table has no column: they count as left blank.
    pub without_column: Vec<String>,
}

/// Counts the answers of a table and estimates every indicator, as a closed round of a school would.
///
/// Rows hold answers in the way of [`response_import`](super::response_import). Memory depends on the number of groups, not of rows.
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with the columns, or with the rows (the first hundred problems; pointers are
/// `/line/column`), unless these may be left out.
pub fn score(instrument: &Instrument, table: impl Read, wanted: &Wanted) -> Result<Scored> {
    let mut reader = Reader::open(table)?;
    let columns = Columns::of(instrument, reader.header(), wanted)?;
    let mut counting = Counting::new(&columns);
    let mut rows = Rows::default();
    let mut problems = Problems::default();
    while let Some(row) = reader.next()? {
        let outcome = match row {
            Ok(cells) => counting.take(cells)?,
            Err(problem) => Err(vec![problem]),
        };
        match outcome {
            Ok(()) => rows.counted += 1,
            Err(found) => {
                rows.skipped += 1;
                problems.extend(found);
            }
        }
    }
    if rows.skipped > 0 && !wanted.skip_bad_rows {
        return Err(problems.refusal(rows));
    }
    Ok(Scored {
        rows,
        groups: figures::groups(instrument, &columns, &counting, wanted)?,
        problems: problems.told,
        without_column: columns.without_column(),
    })
}

/// The first problems, and the number of all.
#[derive(Default)]
struct Problems {
    told: Vec<Problem>,
    all: u64,
}

impl Problems {
    fn extend(&mut self, found: Vec<Problem>) {
        self.all += found.len() as u64;
        let room = TOLD - self.told.len();
        self.told.extend(found.into_iter().take(room));
    }

    fn refusal(self, rows: Rows) -> Error {
        let told = if self.all > self.told.len() as u64 {
            format!(
                "; the first {} of {} problems follow",
                self.told.len(),
                self.all
            )
        } else {
            String::new()
        };
        let summary = format!(
            "Nothing was scored: {} of {} rows to mend, or to leave out with --skip-bad-rows{told}.",
            rows.skipped,
            rows.skipped + rows.counted
        );
        Error::Invalid {
            summary,
            problems: self.told,
        }
    }
}
