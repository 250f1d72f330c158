//! What counts as a score and as a favourable answer.

use super::{ValidShare, favourable_categories};

/// Rounding must not turn a score at the cut into one below it.
const AT_THE_CUT: f64 = 1e-9;

/// Who gets a score, which answers are favourable or unfavourable, and from which score on a person is favourable.
///
/// Everything is in steps above the lowest value, after reversing: on a scale from 1 to 5 the step of 4 is 3. A school that has to
/// report under another authority's rule changes the rule here, not its data.
///
/// ```
/// use survey_engine::scoring::{Rule, ValidShare};
/// let rule = Rule::standard(5);
/// assert_eq!(rule.valid_share(), ValidShare::HALF);
/// assert_eq!([1, 2, 3].map(|step| rule.is_favourable(step)), [false, false, true]);
/// assert_eq!([0, 1, 2].map(|step| rule.is_unfavourable(step)), [true, true, false]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    valid_share: ValidShare,
    favourable_from: f64,
    unfavourable_to: f64,
    person_cut: f64,
}

impl Rule {
    /// What every published estimate uses, for items of `categories` categories: half of the items answered, the
    /// [`favourable_categories`] highest favourable and as many of the lowest unfavourable, and a person favourable whose mean is at
    /// least the lowest favourable answer.
    ///
    /// ```
    /// use survey_engine::scoring::Rule;
    /// assert!(Rule::standard(5).is_favourable(3));
    /// ```
    #[must_use]
    pub fn standard(categories: u8) -> Self {
        let top = favourable_categories(categories);
        let from = f64::from(categories.saturating_sub(top));
        Self {
            valid_share: ValidShare::HALF,
            favourable_from: from,
            unfavourable_to: f64::from(top) - 1.0,
            person_cut: from,
        }
    }

    /// The rule with another share of items that have to be answered.
    ///
    /// ```
    /// use survey_engine::scoring::{Rule, ValidShare};
    /// let share = ValidShare::new(2, 3).ok_or("no share")?;
    /// assert_eq!(Rule::standard(5).with_valid_share(share).valid_share(), share);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn with_valid_share(self, valid_share: ValidShare) -> Self {
        Self {
            valid_share,
            ..self
        }
    }

    /// The rule with answers of `step` steps and more favourable. A cut beyond the highest answer leaves none favourable.
    ///
    /// ```
    /// use survey_engine::scoring::Rule;
    /// let rule = Rule::standard(5).favourable_from(4.0);
    /// assert_eq!([3, 4].map(|step| rule.is_favourable(step)), [false, true]);
    /// ```
    #[must_use]
    pub fn favourable_from(self, step: f64) -> Self {
        Self {
            favourable_from: step,
            ..self
        }
    }

    /// The rule with answers of `step` steps and fewer unfavourable. Below 0 none is.
    ///
    /// ```
    /// use survey_engine::scoring::Rule;
    /// let rule = Rule::standard(5).unfavourable_to(0.0);
    /// assert_eq!([0, 1].map(|step| rule.is_unfavourable(step)), [true, false]);
    /// ```
    #[must_use]
    pub fn unfavourable_to(self, step: f64) -> Self {
        Self {
            unfavourable_to: step,
            ..self
        }
    }

    /// The rule with persons favourable whose mean answer is `steps` steps or more (less `1e-9`, for cuts that are no binary fraction).
    ///
    /// ```
    /// use survey_engine::scoring::{RawScore, Rule, Score};
    /// let rule = Rule::standard(5).person_cut(2.6);
    /// assert_eq!(Score::new(5, RawScore(13)).map(|score| rule.is_favourable_person(score)), Some(true));
    /// ```
    #[must_use]
    pub fn person_cut(self, steps: f64) -> Self {
        Self {
            person_cut: steps,
            ..self
        }
    }

    /// The share of items a person must have answered to get a score.
    ///
    /// ```
    /// use survey_engine::scoring::{Rule, ValidShare};
    /// assert_eq!(Rule::standard(5).valid_share(), ValidShare::HALF);
    /// ```
    #[must_use]
    pub fn valid_share(&self) -> ValidShare {
        self.valid_share
    }

    /// Whether an answer of `step` steps is favourable.
    ///
    /// ```
    /// use survey_engine::scoring::Rule;
    /// assert!(!Rule::standard(5).is_favourable(2));
    /// ```
    #[must_use]
    pub fn is_favourable(&self, step: u8) -> bool {
        f64::from(step) >= self.favourable_from
    }

    /// Whether an answer of `step` steps is unfavourable.
    ///
    /// ```
    /// use survey_engine::scoring::Rule;
    /// assert!(Rule::standard(5).is_unfavourable(1));
    /// ```
    #[must_use]
    pub fn is_unfavourable(&self, step: u8) -> bool {
        f64::from(step) <= self.unfavourable_to
    }

    /// Whether a person with this score is favourable.
    ///
    /// ```
    /// use survey_engine::scoring::{RawScore, Rule, Score};
    /// let score = Score::new(2, RawScore(6)).unwrap();
    /// assert!(Rule::standard(5).is_favourable_person(score));
    /// ```
    #[must_use]
    pub fn is_favourable_person(&self, score: super::Score) -> bool {
        score.steps() >= self.person_cut - AT_THE_CUT
    }
}
