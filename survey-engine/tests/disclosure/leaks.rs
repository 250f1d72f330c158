//! Properties of plans for random trees.

use proptest::prelude::*;
use survey_engine::disclosure::{
    Decision, FEWEST_SCHOOLS, LARGEST_SHARE, Permit, Reach, Reason, Size, Table, plan,
};

use super::flags;
use super::tree::{Tree, leak, scored_items, tree};

/// Some answers of the persons of a node: of those with a score or of the others, to an item.
#[derive(Clone, Copy)]
struct Answers {
    node: usize,
    scored: bool,
    item: usize,
}

fn counts(size: &Size, scored: bool) -> Vec<u64> {
    let of_scored = scored_items(size).to_vec();
    if scored {
        return of_scored;
    }
    let items = size.items.iter().zip(of_scored);
    items.map(|(all, of_scored)| all - of_scored).collect()
}

/// Whether a combination of the released figures is about fewer than `minimum` persons: the means, of persons with a score, and the
/// pooled and item figures, with or without the others.
fn figures_leak(tree: &Tree, decisions: &[Decision], minimum: u64) -> Option<u32> {
    let items = tree.own[0].items.len();
    let all = (0..tree.nodes.len()).flat_map(|node| {
        let both = [true, false].into_iter();
        both.flat_map(move |scored| (0..items).map(move |item| Answers { node, scored, item }))
    });
    let some: Vec<Answers> = all
        .filter(|some| counts(&tree.own[some.node], some.scored)[some.item] > 0)
        .collect();
    let row = |at: usize, others: bool, item: Option<usize>| -> Vec<u64> {
        let counts = |some: &Answers| {
            let shown = (some.scored || others) && item.is_none_or(|item| item == some.item);
            u64::from(tree.is_in(some.node, at) && shown)
        };
        some.iter().map(counts).collect()
    };
    let mut rows = Vec::new();
    for (at, decision) in decisions.iter().enumerate() {
        let Decision::Release(permit) = decision else {
            continue;
        };
        rows.push(row(at, false, None));
        rows.push(row(at, permit.unscored(), None));
        if permit.items() {
            rows.extend((0..items).map(|item| row(at, permit.unscored(), Some(item))));
        }
    }
    // At least so many persons gave the answers in a set. In each node: who answered its most answered item, and all who did
    // not answer the other items only.
    let least = |node: usize, scored: bool, set: u32| {
        let size = &tree.own[node];
        let persons = if scored {
            size.scored
        } else {
            size.answered - size.scored
        };
        let counts = counts(size, scored);
        let is_chosen = |item: usize| {
            let mut chosen = some.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
            chosen.any(|(_, some)| some.node == node && some.scored == scored && some.item == item)
        };
        let (chosen, others): (Vec<usize>, Vec<usize>) =
            (0..items).partition(|item| is_chosen(*item));
        let most = chosen.iter().map(|item| counts[*item]).max();
        let others: u64 = others.iter().map(|item| counts[*item]).sum();
        most.map_or(0, |most| most.max(persons.saturating_sub(others)))
    };
    let persons = |set: u32| {
        let both = |node: usize| least(node, true, set) + least(node, false, set);
        (0..tree.nodes.len()).map(both).sum()
    };
    leak(&rows, minimum, persons)
}

/// The released sums of some persons as a table of atoms, which are the nodes' own persons.
fn table(tree: &Tree, of: impl Fn(&Size) -> u64) -> Table {
    let cells = (0..tree.nodes.len()).map(|node| {
        let inside = (0..tree.nodes.len()).filter(|at| tree.is_in(*at, node));
        inside.collect()
    });
    Table::new(tree.own.iter().map(of).collect(), cells.collect()).unwrap()
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

    /// Any choice of released nodes: the plan's own test, the audit of tables and the audit of the tests agree.
    #[test]
    fn audits_of_trees_agree(tree in tree(9, 1, false, [5, 5]), flags in prop::collection::vec(any::<bool>(), 9)) {
        let flags = &flags[..tree.nodes.len()];
        let scored = table(&tree, |size| size.scored);
        let tried = tree.leak(flags, 5, |size| size.scored).is_some();
        prop_assert_eq!(!scored.audit(flags, 5).is_safe(), tried);
    }

    #[test]
    fn what_is_planned_passes_the_audit_of_tables(tree in tree(30, 1, true, [5, 10])) {
        let released = flags(&tree.plan());
        for of in [|size: &Size| size.scored, |size: &Size| size.answered, |size: &Size| size.responses] {
            prop_assert!(table(&tree, of).audit(&released, 5).is_safe());
        }
        let decisions = tree.plan();
        let permits = |wanted: fn(&Permit) -> bool| -> Vec<bool> {
            decisions.iter().map(|decision| matches!(decision, Decision::Release(permit) if wanted(permit))).collect()
        };
        let unscored = table(&tree, |size| size.answered - size.scored);
        prop_assert!(unscored.audit(&permits(Permit::unscored), 5).is_safe());
        let incomplete = table(&tree, |size| size.responses - size.complete);
        prop_assert!(incomplete.audit(&permits(Permit::missing), 5).is_safe());
        for (size, permit) in tree.sizes().iter().zip(&decisions) {
            let Decision::Release(permit) = permit else { continue };
            let minimum = u64::from(permit.minimum());
            let unscored = size.answered - size.scored;
            prop_assert!(!permit.unscored() || unscored == 0 || unscored >= minimum);
            prop_assert!(permit.unscored() || unscored > 0);
            let incomplete = size.responses - size.complete;
            prop_assert!(!permit.missing() || incomplete == 0 || incomplete >= minimum);
        }
    }

    /// A scale of so many items that it is not known who answered which: everybody's answers, or nothing.
    #[test]
    fn wide_scales_are_safe_with_everyone(tree in tree(9, 1, false, [5, 5])) {
        let sizes: Vec<Size> = tree.sizes().into_iter().map(|size| Size { scored_items: None, ..size }).collect();
        let decisions = plan(&tree.nodes, &sizes).unwrap();
        let released = flags(&decisions);
        prop_assert_eq!(tree.leak(&released, 5, |size| size.scored), None);
        prop_assert_eq!(tree.leak(&released, 5, |size| size.answered - size.scored), None);
        for decision in &decisions {
            prop_assert!(!matches!(decision, Decision::Release(permit) if !permit.unscored()));
        }
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
                let shown = if permit.unscored() { sizes[at].items.clone() } else { scored_items(&sizes[at]).to_vec() };
                prop_assert!(shown.iter().all(|n| *n == 0 || *n >= minimum));
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nor_about_items(tree in tree(3, 3, false, [5, 5])) {
        prop_assert_eq!(figures_leak(&tree, &tree.plan(), 5), None);
    }

    #[test]
    fn nor_about_items_in_larger_trees(tree in tree(5, 2, false, [5, 5])) {
        prop_assert_eq!(figures_leak(&tree, &tree.plan(), 5), None);
    }

    #[test]
    fn nor_about_persons_without_a_score(tree in tree(8, 1, false, [5, 5])) {
        prop_assert_eq!(figures_leak(&tree, &tree.plan(), 5), None);
    }
}
