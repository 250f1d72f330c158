//! Ordered categories made into two.

use crate::answers::PackedCode;
use crate::scoring::{Blueprint, ItemPlan, Member, ScalePlan};

/// Answers to one scale as "at least this category" or below it.
///
/// [`mantel_haenszel`](super::mantel_haenszel) compares items of two categories. As the matching score is then the sum of the
/// items in two categories, it cannot be had from counts of the full categories: the answers are turned into two categories first
/// and counted with [`blueprint`](Self::blueprint).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dichotomy {
    /// Slot, highest step and direction of each item of the scale.
    items: Vec<(usize, u8, bool)>,
    length: usize,
    cut: u8,
    blueprint: Blueprint,
}

impl Dichotomy {
    /// Steps of `cut` and above, counted from 0 after reversing, against those below. `None` if there is no such scale or the cut
    /// leaves one side empty.
    ///
    /// ```
    /// use survey_engine::dif::Dichotomy;
    /// use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 4, lowest: 1 };
    /// let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// let form = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let dichotomy = Dichotomy::new(&form, 0, 2).unwrap();
    /// // "Agree" to both; the second item is turned round. Then blank, and don't know.
    /// assert_eq!(dichotomy.pack(&[3, 3]), Some(vec![2, 1]));
    /// assert_eq!(dichotomy.pack(&[0, 255]), Some(vec![0, 255]));
    /// # Ok::<(), survey_engine::scoring::BlueprintError>(())
    /// ```
    #[must_use]
    pub fn new(source: &Blueprint, scale: usize, cut: u8) -> Option<Self> {
        let (lowest, highest) = source.range(scale)?;
        let top = highest - lowest;
        if cut == 0 || cut > top {
            return None;
        }
        let members = source.members(scale);
        let (items, plans): (Vec<_>, Vec<_>) = members
            .enumerate()
            .map(|(position, (member, plan))| {
                let own = ItemPlan {
                    id: plan.id.clone(),
                    slot: position,
                    categories: 2,
                    lowest: 0,
                };
                ((plan.slot, top, member.reversed), own)
            })
            .unzip();
        let scale = ScalePlan {
            indicator: source.scales().get(scale)?.indicator.clone(),
            members: (0..plans.len())
                .map(|item| Member {
                    item,
                    reversed: false,
                })
                .collect(),
        };
        Some(Self {
            items,
            length: source.length(),
            cut,
            blueprint: Blueprint::new(plans.len(), plans, vec![scale]).ok()?,
        })
    }

    /// How the answers made by [`pack`](Self::pack) are scored: one scale of items with two categories, none of them reversed.
    ///
    /// ```
    /// use survey_engine::dif::Dichotomy;
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 4, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let form = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let dichotomy = Dichotomy::new(&form, 0, 2).ok_or("no such cut")?;
    /// assert_eq!(form.range(0), Some((1, 4)));
    /// assert_eq!(dichotomy.blueprint().range(0), Some((0, 1)));
    /// assert!(dichotomy.blueprint().members(0).all(|(member, _)| !member.reversed));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn blueprint(&self) -> &Blueprint {
        &self.blueprint
    }

    /// The answers in two categories, in the order of the scale's items; every kind of missing stays what it is. `None` for bytes
    /// that are no answers to the form.
    ///
    /// ```
    /// use survey_engine::dif::Dichotomy;
    /// # use survey_engine::scoring::{Blueprint, ItemPlan, Member, ScalePlan};
    /// # let item = |id: &str, slot| ItemPlan { id: id.to_owned(), slot, categories: 4, lowest: 1 };
    /// # let members = vec![Member { item: 0, reversed: false }, Member { item: 1, reversed: true }];
    /// # let scale = ScalePlan { indicator: "PED.1".to_owned(), members };
    /// # let form = Blueprint::new(2, vec![item("a", 0), item("b", 1)], vec![scale])?;
    /// let dichotomy = Dichotomy::new(&form, 0, 2).ok_or("no such cut")?;
    /// // Codes are 1 for below the cut and 2 for above; the second item is reversed.
    /// assert_eq!(dichotomy.pack(&[4, 4]), Some(vec![2, 1]));
    /// assert_eq!(dichotomy.pack(&[1, 255]), Some(vec![1, 255]));
    /// assert_eq!(dichotomy.pack(&[5, 1]), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn pack(&self, packed: &[u8]) -> Option<Vec<u8>> {
        if packed.len() != self.length {
            return None;
        }
        let codes = self.items.iter().map(|(slot, top, reversed)| {
            let code = PackedCode::from_byte(*packed.get(*slot)?)?;
            let PackedCode::Value(category) = code else {
                return Some(code.byte());
            };
            let step = category.checked_sub(1).filter(|step| step <= top)?;
            let step = if *reversed { top - step } else { step };
            Some(PackedCode::Value(1 + u8::from(step >= self.cut)).byte())
        });
        codes.collect()
    }
}
