//! Where each item's answer lies among the packed bytes of one form.

use super::{Item, ItemKind};

/// The bytes of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// First byte.
    pub offset: usize,
    /// Number of bytes, at least one.
    pub width: usize,
}

/// The slots of all items of a form, in form order and without gaps, whichever modules are asked.
///
/// The first byte of a slot says what became of the item; see
/// [`PackedCode`](crate::answers::PackedCode). After it, a multiple choice of `k` options has a bit
/// for each in `ceil(k / 8)` bytes, lowest bit first; a ranking has `k` bytes, the option indexes
/// (1-based) from first to last; a number has 8 bytes (IEEE 754, little-endian); a date has 4 (days
/// since 1970-01-01, signed, little-endian). These are zero unless the item is answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    slots: Vec<Slot>,
    len: usize,
}

impl Layout {
    pub(super) fn of<'a>(items: impl Iterator<Item = &'a Item>) -> Self {
        let mut layout = Self::default();
        for item in items {
            let width = width(item.kind());
            layout.slots.push(Slot {
                offset: layout.len,
                width,
            });
            layout.len += width;
        }
        layout
    }

    /// The slot of the item at this index.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// use survey_engine::questionnaire::Slot;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let layout = form.layout();
    /// assert_eq!(layout.slot(2), Some(Slot { offset: 2, width: 1 }));
    /// assert_eq!(layout.slot(5), None);
    /// ```
    #[must_use]
    pub fn slot(&self, index: usize) -> Option<Slot> {
        self.slots.get(index).copied()
    }

    /// All slots in form order.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let layout = form.layout();
    /// // Texts lie apart: here is only whether there is one.
    /// assert_eq!(layout.slots().iter().map(|slot| slot.width).collect::<Vec<_>>(), [1; 5]);
    /// ```
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Bytes of one respondent's packed answers.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let layout = form.layout();
    /// assert_eq!(layout.len(), 5);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the form has no items; a checked form never is.
    ///
    /// ```
    /// # mod school { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/school.rs")); }
    /// # use school::*;
    /// # let questionnaire = with_follow_up();
    /// # let form = questionnaire.form("learner").unwrap();
    /// let layout = form.layout();
    /// assert!(!layout.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

fn width(kind: &ItemKind) -> usize {
    1 + match kind {
        ItemKind::MultipleChoice { options, .. } => options.len().div_ceil(8),
        ItemKind::Ranking { options } => options.len(),
        ItemKind::Number { .. } => size_of::<f64>(),
        ItemKind::Date { .. } => size_of::<i32>(),
        ItemKind::Likert { .. }
        | ItemKind::SingleChoice { .. }
        | ItemKind::Rating { .. }
        | ItemKind::ShortText { .. }
        | ItemKind::LongText { .. } => 0,
    }
}
