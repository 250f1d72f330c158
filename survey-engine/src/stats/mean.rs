//! Means with a finite-population interval.

use serde::Serialize;

use super::{Interval, student_width};

/// Number, mean and variance of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Moments {
    /// Number of values.
    pub n: u64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Variance with divisor `n - 1`; `None` for fewer than two values.
    pub variance: Option<f64>,
}

impl Moments {
    /// Moments of values given with their frequencies; `None` if there is no value, or one that is not finite.
    ///
    /// With `f` the frequencies, mean `sum f x / n` and variance `sum f (x - mean)^2 / (n - 1)`. Two passes, so that the
    /// variance does not suffer from cancellation. Source: Chan, Golub and LeVeque (1983), The American Statistician 37.
    ///
    /// ```
    /// use survey_engine::stats::Moments;
    /// let moments = Moments::of([(1.0, 2), (4.0, 1)]);
    /// assert_eq!(moments.map(|m| (m.n, m.mean, m.variance)), Some((3, 2.0, Some(3.0))));
    /// assert_eq!(Moments::of([]), None);
    /// ```
    #[must_use]
    pub fn of<I>(frequencies: I) -> Option<Self>
    where
        I: IntoIterator<Item = (f64, u64)>,
        I::IntoIter: Clone,
    {
        let frequencies = frequencies.into_iter();
        let n: u64 = frequencies.clone().map(|(_, count)| count).sum();
        if n == 0 {
            return None;
        }
        let sum: f64 = frequencies
            .clone()
            .map(|(value, count)| value * count as f64)
            .sum();
        let mean = sum / n as f64;
        let squares: f64 = frequencies
            .map(|(value, count)| (value - mean).powi(2) * count as f64)
            .sum();
        let is_finite = mean.is_finite() && squares.is_finite();
        is_finite.then(|| Self {
            n,
            mean,
            variance: (n > 1).then(|| squares / (n - 1) as f64),
        })
    }

    /// Sum of squares about the mean, `(n - 1)` times the variance; 0 for a single value.
    pub(crate) fn squares(&self) -> f64 {
        self.variance.unwrap_or_default() * self.n.saturating_sub(1) as f64
    }

    /// Standard error of the mean, `s / sqrt(n) * sqrt(1 - n / N)` with a known population `N`.
    ///
    /// `None` for fewer than two values, unless they are the whole population (then 0), or where the variance is none. A
    /// population smaller than the sample leaves nothing uncounted. Source: Cochran (1977), Sampling Techniques, ch. 2.
    ///
    /// ```
    /// use survey_engine::stats::Moments;
    /// let moments = Moments { n: 25, mean: 60.0, variance: Some(400.0) };
    /// assert_eq!(moments.standard_error(None), Some(4.0));
    /// // Everybody was asked and answered.
    /// assert_eq!(moments.standard_error(Some(25)), Some(0.0));
    /// ```
    #[must_use]
    pub fn standard_error(&self, population: Option<u64>) -> Option<f64> {
        if population == Some(self.n) {
            return Some(0.0);
        }
        let n = self.n as f64;
        let uncounted = population.map_or(1.0, |all| (1.0 - n / all as f64).max(0.0));
        let error = (self.variance.filter(|_| self.n > 0)? / n * uncounted).sqrt();
        error.is_finite().then_some(error)
    }
}

/// Interval of a mean: `mean +- t(n - 1) s / sqrt(n) sqrt(1 - n / N)`.
///
/// Without a population there is no correction. If the sample is the population (`n == N`), or the values do not vary, the
/// interval has no width, whatever the confidence; a population smaller than the sample leaves nothing uncounted either. `None`
/// without values, for a single value out of more, numbers that are not finite, or a confidence outside `0..1`. Source: Cochran
/// (1977), Sampling Techniques, ch. 2.
///
/// ```
/// use survey_engine::stats::{Moments, mean_interval};
/// let moments = Moments { n: 10, mean: 3.9, variance: Some(0.29 / 0.9) };
/// let interval = mean_interval(&moments, Some(30), 0.95).unwrap();
/// assert!((interval.lower - 3.568_445_529).abs() < 1e-9);
/// assert!((interval.upper - 4.231_554_471).abs() < 1e-9);
/// ```
#[must_use]
pub fn mean_interval(
    moments: &Moments,
    population: Option<u64>,
    confidence: f64,
) -> Option<Interval<f64>> {
    if moments.n == 0 || !moments.mean.is_finite() {
        return None;
    }
    let error = moments.standard_error(population)?;
    if error == 0.0 {
        return Some(Interval::point(moments.mean));
    }
    let width = student_width(confidence, moments.n.saturating_sub(1) as f64)?;
    Some(Interval::about(moments.mean, width * error))
}
