//! What one person answered to a scale, as one number.

use std::cmp::Ordering;

use super::{Blueprint, MAX_SCALE_ITEMS, Member, RawScore, ValidShare};
use crate::answers::PackedCode;
use crate::stats::Pomp;

/// The score of one person on one scale: the mean of the answered items, kept as an exact fraction.
///
/// Answers count in *steps* above the lowest value, after reversing. Two scores are equal if their means are, however many items
/// they rest on: 4 steps over 2 items is 6 over 3. Sorting compares whole numbers, so that ties are ties.
///
/// ```
/// use survey_engine::scoring::{RawScore, Score};
/// let score = Score::new(2, RawScore(5)).ok_or("nothing answered")?;
/// assert_eq!(score.steps(), 2.5);
/// assert_eq!(score.value(1.0), 3.5);
/// assert_eq!(score.pomp(5).map(|pomp| pomp.value()), Some(62.5));
/// assert_eq!(Some(score), Score::new(4, RawScore(10)));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Score {
    answered: u32,
    sum: RawScore,
}

impl Score {
    /// The score of the raw score `sum` over `answered` items; `None` without an answer.
    ///
    /// ```
    /// use survey_engine::scoring::{RawScore, Score};
    /// assert!(Score::new(0, RawScore(0)).is_none());
    /// ```
    #[must_use]
    pub fn new(answered: u32, sum: RawScore) -> Option<Self> {
        (answered > 0).then_some(Self { answered, sum })
    }

    /// Number of answered items.
    ///
    /// ```
    /// use survey_engine::scoring::{RawScore, Score};
    /// # let score = Score::new(2, RawScore(5)).unwrap();
    /// assert_eq!(score.answered(), 2);
    /// ```
    #[must_use]
    pub fn answered(self) -> u32 {
        self.answered
    }

    /// Mean answer in steps above the lowest value, from 0 to the number of categories less one.
    ///
    /// `sum / answered`: items that were not answered are left out, so that they neither raise nor lower it.
    ///
    /// ```
    /// use survey_engine::scoring::{RawScore, Score};
    /// # let score = Score::new(2, RawScore(5)).unwrap();
    /// assert_eq!(score.steps(), 2.5);
    /// ```
    #[must_use]
    pub fn steps(self) -> f64 {
        f64::from(self.sum) / f64::from(self.answered)
    }

    /// Mean answer on a scale whose lowest value is `lowest`.
    ///
    /// ```
    /// use survey_engine::scoring::{RawScore, Score};
    /// # let score = Score::new(2, RawScore(5)).unwrap();
    /// assert_eq!(score.value(1.0), 3.5);
    /// ```
    #[must_use]
    pub fn value(self, lowest: f64) -> f64 {
        lowest + self.steps()
    }

    /// Percent of the maximum possible score, `100 (x - lo) / (hi - lo)`, for items of `categories` categories.
    ///
    /// `None` if the categories leave no range, or not the range of this score. Source: Cohen, Cohen, Aiken and West (1999),
    /// Multivariate Behavioral Research 34.
    ///
    /// ```
    /// use survey_engine::scoring::{RawScore, Score};
    /// # let score = Score::new(2, RawScore(5)).unwrap();
    /// assert_eq!(score.pomp(5).map(|pomp| pomp.value()), Some(62.5));
    /// assert_eq!(score.pomp(2), None);
    /// ```
    #[must_use]
    pub fn pomp(self, categories: u8) -> Option<Pomp> {
        let highest = f64::from(categories.checked_sub(1)?);
        Pomp::new(100.0 * f64::from(self.sum) / (f64::from(self.answered) * highest))
    }
}

impl PartialEq for Score {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        let mine = u64::from(self.sum) * u64::from(other.answered);
        mine.cmp(&(u64::from(other.sum) * u64::from(self.answered)))
    }
}

impl Member {
    /// The step of category `category` of `categories` (both from 1), after reversing.
    pub(crate) fn step(self, category: u8, categories: u8) -> u8 {
        if self.reversed {
            categories.saturating_sub(category)
        } else {
            category.saturating_sub(1)
        }
    }
}

impl Blueprint {
    /// Writes the steps of the items of scale `scale` to `steps`, 0 where there is no valid answer. The answered items, as a mask.
    pub(crate) fn steps(
        &self,
        packed: &[u8],
        scale: usize,
        steps: &mut [u8; MAX_SCALE_ITEMS],
    ) -> u64 {
        let mut answered = 0;
        for (place, (step, (member, plan))) in steps.iter_mut().zip(self.members(scale)).enumerate()
        {
            *step = 0;
            if let Some(PackedCode::Value(category)) = self.answer(packed, member.item) {
                *step = member.step(category, plan.categories);
                answered |= 1 << place;
            }
        }
        answered
    }

    /// The score of one person on scale `scale`; `None` for fewer valid answers than `share` asks for, or if there is no such scale.
    ///
    /// The mean step of the answered items, reversed items turned first. A code that the item does not have is no valid answer.
    /// Groups are counted by a [`Tally`](crate::tally::Tally), which keeps no person's score; this is for showing somebody
    /// their own.
    ///
    /// ```
    /// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan, ValidShare};
    /// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 5, lowest: 1 };
    /// let scale = ScalePlan {
    ///     indicator: "PED.1".to_owned(),
    ///     members: vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }],
    /// };
    /// let form = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let value = |packed| form.score(packed, 0, ValidShare::HALF).map(|score| score.value(1.0));
    /// assert_eq!(value(&[5, 2]), Some(4.5));
    /// assert_eq!(value(&[5, 255]), Some(5.0));
    /// assert_eq!(value(&[0, 255]), None);
    /// # Ok::<(), survey_engine::scoring::BlueprintError>(())
    /// ```
    #[must_use]
    pub fn score(&self, packed: &[u8], scale: usize, share: ValidShare) -> Option<Score> {
        let items = u32::try_from(self.scales().get(scale)?.members.len()).ok()?;
        let mut steps = [0; MAX_SCALE_ITEMS];
        let answered = self.steps(packed, scale, &mut steps).count_ones();
        let sum = steps.iter().map(|step| u32::from(*step)).sum();
        Score::new(answered, sum).filter(|_| share.is_met(answered, items))
    }
}
