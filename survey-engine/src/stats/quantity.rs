//! Numbers that say what they are.

use serde::{Deserialize, Serialize};

macro_rules! bounded {
    ($(#[$about:meta])* $name:ident, $lowest:literal ..= $highest:literal) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = "f64", into = "f64")]
        pub struct $name(f64);

        impl $name {
            /// The value, if it lies in the range of the type, both ends included.
            ///
            /// ```
            /// use survey_engine::stats::{Percent, Pomp, Probability};
            /// assert!(Probability::new(1.0).is_some() && Probability::new(1.1).is_none());
            /// assert_eq!((Percent::new(-0.1), Pomp::new(f64::NAN)), (None, None));
            /// ```
            #[must_use]
            pub fn new(value: f64) -> Option<Self> {
                ($lowest..=$highest).contains(&value).then_some(Self(value))
            }

            /// The value, brought into the range of the type; `None` for NaN. For results whose
            /// last bits may stray outside.
            ///
            /// ```
            /// use survey_engine::stats::{Percent, Pomp, Probability};
            /// assert_eq!(Probability::clamped(1.0 + f64::EPSILON), Probability::new(1.0));
            /// assert_eq!((Percent::clamped(-1e-14), Pomp::clamped(f64::NAN)), (Percent::new(0.0), None));
            /// ```
            #[must_use]
            pub fn clamped(value: f64) -> Option<Self> {
                (!value.is_nan()).then(|| Self(value.clamp($lowest, $highest)))
            }

            /// The number.
            ///
            /// ```
            /// use survey_engine::stats::{Pomp, Probability};
            /// let quarter = Probability::new(0.25).ok_or("not a share")?;
            /// assert_eq!((quarter.value(), quarter.percent().value()), (0.25, 25.0));
            /// assert_eq!(Pomp::new(62.5).map(Pomp::value), Some(62.5));
            /// # Ok::<(), &str>(())
            /// ```
            #[must_use]
            pub fn value(self) -> f64 {
                self.0
            }
        }

        impl TryFrom<f64> for $name {
            type Error = OutOfRange;

            fn try_from(value: f64) -> Result<Self, OutOfRange> {
                Self::new(value).ok_or(OutOfRange)
            }
        }

        impl From<$name> for f64 {
            fn from(quantity: $name) -> f64 {
                quantity.0
            }
        }
    };
}

/// A number outside the range of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the number lies outside its range")]
pub struct OutOfRange;

bounded! {
    /// Percent of the maximum possible score: 0 when everybody chose the lowest answer, 100 the highest.
    Pomp, 0.0..=100.0
}
bounded! {
    /// A share, as a percentage from 0 to 100.
    Percent, 0.0..=100.0
}
bounded! {
    /// A probability or a share, from 0 to 1.
    Probability, 0.0..=1.0
}

impl Probability {
    /// The same share as a percentage.
    ///
    /// ```
    /// use survey_engine::stats::Probability;
    /// assert_eq!(Probability::new(0.25).map(|p| p.percent().value()), Some(25.0));
    /// ```
    #[must_use]
    pub fn percent(self) -> Percent {
        Percent((100.0 * self.0).clamp(0.0, 100.0))
    }
}

/// A two-sided interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval<T> {
    /// Lower end.
    pub lower: T,
    /// Upper end.
    pub upper: T,
}

impl<T> Interval<T> {
    /// The interval with both ends mapped.
    ///
    /// ```
    /// use survey_engine::stats::Interval;
    /// let interval = Interval { lower: 1.0, upper: 2.0 };
    /// assert_eq!(interval.map(|end| 10.0 * end).upper, 20.0);
    /// ```
    pub fn map<U>(self, each: impl Fn(T) -> U) -> Interval<U> {
        Interval {
            lower: each(self.lower),
            upper: each(self.upper),
        }
    }
}

impl Interval<f64> {
    /// The interval that reaches as far below `centre` as above it.
    pub(crate) fn about(centre: f64, half: f64) -> Self {
        Self {
            lower: centre - half,
            upper: centre + half,
        }
    }
}

impl<T: Copy> Interval<T> {
    /// An interval of no width: a complete count.
    ///
    /// ```
    /// use survey_engine::stats::Interval;
    /// assert_eq!(Interval::point(3.0), Interval { lower: 3.0, upper: 3.0 });
    /// ```
    pub fn point(at: T) -> Self {
        Self {
            lower: at,
            upper: at,
        }
    }
}
