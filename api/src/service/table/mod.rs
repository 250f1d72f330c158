//! Reads a table as people's programs write it: comma, semicolon or tab; UTF-8 with or without a mark, or Windows-1252; quotes and
//! line breaks in cells.
//!
//! A [`Reader`] goes through a table row by row, however long it is; [`read`] takes in all of a short one.

mod answer;
mod breaks;
mod reader;
#[cfg(test)]
mod tests;

pub(super) use answer::answer;
pub(super) use reader::{Cells, Reader};

use crate::error::{Problem, Result};

/// Rows in one table that is taken in as a whole, at most.
const MAX_ROWS: usize = 200_000;

/// A table with a header line.
pub(super) struct Table {
    /// The names of the columns.
    pub(super) header: Vec<String>,
    /// The rows that could be read, empty ones left out.
    pub(super) rows: Vec<Row>,
    /// What is wrong with the others; pointers are `/line`.
    pub(super) problems: Vec<Problem>,
}

/// A row with as many cells as the header has.
pub(super) struct Row {
    /// The line it begins on, counted from 1.
    pub(super) line: u64,
    /// Its cells, without the white space around them.
    pub(super) cells: Vec<String>,
}

/// Reads a table.
///
/// # Errors
/// [`Error::Invalid`](crate::error::Error::Invalid) where the header line cannot be read.
pub(super) fn read(bytes: &[u8]) -> Result<Table> {
    let mut reader = Reader::open(bytes)?;
    let mut table = Table {
        header: reader.header().to_vec(),
        rows: Vec::new(),
        problems: Vec::new(),
    };
    while let Some(row) = reader.next()? {
        match row {
            Ok(cells) if table.rows.len() >= MAX_ROWS => {
                let detail = format!("A table may have {MAX_ROWS} rows. Split it into several.");
                let pointer = format!("/{}", cells.line());
                table
                    .problems
                    .push(Problem::new(pointer, "too_many_rows", detail));
                break;
            }
            Ok(cells) => table.rows.push(Row {
                line: cells.line(),
                cells: cells.iter().map(str::to_owned).collect(),
            }),
            Err(problem) => table.problems.push(problem),
        }
    }
    Ok(table)
}

/// Puts problems in the order of their lines.
pub(super) fn by_line(problems: &mut [Problem]) {
    problems.sort_by_key(|problem| {
        let line = problem.pointer.split('/').nth(1);
        line.and_then(|line| line.parse::<u64>().ok())
    });
}
