//! Many tests at once.

use serde::{Deserialize, Serialize};

use crate::stats::Probability;

/// How p-values of one report are made stricter, so that many comparisons do not turn chance into findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Adjustment {
    /// Of what is called a difference, at most the level's share is chance on average. Benjamini and Hochberg (1995), JRSS B 57.
    BenjaminiHochberg,
    /// The same however the tests depend on each other. Benjamini and Yekutieli (2001), Annals of Statistics 29.
    BenjaminiYekutieli,
    /// The chance of a single wrong finding is at most the level. Holm (1979), Scandinavian Journal of Statistics 6.
    Holm,
    /// As Holm, for independent tests. Hochberg (1988), Biometrika 75.
    Hochberg,
    /// As Holm, simpler and never better: every p-value times the number of tests.
    Bonferroni,
}

/// Adjusted p-values, in the order of `p`: a difference is significant at a level if its adjusted p-value is at most the level.
///
/// With `m` tests, of which this has the `i`-th smallest p-value: Bonferroni `m p`; Holm `(m + 1 - i) p`, at least what any smaller
/// p-value got; Hochberg the same, at most what any larger one got; Benjamini and Hochberg `m / i p`, Benjamini and Yekutieli times
/// `1 + 1 / 2 + ... + 1 / m`, both at most what any larger one got. Never above 1. Tests that are not defined stay so and are not
/// counted. The family is one report: all scales and groups of a unit in one round.
///
/// ```
/// use survey_engine::comparison::{Adjustment, adjust};
/// use survey_engine::stats::Probability;
/// let p = [0.01, 0.04, 0.03].map(Probability::new);
/// let adjusted = adjust(&p, Adjustment::Holm);
/// let expected = [0.03, 0.06, 0.06];
/// for (got, expected) in adjusted.iter().zip(expected) {
///     assert!((got.unwrap().value() - expected).abs() < 1e-15);
/// }
/// ```
#[must_use]
pub fn adjust(p: &[Option<Probability>], by: Adjustment) -> Vec<Option<Probability>> {
    let mut order: Vec<(f64, usize)> = p
        .iter()
        .enumerate()
        .filter_map(|(at, p)| Some((p.as_ref()?.value(), at)))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let m = order.len() as f64;
    let harmonic: f64 = (1..=order.len()).map(|i| 1.0 / i as f64).sum();
    let ranked = order.iter().enumerate();
    let mut raised: Vec<f64> = ranked
        .map(|(before, (p, _))| {
            let i = (before + 1) as f64;
            match by {
                Adjustment::BenjaminiHochberg => m / i * p,
                Adjustment::BenjaminiYekutieli => harmonic * m / i * p,
                Adjustment::Holm | Adjustment::Hochberg => (m + 1.0 - i) * p,
                Adjustment::Bonferroni => m * p,
            }
        })
        .collect();
    match by {
        Adjustment::Holm => {
            let mut least = 0.0_f64;
            for value in &mut raised {
                least = least.max(*value);
                *value = least;
            }
        }
        Adjustment::Bonferroni => {}
        _ => {
            let mut most = 1.0_f64;
            for value in raised.iter_mut().rev() {
                most = most.min(*value);
                *value = most;
            }
        }
    }
    let mut adjusted = vec![None; p.len()];
    for ((_, at), value) in order.iter().zip(raised) {
        if let Some(place) = adjusted.get_mut(*at) {
            *place = Probability::clamped(value);
        }
    }
    adjusted
}
