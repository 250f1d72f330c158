//! The one source of randomness: the operating system's generator.

/// `N` bytes nobody can predict.
///
/// # Panics
/// Where the operating system has no randomness to give: going on would hand out guessable tokens.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "randomness is read here and nowhere else, and there is no safe way on without it"
    )]
    getrandom::fill(&mut bytes).expect("the operating system gives no randomness");
    bytes
}

/// A random (version 4) UUID in its usual text form.
#[must_use]
pub fn uuid() -> String {
    uuid::Builder::from_random_bytes(bytes())
        .into_uuid()
        .to_string()
}

/// Puts `items` in an order nobody can predict (Fisher and Yates, unbiased by rejection).
pub fn shuffle<T>(items: &mut [T]) {
    for i in (1..items.len()).rev() {
        items.swap(i, below(i + 1));
    }
}

/// A number from 0 up to but not including `bound`; 0 where `bound` is 0.
fn below(bound: usize) -> usize {
    let bound = bound as u64;
    if bound < 2 {
        return 0;
    }
    let limit = u64::MAX - u64::MAX % bound;
    loop {
        let drawn = u64::from_le_bytes(bytes());
        if drawn < limit {
            return usize::try_from(drawn % bound).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_every_item_and_reaches_every_order() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..1_000 {
            let mut items = [1, 2, 3];
            shuffle(&mut items);
            assert_eq!(items.iter().sum::<i32>(), 6);
            seen.insert(items);
        }
        assert_eq!(seen.len(), 6);
    }
}
