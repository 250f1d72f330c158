//! How many people could have answered.

use crate::error::{Error, Problem, Result};
use crate::service::table::{self, by_line};
use std::collections::HashMap;

/// How many people could have answered: those invited, or all there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Population {
    /// Nobody knows. Intervals are those of an infinite number.
    #[default]
    Unknown,
    /// So many for all rows, which answer one form.
    Whole(u64),
    /// So many for each form and group; without a group, for all rows.
    Sizes(Sizes),
}

/// Numbers of people by form (empty: whichever) and group (empty: all rows).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sizes(HashMap<(String, String), u64>);

impl Population {
    /// Reads a table of sizes: a column `population`, one named like the column that divides the rows, and perhaps `form`. A row
    /// whose group is empty says how many there are in all.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong; pointers are `/line/column`.
    pub fn read(table: &[u8], by: Option<&str>) -> Result<Self> {
        let read = table::read(table)?;
        let place = |name: &str| read.header.iter().position(|column| column == name);
        let mut problems = read.problems;
        let Some(population) = place("population") else {
            let detail = "The table of sizes needs a column “population” with numbers of people.";
            return Err(Error::invalid("/1/population", "missing_column", detail));
        };
        let (form, group) = (place("form"), by.and_then(place));
        if let (Some(by), None) = (by, group) {
            let detail =
                format!("The table of sizes needs a column “{by}”, as the table of answers has.");
            return Err(Error::invalid(format!("/1/{by}"), "missing_column", detail));
        }
        let mut sizes = HashMap::new();
        for row in &read.rows {
            let cell = |at: Option<usize>| {
                let cell = at.and_then(|at| row.cells.get(at));
                cell.cloned().unwrap_or_default()
            };
            let mut note = |column: &str, code: &str, detail: &str| {
                let pointer = format!("/{}{column}", row.line);
                problems.push(Problem::new(pointer, code, detail));
            };
            match cell(Some(population)).parse::<u64>() {
                Ok(size) if size > 0 => {
                    if sizes.insert((cell(form), cell(group)), size).is_some() {
                        note(
                            "",
                            "repeated_group",
                            "This group has a size already. Take one of them out.",
                        );
                    }
                }
                _ => note(
                    "/population",
                    "bad_number",
                    "Give a number of people, 1 or more.",
                ),
            }
        }
        if problems.is_empty() {
            return Ok(Self::Sizes(Sizes(sizes)));
        }
        by_line(&mut problems);
        Err(Error::Invalid {
            summary: format!("The table of sizes has {} to mend.", problems.len()),
            problems,
        })
    }

    /// The people of a form and group; 0 where nobody knows.
    pub(super) fn of(&self, form: &str, group: &str) -> u64 {
        let Self::Sizes(Sizes(sizes)) = self else {
            return match self {
                Self::Whole(size) if group.is_empty() => *size,
                _ => 0,
            };
        };
        let named = |form: &str| sizes.get(&(form.to_owned(), group.to_owned())).copied();
        named(form).or_else(|| named("")).unwrap_or_default()
    }

    /// The people of a form over all rows, which fall into these groups: as said, or as they add up.
    pub(super) fn of_all(&self, form: &str, groups: &[&str]) -> u64 {
        let said = self.of(form, "");
        let each: Vec<u64> = groups.iter().map(|group| self.of(form, group)).collect();
        if said == 0 && !each.contains(&0) {
            each.iter().sum()
        } else {
            said
        }
    }
}
