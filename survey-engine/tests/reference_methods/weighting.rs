//! Weights and designs.

pub(super) mod design;
mod margins;
mod rows;

use serde_json::{Value, json};
use survey_engine::weighting::{post_stratify, rake};

use super::Method;
use super::case::Case;
use super::parameters::{Parameters, number, text};
use design::estimate;
use margins::Document;
use rows::{Rows, labels};

pub(crate) const METHODS: &[(&str, Method)] = &[
    ("design_mean", by_design),
    ("weight_poststratify", by_cells),
    ("weight_rake", by_margins),
];

fn by_design(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let table = case
        .table()?
        .filtered(parameters.optional_text("filter")?)?;
    let values = table.numbers(parameters.text("variable")?)?;
    let confidence = parameters.number_or("confidence", 0.95)?;
    let result = estimate(case, parameters, &table, &values, confidence)?;
    Ok(json!({
        "n": result.n,
        "mean": result.mean,
        "se": result.standard_error,
        "deff": result.deff,
        "df": result.df,
        "ci95": result.interval.map(|interval| [interval.lower, interval.upper]),
        "total": result.total,
        "total_se": result.total_standard_error,
    }))
}

fn by_cells(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let columns = match parameters.value("poststrata")? {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => {
            let each = several.iter().map(|name| text("poststrata", name));
            each.collect::<Result<_, _>>()?
        }
        other => return Err(format!("poststrata: {other} is not known")),
    };
    let population = parameters.value("population")?;
    let population = population
        .as_object()
        .ok_or("the population is no object")?;
    if parameters.optional("drop_missing_poststratum") == Some(&Value::Bool(false)) {
        return Err("persons of no cell cannot be weighted".to_owned());
    }
    let rows = Rows::of(case, parameters)?;
    let cells = labels(&rows.table, &columns)?;
    let names: Vec<&String> = population.keys().collect();
    let position = |row: usize| match &cells[row] {
        None => Ok(None),
        Some(label) => {
            let found = names.iter().position(|name| *name == label);
            found
                .map(Some)
                .ok_or_else(|| format!("no population of {label:?}"))
        }
    };
    let cells: Vec<Option<usize>> = (0..rows.table.len())
        .map(position)
        .collect::<Result<_, _>>()?;
    let sizes = population.iter().map(|(name, value)| number(name, value));
    let sizes: Vec<f64> = sizes.collect::<Result<_, _>>()?;
    let counted = rows.sample(&cells, None)?;
    let calibration = post_stratify(&counted, &sizes).map_err(|error| error.to_string())?;
    let names: Vec<String> = names.into_iter().cloned().collect();
    rows.result(&cells, &names, &counted, &calibration)
}

fn by_margins(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.value("margins")?;
    let written: Document = serde_json::from_slice(&case.document).map_err(|e| e.to_string())?;
    let written = written.parameters.margins.0;
    let known = ["max relative margin error < 1e-10"];
    parameters.one_of("convergence", &known)?;
    if parameters.optional("drop_missing_margin") == Some(&Value::Bool(false)) {
        return Err("persons of no cell cannot be weighted".to_owned());
    }
    let rows = Rows::of(case, parameters)?;
    let margins = written
        .iter()
        .map(|(_, levels)| levels.0.iter().map(|(_, size)| *size).collect());
    let margins: Vec<Vec<f64>> = margins.collect();
    // Every combination of levels, in the order in which they are written.
    let mut cells: Vec<Vec<usize>> = vec![Vec::new()];
    for margin in &margins {
        let longer = cells.iter().flat_map(|cell| {
            (0..margin.len()).map(move |level| cell.iter().copied().chain([level]).collect())
        });
        cells = longer.collect();
    }
    let names: Vec<String> = cells
        .iter()
        .map(|cell| {
            let names = cell
                .iter()
                .zip(&written)
                .map(|(level, (_, levels))| levels.0[*level].0.as_str());
            names.collect::<Vec<_>>().join("|")
        })
        .collect();
    let columns: Vec<&str> = written.iter().map(|(column, _)| column.as_str()).collect();
    let labels = labels(&rows.table, &columns)?;
    let position = |label: &Option<String>| match label {
        None => Ok(None),
        Some(label) => {
            let found = names.iter().position(|name| name == label);
            found
                .map(Some)
                .ok_or_else(|| format!("no margin for {label:?}"))
        }
    };
    let own: Vec<Option<usize>> = labels.iter().map(position).collect::<Result<_, _>>()?;
    let counted = rows.sample(&own, None)?;
    let calibration = rake(&counted, &cells, &margins).map_err(|error| error.to_string())?;
    rows.result(&own, &names, &counted, &calibration)
}
