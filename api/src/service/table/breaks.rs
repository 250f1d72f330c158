//! Counts lines as an editor does, of a text that is read as it passes.

use std::collections::VecDeque;
use std::io::{Error, ErrorKind, Read, Result};

/// A row that is longer, in bytes, is none: a quote was never closed.
const LONGEST_ROW: u64 = 1 << 20;

/// Line breaks that follow each other, by their bytes.
struct Run {
    start: u64,
    end: u64,
    lines: u64,
}

/// Hands on what it reads, and remembers the line breaks that nobody has asked about yet.
///
/// The reader of rows has a count of its own, which stands before a line break that it has yet to skip.
pub(super) struct LineBreaks<R> {
    input: R,
    read: u64,
    row_begins: u64,
    runs: VecDeque<Run>,
    passed: u64,
}

impl<R> LineBreaks<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            read: 0,
            row_begins: 0,
            runs: VecDeque::new(),
            passed: 0,
        }
    }

    /// The next row begins within what has been read, or right behind it.
    pub(super) fn begin_row(&mut self) {
        self.row_begins = self.read;
    }

    /// The line on which a row begins whose first byte, or a line break before it, is at `byte`. Later rows come later.
    pub(super) fn line_of(&mut self, byte: u64) -> u64 {
        while let Some(run) = self.runs.pop_front_if(|run| run.start <= byte) {
            self.passed += run.lines;
        }
        1 + self.passed
    }

    fn note(&mut self, at: u64, byte: u8) {
        let line = u64::from(byte == b'\n');
        match self.runs.back_mut() {
            Some(run) if run.end == at => {
                run.end += 1;
                run.lines += line;
            }
            _ => self.runs.push_back(Run {
                start: at,
                end: at + 1,
                lines: line,
            }),
        }
    }
}

impl<R: Read> Read for LineBreaks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.read - self.row_begins > LONGEST_ROW {
            return Err(Error::new(
                ErrorKind::InvalidData,
                "a row is longer than 1 MiB",
            ));
        }
        let count = self.input.read(buffer)?;
        for (at, byte) in (self.read..).zip(buffer.iter().take(count)) {
            if matches!(byte, b'\r' | b'\n') {
                self.note(at, *byte);
            }
        }
        self.read += count as u64;
        Ok(count)
    }
}
