//! What unequal weights cost.

use serde::Serialize;

/// Loss of precision by unequal weights, whatever was asked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Kish {
    /// Sum of the weights.
    pub sum: f64,
    /// Design effect, `n sum w^2 / (sum w)^2`: 1 for equal weights.
    pub deff: f64,
    /// Persons with equal weights that would be as good, `(sum w)^2 / sum w^2`.
    pub effective_n: f64,
}

impl Kish {
    /// Of weights with the number of persons who have them; `None` without persons or for weights that are not positive numbers.
    ///
    /// Source: Kish (1965), Survey Sampling, 11.7.
    ///
    /// ```
    /// use survey_engine::weighting::Kish;
    /// // Twenty persons stand for themselves, ten for three each.
    /// let kish = Kish::of([(1.0, 20), (3.0, 10)]).unwrap();
    /// assert!((kish.deff - 1.32).abs() < 1e-12);
    /// assert!((kish.effective_n - 30.0 / 1.32).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn of(weights: impl IntoIterator<Item = (f64, u64)>) -> Option<Self> {
        let (mut n, mut sum, mut squares) = (0, 0.0, 0.0);
        for (weight, persons) in weights {
            if !(weight > 0.0 && weight.is_finite()) {
                return None;
            }
            n += persons;
            sum += weight * persons as f64;
            squares += weight * weight * persons as f64;
        }
        let is_finite = f64::is_finite(sum * sum) && squares > 0.0;
        (n > 0 && is_finite).then(|| {
            let effective_n = sum * sum / squares;
            Self {
                sum,
                deff: n as f64 / effective_n,
                effective_n,
            }
        })
    }
}
