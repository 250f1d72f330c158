//! Noise for open data: the two-sided geometric mechanism.

/// Two-sided geometric noise: `P(Z = z) = (1 - a) / (1 + a) a^|z|` with `a = exp(-epsilon / sensitivity)`.
///
/// For a release of counts to the world, where nobody can say what else is known about the persons: added to a count that one person
/// changes by at most `sensitivity`, the result is `epsilon`-differentially private. All counts that one person is in share one total
/// `epsilon`: that of a data set is the sum over items and levels. Draw once per release and keep the result, since the noise of
/// repeated draws averages out. Source: Ghosh, Roughgarden and Sundararajan (2012), SIAM Journal on Computing 41.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoSidedGeometric {
    epsilon: f64,
    sensitivity: u32,
}

/// Largest `epsilon` that is taken; beyond it the noise is no protection.
const LARGEST_EPSILON: f64 = 64.0;

/// Smallest `epsilon` that is taken: `2^-16`.
const SMALLEST_EPSILON: f64 = 1.0 / 65536.0;

impl TwoSidedGeometric {
    /// Noise for counts that one person changes by at most `sensitivity`. `None` unless `2^-16 <= epsilon <= 64` and `sensitivity` is
    /// at least 1.
    ///
    /// ```
    /// use survey_engine::disclosure::TwoSidedGeometric;
    /// let noise = TwoSidedGeometric::new(0.5, 1).unwrap();
    /// assert!((noise.alpha() - 0.606_530_66).abs() < 1e-8);
    /// assert_eq!(TwoSidedGeometric::new(0.0, 1), None);
    /// ```
    #[must_use]
    pub fn new(epsilon: f64, sensitivity: u32) -> Option<Self> {
        let taken = (SMALLEST_EPSILON..=LARGEST_EPSILON).contains(&epsilon) && sensitivity > 0;
        taken.then_some(Self {
            epsilon,
            sensitivity,
        })
    }

    /// `a = exp(-epsilon / sensitivity)`, how much less likely each further step from 0 is.
    ///
    /// ```
    /// # use survey_engine::disclosure::TwoSidedGeometric;
    /// assert_eq!(TwoSidedGeometric::new(1.0, 2), TwoSidedGeometric::new(1.0, 2));
    /// assert!((TwoSidedGeometric::new(1.0, 2).unwrap().alpha() - 0.606_530_66).abs() < 1e-8);
    /// ```
    #[must_use]
    pub fn alpha(&self) -> f64 {
        (-self.rate()).exp()
    }

    fn rate(&self) -> f64 {
        self.epsilon / f64::from(self.sensitivity)
    }

    /// Probability of the noise being `z`.
    ///
    /// ```
    /// # use survey_engine::disclosure::TwoSidedGeometric;
    /// let noise = TwoSidedGeometric::new(1.0, 1).unwrap();
    /// assert!((noise.probability(0) - 0.462_117_16).abs() < 1e-8);
    /// assert_eq!(noise.probability(-3), noise.probability(3));
    /// ```
    #[must_use]
    pub fn probability(&self, z: i64) -> f64 {
        // (1 - a) / (1 + a), without cancellation where a is near 1.
        let at_zero = (0.5 * self.rate()).tanh();
        at_zero * (-self.rate() * z.unsigned_abs() as f64).exp()
    }

    /// Variance `2 a / (1 - a)^2`; the mean is 0.
    ///
    /// ```
    /// # use survey_engine::disclosure::TwoSidedGeometric;
    /// assert!((TwoSidedGeometric::new(1.0, 1).unwrap().variance() - 1.841_347_19).abs() < 1e-8);
    /// ```
    #[must_use]
    pub fn variance(&self) -> f64 {
        let distance = -(-self.rate()).exp_m1();
        2.0 * self.alpha() / (distance * distance)
    }

