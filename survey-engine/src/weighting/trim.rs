//! Limits to weights.

use serde::Serialize;

/// Weights after trimming.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trimmed {
    /// The largest weight that was allowed.
    pub limit: f64,
    /// The new weights, in the order of the old ones.
    pub weights: Vec<f64>,
    /// Persons whose weight is now the limit.
    pub persons: u64,
    /// Share of the sum of all weights that was taken from them, `0..1`. To be told with the results.
    pub share: f64,
}

/// Caps weights at `times` their median (5 is usual) and spreads what is cut off evenly over the persons below the cap.
///
/// A few persons with huge weights decide everything; a cap trades some bias for precision. Takes weights with the number of
/// persons who have them. Spreading may lift others above the cap; these are capped in turn, so that the sum stays and no
/// weight is above. The median is that of the persons, the mean of both middle ones for an even number. Trimmed weights meet
/// the margins only nearly. `None` without persons, for weights that are not positive numbers, for `times` below 1 or not
/// finite, or if the cap is below the mean weight, so that the sum does not fit under it. Source: Potter (1990), Proceedings of
/// the Section on Survey Research Methods, American Statistical Association; the same as `trimWeights(strict = TRUE)` of R's
/// survey package.
///
/// ```
/// use survey_engine::weighting::trim;
/// let trimmed = trim(&[(1.0, 90), (2.0, 9), (26.0, 1)], 5.0).unwrap();
/// assert_eq!((trimmed.limit, trimmed.persons), (5.0, 1));
/// assert!((trimmed.weights[0] - (1.0 + 21.0 / 99.0)).abs() < 1e-12);
/// assert!((trimmed.share - 21.0 / 134.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn trim(weights: &[(f64, u64)], times: f64) -> Option<Trimmed> {
    let sound = |(weight, _): &(f64, u64)| *weight > 0.0 && weight.is_finite();
    if !(weights.iter().all(sound) && times >= 1.0 && times.is_finite()) {
        return None;
    }
    let limit = times * median(weights)?;
    let persons: u64 = weights.iter().map(|(_, persons)| persons).sum();
    let total: f64 = weights.iter().map(|(w, persons)| w * *persons as f64).sum();
    if total > limit * persons as f64 {
        return None;
    }
    let mut new: Vec<f64> = weights.iter().map(|(weight, _)| *weight).collect();
    let mut cut = vec![false; new.len()];
    loop {
        let (mut excess, mut below) = (0.0, 0);
        for ((weight, cut), (_, persons)) in new.iter_mut().zip(&mut cut).zip(weights) {
            if *weight > limit {
                excess += (*weight - limit) * *persons as f64;
                *weight = limit;
                *cut = true;
            } else if !*cut {
                below += persons;
            }
        }
        if excess <= 0.0 || below == 0 {
            break;
        }
        for (weight, cut) in new.iter_mut().zip(&cut) {
            if !cut {
                *weight += excess / below as f64;
            }
        }
    }
    let taken = weights.iter().zip(&cut).filter(|(_, cut)| **cut);
    let (mut trimmed, mut lost) = (0, 0.0);
    for ((weight, persons), _) in taken {
        trimmed += persons;
        lost += (weight - limit).max(0.0) * *persons as f64;
    }
    Some(Trimmed {
        limit,
        weights: new,
        persons: trimmed,
        share: lost / total,
    })
}

fn median(weights: &[(f64, u64)]) -> Option<f64> {
    let mut sorted = weights.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let persons: u64 = sorted.iter().map(|(_, persons)| persons).sum();
    let at = |position: u64| {
        let mut seen = 0;
        let found = sorted.iter().find(|(_, persons)| {
            seen += persons;
            seen > position
        });
        found.map(|(weight, _)| *weight)
    };
    Some(f64::midpoint(
        at(persons.checked_sub(1)? / 2)?,
        at(persons / 2)?,
    ))
}
