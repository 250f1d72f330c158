//! What a case's method stands for in the engine.

pub(crate) mod case;
mod compare;
pub(crate) use compare::compare as compare_values;
pub(crate) mod parameters;
pub(crate) mod scale;
pub(crate) mod table;

mod comparing;
mod disclosing;
mod distributions;
mod expression;
mod functioning;
mod levels;
mod partial_credit;
mod reliability;
mod responding;
mod scoring;
mod units;
mod weighting;

use serde_json::Value;

use case::Case;
use parameters::Parameters;

/// Computes what a case expects, as a document of the same form. It may hold more than is expected.
pub(crate) type Method = fn(&Case, &mut Parameters<'_>) -> Result<Value, String>;

/// Fields that an implementation may leave out, by method; `*` stands for any beginning.
const OPTIONAL: [(&str, &[&str]); 8] = [
    ("pcm_cml", &["threshold_se"]),
    ("wle_table", &["mle"]),
    ("pcm_item_fit", &["*_z"]),
    ("group_gap", &["hedges_g_ci95_noncentral_t"]),
    ("aggregation_icc_rwg", &["icc1_reml"]),
    ("paired_change", &["wilcoxon_p"]),
    ("multiple_comparisons", &["by", "hochberg"]),
    (
        "suppression_table",
        &["leaking_atoms_if_primary_only", "reference_secondary"],
    ),
];

fn method(name: &str) -> Option<Method> {
    let rooms = [
        comparing::METHODS,
        disclosing::METHODS,
        distributions::METHODS,
        functioning::METHODS,
        levels::METHODS,
        partial_credit::METHODS,
        reliability::METHODS,
        responding::METHODS,
        scoring::METHODS,
        units::METHODS,
        weighting::METHODS,
    ];
    let mut all = rooms.into_iter().flatten();
    all.find(|(known, _)| *known == name)
        .map(|(_, method)| *method)
}

/// Intervals are called `ci95` whatever their confidence is; this gives them their other names too, such as `ci90` and `ci`.
fn name_intervals(got: &mut Value, confidence: f64) {
    let own = format!("ci{}", (confidence * 1e6).round() / 1e4);
    if let Value::Array(entries) = got {
        for entry in entries {
            name_intervals(entry, confidence);
        }
    } else if let Value::Object(fields) = got {
        let found = fields.iter().filter(|(name, _)| name.contains("ci95"));
        let found: Vec<(String, Value)> = found.map(|(n, v)| (n.clone(), v.clone())).collect();
        for (name, value) in found {
            for other in [own.as_str(), "ci"] {
                let other = name.replace("ci95", other);
                fields.entry(other).or_insert_with(|| value.clone());
            }
        }
        for value in fields.values_mut() {
            name_intervals(value, confidence);
        }
    }
}

/// Runs a case. The fields that were left out, as they may; or all that is wrong.
pub(crate) fn check(case: &Case) -> Result<Vec<String>, String> {
    let run = method(&case.method).ok_or_else(|| format!("unknown method {:?}", case.method))?;
    let mut parameters = Parameters::of(&case.parameters)?;
    let mut got = run(case, &mut parameters)?;
    parameters.finish()?;
    let confidence = case.parameters.get("confidence").and_then(Value::as_f64);
    name_intervals(&mut got, confidence.unwrap_or(0.95));
    let optional = OPTIONAL
        .iter()
        .find(|(method, _)| *method == case.method)
        .map_or(&[][..], |(_, fields)| fields);
    compare::compare(&case.expected, &got, &case.tolerance, optional)
}
