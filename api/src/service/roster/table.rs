//! Reads the table of a roster: its columns, and what every row has to hold.

use crate::error::{Error, Problem, Result};
use crate::mail::EmailAddress;
use crate::service::table::{self, Row, Table, by_line};

/// The columns of a roster, with what each holds.
pub const COLUMNS: [(&str, &str); 6] = [
    (
        "reference",
        "the school's own number of the person; needed where there is no e-mail address",
    ),
    ("email", "the address that the link is mailed to"),
    ("group", "the stakeholder group, such as parent"),
    ("organisation", "the code of the school or unit"),
    ("language", "a language tag such as nl; may be left out"),
    (
        "form",
        "a form other than the group's usual one, such as learner-easy; may be left out",
    ),
];

/// One row: a person in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) reference: Option<String>,
    pub(super) email: Option<String>,
    pub(super) group: String,
    pub(super) organisation: String,
    pub(super) language: Option<String>,
    pub(super) form: Option<String>,
}

impl Line {
    /// What tells this person from others: the reference, or else the address.
    pub(super) fn key(&self) -> &str {
        self.reference
            .as_deref()
            .or(self.email.as_deref())
            .unwrap_or_default()
    }

    pub(super) fn problem(&self, column: &str, code: &str, detail: impl Into<String>) -> Problem {
        Problem::new(format!("/{}/{column}", self.number), code, detail)
    }
}

/// The rows that can be read, and what is wrong with the others.
///
/// # Errors
/// [`Error::Invalid`] where the table as a whole cannot be read: no header, unknown or missing columns.
pub(super) fn read(bytes: &[u8]) -> Result<(Vec<Line>, Vec<Problem>)> {
    let Table {
        header,
        rows,
        mut problems,
    } = table::read(bytes)?;
    let columns = columns(&header)?;
    let mut lines = Vec::new();
    for Row {
        line: number,
        cells,
    } in rows
    {
        let cell = |name: &str| {
            columns
                .iter()
                .position(|column| column == name)
                .and_then(|index| cells.get(index))
                .cloned()
                .unwrap_or_default()
        };
        let some = |name: &str| Some(cell(name)).filter(|value| !value.is_empty());
        let line = Line {
            number,
            reference: some("reference"),
            email: some("email").map(|email| email.to_lowercase()),
            group: cell("group"),
            organisation: cell("organisation"),
            language: some("language"),
            form: some("form"),
        };
        let found = problems.len();
        check(&line, &mut problems);
        if problems.len() == found {
            lines.push(line);
        }
    }
    by_line(&mut problems);
    Ok((lines, problems))
}

fn check(line: &Line, problems: &mut Vec<Problem>) {
    let mut note = |wrong: bool, column: &str, code: &str, detail: &str| {
        if wrong {
            problems.push(line.problem(column, code, detail));
        }
    };
    note(
        line.reference.is_none() && line.email.is_none(),
        "email",
        "nobody",
        "Give an e-mail address, or a reference for a person without one.",
    );
    note(
        line.email
            .as_deref()
            .is_some_and(|email| !is_address(email)),
        "email",
        "bad_address",
        "This is not an e-mail address.",
    );
    note(
        line.reference.as_deref().is_some_and(|reference| {
            reference.chars().count() > 200 || reference.chars().any(char::is_control)
        }),
        "reference",
        "bad_reference",
        "Use at most 200 characters on one line.",
    );
    note(
        line.group.is_empty(),
        "group",
        "missing",
        "Name the stakeholder group.",
    );
    note(
        line.organisation.is_empty(),
        "organisation",
        "missing",
        "Give the code of the school or unit.",
    );
    note(
        line.language
            .as_deref()
            .is_some_and(|tag| survey_engine::questionnaire::Language::parse(tag).is_none()),
        "language",
        "bad_language",
        "This is not a language tag such as en or pt-BR.",
    );
    note(
        line.form
            .as_deref()
            .is_some_and(|form| !super::super::is_code(form)),
        "form",
        "bad_form",
        "Give the form's identifier, such as learner-easy.",
    );
}

