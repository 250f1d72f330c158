//! What storage keeps of answers: exact, mergeable counts.
//!
//! A [`Tally`] holds integers only. Merging is associative and commutative, subtracting undoes adding, and equal answers give
//! equal bytes whatever the order they came in. Levels of an organisation add up by [`Tally::merge`]; a withdrawn or late answer
//! is one [`Tally::subtract`] or [`Tally::add`].
//!
//! | part | content | what it gives |
//! | --- | --- | --- |
//! | [`ItemTally`] | answers by category, and five kinds of missing | item means, shares, distributions |
//! | [`ScaleTally`], complete | histogram of raw scores of persons who answered every item | scores, calibration |
//! | [`ScoreCells`] | persons who answered every item, by raw score, item and category | item fit, differential functioning, agreement |
//! | [`Pattern`] | by the set of answered items: raw scores, and categories per item | scores under any share of missing answers, calibration with missing answers |
//! | [`ScaleTally`], sums and products | of persons who answered every item | reliability, any covariance |
//! | [`PairSums`] | of persons who answered two items | pairwise covariance |
//! | [`RatioSums`](crate::stats::RatioSums) | sums over persons of favourable and valid answers, squares, products | standard error of a pooled share |

mod bytes;
mod cells;
mod counters;
mod item;
mod lanes;
mod patterns;
mod refusal;
mod scale;
mod scored;
mod sparse;
mod tabulation;
mod whole;

pub use bytes::TallyBytesError;
pub use cells::{PairSums, Pattern, ScoreCells};
pub use item::ItemTally;
pub use refusal::TabulationError;
pub use scale::{MAX_PATTERN_ITEMS, MAX_SCORE_CELLS, ScaleTally};
pub use tabulation::Tabulation;
pub use whole::{MAX_RESPONSES, Tally, TallyMismatch};
