//! The items of a case as a form with one scale, and its rows as packed answers.

use serde_json::Value;
use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan, ValidShare};
use survey_engine::tally::Tally;

use super::case::Case;
use super::parameters::{Parameters, number};
use super::table::{Table, levels};

/// Values are kept as steps above `lowest`, so that scales may begin anywhere.
pub(crate) struct Scale {
    pub(crate) names: Vec<String>,
    pub(crate) lowest: f64,
    pub(crate) categories: u8,
    pub(crate) blueprint: Blueprint,
    /// Packed answers of each row of `table`.
    pub(crate) rows: Vec<Vec<u8>>,
    /// The rows of the case after its filter.
    pub(crate) table: Table,
}

const DONT_KNOW: u8 = 255;
const NOT_APPLICABLE: u8 = 254;

impl Scale {
    /// Reads `items`, `reverse`, `scale_min`, `scale_max`, `filter`, `dont_know_codes`, `not_applicable_codes` and the texts that
    /// describe recoding and missing answers.
    pub(crate) fn of(case: &Case, parameters: &mut Parameters<'_>) -> Result<Self, String> {
        let names = parameters.texts("items")?;
        let reverse = match parameters.optional("reverse") {
            Some(_) => parameters.texts("reverse")?,
            None => Vec::new(),
        };
        let lowest = parameters.number("scale_min")?;
        let highest = parameters.number("scale_max")?;
        let mut codes = |name| match parameters.optional(name) {
            Some(_) => parameters.numbers(name),
            None => Ok(Vec::new()),
        };
        let dont_know = codes("dont_know_codes")?;
        let not_applicable = codes("not_applicable_codes")?;
        parameters.one_of("blank", &["empty field"])?;
        let known = ["category = recoded value - scale_min (0..m)"];
        parameters.one_of("recode", &known)?;
        let table = case
            .table()?
            .filtered(parameters.optional_text("filter")?)?;
        let categories = step(highest, lowest).and_then(|top| top.checked_add(1));
        let categories = categories.ok_or("scale_min and scale_max are no range")?;
        let code = |name: &str, field: Option<f64>| match field {
            None => Ok(0),
            Some(value) if dont_know.contains(&value) => Ok(DONT_KNOW),
            Some(value) if not_applicable.contains(&value) => Ok(NOT_APPLICABLE),
            Some(value) => step(value, lowest)
                .filter(|step| *step < categories)
                .map(|step| step + 1)
                .ok_or_else(|| format!("{name}: {value} lies outside the scale")),
        };
        let mut rows = vec![Vec::with_capacity(names.len()); table.len()];
        for name in &names {
            for (row, field) in rows.iter_mut().zip(table.numbers(name)?) {
                row.push(code(name, field)?);
            }
        }
        for name in &reverse {
            if !names.contains(name) {
                return Err(format!("reverse: there is no item {name:?}"));
            }
        }
        let item = |(slot, name): (usize, &&str)| ItemPlan {
            id: (*name).to_owned(),
            slot,
            categories,
            lowest: 0,
        };
        let member = |(item, name): (usize, &&str)| Member {
            item,
            reversed: reverse.contains(name),
        };
        let scale = ScalePlan {
            indicator: "scale".to_owned(),
            members: names.iter().enumerate().map(member).collect(),
        };
        let items = names.iter().enumerate().map(item).collect();
        let blueprint = Blueprint::new(names.len(), items, vec![scale]);
        Ok(Self {
            lowest,
            categories,
            blueprint: blueprint.map_err(|error| error.to_string())?,
            rows,
            table,
            names: names.into_iter().map(str::to_owned).collect(),
        })
    }

    /// The tally of all rows.
    pub(crate) fn tally(&self) -> Result<Tally, String> {
        self.tally_of(|_| true)
    }

    /// The tally of the rows that `wanted` names by position.
    pub(crate) fn tally_of(&self, wanted: impl Fn(usize) -> bool) -> Result<Tally, String> {
        let mut tally = Tally::new(&self.blueprint);
        for (at, row) in self.rows.iter().enumerate() {
            if wanted(at) {
                let added = tally.add(&self.blueprint, row);
                added.map_err(|error| error.to_string())?;
            }
        }
        Ok(tally)
    }

    /// A tally for each value of a column, in the order of its levels. Rows without a value are in none.
    pub(crate) fn tallies_by(&self, column: &str) -> Result<Vec<(String, Tally)>, String> {
        let labels = self.table.texts(column)?;
        let mut tallies = std::collections::HashMap::new();
        for (row, label) in self.rows.iter().zip(&labels) {
            let Some(label) = *label else { continue };
            let tally = tallies
                .entry(label)
                .or_insert_with(|| Tally::new(&self.blueprint));
            let added = tally.add(&self.blueprint, row);
            added.map_err(|error| error.to_string())?;
        }
        let each = levels(tallies.keys().copied()).into_iter();
        let each = each.filter_map(|level| Some((level.to_owned(), tallies.remove(level)?)));
        Ok(each.collect())
    }
}

/// `value - lowest`, if that is a small whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number below 240"
)]
fn step(value: f64, lowest: f64) -> Option<u8> {
    let step = value - lowest;
    ((0.0..240.0).contains(&step) && step.fract() == 0.0).then_some(step as u8)
}

/// `min_valid_share` as a fraction of whole numbers: a short one that is near enough, else to nine places.
pub(crate) fn valid_share(parameters: &mut Parameters<'_>) -> Result<ValidShare, String> {
    let share = parameters.number("min_valid_share")?;
    let fraction = (1..=1000_u32)
        .chain([1_000_000_000])
        .find_map(|denominator| {
            let numerator = (share * f64::from(denominator)).round();
            let fits = (numerator / f64::from(denominator) - share).abs() < 1e-9;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most the denominator"
            )]
            let share = ValidShare::new(numerator as u32, denominator);
            share.filter(|_| fits)
        });
    fraction.ok_or_else(|| format!("min_valid_share: {share} is no share"))
}

/// A list of numbers from a value, for parameters within parameters.
pub(crate) fn numbers(name: &str, values: &[Value]) -> Result<Vec<f64>, String> {
    values.iter().map(|value| number(name, value)).collect()
}
