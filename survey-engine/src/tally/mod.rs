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
//! | [`ScaleTally`], partial | (set of answered items, raw score) -> persons | scores under any share of missing answers |
//! | [`ScaleTally`], sums and products | of persons who answered every item | reliability, any covariance |
//! | [`RatioSums`](crate::stats::RatioSums) | sums over persons of favourable and valid answers, squares, products | standard error of a pooled share |

mod bytes;
mod item;
mod scale;
mod whole;

pub use bytes::TallyBytesError;
pub use item::ItemTally;
pub use scale::ScaleTally;
pub use whole::{MAX_RESPONSES, Tally, TallyMismatch};
