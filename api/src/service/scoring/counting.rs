//! From rows to tallies.

use super::columns::{Columns, FormColumns};
use super::reading::FormReading;
use crate::error::{Error, Problem, Result};
use crate::service::table::Cells;
use std::collections::HashMap;
use survey_engine::tally::Tally;

/// Values that the rows may be divided by, at most: a tally is kept for each.
const MOST_GROUPS: usize = 2000;

/// The tallies of every form and group, as they grow.
pub(super) struct Counting<'c> {
    columns: &'c Columns<'c>,
    forms: Vec<FormCounting<'c>>,
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl<'c> Counting<'c> {
    pub(super) fn new(columns: &'c Columns<'c>) -> Self {
        let forms = columns.forms.iter();
        Self {
            columns,
            forms: forms.map(|form| FormCounting::new(columns, form)).collect(),
            names: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// Counts a row, or says what is wrong with it.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the rows fall into too many groups.
    pub(super) fn take(&mut self, row: Cells<'_>) -> Result<std::result::Result<(), Vec<Problem>>> {
        let cell = |column: Option<usize>| column.and_then(|at| row.iter().nth(at));
        let form = match self.form(cell(self.columns.form)) {
            Ok(form) => form,
            Err(detail) => {
                let pointer = format!("/{}/form", row.line());
                return Ok(Err(vec![Problem::new(pointer, "unknown_form", detail)]));
            }
        };
        let name = cell(self.columns.by).unwrap_or_default().to_owned();
        let Some(counting) = self.forms.get_mut(form) else {
            return Err(Error::internal(anyhow::anyhow!("a form is gone")));
        };
        if let Err(wrong) = counting.reading.read(row) {
            return Ok(Err(wrong));
        }
        let group = self.group(&name, row.line())?;
        if let Some(counting) = self.forms.get_mut(form) {
            counting.count(group)?;
        }
        Ok(Ok(()))
    }

    fn form(&self, named: Option<&str>) -> std::result::Result<usize, String> {
        let Some(named) = named else {
            return Ok(0);
        };
        let mut forms = self.columns.forms.iter();
        forms
            .position(|form| form.form.id() == named)
            .ok_or_else(|| {
                let ids: Vec<&str> = self.columns.forms.iter().map(|one| one.form.id()).collect();
                format!(
                    "“{named}” is no form with items in this table. Name one of {}.",
                    ids.join(", ")
                )
            })
    }

    /// Where the tallies of a group are; `None` for rows without one, which belong to the whole only.
    fn group(&mut self, name: &str, line: u64) -> Result<Option<usize>> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(place) = self.places.get(name) {
            return Ok(Some(*place));
        }
        if self.names.len() >= MOST_GROUPS {
            let column = self.columns.by.and_then(|at| self.columns.names.get(at));
            let column = column.map(String::as_str).unwrap_or_default();
            let detail = format!(
                "“{column}” has more than {MOST_GROUPS} values; rows can be divided into so many groups. Choose another column."
            );
            return Err(Error::invalid(
                format!("/{line}/{column}"),
                "too_many_groups",
                detail,
            ));
        }
        self.names.push(name.to_owned());
        let place = self.names.len() - 1;
        self.places.insert(name.to_owned(), place);
        Ok(Some(place))
    }

    /// The names of the groups, each with its place in the tallies, in the order of their names.
    pub(super) fn groups(&self) -> Vec<(&str, usize)> {
        let mut groups: Vec<(&str, usize)> =
            self.names.iter().map(String::as_str).zip(0..).collect();
        groups.sort_unstable();
        groups
    }

    /// The tally of all rows of a form, and those of its groups by place; `None` where a group has no row of it.
    pub(super) fn tallies(&self, form: usize) -> Result<(Tally, Vec<Option<&Tally>>)> {
        let Some(counting) = self.forms.get(form) else {
            return Err(Error::internal(anyhow::anyhow!("a form is gone")));
        };
        let mut all = counting.ungrouped.clone();
        for tally in counting.groups.iter().flatten() {
            all.merge(tally).map_err(Error::internal)?;
        }
        let groups = (0..self.names.len()).map(|at| counting.groups.get(at)?.as_ref());
        Ok((all, groups.collect()))
    }
}

/// The tallies of one form.
struct FormCounting<'c> {
    reading: FormReading<'c>,
    ungrouped: Tally,
    groups: Vec<Option<Tally>>,
}

impl<'c> FormCounting<'c> {
    fn new(columns: &'c Columns<'c>, form: &'c FormColumns<'c>) -> Self {
        Self {
            reading: FormReading::new(columns, form),
            ungrouped: Tally::new(form.blueprint),
            groups: Vec::new(),
        }
    }

    /// Counts the row that was read last.
    fn count(&mut self, group: Option<usize>) -> Result<()> {
        let blueprint = self.reading.blueprint();
        let tally = match group {
            None => &mut self.ungrouped,
            Some(at) => {
                if self.groups.len() <= at {
                    self.groups.resize(at + 1, None);
                }
                let Some(place) = self.groups.get_mut(at) else {
                    return Err(Error::internal(anyhow::anyhow!("a group is gone")));
                };
                place.get_or_insert_with(|| Tally::new(blueprint))
            }
        };
        tally
            .add(blueprint, self.reading.packed())
            .map_err(Error::internal)
    }
}
