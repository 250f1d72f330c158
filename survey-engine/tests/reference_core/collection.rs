//! The larger collection: its cases, their data, and their data as packed answers.

use std::path::PathBuf;

use serde_json::Value;
use survey_engine::scoring::Blueprint;

use super::support::one_scale;
use super::{count, whole};

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/reference")
}

/// Calls `check` with every case of `method`; says so where the collection is absent.
pub(crate) fn each(method: &str, check: impl Fn(&Value)) {
    let Ok(files) = std::fs::read_dir(folder()) else {
        println!("skipped: no {}", folder().display());
        return;
    };
    let mut found = 0;
    for path in files.map(|file| file.unwrap().path()) {
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let case: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            if case["method"] == method {
                println!("{}", case["id"]);
                check(&case);
                found += 1;
            }
        }
    }
    assert!(found > 0, "no case of {method}");
}

/// Columns of a case's data; an empty field is `None`.
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<Option<f64>>>,
}

impl Table {
    pub(crate) fn of(case: &Value) -> Self {
        let file = folder().join(case["input_csv"].as_str().unwrap());
        let text = std::fs::read_to_string(file).unwrap();
        let mut lines = text.lines();
        let header = lines
            .next()
            .unwrap()
            .split(',')
            .map(str::to_owned)
            .collect();
        let rows = lines.map(|line| line.split(',').map(|field| field.parse().ok()).collect());
        Self {
            header,
            rows: rows.collect(),
        }
    }

    pub(crate) fn column(&self, name: &Value) -> usize {
        self.header
            .iter()
            .position(|header| name == header)
            .unwrap()
    }

    /// The rows for which a filter of the form `column==number` holds.
    pub(crate) fn filtered(&self, filter: &Value) -> Vec<&Vec<Option<f64>>> {
        let condition = filter.as_str().map(|filter| {
            let (name, value) = filter.split_once("==").unwrap();
            (
                self.column(&Value::from(name)),
                value.parse::<f64>().unwrap(),
            )
        });
        let holds = |row: &&Vec<Option<f64>>| {
            condition.is_none_or(|(column, value)| row[column] == Some(value))
        };
        self.rows.iter().filter(holds).collect()
    }
}

/// A case's items as a form, and its rows as packed answers.
pub(crate) fn packed(case: &Value) -> (Blueprint, Vec<Vec<u8>>) {
    let parameters = &case["parameters"];
    let names = parameters["items"].as_array().unwrap();
    let reversed: Vec<usize> = parameters["reverse"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| names.iter().position(|item| item == name).unwrap())
        .collect();
    let [lo, hi] =
        ["scale_min", "scale_max"].map(|key| u8::try_from(count(&parameters[key])).unwrap());
    let is_in = |code: f64, key: &str| {
        parameters[key]
            .as_array()
            .is_some_and(|codes| codes.contains(&Value::from(whole(code))))
    };
    let encode = |field: Option<f64>| match field {
        None => 0,
        Some(code) if is_in(code, "dont_know_codes") => 255,
        Some(code) if is_in(code, "not_applicable_codes") => 254,
        Some(code) => whole(code) - lo + 1,
    };
    let table = Table::of(case);
    let columns: Vec<usize> = names.iter().map(|name| table.column(name)).collect();
    let rows = table.filtered(&parameters["filter"]);
    let rows = rows
        .iter()
        .map(|row| columns.iter().map(|at| encode(row[*at])).collect());
    (
        one_scale(names.len(), hi - lo + 1, lo, &reversed),
        rows.collect(),
    )
}
