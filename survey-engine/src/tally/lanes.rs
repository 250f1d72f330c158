//! Bytes side by side, which processors add all at once.

/// How many answers are counted at once.
pub(super) const LANES: usize = 16;
/// Bytes from here on stand for the kinds of missing answers.
pub(super) const FIRST_MISSING: u8 = 252;

/// One byte for each of the answers that are counted at once.
pub(super) type Lanes = [u8; LANES];

/// For each of the values from 1 to at most 7, counts in which bytes all of its bits stand.
///
/// That takes a third of the work of comparing, as every bit is looked at once. [`of_values`] makes counts of values of it. The
/// bytes are at most 7, or nobody looks at their counts.
#[expect(
    clippy::inline_always,
    reason = "called for every block: the loop around it keeps its values in registers"
)]
#[inline(always)]
pub(super) fn count_bits<const FEW: usize>(counts: &mut [Lanes; FEW], codes: Lanes) {
    let first = codes.map(|code| code & 1);
    let second = codes.map(|code| code >> 1 & 1);
    let third = codes.map(|code| code >> 2 & 1);
    let both = common(first, second);
    let bits = [
        first,
        second,
        both,
        third,
        common(first, third),
        common(second, third),
        common(both, third),
    ];
    for (counts, bits) in counts.iter_mut().zip(bits) {
        for (count, bit) in counts.iter_mut().zip(bits) {
            *count = count.wrapping_add(bit);
        }
    }
}

#[inline]
fn common(mut bits: Lanes, others: Lanes) -> Lanes {
    for (bit, other) in bits.iter_mut().zip(others) {
        *bit &= other;
    }
    bits
}

/// Puts 0 for the kinds of missing answers.
#[inline]
pub(super) fn without_missing(codes: Lanes) -> Lanes {
    codes.map(|code| if code >= FIRST_MISSING { 0 } else { code })
}

/// From the counts of answers with all bits of a value to those of the value itself: without the values that have more bits.
pub(super) fn of_values(counts: &mut [u64]) {
    for value in (1..=counts.len()).rev() {
        let (lower, higher) = counts.split_at_mut(value);
        let Some(own) = lower.last_mut() else { return };
        for (other, more) in (value + 1..).zip(higher) {
            if other & value == value {
                *own = own.saturating_sub(*more);
            }
        }
    }
}

/// For each of the values from `first` on, counts in which bytes it stands.
#[inline]
pub(super) fn count_values(counts: &mut [Lanes], codes: Lanes, first: u8) {
    for (value, counts) in (first..=u8::MAX).zip(counts) {
        for (count, code) in counts.iter_mut().zip(codes) {
            *count = count.wrapping_add(u8::from(code == value));
        }
    }
}
