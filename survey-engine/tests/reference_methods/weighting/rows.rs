//! The rows of a case as parts of a sample.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use survey_engine::weighting::{Calibration, FinitePopulation, Part, ValueSums, design_mean};

use super::super::case::Case;
use super::super::parameters::{Parameters, number};
use super::super::table::{Table, levels};

/// What both kinds of weights start from.
pub(super) struct Rows {
    pub(super) table: Table,
    clusters: Option<Vec<Option<String>>>,
    strata: Option<Vec<Option<String>>>,
    weights: Vec<f64>,
    population: Option<f64>,
    variables: Vec<String>,
}

impl Rows {
    pub(super) fn of(case: &Case, parameters: &mut Parameters<'_>) -> Result<Self, String> {
        let table = case
            .table()?
            .filtered(parameters.optional_text("filter")?)?;
        let weights = match parameters.optional("base_weight") {
            None => vec![1.0; table.len()],
            Some(Value::String(rule))
                if ["N/n (equal)", "N/n", "equal"].contains(&rule.as_str()) =>
            {
                vec![1.0; table.len()]
            }
            Some(value) => weights(&table, value)?,
        };
        let strata = match parameters.optional_text("strata")? {
            Some(name) => Some(labels(&table, &[name])?),
            None => None,
        };
        Ok(Self {
            clusters: clusters(&table, parameters)?,
            strata,
            weights,
            population: parameters.optional_number("population_size")?,
            variables: parameters
                .texts("variables")?
                .into_iter()
                .map(str::to_owned)
                .collect(),
            table,
        })
    }

    /// The persons with a cell, and their answers to `variable`.
    pub(super) fn sample(
        &self,
        cells: &[Option<usize>],
        variable: Option<&str>,
    ) -> Result<Vec<Part>, String> {
        let values = match variable {
            Some(name) => self.table.numbers(name)?,
            None => vec![None; self.table.len()],
        };
        let strata = self
            .strata
            .as_ref()
            .map(|labels| levels(labels.iter().flatten().map(String::as_str)));
        let mut sample = Sample::default();
        for (row, cell) in cells.iter().enumerate() {
            let Some(cell) = cell else { continue };
            let stratum = match (&self.strata, &strata) {
                (Some(own), Some(known)) => {
                    let own = own[row].as_deref();
                    known
                        .iter()
                        .position(|level| Some(*level) == own)
                        .ok_or("a blank stratum")?
                }
                _ => 0,
            };
            let cluster = match &self.clusters {
                Some(all) => Some(all[row].clone().ok_or("a blank cluster")?),
                None => None,
            };
            sample.add(stratum, cluster, *cell, self.weights[row], values[row]);
        }
        Ok(sample.parts())
    }

    pub(super) fn result(
        &self,
        cells: &[Option<usize>],
        names: &[String],
        counted: &[Part],
        calibration: &Calibration,
    ) -> Result<Value, String> {
        let strata = counted
            .iter()
            .map(|part| part.stratum)
            .max()
            .map_or(0, |last| last + 1);
        let population = self.population.map_or(FinitePopulation::Unlimited, finite);
        let strata = vec![population; strata];
        let mut estimates = Map::new();
        for variable in &self.variables {
            let sample = self.sample(cells, Some(variable))?;
            let mean = calibration.mean(&sample, &strata);
            let base = design_mean(&sample, &strata, 0.95);
            let (mean, base) = (
                mean.map_err(|e| e.to_string())?,
                base.map_err(|e| e.to_string())?,
            );
            let estimate = json!({
                "mean": mean.mean,
                "se": mean.standard_error,
                "unweighted_mean": mean.unweighted_mean,
                "base_mean": base.mean,
                "base_se": base.standard_error,
            });
            estimates.insert(variable.clone(), estimate);
        }
        let (mut by_cell, mut persons) = (Map::new(), Map::new());
        for (cell, name) in names.iter().enumerate() {
            let own = counted.iter().filter(|part| part.cell == cell);
            let n: u64 = own.clone().map(|part| part.values.persons).sum();
            // All persons of a cell have one weight, unless they began with different ones: then this is the mean.
            let weights = own.map(|part| {
                let weight = calibration.weight(part).unwrap_or_default();
                weight * part.values.persons as f64
            });
            let weight = (n > 0).then(|| weights.sum::<f64>() / n as f64);
            by_cell.insert(name.clone(), json!(weight));
            persons.insert(name.clone(), json!(n));
        }
        let kish = calibration.kish(counted).ok_or("nobody is left")?;
        Ok(json!({
            "n": counted.iter().map(|part| part.values.persons).sum::<u64>(),
            "weight_by_cell": by_cell,
            "n_by_cell": persons,
            "sum_weights": kish.sum,
            "kish_deff": kish.deff,
            "kish_effective_n": kish.effective_n,
            "estimates": estimates,
        }))
    }
}

