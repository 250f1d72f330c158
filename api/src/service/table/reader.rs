//! A table, row by row.

use super::breaks::LineBreaks;
use crate::error::{Error, Problem, Result};
use csv::{ByteRecord, StringRecord};
use std::io::{BufRead, BufReader, Chain, Cursor, ErrorKind, Read};

/// Bytes of the first line that are looked at for its separator.
const FIRST_LINE: u64 = 1 << 16;

/// What a table is read from: its first line, which was looked at, and the rest.
type Source<R> = LineBreaks<Chain<Cursor<Vec<u8>>, BufReader<R>>>;

/// Goes through a table. Holds one row at a time.
pub(in crate::service) struct Reader<R> {
    header: Vec<String>,
    rows: csv::Reader<Source<R>>,
    record: StringRecord,
    ended: bool,
}

/// The cells of one row: as many as the header has.
#[derive(Clone, Copy)]
pub(in crate::service) struct Cells<'r> {
    line: u64,
    record: &'r StringRecord,
}

impl<'r> Cells<'r> {
    /// The line on which the row begins, counted from 1.
    pub(in crate::service) fn line(self) -> u64 {
        self.line
    }

    /// The cells in order, without the white space around them.
    pub(in crate::service) fn iter(self) -> impl Iterator<Item = &'r str> {
        self.record.iter().map(str::trim)
    }
}

impl<R: Read> Reader<R> {
    /// Begins to read a table.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the header line cannot be read.
    pub(in crate::service) fn open(input: R) -> Result<Self> {
        let mut input = BufReader::new(input);
        let mut first = Vec::new();
        (&mut input)
            .take(FIRST_LINE)
            .read_until(b'\n', &mut first)
            .map_err(unreadable)?;
        if first.starts_with(b"\xef\xbb\xbf") {
            first.drain(..3);
        }
        let delimiter = delimiter(&first);
        let source = LineBreaks::new(Cursor::new(first).chain(input));
        let rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(source);
        let mut reader = Self {
            header: Vec::new(),
            rows,
            record: StringRecord::new(),
            ended: false,
        };
        if reader.advance().map_err(|error| match error {
            Broken::TooLong => Error::invalid(
                "/1",
                "unreadable_header",
                "The first line cannot be read: a quote in it is never closed.",
            ),
            Broken::Input(error) => unreadable(error),
        })? {
            let names = reader.record.iter();
            reader.header = names.map(|name| name.trim().to_owned()).collect();
        }
        Ok(reader)
    }

    /// The names of the columns.
    pub(in crate::service) fn header(&self) -> &[String] {
        &self.header
    }

    /// The next row that is not empty, or what is wrong with it; `None` behind the last.
    ///
    /// # Errors
    /// [`Error::Internal`] where the table itself cannot be read on.
    pub(in crate::service) fn next(
        &mut self,
    ) -> Result<Option<std::result::Result<Cells<'_>, Problem>>> {
        let problem = |line: u64, code: &str, detail: String| {
            Ok(Some(Err(Problem::new(format!("/{line}"), code, detail))))
        };
        loop {
            let at = self.rows.position().byte();
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(Broken::Input(error)) => return Err(unreadable(error)),
                Err(Broken::TooLong) => {
                    let line = self.rows.get_mut().line_of(at);
                    let detail = "This row does not end within a megabyte. Look for a quote that is never closed.";
                    return problem(line, "row_too_long", detail.to_owned());
                }
            }
            if !self.record.iter().all(|cell| cell.trim().is_empty()) {
                break;
            }
        }
        let at = self.record.position().map_or(0, csv::Position::byte);
        let line = self.rows.get_mut().line_of(at);
        if self.record.len() != self.header.len() {
            let detail = format!(
                "This row has {} cells and the header has {}. Look for a missing separator or quote.",
                self.record.len(),
                self.header.len()
            );
            return problem(line, "wrong_number_of_cells", detail);
        }
        let record = &self.record;
        Ok(Some(Ok(Cells { line, record })))
    }

    /// Reads the next record; `false` behind the last.
    fn advance(&mut self) -> std::result::Result<bool, Broken> {
        if self.ended {
            return Ok(false);
        }
        self.rows.get_mut().begin_row();
        let mut bytes = std::mem::take(&mut self.record).into_byte_record();
        let more = self.rows.read_byte_record(&mut bytes).map_err(|error| {
            self.ended = true;
            match error.into_kind() {
                csv::ErrorKind::Io(error) if error.kind() == ErrorKind::InvalidData => {
                    Broken::TooLong
                }
                csv::ErrorKind::Io(error) => Broken::Input(error),
                other => Broken::Input(std::io::Error::other(format!("{other:?}"))),
            }
        })?;
        self.record = text(bytes);
        self.ended = !more;
        Ok(more)
    }
}

/// Why reading cannot go on.
enum Broken {
    TooLong,
    Input(std::io::Error),
}

fn unreadable(error: std::io::Error) -> Error {
    Error::internal(anyhow::Error::new(error).context("the table cannot be read"))
}

/// The cells as text, whatever wrote them.
fn text(record: ByteRecord) -> StringRecord {
    StringRecord::from_byte_record(record).unwrap_or_else(|error| {
        let record = error.into_byte_record();
        let mut cells = StringRecord::new();
        for cell in &record {
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell);
            cells.push_field(&text);
        }
        cells.set_position(record.position().cloned());
        cells
    })
}

/// The separator that the header line uses most.
fn delimiter(header: &[u8]) -> u8 {
    let separators = [b',', b';', b'\t'].into_iter();
    let most = separators.max_by_key(|delimiter| {
        let uses = header.split(|byte| byte == delimiter).count();
        (uses, *delimiter == b',')
    });
    most.unwrap_or(b',')
}
