//! Internal consistency.

use serde_json::{Map, Value, json};
use survey_engine::reliability::{
    Consistency, FactorLoading, ItemConsistency, consistency, feldt_interval, omega_total,
    pairwise_consistency, spearman_brown,
};
use survey_engine::tally::ItemTally;

use super::Method;
use super::case::Case;
use super::distributions::ends;
use super::parameters::Parameters;
use super::scale::Scale;

pub(crate) const METHODS: &[(&str, Method)] =
    &[("reliability_alpha", alpha), ("reliability_omega", omega)];

/// One figure of every item, by name.
fn by_item<T>(names: &[String], items: &[T], figure: impl Fn(&T) -> Value) -> Value {
    let fields: Map<String, Value> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.clone(), items.get(at).map_or(Value::Null, &figure)))
        .collect();
    Value::Object(fields)
}

fn alpha(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let scale = Scale::of(case, parameters)?;
    let confidence = parameters.number_or("confidence", 0.95)?;
    let tally = scale.tally()?;
    let counts = &tally.scales()[0];
    let n = counts.listwise();
    let k = scale.names.len();
    let found = consistency(n, counts.sums(), counts.products()).ok();
    let figure = |of: fn(&Consistency) -> Option<f64>| found.as_ref().and_then(of);
    let each = |of: fn(&ItemConsistency) -> Option<f64>| {
        let items = found.as_ref().map_or(&[][..], |found| &found.items);
        by_item(&scale.names, items, |item| json!(of(item)))
    };
    let mut listwise = json!({
        "n": n,
        "k": k,
        "alpha": figure(|found| Some(found.alpha)),
        "standardised_alpha": figure(|found| found.standardised_alpha),
        "average_inter_item_r": figure(|found| Some(found.average_inter_item_r)),
        "standard_error_of_measurement_sum":
            figure(|found| Some(found.standard_error_of_measurement_sum)),
        "item_total_r": each(|item| Some(item.total_r)),
        "item_rest_r": each(|item| item.rest_r),
        "alpha_if_dropped": each(|item| item.alpha_if_dropped),
    });
    let interval = found
        .as_ref()
        .and_then(|found| feldt_interval(found.alpha, n, k, confidence));
    listwise["feldt_ci95"] = ends(interval);
    let categories: Vec<&[u64]> = tally.items().iter().map(ItemTally::categories).collect();
    let pairs = pairwise_consistency(counts, &categories).ok();
    Ok(json!({
        "listwise": listwise,
        "pairwise": {
            "n_rows_any": counts.answered(),
            "alpha": pairs.map(|pairs| pairs.alpha),
            "standardised_alpha": pairs.and_then(|pairs| pairs.standardised_alpha),
            "average_inter_item_r": pairs.map(|pairs| pairs.average_inter_item_r),
        },
    }))
}

fn omega(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let scale = Scale::of(case, parameters)?;
    parameters.one_of("missing", &["listwise"])?;
    let model = "one-factor ML on covariance matrix (divisor n), latent variance 1";
    parameters.one_of("model", &[model])?;
    let tally = scale.tally()?;
    let counts = &tally.scales()[0];
    let n = counts.listwise();
    let found = omega_total(n, counts.sums(), counts.products()).ok();
    let each = |of: fn(&FactorLoading) -> f64| {
        let items = found.as_ref().map_or(&[][..], |found| &found.items);
        by_item(&scale.names, items, |item| json!(of(item)))
    };
    let two = consistency(n, counts.sums(), counts.products()).ok();
    let two = two.filter(|_| scale.names.len() == 2);
    Ok(json!({
        "n": n,
        "omega_total": found.as_ref().map(|found| found.total),
        "standardised_omega": found.as_ref().map(|found| found.standardised),
        "loadings": each(|item| item.loading),
        "residual_variances": each(|item| item.residual_variance),
        "standardised_loadings": each(|item| item.standardised_loading),
        "heywood": found.as_ref().map(survey_engine::reliability::Omega::is_heywood),
        "spearman_brown": two.and_then(|found| spearman_brown(found.average_inter_item_r, 2)),
    }))
}
