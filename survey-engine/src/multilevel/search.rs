//! The lowest point of a function of one variable that is not negative.

/// Grid points per factor of ten.
const STEP: f64 = 3.162_277_660_168_379_5;
/// The grid spans sixteen powers of ten.
const POINTS: usize = 33;
const LOWEST: f64 = 1e-6;

/// Where `value` is lowest on `0..`, given its derivative; `None` if it keeps falling.
///
/// `scale` is a typical size of the variable. Every minimum between two points of a grid is found, not only the first, since
/// restricted likelihoods of unbalanced data can have several. Minima closer to each other than half a power of ten may count
/// as one.
pub(super) fn lowest(
    slope: impl Fn(f64) -> f64,
    value: impl Fn(f64) -> f64,
    scale: f64,
) -> Option<f64> {
    let mut best: Option<(f64, f64)> = None;
    let mut offer = |at: f64| {
        let here = value(at);
        if best.is_none_or(|(_, there)| here < there) {
            best = Some((at, here));
        }
    };
    let mut left = (0.0, slope(0.0));
    if left.1 >= 0.0 {
        offer(0.0);
    }
    let mut right = scale * LOWEST;
    let mut points = 0;
    while points < POINTS || left.1 < 0.0 {
        let at = slope(right);
        if !at.is_finite() || !right.is_finite() {
            return None;
        }
        if left.1 < 0.0 && at >= 0.0 {
            offer(root(&slope, left, (right, at)));
        }
        left = (right, at);
        right *= STEP;
        points += 1;
    }
    best.map(|(at, _)| at)
}

/// Where an increasing passage through 0 lies: the Illinois variant of false position, with a halving after every third step.
fn root(slope: impl Fn(f64) -> f64, left: (f64, f64), right: (f64, f64)) -> f64 {
    let ((mut low, mut below), (mut high, mut above)) = (left, right);
    for step in 1..300 {
        if above == 0.0 {
            return high;
        }
        let secant = low - below * (high - low) / (above - below);
        let middle = f64::midpoint(low, high);
        let is_inside = secant > low && secant < high;
        let at = if step % 3 == 0 || !is_inside {
            middle
        } else {
            secant
        };
        if high - low <= 2.0 * f64::EPSILON * high || at <= low || at >= high {
            break;
        }
        let here = slope(at);
        if here < 0.0 {
            (low, below) = (at, here);
            above *= 0.5;
        } else {
            (high, above) = (at, here);
            below *= 0.5;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::lowest;

    #[test]
    fn the_lower_of_two_minima_is_found() {
        // Minima at 1 and 100 of the logarithm, the second lower.
        let slope = |x: f64| (x - 1.0) * (x - 10.0) * (x - 100.0);
        let value = |x: f64| {
            x.powi(4) / 4.0 - 111.0 * x.powi(3) / 3.0 + 1110.0 * x.powi(2) / 2.0 - 1000.0 * x
        };
        let found = lowest(slope, value, 7.0).unwrap();
        assert!((found - 100.0).abs() < 1e-10);
    }

    #[test]
    fn the_boundary_and_an_endless_fall_are_told() {
        assert_eq!(lowest(|_| 1.0, |x| x, 1.0), Some(0.0));
        assert_eq!(lowest(|_| -1.0, |x| -x, 1.0), None);
    }
}
