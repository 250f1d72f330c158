//! Categories that nobody chose.

use serde::Serialize;

use super::CalibrationUndefined;

/// Which categories of each item were chosen. The others have no threshold: the chosen ones are numbered anew from 0.
///
/// This is `nullcats = "downcode"` of the R package psychotools (Zeileis, Strobl, Wickelmaier, Komboz and Kopf). A calibration
/// with recoded items has thresholds, and a table of raw scores, for the recoded answers. It should be seen as a warning: with
/// enough answers every category of a sound item is used by somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Downcoding {
    kept: Vec<Vec<usize>>,
    recoded: Vec<usize>,
}

impl Downcoding {
    /// From the counts of each item's categories, over everybody.
    ///
    /// # Errors
    /// [`CalibrationUndefined::NoVariation`] for an item of which fewer than two categories were chosen.
    ///
    /// ```
    /// use survey_engine::calibration::{CalibrationUndefined, Downcoding};
    /// let downcoding = Downcoding::of(&[vec![4, 5, 6], vec![7, 0, 8]])?;
    /// assert_eq!(downcoding.recoded(), [1]);
    /// assert_eq!(downcoding.category(1, 2), Some(1));
    /// assert_eq!(downcoding.category(1, 1), None);
    /// # Ok::<(), CalibrationUndefined>(())
    /// ```
    pub fn of(categories: &[Vec<u64>]) -> Result<Self, CalibrationUndefined> {
        let chosen = |counts: &Vec<u64>| {
            let positions = counts.iter().enumerate();
            let chosen = positions.filter(|(_, count)| **count > 0);
            chosen.map(|(at, _)| at).collect::<Vec<usize>>()
        };
        let kept: Vec<Vec<usize>> = categories.iter().map(chosen).collect();
        if let Some(item) = kept.iter().position(|kept| kept.len() < 2) {
            return Err(CalibrationUndefined::NoVariation { item });
        }
        let sizes = kept.iter().zip(categories).enumerate();
        let recoded = sizes.filter(|(_, (kept, counts))| kept.len() < counts.len());
        Ok(Self {
            recoded: recoded.map(|(item, _)| item).collect(),
            kept,
        })
    }

    /// Items of which some category was never chosen, by position.
    ///
    /// ```
    /// use survey_engine::calibration::Downcoding;
    /// // Of the second item nobody chose the middle category.
    /// let codes = Downcoding::of(&[vec![3, 4, 3], vec![5, 0, 5]]).unwrap();
    /// assert_eq!(codes.recoded(), [1]);
    /// ```
    #[must_use]
    pub fn recoded(&self) -> &[usize] {
        &self.recoded
    }

    /// Whether any item is recoded.
    ///
    /// ```
    /// use survey_engine::calibration::Downcoding;
    /// // Of the second item nobody chose the middle category.
    /// let codes = Downcoding::of(&[vec![3, 4, 3], vec![5, 0, 5]]).unwrap();
    /// assert!(codes.changes());
    /// ```
    #[must_use]
    pub fn changes(&self) -> bool {
        !self.recoded.is_empty()
    }

    /// The categories of an item that were chosen, in order; empty for an item that does not exist.
    ///
    /// ```
    /// use survey_engine::calibration::Downcoding;
    /// // Of the second item nobody chose the middle category.
    /// let codes = Downcoding::of(&[vec![3, 4, 3], vec![5, 0, 5]]).unwrap();
    /// assert_eq!(codes.kept(1), [0, 2]);
    /// ```
    #[must_use]
    pub fn kept(&self, item: usize) -> &[usize] {
        self.kept.get(item).map_or(&[], Vec::as_slice)
    }

    /// The new number of a category; `None` if nobody chose it.
    ///
    /// ```
    /// use survey_engine::calibration::Downcoding;
    /// // Of the second item nobody chose the middle category.
    /// let codes = Downcoding::of(&[vec![3, 4, 3], vec![5, 0, 5]]).unwrap();
    /// assert_eq!([0, 1, 2].map(|category| codes.category(1, category)), [Some(0), None, Some(1)]);
    /// ```
    #[must_use]
    pub fn category(&self, item: usize, category: usize) -> Option<usize> {
        self.kept(item).binary_search(&category).ok()
    }

    /// The first item with a category that nobody chose between two that somebody chose. For such an item the answers have to be
    /// counted again; otherwise the raw scores only shift.
    ///
    /// ```
    /// use survey_engine::calibration::Downcoding;
    /// // Of the second item nobody chose the middle category.
    /// let codes = Downcoding::of(&[vec![3, 4, 3], vec![5, 0, 5]]).unwrap();
    /// assert_eq!(codes.gap_inside(), Some(1));
    /// ```
    #[must_use]
    pub fn gap_inside(&self) -> Option<usize> {
        self.kept.iter().position(|kept| {
            let span = kept
                .last()
                .zip(kept.first())
                .map(|(last, first)| last - first + 1);
            span != Some(kept.len())
        })
    }
}
