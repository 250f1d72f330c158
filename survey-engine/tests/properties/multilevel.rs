//! Properties of units and their shrinkage.

use proptest::prelude::*;
use survey_engine::multilevel::{
    AgreementSummary, Area, AreaVariance, UnitsUndefined, agreement, area_level, one_way_anova,
    random_intercept_moments, random_intercept_reml, rwg_j, uniform_variance,
};
use survey_engine::stats::Moments;

use super::support::{one_scale, tally_of};

fn units() -> impl Strategy<Value = Vec<Moments>> {
    let unit = (1_u64..60, -3.0..3.0_f64, 0.05..4.0_f64);
    prop::collection::vec(unit, 2..20).prop_map(|units| {
        let moments = units.into_iter().map(|(n, mean, variance)| Moments {
            n,
            mean,
            variance: (n > 1).then_some(variance),
        });
        moments.collect()
    })
}

fn areas() -> impl Strategy<Value = Vec<Area>> {
    let area = (-5.0..5.0_f64, 0.01..10.0_f64);
    prop::collection::vec(area, 2..25).prop_map(|areas| {
        let areas = areas.into_iter();
        areas
            .map(|(estimate, variance)| Area { estimate, variance })
            .collect()
    })
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn an_estimate_lies_between_its_unit_and_all(units in units()) {
        let Ok(model) = random_intercept_reml(&units) else {
            prop_assert!(units.iter().all(|unit| unit.n == 1));
            return Ok(());
        };
        prop_assert!(model.tau2 >= 0.0 && model.sigma2 > 0.0 && model.mu_standard_error > 0.0);
        prop_assert_eq!(model.no_differences_found, model.tau2 <= 0.0);
        for (unit, shrunk) in units.iter().zip(&model.units) {
            let (low, high) = (unit.mean.min(model.mu), unit.mean.max(model.mu));
            prop_assert!(low - 1e-9 <= shrunk.estimate && shrunk.estimate <= high + 1e-9);
            prop_assert!((0.0..=1.0).contains(&shrunk.reliability));
            prop_assert!(shrunk.conditional_standard_error <= shrunk.standard_error);
            let interval = shrunk.interval(0.9).unwrap();
            prop_assert!(interval.lower <= shrunk.estimate && shrunk.estimate <= interval.upper);
            let above = shrunk.probability_above(model.mu).unwrap().value();
            prop_assert!((above >= 0.5) == (shrunk.estimate >= model.mu) || near(above, 0.5));
        }
    }

    #[test]
    fn no_variance_nearby_is_more_likely(units in units(), away in 0.5..2.0_f64) {
        let Ok(model) = random_intercept_reml(&units) else { return Ok(()) };
        // The restricted likelihood from its definition, with the best sigma2 for another ratio.
        let ratio = model.tau2 / model.sigma2;
        let log_likelihood = |ratio: f64| {
            let weight = |unit: &Moments| unit.n as f64 / (1.0 + ratio * unit.n as f64);
            let total: f64 = units.iter().map(weight).sum();
            let mu = units.iter().map(|unit| weight(unit) * unit.mean).sum::<f64>() / total;
            let spread: f64 = units
                .iter()
                .map(|unit| {
                    unit.variance.unwrap_or(0.0) * (unit.n - 1) as f64
                        + weight(unit) * (unit.mean - mu).powi(2)
                })
                .sum();
            let degrees = units.iter().map(|unit| unit.n).sum::<u64>() as f64 - 1.0;
            let sizes: f64 = units.iter().map(|unit| (1.0 + ratio * unit.n as f64).ln()).sum();
            -0.5 * (degrees * ((2.0 * std::f64::consts::PI * spread / degrees).ln() + 1.0) + sizes + total.ln())
        };
        let best = model.log_likelihood.unwrap();
        prop_assert!(near(best, log_likelihood(ratio)));
        prop_assert!(best + 1e-9 * best.abs() >= log_likelihood(ratio * away));
        prop_assert!(best + 1e-9 * best.abs() >= log_likelihood(away - 0.5));
    }

    #[test]
    fn order_shift_and_unit_of_measurement_make_no_difference(
        units in units(), shift in -50.0..50.0_f64, factor in 0.1..20.0_f64
    ) {
        let other: Vec<Moments> = units
            .iter()
            .rev()
            .map(|unit| Moments {
                mean: unit.mean * factor + shift,
                variance: unit.variance.map(|variance| variance * factor * factor),
                ..*unit
            })
            .collect();
        prop_assert_eq!(one_way_anova(&units).is_ok(), one_way_anova(&other).is_ok());
        let (Ok(one), Ok(two)) = (one_way_anova(&units), one_way_anova(&other)) else {
            return Ok(());
        };
        prop_assert!(near(one.icc1.unwrap(), two.icc1.unwrap()));
        prop_assert!(near(one.p.unwrap().value(), two.p.unwrap().value()));
        let (one, two) = (random_intercept_reml(&units).unwrap(), random_intercept_reml(&other).unwrap());
        prop_assert!((one.intraclass_correlation() - two.intraclass_correlation()).abs() < 1e-6);
        prop_assert!((one.mu * factor + shift - two.mu).abs() < 1e-6 * (1.0 + factor));
    }

    #[test]
    fn equal_sizes_make_both_variances_agree(means in prop::collection::vec(-2.0..2.0_f64, 2..15), n in 2_u64..30) {
        let units: Vec<Moments> = means
            .iter()
            .map(|mean| Moments { n, mean: *mean, variance: Some(1.0) })
            .collect();
        let moments = random_intercept_moments(&units).unwrap();
        let reml = random_intercept_reml(&units).unwrap();
        if moments.tau2 > 0.0 {
            prop_assert!(near(moments.tau2, reml.tau2) && near(moments.sigma2, reml.sigma2));
        } else {
            prop_assert!(reml.no_differences_found);
        }
        let anova = one_way_anova(&units).unwrap();
        prop_assert!(near(anova.k0, n as f64) && near(anova.mean_unit_size, n as f64));
        if moments.tau2 > 0.0 {
            // ICC(2) is the reliability of every unit.
            prop_assert!(near(anova.icc2.unwrap(), moments.units[0].reliability));
        }
    }

    #[test]
    fn areas_are_drawn_towards_the_mean(areas in areas()) {
        for method in [AreaVariance::DerSimonianLaird, AreaVariance::Reml] {
            let model = area_level(&areas, method).unwrap();
            prop_assert!(model.tau2 >= 0.0);
            for (area, shrunk) in areas.iter().zip(&model.areas) {
                let (low, high) = (area.estimate.min(model.mu), area.estimate.max(model.mu));
                prop_assert!(low - 1e-9 <= shrunk.estimate && shrunk.estimate <= high + 1e-9);
                let interval = shrunk.interval(0.95).unwrap();
                prop_assert!(interval.lower <= shrunk.estimate && shrunk.estimate <= interval.upper);
                if model.no_differences_found {
                    prop_assert!(near(shrunk.standard_error, model.mu_standard_error) && near(shrunk.estimate, model.mu));
                }
            }
        }
    }

    #[test]
    fn agreement_lies_between_nothing_and_all(rows in prop::collection::vec((1_u8..6, 1_u8..6, 1_u8..6), 0..30)) {
        let packed: Vec<Vec<u8>> = rows.iter().map(|(a, b, c)| vec![*a, *b, *c]).collect();
        let tally = tally_of(&one_scale(3, 5, 1, &[1]), &packed);
        let found = agreement(&tally.scales()[0], uniform_variance(5));
        prop_assert_eq!(found.is_some(), rows.len() > 1);
        let Some(found) = found else { return Ok(()) };
        prop_assert!((0.0..=1.0).contains(&found.rwg_j));
        prop_assert!(found.items.iter().all(|rwg| (0.0..=1.0).contains(rwg)));
        // From the answers themselves.
        let of = |answer: fn(&(u8, u8, u8)) -> u8| {
            Moments::of(rows.iter().map(|row| (f64::from(answer(row)), 1))).unwrap().variance.unwrap()
        };
        let variances = [of(|row| row.0), of(|row| row.1), of(|row| row.2)];
        prop_assert!(near(found.rwg_j, rwg_j(&variances, 2.0).unwrap()));
        let summary = AgreementSummary::of([found.rwg_j, found.rwg_j]).unwrap();
        prop_assert!(near(summary.median, summary.mean));
    }
}

