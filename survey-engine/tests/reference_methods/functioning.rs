//! Differential item functioning.

use serde_json::{Map, Value, json};
use survey_engine::dif::{
    Dichotomy, DifUndefined, Side, StudiedItem, mantel, mantel_haenszel, ordinal_logistic,
};
use survey_engine::scoring::Blueprint;
use survey_engine::tally::Tally;

use super::Method;
use super::case::Case;
use super::parameters::{Parameters, text};
use super::scale::Scale;

pub(crate) const METHODS: &[(&str, Method)] = &[
    ("dif_mantel_haenszel", haenszel),
    ("dif_mantel_ordinal", ordinal),
    ("dif_ordinal_logistic", logistic),
];

const MATCHING: &str = "sum of items, studied item included, no purification";
const MATCHING_OF_TWO: &str = "sum of dichotomised items, studied item included, no purification";

fn haenszel(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let scale = Scale::of(case, parameters)?;
    let known = ["category (0-based) >= cut", "category >= cut"];
    parameters.one_of("dichotomise", &known)?;
    let cut = parameters.optional_count("cut")?;
    let known = [MATCHING_OF_TWO, MATCHING];
    parameters.one_of("matching", &known)?;
    let cut = match cut {
        None if scale.categories == 2 => 1,
        None => return Err("items of more than two categories need a cut".to_owned()),
        Some(cut) => u8::try_from(cut).map_err(|error| error.to_string())?,
    };
    let dichotomy = Dichotomy::new(&scale.blueprint, 0, cut).ok_or("the cut splits nothing")?;
    let rows = scale.rows.iter().map(|row| dichotomy.pack(row));
    let rows: Option<Vec<Vec<u8>>> = rows.collect();
    let rows = rows.ok_or("a row is no answer")?;
    let groups = Groups::of(&scale, parameters, dichotomy.blueprint(), &rows)?;
    groups.each(&scale, tested(parameters)?.as_deref(), HAENSZEL, |item| {
        let result = mantel_haenszel(item)?;
        let odds = result.odds;
        Ok(json!({
            "alpha_mh": result.alpha,
            "log_alpha_se": odds.map(|odds| odds.log_alpha_standard_error),
            "delta_mh": odds.map(|odds| odds.delta),
            "delta_se": odds.map(|odds| odds.delta_standard_error),
            "chi2_continuity": result.chi_square,
            "p": result.p,
            "ets_class": result.class,
        }))
    })
}

fn ordinal(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let scale = Scale::of(case, parameters)?;
    parameters.one_of("matching", &[MATCHING])?;
    let groups = Groups::of(&scale, parameters, &scale.blueprint, &scale.rows)?;
    groups.each(&scale, tested(parameters)?.as_deref(), ORDINAL, |item| {
        let result = mantel(item)?;
        Ok(json!({
            "mantel_chi2": result.chi_square,
            "p": result.p,
            "smd": result.mean_difference,
            "pooled_sd": result.pooled_sd,
            "effect_size": result.effect_size,
            "class": result.class,
        }))
    })
}

fn logistic(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let scale = Scale::of(case, parameters)?;
    parameters.one_of("matching", &[MATCHING])?;
    let link = "cumulative logit, logit P(Y<=j)=theta_j - (b1*score+b2*g+b3*score*g)";
    parameters.one_of("link", &[link, "cumulative logit"])?;
    let groups = Groups::of(&scale, parameters, &scale.blueprint, &scale.rows)?;
    groups.each(&scale, tested(parameters)?.as_deref(), LOGISTIC, |item| {
        let result = ordinal_logistic(item)?;
        let test = |test: survey_engine::dif::LikelihoodRatio| {
            json!({"chi2": test.chi_square, "df": test.df, "p": test.p})
        };
        Ok(json!({
            "loglik": result.log_likelihood,
            "beta_group_uniform": result.group_effect,
            "cumulative_odds_ratio": result.cumulative_odds_ratio,
            "lr_uniform": test(result.uniform),
            "lr_nonuniform": test(result.nonuniform),
            "lr_total": test(result.total),
            "nagelkerke_r2": result.nagelkerke,
            "delta_nagelkerke_total": result.nagelkerke_change,
            "delta_mcfadden_total": result.mcfadden_change,
            "jodoin_gierl_class": result.class,
        }))
    })
}

/// The tallies of the two sides; several groups may form one.
struct Groups {
    reference: Vec<Tally>,
    focal: Vec<Tally>,
}

