//! From packed answer codes to values and scales.
//!
//! A [`Blueprint`] says where the one-byte codes of a form lie and which of them form a scale. It is plain data, so that tallies and
//! estimates can be computed, tested and stored without the questionnaire they came from.
//!
//! Recoding, for every item of a scale with values `lo..=hi`:
//!
//! | step | rule |
//! | --- | --- |
//! | missing first | blank, don't know, not applicable, prefer not to say and not shown never become numbers, and are set aside before reversing |
//! | reversing | `x' = lo + hi - x` |
//! | favourable | after reversing, one of the [`favourable_categories`] highest values |
//! | scored | a person has a scale score if `n_valid * 2 >= k`: at least half of the `k` items of the scale ([`ValidShare::HALF`]) |
//! | score | mean of the person's valid recoded items; as percent of the maximum possible, `100 (x - lo) / (hi - lo)` |

mod blueprint;
mod form;
mod raw_score;
mod rule;
mod score;
mod share;

pub use blueprint::{
    Blueprint, BlueprintError, ItemPlan, MAX_CATEGORIES, MAX_SCALE_ITEMS, Member, ScalePlan,
};
pub use raw_score::RawScore;
pub use rule::Rule;
pub use score::Score;
pub use share::{ValidShare, favourable_categories};
