use super::{Reader, read};
use crate::error::Error;
use std::io::Read;

/// Gives a few bytes at a time, as a pipe may.
struct Dribble<'t>(&'t [u8], usize);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(buffer.len()).min(self.0.len());
        let (now, later) = self.0.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.0 = later;
        Ok(count)
    }
}

fn rows(input: impl Read) -> Vec<(u64, Vec<String>)> {
    let mut reader = Reader::open(input).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = reader.next().unwrap() {
        rows.push(match row {
            Ok(cells) => (cells.line(), cells.iter().map(str::to_owned).collect()),
            Err(problem) => (0, vec![problem.pointer, problem.code]),
        });
    }
    rows
}

const TABLE: &[u8] =
    b"a;b\r\n1;\"two\r\nlines\"\r\n\r\n\r\n 3 ;4\n5\n;\n\"6\n\n\n\";\xe9\r\n7;\xc3\xa9";

#[test]
fn lines_are_counted_as_an_editor_counts_however_the_bytes_arrive() {
    let whole = rows(TABLE);
    let lines: Vec<u64> = whole.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 6, 0, 9, 13]);
    let cells = |at: usize| whole[at].1.join("|");
    assert_eq!(cells(0), "1|two\r\nlines");
    assert_eq!(cells(1), "3|4");
    assert_eq!(cells(2), "/7|wrong_number_of_cells");
    // One row is Windows-1252, the next UTF-8.
    assert_eq!((cells(3), cells(4)), ("6|é".to_owned(), "7|é".to_owned()));
    for size in 1..40 {
        assert_eq!(rows(Dribble(TABLE, size)), whole, "{size} bytes at a time");
    }
}

#[test]
fn the_separator_is_that_of_the_header() {
    for (table, cells) in [
        ("a,b;c\n1,2;3\n", vec!["1", "2;3"]),
        ("a;b;c,d\n1;2;3,4\n", vec!["1", "2", "3,4"]),
        ("a\tb\n1\t2,2\n", vec!["1", "2,2"]),
        ("\u{feff}a\n1\n", vec!["1"]),
    ] {
        assert_eq!(rows(table.as_bytes())[0].1, cells, "{table:?}");
    }
    assert_eq!(read("\u{feff}a,b\n".as_bytes()).unwrap().header, ["a", "b"]);
}

#[test]
fn a_quote_that_is_never_closed_ends_the_table_and_not_the_memory() {
    let endless = std::io::repeat(b'x').take(1 << 30);
    let table = b"a\n1\n\n\"2".as_slice().chain(endless);
    assert_eq!(
        rows(table),
        [
            (2, vec!["1".to_owned()]),
            (0, vec!["/4".to_owned(), "row_too_long".to_owned()])
        ]
    );
    let endless = b"\"a".as_slice().chain(std::io::repeat(b'x').take(1 << 30));
    assert!(matches!(Reader::open(endless), Err(Error::Invalid { .. })));
}

#[test]
fn a_table_without_anything_has_no_columns() {
    for nothing in ["", "\n\n"] {
        let table = read(nothing.as_bytes()).unwrap();
        assert!(table.header.is_empty() && table.rows.is_empty() && table.problems.is_empty());
    }
}
