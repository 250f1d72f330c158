//! Domains put together.

use serde_json::{Value, json};
use survey_engine::indicator::{
    CompositeRule, CompositeUndefined, DomainScore, composite, composite_with_covariances,
};
use survey_engine::stats::{Pomp, Probability};

use super::super::case::Case;
use super::super::parameters::{Parameters, list, text};
use super::super::scale::numbers;

pub(super) fn composites(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let least = Probability::new(parameters.number("min_weight_share")?);
    let rule = CompositeRule {
        least_weight_share: least.ok_or("min_weight_share: not from 0 to 1")?,
        geometric_floor: parameters.number_or("geometric_floor", 1.0)?,
    };
    let each = parameters.list("domains")?.iter().map(|entry| {
        let mut own = Parameters::of(entry)?;
        own.optional("domain")
            .map(|name| text("domain", name))
            .transpose()?;
        let score = own.optional_number("score")?;
        let domain = DomainScore {
            weight: own.number("weight")?,
            score: score
                .map(|score| Pomp::new(score).ok_or("score: not from 0 to 100"))
                .transpose()?,
            standard_error: own.optional_number("se")?,
        };
        own.finish()?;
        Ok(domain)
    });
    let domains = each.collect::<Result<Vec<DomainScore>, String>>()?;
    let failed = |error: CompositeUndefined| error.to_string();
    let together = composite(&domains, &rule).map_err(failed)?;
    let mut result = json!({
        "available_weight_share": together.available_weight_share,
        "arithmetic": together.arithmetic,
        "geometric": together.geometric,
        "se_independent": together.standard_error,
    });
    if parameters.optional("covariance").is_some() {
        let rows = parameters.list("covariance")?.iter();
        let rows = rows.map(|row| numbers("covariance", list("covariance", row)?));
        let rows = rows.collect::<Result<Vec<Vec<f64>>, String>>()?;
        let together = composite_with_covariances(&domains, &rows, &rule).map_err(failed)?;
        result["se_covariance"] = json!(together.standard_error);
    }
    Ok(result)
}
