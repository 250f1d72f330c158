//! Weights and designs.

mod margins;
mod rows;

use serde_json::{Value, json};
use survey_engine::weighting::{FinitePopulation, design_mean, post_stratify, rake};

use super::Method;
use super::case::Case;
use super::parameters::{Parameters, number, text};
use super::table::levels;
use margins::Document;
use rows::{Rows, Sample, clusters, finite, labels, weights};

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
    let strata = match parameters.optional_text("strata")? {
        Some(name) => labels(&table, &[name])?,
        None => vec![Some(String::new()); table.len()],
    };
    let clusters = clusters(&table, parameters)?;
    let mut kept: Vec<usize> = (0..table.len()).collect();
    kept.retain(|row| {
        strata[*row].is_some() && clusters.as_ref().is_none_or(|all| all[*row].is_some())
    });
    let known = levels(kept.iter().filter_map(|row| strata[*row].as_deref()));
    let stratum = |row: usize| {
        known
            .iter()
            .position(|level| Some(*level) == strata[row].as_deref())
    };
    let stratum: Vec<usize> = (0..table.len())
        .map(|row| stratum(row).unwrap_or(0))
        .collect();
    let population = parameters.optional("stratum_population");
    let of_stratum = |name: &str, value: &Value, level: &str| {
        let found = if value.is_object() {
            value.get(level)
        } else {
            Some(value)
        };
        number(
            name,
            found.ok_or_else(|| format!("{name}: nothing for {level:?}"))?,
        )
    };
    let size = parameters.optional_number("population_size")?;
    let weights = match parameters.optional("weights") {
        None => vec![1.0; table.len()],
        Some(Value::String(rule)) if rule.as_str() == "N_h/n_h" => {
            let population = population.ok_or("no stratum_population")?;
            let mut each = Vec::new();
            for (at, level) in known.iter().enumerate() {
                let n = kept.iter().filter(|row| stratum[**row] == at).count();
                each.push(of_stratum("stratum_population", population, level)? / n as f64);
            }
            stratum.iter().map(|at| each[*at]).collect()
        }
        Some(Value::String(rule)) if ["N/n", "N/n (equal)"].contains(&rule.as_str()) => {
            vec![size.ok_or("no population_size")? / kept.len() as f64; table.len()]
        }
        Some(value) => weights(&table, value)?,
    };
    // Without a word about it, the numbers in the strata are also what the sample is taken from.
    let fpc = if case.parameters.get("fpc").is_some() {
        parameters.optional("fpc")
    } else {
        population
    };
    let strata: Vec<FinitePopulation> = known
        .iter()
        .enumerate()
        .map(|(at, level)| match fpc {
            None => Ok(FinitePopulation::Unlimited),
            Some(Value::String(rule)) if rule.as_str() == "N_h" => {
                let population = population.ok_or("no stratum_population")?;
                of_stratum("stratum_population", population, level).map(finite)
            }
            Some(Value::String(column)) => {
                let sizes = table.numbers(column)?;
                let row = kept.iter().find(|row| stratum[**row] == at);
                let size = row.and_then(|row| sizes[*row]).ok_or("fpc: a blank")?;
                Ok(finite(size))
            }
            Some(value) => of_stratum("fpc", value, level).map(finite),
        })
        .collect::<Result<_, String>>()?;
    let mut sample = Sample::default();
    for row in kept {
        let cluster = clusters.as_ref().and_then(|all| all[row].clone());
        sample.add(stratum[row], cluster, 0, weights[row], values[row]);
    }
    let result = design_mean(&sample.parts(), &strata, confidence);
    let result = result.map_err(|error| error.to_string())?;
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
