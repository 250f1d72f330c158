//! Exact linear algebra over the integers modulo the prime `2^61 - 1`.
//!
//! A rank modulo a prime is never above the rational rank, and below it only if the prime divides every largest minor that is not
//! zero: for a table of zeros and ones that nobody makes up to that end this does not happen.

const PRIME: u64 = (1 << 61) - 1;

/// Vectors of equal length.
pub(super) type Rows = Vec<Vec<u64>>;

pub(super) fn product(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "factors below 2^61 have a product below 2^122, of which each half fits"
    )]
    let (low, high) = ((wide & u128::from(PRIME)) as u64, (wide >> 61) as u64);
    let sum = low + high;
    if sum >= PRIME { sum - PRIME } else { sum }
}

pub(super) fn negative(a: u64) -> u64 {
    if a == 0 { 0 } else { PRIME - a }
}

pub(super) fn sum(a: u64, b: u64) -> u64 {
    let sum = a + b;
    if sum >= PRIME { sum - PRIME } else { sum }
}

/// The inverse of a number that is not 0, after Fermat.
pub(super) fn inverse(a: u64) -> u64 {
    let (mut result, mut base, mut exponent) = (1, a, PRIME - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = product(result, base);
        }
        base = product(base, base);
        exponent >>= 1;
    }
    result
}

/// Adds `factor` times `other` to `row`.
pub(super) fn add_multiple(row: &mut [u64], factor: u64, other: &[u64]) {
    for (value, other) in row.iter_mut().zip(other) {
        if *other != 0 {
            *value = sum(*value, product(factor, *other));
        }
    }
}

pub(super) fn entry(row: &[u64], column: usize) -> u64 {
    row.get(column).copied().unwrap_or_default()
}

/// Multiplies `row` so that its entry in `column` is 1.
fn scale_to_one(row: &mut [u64], column: usize) {
    let factor = inverse(entry(row, column));
    for value in row {
        *value = product(*value, factor);
    }
}

/// A basis of the span of `rows` in reduced echelon form, with pivots sought in the order of `columns`, and the pivot of each of
/// its vectors. What lies in other columns is carried along; vectors that are zero in all of `columns` come last, without pivot.
pub(super) fn reduced(rows: &mut Rows, columns: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut pivots = Vec::new();
    for column in columns {
        let done = pivots.len();
        let below = rows.iter().skip(done);
        let Some(found) = below
            .enumerate()
            .find(|(_, row)| entry(row, column) != 0)
            .map(|(at, _)| at + done)
        else {
            continue;
        };
        rows.swap(done, found);
        let Some(mut pivot) = rows.get_mut(done).map(std::mem::take) else {
            break;
        };
        scale_to_one(&mut pivot, column);
        for row in rows.iter_mut() {
            let factor = negative(entry(row, column));
            if factor != 0 {
                add_multiple(row, factor, &pivot);
            }
        }
        if let Some(place) = rows.get_mut(done) {
            *place = pivot;
        }
        pivots.push(column);
        if pivots.len() == rows.len() {
            break;
        }
    }
    pivots
}

/// A basis of the vectors in the span of `rows` that are zero in all of `columns`, not reduced in any way.
pub(super) fn vanishing(mut rows: Rows, columns: impl IntoIterator<Item = usize>) -> Rows {
    let used = reduced(&mut rows, columns).len();
    rows.split_off(used.min(rows.len()))
}

/// Whether all entries are 0.
pub(super) fn is_zero(row: &[u64]) -> bool {
    row.iter().all(|value| *value == 0)
}
