//! Who gets a score, and which answers are favourable.

/// The share of a scale's items a person must have answered to get a score, as an exact fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidShare {
    numerator: u32,
    denominator: u32,
}

impl ValidShare {
    /// At least half of the items: what every published estimate uses.
    pub const HALF: Self = Self {
        numerator: 1,
        denominator: 2,
    };

    /// `numerator / denominator`, in `0..=1`; `None` outside it or for a zero denominator.
    ///
    /// ```
    /// use survey_engine::scoring::ValidShare;
    /// assert!(ValidShare::new(2, 3).is_some());
    /// assert_eq!(ValidShare::new(3, 2), None);
    /// ```
    #[must_use]
    pub fn new(numerator: u32, denominator: u32) -> Option<Self> {
        (denominator > 0 && numerator <= denominator).then_some(Self {
            numerator,
            denominator,
        })
    }

    /// Whether `valid` answers out of `items` suffice. Nobody is scored without an answer.
    ///
    /// ```
    /// use survey_engine::scoring::ValidShare;
    /// assert!(ValidShare::HALF.is_met(2, 4));
    /// assert!(!ValidShare::HALF.is_met(2, 5));
    /// assert!(!ValidShare::HALF.is_met(0, 0));
    /// ```
    #[must_use]
    pub fn is_met(self, valid: u32, items: u32) -> bool {
        valid > 0
            && u64::from(valid) * u64::from(self.denominator)
                >= u64::from(items) * u64::from(self.numerator)
    }

    /// The fewest answers out of `items` that reach the share, `ceil(share * items)`; 0 for a share of nothing, which still asks
    /// for one answer.
    ///
    /// ```
    /// use survey_engine::scoring::ValidShare;
    /// assert_eq!(ValidShare::HALF.needed(5), 3);
    /// ```
    #[must_use]
    pub fn needed(self, items: u32) -> u32 {
        let least = u64::from(items) * u64::from(self.numerator);
        // The share is at most 1, so that there are at most `items`.
        u32::try_from(least.div_ceil(u64::from(self.denominator))).unwrap_or(items)
    }
}

/// How many of the highest of `categories` categories count as favourable.
///
/// Two of four, five or six; three of seven or more, which makes 8, 9 and 10 favourable on a rating from 0 to 10; one of two or
/// three. The middle category of an odd scale is never favourable. Field practice for school climate surveys (top two of five,
/// top three of seven).
///
/// ```
/// use survey_engine::scoring::favourable_categories;
/// assert_eq!([2, 3, 4, 5, 6, 7, 11].map(favourable_categories), [1, 1, 2, 2, 2, 3, 3]);
/// ```
#[must_use]
pub fn favourable_categories(categories: u8) -> u8 {
    match categories {
        0 | 1 => 0,
        2 | 3 => 1,
        4..=6 => 2,
        _ => 3,
    }
}
