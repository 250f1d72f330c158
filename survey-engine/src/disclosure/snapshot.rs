//! When the figures of a group that still grows may be published again.

/// Whether the figures of a group that has reached `n` persons may be published, after they were last published at `last`.
///
/// A school that could look at its figures every day would see, from one day to the next, what the single new answer was. So they come
/// out first when there are `minimum` persons, and then again only when at least `minimum` more have answered. With the same number
/// as last they may be shown once more, since nothing was added. `n` counts everyone so far, and nobody leaves: where answers can be
/// changed or withdrawn, the group must be closed first. `None` for `last` if nothing was published yet. Source: rule of this engine.
///
/// ```
/// use survey_engine::disclosure::may_publish_snapshot;
/// assert!(!may_publish_snapshot(4, None, 10));
/// assert!(may_publish_snapshot(10, None, 10));
/// assert!(!may_publish_snapshot(14, Some(10), 10));
/// assert!(may_publish_snapshot(10, Some(10), 10) && may_publish_snapshot(20, Some(10), 10));
/// ```
#[must_use]
pub fn may_publish_snapshot(n: u64, last: Option<u64>, minimum: u32) -> bool {
    let minimum = u64::from(minimum);
    let grown = |last: u64| n == last || n.checked_sub(last) >= Some(minimum);
    n >= minimum && last.is_none_or(grown)
}

/// Which of the growing numbers of persons in `cumulative` are published, each after those published before it.
///
/// ```
/// use survey_engine::disclosure::published_snapshots;
/// assert_eq!(published_snapshots(&[4, 10, 14, 20], 10), [false, true, false, true]);
/// ```
#[must_use]
pub fn published_snapshots(cumulative: &[u64], minimum: u32) -> Vec<bool> {
    let mut last = None;
    let decide = |n: &u64| {
        let publish = may_publish_snapshot(*n, last, minimum);
        if publish {
            last = Some(*n);
        }
        publish
    };
    cumulative.iter().map(decide).collect()
}