impl Groups {
    fn of(
        scale: &Scale,
        parameters: &mut Parameters<'_>,
        blueprint: &Blueprint,
        rows: &[Vec<u8>],
    ) -> Result<Self, String> {
        parameters.one_of("missing", &["listwise over items and group"])?;
        let labels = scale.table.texts(parameters.text("group")?)?;
        let mut side = |name| {
            let wanted = labels_of(name, parameters.value(name)?)?;
            let tallies = wanted.iter().map(|label| {
                let mut tally = Tally::new(blueprint);
                for (row, own) in rows.iter().zip(&labels) {
                    if own.is_some_and(|own| own == label) {
                        let added = tally.add(blueprint, row);
                        added.map_err(|error| error.to_string())?;
                    }
                }
                Ok(tally)
            });
            tallies.collect::<Result<Vec<_>, String>>()
        };
        Ok(Self {
            reference: side("reference")?,
            focal: side("focal")?,
        })
    }

    fn item(&self, position: usize) -> Result<StudiedItem, DifUndefined> {
        let mut studied = None;
        let sides = [
            (Side::Reference, &self.reference),
            (Side::Focal, &self.focal),
        ];
        for (side, tallies) in sides {
            for tally in tallies {
                let cells = tally.scales()[0].cells().ok_or(DifUndefined::Shape)?;
                let categories = u8::try_from(cells.categories()).unwrap();
                studied
                    .get_or_insert_with(|| StudiedItem::new(cells.highest(), categories))
                    .add_cells(side, &cells, position)?;
            }
        }
        studied.ok_or(DifUndefined::EmptyGroup)
    }

    /// Persons, and what `method` says of each item.
    fn each(
        &self,
        scale: &Scale,
        tested: Option<&[&str]>,
        fields: &[&str],
        method: impl Fn(&StudiedItem) -> Result<Value, DifUndefined>,
    ) -> Result<Value, String> {
        let persons = |tallies: &[Tally]| -> u64 {
            tallies
                .iter()
                .map(|tally| tally.scales()[0].listwise())
                .sum()
        };
        let (reference, focal) = (persons(&self.reference), persons(&self.focal));
        let mut items = Map::new();
        for name in tested.unwrap_or_default() {
            if !scale.names.iter().any(|own| own == name) {
                return Err(format!("items_tested: there is no item {name:?}"));
            }
        }
        for (position, name) in scale.names.iter().enumerate() {
            if tested.is_some_and(|tested| !tested.contains(&name.as_str())) {
                continue;
            }
            let studied = self.item(position).map_err(|error| error.to_string())?;
            let result = method(&studied).unwrap_or_else(|why| undefined(fields, why));
            items.insert(name.clone(), result);
        }
        Ok(json!({
            "n": reference + focal,
            "n_reference": reference,
            "n_focal": focal,
            "items": items,
        }))
    }
}

/// The items that are looked at; all without a word about it.
fn tested<'a>(parameters: &mut Parameters<'a>) -> Result<Option<Vec<&'a str>>, String> {
    match parameters.optional("items_tested") {
        Some(_) => parameters.texts("items_tested").map(Some),
        None => Ok(None),
    }
}

/// What cannot be computed is null.
fn undefined(fields: &[&str], why: DifUndefined) -> Value {
    let mut result = json!({"undefined": why});
    for field in fields {
        result[*field] = Value::Null;
    }
    result
}

const HAENSZEL: &[&str] = &[
    "alpha_mh",
    "log_alpha_se",
    "delta_mh",
    "delta_se",
    "chi2_continuity",
    "p",
    "ets_class",
];
const ORDINAL: &[&str] = &[
    "mantel_chi2",
    "p",
    "smd",
    "pooled_sd",
    "effect_size",
    "class",
];
const LOGISTIC: &[&str] = &[
    "loglik",
    "beta_group_uniform",
    "cumulative_odds_ratio",
    "lr_uniform",
    "lr_nonuniform",
    "lr_total",
    "nagelkerke_r2",
    "delta_nagelkerke_total",
    "delta_mcfadden_total",
    "jodoin_gierl_class",
];

/// One label, or a list of them; a number is a label too.
fn labels_of(name: &str, value: &Value) -> Result<Vec<String>, String> {
    let label = |value: &Value| match value {
        Value::Number(number) => Ok(number.to_string()),
        other => text(name, other).map(str::to_owned),
    };
    match value {
        Value::Array(values) => values.iter().map(label).collect(),
        one => Ok(vec![label(one)?]),
    }
}
