//! Reads a table as people's programs write it: comma, semicolon or tab; UTF-8 with or without a mark, or Windows-1252; quotes and
//! line breaks in cells.

use crate::error::{Error, Problem, Result};

/// Rows in one table at most.
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
/// [`Error::Invalid`] where the header line cannot be read.
pub(super) fn read(bytes: &[u8]) -> Result<Table> {
    let text = decode(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .map_err(|error| {
            let detail = format!("The first line cannot be read: {error}.");
            Error::invalid("/1", "unreadable_header", detail)
        })?
        .iter()
        .map(str::to_owned)
        .collect();
    let mut table = Table {
        header,
        rows: Vec::new(),
        problems: Vec::new(),
    };
    let mut lines = Lines {
        text: &text,
        counted: 0,
        line: 1,
    };
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = lines.at(record.position());
                if !table.take(line, &record) {
                    break;
                }
            }
            Err(error) => {
                let line = lines.at(error.position());
                table.note(
                    line,
                    "unreadable_row",
                    format!("This row cannot be read: {error}."),
                );
            }
        }
    }
    Ok(table)
}

/// Counts lines as an editor does. The reader's own count stands before a line break that it has yet to skip.
struct Lines<'t> {
    text: &'t str,
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the row at a position begins; positions come in order.
    fn at(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position
            .and_then(|position| usize::try_from(position.byte()).ok())
            .unwrap_or(self.counted);
        let bytes = self.text.as_bytes();
        let begin = bytes
            .iter()
            .enumerate()
            .skip(start)
            .find(|(_, byte)| !matches!(byte, b'\r' | b'\n'))
            .map_or(bytes.len(), |(at, _)| at);
        let passed = self.text.get(self.counted..begin).unwrap_or_default();
        self.line += passed.matches('\n').count() as u64;
        self.counted = self.counted.max(begin);
        self.line
    }
}

/// Puts problems in the order of their lines.
pub(super) fn by_line(problems: &mut [Problem]) {
    problems.sort_by_key(|problem| {
        let line = problem.pointer.split('/').nth(1);
        line.and_then(|line| line.parse::<u64>().ok())
    });
}

impl Table {
    fn note(&mut self, line: u64, code: &str, detail: String) {
        self.problems
            .push(Problem::new(format!("/{line}"), code, detail));
    }

    /// Takes a row in; `false` where there is no room for more.
    fn take(&mut self, line: u64, record: &csv::StringRecord) -> bool {
        if record.iter().all(str::is_empty) {
            return true;
        }
        if record.len() != self.header.len() {
            let detail = format!(
                "This row has {} cells and the header has {}. Look for a missing separator or quote.",
                record.len(),
                self.header.len()
            );
            self.note(line, "wrong_number_of_cells", detail);
            return true;
        }
        if self.rows.len() >= MAX_ROWS {
            let detail = format!("A table may have {MAX_ROWS} rows. Split it into several.");
            self.note(line, "too_many_rows", detail);
            return false;
        }
        self.rows.push(Row {
            line,
            cells: record.iter().map(str::to_owned).collect(),
        });
        true
    }
}

/// The text of the table, whatever wrote it.
fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}

/// The separator that the header line uses most.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|delimiter| {
            (
                header.bytes().filter(|byte| byte == delimiter).count(),
                *delimiter == b',',
            )
        })
        .unwrap_or(b',')
}
