//! The partial credit model.

use serde_json::{Map, Value, json};
use survey_engine::calibration::{
    Counts, Downcoding, FitUndefined, Thresholds, calibrate, calibrate_population, item_fit,
    item_fit_of_counts, score_table,
};
use survey_engine::tally::{Pattern, ScaleTally};

use super::Method;
use super::case::Case;
use super::parameters::{Parameters, list};
use super::scale::{Scale, numbers};

pub(crate) const METHODS: &[(&str, Method)] = &[
    ("pcm_cml", conditional),
    ("pcm_cml_missing", conditional_missing),
    ("pcm_mml", marginal),
    ("wle_table", scores),
    ("pcm_item_fit", fit),
];

const LISTWISE: &str = "listwise";
const AVAILABLE: &str = "available items; rows with fewer than 2 answers dropped";

fn conditional(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.one_of("missing", &[LISTWISE])?;
    let scale = Scale::of(case, parameters)?;
    let (scale_tally, counts) = complete(&scale)?;
    let calibration = calibrate(&counts).map_err(|error| error.to_string())?;
    let categories = categories(&scale_tally)?;
    Ok(json!({
        "n": calibration.n,
        "category_counts": named(&scale, &categories),
        "raw_score_counts": scale_tally.complete(),
        "thresholds": named(&scale, calibration.thresholds.items()),
        "threshold_se": named(&scale, &calibration.standard_errors),
        "cond_loglik": calibration.log_likelihood,
    }))
}

fn conditional_missing(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.one_of("missing", &[AVAILABLE])?;
    let scale = Scale::of(case, parameters)?;
    let tally = tally(&scale)?;
    let counts = with_gaps_closed(
        &scale,
        |answered| answered.count_ones() > 1,
        || Counts::of_all(&tally).ok_or("the scale is too wide".to_owned()),
    )?;
    let calibration = calibrate(&counts).map_err(|error| error.to_string())?;
    let patterns = counts
        .patterns()
        .iter()
        .filter(|pattern| pattern.answered.count_ones() > 1);
    let patterns: Map<String, Value> = patterns
        .map(|pattern| {
            let bits = (0..counts.items()).map(|item| pattern.answered >> item & 1);
            let name: String = bits.map(|bit| if bit == 1 { '1' } else { '0' }).collect();
            (name, json!(pattern.scores.iter().sum::<u64>()))
        })
        .collect();
    Ok(json!({
        "n": calibration.n,
        "patterns": patterns,
        "thresholds": named(&scale, calibration.thresholds.items()),
        "threshold_se": named(&scale, &calibration.standard_errors),
        "cond_loglik": calibration.log_likelihood,
    }))
}

fn marginal(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.one_of("missing", &[LISTWISE])?;
    let scale = Scale::of(case, parameters)?;
    let (_, counts) = complete(&scale)?;
    let population = calibrate_population(&counts).map_err(|error| error.to_string())?;
    Ok(json!({
        "n": population.n,
        "thresholds": named(&scale, population.thresholds.items()),
        "threshold_se": named(&scale, &population.standard_errors),
        "latent_variance": population.latent_variance,
        "deviance": population.deviance,
        "eap_reliability": population.eap_reliability,
    }))
}

fn scores(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.one_of("missing", &[LISTWISE])?;
    let scale = Scale::of(case, parameters)?;
    let thresholds = thresholds(&scale, parameters)?;
    let table = score_table(&thresholds);
    let complete = tally(&scale)?;
    let group = table.separation(complete.complete());
    if group.is_none() && complete.complete().iter().any(|persons| *persons > 0) {
        return Err("the thresholds are of another scale".to_owned());
    }
    let column = |of: fn(&survey_engine::calibration::PersonEstimate) -> Option<f64>| {
        table.rows().iter().map(of).collect::<Vec<Option<f64>>>()
    };
    Ok(json!({
        "raw_score": (0..table.rows().len()).collect::<Vec<_>>(),
        "wle": column(|row| Some(row.wle)),
        "se": column(|row| Some(row.standard_error)),
        "mle": column(|row| row.mle),
        "n": group.map_or(0, |group| group.n),
        "mean_wle": group.map(|group| group.mean),
        "sd_wle": group.map(|group| group.sd),
        "mean_squared_error": group.map(|group| group.mean_squared_error),
        "person_separation_reliability": group.and_then(|group| group.reliability),
        "separation_index": group.and_then(|group| group.index),
    }))
}

fn fit(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.one_of("missing", &[LISTWISE])?;
    let estimate = "MLE per raw score, respondents with raw score 0 or max excluded";
    parameters.one_of("person_estimate", &[estimate])?;
    let scale = Scale::of(case, parameters)?;
    let thresholds = thresholds(&scale, parameters)?;
    let tally = tally(&scale)?;
    let cells = tally.cells().ok_or("the scale is too wide")?;
    let fit = match item_fit(&thresholds, cells) {
        Err(FitUndefined::TooFewPersons) => {
            let none = named(&scale, &vec![Value::Null; scale.names.len()]);
            return Ok(json!({
                "n_used": 0, "outfit_mnsq": none, "infit_mnsq": none, "outfit_z": none, "infit_z": none,
                "mle_separation_reliability": null,
            }));
        }
        fit => fit.map_err(|error| error.to_string())?,
    };
    // The same from plain counts.
    let counts: Vec<Vec<Vec<u64>>> = cells
        .scores()
        .map(|score| {
            (0..cells.items())
                .map(|item| cells.row(score, item).to_vec())
                .collect()
        })
        .collect();
    if item_fit_of_counts(&thresholds, &counts).as_ref() != Ok(&fit) {
        return Err("the counts and the tally do not give the same fit".to_owned());
    }
    let column = |of: fn(&survey_engine::calibration::ItemFit) -> Option<f64>| {
        named(&scale, &fit.items.iter().map(of).collect::<Vec<_>>())
    };
    Ok(json!({
        "n_used": fit.n,
        "outfit_mnsq": column(|item| Some(item.outfit)),
        "infit_mnsq": column(|item| Some(item.infit)),
        "outfit_z": column(|item| item.outfit_z),
        "infit_z": column(|item| item.infit_z),
        "mle_separation_reliability": fit.separation_reliability,
    }))
}

