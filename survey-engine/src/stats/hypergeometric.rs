//! The exact interval of a share in a small population.

use std::sync::OnceLock;

use statrs::function::factorial::ln_factorial;

use super::{Interval, Probability, ends, normal_quantile};

/// Populations up to this size find their factorials in a table.
const TABLE: u64 = 2000;

/// A probability this close to the limit, relatively, is equal to it but for rounding.
const ROUNDING: f64 = 1e-10;

/// Exact interval of the share in a population of `population` persons of which `n` were observed, `favourable` of them favourable.
///
/// Inverts the two one-sided hypergeometric tests: the population counts `D` for which neither `P(X >= x | D)` nor
/// `P(X <= x | D)` is at most `(1 - confidence) / 2`. Widened, by less than one person, to hold the observed share. Coverage is
/// at least `confidence`. `None` unless `favourable <= n <= population` and `n > 0`, or for a confidence outside `0..1`.
/// Source: Katz (1953), JASA 48; Buonaccorsi (1987), The American Statistician 41.
///
/// ```
/// use survey_engine::stats::hypergeometric_interval;
/// let interval = hypergeometric_interval(12, 25, 30, 0.95).unwrap();
/// assert_eq!((interval.lower.value() * 30.0, interval.upper.value() * 30.0), (12.0, 17.0));
/// ```
#[must_use]
pub fn hypergeometric_interval(
    favourable: u64,
    n: u64,
    population: u64,
    confidence: f64,
) -> Option<Interval<Probability>> {
    if n == 0 || favourable > n || n > population {
        return None;
    }
    let (limit, _) = ends(confidence)?;
    let z = normal_quantile(limit)?.abs();
    let upper = Sample { n, population }.largest_plausible(favourable, limit, z);
    // The unfavourable persons of the population are bounded the same way.
    let lower = population - Sample { n, population }.largest_plausible(n - favourable, limit, z);
    let observed = favourable as f64 / n as f64;
    let all = population as f64;
    Some(Interval {
        lower: Probability::clamped((lower as f64 / all).min(observed))?,
        upper: Probability::clamped((upper as f64 / all).max(observed))?,
    })
}

/// `n` persons drawn from `population`.
#[derive(Clone, Copy)]
struct Sample {
    n: u64,
    population: u64,
}

impl Sample {
    /// The largest number of such persons in the population under which seeing `seen` or fewer is not too rare.
    ///
    /// One sum of probabilities near the answer, and from there person by person: with one more of the kind the probability of
    /// at most `seen` falls by that of exactly `seen` times `(n - seen) / others`.
    fn largest_plausible(self, seen: u64, limit: f64, z: f64) -> u64 {
        let limit = limit * (1.0 + ROUNDING);
        let most = self.population - (self.n - seen);
        let mut of_kind = self.guess(seen, z).clamp(seen, most);
        let mut exactly = self.probability(seen, of_kind);
        let mut at_most = exactly * self.relative_tail(seen, of_kind);
        while at_most <= limit && of_kind > seen {
            // Back by one person: exactly(D - 1) / exactly(D).
            let others = self.population - of_kind;
            of_kind -= 1;
            exactly *= (of_kind + 1 - seen) as f64 * (others + 1) as f64
                / ((of_kind + 1) as f64 * (others + 1 + seen - self.n) as f64);
            at_most += exactly * (self.n - seen) as f64 / (others + 1) as f64;
            if at_most > limit {
                return of_kind;
            }
        }
        while of_kind < most {
            let others = self.population - of_kind;
            at_most -= exactly * (self.n - seen) as f64 / others as f64;
            if at_most <= limit {
                break;
            }
            exactly *= (of_kind + 1) as f64 * (others + seen - self.n) as f64
                / ((of_kind + 1 - seen) as f64 * others as f64);
            of_kind += 1;
        }
        of_kind
    }

    /// Near the answer, by the score interval with a correction for whole numbers.
    fn guess(self, seen: u64, z: f64) -> u64 {
        let (n, all) = (self.n as f64, self.population as f64);
        let size = if self.n < self.population {
            n * (all - 1.0) / (all - n)
        } else {
            return seen;
        };
        let share = ((seen as f64 + 0.5) / n).min(1.0);
        let square = z * z;
        let centre = share + square / (2.0 * size);
        let half = z * (share * (1.0 - share) / size + square / (4.0 * size * size)).sqrt();
        let guess = (centre + half) / (1.0 + square / size) * all;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the population"
        )]
        let whole = guess as u64;
        whole
    }

    /// `P(X = seen)` if `of_kind` persons of the population are of the kind.
    fn probability(self, seen: u64, of_kind: u64) -> f64 {
        let others = self.population - of_kind;
        let unseen = self.n - seen;
        (ln_choose(of_kind, seen) + ln_choose(others, unseen) - ln_choose(self.population, self.n))
            .exp()
    }

    /// `P(X <= seen) / P(X = seen)`.
    fn relative_tail(self, seen: u64, of_kind: u64) -> f64 {
        let others = (self.population - of_kind) as f64;
        let (n, of_kind) = (self.n as f64, of_kind as f64);
        let (mut term, mut sum, mut x) = (1.0, 1.0, seen as f64);
        while x > 0.0 {
            term *= x * (others - n + x) / ((of_kind - x + 1.0) * (n - x + 1.0));
            sum += term;
            x -= 1.0;
            if term <= 1e-17 * sum {
                break;
            }
        }
        sum
    }
}

fn ln_choose(n: u64, k: u64) -> f64 {
    factorial(n) - factorial(k) - factorial(n - k)
}

/// `ln n!`.
fn factorial(n: u64) -> f64 {
    static KNOWN: OnceLock<Vec<f64>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| (0..=TABLE).map(ln_factorial).collect());
    let found = usize::try_from(n).ok().and_then(|n| known.get(n));
    found.copied().unwrap_or_else(|| ln_factorial(n))
}
