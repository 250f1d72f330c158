//! What the columns of a table hold.

use super::Wanted;
use crate::error::{Error, Problem, Result};
use crate::service::definition::Instrument;
use survey_engine::questionnaire::{Form, Item, ModuleSelection};
use survey_engine::scoring::Blueprint;

/// Columns of a table of answers that are no items.
const KEYS: [&str; 3] = ["token", "organisation", "form"];

/// A form that rows of the table may answer.
pub(super) struct FormColumns<'i> {
    pub(super) form: &'i Form,
    pub(super) blueprint: &'i Blueprint,
    /// The modules of which the table has an item.
    pub(super) selection: ModuleSelection,
    /// By column, the item that it holds.
    pub(super) items: Vec<Option<&'i Item>>,
}

/// The columns of a table.
pub(super) struct Columns<'i> {
    pub(super) names: Vec<String>,
    pub(super) forms: Vec<FormColumns<'i>>,
    /// The column that names the form, where rows answer several.
    pub(super) form: Option<usize>,
    /// The column that divides the rows.
    pub(super) by: Option<usize>,
}

impl<'i> Columns<'i> {
    /// # Errors
    /// [`Error::Invalid`] with every column that cannot be placed.
    pub(super) fn of(
        instrument: &'i Instrument,
        header: &[String],
        wanted: &Wanted,
    ) -> Result<Self> {
        let mut problems = Vec::new();
        let mut note = |column: &str, code: &str, detail: String| {
            problems.push(Problem::new(format!("/1/{column}"), code, detail));
        };
        let place = |name: &str| header.iter().position(|column| column == name);
        let by = wanted.by.as_deref().and_then(place);
        if let (Some(name), None) = (&wanted.by, by) {
            let detail = format!(
                "The table has no column “{name}” to divide it by. Its first line names the columns."
            );
            note(name, "no_such_column", detail);
        }
        for (at, name) in header.iter().enumerate() {
            if place(name) != Some(at) && !name.is_empty() {
                let detail = format!("Two columns are called “{name}”. Rename one of them.");
                note(name, "repeated_column", detail);
            }
        }
        let (forms, form) = forms(instrument, header, wanted)?;
        for (at, name) in header.iter().enumerate() {
            let known = name.is_empty()
                || by == Some(at)
                || KEYS.contains(&name.as_str())
                || wanted.ignore.contains(name)
                || forms.iter().any(|form| form.item(name).is_some());
            if !known {
                let ids: Vec<&str> = forms.iter().map(|form| form.id()).collect();
                let detail = format!(
                    "“{name}” is no item of {}. Mend the name, divide the rows by it (--by), or leave it out (--ignore).",
                    ids.join(", ")
                );
                note(name, "unknown_item", detail);
            }
        }
        if !problems.is_empty() {
            return Err(Error::Invalid {
                summary: format!(
                    "The first line of the table has {} to mend.",
                    problems.len()
                ),
                problems,
            });
        }
        let forms = forms.into_iter().map(|form| {
            let left_out = |name: &String| wanted.ignore.contains(name);
            let items: Vec<Option<&Item>> = header
                .iter()
                .map(|name| form.item(name).filter(|_| !left_out(name)))
                .collect();
            let (_, blueprint) = instrument.form(form.id())?;
            Ok(FormColumns {
                form,
                blueprint,
                selection: selection(form, &items)?,
                items,
            })
        });
        Ok(Self {
            names: header.to_vec(),
            forms: forms.collect::<Result<_>>()?,
            form,
            by,
        })
    }

    /// Items of the chosen modules that have no column.
    pub(super) fn without_column(&self) -> Vec<String> {
        let forms = self.forms.iter().flat_map(|form| {
            let asked = form
                .form
                .modules()
                .iter()
                .filter(|module| form.selection.includes(module.code()));
            let items = asked.flat_map(survey_engine::questionnaire::Module::items);
            let held = |id: &str| form.items.iter().flatten().any(|item| item.id() == id);
            items.filter(move |item| item.indicator().is_some() && !held(item.id()))
        });
        forms.map(|item| item.id().to_owned()).collect()
    }
}

/// The forms that rows may answer, and the column that says which.
fn forms<'i>(
    instrument: &'i Instrument,
    header: &[String],
    wanted: &Wanted,
) -> Result<(Vec<&'i Form>, Option<usize>)> {
    let all = instrument.questionnaire.forms();
    if let Some(id) = &wanted.form {
        let (form, _) = instrument.form(id).map_err(|_| {
            let ids: Vec<&str> = all.iter().map(Form::id).collect();
            let detail = format!(
                "The questionnaire has no form “{id}”. It has {}.",
                ids.join(", ")
            );
            Error::invalid("/form", "unknown_form", detail)
        })?;
        return Ok((vec![form], None));
    }
    let fitting: Vec<&Form> = all
        .iter()
        .filter(|form| header.iter().any(|name| form.item(name).is_some()))
        .collect();
    let column = header.iter().position(|name| name == "form");
    let ids = || fitting.iter().map(|form| form.id()).collect::<Vec<_>>();
    match (fitting.len(), column) {
        (0, _) => Err(Error::invalid(
            "/1",
            "no_items",
            "No column of the table is an item of the questionnaire. The first line has to hold the identifiers of items, such as P.PED1a.",
        )),
        (_, Some(column)) => Ok((fitting, Some(column))),
        (1, None) => Ok((fitting, None)),
        (_, None) => Err(Error::invalid(
            "/form",
            "several_forms",
            format!(
                "The columns are items of several forms: {}. Say which with --form, or add a column “form”.",
                ids().join(", ")
            ),
        )),
    }
}

/// The modules that the table asks: those of which it has an item.
fn selection(form: &Form, items: &[Option<&Item>]) -> Result<ModuleSelection> {
    let held = items.iter().flatten().filter_map(|item| {
        let module = form.module_of(item.index())?;
        Some(module.code())
    });
    let mut codes: Vec<&str> = held.collect();
    codes.sort_unstable();
    codes.dedup();
    ModuleSelection::of(form, codes).map_err(|_| {
        let detail = format!(
            "No column of the table is an item of the form “{}”.",
            form.id()
        );
        Error::invalid("/form", "no_items", detail)
    })
}