/// `thresholds` by name of item, one less than categories.
fn thresholds(scale: &Scale, parameters: &mut Parameters<'_>) -> Result<Thresholds, String> {
    let all = parameters.value("thresholds")?;
    let all = all.as_object().ok_or("thresholds: no object")?;
    if all.len() != scale.names.len() {
        return Err("thresholds: not one list per item".to_owned());
    }
    let item = |name: &String| {
        let own = all.get(name);
        let own = own.ok_or_else(|| format!("thresholds: none of {name:?}"))?;
        let own = list("thresholds", own)?;
        if own.len() + 1 != usize::from(scale.categories) {
            return Err(format!(
                "thresholds: {name:?} has another number of categories"
            ));
        }
        numbers("thresholds", own)
    };
    let items: Result<Vec<Vec<f64>>, String> = scale.names.iter().map(item).collect();
    Thresholds::new(items?).map_err(|error| error.to_string())
}

fn tally(scale: &Scale) -> Result<ScaleTally, String> {
    Ok(scale.tally()?.scales()[0].clone())
}

fn categories(tally: &ScaleTally) -> Result<Vec<Vec<u64>>, String> {
    let each = (0..tally.items()).map(|item| tally.categories_of(item));
    let all: Option<Vec<_>> = each.collect();
    all.ok_or_else(|| "the scale is too wide".to_owned())
}

/// The tally, and the counts of the persons who answered everything.
fn complete(scale: &Scale) -> Result<(ScaleTally, Counts), String> {
    let tally = tally(scale)?;
    let all = u64::MAX >> (64 - scale.names.len());
    let counts = with_gaps_closed(
        scale,
        |answered| answered == all,
        || Counts::of_complete(&tally).ok_or("the scale is too wide".to_owned()),
    )?;
    Ok((tally, counts))
}

/// The counts as they are or, if nobody chose some middle category or a tally keeps no patterns of so many items, counted anew from
/// the answers.
fn with_gaps_closed(
    scale: &Scale,
    counted: impl Fn(u64) -> bool,
    counts: impl Fn() -> Result<Counts, String>,
) -> Result<Counts, String> {
    let persons: Vec<(u64, Vec<Option<usize>>)> = scale
        .rows
        .iter()
        .map(|row| {
            let members = scale.blueprint.members(0);
            let steps = row.iter().zip(members).map(|(code, (member, _))| {
                let (code, top) = (usize::from(*code), usize::from(scale.categories));
                let step = if member.reversed {
                    top.checked_sub(code)
                } else {
                    code.checked_sub(1)
                };
                step.filter(|_| (1..=top).contains(&code))
            });
            let steps: Vec<Option<usize>> = steps.collect();
            let bits = steps.iter().enumerate().filter(|(_, step)| step.is_some());
            (bits.map(|(item, _)| 1 << item).sum::<u64>(), steps)
        })
        .filter(|(answered, _)| counted(*answered))
        .collect();
    let answered = answers(scale, persons.iter().map(|(_, steps)| steps));
    let downcoding = Downcoding::of(&answered).map_err(|error| error.to_string())?;
    if downcoding.gap_inside().is_none()
        && let Ok(counts) = counts()
    {
        return Ok(counts);
    }
    let sizes: Vec<usize> = (0..answered.len())
        .map(|item| downcoding.kept(item).len())
        .collect();
    let patterns = persons.iter().map(|(answered, steps)| {
        let recoded = steps.iter().enumerate();
        let recoded: Vec<Option<usize>> = recoded
            .map(|(item, step)| step.and_then(|step| downcoding.category(item, step)))
            .collect();
        let score: usize = recoded.iter().flatten().sum();
        Pattern {
            answered: *answered,
            scores: (0..=score).map(|at| u64::from(at == score)).collect(),
            categories: answers(scale, std::iter::once(&recoded)),
        }
    });
    // Items have fewer categories than before, and the others are empty.
    let patterns: Vec<Pattern> = patterns.collect();
    Counts::by_pattern(&sizes, patterns).map_err(|error| error.to_string())
}

fn answers<'a>(
    scale: &Scale,
    persons: impl Iterator<Item = &'a Vec<Option<usize>>>,
) -> Vec<Vec<u64>> {
    let mut counts = vec![vec![0; usize::from(scale.categories)]; scale.names.len()];
    for steps in persons {
        for (counts, step) in counts.iter_mut().zip(steps) {
            if let Some(step) = step {
                counts[*step] += 1;
            }
        }
    }
    counts
}

fn named<T: serde::Serialize>(scale: &Scale, values: &[T]) -> Value {
    let pairs = scale.names.iter().zip(values);
    pairs
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect::<Map<_, _>>()
        .into()
}
