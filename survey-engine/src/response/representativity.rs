//! How evenly the kinds of persons answered.

use serde::Serialize;

/// Why representativity is not defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RepresentationUndefined {
    /// The population has fewer than two persons.
    #[error("the population has fewer than two persons")]
    TooFewPersons,
    /// A cell has more respondents than persons.
    #[error("cell {cell} has more respondents than persons")]
    TooManyRespondents {
        /// The cell.
        cell: usize,
    },
}

/// Persons of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CellResponse {
    /// On the register.
    pub population: u64,
    /// Who answered.
    pub respondents: u64,
}

/// How a kind of persons is represented among those who answered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RepresentedCell {
    /// Response rate; `None` for a kind of which there is nobody.
    pub rate: Option<f64>,
    /// Share of the kind among the respondents over its share in the population: 1 is even, below 1 it is heard too little. `None`
    /// without persons or without any respondents.
    pub representation: Option<f64>,
    /// Unconditional partial indicator, `sqrt(N_h / N) (rate_h - rate)`: below 0 the kind is heard too little; far from 0 it matters
    /// for the whole. `None` for a kind of which there is nobody.
    pub partial: Option<f64>,
}

/// How evenly the kinds of persons answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Representativity {
    /// Response rate of all.
    pub response_rate: f64,
    /// Standard deviation of the response propensities over the population, divisor `N - 1`.
    pub propensity_sd: f64,
    /// R-indicator, `1 - 2 S`: 1 if all kinds answer equally often, 0 at the worst. Of a very small population a little below 0.
    pub r: f64,
    /// `S / rate`: the largest bias that any mean can have for this reason, in standard deviations of what is asked. `None` without
    /// respondents.
    pub variation: Option<f64>,
    /// What the kinds together take from the R-indicator: root of the sum of the squares of their partial indicators.
    pub partial_total: f64,
    /// Each kind, in the given order.
    pub cells: Vec<RepresentedCell>,
}

/// R-indicator and partial indicators, with the response rates of the cells as propensities.
///
/// `S^2 = sum N_h (rate_h - rate)^2 / (N - 1)`. `R = 1 - 2 S`, and the largest bias `S / rate`. The partial indicators
/// `sqrt(N_h / N) (rate_h - rate)` divide by `N`. Cells of nobody have no figures. Cells are the kinds of persons that the
/// register distinguishes (group, gender, support needs); the indicator speaks of these alone. Nothing is corrected for chance:
/// with few persons in a cell the indicator comes out too low. Sources: Schouten, Cobben and Bethlehem (2009), Survey
/// Methodology 35; Schouten, Shlomo and Skinner (2011), Journal of Official Statistics 27.
///
/// # Errors
/// [`RepresentationUndefined::TooManyRespondents`] if a cell has more respondents than persons,
/// [`RepresentationUndefined::TooFewPersons`] for a population of fewer than two.
///
/// ```
/// use survey_engine::response::{CellResponse, representativity};
/// let girls = CellResponse { population: 100, respondents: 80 };
/// let boys = CellResponse { population: 100, respondents: 60 };
/// let result = representativity(&[girls, boys])?;
/// assert!((result.response_rate - 0.7).abs() < 1e-12);
/// assert!((result.r - (1.0 - 2.0 * (2.0_f64 / 199.0).sqrt())).abs() < 1e-12);
/// assert!(result.cells[1].partial < Some(0.0));
/// # Ok::<(), survey_engine::response::RepresentationUndefined>(())
/// ```
pub fn representativity(
    cells: &[CellResponse],
) -> Result<Representativity, RepresentationUndefined> {
    if let Some(cell) = cells.iter().position(|c| c.respondents > c.population) {
        return Err(RepresentationUndefined::TooManyRespondents { cell });
    }
    let population: u64 = cells.iter().map(|cell| cell.population).sum();
    let respondents: u64 = cells.iter().map(|cell| cell.respondents).sum();
    if population < 2 {
        return Err(RepresentationUndefined::TooFewPersons);
    }
    let all = population as f64;
    let response_rate = respondents as f64 / all;
    let each: Vec<RepresentedCell> = cells
        .iter()
        .map(|cell| represented(cell, all, response_rate))
        .collect();
    let between = between(cells);
    let propensity_sd = (between / (all - 1.0)).sqrt();
    Ok(Representativity {
        response_rate,
        propensity_sd,
        r: 1.0 - 2.0 * propensity_sd,
        variation: (respondents > 0).then(|| propensity_sd / response_rate),
        partial_total: (between / all).sqrt(),
        cells: each,
    })
}

