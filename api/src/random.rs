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
