//! Differences between groups, proportions, rounds and units, with their uncertainty.
//!
//! A difference is always the first minus the second, a change the later minus the earlier. What rests on a test of significance
//! comes with an interval and a size of effect, as with many answers small differences are significant too.

mod benchmark;
mod effect;
mod gap;
mod multiple;
mod paired;
mod proportions;
mod ranks;
mod rounds;
mod welch;

pub use benchmark::{
    Benchmark, BenchmarkRule, BenchmarkUndefined, BenchmarkUnit, benchmark, midrank_percentile,
};
pub use effect::{StandardisedDifference, hedges_correction, standardised_difference};
pub use gap::{GapUndefined, GroupGap, group_gap};
pub use multiple::{Adjustment, adjust};
pub use paired::{Metric, PairedChange, PairedSums, PairedUndefined, paired_change};
pub use proportions::{ProportionCount, TwoProportions, newcombe_interval, two_proportions};
pub use ranks::{RankComparison, SignedRanks, rank_comparison, signed_ranks};
pub use rounds::{MeanChange, ShareChange, change_of_means, change_of_shares};
pub use welch::{WelchTest, welch_test};
