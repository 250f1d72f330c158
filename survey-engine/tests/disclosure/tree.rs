//! Random trees, and what follows from what is released of them.

use proptest::prelude::*;
use survey_engine::disclosure::{Decision, Node, Reach, Size, plan};

use super::audit::{lowers_the_rank, rank};

/// A tree with the persons that belong to each node directly.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) own: Vec<Size>,
}

impl Tree {
    /// Sizes with everything below.
    pub(crate) fn sizes(&self) -> Vec<Size> {
        let below = |at: usize| (at..self.nodes.len()).filter(move |node| self.is_in(*node, at));
        let sum =
            |at: usize, of: &dyn Fn(&Size) -> u64| below(at).map(|node| of(&self.own[node])).sum();
        let items = self.own[0].items.len();
        let size = |at: usize| Size {
            scored: sum(at, &|size| size.scored),
            answered: sum(at, &|size| size.answered),
            responses: sum(at, &|size| size.responses),
            items: (0..items)
                .map(|item| sum(at, &|size| size.items[item]))
                .collect(),
            scored_items: Some(
                (0..items)
                    .map(|item| sum(at, &|size| scored_items(size)[item]))
                    .collect(),
            ),
            complete: sum(at, &|size| size.complete),
        };
        (0..self.nodes.len()).map(size).collect()
    }

    pub(crate) fn is_in(&self, node: usize, above: usize) -> bool {
        node == above
            || self.nodes[node]
                .parent
                .is_some_and(|parent| self.is_in(parent, above))
    }

    pub(crate) fn plan(&self) -> Vec<Decision> {
        plan(&self.nodes, &self.sizes()).unwrap()
    }

    /// The sum over a node: 1 for every node in it whose own persons `of` counts.
    pub(crate) fn row(&self, node: usize, of: impl Fn(&Size) -> u64) -> Vec<u64> {
        let here = |at: usize| u64::from(self.is_in(at, node) && of(&self.own[at]) > 0);
        (0..self.nodes.len()).map(here).collect()
    }

    pub(crate) fn rows(&self, released: &[bool], of: impl Fn(&Size) -> u64) -> Vec<Vec<u64>> {
        let shown = (0..self.nodes.len()).filter(|node| released[*node]);
        shown.map(|node| self.row(node, &of)).collect()
    }

    /// A set of persons, as nodes, about whom something follows although they are too few.
    pub(crate) fn leak(
        &self,
        released: &[bool],
        minimum: u64,
        of: impl Fn(&Size) -> u64,
    ) -> Option<u32> {
        let chosen = |set: u32| (0..self.nodes.len()).filter(move |at| set >> at & 1 == 1);
        let persons = |set| chosen(set).map(|at| of(&self.own[at])).sum();
        leak(&self.rows(released, &of), minimum, persons)
    }

    /// A withheld node whose scores follow from the others', other than by adding up what is released of it.
    pub(crate) fn derivable(&self, released: &[bool]) -> Option<usize> {
        let of = |size: &Size| size.scored;
        let rows = self.rows(released, of);
        (0..self.nodes.len()).find(|node| {
            let row = self.row(*node, of);
            let inside: Vec<bool> = (0..self.nodes.len())
                .map(|at| released[at] && self.is_in(at, *node))
                .collect();
            !released[*node]
                && row.contains(&1)
                && is_derivable(&rows, &row)
                && !is_derivable(&self.rows(&inside, of), &row)
        })
    }
}

pub(crate) fn scored_items(size: &Size) -> &[u64] {
    size.scored_items.as_ref().unwrap()
}

/// How many of `persons` answered each item, so that everyone answered `each` of them.
fn answers(persons: u64, shares: &[u64], each: u64) -> Vec<u64> {
    let mut items: Vec<u64> = shares.iter().map(|share| persons * share / 10).collect();
    for item in 0..items.len() {
        if items.iter().sum::<u64>() < persons * each {
            items[item] = persons;
        }
    }
    items
}

fn own_size(items: usize) -> impl Strategy<Value = Size> {
    let few = prop_oneof![2 => Just(0_u64), 5 => 1..8_u64, 4 => 8..40_u64];
    let unscored = prop_oneof![4 => 0..3_u64, 1 => 3..9_u64];
    let shares = || {
        let share = prop_oneof![1 => Just(0_u64), 1 => 1..6_u64, 4 => 6..=10_u64];
        prop::collection::vec(share, items)
    };
    (few, unscored, 0..3_u64, shares(), shares(), 0..=10_u64).prop_map(
        |(scored, unscored, none, shares, others, all)| {
            // A score takes half of the items, and who answered gave an answer.
            let of_scored = answers(scored, &shares, (shares.len() as u64).div_ceil(2));
            let of_others = answers(unscored, &others, 1);
            let items = of_scored.iter().zip(&of_others).map(|(a, b)| a + b);
            Size {
                scored,
                answered: scored + unscored,
                responses: scored + unscored + none,
                items: items.collect(),
                complete: of_scored.iter().min().unwrap() * all / 10,
                scored_items: Some(of_scored),
            }
        },
    )
}

/// `count` nodes; everything from the first school down is a school.
pub(crate) fn tree(
    count: usize,
    items: usize,
    wider: bool,
    minimum: [u32; 2],
) -> impl Strategy<Value = Tree> {
    let node = (any::<prop::sample::Index>(), any::<bool>());
    let nodes = prop::collection::vec(node, 1..=count);
    let own = prop::collection::vec(own_size(items), count);
    (nodes, own).prop_map(move |(drawn, mut own)| {
        own.truncate(drawn.len());
        let mut nodes: Vec<Node> = Vec::new();
        for (at, (parent, is_wider)) in drawn.into_iter().enumerate() {
            let parent = (at > 0).then(|| parent.index(at));
            let above = parent.is_none_or(|parent| nodes[parent].reach == Reach::Wider);
            let reach = if wider && above && (at == 0 || is_wider) {
                Reach::Wider
            } else {
                Reach::School
            };
            let minimum = if reach == Reach::Wider {
                minimum[1]
            } else {
                minimum[0]
            };
            nodes.push(Node {
                parent,
                reach,
                minimum,
            });
        }
        Tree { nodes, own }
    })
}

/// Whether `sum`, itself a row, is a combination of `rows`.
fn is_derivable(rows: &[Vec<u64>], sum: &[u64]) -> bool {
    let mut with = rows.to_vec();
    with.push(sum.to_vec());
    rank(with) == rank(rows.to_vec())
}

/// A set of columns about which something follows although `persons` of it is below `minimum`.
///
/// `persons` must grow with the set. Only the largest such sets are tried: what follows about a part follows about the whole.
pub(super) fn leak(rows: &[Vec<u64>], minimum: u64, persons: impl Fn(u32) -> u64) -> Option<u32> {
    let columns = rows.first().map_or(0, Vec::len);
    let follows = |set: u32| lowers_the_rank(rows, |at| set >> at & 1 == 1);
    let small = |set: u32| persons(set) < minimum;
    let is_largest = |set: u32| (0..columns).all(|at| set >> at & 1 == 1 || !small(set | 1 << at));
    (0..1_u32 << columns).find(|set| small(*set) && is_largest(*set) && follows(*set))
}
