//! No combination of what is released is about fewer persons than the minimum.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod support;

use proptest::prelude::*;
use support::audit;
use survey_engine::disclosure::{
    Decision, FEWEST_SCHOOLS, LARGEST_SHARE, Node, PlanError, Reach, Reason, Size, plan,
};

/// A tree with the persons that belong to each node directly.
#[derive(Debug, Clone)]
struct Tree {
    nodes: Vec<Node>,
    own: Vec<Size>,
}

impl Tree {
    /// Sizes with everything below.
    fn sizes(&self) -> Vec<Size> {
        let below = |at: usize| (at..self.nodes.len()).filter(move |node| self.is_in(*node, at));
        let sum =
            |at: usize, of: &dyn Fn(&Size) -> u64| below(at).map(|node| of(&self.own[node])).sum();
        let size = |at: usize| Size {
            scored: sum(at, &|size| size.scored),
            answered: sum(at, &|size| size.answered),
            responses: sum(at, &|size| size.responses),
            items: (0..self.own[at].items.len())
                .map(|item| sum(at, &|size| size.items[item]))
                .collect(),
        };
        (0..self.nodes.len()).map(size).collect()
    }

    fn is_in(&self, node: usize, above: usize) -> bool {
        node == above
            || self.nodes[node]
                .parent
                .is_some_and(|parent| self.is_in(parent, above))
    }

    fn plan(&self) -> Vec<Decision> {
        plan(&self.nodes, &self.sizes()).unwrap()
    }

    /// The sum over a node: 1 for every node in it whose own persons `of` counts.
    fn row(&self, node: usize, of: impl Fn(&Size) -> u64) -> Vec<u64> {
        let here = |at: usize| u64::from(self.is_in(at, node) && of(&self.own[at]) > 0);
        (0..self.nodes.len()).map(here).collect()
    }

    fn rows(&self, released: &[bool], of: impl Fn(&Size) -> u64) -> Vec<Vec<u64>> {
        let shown = (0..self.nodes.len()).filter(|node| released[*node]);
        shown.map(|node| self.row(node, &of)).collect()
    }

    /// A set of persons, as nodes, about whom something follows although they are too few.
    fn leak(&self, released: &[bool], minimum: u64, of: impl Fn(&Size) -> u64) -> Option<u32> {
        let chosen = |set: u32| (0..self.nodes.len()).filter(move |at| set >> at & 1 == 1);
        let persons = |set| chosen(set).map(|at| of(&self.own[at])).sum();
        audit::leak(&self.rows(released, &of), minimum, persons)
    }

    /// A withheld node whose scores follow from the others', other than by adding up what is released of it.
    fn derivable(&self, released: &[bool]) -> Option<usize> {
        let of = |size: &Size| size.scored;
        let rows = self.rows(released, of);
        (0..self.nodes.len()).find(|node| {
            let row = self.row(*node, of);
            let inside: Vec<bool> = (0..self.nodes.len())
                .map(|at| released[at] && self.is_in(at, *node))
                .collect();
            !released[*node]
                && row.contains(&1)
                && audit::is_derivable(&rows, &row)
                && !audit::is_derivable(&self.rows(&inside, of), &row)
        })
    }
}

fn own_size(items: usize) -> impl Strategy<Value = Size> {
    let few = prop_oneof![2 => Just(0_u64), 5 => 1..8_u64, 4 => 8..40_u64];
    let shares = prop::collection::vec(
        prop_oneof![1 => Just(0_u64), 1 => 1..6_u64, 4 => 6..=10_u64],
        items,
    );
    (few, 0..3_u64, 0..3_u64, shares).prop_map(|(scored, half, none, shares)| {
        let answered = scored + half;
        let mut items: Vec<u64> = shares.iter().map(|share| answered * share / 10).collect();
        // A score takes half of the items, and who answered gave an answer.
        let needed = scored * (items.len() as u64).div_ceil(2) + half;
        for item in 0..items.len() {
            if items.iter().sum::<u64>() < needed {
                items[item] = answered;
            }
        }
        Size {
            scored,
            answered,
            responses: answered + none,
            items,
        }
    })
}

