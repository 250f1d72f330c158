//! Differences between groups, shares, rounds and units; composites.

mod composing;
mod placing;

use serde_json::{Value, json};
use survey_engine::comparison::{
    Adjustment, GapUndefined, Metric, PairedSums, PairedUndefined, ProportionCount, adjust,
    change_of_means, change_of_shares, group_gap, paired_change, signed_ranks, two_proportions,
};
use survey_engine::stats::{Interval, Moments, Probability};

use super::Method;
use super::case::Case;
use super::distributions::ends;
use super::parameters::{Parameters, count, list, number};
use super::scale::{Scale, valid_share};

pub(crate) const METHODS: &[(&str, Method)] = &[
    ("group_gap", gap),
    ("two_proportions", proportions),
    ("paired_change", paired),
    ("round_change", rounds),
    ("multiple_comparisons", multiple),
    ("benchmark_percentile", placing::percentiles),
    ("composite", composing::composites),
];

/// Texts or numbers, as labels.
fn labels(parameters: &mut Parameters<'_>, name: &'static str) -> Result<Vec<String>, String> {
    let value = parameters.value(name)?;
    let label = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Ok(match value {
        Value::Array(values) => values.iter().map(label).collect(),
        single => vec![label(single)],
    })
}

fn gap(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.one_of("score", &["person mean"])?;
    let scale = Scale::of(case, parameters)?;
    let share = valid_share(parameters)?;
    let column = scale.table.texts(parameters.text("group")?)?;
    let confidence = parameters.number_or("confidence", 0.95)?;
    let mut scores = |name| {
        let wanted = labels(parameters, name)?;
        let is_member = |at: usize| column[at].is_some_and(|own| wanted.iter().any(|w| w == own));
        let tally = scale.tally_of(is_member)?;
        let scale_tally = tally.scales().first().ok_or("no scale")?;
        let each = scale_tally.scored_scores(share);
        let each = each.map(|(answered, sum, persons)| {
            (scale.lowest + f64::from(sum) / f64::from(answered), persons)
        });
        Ok::<Vec<(f64, u64)>, String>(each.collect())
    };
    let (first, second) = (scores("group1")?, scores("group2")?);
    let range = Interval {
        lower: scale.lowest,
        upper: scale.lowest + f64::from(scale.categories - 1),
    };
    let gap = match group_gap(&first, &second, range, confidence) {
        Err(GapUndefined::EmptyGroup) => return Ok(half_a_gap(&first, &second)),
        gap => gap.map_err(|error| error.to_string())?,
    };
    let (welch, effect) = (gap.welch, gap.effect);
    Ok(json!({
        "n1": gap.first.n,
        "n2": gap.second.n,
        "mean1": gap.first.mean,
        "mean2": gap.second.mean,
        "sd1": gap.first.variance.map(f64::sqrt),
        "sd2": gap.second.variance.map(f64::sqrt),
        "difference": gap.difference,
        "difference_pomp": gap.difference_pomp,
        "welch": {
            "t": welch.map(|test| test.t),
            "df": welch.map(|test| test.df),
            "p": welch.map(|test| test.p),
            "se": welch.map(|test| test.standard_error),
            "ci95": ends(welch.map(|test| test.interval)),
        },
        "cohens_d": effect.map(|effect| effect.cohens_d),
        "hedges_g": effect.map(|effect| effect.hedges_g),
        "hedges_g_ci95_normal": ends(effect.map(|effect| effect.normal_interval)),
        "hedges_g_ci95_noncentral_t": ends(effect.and_then(|effect| effect.noncentral_interval)),
        "cliffs_delta": gap.ranks.cliffs_delta,
        "mann_whitney": {"U": gap.ranks.u, "z": gap.ranks.z, "p": gap.ranks.p},
    }))
}

/// What is known where a group has no scores.
fn half_a_gap(first: &[(f64, u64)], second: &[(f64, u64)]) -> Value {
    let each = [first, second].map(|scores| Moments::of(scores.iter().copied()));
    let n = |at: usize| each[at].map_or(0, |moments| moments.n);
    let mean = |at: usize| each[at].map(|moments| moments.mean);
    let sd = |at: usize| each[at].and_then(|moments| moments.variance).map(f64::sqrt);
    let mut result = nulls(&[
        "difference",
        "difference_pomp",
        "cohens_d",
        "hedges_g",
        "hedges_g_ci95_normal",
        "hedges_g_ci95_noncentral_t",
        "cliffs_delta",
    ]);
    result["welch"] = nulls(&["t", "df", "p", "se", "ci95"]);
    result["mann_whitney"] = nulls(&["U", "z", "p"]);
    for (at, name) in ["1", "2"].into_iter().enumerate() {
        result[format!("n{name}")] = json!(n(at));
        result[format!("mean{name}")] = json!(mean(at));
        result[format!("sd{name}")] = json!(sd(at));
    }
    result
}

