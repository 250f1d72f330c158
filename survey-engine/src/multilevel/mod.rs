//! Units within a population: agreement, reliability of unit means, shrinkage.
//!
//! A school's mean is partly its own and partly who happened to answer. [`one_way_anova`] tells how much of the differences between
//! persons lies between units, and how reliable the means of units are; [`agreement`] whether the persons of a unit see it alike;
//! [`random_intercept_reml`] and [`area_level`] draw the means of units towards the mean of all, as far as chance explains them.
//!
//! All of it comes from the children of a node: number, mean and variance of each ([`Moments`](crate::stats::Moments)), or its tally. No
//! such figure is a sum over persons, so it is computed anew from the children and never merged. The estimate of a unit that is withheld
//! has to be withheld as well.

mod agreement;
mod anova;
mod area;
mod random_intercept;
mod search;
mod shrunk;
mod weighted;

pub use agreement::{
    AGGREGATION_LIMIT, Agreement, AgreementSummary, agreement, rwg, rwg_j, uniform_variance,
};
pub use anova::{Anova, UnitsUndefined, one_way_anova};
pub use area::{Area, AreaModel, AreaVariance, ShrunkArea, area_level};
pub use random_intercept::{RandomIntercept, random_intercept_moments, random_intercept_reml};
pub use shrunk::ShrunkUnit;