/// `count` nodes; everything from the first school down is a school.
fn tree(count: usize, items: usize, wider: bool, minimum: [u32; 2]) -> impl Strategy<Value = Tree> {
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

fn flags(decisions: &[Decision]) -> Vec<bool> {
    decisions.iter().map(Decision::is_release).collect()
}

/// Whether a combination of the released pooled and item figures is about fewer than `minimum` persons.
fn items_leak(tree: &Tree, decisions: &[Decision], minimum: u64) -> Option<u32> {
    let items = tree.own[0].items.len();
    let unknown = |node: usize, wanted: Option<usize>| {
        let each = tree.own.iter().enumerate().flat_map(move |(at, size)| {
            size.items.iter().enumerate().map(move |(item, n)| {
                let counts = tree.is_in(at, node) && wanted.is_none_or(|wanted| wanted == item);
                u64::from(counts && *n > 0)
            })
        });
        each.collect::<Vec<u64>>()
    };
    let mut rows = Vec::new();
    for (node, decision) in decisions.iter().enumerate() {
        let Decision::Release(permit) = decision else {
            continue;
        };
        rows.push(unknown(node, None));
        if permit.items() {
            rows.extend((0..items).map(|item| unknown(node, Some(item))));
        }
    }
    // At least so many persons gave the answers in a set. In each node: who answered its most answered item, and all who did
    // not answer the other items only.
    let persons = |set: u32| {
        let least = |(at, size): (usize, &Size)| {
            let chosen = |item: &usize| set >> (at * items + item) & 1 == 1;
            let most = (0..items).filter(chosen).map(|item| size.items[item]).max();
            let others: u64 = (0..items)
                .filter(|item| !chosen(item))
                .map(|item| size.items[item])
                .sum();
            most.map_or(0, |most| most.max(size.answered.saturating_sub(others)))
        };
        tree.own.iter().enumerate().map(least).sum()
    };
    audit::leak(&rows, minimum, persons)
}

proptest! {
    #[test]
    fn nothing_follows_about_too_few(tree in tree(9, 1, false, [5, 5])) {
        let released = flags(&tree.plan());
        prop_assert_eq!(tree.leak(&released, 5, |size| size.scored), None);
        prop_assert_eq!(tree.leak(&released, 5, |size| size.answered), None);
        prop_assert_eq!(tree.leak(&released, 5, |size| size.responses), None);
        prop_assert_eq!(tree.derivable(&released), None);
    }

    #[test]
    fn nor_across_organisations(tree in tree(9, 1, true, [5, 10])) {
        let decisions = tree.plan();
        let released = flags(&decisions);
        prop_assert_eq!(tree.leak(&released, 5, |size| size.scored), None);
        prop_assert_eq!(tree.leak(&released, 5, |size| size.responses), None);
        prop_assert_eq!(tree.derivable(&released), None);
        // What a wider node shows beyond the released nodes below it is about ten persons or nobody.
        for (at, node) in tree.nodes.iter().enumerate() {
            let below: Vec<bool> = (0..tree.nodes.len())
                .map(|other| released[other] && tree.is_in(other, at))
                .collect();
            if released[at] && node.reach == Reach::Wider {
                let covered = |person: usize| {
                    (0..tree.nodes.len()).any(|other| other != at && below[other] && tree.is_in(person, other))
                };
                let rest: u64 = (0..tree.nodes.len())
                    .filter(|person| tree.is_in(*person, at) && !covered(*person))
                    .map(|person| tree.own[person].scored)
                    .sum();
                prop_assert!(rest == 0 || rest >= 10, "{} persons beyond what is below {}", rest, at);
            }
        }
    }

    #[test]
    fn nor_about_items(tree in tree(4, 3, false, [5, 5])) {
        prop_assert_eq!(items_leak(&tree, &tree.plan(), 5), None);
    }

    #[test]
    fn nor_about_items_in_larger_trees(tree in tree(7, 2, false, [5, 5])) {
        prop_assert_eq!(items_leak(&tree, &tree.plan(), 5), None);
    }

    #[test]
    fn nothing_is_withheld_without_need(tree in tree(8, 1, false, [5, 5])) {
        let decisions = tree.plan();
        for (node, decision) in decisions.iter().enumerate() {
            let Decision::Withhold(withheld) = decision else { continue };
            let scored = tree.sizes()[node].scored;
            match withheld.reason {
                Reason::NoResponses => prop_assert_eq!(tree.sizes()[node].answered, 0),
                Reason::BelowMinimum => prop_assert!(scored < 5),
                Reason::Complementary => {
                    let mut more = flags(&decisions);
                    more[node] = true;
                    let leaks = tree.leak(&more, 5, |size| size.scored).is_some()
                        || tree.leak(&more, 5, |size| size.answered).is_some()
                        || tree.leak(&more, 5, |size| size.responses).is_some()
                        || tree.derivable(&more).is_some();
                    prop_assert!(leaks, "node {} could have been released", node);
                }
                other => prop_assert!(false, "{:?} in a school", other),
            }
        }
    }

    #[test]
    fn released_nodes_are_large_and_not_dominated(tree in tree(9, 2, true, [5, 10])) {
        let sizes = tree.sizes();
        for (at, decision) in tree.plan().iter().enumerate() {
            let Decision::Release(permit) = decision else { continue };
            prop_assert_eq!(permit.minimum(), tree.nodes[at].minimum);
            prop_assert!(sizes[at].scored >= u64::from(permit.minimum()));
            if permit.items() {
                let minimum = u64::from(permit.minimum());
                prop_assert!(sizes[at].items.iter().all(|n| *n == 0 || *n >= minimum));
            }
            if tree.nodes[at].reach == Reach::Wider && tree.own[at].scored < sizes[at].scored {
                let organisations = (at..tree.nodes.len()).filter(|node| tree.is_in(*node, at)).map(|node| {
                    let parent = tree.nodes[node].parent;
                    let top = parent.is_none_or(|parent| tree.nodes[parent].reach == Reach::Wider);
                    match tree.nodes[node].reach {
                        Reach::Wider => tree.own[node].scored,
                        Reach::School if top => sizes[node].scored,
                        Reach::School => 0,
                    }
                });
                let organisations: Vec<u64> = organisations.filter(|n| *n > 0).collect();
                prop_assert!(organisations.len() as u64 >= FEWEST_SCHOOLS);
                let largest = organisations.iter().max().unwrap();
                prop_assert!(largest * 100 <= sizes[at].scored * LARGEST_SHARE);
            }
        }
    }

    #[test]
    fn decisions_are_stored_and_read_back(tree in tree(6, 2, true, [5, 10])) {
        let decisions = tree.plan();
        let stored = serde_json::to_string(&decisions).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Decision>>(&stored).unwrap(), decisions);
    }
}

