//! Weighted means of units, and how the units lie about them.

/// Sums over units of value `y` and weight `w`.
pub(super) struct Weighted {
    /// `sum w y / sum w`.
    pub(super) mean: f64,
    /// `sum w`.
    pub(super) weight: f64,
    /// `sum w^2`.
    pub(super) squared: f64,
    /// `sum w^2 (y - mean)^2`.
    pub(super) leverage: f64,
    /// `sum w (y - mean)^2`.
    pub(super) spread: f64,
}

impl Weighted {
    /// Of pairs of weight and value.
    pub(super) fn of(units: impl Iterator<Item = (f64, f64)> + Clone) -> Self {
        let sums = units.clone();
        let (weight, first) = sums.fold((0.0, 0.0), |(all, sum), (w, y)| (all + w, sum + w * y));
        let mean = first / weight;
        let mut found = Self {
            mean,
            weight,
            squared: 0.0,
            leverage: 0.0,
            spread: 0.0,
        };
        for (w, y) in units {
            let distance = w * (y - mean);
            found.squared += w * w;
            found.leverage += distance * distance;
            found.spread += distance * (y - mean);
        }
        found
    }
}
