//! Complementary suppression in a forest.

use std::cmp::Reverse;

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

/// Withholds further nodes until every released node leaves a safe remainder, then gives back what need not have been withheld.
///
/// `released` holds a flag per branch and only ever loses flags. The outcome is the same for equal input: ties go to the later
/// node.
pub(super) fn close<R: Remainder>(branches: &[Branch<R>], released: &mut [bool]) {
    let eligible = released.to_vec();
    let mut forest = Forest {
        branches,
        children: children(branches),
        released,
    };
    // From below: withholding a node changes the remainders of the nodes above it only.
    for node in (0..branches.len()).rev() {
        while forest.is_released(node) && forest.leaks(node) {
            let victim = forest.smallest_below(node).unwrap_or(node);
            forest.set(victim, false);
        }
    }
    let mut candidates: Vec<usize> = (0..branches.len())
        .filter(|node| eligible.get(*node) == Some(&true) && !forest.is_released(*node))
        .collect();
    candidates.sort_by_key(|node| (Reverse(branches.get(*node).map(|b| b.size)), *node));
    while let Some(position) = candidates.iter().position(|node| forest.gives_back(*node)) {
        candidates.remove(position);
    }
}

fn children<R>(branches: &[Branch<R>]) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); branches.len()];
    for (node, branch) in branches.iter().enumerate() {
        if let Some(siblings) = branch.parent.and_then(|parent| children.get_mut(parent)) {
            siblings.push(node);
        }
    }
    children
}

struct Forest<'a, R> {
    branches: &'a [Branch<R>],
    children: Vec<Vec<usize>>,
    released: &'a mut [bool],
}

impl<R: Remainder> Forest<'_, R> {
    fn is_released(&self, node: usize) -> bool {
        self.released.get(node).copied().unwrap_or_default()
    }

    fn set(&mut self, node: usize, released: bool) {
        if let Some(flag) = self.released.get_mut(node) {
            *flag = released;
        }
    }

    fn children(&self, node: usize) -> &[usize] {
        self.children.get(node).map_or(&[], Vec::as_slice)
    }

    /// Whether the remainder of `node` is unsafe, or is nothing but one withheld child.
    fn leaks(&self, node: usize) -> bool {
        let Some(branch) = self.branches.get(node) else {
            return false;
        };
        let (mut rest, mut minimum) = (branch.own.clone(), branch.minimum);
        let mut withheld = 0;
        for child in self
            .children(node)
            .iter()
            .filter(|child| !self.is_released(**child))
        {
            let mut is_empty = true;
            let mut open = vec![*child];
            while let Some((below, branch)) =
                open.pop().and_then(|at| Some((at, self.branches.get(at)?)))
            {
                rest.join(&branch.own);
                minimum = minimum.max(branch.minimum);
                is_empty &= branch.own.is_empty();
                open.extend(
                    self.children(below)
                        .iter()
                        .filter(|at| !self.is_released(**at)),
                );
            }
            withheld += u32::from(!is_empty);
        }
        let lone_child = withheld == 1 && branch.own.is_empty();
        lone_child || !rest.is_safe(minimum)
    }

    /// The smallest of the released nodes nearest below `node`.
    fn smallest_below(&self, node: usize) -> Option<usize> {
        let mut open = self.children(node).to_vec();
        let mut nearest = Vec::new();
        while let Some(below) = open.pop() {
            if self.is_released(below) {
                nearest.push(below);
            } else {
                open.extend(self.children(below));
            }
        }
        let size = |node: &usize| self.branches.get(*node).map(|branch| branch.size);
        nearest
            .into_iter()
            .min_by_key(|node| (size(node), Reverse(*node)))
    }

    /// Releases the withheld `node` if that is safe. Only its own remainder and that of the released node above it change.
    fn gives_back(&mut self, node: usize) -> bool {
        let parent = |node: usize| self.branches.get(node).and_then(|branch| branch.parent);
        let mut above = parent(node);
        while let Some(at) = above.filter(|at| !self.is_released(*at)) {
            above = parent(at);
        }
        self.set(node, true);
        let leaks = self.leaks(node) || above.is_some_and(|above| self.leaks(above));
        self.set(node, !leaks);
        !leaks
    }
}
