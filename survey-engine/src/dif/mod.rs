//! Differential item functioning: whether an item works alike in two groups.
//!
//! Two groups may differ on a scale; that is what a survey is for. An item functions differently if persons of the *same* score
//! answer it differently depending on their group: then a difference between the groups on this item says something about the
//! item (a word, a translation, a situation that only one group knows), not about the school. Groups are stakeholder groups,
//! genders, languages of the form, or two rounds of a survey alike.
//!
//! Persons are matched on the raw score of the scale, the studied item included. Everything here is computed from
//! [`StudiedItem`]: persons by group, raw score and category, whole numbers that add up over units.
//!
//! | method | for | size | classes |
//! | --- | --- | --- | --- |
//! | [`mantel_haenszel`] | items of two categories | odds ratio, delta | [`EtsClass`] |
//! | [`mantel`] | ordered categories | standardised mean difference | [`StandardisedClass`] |
//! | [`ordinal_logistic`] | ordered categories, also an effect that changes with the score | explained variation | [`ExplainedClass`] |
//! | [`test_functioning`] | the whole scale | difference of expected scores | |
//!
//! The tests find every trifle in large groups, so an item is judged by the size of the effect: it deserves a look where either
//! the standardised difference or the explained variation is more than negligible: [`compare_items`] does this for a scale. With fewer than [`FEWEST_PERSONS`] in a group
//! the figures are computed all the same and [`StudiedItem::has_few`] says so.

mod comparison;
mod cumulative_logit;
mod dichotomy;
mod haenszel;
mod item;
mod logistic;
mod mantel;
mod test;

pub use comparison::{ItemComparison, compare_items};
pub use dichotomy::Dichotomy;
pub use haenszel::{CommonOdds, EtsClass, MantelHaenszel, mantel_haenszel};
pub use item::{DifUndefined, FEWEST_PERSONS, Side, StudiedItem};
pub use logistic::{
    ExplainedClass, LikelihoodRatio, LogLikelihoods, Nagelkerke, OrdinalLogistic, ordinal_logistic,
};
pub use mantel::{MantelOrdinal, StandardisedClass, mantel};
pub use test::{AbilityWeight, TestFunctioning, test_functioning};

use crate::stats::{Probability, chi_square_upper};

/// Upper limit of a p-value that counts as a difference.
const SIGNIFICANT: f64 = 0.05;

fn p_value(chi_square: f64, df: f64) -> Option<Probability> {
    chi_square_upper(chi_square, df).and_then(Probability::clamped)
}