/// Rows that differ in nothing but their answers, counted together.
#[derive(Default)]
pub(super) struct Sample {
    clusters: Vec<String>,
    parts: BTreeMap<(usize, Option<usize>, usize, u64), ValueSums>,
}

impl Sample {
    pub(super) fn add(
        &mut self,
        stratum: usize,
        cluster: Option<String>,
        cell: usize,
        weight: f64,
        value: Option<f64>,
    ) {
        let cluster = cluster.map(|cluster| {
            let known = self.clusters.iter().position(|other| *other == cluster);
            known.unwrap_or_else(|| {
                self.clusters.push(cluster);
                self.clusters.len() - 1
            })
        });
        let key = (stratum, cluster, cell, weight.to_bits());
        self.parts.entry(key).or_default().add(value);
    }

    pub(super) fn parts(&self) -> Vec<Part> {
        let parts = self.parts.iter();
        parts
            .map(|((stratum, cluster, cell, weight), values)| Part {
                stratum: *stratum,
                cluster: *cluster,
                cell: *cell,
                weight: f64::from_bits(*weight),
                values: *values,
            })
            .collect()
    }
}

/// A number of units, or below 1 the share of them that was sampled.
pub(super) fn finite(size: f64) -> FinitePopulation {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count"
    )]
    if size > 1.0 {
        FinitePopulation::Units(size.round() as u64)
    } else {
        FinitePopulation::Fraction(size)
    }
}

/// One weight for all, or a column of them.
pub(super) fn weights(table: &Table, value: &Value) -> Result<Vec<f64>, String> {
    match value {
        Value::String(column) => {
            let column = table.numbers(column)?.into_iter();
            column
                .map(|weight| weight.ok_or_else(|| "a blank weight".to_owned()))
                .collect()
        }
        other => Ok(vec![number("weights", other)?; table.len()]),
    }
}

pub(super) fn clusters(
    table: &Table,
    parameters: &mut Parameters<'_>,
) -> Result<Option<Vec<Option<String>>>, String> {
    let name = parameters.optional_text("cluster")?;
    name.map(|name| labels(table, &[name])).transpose()
}

/// Values of several columns joined by `|`; nothing where one of them is blank. Bands of ages are made from the ages.
pub(super) fn labels(table: &Table, columns: &[&str]) -> Result<Vec<Option<String>>, String> {
    let mut labels = vec![Some(String::new()); table.len()];
    for (at, column) in columns.iter().enumerate() {
        let texts = table.texts(column);
        let own: Vec<Option<String>> = if texts.is_err() && *column == "ageband" {
            let ages = table.numbers("age")?.into_iter();
            ages.map(|age| age.and_then(ageband)).collect()
        } else {
            texts?
                .into_iter()
                .map(|label| label.map(str::to_owned))
                .collect()
        };
        for (label, own) in labels.iter_mut().zip(own) {
            *label = label.take().zip(own).map(|(label, own)| {
                if at == 0 {
                    own
                } else {
                    format!("{label}|{own}")
                }
            });
        }
    }
    Ok(labels)
}

fn ageband(age: f64) -> Option<String> {
    let bands = [
        (0.0, 20.0, "a_to20"),
        (20.0, 30.0, "b_21to30"),
        (30.0, 45.0, "c_31to45"),
        (45.0, 200.0, "d_over45"),
    ];
    let found = bands
        .iter()
        .find(|(above, to, _)| age > *above && age <= *to);
    found.map(|(_, _, name)| (*name).to_owned())
}