/// Fields that are not defined.
fn nulls(names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| ((*name).to_owned(), Value::Null))
        .collect()
}

fn proportions(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let general = parameters.number_or("confidence", 0.95)?;
    let each = parameters.list("cases")?.iter().map(|entry| {
        let mut own = Parameters::of(entry)?;
        let mut group = |x, n| {
            Ok::<_, String>(ProportionCount {
                favourable: own.count(x)?,
                n: own.count(n)?,
            })
        };
        let (first, second) = (group("x1", "n1")?, group("x2", "n2")?);
        let confidence = own.number_or("confidence", general)?;
        own.finish()?;
        let compared = two_proportions(first, second, confidence);
        Ok(json!({
            "p1": first.share(),
            "p2": second.share(),
            "difference": compared.map(|c| c.difference),
            "z_pooled": compared.and_then(|c| c.z),
            "p": compared.and_then(|c| c.p),
            "wald_ci95": ends(compared.map(|c| c.wald_interval)),
            "newcombe_ci95": ends(compared.map(|c| c.newcombe_interval)),
            "cohens_h": compared.map(|c| c.cohens_h),
        }))
    });
    Ok(json!({"cases": each.collect::<Result<Vec<Value>, String>>()?}))
}

/// Both values of each row as whole numbers, and how many of them make one: as many as the decimals need, at most twelve, and
/// as fit.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "within the range of the type"
)]
fn whole_numbers(rows: &[(&str, &str)]) -> Result<(Vec<(i64, i64)>, f64), String> {
    let decimals = |text: &str| {
        text.split_once('.')
            .map_or(0, |(_, decimals)| decimals.len())
    };
    let most = rows.iter().map(|(x, y)| decimals(x).max(decimals(y))).max();
    let values = rows
        .iter()
        .flat_map(|(x, y)| [x.parse::<f64>(), y.parse::<f64>()]);
    let largest = values
        .flatten()
        .fold(1.0, |largest: f64, value| value.abs().max(largest));
    // As many digits as a number of 64 bits has.
    let room = 15 - largest.log10().floor() as i32;
    let per_unit = 10_f64.powi((most.unwrap_or(0).min(12) as i32).min(room));
    let whole = |text: &str| {
        let value = text
            .parse::<f64>()
            .map_err(|error| format!("{text:?}: {error}"))?;
        let parts = (value * per_unit).round();
        if parts.abs() > 9e15 {
            return Err(format!("{text:?} has too many digits"));
        }
        Ok(parts as i64)
    };
    let each = rows.iter().map(|(x, y)| Ok((whole(x)?, whole(y)?)));
    Ok((each.collect::<Result<_, String>>()?, per_unit))
}

fn paired(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let table = case.table()?;
    let table = table.filtered(parameters.optional_text("filter")?)?;
    let confidence = parameters.number_or("confidence", 0.95)?;
    let earlier = table.texts(parameters.text("time1")?)?;
    let later = table.texts(parameters.text("time2")?)?;
    let rows = earlier.into_iter().zip(later);
    let rows: Vec<(&str, &str)> = rows.filter_map(|(x, y)| Some((x?, y?))).collect();
    let (pairs, per_unit) = whole_numbers(&rows)?;
    let mut sums = PairedSums::default();
    for (x, y) in &pairs {
        sums.add(*x, *y);
    }
    let metric = Metric {
        origin: 0.0,
        per_unit,
    };
    let result = match paired_change(&sums, metric, confidence) {
        Err(PairedUndefined::TooFewPairs) => return Ok(too_few_pairs(&pairs, per_unit)),
        result => result.map_err(|error| error.to_string())?,
    };
    let changes: Vec<(f64, u64)> = pairs
        .iter()
        .map(|(x, y)| (((y - x) as f64 / per_unit * 1e10).round() / 1e10, 1))
        .collect();
    Ok(json!({
        "n_pairs": result.n,
        "mean1": result.mean_earlier,
        "mean2": result.mean_later,
        "sd1": result.sd_earlier,
        "sd2": result.sd_later,
        "correlation": result.correlation,
        "mean_change": result.change,
        "sd_change": result.sd_change,
        "se": result.standard_error,
        "t": result.t,
        "df": result.df,
        "p": result.p,
        "ci95": ends(Some(result.interval)),
        "d_z": result.d_z,
        "g_z": result.g_z,
        "d_average_sd": result.d_average_sd,
        "se_if_unlinked": result.standard_error_unlinked,
        "wilcoxon_p": signed_ranks(&changes).map(|test| test.p),
    }))
}

