//! All items of a scale.

use serde::Serialize;

use super::{
    DifUndefined, ExplainedClass, MantelOrdinal, OrdinalLogistic, Side, StandardisedClass,
    StudiedItem, mantel, ordinal_logistic,
};
use crate::tally::ScoreCells;

/// One item of a scale, compared between two groups.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ItemComparison {
    /// Position in the scale.
    pub item: usize,
    /// Persons of the reference group who answered every item.
    pub reference: u64,
    /// Persons of the focal group who answered every item.
    pub focal: u64,
    /// Whether a group has fewer than [`FEWEST_PERSONS`](super::FEWEST_PERSONS): too few to rely on.
    pub has_few: bool,
    /// Mantel's test with the standardised mean difference, if it is defined.
    pub mantel: Option<MantelOrdinal>,
    /// Ordinal logistic regression, if it is defined.
    pub logistic: Option<OrdinalLogistic>,
    /// Why one of them is not defined.
    pub undefined: Option<DifUndefined>,
}

impl ItemComparison {
    /// Whether somebody should read the item again: either size is more than negligible.
    ///
    /// Either means a [`StandardisedClass`] above negligible, or an [`ExplainedClass`] above A. What is not defined flags
    /// nothing.
    ///
    /// ```
    /// use survey_engine::dif::compare_items;
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// # use survey_engine::tally::Tally;
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 3, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let form = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// # let count = |answers: &[[u8; 2]]| {
    /// #     let mut tally = Tally::new(&form);
    /// #     for answers in answers {
    /// #         tally.add(&form, answers)?;
    /// #     }
    /// #     Ok::<_, survey_engine::tally::TallyMismatch>(tally)
    /// # };
    /// // Equal scores, but one group has its points from the first item and the other from the second.
    /// let one = count(&[[3, 1], [3, 2], [2, 1], [3, 1], [3, 2], [2, 1]])?;
    /// let other = count(&[[1, 3], [2, 3], [1, 2], [1, 3], [2, 3], [1, 2]])?;
    /// let [one, other] = [&one, &other].map(|tally| tally.scales()[0].cells());
    /// let apart = compare_items(&[one.ok_or("no cells")?], &[other.ok_or("no cells")?])?;
    /// assert!(apart.iter().all(|item| item.is_flagged()));
    /// let alike = compare_items(&[one.ok_or("no cells")?], &[one.ok_or("no cells")?])?;
    /// assert!(!alike.iter().any(|item| item.is_flagged()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_flagged(&self) -> bool {
        let standardised = self.mantel.map(|result| result.class);
        let explained = self.logistic.map(|result| result.class);
        standardised.is_some_and(|class| class > StandardisedClass::Negligible)
            || explained.is_some_and(|class| class > ExplainedClass::A)
    }
}

/// Compares every item of a scale between two groups, each of which may be put together from several tallies.
///
/// [`mantel`] and [`ordinal_logistic`] of each item, matched on the raw score of the scale over persons who answered every
/// item; they give the formulas and the sources. For persons who filled in the form in different languages the groups are the
/// languages: a flagged item is one whose translation should be read again. What is undefined for one item is told of that
/// item.
///
/// # Errors
/// [`DifUndefined::EmptyGroup`] for a side without a tally, [`DifUndefined::Shape`] for tallies of different scales.
///
/// ```
/// use survey_engine::dif::compare_items;
/// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
/// use survey_engine::tally::Tally;
/// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 3, lowest: 1 };
/// let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: false }];
/// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
/// let form = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
/// let count = |answers: &[[u8; 2]]| {
///     let mut tally = Tally::new(&form);
///     for answers in answers {
///         tally.add(&form, answers)?;
///     }
///     Ok::<_, survey_engine::tally::TallyMismatch>(tally)
/// };
/// let dutch = count(&[[2, 1], [1, 2], [3, 1], [2, 2], [3, 2]])?;
/// let frisian = count(&[[1, 2], [1, 2], [1, 3], [2, 2], [2, 3]])?;
/// let compared = compare_items(
///     &[dutch.scales()[0].cells().unwrap()],
///     &[frisian.scales()[0].cells().unwrap()],
/// )?;
/// assert_eq!(compared.len(), 2);
/// assert!(compared[0].has_few && compared[0].mantel.unwrap().mean_difference < 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare_items(
    reference: &[ScoreCells<'_>],
    focal: &[ScoreCells<'_>],
) -> Result<Vec<ItemComparison>, DifUndefined> {
    let first = reference.first().ok_or(DifUndefined::EmptyGroup)?;
    if focal.is_empty() {
        return Err(DifUndefined::EmptyGroup);
    }
    let highest = first.highest();
    let categories = u8::try_from(first.categories()).map_err(|_| DifUndefined::Shape)?;
    let items = first.items();
    let all = || reference.iter().chain(focal);
    if all().any(|cells| cells.items() != items) {
        return Err(DifUndefined::Shape);
    }
    let compare = |position| {
        let mut item = StudiedItem::new(highest, categories);
        for cells in reference {
            item.add_cells(Side::Reference, cells, position)?;
        }
        for cells in focal {
            item.add_cells(Side::Focal, cells, position)?;
        }
        Ok(compared(position, &item))
    };
    (0..items).map(compare).collect()
}

fn compared(position: usize, item: &StudiedItem) -> ItemComparison {
    let (mantel, logistic) = (mantel(item), ordinal_logistic(item));
    ItemComparison {
        item: position,
        reference: item.persons(Side::Reference),
        focal: item.persons(Side::Focal),
        has_few: item.has_few(),
        mantel: mantel.ok(),
        logistic: logistic.ok(),
        undefined: mantel.err().or(logistic.err()),
    }
}
