//! The rules, one by one.

use survey_engine::disclosure::{Decision, Node, PlanError, Reach, Reason, Size, plan};

use super::flags;

fn size(n: u64) -> Size {
    Size {
        scored: n,
        answered: n,
        responses: n,
        items: vec![n, n],
        scored_items: Some(vec![n, n]),
        complete: n,
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
        scored_items: Some(items.to_vec()),
        complete: items[1],
        ..size(20)
    };
    let both = Size {
        items: vec![40, 24],
        scored_items: Some(vec![40, 24]),
        complete: 24,
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
        scored_items: Some(vec![n, second, 0]),
        complete: 0,
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
