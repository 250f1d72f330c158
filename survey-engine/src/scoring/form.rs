//! The blueprint of a questionnaire's form.

use super::{Blueprint, BlueprintError, ItemPlan, Member, ScalePlan};
use crate::questionnaire::{Form, Item, ItemKind};

impl Blueprint {
    /// How `form` is scored: its likert, single choice and rating items, and the scales it forms of them.
    ///
    /// # Errors
    /// [`BlueprintError::ScaleSize`] if a scale has more items than [`MAX_SCALE_ITEMS`](super::MAX_SCALE_ITEMS).
    ///
    /// ```
    /// # use survey_engine::questionnaire::{Framework, Questionnaire, defaults};
    /// # let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    /// # let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    /// # let form = questionnaire.form("parent").unwrap();
    /// # use survey_engine::scoring::Blueprint;
    /// let blueprint = Blueprint::of(form).unwrap();
    /// assert_eq!(blueprint.scales().len(), form.scales().len());
    /// ```
    pub fn of(form: &Form) -> Result<Self, BlueprintError> {
        let mut items = Vec::new();
        // Per item of the form: its position among the scored ones.
        let mut positions = Vec::new();
        for (index, item) in form.items() {
            let slot = form.layout().slot(index).map(|slot| slot.offset);
            let plan = slot.and_then(|slot| plan(item, slot));
            positions.push(plan.is_some().then_some(items.len()));
            items.extend(plan);
        }
        let scales = form.scales().into_iter().map(|scale| {
            let places = scale.items.iter().zip(&scale.reversed);
            let members = places.filter_map(|(index, reversed)| {
                let item = positions.get(*index).copied().flatten()?;
                Some(Member {
                    item,
                    reversed: *reversed,
                })
            });
            ScalePlan {
                members: members.collect(),
                indicator: scale.indicator,
            }
        });
        Self::new(form.layout().len(), items, scales.collect())
    }
}

/// `None` for an item whose answer is not a category.
fn plan(item: &Item, slot: usize) -> Option<ItemPlan> {
    let (categories, lowest) = match item.kind() {
        ItemKind::Likert { options } | ItemKind::SingleChoice { options } => {
            (u8::try_from(options.len()).ok()?, 1)
        }
        ItemKind::Rating { .. } => (11, 0),
        ItemKind::MultipleChoice { .. }
        | ItemKind::Ranking { .. }
        | ItemKind::Number { .. }
        | ItemKind::Date { .. }
        | ItemKind::ShortText { .. }
        | ItemKind::LongText { .. } => return None,
    };
    Some(ItemPlan {
        id: item.id().to_owned(),
        slot,
        categories,
        lowest,
    })
}
