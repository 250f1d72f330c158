//! Scales, units, weights and measurement.

use survey_engine::calibration::{ReportingScale, Thresholds, score_table};
use survey_engine::dif::{AbilityWeight, test_functioning};
use survey_engine::disclosure::TwoSidedGeometric;
use survey_engine::indicator::{CompositeRule, DomainScore, composite, composite_with_covariances};
use survey_engine::multilevel::{
    AgreementSummary, Area, AreaVariance, area_level, one_way_anova, random_intercept_moments,
    random_intercept_reml, rwg, rwg_j,
};
use survey_engine::reliability::{
    CovarianceMatrix, consistency, cronbach_alpha, feldt_interval, omega_total,
    reliability_coefficient, spearman_brown,
};
use survey_engine::stats::{Moments, Pomp, Probability};
use survey_engine::weighting::{
    FinitePopulation, Kish, Part, ValueSums, design_mean, post_stratify, rake, trim, worst_case,
};

use super::{HOSTILE, finite, pairs, some_moments, triples};

#[test]
fn reliability() {
    for (a, b) in pairs() {
        finite(spearman_brown(a, 2), a);
        finite(spearman_brown(a, 0), a);
        finite(feldt_interval(a, 10, 3, b), (a, b));
        finite(feldt_interval(a, 1 << 40, 3, b), (a, b));
        finite(rwg(a, b), (a, b));
        finite(rwg_j(&[a, 1.0], b), (a, b));
        finite(AgreementSummary::of([a, b, 0.5]), (a, b));
    }
    // Sums that cannot be those of any answers.
    let odd = [0, 1, 5, 100, 1 << 40];
    for (n, sum) in odd.into_iter().flat_map(|n| odd.map(|sum| (n, sum))) {
        for product in odd {
            let (sums, products) = ([sum, 3, 4], [product, 2, 3, 9, 4, 12]);
            finite(cronbach_alpha(n, &sums, &products), (n, sums, products));
            finite(consistency(n, &sums, &products), (n, sums, products));
            finite(omega_total(n, &sums, &products), (n, sums, products));
            finite(
                reliability_coefficient(n, &sums, &products),
                (n, sums, products),
            );
            if let Ok(matrix) = CovarianceMatrix::of_complete(n, &sums, &products) {
                finite(
                    (matrix.alpha(), matrix.average_correlation()),
                    (n, sums, products),
                );
                finite(
                    (matrix.correlation(0, 1), matrix.variance_of_sum()),
                    (n, sums, products),
                );
            }
        }
    }
}

#[test]
fn units() {
    let some = some_moments();
    let plain = Moments {
        n: 9,
        mean: 3.0,
        variance: Some(1.0),
    };
    for (first, second) in some.iter().flat_map(|a| some.iter().map(move |b| (a, b))) {
        let units = [*first, *second, plain];
        finite(one_way_anova(&units), units);
        for model in [
            random_intercept_moments(&units),
            random_intercept_reml(&units),
        ] {
            finite(&model, units);
            for unit in model.iter().flat_map(|model| &model.units) {
                finite(
                    (unit.probability_above(f64::INFINITY), unit.interval(0.95)),
                    units,
                );
            }
        }
    }
    for (a, b, c) in triples() {
        let areas = [
            Area {
                estimate: a,
                variance: b,
            },
            Area {
                estimate: 1.0,
                variance: c,
            },
            Area {
                estimate: 2.0,
                variance: 0.5,
            },
        ];
        for method in [AreaVariance::DerSimonianLaird, AreaVariance::Reml] {
            let model = area_level(&areas, method);
            finite(&model, areas);
            for area in model.iter().flat_map(|model| &model.areas) {
                finite((area.probability_above(a), area.interval(b)), areas);
            }
        }
    }
}

#[test]
fn weights() {
    let part = |cell, weight, values: [Option<f64>; 3]| Part {
        stratum: 0,
        cluster: None,
        cell,
        weight,
        values: ValueSums::of(values),
    };
    for (a, b, c) in triples() {
        finite(worst_case(a, 3, 5, b, c), (a, b, c));
        finite(Kish::of([(a, 2), (b, 1), (c, 3)]), (a, b, c));
        finite(trim(&[(a, 2), (b, 1), (1.0, 3)], c), (a, b, c));
        let parts = [
            part(0, 1.0, [Some(a), Some(1.0), None]),
            part(1, b, [Some(2.0), Some(c), Some(3.0)]),
        ];
        for population in [FinitePopulation::Unlimited, FinitePopulation::Fraction(c)] {
            finite(design_mean(&parts, &[population], 0.95), (a, b, c));
        }
        let cells = [vec![0, 0], vec![1, 1]];
        let margins = [vec![a, b], vec![b, a]];
        for weighting in [
            post_stratify(&parts, &[c, 4.0]),
            rake(&parts, &cells, &margins),
        ] {
            let Ok(weighting) = weighting else { continue };
            finite(
                weighting.mean(&parts, &[FinitePopulation::Unlimited]),
                (a, b, c),
            );
            finite((weighting.kish(&parts), weighting.factor(0)), (a, b, c));
            finite(weighting.weight(&parts[1]), (a, b, c));
        }
    }
}

#[test]
fn measurement() {
    for (a, b, c) in triples() {
        let Ok(thresholds) = Thresholds::new(vec![vec![a, b], vec![c]]) else {
            continue;
        };
        let table = score_table(&thresholds);
        finite(&table, (a, b, c));
        let group = table.separation(&[1, 2, 0, 4]);
        finite(group, (a, b, c));
        finite(group.map(|group| group.targeting(&thresholds)), (a, b, c));
        for theta in HOSTILE {
            finite(thresholds.probabilities(0, theta), (a, b, c, theta));
        }
    }
    for (a, b) in pairs() {
        finite(ReportingScale::new(a, b), (a, b));
        let Some(scale) = ReportingScale::new(0.5, 1.5) else {
            panic!("a sound scale");
        };
        finite((scale.score(a), scale.error(b)), (a, b));
        let there = [
            AbilityWeight {
                theta: a,
                weight: b,
            },
            AbilityWeight {
                theta: 0.0,
                weight: 1.0,
            },
        ];
        finite(
            test_functioning(&[vec![0.0, a]], &[vec![b, 1.0]], &there[1..]),
            (a, b),
        );
        finite(test_functioning(&[vec![0.0]], &[vec![0.5]], &there), (a, b));
        finite(
            TwoSidedGeometric::new(a, 1).map(|noise| (noise.variance(), noise.tail(9))),
            a,
        );
    }
}

#[test]
fn composites() {
    for (a, b, c) in triples() {
        let domain = |weight, error| DomainScore {
            weight,
            score: Pomp::new(40.0),
            standard_error: Some(error),
        };
        let rule = CompositeRule {
            least_weight_share: Probability::new(0.5).unwrap(),
            geometric_floor: c.clamp(1e-300, 100.0),
        };
        let domains = [domain(a, b), domain(1.0, 2.0)];
        finite(composite(&domains, &rule), (a, b, c));
        let covariances = [vec![a, b], vec![b, c]];
        finite(
            composite_with_covariances(&domains, &covariances, &rule),
            (a, b, c),
        );
    }
}