fn size(n: u64) -> Size {
    Size {
        scored: n,
        answered: n,
        responses: n,
        items: vec![n, n],
    }
}

fn node(parent: Option<usize>, reach: Reach) -> Node {
    Node {
        parent,
        reach,
        minimum: if reach == Reach::Wider { 10 } else { 5 },
    }
}

/// Per node `None` for a release, else the reason.
fn reasons(nodes: &[Node], sizes: &[u64]) -> Vec<Option<Reason>> {
    let sizes: Vec<Size> = sizes.iter().map(|n| size(*n)).collect();
    let reason = |decision: &Decision| match decision {
        Decision::Release(_) => None,
        Decision::Withhold(withheld) => Some(withheld.reason),
    };
    plan(nodes, &sizes).unwrap().iter().map(reason).collect()
}

/// A community of schools.
fn community(schools: usize) -> Vec<Node> {
    let mut nodes = vec![node(None, Reach::Wider)];
    nodes.extend(vec![node(Some(0), Reach::School); schools]);
    nodes
}

#[test]
fn a_small_school_takes_the_smallest_other_with_it() {
    let hidden = [
        None,
        None,
        Some(Reason::BelowMinimum),
        None,
        None,
        Some(Reason::Complementary),
    ];
    assert_eq!(reasons(&community(5), &[99, 25, 4, 18, 40, 12]), hidden);
}

#[test]
fn of_equal_schools_the_later_is_withheld() {
    let hidden = [
        None,
        Some(Reason::BelowMinimum),
        None,
        Some(Reason::Complementary),
    ];
    assert_eq!(reasons(&community(3), &[44, 4, 20, 20]), hidden);
}

#[test]
fn empty_schools_are_no_secret() {
    assert_eq!(
        reasons(&community(4), &[60, 20, 0, 20, 20]),
        [None, None, Some(Reason::NoResponses), None, None]
    );
}

#[test]
fn a_community_needs_three_schools_and_no_giant() {
    assert_eq!(
        reasons(&community(2), &[60, 30, 30])[0],
        Some(Reason::TooFewSchools)
    );
    assert_eq!(
        reasons(&community(3), &[60, 30, 30, 0])[0],
        Some(Reason::TooFewSchools)
    );
    assert_eq!(reasons(&community(3), &[100, 70, 15, 15])[0], None);
    assert_eq!(
        reasons(&community(3), &[101, 71, 15, 15])[0],
        Some(Reason::Dominance)
    );
}

