//! Which nodes may show the items of a scale one by one.

use super::closure::{Branch, Remainder, close, is_none_or_enough};
use super::{Node, Size};

/// Rule 4: persons behind the answers to each item, over one or several blocks of respondents whose pooled figures are known.
///
/// Known are then, for the whole, the sum of each item, and for each block, the sum over its items. A combination of these that
/// leaves some item in one block leaves at least one item in every block.
#[derive(Clone)]
struct ItemPersons {
    items: Vec<u64>,
    /// Sum over the blocks of the persons who answered the item that fewest answered.
    fewest: u64,
    blocks: u32,
}

impl ItemPersons {
    fn of(items: &[u64]) -> Self {
        Self {
            items: items.to_vec(),
            fewest: items.iter().copied().min().unwrap_or_default(),
            blocks: u32::from(items.iter().any(|n| *n > 0)),
        }
    }
}

impl Remainder for ItemPersons {
    fn join(&mut self, other: &Self) {
        for (mine, theirs) in self.items.iter_mut().zip(&other.items) {
            *mine += theirs;
        }
        self.fewest += other.fewest;
        self.blocks += other.blocks;
    }

    fn is_empty(&self) -> bool {
        self.blocks == 0
    }

    fn is_safe(&self, minimum: u32) -> bool {
        match self.blocks {
            0 => true,
            1 => self.items.iter().all(|n| is_none_or_enough(*n, minimum)),
            _ => self.fewest >= u64::from(minimum),
        }
    }
}

/// Which of the released nodes may show their items: rules 1 and 3 in the forest of released nodes.
pub(super) fn release_items(
    nodes: &[Node],
    sizes: &[Size],
    own: &[Size],
    released: &[bool],
) -> Vec<bool> {
    // Per node: the position in the forest of the released node nearest at or above it.
    let mut nearest: Vec<Option<usize>> = Vec::with_capacity(nodes.len());
    let mut forest: Vec<Branch<ItemPersons>> = Vec::new();
    let mut blocks: Vec<Vec<u64>> = Vec::new();
    let mut may: Vec<bool> = Vec::new();
    for (((node, size), own), released) in nodes.iter().zip(sizes).zip(own).zip(released) {
        let above = node
            .parent
            .and_then(|parent| nearest.get(parent).copied().flatten());
        if *released {
            nearest.push(Some(forest.len()));
            let enough = |n: &u64| is_none_or_enough(*n, node.minimum);
            may.push(size.items.iter().all(enough) && size.items.iter().any(|n| *n > 0));
            let minimum = node.minimum;
            let empty = ItemPersons::of(&[]);
            forest.push(Branch {
                parent: above,
                minimum,
                size: size.scored,
                own: empty,
            });
            blocks.push(own.items.clone());
        } else {
            nearest.push(above);
            if let Some(block) = above.and_then(|above| blocks.get_mut(above)) {
                for (mine, theirs) in block.iter_mut().zip(&own.items) {
                    *mine += theirs;
                }
            }
            if let Some(branch) = above.and_then(|above| forest.get_mut(above)) {
                branch.minimum = branch.minimum.max(node.minimum);
            }
        }
    }
    for (branch, block) in forest.iter_mut().zip(&blocks) {
        branch.own = ItemPersons::of(block);
    }
    close(&forest, &mut may);
    let position = nearest.into_iter().zip(released);
    position
        .map(|(position, released)| {
            *released && position.is_some_and(|at| may.get(at) == Some(&true))
        })
        .collect()
}
