//! Figures that passed the disclosure rules.

use serde::{Serialize, Serializer};

use super::{Reason, Withheld};

/// A figure that may be shown, or the reason why it may not.
///
/// Only this crate makes one that holds a figure, and only for a [`Decision::Release`](super::Decision::Release). Serialised as
/// `{"value": ...}` or `{"withheld": {"reason": ..., "minimum": ...}}`.
///
/// ```
/// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
/// # use school::*;
/// # let questionnaire = questionnaire();
/// let form = questionnaire.form("learner").expect("there is one for learners");
/// let say = |minimum| match figures(form, CLASS_7C, minimum).into_result() {
///     Ok(figures) => format!("{} learners", figures.n),
///     Err(withheld) => format!("fewer than {}", withheld.minimum),
/// };
/// assert_eq!((say(5), say(10)), ("8 learners".to_owned(), "fewer than 10".to_owned()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released<T>(Result<T, Withheld>);

impl<T> Released<T> {
    pub(crate) fn value_of(figure: T) -> Self {
        Self(Ok(figure))
    }

    pub(crate) fn withheld_for(reason: Reason, minimum: u32) -> Self {
        Self(Err(Withheld { reason, minimum }))
    }

    /// The figure, or why it is withheld.
    ///
    /// # Errors
    /// The reason, if it is withheld.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// // Twelve learners of class 7A; ten are enough.
    /// let released = figures(form, CLASS_7A, 10);
    /// assert_eq!(released.as_result().map(|figures| figures.n), Ok(12));
    /// ```
    pub fn as_result(&self) -> Result<&T, &Withheld> {
        self.0.as_ref()
    }

    /// The figure, or why it is withheld.
    ///
    /// # Errors
    /// The reason, if it is withheld.
    ///
    /// ```
    /// use survey_engine::disclosure::{Reason, Released, Withheld};
    /// let reason = Withheld { reason: Reason::BelowMinimum, minimum: 10 };
    /// let mean: Released<f64> = reason.into();
    /// assert_eq!(mean.into_result(), Err(reason));
    /// ```
    pub fn into_result(self) -> Result<T, Withheld> {
        self.0
    }

    /// The figure, if it may be shown.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = questionnaire();
    /// # let form = questionnaire.form("learner").unwrap();
    /// // Twelve learners of class 7A; ten are enough.
    /// let released = figures(form, CLASS_7A, 10);
    /// assert_eq!(released.value().map(|figures| figures.responses), Some(12));
    /// // Fifteen would not be.
    /// assert!(figures(form, CLASS_7A, 15).value().is_none());
    /// ```
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.0.as_ref().ok()
    }

    /// Why it may not be shown.
    ///
    /// ```
    /// use survey_engine::disclosure::{Reason, Released, Withheld};
    /// let reason = Withheld { reason: Reason::BelowMinimum, minimum: 10 };
    /// let mean: Released<f64> = reason.into();
    /// assert_eq!(mean.withheld(), Some(reason));
    /// assert_eq!(mean.value(), None);
    /// ```
    #[must_use]
    pub fn withheld(&self) -> Option<Withheld> {
        self.0.as_ref().err().copied()
    }
}

impl<T> From<Withheld> for Released<T> {
    fn from(withheld: Withheld) -> Self {
        Self(Err(withheld))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Shape<'a, T> {
    Value(&'a T),
    Withheld(&'a Withheld),
}

impl<T: Serialize> Serialize for Released<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(figure) => Shape::Value(figure).serialize(serializer),
            Err(withheld) => Shape::<T>::Withheld(withheld).serialize(serializer),
        }
    }
}