#[test]
fn what_cannot_be_told_has_a_reason() {
    let unit = |n, mean, variance| Moments { n, mean, variance };
    let alone = [unit(5, 1.0, Some(1.0))];
    assert_eq!(one_way_anova(&alone), Err(UnitsUndefined::TooFewUnits));
    // A unit of nobody does not count as a second one.
    let nobody = [unit(5, 1.0, Some(1.0)), unit(0, 0.0, None)];
    assert_eq!(one_way_anova(&nobody), Err(UnitsUndefined::TooFewUnits));
    let single = [unit(1, 1.0, None), unit(1, 2.0, None)];
    assert_eq!(
        random_intercept_reml(&single),
        Err(UnitsUndefined::NoReplication)
    );
    let uniform = [unit(4, 0.1 + 0.2, Some(0.0)), unit(4, 2.0, Some(0.0))];
    assert_eq!(
        random_intercept_reml(&uniform),
        Err(UnitsUndefined::NoVarianceWithin)
    );
    let anova = one_way_anova(&uniform).unwrap();
    assert_eq!(
        (anova.f, anova.icc1, anova.icc2),
        (None, Some(1.0), Some(1.0))
    );
    let same = [unit(4, 2.0, Some(0.0)), unit(9, 2.0, Some(0.0))];
    let anova = one_way_anova(&same).unwrap();
    assert_eq!((anova.f, anova.icc1, anova.icc2), (None, None, None));
    let known = |variance| Area {
        estimate: 1.0,
        variance,
    };
    assert_eq!(
        area_level(&[known(1.0), known(0.0)], AreaVariance::Reml),
        Err(UnitsUndefined::NoKnownVariance)
    );
    assert_eq!(
        area_level(&[known(1.0)], AreaVariance::Reml),
        Err(UnitsUndefined::TooFewUnits)
    );
}

#[test]
fn a_unit_of_nobody_gets_the_mean_of_all() {
    let unit = |n, mean, variance| Moments { n, mean, variance };
    let units = [
        unit(10, 2.0, Some(1.0)),
        unit(10, 4.0, Some(1.0)),
        unit(0, 99.0, None),
    ];
    let model = random_intercept_reml(&units).unwrap();
    assert!((model.mu - 3.0).abs() < 1e-12);
    let nobody = model.units[2];
    assert_eq!((nobody.mean, nobody.reliability), (None, 0.0));
    assert!((nobody.estimate - 3.0).abs() < 1e-12);
    assert!((nobody.conditional_standard_error.powi(2) - model.tau2).abs() < 1e-12);
}
