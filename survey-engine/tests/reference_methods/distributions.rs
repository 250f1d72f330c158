//! Distributions, and the intervals of means and shares.

use serde_json::{Map, Value, json};
use survey_engine::stats::{
    Interval, Moments, Probability, chi_square_quantile, chi_square_upper, design_wilson_interval,
    effective_size, fisher_quantile, fisher_upper, hypergeometric_interval, mean_interval,
    noncentral_student_lower, normal_quantile, normal_upper, student_quantile, student_upper,
    wilson_interval,
};

use super::Method;
use super::case::Case;
use super::parameters::{Parameters, count, number};
use super::weighting::design::estimate;

pub(crate) const METHODS: &[(&str, Method)] = &[
    ("distribution_functions", distribution_functions),
    ("mean_ci", mean_ci),
    ("proportion_ci_wilson", proportion_ci_wilson),
    ("proportion_ci_wilson_design", proportion_ci_wilson_design),
    ("proportion_ci_hypergeometric", proportion_ci_hypergeometric),
];

/// A function of the numbers named, in their order.
type Function = (
    &'static str,
    &'static [&'static str],
    fn(&[f64]) -> Option<f64>,
);

const FUNCTIONS: [Function; 9] = [
    ("t_quantile", &["p", "df"], |x| student_quantile(x[0], x[1])),
    ("f_quantile", &["p", "df1", "df2"], |x| {
        fisher_quantile(x[0], x[1], x[2])
    }),
    ("chi2_quantile", &["p", "df"], |x| {
        chi_square_quantile(x[0], x[1])
    }),
    ("normal_quantile", &["p"], |x| normal_quantile(x[0])),
    ("t_upper", &["x", "df"], |x| student_upper(x[0], x[1])),
    ("f_upper", &["x", "df1", "df2"], |x| {
        fisher_upper(x[0], x[1], x[2])
    }),
    ("chi2_upper", &["x", "df"], |x| chi_square_upper(x[0], x[1])),
    ("normal_upper", &["x"], |x| normal_upper(x[0])),
    ("noncentral_t_lower", &["x", "df", "ncp"], |x| {
        noncentral_student_lower(x[0], x[1], x[2])
    }),
];

fn distribution_functions(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let mut results = Map::new();
    for (name, arguments, function) in FUNCTIONS {
        if parameters.optional(name).is_none() {
            continue;
        }
        let each = parameters.list(name)?.iter().map(|entry| {
            let fields = entry.as_object().ok_or("no object of arguments")?;
            if let Some(other) = fields.keys().find(|key| !arguments.contains(&key.as_str())) {
                return Err(format!("{name}: unknown argument {other:?}"));
            }
            let given = arguments.iter().map(|argument| {
                let value = fields.get(*argument).unwrap_or(&Value::Null);
                // JSON has no infinity.
                if value == "Inf" {
                    Ok(f64::INFINITY)
                } else {
                    number(argument, value)
                }
            });
            Ok(function(&given.collect::<Result<Vec<f64>, String>>()?))
        });
        let values = each.collect::<Result<Vec<Option<f64>>, String>>()?;
        results.insert(name.to_owned(), json!(values));
    }
    Ok(Value::Object(results))
}

pub(crate) fn ends<T: Into<f64> + Copy>(interval: Option<Interval<T>>) -> Value {
    interval.map_or(Value::Null, |i| json!([i.lower.into(), i.upper.into()]))
}

/// Values with frequency one.
fn ones(values: &[f64]) -> impl Iterator<Item = (f64, u64)> + Clone {
    values.iter().map(|value| (*value, 1))
}

fn confidence(parameters: &mut Parameters<'_>) -> Result<f64, String> {
    parameters.number_or("confidence", 0.95)
}

fn mean_ci(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let table = case.table()?;
    let table = table.filtered(parameters.optional_text("filter")?)?;
    let values: Vec<f64> = table
        .numbers(parameters.text("variable")?)?
        .into_iter()
        .flatten()
        .collect();
    let population = parameters.optional_count("population_size")?;
    let confidence = confidence(parameters)?;
    let Some(moments) = Moments::of(ones(&values)) else {
        return Ok(
            json!({"n": 0, "mean": null, "sd": null, "se": null, "df": null, "ci": null,
            "se_without_fpc": null}),
        );
    };
    Ok(json!({
        "n": moments.n,
        "mean": moments.mean,
        "sd": moments.variance.map(f64::sqrt),
        "se": moments.standard_error(population),
        "df": moments.n - 1,
        "ci": ends(mean_interval(&moments, population, confidence)),
        "se_without_fpc": moments.standard_error(None),
    }))
}

