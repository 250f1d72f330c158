//! Persons within a released node who are not in all of its figures.

use super::closure::{Branch, Remainder, close, is_none_or_enough};
use super::items::{ItemCounts, release_items};
use super::{Node, Size};

/// A number of persons.
#[derive(Clone)]
struct Count(u64);

impl Remainder for Count {
    fn join(&mut self, other: &Self) {
        self.0 += other.0;
    }

    fn is_empty(&self) -> bool {
        self.0 == 0
    }

    fn is_safe(&self, minimum: u32) -> bool {
        is_none_or_enough(self.0, minimum)
    }
}

/// Which of the nodes `wanted` may show a figure of `persons` of them: each about nobody or enough, and so every remainder.
fn release_counts(
    nodes: &[Node],
    sizes: &[Size],
    own: &[Size],
    wanted: &[bool],
    persons: fn(&Size) -> u64,
) -> Vec<bool> {
    let each = nodes.iter().zip(sizes).zip(own);
    let forest: Vec<Branch<Count>> = each
        .clone()
        .map(|((node, size), own)| Branch {
            parent: node.parent,
            minimum: node.minimum,
            size: persons(size),
            own: Count(persons(own)),
        })
        .collect();
    let enough = each.map(|((node, size), _)| is_none_or_enough(persons(size), node.minimum));
    let mut flags: Vec<bool> = enough
        .zip(wanted)
        .map(|(enough, wanted)| enough && *wanted)
        .collect();
    close(&forest, &mut flags);
    flags
}

/// Rule 5: which of the released nodes may have the answers of persons without a score in their pooled figures. `items` says which of them
/// show their items.
pub(super) fn release_unscored(
    nodes: &[Node],
    sizes: &[Size],
    own: &[Size],
    released: &[bool],
    items: &[bool],
) -> Vec<bool> {
    let counts = ItemCounts {
        all: sizes.iter().map(Size::unscored_items).collect(),
        own: own.iter().map(Size::unscored_items).collect(),
    };
    let persons: Vec<u64> = sizes.iter().map(Size::unscored).collect();
    let mut flags = released.to_vec();
    loop {
        flags = release_counts(nodes, sizes, own, &flags, Size::unscored);
        let both = flags.iter().zip(items);
        let wanted: Vec<bool> = both.map(|(flag, items)| *flag && *items).collect();
        let granted = release_items(nodes, &counts, &persons, &flags, &wanted);
        let mut refused = false;
        for ((flag, persons), (wanted, granted)) in flags
            .iter_mut()
            .zip(&persons)
            .zip(wanted.iter().zip(granted))
        {
            // Where everybody has a score there is nobody to leave out.
            if *wanted && !granted && *persons > 0 {
                *flag = false;
                refused = true;
            }
        }
        if !refused {
            break;
        }
    }
    let each = flags.into_iter().zip(released).zip(persons);
    each.map(|((flag, released), persons)| flag || (*released && persons == 0))
        .collect()
}

/// Rule 6: which of the released nodes may show their missing answers by kind.
pub(super) fn release_missing(
    nodes: &[Node],
    sizes: &[Size],
    own: &[Size],
    released: &[bool],
) -> Vec<bool> {
    release_counts(nodes, sizes, own, released, Size::incomplete)
}
