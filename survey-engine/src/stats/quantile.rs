//! Quantiles of counted values.

/// Quantile `p` of values given in ascending order with their frequencies: the linear interpolation `h = (n - 1) p` between the
/// values in place `floor(h)` and the next, counted from 0.
///
/// With `p = 0.5` the median: half of the persons lie on either side. This is type 7 of Hyndman and Fan (1996), The American
/// Statistician 50, the default of R and of spreadsheets. `None` without values, where one of the two is not finite, or for `p`
/// outside `0..=1`.
///
/// ```
/// use survey_engine::stats::quantile;
/// let scores = [(1.0, 2), (2.0, 1), (4.0, 1)];
/// assert_eq!(quantile(scores, 0.5), Some(1.5));
/// assert_eq!(quantile(scores, 0.75), Some(2.5));
/// assert_eq!(quantile([], 0.5), None);
/// ```
#[must_use]
pub fn quantile<I>(frequencies: I, p: f64) -> Option<f64>
where
    I: IntoIterator<Item = (f64, u64)>,
    I::IntoIter: Clone,
{
    let frequencies = frequencies.into_iter();
    let n: u64 = frequencies.clone().map(|(_, count)| count).sum();
    if n == 0 || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let place = (n - 1) as f64 * p;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to n - 1"
    )]
    let below = place.floor() as u64;
    let at = |wanted: u64| {
        let mut before = 0;
        frequencies.clone().find_map(|(value, count)| {
            before += count;
            (wanted < before).then_some(value)
        })
    };
    let lower = at(below)?;
    let upper = at((below + 1).min(n - 1))?;
    let rest = place - place.floor();
    if !(lower.is_finite() && upper.is_finite()) {
        return None;
    }
    // Equal neighbours stay what they are, to the last bit.
    Some(if lower < upper {
        lower + rest * (upper - lower)
    } else {
        lower
    })
}

/// The [`quantile`]s at each of the shares `at`, of values in any order.
///
/// `None` without values, if one is not finite, or for a share outside `0..=1`. Formula and source as for [`quantile`].
///
/// ```
/// use survey_engine::stats::quantiles;
/// let schools = [(55.0, 1), (40.0, 1), (70.0, 2)];
/// assert_eq!(quantiles(&schools, &[0.25, 0.5, 1.0]), Some(vec![51.25, 62.5, 70.0]));
/// assert_eq!(quantiles(&[], &[0.5]), None);
/// ```
#[must_use]
pub fn quantiles(frequencies: &[(f64, u64)], at: &[f64]) -> Option<Vec<f64>> {
    let mut sorted = frequencies.to_vec();
    if sorted.iter().any(|(value, _)| !value.is_finite()) {
        return None;
    }
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let ascending = || sorted.iter().copied();
    at.iter().map(|p| quantile(ascending(), *p)).collect()
}
