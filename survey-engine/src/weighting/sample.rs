//! What is counted of a sample.

use std::ops::RangeInclusive;

use serde::Serialize;

/// Why a weighted figure is not defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DesignProblem {
    /// A part names a stratum, cell or level that is not there.
    #[error("a part of the sample lies in no stratum or cell")]
    Shape,
    /// A weight is not a positive finite number or beyond all bounds, a population negative or not a number, or the sums of the
    /// answers are not numbers.
    #[error("a weight or population is not a positive number")]
    BadWeight,
    /// Nobody answered.
    #[error("nobody answered")]
    NoAnswers,
    /// A stratum has both persons and clusters as its sampled units.
    #[error("a stratum has both persons and clusters as units")]
    MixedUnits,
    /// A stratum has a single sampled unit out of more, which says nothing about how units differ.
    #[error("stratum {stratum} has a single unit")]
    SingleUnit {
        /// The stratum.
        stratum: usize,
    },
    /// More units were sampled than the population of the stratum has, or its sampled share is not one.
    #[error("stratum {stratum} has more units than its population")]
    PopulationTooSmall {
        /// The stratum.
        stratum: usize,
    },
    /// Nobody stands for a level of the population: join it with a neighbour.
    #[error("nobody stands for level {level} of margin {margin}")]
    EmptyLevel {
        /// The margin; 0 for cells.
        margin: usize,
        /// The level, or the cell.
        level: usize,
    },
    /// Persons of the sample are of a level that the population does not have.
    #[error("the population has no level {level} of margin {margin}")]
    UnknownLevel {
        /// The margin; 0 for cells.
        margin: usize,
        /// The level, or the cell.
        level: usize,
    },
    /// The margins do not have the same total.
    #[error("the margins do not add up to the same total")]
    TotalsDiffer,
    /// No weights meet all margins, or they are not found.
    #[error("the margins cannot be met together")]
    NotConverged,
}

/// How many units of a stratum there are in the population: persons, or clusters if clusters were sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FinitePopulation {
    /// Not known, or a sample of something larger: no correction.
    Unlimited,
    /// This many.
    Units(u64),
    /// The sample is this share of them, `0..=1`.
    Fraction(f64),
}

impl FinitePopulation {
    /// Share of the population that was not sampled; `None` if the sample has more units than the population.
    pub(super) fn unsampled(self, units: u64) -> Option<f64> {
        match self {
            Self::Unlimited => Some(1.0),
            Self::Units(all) => {
                let left = all.checked_sub(units)?;
                Some(left as f64 / all.max(1) as f64)
            }
            Self::Fraction(share) => (0.0..=1.0).contains(&share).then_some(1.0 - share),
        }
    }
}

/// Sums of one variable over some persons. Whole numbers add up exactly, in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ValueSums {
    /// Persons in the sample, with or without an answer.
    pub persons: u64,
    /// Persons with an answer.
    pub answered: u64,
    /// Sum of their values.
    pub sum: f64,
    /// Sum of the squares of their values.
    pub squares: f64,
}

impl ValueSums {
    /// Sums of the values of some persons; `None` for a person without an answer.
    ///
    /// ```
    /// use survey_engine::weighting::ValueSums;
    /// let sums = ValueSums::of([Some(3.0), None, Some(4.0)]);
    /// assert_eq!((sums.persons, sums.answered, sums.sum, sums.squares), (3, 2, 7.0, 25.0));
    /// ```
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = Option<f64>>) -> Self {
        let mut sums = Self::default();
        for value in values {
            sums.add(value);
        }
        sums
    }

    /// Adds one person.
    ///
    /// ```
    /// use survey_engine::weighting::ValueSums;
    /// let mut sums = ValueSums::default();
    /// sums.add(Some(4.0));
    /// sums.add(None);
    /// assert_eq!((sums.persons, sums.answered, sums.squares), (2, 1, 16.0));
    /// ```
    pub fn add(&mut self, value: Option<f64>) {
        self.persons += 1;
        if let Some(value) = value {
            self.answered += 1;
            self.sum += value;
            self.squares += value * value;
        }
    }

    /// Sum of squares about the mean of these persons; 0 where sums of squares cannot tell it from rounding.
    pub(super) fn scatter(&self) -> f64 {
        if self.answered == 0 {
            return 0.0;
        }
        let scatter = self.squares - self.sum * (self.sum / self.answered as f64);
        if scatter > 1e-14 * self.squares {
            scatter
        } else {
            0.0
        }
    }

    /// Adds the persons of `other`.
    ///
    /// ```
    /// use survey_engine::weighting::ValueSums;
    /// let mut north = ValueSums::of([Some(4.0)]);
    /// north.merge(&ValueSums::of([Some(3.0), None]));
    /// assert_eq!(north, ValueSums::of([Some(3.0), Some(4.0), None]));
    /// ```
    pub fn merge(&mut self, other: &Self) {
        self.persons += other.persons;
        self.answered += other.answered;
        self.sum += other.sum;
        self.squares += other.squares;
    }
}

/// Persons of a sample who share everything but their answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Position of their stratum of the design; 0 if there is only one.
    pub stratum: usize,
    /// Their cluster, as a number within its stratum; `None` if persons were sampled, each on its own.
    pub cluster: Option<usize>,
    /// Position of their weighting cell; 0 if there is only one.
    pub cell: usize,
    /// Weight of each of them by the design: one over the chance to be in the sample, or anything proportional to it.
    pub weight: f64,
    /// Their answers.
    pub values: ValueSums,
}

/// Within these no sum or ratio of weights leaves the range of numbers.
const WEIGHTS: RangeInclusive<f64> = 1e-100..=1e100;

/// Fails for weights and values that are no numbers.
pub(super) fn check(parts: &[Part]) -> Result<(), DesignProblem> {
    let sound = |part: &Part| {
        let Part { weight, values, .. } = part;
        WEIGHTS.contains(weight)
            && values.answered <= values.persons
            && values.sum.is_finite()
            && values.squares.is_finite()
    };
    if parts.iter().all(sound) {
        Ok(())
    } else {
        Err(DesignProblem::BadWeight)
    }
}
