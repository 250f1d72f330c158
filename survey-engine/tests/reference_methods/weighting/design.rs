//! Means under a design with strata, clusters and weights.

use serde_json::Value;
use survey_engine::weighting::{DesignMean, FinitePopulation, design_mean};

use super::super::case::Case;
use super::super::parameters::{Parameters, number};
use super::super::table::{Table, levels};
use super::rows::{Sample, clusters, finite, labels, weights};

/// The mean of `values`, one of each row of `table`, under the design that `strata`, `stratum_population`, `cluster`, `weights`,
/// `fpc` and `population_size` describe.
pub(in super::super) fn estimate(
    case: &Case,
    parameters: &mut Parameters<'_>,
    table: &Table,
    values: &[Option<f64>],
    confidence: f64,
) -> Result<DesignMean, String> {
    let strata = match parameters.optional_text("strata")? {
        Some(name) => labels(table, &[name])?,
        None => vec![Some(String::new()); table.len()],
    };
    let clusters = clusters(table, parameters)?;
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
        Some(value) => weights(table, value)?,
    };
    // Without a word about it, the numbers in the strata are also what the sample is taken from; and for persons sampled one by one
    // from all of them, the number of persons.
    let is_simple = known.len() == 1 && clusters.is_none();
    let fpc = if case.parameters.get("fpc").is_some() {
        parameters.optional("fpc")
    } else {
        let whole = parameters.optional("population_size");
        population.or(whole.filter(|_| is_simple))
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
    design_mean(&sample.parts(), &strata, confidence).map_err(|error| error.to_string())
}