#[test]
fn employers_of_a_community_are_its_own() {
    // Only direct respondents: no aggregate of organisations.
    assert_eq!(reasons(&community(3), &[12, 0, 0, 0])[0], None);
    // Beside two schools they are the third organisation.
    assert_eq!(reasons(&community(2), &[60, 20, 20])[0], None);
    // Too few of them would follow from the schools.
    assert_eq!(
        reasons(&community(3), &[63, 20, 20, 20]),
        [None, None, None, Some(Reason::Complementary)]
    );
}

#[test]
fn units_below_a_withheld_school_do_not_give_it_away() {
    let mut nodes = community(3);
    nodes.push(node(Some(3), Reach::School));
    nodes.push(node(Some(3), Reach::School));
    // The third school must not follow from the community, and its units must not add up to it.
    assert_eq!(
        reasons(&nodes, &[47, 25, 4, 18, 10, 8]),
        [
            None,
            None,
            Some(Reason::BelowMinimum),
            Some(Reason::Complementary),
            None,
            Some(Reason::Complementary)
        ]
    );
}

#[test]
fn a_node_that_cannot_be_protected_is_withheld_itself() {
    // The school is its only unit, and the round asks more of units.
    let strict = Node {
        parent: Some(0),
        reach: Reach::School,
        minimum: 10,
    };
    assert_eq!(
        reasons(&[node(None, Reach::School), strict], &[7, 7]),
        [Some(Reason::Complementary), Some(Reason::BelowMinimum)]
    );
}

#[test]
fn items_are_shown_together_or_not_at_all() {
    let nodes = [
        node(None, Reach::School),
        node(Some(0), Reach::School),
        node(Some(0), Reach::School),
    ];
    let with = |items: [u64; 2]| Size {
        items: items.to_vec(),
        ..size(20)
    };
    let both = Size {
        items: vec![40, 24],
        ..size(40)
    };
    let decisions = plan(&nodes, &[both, with([20, 20]), with([20, 4])]).unwrap();
    let items: Vec<bool> = decisions
        .iter()
        .map(|decision| matches!(decision, Decision::Release(permit) if permit.items()))
        .collect();
    // The second unit's second item is too small, and would follow from the school's less the first unit's.
    assert!(flags(&decisions).iter().all(|released| *released));
    assert_eq!(items, [true, false, false]);
}

#[test]
fn an_item_that_nobody_was_shown_hides_nothing() {
    let nodes = [None, Some(0), Some(0), Some(0)].map(|parent| node(parent, Reach::School));
    let with = |n: u64, second: u64| Size {
        items: vec![n, second, 0],
        ..size(n)
    };
    let sizes = [with(60, 44), with(20, 20), with(20, 4), with(20, 20)];
    let decisions = plan(&nodes, &sizes).unwrap();
    let shows =
        |decision: &Decision| matches!(decision, Decision::Release(permit) if permit.items());
    // The school's items less the first unit's are about 4 + 20 persons.
    assert_eq!(
        decisions.iter().map(shows).collect::<Vec<_>>(),
        [true, true, false, false]
    );
}

#[test]
fn arguments_that_contradict_each_other_are_refused() {
    let nodes = community(2);
    assert_eq!(
        plan(&nodes, &[size(1)]),
        Err(PlanError::Sizes { nodes: 3, sizes: 1 })
    );
    assert_eq!(
        plan(&nodes, &[size(9), size(5), size(5)]),
        Err(PlanError::Disagree(0))
    );
    let contradiction = Size {
        responses: 3,
        ..size(4)
    };
    assert_eq!(
        plan(&nodes[..1], &[contradiction]),
        Err(PlanError::Contradiction(0))
    );
    let forward = [node(Some(1), Reach::School), node(None, Reach::School)];
    assert_eq!(
        plan(&forward, &[size(1), size(1)]),
        Err(PlanError::Parent(0))
    );
    let upside_down = [node(None, Reach::School), node(Some(0), Reach::Wider)];
    assert_eq!(
        plan(&upside_down, &[size(1), size(1)]),
        Err(PlanError::Reach(1))
    );
}