    /// Probability of the noise being `z` or more in absolute value: `2 a^z / (1 + a)`, and 1 for 0.
    ///
    /// ```
    /// # use survey_engine::disclosure::TwoSidedGeometric;
    /// let noise = TwoSidedGeometric::new(0.5, 1).unwrap();
    /// assert_eq!(noise.tail(0), 1.0);
    /// assert!((noise.tail(10) - 0.008_388_196).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn tail(&self, z: u64) -> f64 {
        if z == 0 {
            return 1.0;
        }
        2.0 * (-self.rate() * z as f64).exp() / (1.0 + self.alpha())
    }

    /// Draws from the distribution, exactly: `epsilon` is taken as the binary fraction it is, and only whole numbers are compared. So
    /// there are none of the gaps that rounded logarithms leave, by which noise can be told from data.
    ///
    /// `random` gives 64 random bits at each call, from a generator fit for secrets; the draw ends with probability 1 for such a
    /// source and never for one that always gives the same bits. Source: Canonne, Kamath and Steinke (2020), Advances in Neural
    /// Information Processing Systems 33, algorithms 1 and 2; Mironov (2012), CCS, on the gaps.
    ///
    /// ```
    /// # use survey_engine::disclosure::TwoSidedGeometric;
    /// let noise = TwoSidedGeometric::new(1.0, 1).unwrap();
    /// // A weak source, for the example only.
    /// let mut state = 7_u64;
    /// let mut random = || {
    ///     state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ///     (state >> 32) << 32 | state.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
    /// };
    /// let drawn: Vec<i64> = (0..100).map(|_| noise.sample(&mut random)).collect();
    /// assert!(drawn.iter().any(|z| *z < 0) && drawn.iter().any(|z| *z > 0));
    /// ```
    pub fn sample(&self, mut random: impl FnMut() -> u64) -> i64 {
        let (numerator, denominator) = self.fraction();
        loop {
            let below = uniform(denominator, &mut random);
            if !is_exp(below, denominator, &mut random) {
                continue;
            }
            let mut whole = 0_u128;
            while is_exp(1, 1, &mut random) {
                whole += 1;
            }
            let size = (below + denominator * whole) / numerator;
            let is_negative = random() & 1 == 1;
            if is_negative && size == 0 {
                continue;
            }
            let size = i64::try_from(size).unwrap_or(i64::MAX);
            return if is_negative { -size } else { size };
        }
    }

    /// `epsilon / sensitivity` as a fraction of whole numbers: below `2^60` over below `2^102`.
    fn fraction(&self) -> (u128, u128) {
        let (mut numerator, mut power) = (self.epsilon, 0_u32);
        while numerator.fract() != 0.0 {
            numerator *= 2.0;
            power += 1;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive whole number of 53 bits"
        )]
        let numerator = numerator as u128;
        (numerator, u128::from(self.sensitivity) << power)
    }
}

/// A noisy count as it can be published: never below 0.
///
/// Cutting off at 0 uses no data, so the protection stays as it is. It makes small counts too large on average: totals should be
/// published from noise of their own, not added up from cut-off counts.
///
/// ```
/// use survey_engine::disclosure::non_negative_count;
/// assert_eq!([non_negative_count(4, -7), non_negative_count(4, 3)], [0, 7]);
/// ```
#[must_use]
pub fn non_negative_count(count: u64, noise: i64) -> u64 {
    count.saturating_add_signed(noise)
}

/// A whole number below `bound`, each equally likely.
fn uniform(bound: u128, random: &mut impl FnMut() -> u64) -> u128 {
    let bits = 128 - bound.saturating_sub(1).leading_zeros();
    loop {
        let wide = match bits {
            0..=64 => u128::from(random()),
            _ => u128::from(random()) << 64 | u128::from(random()),
        };
        let drawn = wide & ((1_u128 << bits) - 1);
        if drawn < bound {
            return drawn;
        }
    }
}

/// True with probability `exp(-numerator / denominator)`, for a fraction of at most 1.
fn is_exp(numerator: u128, denominator: u128, random: &mut impl FnMut() -> u64) -> bool {
    let mut trials = 1;
    while uniform(denominator * trials, random) < numerator {
        trials += 1;
    }
    trials % 2 == 1
}
