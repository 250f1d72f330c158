//! From the cells of a row to the codes that a tally counts.

use super::columns::{Columns, FormColumns};
use crate::error::Problem;
use crate::service::table::{Cells, answer};
use std::collections::HashMap;
use survey_engine::answers::{PackedCode, RawAnswers, ValidAnswers};
use survey_engine::scoring::Blueprint;

/// Ways to write an answer that are remembered for a column, at most.
const REMEMBERED: usize = 500;

/// How the rows of one form are read.
///
/// The check of answers is the same as everywhere. Where no item hangs on another one, how an answer was written is remembered
/// with the code that the check gave it, so that the rows to come are looked up.
pub(super) struct FormReading<'c> {
    names: &'c [String],
    form: &'c FormColumns<'c>,
    columns: Vec<Column>,
    /// Whether the check of an item looks at other items, or minds that it is left blank.
    entangled: bool,
    /// The codes of a row without answers.
    blank: Vec<u8>,
    /// The codes of the row that was read last.
    packed: Vec<u8>,
}

/// What a column is to the form.
enum Column {
    /// Nothing.
    Other,
    /// An item of another form, which rows of this one leave empty.
    Foreign,
    /// An item that is no single code, such as a text.
    Compound,
    /// An item that is a single code: where that lies, and codes by how they were written.
    Single(usize, HashMap<String, u8>),
}

impl Column {
    /// What column number `at` is to `form`.
    fn of(columns: &Columns<'_>, form: &FormColumns<'_>, at: usize) -> Self {
        let item = form.items.get(at).copied().flatten();
        if let Some(item) = item {
            let mut plans = form.blueprint.items().iter();
            let plan = plans.find(|plan| plan.id == item.id());
            return plan.map_or(Self::Compound, |plan| {
                Self::Single(plan.slot, HashMap::new())
            });
        }
        let foreign = columns
            .forms
            .iter()
            .any(|other| other.items.get(at).is_some_and(Option::is_some));
        if foreign { Self::Foreign } else { Self::Other }
    }
}

impl<'c> FormReading<'c> {
    pub(super) fn new(columns: &'c Columns<'c>, form: &'c FormColumns<'c>) -> Self {
        let layout = form.form.layout();
        let mut blank = vec![0; layout.len()];
        let mut entangled = false;
        for (index, item) in form.form.items() {
            let module = form.form.module_of(index);
            if module.is_some_and(|module| form.selection.includes(module.code())) {
                entangled |= item.required() || item.show_if().is_some();
                continue;
            }
            let slot = layout.slot(index).map(|slot| slot.offset);
            if let Some(code) = slot.and_then(|offset| blank.get_mut(offset)) {
                *code = PackedCode::NotShown.byte();
            }
        }
        Self {
            names: &columns.names,
            columns: (0..columns.names.len())
                .map(|at| Column::of(columns, form, at))
                .collect(),
            packed: blank.clone(),
            entangled,
            blank,
            form,
        }
    }

    pub(super) fn blueprint(&self) -> &'c Blueprint {
        self.form.blueprint
    }

    /// The codes of the row that was read last.
    pub(super) fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// Reads a row, or says everything that is wrong with it.
    pub(super) fn read(&mut self, row: Cells<'_>) -> Result<(), Vec<Problem>> {
        if !self.entangled && self.look_up(row) {
            return Ok(());
        }
        let at = |column: &str| format!("/{}{column}", row.line());
        let mut raw = RawAnswers::new();
        let mut wrong = Vec::new();
        let cells = row.iter().zip(self.names);
        for (((cell, name), column), item) in cells.zip(&self.columns).zip(&self.form.items) {
            match (column, item) {
                _ if cell.is_empty() => {}
                (_, Some(item)) => drop(raw.insert(name.as_str(), answer(item, cell))),
                (Column::Foreign, None) => {
                    let form = self.form.form.id();
                    let detail =
                        format!("The form “{form}” has no item “{name}”. Leave this empty.");
                    wrong.push(Problem::new(
                        at(&format!("/{name}")),
                        "unknown_item",
                        detail,
                    ));
                }
                (_, None) => {}
            }
        }
        match ValidAnswers::check(self.form.form, &self.form.selection, &raw) {
            Ok(answers) if answers.answered_count() == 0 && wrong.is_empty() => {
                let detail = "This row answers nothing. Take it out.";
                wrong.push(Problem::new(at(""), "nothing_answered", detail));
            }
            Ok(answers) => answers.packed().clone_into(&mut self.packed),
            Err(problems) => wrong.extend(problems.into_iter().map(|problem| {
                let column = problem.pointer.trim_start_matches("/answers");
                Problem::new(at(column), problem.code, problem.detail)
            })),
        }
        if wrong.is_empty() {
            self.remember(row);
            Ok(())
        } else {
            Err(wrong)
        }
    }

    /// Reads a row whose every answer has been seen; `false` where one has not.
    fn look_up(&mut self, row: Cells<'_>) -> bool {
        self.packed.clone_from(&self.blank);
        let mut answered = false;
        for (cell, column) in row.iter().zip(&self.columns) {
            match column {
                _ if cell.is_empty() => {}
                Column::Other => {}
                Column::Foreign | Column::Compound => return false,
                Column::Single(slot, known) => {
                    let code = known.get(cell).copied();
                    let (Some(place), Some(code)) = (self.packed.get_mut(*slot), code) else {
                        return false;
                    };
                    *place = code;
                    answered |= matches!(PackedCode::from_byte(code), Some(PackedCode::Value(_)));
                }
            }
        }
        answered
    }

    /// Keeps the codes of a row that has been checked.
    fn remember(&mut self, row: Cells<'_>) {
        for (cell, column) in row.iter().zip(&mut self.columns) {
            let Column::Single(slot, known) = column else {
                continue;
            };
            let code = self.packed.get(*slot).copied();
            if let Some(code) = code.filter(|_| !cell.is_empty() && known.len() < REMEMBERED)
                && !known.contains_key(cell)
            {
                known.insert(cell.to_owned(), code);
            }
        }
    }
}