fn represented(cell: &CellResponse, all: f64, overall: f64) -> RepresentedCell {
    let persons = cell.population as f64;
    let rate = (cell.population > 0).then(|| cell.respondents as f64 / persons);
    RepresentedCell {
        rate,
        representation: rate.filter(|_| overall > 0.0).map(|rate| rate / overall),
        partial: rate.map(|rate| (persons / all).sqrt() * (rate - overall)),
    }
}

/// `sum N_h (rate_h - rate)^2`.
fn between(cells: &[CellResponse]) -> f64 {
    let population: u64 = cells.iter().map(|cell| cell.population).sum();
    let respondents: u64 = cells.iter().map(|cell| cell.respondents).sum();
    let overall = respondents as f64 / (population as f64).max(1.0);
    let present = cells.iter().filter(|cell| cell.population > 0);
    let squares = present.map(|cell| {
        let persons = cell.population as f64;
        persons * (cell.respondents as f64 / persons - overall).powi(2)
    });
    squares.sum()
}

/// What one characteristic (gender, say) has to do with who answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PartialIndicator {
    /// Spread of the response rates between its categories, `sqrt(sum N_k / N (rate_k - rate)^2)`.
    pub unconditional: f64,
    /// Spread that is left of the cells within the categories of all *other* characteristics,
    /// `sqrt(sum N_h / N (rate_h - rate_others)^2)`: what the characteristic does beyond the others.
    pub conditional: f64,
}

impl PartialIndicator {
    /// Of a characteristic, over cells that cross it with others: per cell its category of the characteristic, and its category
    /// of all others taken together. [`unconditional`](Self::unconditional) and [`conditional`](Self::conditional) give the
    /// formulas, with divisor `N`. `None` without persons, or for other numbers of categories than cells. Source: Schouten,
    /// Shlomo and Skinner (2011), Journal of Official Statistics 27.
    ///
    /// ```
    /// use survey_engine::response::{CellResponse, PartialIndicator};
    /// let cell = |population, respondents| CellResponse { population, respondents };
    /// // Girls and boys, without and with support needs.
    /// let cells = [cell(100, 80), cell(20, 10), cell(100, 80), cell(20, 10)];
    /// let gender = PartialIndicator::of(&cells, &[0, 0, 1, 1], &[0, 1, 0, 1]).unwrap();
    /// assert_eq!((gender.unconditional, gender.conditional), (0.0, 0.0));
    /// let support = PartialIndicator::of(&cells, &[0, 1, 0, 1], &[0, 0, 1, 1]).unwrap();
    /// assert!((support.conditional - support.unconditional).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn of(cells: &[CellResponse], own: &[usize], others: &[usize]) -> Option<Self> {
        let population: u64 = cells.iter().map(|cell| cell.population).sum();
        if population == 0 || own.len() != cells.len() || others.len() != cells.len() {
            return None;
        }
        let joined = |labels: &[usize]| {
            let mut groups = std::collections::BTreeMap::<usize, Vec<CellResponse>>::new();
            for (cell, label) in cells.iter().zip(labels) {
                groups.entry(*label).or_default().push(*cell);
            }
            groups.into_values()
        };
        let categories: Vec<CellResponse> = joined(own)
            .map(|cells| CellResponse {
                population: cells.iter().map(|cell| cell.population).sum(),
                respondents: cells.iter().map(|cell| cell.respondents).sum(),
            })
            .collect();
        let within: f64 = joined(others).map(|cells| between(&cells)).sum();
        Some(Self {
            unconditional: (between(&categories) / population as f64).sqrt(),
            conditional: (within / population as f64).sqrt(),
        })
    }
}
