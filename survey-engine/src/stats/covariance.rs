//! Covariances from exact sums.

/// `(n P - T_1 T_2) / (n (n - 1))` with the sums `T` and the sum of products `P` over `n` persons, rounded once; `None` for fewer than
/// two persons.
pub(crate) fn covariance(n: u64, first: u64, second: u64, product: u64) -> Option<f64> {
    let persons = i128::from(n);
    let scatter = persons * i128::from(product) - i128::from(first) * i128::from(second);
    (n > 1).then(|| scatter as f64 / (n as f64 * (n - 1) as f64))
}
