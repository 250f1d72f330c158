//! An exact check of disclosure that knows nothing of trees.
//!
//! The released sums are the rows of a matrix over unknown columns. Something about a set of columns follows from them exactly if
//! their row space holds a vector that is zero outside the set: if leaving the set out lowers the rank. Ranks are taken modulo the
//! prime `2^61 - 1`.

const PRIME: u128 = (1 << 61) - 1;

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut result, mut base) = (1_u128, u128::from(base));
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    u64::try_from(result).unwrap()
}

fn times(a: u64, b: u64) -> u64 {
    u64::try_from(u128::from(a) * u128::from(b) % PRIME).unwrap()
}

pub(crate) fn rank(mut rows: Vec<Vec<u64>>) -> usize {
    let prime = u64::try_from(PRIME).unwrap();
    let columns = rows.first().map_or(0, Vec::len);
    let mut found = 0;
    for column in 0..columns {
        let Some(pivot) = (found..rows.len()).find(|row| rows[*row][column] != 0) else {
            continue;
        };
        rows.swap(found, pivot);
        let inverse = power(rows[found][column], prime - 2);
        let (above, below) = rows.split_at_mut(found + 1);
        for row in below {
            let factor = times(row[column], inverse);
            for (value, pivot) in row.iter_mut().zip(&above[found]).skip(column) {
                *value = (*value + prime - times(factor, *pivot)) % prime;
            }
        }
        found += 1;
    }
    found
}

/// The published groups `rows` as rows of zeros and ones over the atoms with somebody in them.
fn matrix(rows: &[&Vec<usize>], persons: &[u64]) -> Vec<Vec<u64>> {
    let row = |group: &&Vec<usize>| {
        let filled = (0..persons.len()).filter(|atom| persons[*atom] > 0);
        filled
            .map(|atom| u64::from(group.contains(&atom)))
            .collect()
    };
    rows.iter().map(row).collect()
}

/// Whether some combination of `rows` that is not zero is zero everywhere but in the columns that are left out.
pub(crate) fn lowers_the_rank(rows: &[Vec<u64>], is_left_out: impl Fn(usize) -> bool) -> bool {
    let outside = |row: &Vec<u64>| {
        let kept = row.iter().enumerate();
        let kept = kept.filter(|(at, _)| !is_left_out(*at));
        kept.map(|(_, value)| *value).collect::<Vec<u64>>()
    };
    rank(rows.to_vec()) > rank(rows.iter().map(outside).collect())
}

/// Whether something about some of `atoms` follows from the sums over the groups `rows` of atoms.
pub(crate) fn follows_about(rows: &[&Vec<usize>], persons: &[u64], atoms: &[usize]) -> bool {
    let filled: Vec<usize> = (0..persons.len())
        .filter(|atom| persons[*atom] > 0)
        .collect();
    let is_left_out = |at: usize| atoms.contains(&filled[at]);
    lowers_the_rank(&matrix(rows, persons), is_left_out)
}

/// Atoms with fewer than `minimum` persons together about which something follows from the sums over `rows`, by trying every largest
/// set of them.
pub(crate) fn leak_of(rows: &[&Vec<usize>], persons: &[u64], minimum: u64) -> Option<Vec<usize>> {
    let filled: Vec<usize> = (0..persons.len())
        .filter(|atom| persons[*atom] > 0)
        .collect();
    let matrix = matrix(rows, persons);
    let small: Vec<usize> = (0..filled.len())
        .filter(|at| persons[filled[*at]] < minimum)
        .collect();
    // Sets still to be grown: the members, the next candidate, and the persons so far.
    let mut open = vec![(Vec::new(), 0, 0)];
    while let Some((set, next, sum)) = open.pop() {
        let Some(at) = small.get(next) else {
            let fits = |at: &usize| !set.contains(at) && sum + persons[filled[*at]] < minimum;
            if !small.iter().any(fits)
                && !set.is_empty()
                && lowers_the_rank(&matrix, |at| set.contains(&at))
            {
                return Some(set.iter().map(|at| filled[*at]).collect());
            }
            continue;
        };
        open.push((set.clone(), next + 1, sum));
        let more: u64 = sum + persons[filled[*at]];
        if more < minimum {
            let mut with = set;
            with.push(*at);
            open.push((with, next + 1, more));
        }
    }
    None
}
