//! Units among others.

use serde_json::{Value, json};
use survey_engine::comparison::{
    Benchmark, BenchmarkRule, BenchmarkUndefined, BenchmarkUnit, benchmark,
};
use survey_engine::stats::quantiles;

use super::super::case::Case;
use super::super::distributions::ends;
use super::super::parameters::Parameters;
use super::super::table::Table;
use super::labels;

/// The column that tells schools apart: the one named, else the first of the table.
fn school_column<'a>(
    table: &'a Table,
    parameters: &mut Parameters<'_>,
) -> Result<Vec<Option<&'a str>>, String> {
    let named = parameters.optional_text("school")?;
    table.texts(named.map_or_else(|| table.first_column(), Ok)?)
}

pub(super) fn percentiles(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let table = case.table()?;
    let table = table.filtered(parameters.optional_text("filter")?)?;
    let names = school_column(&table, parameters)?;
    let values = table.numbers(parameters.text("variable")?)?;
    let kinds = match parameters.optional_text("type")? {
        Some(column) => table.texts(column)?,
        None => vec![Some("any"); table.len()],
    };
    let errors = match parameters.optional_text("standard_error")? {
        Some(column) => table.numbers(column)?,
        None => vec![None; table.len()],
    };
    let (circumstances, band) = match parameters.optional("similar") {
        None => (vec![None; table.len()], None),
        Some(similar) => {
            let mut similar = Parameters::of(similar)?;
            let column = table.numbers(similar.text("variable")?)?;
            let band = similar.number("band")?;
            similar.finish()?;
            (column, Some(band))
        }
    };
    let include_self = match parameters.optional("include_self") {
        None => true,
        Some(value) => value.as_bool().ok_or("include_self: yes or no")?,
    };
    let fewest = parameters.optional_count("min_units")?.unwrap_or(0);
    let confidence = parameters.number_or("confidence", 0.95)?;
    let rule = |band| BenchmarkRule {
        band,
        include_self,
        fewest,
        confidence,
    };
    let units: Vec<BenchmarkUnit<'_>> = (0..table.len())
        .map(|at| BenchmarkUnit {
            value: values[at],
            standard_error: errors[at],
            kind: kinds[at],
            circumstances: circumstances[at],
        })
        .collect();
    let place = |at, band| match benchmark(&units, at, &rule(band)) {
        Ok(place) => Ok(Some(place)),
        Err(BenchmarkUndefined::UnknownUnit | BenchmarkUndefined::OutOfRange) => {
            Err("out of range".to_owned())
        }
        Err(_) => Ok(None),
    };
    let others = |at, band, place: Option<&Benchmark>| {
        place.map(|place| place.n).or_else(|| {
            let why = benchmark(&units, at, &rule(band)).err();
            (fewest == 0 && why == Some(BenchmarkUndefined::TooFewUnits)).then_some(0)
        })
    };
    let each = labels(parameters, "schools")?.into_iter().map(|school| {
        let at = names.iter().position(|name| *name == Some(school.as_str()));
        let at = at.ok_or_else(|| format!("there is no school {school}"))?;
        let same = place(at, None)?;
        let similar = band
            .map(|band| place(at, Some(band)))
            .transpose()?
            .flatten();
        let school = school
            .parse::<f64>()
            .map_or_else(|_| json!(school), |number| json!(number));
        Ok(json!({
            "school": school,
            "value": values[at],
            "n_same_type": others(at, None, same.as_ref()),
            "percentile_same_type": same.as_ref().map(|place| place.percentile),
            "percentile_same_type_ci": ends(same.as_ref().and_then(|place| place.interval)),
            "n_similar": band.and_then(|band| others(at, Some(band), similar.as_ref())),
            "percentile_similar": similar.as_ref().map(|place| place.percentile),
            "percentile_similar_ci": ends(similar.as_ref().and_then(|place| place.interval)),
            "similar_quartiles": similar.as_ref().map(|place| place.quartiles),
        }))
    });
    let schools = each.collect::<Result<Vec<Value>, String>>()?;
    let at = match parameters.optional("quantiles") {
        Some(_) => parameters.numbers("quantiles")?,
        None => vec![0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95],
    };
    let all: Vec<(f64, u64)> = values.iter().flatten().map(|value| (*value, 1)).collect();
    Ok(json!({"schools": schools, "quantiles_all": quantiles(&all, &at)}))
}
