//! Which nodes may show the items of a scale one by one.

use super::Node;
use super::closure::{Branch, Remainder, close, is_none_or_enough};

/// Rule 4: persons behind the answers to each item, in one or several blocks of respondents whose pooled figures are known.
///
/// Known are then, for the whole, the sum of each item, and for each block, the sum over its items. A combination of these that
/// leaves some of the items in one block leaves at least one in every block: so the persons of each block who answered the item
/// that fewest answered add up to the fewest it can be about. Items that nobody in the whole answered are known to be empty.
#[derive(Clone)]
struct ItemPersons {
    /// Persons with a valid answer, per block and item. A block without answers is left out.
    blocks: Vec<Vec<u64>>,
}

impl ItemPersons {
    fn of(items: &[u64]) -> Self {
        let answered = items.iter().any(|n| *n > 0);
        Self {
            blocks: answered.then(|| items.to_vec()).into_iter().collect(),
        }
    }

    fn fewest(&self) -> u64 {
        let answered = |item: usize| self.blocks.iter().any(|block| block.get(item) > Some(&0));
        let fewest = |block: &Vec<u64>| {
            let items = block.iter().enumerate().filter(|(item, _)| answered(*item));
            items.map(|(_, n)| *n).min().unwrap_or_default()
        };
        self.blocks.iter().map(fewest).sum()
    }
}

impl Remainder for ItemPersons {
    fn join(&mut self, other: &Self) {
        self.blocks.extend_from_slice(&other.blocks);
    }

    fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    fn is_safe(&self, minimum: u32) -> bool {
        match self.blocks.as_slice() {
            [] => true,
            [block] => block.iter().all(|n| is_none_or_enough(*n, minimum)),
            _ => self.fewest() >= u64::from(minimum),
        }
    }
}

/// Persons with a valid answer per item, of each node with everything below it, and of what belongs to none of its children.
pub(super) struct ItemCounts {
    pub(super) all: Vec<Vec<u64>>,
    pub(super) own: Vec<Vec<u64>>,
}

/// Which of the released nodes may show their items: rules 1 and 3 in the forest of released nodes. Only those `wanted`; where there is a
/// choice, the smallest by `sizes` are held back first.
pub(super) fn release_items(
    nodes: &[Node],
    counts: &ItemCounts,
    sizes: &[u64],
    released: &[bool],
    wanted: &[bool],
) -> Vec<bool> {
    // Per node: the position in the forest of the released node nearest at or above it.
    let mut nearest: Vec<Option<usize>> = Vec::with_capacity(nodes.len());
    let mut forest: Vec<Branch<ItemPersons>> = Vec::new();
    let mut blocks: Vec<Vec<u64>> = Vec::new();
    let mut may: Vec<bool> = Vec::new();
    let flags = released.iter().zip(wanted);
    let counted = counts.all.iter().zip(&counts.own).zip(sizes);
    for ((node, ((all, own), size)), (released, wanted)) in nodes.iter().zip(counted).zip(flags) {
        let above = node
            .parent
            .and_then(|parent| nearest.get(parent).copied().flatten());
        if *released {
            nearest.push(Some(forest.len()));
            let enough = |n: &u64| is_none_or_enough(*n, node.minimum);
            may.push(*wanted && all.iter().all(enough) && all.iter().any(|n| *n > 0));
            forest.push(Branch {
                parent: above,
                minimum: node.minimum,
                size: *size,
                own: ItemPersons::of(&[]),
            });
            blocks.push(own.clone());
        } else {
            nearest.push(above);
            if let Some(block) = above.and_then(|above| blocks.get_mut(above)) {
                for (mine, theirs) in block.iter_mut().zip(own) {
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
