//! Units within a population.

use serde_json::{Value, json};
use survey_engine::multilevel::{
    AgreementSummary, Area, AreaModel, AreaVariance, ShrunkUnit, agreement, area_level,
    one_way_anova, random_intercept_moments, random_intercept_reml, uniform_variance,
};
use survey_engine::scoring::ValidShare;
use survey_engine::stats::{Moments, Percent, Probability};
use survey_engine::tally::Tally;

use super::Method;
use super::case::Case;
use super::parameters::Parameters;
use super::scale::{Scale, valid_share};

pub(crate) const METHODS: &[(&str, Method)] = &[
    ("aggregation_icc_rwg", aggregation),
    ("eb_shrinkage", shrinkage),
    ("eb_area_level", areas),
];

/// Moments of the person means of a unit; `None` without scored persons.
fn moments(scale: &Scale, tally: &Tally, share: ValidShare) -> Option<Moments> {
    let scores = tally.scales()[0].scored_scores(share);
    Moments::of(scores.map(|(answered, sum, persons)| {
        let mean = scale.lowest + f64::from(sum) / f64::from(answered);
        (mean, persons)
    }))
}

/// The units with scored persons: label, tally and moments.
fn units(
    scale: &Scale,
    column: &str,
    share: ValidShare,
) -> Result<Vec<(String, Tally, Moments)>, String> {
    let tallies = scale.tallies_by(column)?.into_iter();
    let units = tallies.filter_map(|(label, tally)| {
        let moments = moments(scale, &tally, share)?;
        Some((label, tally, moments))
    });
    Ok(units.collect())
}

fn aggregation(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let scale = Scale::of(case, parameters)?;
    let group = parameters.text("group")?;
    parameters.one_of("missing", &["listwise"])?;
    parameters.one_of("score", &["person mean"])?;
    parameters.one_of("null_distribution", &["uniform"])?;
    let categories = parameters.optional_count("categories")?;
    let categories = categories.unwrap_or(u64::from(scale.categories));
    let random = uniform_variance(u32::try_from(categories).map_err(|error| error.to_string())?);
    let units = units(&scale, group, ValidShare::new(1, 1).unwrap())?;
    let each: Vec<Moments> = units.iter().map(|(_, _, moments)| *moments).collect();
    let anova = one_way_anova(&each).ok();
    let reml = random_intercept_reml(&each).ok();
    let within = units.iter();
    let within = within.map(|(_, tally, _)| agreement(&tally.scales()[0], random));
    let within: Vec<_> = within.collect();
    let summary = AgreementSummary::of(within.iter().flatten().map(|unit| unit.rwg_j));
    Ok(json!({
        "n": each.iter().map(|unit| unit.n).sum::<u64>(),
        "groups": units.len(),
        "mean_group_size": anova.map(|found| found.mean_unit_size),
        "k0": anova.map(|found| found.k0),
        "ms_between": anova.map(|found| found.ms_between),
        "ms_within": anova.map(|found| found.ms_within),
        "F": anova.and_then(|found| found.f),
        "p": anova.and_then(|found| found.p).map(Probability::value),
        "icc1": anova.and_then(|found| found.icc1),
        "icc2": anova.and_then(|found| found.icc2),
        "icc1_k0": anova.and_then(|found| found.icc1_k0),
        "icc1_reml": reml.map(|found| found.intraclass_correlation()),
        "uniform_variance": random,
        "rwgj": {
            "group": units.iter().map(|(label, _, _)| label).collect::<Vec<_>>(),
            "n": each.iter().map(|unit| unit.n).collect::<Vec<_>>(),
            "rwgj": within.iter().map(|unit| unit.as_ref().map(|unit| unit.rwg_j)).collect::<Vec<_>>(),
        },
        "rwgj_median": summary.map(|found| found.median),
        "rwgj_mean": summary.map(|found| found.mean),
        "rwg_first_item": within.iter().map(|unit| unit.as_ref().map(|unit| unit.items[0])).collect::<Vec<_>>(),
    }))
}

fn shrinkage(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let scale = Scale::of(case, parameters)?;
    let share = valid_share(parameters)?;
    let group = parameters.text("group")?;
    let units = units(&scale, group, share)?;
    let each: Vec<Moments> = units.iter().map(|(_, _, moments)| *moments).collect();
    let reml = random_intercept_reml(&each).map_err(|error| error.to_string())?;
    let anova = random_intercept_moments(&each).map_err(|error| error.to_string())?;
    let column = |units: &[ShrunkUnit], of: fn(&ShrunkUnit) -> Value| -> Value {
        units.iter().map(of).collect()
    };
    Ok(json!({
        "n": reml.n,
        "groups": units.len(),
        "reml": {
            "mu": reml.mu,
            "mu_se": reml.mu_standard_error,
            "tau2": reml.tau2,
            "sigma2": reml.sigma2,
            "loglik_reml": reml.log_likelihood,
            "group": units.iter().map(|(label, _, _)| label).collect::<Vec<_>>(),
            "n_j": column(&reml.units, |unit| json!(unit.n)),
            "mean_j": column(&reml.units, |unit| json!(unit.mean)),
            "reliability_j": column(&reml.units, |unit| json!(unit.reliability)),
            "eb_j": column(&reml.units, |unit| json!(unit.estimate)),
            "conditional_sd_j": column(&reml.units, |unit| json!(unit.conditional_standard_error)),
        },
        "anova": {
            "tau2": anova.tau2,
            "sigma2": anova.sigma2,
            "mu": anova.mu,
            "eb_j": column(&anova.units, |unit| json!(unit.estimate)),
        },
    }))
}

fn areas(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    parameters.remark("group");
    parameters.remark("source");
    let estimates = parameters.numbers("estimate")?;
    let variances = parameters.numbers("variance")?;
    if estimates.len() != variances.len() {
        return Err("estimate and variance differ in length".to_owned());
    }
    let pairs = estimates.into_iter().zip(variances);
    let areas: Vec<Area> = pairs
        .map(|(estimate, variance)| Area { estimate, variance })
        .collect();
    let model = |variance| {
        let found = area_level(&areas, variance).map_err(|error| error.to_string())?;
        Ok::<_, String>(described(&found))
    };
    Ok(json!({
        "dl": model(AreaVariance::DerSimonianLaird)?,
        "reml": model(AreaVariance::Reml)?,
    }))
}

fn described(model: &AreaModel) -> Value {
    json!({
        "tau2": model.tau2,
        "mu": model.mu,
        "mu_se": model.mu_standard_error,
        "I2": Percent::value(model.i2),
        "Q": model.q,
        "eb": model.areas.iter().map(|area| area.estimate).collect::<Vec<_>>(),
        "eb_se": model.areas.iter().map(|area| area.standard_error).collect::<Vec<_>>(),
    })
}
