//! Properties of plans for random trees.

use proptest::prelude::*;
use survey_engine::disclosure::{Decision, FEWEST_SCHOOLS, LARGEST_SHARE, Reach, Reason, Size};

use super::flags;
use super::support::audit;
use super::tree::{Tree, tree};

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
