//! Who answered.

use serde_json::{Map, Value, json};
use survey_engine::response::{CellResponse, Dispositions, Eligibility, representativity};
use survey_engine::stats::Probability;

use super::Method;
use super::case::Case;
use super::parameters::{Parameters, count, number, text};

pub(crate) const METHODS: &[(&str, Method)] =
    &[("response_rate", rates), ("r_indicator", indicator)];

fn rates(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let cases = parameters.list("cases")?.iter().map(|given| {
        let fields = given.as_object().ok_or("a case is no object")?;
        let known = ["I", "P", "R", "NC", "O", "UH", "UO", "NE", "e"];
        if let Some(other) = fields.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("a case has an unknown field {other:?}"));
        }
        let part = |name: &str| fields.get(name).map_or(Ok(0), |value| count(name, value));
        let dispositions = Dispositions {
            complete: part("I")?,
            partial: part("P")?,
            refusal: part("R")?,
            non_contact: part("NC")?,
            other: part("O")?,
            unknown_household: part("UH")?,
            unknown_other: part("UO")?,
            not_eligible: part("NE")?,
        };
        let eligibility = match fields.get("e").filter(|e| !e.is_null()) {
            None => Eligibility::Proportional,
            Some(e) => {
                let share = Probability::new(number("e", e)?);
                Eligibility::Given(share.ok_or("e is no share")?)
            }
        };
        let rates = dispositions.rates(eligibility);
        Ok(json!({
            "e": rates.e,
            "RR1": rates.rr1,
            "RR2": rates.rr2,
            "RR3": rates.rr3,
            "RR4": rates.rr4,
            "RR5": rates.rr5,
            "RR6": rates.rr6,
            "COOP1": rates.coop1,
            "REF1": rates.ref1,
            "CON1": rates.con1,
        }))
    });
    Ok(json!({"cases": cases.collect::<Result<Vec<_>, String>>()?}))
}

fn indicator(_: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let (mut names, mut cells) = (Vec::new(), Vec::new());
    for given in parameters.list("cells")? {
        let fields = given.as_object().ok_or("a cell is no object")?;
        let part = |name: &str| {
            fields
                .get(name)
                .ok_or_else(|| format!("a cell has no {name}"))
        };
        if fields.len() != 3 {
            return Err(format!("a cell has unknown fields: {given}"));
        }
        names.push(text("cell", part("cell")?)?);
        cells.push(CellResponse {
            population: count("population", part("population")?)?,
            respondents: count("respondents", part("respondents")?)?,
        });
    }
    let result = representativity(&cells).map_err(|error| error.to_string())?;
    let partial = names.iter().zip(&result.cells);
    let partial: Map<String, Value> = partial
        .map(|(name, cell)| ((*name).to_owned(), json!(cell.partial)))
        .collect();
    Ok(json!({
        "response_rate": result.response_rate,
        "S_rho": result.propensity_sd,
        "R": result.r,
        "cv_rho": result.variation,
        "max_abs_std_bias": result.variation,
        "partial_unconditional_total": result.partial_total,
        "partial_unconditional_cell": partial,
    }))
}