/// What is known of no pair or one.
fn too_few_pairs(pairs: &[(i64, i64)], per_unit: f64) -> Value {
    let mut result = nulls(&[
        "mean1",
        "mean2",
        "sd1",
        "sd2",
        "correlation",
        "mean_change",
        "sd_change",
        "se",
        "t",
        "df",
        "p",
        "ci95",
        "d_z",
        "g_z",
        "d_average_sd",
        "se_if_unlinked",
        "wilcoxon_p",
    ]);
    result["n_pairs"] = json!(pairs.len());
    if let [(earlier, later)] = pairs {
        result["mean1"] = json!(*earlier as f64 / per_unit);
        result["mean2"] = json!(*later as f64 / per_unit);
        result["mean_change"] = json!((later - earlier) as f64 / per_unit);
        result["df"] = json!(0);
    }
    result
}

/// Two unlinked rounds: means of a column in the rows of each round, and shares from counts.
fn rounds(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let confidence = parameters.number_or("confidence", 0.95)?;
    let mut result = json!({});
    if parameters.optional("variable").is_some() {
        let table = case.table()?;
        let variable = parameters.text("variable")?;
        let mut moments = |name| {
            let rows = table.filtered(Some(parameters.text(name)?))?;
            let values: Vec<f64> = rows.numbers(variable)?.into_iter().flatten().collect();
            Moments::of(values.into_iter().map(|value| (value, 1))).ok_or("no values".to_owned())
        };
        let (earlier, later) = (moments("earlier")?, moments("later")?);
        let change = change_of_means(&earlier, &later, confidence).ok_or("no change")?;
        result["mean"] = json!({
            "change": change.test.difference,
            "se": change.test.standard_error,
            "t": change.test.t,
            "df": change.test.df,
            "p": change.test.p,
            "ci": ends(Some(change.test.interval)),
            "minimum_detectable": change.minimum_detectable,
        });
    }
    if parameters.optional("shares").is_some() {
        let each = parameters.list("shares")?.iter().map(|entry| {
            let counts = list("shares", entry)?;
            let counts = counts.iter().map(|value| count("shares", value));
            let counts = counts.collect::<Result<Vec<u64>, String>>()?;
            let [x1, n1, x2, n2] = counts[..] else {
                return Err("shares: four counts are wanted".to_owned());
            };
            let earlier = ProportionCount {
                favourable: x1,
                n: n1,
            };
            let later = ProportionCount {
                favourable: x2,
                n: n2,
            };
            let change = change_of_shares(earlier, later, confidence).ok_or("no change")?;
            Ok(json!({
                "change": change.difference,
                "se": change.standard_error,
                "p": change.p,
                "ci": ends(Some(change.interval)),
                "minimum_detectable": change.minimum_detectable,
            }))
        });
        result["shares"] = json!(each.collect::<Result<Vec<Value>, String>>()?);
    }
    Ok(result)
}

fn multiple(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.remark("source");
    let level = parameters.number_or("level", 0.05)?;
    let each = parameters.list("p")?.iter().map(|value| {
        if value.is_null() || value == "NA" {
            return Ok(None);
        }
        let p = number("p", value)?;
        Probability::new(p)
            .map(Some)
            .ok_or("p: not from 0 to 1".to_owned())
    });
    let p = each.collect::<Result<Vec<Option<Probability>>, String>>()?;
    let rejected = |adjusted: &[Option<Probability>]| -> Vec<Option<bool>> {
        let each = adjusted.iter();
        each.map(|p| p.map(|p| p.value() <= level)).collect()
    };
    let (bh, holm) = (
        adjust(&p, Adjustment::BenjaminiHochberg),
        adjust(&p, Adjustment::Holm),
    );
    Ok(json!({
        "rejected_bh": rejected(&bh),
        "rejected_holm": rejected(&holm),
        "bh": bh,
        "by": adjust(&p, Adjustment::BenjaminiYekutieli),
        "holm": holm,
        "hochberg": adjust(&p, Adjustment::Hochberg),
        "bonferroni": adjust(&p, Adjustment::Bonferroni),
    }))
}