/// Whether a mail can be addressed to it.
fn is_address(email: &str) -> bool {
    EmailAddress::parse(email).is_ok()
}

fn columns(header: &[String]) -> Result<Vec<String>> {
    let columns: Vec<String> = header.iter().map(|name| name.to_lowercase()).collect();
    let known: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let mut problems = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        if !known.contains(&column.as_str()) {
            problems.push(Problem::new(
                format!("/1/{column}"),
                "unknown_column",
                format!(
                    "The column “{column}” is not one of {}. Remove it: what is not needed is not stored.",
                    known.join(", ")
                ),
            ));
        }
        if columns.iter().take(index).any(|earlier| earlier == column) {
            problems.push(Problem::new(
                format!("/1/{column}"),
                "duplicate_column",
                format!("The column “{column}” occurs twice."),
            ));
        }
    }
    for needed in ["group", "organisation"] {
        if !columns.iter().any(|column| column == needed) {
            problems.push(Problem::new(
                format!("/1/{needed}"),
                "missing_column",
                format!("The column “{needed}” is missing from the first line."),
            ));
        }
    }
    if !columns
        .iter()
        .any(|column| column == "email" || column == "reference")
    {
        problems.push(Problem::new(
            "/1/email",
            "missing_column",
            "Neither the column “email” nor “reference” is there; one of them is needed.",
        ));
    }
    if problems.is_empty() {
        Ok(columns)
    } else {
        Err(Error::Invalid {
            summary: "Nothing was imported: the first line does not name the columns as needed."
                .to_owned(),
            problems,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_every_make_are_read_alike() {
        let plain = "email,group,organisation,language\nana@example.org,parent,school,pt\nze\u{301}@example.org,parent,school,\n";
        let expected = read(plain.as_bytes()).unwrap();
        let semicolons = format!("\u{feff}{}", plain.replace(',', ";").replace('\n', "\r\n"));
        let (lines, problems) = read(semicolons.as_bytes()).unwrap();
        assert_eq!((&lines, &problems), (&expected.0, &expected.1));
        let (lines, problems) =
            read(b"reference;group;organisation\nJos\xe9;parent;school\n").unwrap();
        assert_eq!(problems, []);
        assert_eq!(lines[0].reference.as_deref(), Some("José"));
    }

    #[test]
    fn a_line_break_in_a_cell_does_not_shift_the_line_numbers() {
        let table = "reference,group,organisation\n\"1\n2\",parent,school\n3,,school\n";
        let (lines, problems) = read(table.as_bytes()).unwrap();
        assert_eq!(lines.len(), 0);
        let pointers: Vec<&str> = problems
            .iter()
            .map(|problem| problem.pointer.as_str())
            .collect();
        assert_eq!(pointers, ["/2/reference", "/4/group"]);
    }

    #[test]
    fn every_bad_row_and_every_bad_column_is_told() {
        let (lines, problems) = read(
            b"email,group,organisation,language\n,parent,school,en\nnobody,parent,school,en\na@example.org,parent,school,english please\na@example.org,parent\n",
        )
        .unwrap();
        assert!(lines.is_empty());
        let codes: Vec<&str> = problems
            .iter()
            .map(|problem| problem.code.as_str())
            .collect();
        assert_eq!(
            codes,
            [
                "nobody",
                "bad_address",
                "bad_language",
                "wrong_number_of_cells"
            ]
        );
        let Err(Error::Invalid { problems, .. }) = read(b"e-mail,religion\n") else {
            panic!("columns that are not known were taken");
        };
        let codes: Vec<&str> = problems
            .iter()
            .map(|problem| problem.code.as_str())
            .collect();
        assert_eq!(
            codes,
            [
                "unknown_column",
                "unknown_column",
                "missing_column",
                "missing_column",
                "missing_column"
            ]
        );
    }
}
