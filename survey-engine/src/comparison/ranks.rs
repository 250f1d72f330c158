//! Comparisons that use only the order of scores.

use serde::Serialize;

use crate::stats::{Probability, normal_upper};

/// Which of two groups has the higher scores, whatever the distances between scores mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RankComparison {
    /// Mann and Whitney's U of the first group: the pairs of one person from each group in which the first has the higher score,
    /// ties counted half.
    pub u: f64,
    /// How much more often a person of the first group has the higher score than one of the second: from -1 to 1.
    pub cliffs_delta: f64,
    /// U in standard errors from its mean, if neither group were higher; `None` if all scores are equal.
    pub z: Option<f64>,
    /// Two-sided p-value from the normal distribution.
    pub p: Option<Probability>,
}

/// Compares two groups by Mann and Whitney's test and Cliff's delta, from scores with their frequencies in any order.
///
/// `delta = 2 U / (n1 n2) - 1`. Under no difference U has mean `n1 n2 / 2` and, with `t` persons on each score and `n = n1 + n2`,
/// variance `n1 n2 / 12 (n + 1 - sum (t^3 - t) / (n (n - 1)))`; without a continuity correction. Scores that are meant to be equal
/// have to be equal to the last bit, as are means of whole numbers. `None` if a group is empty or a score is not a number. Source:
/// Mann and Whitney (1947), Annals of Mathematical Statistics 18; Cliff (1993), Psychological Bulletin 114.
///
/// ```
/// use survey_engine::comparison::rank_comparison;
/// let higher = rank_comparison(&[(3.0, 2), (4.0, 2)], &[(1.0, 1), (3.0, 1)]).unwrap();
/// assert_eq!((higher.u, higher.cliffs_delta), (7.0, 0.75));
/// ```
#[must_use]
pub fn rank_comparison(first: &[(f64, u64)], second: &[(f64, u64)]) -> Option<RankComparison> {
    let one = first.iter().map(|(score, n)| (*score, *n, 0));
    let other = second.iter().map(|(score, n)| (*score, 0, *n));
    let mut scores: Vec<(f64, u64, u64)> = one.chain(other).filter(|s| s.1 + s.2 > 0).collect();
    if scores.iter().any(|(score, _, _)| score.is_nan()) {
        return None;
    }
    scores.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut rest = scores.into_iter().peekable();
    // Twice U, in whole numbers.
    let (mut doubled, mut ties) = (0_u128, 0.0);
    let (mut n1, mut n2) = (0_u64, 0_u64);
    while let Some((score, mut ones, mut others)) = rest.next() {
        while let Some((_, more, more_others)) = rest.next_if(|next| next.0 <= score) {
            ones += more;
            others += more_others;
        }
        doubled += u128::from(ones) * (2 * u128::from(n2) + u128::from(others));
        ties += tie(ones + others);
        n1 += ones;
        n2 += others;
    }
    if n1 == 0 || n2 == 0 {
        return None;
    }
    let pairs = n1 as f64 * n2 as f64;
    let n = (n1 + n2) as f64;
    let u = doubled as f64 / 2.0;
    // At three scores or more the bracket is of the size of n: what rounding leaves of it is no variance.
    let bracket = n + 1.0 - ties / (n * (n - 1.0));
    let variance = pairs / 12.0 * bracket;
    let z = (bracket > 1e-9).then(|| (u - pairs / 2.0) / variance.sqrt());
    Some(RankComparison {
        u,
        cliffs_delta: 2.0 * u / pairs - 1.0,
        z,
        p: z.and_then(two_sided),
    })
}

/// Wilcoxon's signed ranks of changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignedRanks {
    /// Persons whose score changed.
    pub n: u64,
    /// Sum of the ranks of the changes upwards.
    pub v: f64,
    /// The sum in standard errors from its mean, if up and down were alike.
    pub z: f64,
    /// Two-sided p-value from the normal distribution.
    pub p: Probability,
}

/// Wilcoxon's signed rank test of changes given with their frequencies, in any order.
///
/// Persons without a change are left out. The sizes of the `n` other changes are ranked, ties at their mean rank. If up and down
/// were alike, the sum `V` of the ranks of the changes upwards would have mean `n (n + 1) / 4` and, with `t` changes of each size,
/// variance `n (n + 1) (2 n + 1) / 24 - sum (t^3 - t) / 48`; without a continuity correction. Changes that are meant to be equal
/// have to be equal to the last bit. `None` if nobody changed or a change is not a number. Source: Wilcoxon (1945), Biometrics
/// Bulletin 1; Pratt and Gibbons (1981), Concepts of Nonparametric Theory.
///
/// ```
/// use survey_engine::comparison::signed_ranks;
/// let test = signed_ranks(&[(-1.0, 1), (0.0, 5), (1.0, 1), (2.0, 2)]).unwrap();
/// assert_eq!((test.n, test.v), (4, 8.5));
/// assert_eq!(signed_ranks(&[(0.0, 9)]), None);
/// ```
#[must_use]
pub fn signed_ranks(changes: &[(f64, u64)]) -> Option<SignedRanks> {
    if changes.iter().any(|(change, _)| change.is_nan()) {
        return None;
    }
    let moved = changes
        .iter()
        .filter(|(change, n)| *change != 0.0 && *n > 0);
    let mut sizes: Vec<(f64, u64, bool)> = moved
        .map(|(change, n)| (change.abs(), *n, *change > 0.0))
        .collect();
    sizes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut rest = sizes.into_iter().peekable();
    let (mut n, mut v, mut ties) = (0_u64, 0.0, 0.0);
    while let Some((size, count, is_up)) = rest.next() {
        let mut all = count;
        let mut up = if is_up { count } else { 0 };
        while let Some((_, more, is_up)) = rest.next_if(|next| next.0 <= size) {
            all += more;
            up += if is_up { more } else { 0 };
        }
        let rank = n as f64 + (all + 1) as f64 / 2.0;
        v += rank * up as f64;
        ties += tie(all);
        n += all;
    }
    if n == 0 {
        return None;
    }
    let all = n as f64;
    let variance = all * (all + 1.0) * (2.0 * all + 1.0) / 24.0 - ties / 48.0;
    let z = (v - all * (all + 1.0) / 4.0) / variance.sqrt();
    Some(SignedRanks {
        n,
        v,
        z,
        p: two_sided(z)?,
    })
}

/// `t^3 - t`.
fn tie(count: u64) -> f64 {
    let t = count as f64;
    t * (t - 1.0) * (t + 1.0)
}

fn two_sided(z: f64) -> Option<Probability> {
    Probability::clamped(2.0 * normal_upper(z.abs())?)
}
