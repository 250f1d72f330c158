//! Scores and shares of one scale.

use serde_json::{Map, Value, json};
use survey_engine::indicator::{ItemSummary, summarize};
use survey_engine::scoring::Rule;
use survey_engine::stats::{Percent, Pomp};

use super::Method;
use super::case::Case;
use super::parameters::Parameters;
use super::scale::{Scale, valid_share};

pub(crate) const METHODS: &[(&str, Method)] = &[("score_scale", score_scale)];

/// So many persons are listed one by one.
const LISTED: usize = 25;

fn score_scale(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let scale = Scale::of(case, parameters)?;
    let share = valid_share(parameters)?;
    let rule = Rule::standard(scale.categories)
        .with_valid_share(share)
        .favourable_from(parameters.number("favourable_min")? - scale.lowest)
        .person_cut(parameters.number("person_favourable_cut")? - scale.lowest);
    let tally = scale.tally()?;
    let summary = summarize(&scale.blueprint, &tally, 0, &rule);
    let summary = summary.map_err(|error| error.to_string())?;
    let items: Map<String, Value> = summary
        .items
        .iter()
        .map(|item| (item.id.clone(), figures(item, scale.lowest)))
        .collect();
    let persons = scale.rows.iter().take(LISTED);
    let persons = persons.map(|row| scale.blueprint.score(row, 0, share));
    let persons: Vec<_> = persons.collect();
    let means = persons
        .iter()
        .map(|score| score.map(|score| score.value(scale.lowest)));
    let pomp = persons.iter().map(|score| {
        let pomp = score.and_then(|score| score.pomp(scale.categories));
        pomp.map(Pomp::value)
    });
    let value = |steps: Option<f64>| steps.map(|steps| scale.lowest + steps);
    Ok(json!({
        "items": items,
        "scale": {
            "min_items_needed": summary.items_needed,
            "n_scored": summary.scored,
            "n_unscored": summary.unscored,
            "sum_of_scores": summary.sum + scale.lowest * summary.scored as f64,
            "mean": value(summary.mean),
            "sd": summary.sd,
            "pomp_mean": summary.pomp_mean,
            "pomp_sd": summary.pomp_sd,
            "lower_quartile": value(summary.lower_quartile),
            "median": value(summary.median),
            "upper_quartile": value(summary.upper_quartile),
            "pct_favourable_pooled": summary.favourable.pooled,
            "pct_favourable_item_average": summary.favourable.item_average,
            "pct_favourable_persons": summary.favourable.persons,
        },
        "first_25_person_means": means.collect::<Vec<_>>(),
        "first_25_pomp": pomp.collect::<Vec<_>>(),
    }))
}

fn figures(item: &ItemSummary, lowest: f64) -> Value {
    let counts = item.counts.iter().enumerate();
    let counts: Map<String, Value> = counts
        .map(|(step, count)| ((lowest + step as f64).to_string(), Value::from(*count)))
        .collect();
    json!({
        "n_valid": item.n_valid,
        "n_dont_know": item.missing.dont_know,
        "n_not_applicable": item.missing.not_applicable,
        "n_blank": item.missing.blank,
        "counts_recoded": counts,
        "mean": item.mean.map(|steps| lowest + steps),
        "sd": item.sd,
        "pct_favourable": item.favourable.map(Percent::value),
        "pct_top_box": item.top_box.map(Percent::value),
    })
}