fn proportion_ci_wilson(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let each = parameters.list("cases")?.iter().map(|entry| {
        let mut own = Parameters::of(entry)?;
        let (x, n) = (own.count("x")?, own.count("n")?);
        let population = own.optional_count("N")?;
        let confidence = confidence(&mut own)?;
        own.finish()?;
        let (mut p, mut size, mut interval) = (None, None, None);
        if n > 0 {
            let share = Probability::new(x as f64 / n as f64).ok_or("more than all")?;
            p = Some(share.value());
            size = population.map_or(Some(n as f64), |all| effective_size(n, all));
            interval = match size {
                Some(size) => wilson_interval(share, size, confidence),
                None => Some(Interval::point(share)),
            };
        }
        Ok(json!({
            "x": x,
            "n": n,
            "N": population,
            "confidence": confidence,
            "p": p,
            "n_effective": size,
            "low": interval.map(|i| i.lower),
            "high": interval.map(|i| i.upper),
        }))
    });
    Ok(json!({"cases": each.collect::<Result<Vec<Value>, String>>()?}))
}

fn proportion_ci_hypergeometric(
    _: &Case,
    parameters: &mut Parameters<'_>,
) -> Result<Value, String> {
    let each = parameters.list("cases")?.iter().map(|entry| {
        let mut own = Parameters::of(entry)?;
        let (x, n, all) = (own.count("x")?, own.count("n")?, own.count("N")?);
        let interval = hypergeometric_interval(x, n, all, confidence(&mut own)?);
        own.finish()?;
        Ok(json!({"low": interval.map(|i| i.lower), "high": interval.map(|i| i.upper)}))
    });
    Ok(json!({"cases": each.collect::<Result<Vec<Value>, String>>()?}))
}

/// The variance of the mean of an indicator variable: of a simple random sample corrected for the population, or under a design with
/// strata or clusters.
fn proportion_ci_wilson_design(
    case: &Case,
    parameters: &mut Parameters<'_>,
) -> Result<Value, String> {
    const DESIGNS: [&str; 5] = [
        "srs",
        "stratified",
        "cluster",
        "one-stage cluster",
        "stratified cluster",
    ];
    parameters.one_of("design", &DESIGNS)?;
    let is_simple = parameters
        .optional("design")
        .is_none_or(|name| name == "srs");
    let table = case.table()?;
    let table = table.filtered(parameters.optional_text("filter")?)?;
    let wanted = match parameters.value("value")? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    #[expect(clippy::float_cmp, reason = "codes are written out")]
    let is_wanted = |text: &str| {
        let numbers = (text.parse::<f64>(), wanted.parse::<f64>());
        text == wanted || matches!(numbers, (Ok(one), Ok(other)) if one == other)
    };
    let values = table.texts(parameters.text("variable")?)?.into_iter();
    let values = values.map(|text| text.map(|text| f64::from(u8::from(is_wanted(text)))));
    let values: Vec<Option<f64>> = values.collect();
    let confidence = confidence(parameters)?;
    let (mean, error, df) = if is_simple {
        let population = parameters.optional("population_size");
        let population = population.map(|all| count("population_size", all));
        let values: Vec<f64> = values.into_iter().flatten().collect();
        let moments = Moments::of(ones(&values)).ok_or("no values")?;
        let error = moments.standard_error(population.transpose()?);
        (moments.mean, error, (moments.n - 1) as f64)
    } else {
        let found = estimate(case, parameters, &table, &values, confidence)?;
        (found.mean, Some(found.standard_error), found.df as f64)
    };
    let share = Probability::clamped(mean).ok_or("no share")?;
    let variance = error.map(|error| error * error).filter(|v| *v > 0.0);
    let interval = |df| design_wilson_interval(share, variance?, df, confidence);
    Ok(json!({
        "p": share,
        "se": error,
        "n_effective": variance.map(|v| mean * (1.0 - mean) / v),
        "design_df": df,
        "ci_z": ends(interval(None)),
        "ci_t": ends(interval(Some(df))),
    }))
}
