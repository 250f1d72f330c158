//! What an attacker makes of an order: a guess for every response, and how good the guesses are.

use std::collections::BTreeMap;

/// An order in which an attacker finds the responses of a round, each known by the person (0 to n - 1, in the order of answering) who
/// really gave it.
pub(crate) type Order = Vec<usize>;

/// How well one way of looking did, over all runs.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    linked: Vec<f64>,
    correlations: Vec<f64>,
}

impl Tally {
    /// Adds a run: the attacker says that the i-th response of the order is the i-th person's.
    pub(crate) fn add(&mut self, order: &Order) {
        let people = order.len() as f64;
        let right = order
            .iter()
            .enumerate()
            .filter(|(at, person)| at == *person);
        self.linked.push(right.count() as f64 / people);
        self.correlations.push(rank_correlation(order));
    }

    /// Share of the responses that were linked to the right person.
    pub(crate) fn linked(&self) -> f64 {
        mean(&self.linked)
    }

    /// Mean rank correlation between the order of answering and the order found.
    pub(crate) fn correlation(&self) -> f64 {
        mean(&self.correlations)
    }

    /// How many runs were played.
    pub(crate) fn runs(&self) -> usize {
        self.linked.len()
    }

    /// Whether the attacker does better than somebody who guesses: a share above 1/n by three standard errors (a random order puts
    /// one response right on average, with variance one), or a rank correlation beyond 0.05.
    pub(crate) fn beats_guessing(&self, people: usize) -> bool {
        let chance = 1.0 / people as f64;
        self.linked() > chance + 3.0 * chance / (self.runs() as f64).sqrt()
            || self.correlation().abs() > 0.05
    }
}

/// Ways of looking, by name.
pub(crate) type Tallies = BTreeMap<&'static str, Tally>;

/// Adds one run of every way of looking that found all responses.
pub(crate) fn add(tallies: &mut Tallies, orders: BTreeMap<&'static str, Order>) {
    for (name, order) in orders {
        tallies.entry(name).or_default().add(&order);
    }
}

/// Spearman's rank correlation of an order without ties with 0, 1, ..., n - 1: 1 - 6 sum of squared differences / (n (n^2 - 1)).
fn rank_correlation(order: &Order) -> f64 {
    let count = order.len() as f64;
    let differences = order
        .iter()
        .enumerate()
        .map(|(at, person)| (at as f64 - *person as f64).powi(2));
    1.0 - 6.0 * differences.sum::<f64>() / (count * (count * count - 1.0))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The order in which these keys first occur in some bytes, as positions in `keys`; `None` unless every one occurs.
pub(crate) fn order_in(bytes: &[u8], keys: &[Vec<u8>]) -> Option<Order> {
    let mut places = Vec::with_capacity(keys.len());
    for (person, key) in keys.iter().enumerate() {
        places.push((find(bytes, key)?, person));
    }
    places.sort_unstable();
    Some(places.into_iter().map(|(_, person)| person).collect())
}

/// Where a needle first occurs.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, needle)
}

#[test]
fn an_attacker_is_judged_by_right_guesses_and_by_order() {
    let mut perfect = Tally::default();
    perfect.add(&(0..60).collect());
    assert!((perfect.linked() - 1.0).abs() < 1e-12 && (perfect.correlation() - 1.0).abs() < 1e-12);
    assert!(perfect.beats_guessing(60));
    let mut backwards = Tally::default();
    backwards.add(&(0..60).rev().collect());
    assert!(
        (backwards.correlation() + 1.0).abs() < 1e-12,
        "reversed order is order too"
    );
    assert!(backwards.beats_guessing(60));
    assert_eq!(
        order_in(
            b"..bb..aa..cc",
            &[b"aa".to_vec(), b"bb".to_vec(), b"cc".to_vec()]
        ),
        Some(vec![1, 0, 2])
    );
    assert_eq!(order_in(b"..bb", &[b"aa".to_vec(), b"bb".to_vec()]), None);
}
