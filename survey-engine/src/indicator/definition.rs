//! What the figures are.

use serde::Serialize;

/// Definition of one published figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FigureDefinition {
    /// Field of the estimate.
    pub name: &'static str,
    /// Unit and range.
    pub unit: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// Where the formula comes from.
    pub source: &'static str,
    /// What to know when reading it.
    pub note: &'static str,
}

/// The figures of an [`Estimate`](super::Estimate), in its order.
///
/// ```
/// use survey_engine::indicator::definitions;
/// assert!(definitions().iter().any(|figure| figure.name == "favourable"));
/// ```
#[must_use]
pub fn definitions() -> &'static [FigureDefinition] {
    DEFINITIONS
}

const OWN: &str = "Rule of this engine";

const DEFINITIONS: &[FigureDefinition] = &[
    FigureDefinition {
        name: "n",
        unit: "persons",
        formula: "persons with 2 * n_valid >= k, k the number of items of the scale",
        source: OWN,
        note: "Who answered fewer than half of the items has no score.",
    },
    FigureDefinition {
        name: "responses",
        unit: "persons",
        formula: "responses to the form",
        source: OWN,
        note: "Includes persons without a score.",
    },
    FigureDefinition {
        name: "population",
        unit: "persons",
        formula: "N, persons invited",
        source: OWN,
        note: "Left out, with population_too_small set, when it is below the number of responses.",
    },
    FigureDefinition {
        name: "complete_count",
        unit: "yes or no",
        formula: "n = N",
        source: OWN,
        note: "Everyone invited has a score: the mean has no sampling error.",
    },
    FigureDefinition {
        name: "mean",
        unit: "percent of the maximum possible score, 0 to 100",
        formula: "mean over persons of 100 (x - lo) / (hi - lo), x the person's mean valid answer after reversing x' = lo + hi - x",
        source: "Cohen, Cohen, Aiken and West (1999), Multivariate Behavioral Research 34",
        note: "Missing answers are left out, not counted as a value. Not shown where fewer than 40 persons answered nearly all the same.",
    },
    FigureDefinition {
        name: "mean_interval",
        unit: "percent of the maximum possible score, 0 to 100",
        formula: "mean +- t(0.975, n - 1) s / sqrt(n) sqrt(1 - n / N)",
        source: "Cochran, Sampling Techniques, chapter 2",
        note: "95 %, about everyone invited to this round; cut off at 0 and 100. Without N no correction.",
    },
    FigureDefinition {
        name: "sd",
        unit: "points from 0 to 100",
        formula: "sqrt(sum (y - mean)^2 / (n - 1)) of the persons' scores y",
        source: "Cochran, Sampling Techniques, chapter 2",
        note: "Only from 20 scores on.",
    },
    FigureDefinition {
        name: "pooled_over",
        unit: "everyone or scored",
        formula: "everyone, if 0 or at least the minimum of the persons with a valid answer have no score, here and in every remainder; else scored",
        source: OWN,
        note: "Whose answers are in favourable, distribution and items. With one person without a score, what everyone answered less what the others did would be that person's answers.",
    },
    FigureDefinition {
        name: "favourable",
        unit: "percent, 0 to 100",
        formula: "100 sum f / sum v, f favourable and v valid answers of a person to the items of the scale",
        source: "Field practice of school climate surveys: top two of four to six categories, top three of seven and more, else the top one",
        note: "Pooled over answers and over everyone with a valid answer, also those without a score, unless pooled_over says otherwise. Reversed items are reversed first.",
    },
    FigureDefinition {
        name: "favourable_interval",
        unit: "percent, 0 to 100",
        formula: "Wilson interval with n_eff = min(R (1 - R) / v, sum v / (1 - n / N)), v = (1 - n / N) n / (n - 1) sum (f - R v)^2 / (sum v)^2",
        source: "Wilson (1927), JASA 22; Korn and Graubard (1998), Survey Methodology 24; Cochran, Sampling Techniques, chapter 9A",
        note: "95 %. Answers of one person are not independent, so persons are the sampling units. Where pooled_over is scored, the squares of the persons left out are taken as the least possible.",
    },
    FigureDefinition {
        name: "favourable_bound",
        unit: "percent, 0 to 100, or a bound",
        formula: "bounded at 1 percent from the ends for 300 and more persons, 2 from 100, 5 from 40, 10 from 20, 20 from 10",
        source: "NCES 2011-603",
        note: "Given in place of the share where it is a bound: near 0 and 100 percent a share tells what each person answered.",
    },
    FigureDefinition {
        name: "distribution",
        unit: "answers, and percent of valid answers",
        formula: "valid answers by category after reversing, over all items of the scale",
        source: OWN,
        note: "With fewer than 3 answers outside the most frequent category only that is said.",
    },
    FigureDefinition {
        name: "missing",
        unit: "answers",
        formula: "answers that are no category, by kind, over all items of the scale and all responses",
        source: OWN,
        note: "Blank, don't know, not applicable, prefer not to say and not shown are different things. Withheld if somebody, but fewer than the minimum, left something out.",
    },
    FigureDefinition {
        name: "alpha",
        unit: "coefficient, at most 1",
        formula: "k / (k - 1) (1 - tr S / 1'S1), interval 1 - (1 - alpha) F(n - 1, (n - 1)(k - 1))",
        source: "Cronbach (1951), Psychometrika 16; Feldt, Woodruff and Salih (1987), Applied Psychological Measurement 11",
        note: "Over persons who answered every item; at least k + 2 of them, and at least the minimum of the release.",
    },
    FigureDefinition {
        name: "items.n_valid",
        unit: "persons",
        formula: "persons with a valid answer to the item",
        source: OWN,
        note: "The items of a scale are shown together or not at all.",
    },
    FigureDefinition {
        name: "items.mean",
        unit: "percent of the maximum possible score, 0 to 100",
        formula: "mean of 100 (x - lo) / (hi - lo) over valid answers x after reversing",
        source: "Cohen, Cohen, Aiken and West (1999), Multivariate Behavioral Research 34",
        note: "Over everyone with a valid answer to the item, also those without a score, unless pooled_over says otherwise. Not shown where fewer than 40 persons answered nearly all the same, nor for a second item from which such a one would follow.",
    },
    FigureDefinition {
        name: "items.favourable",
        unit: "percent, 0 to 100",
        formula: "100 favourable / valid answers to the item after reversing",
        source: "As favourable",
        note: "Over everyone with a valid answer to the item.",
    },
    FigureDefinition {
        name: "items.favourable_interval",
        unit: "percent, 0 to 100",
        formula: "N known and at most 2000: inversion of the hypergeometric tests; else Wilson with n_eff = n (N - 1) / (N - n), or n without N",
        source: "Katz (1953), JASA 48; Buonaccorsi (1987), The American Statistician 41; Wilson (1927), JASA 22",
        note: "95 %, about everyone invited to this round.",
    },
    FigureDefinition {
        name: "items.favourable_bound",
        unit: "percent, 0 to 100, or a bound",
        formula: "as favourable_bound, with the persons who answered the item",
        source: "NCES 2011-603",
        note: "Given in place of the share where it is a bound.",
    },
];
