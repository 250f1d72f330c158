//! Complementary suppression in a forest.

/// What is left of a released node after taking away the released nodes below it.
pub(super) trait Remainder: Clone {
    /// Takes in the remainder of a disjoint part.
    fn join(&mut self, other: &Self);
    /// Whether nobody in it has a figure.
    fn is_empty(&self) -> bool;
    /// Whether every figure about it concerns nobody or at least `minimum` persons.
    fn is_safe(&self, minimum: u32) -> bool;
}

/// Whether `n` persons are nobody or at least `minimum`.
pub(super) fn is_none_or_enough(n: u64, minimum: u32) -> bool {
    n == 0 || n >= u64::from(minimum)
}

/// One node of a forest, listed after its parent.
pub(super) struct Branch<R> {
    pub(super) parent: Option<usize>,
    pub(super) minimum: u32,
    /// Persons of the node with everything below it: what is withheld first where there is a choice.
    pub(super) size: u64,
    /// The part of the node that belongs to none of its children.
    pub(super) own: R,
}

/// What of a node is not covered by released nodes at or below its children.
struct Uncovered<R> {
    rest: R,
    /// Highest minimum of the node and of the withheld nodes with a share in the rest.
    minimum: u32,
    withheld_children: u32,
    own_is_empty: bool,
}

/// Withholds further nodes until every released node leaves a safe remainder, then gives back what need not have been withheld.
///
/// `released` holds a flag per branch and only ever loses flags. The outcome is the same for equal input: ties go to the later
/// node.
pub(super) fn close<R: Remainder>(forest: &[Branch<R>], released: &mut [bool]) {
    let eligible = released.to_vec();
    while let Some(node) = first_leak(forest, released) {
        let victim = smallest_below(forest, released, node).unwrap_or(node);
        set(released, victim, false);
    }
    let mut candidates: Vec<usize> = (0..forest.len())
        .filter(|node| flag(&eligible, *node) && !flag(released, *node))
        .collect();
    candidates.sort_by_key(|node| (std::cmp::Reverse(forest.get(*node).map(|b| b.size)), *node));
    for node in candidates {
        set(released, node, true);
        if first_leak(forest, released).is_some() {
            set(released, node, false);
        }
    }
}

/// The last listed released node that leaves an unsafe remainder: deeper nodes are settled before the nodes above them.
fn first_leak<R: Remainder>(forest: &[Branch<R>], released: &[bool]) -> Option<usize> {
    let mut uncovered: Vec<Uncovered<R>> = forest
        .iter()
        .map(|branch| Uncovered {
            rest: branch.own.clone(),
            minimum: branch.minimum,
            withheld_children: 0,
            own_is_empty: branch.own.is_empty(),
        })
        .collect();
    let mut leak = None;
    for (node, branch) in forest.iter().enumerate().rev() {
        let (above, here) = uncovered.split_at_mut(node);
        let Some(here) = here.first() else { continue };
        if flag(released, node) {
            if leak.is_none() && leaks(here) {
                leak = Some(node);
            }
            continue;
        }
        if let Some(parent) = branch.parent.and_then(|parent| above.get_mut(parent)) {
            parent.rest.join(&here.rest);
            parent.minimum = parent.minimum.max(here.minimum);
            parent.withheld_children += u32::from(!here.rest.is_empty());
        }
    }
    leak
}

fn leaks<R: Remainder>(uncovered: &Uncovered<R>) -> bool {
    let lone_child = uncovered.withheld_children == 1 && uncovered.own_is_empty;
    lone_child || !uncovered.rest.is_safe(uncovered.minimum)
}

/// The smallest of the released nodes nearest below `node`.
fn smallest_below<R>(forest: &[Branch<R>], released: &[bool], node: usize) -> Option<usize> {
    // Whether everything between a node and `node` is withheld, so that it lies in the part `node` still shows as a sum.
    let mut open = vec![false; forest.len()];
    set(&mut open, node, true);
    let mut smallest: Option<(u64, usize)> = None;
    for (below, branch) in forest.iter().enumerate().skip(node + 1) {
        if !branch.parent.is_some_and(|parent| flag(&open, parent)) {
            continue;
        }
        if !flag(released, below) {
            set(&mut open, below, true);
        } else if smallest.is_none_or(|(size, _)| branch.size <= size) {
            smallest = Some((branch.size, below));
        }
    }
    smallest.map(|(_, below)| below)
}

fn flag(flags: &[bool], node: usize) -> bool {
    flags.get(node).copied().unwrap_or_default()
}

fn set(flags: &mut [bool], node: usize, value: bool) {
    if let Some(flag) = flags.get_mut(node) {
        *flag = value;
    }
}
