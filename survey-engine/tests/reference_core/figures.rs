//! Scores, reliabilities, intervals and merged levels of the larger collection.

use serde_json::Value;
use survey_engine::scoring::{Blueprint, ValidShare, favourable_categories};
use survey_engine::stats::{
    Moments, Probability, cronbach_alpha, effective_size, feldt_interval, fisher_quantile,
    mean_interval, normal_quantile, student_quantile, wilson_interval,
};
use survey_engine::tally::Tally;

use super::collection::{Table, each, packed};
use super::support::tally_of;
use super::{close, count, number, whole};

#[test]
fn score_scale() {
    each("score_scale", |case| {
        let (blueprint, rows) = packed(case);
        let tally = tally_of(&blueprint, &rows);
        check_items(case, &blueprint, &tally);
        check_scale(case, &blueprint, &tally);
        let share = share_of(case);
        let (lo, hi) = blueprint.range(0).unwrap();
        let persons = case["expected"]["first_25_person_means"]
            .as_array()
            .unwrap();
        let pomp = case["expected"]["first_25_pomp"].as_array().unwrap();
        for ((row, mean), pomp) in rows.iter().zip(persons).zip(pomp) {
            let one = tally_of(&blueprint, [row]);
            match one.scales()[0].scored_scores(share).next() {
                None => assert!(mean.is_null()),
                Some((answered, sum, _)) => {
                    let steps = f64::from(sum) / f64::from(answered);
                    close(f64::from(lo) + steps, mean, 1e-12);
                    close(100.0 * steps / f64::from(hi - lo), pomp, 1e-12);
                }
            }
        }
    });
}

fn share_of(case: &Value) -> ValidShare {
    let hundredths = (100.0 * number(&case["parameters"]["min_valid_share"])).round();
    ValidShare::new(u32::from(whole(hundredths)), 100).unwrap()
}

fn check_items(case: &Value, blueprint: &Blueprint, tally: &Tally) {
    let (lo, hi) = blueprint.range(0).unwrap();
    let favourable_min = count(&case["parameters"]["favourable_min"]);
    assert_eq!(
        u64::from(hi + 1 - favourable_categories(hi - lo + 1)),
        favourable_min
    );
    let names = case["parameters"]["items"].as_array().unwrap();
    let members = &blueprint.scales()[0].members;
    for ((name, item), member) in names.iter().zip(tally.items()).zip(members) {
        let expected = &case["expected"]["items"][name.as_str().unwrap()];
        assert_eq!(item.valid(), count(&expected["n_valid"]));
        assert_eq!(item.dont_know(), count(&expected["n_dont_know"]));
        assert_eq!(item.not_applicable(), count(&expected["n_not_applicable"]));
        assert_eq!(item.blank(), count(&expected["n_blank"]));
        let mut counts = item.categories().to_vec();
        if member.reversed {
            counts.reverse();
        }
        for (value, got) in (lo..=hi).zip(&counts) {
            assert_eq!(*got, count(&expected["counts_recoded"][value.to_string()]));
        }
        let values = (lo..=hi).map(f64::from).zip(counts.iter().copied());
        let moments = Moments::of(values).unwrap();
        close(moments.mean, &expected["mean"], 1e-12);
        close(moments.variance.unwrap().sqrt(), &expected["sd"], 1e-12);
    }
}

fn check_scale(case: &Value, blueprint: &Blueprint, tally: &Tally) {
    let expected = &case["expected"]["scale"];
    let scale = &tally.scales()[0];
    let (lo, hi) = blueprint.range(0).unwrap();
    let share = share_of(case);
    let scored = scale.scored(share);
    assert_eq!(scored, count(&expected["n_scored"]));
    assert_eq!(tally.responses() - scored, count(&expected["n_unscored"]));
    let steps = scale
        .scored_scores(share)
        .map(|(answered, sum, persons)| (f64::from(sum) / f64::from(answered), persons));
    let moments = Moments::of(steps).unwrap();
    let per_step = 100.0 / f64::from(hi - lo);
    close(f64::from(lo) + moments.mean, &expected["mean"], 1e-12);
    close(moments.variance.unwrap().sqrt(), &expected["sd"], 1e-12);
    close(per_step * moments.mean, &expected["pomp_mean"], 1e-12);
    close(
        per_step * moments.variance.unwrap().sqrt(),
        &expected["pomp_sd"],
        1e-12,
    );
    let pooled = scale.ratio().share().unwrap().percent().value();
    close(pooled, &expected["pct_favourable_pooled"], 1e-12);
}

#[test]
fn reliability_alpha() {
    each("reliability_alpha", |case| {
        let (blueprint, rows) = packed(case);
        let tally = tally_of(&blueprint, &rows);
        let scale = &tally.scales()[0];
        let expected = &case["expected"]["listwise"];
        assert_eq!(scale.listwise(), count(&expected["n"]));
        let alpha = cronbach_alpha(scale.listwise(), scale.sums(), scale.products()).unwrap();
        close(alpha, &expected["alpha"], 1e-12);
        let interval = feldt_interval(alpha, scale.listwise(), scale.items(), 0.95).unwrap();
        close(interval.lower, &expected["feldt_ci95"][0], 1e-10);
        close(interval.upper, &expected["feldt_ci95"][1], 1e-10);
    });
}

#[test]
fn mean_ci() {
    each("mean_ci", |case| {
        let parameters = &case["parameters"];
        let table = Table::of(case);
        let column = table.column(&parameters["variable"]);
        let rows = table.filtered(&parameters["filter"]);
        let values: Vec<(f64, u64)> = rows
            .iter()
            .filter_map(|row| row[column])
            .map(|value| (value, 1))
            .collect();
        let moments = Moments::of(values).unwrap();
        let population = parameters["population_size"].as_u64();
        let expected = &case["expected"];
        assert_eq!(moments.n, count(&expected["n"]));
        close(moments.mean, &expected["mean"], 1e-12);
        close(moments.variance.unwrap().sqrt(), &expected["sd"], 1e-12);
        close(
            moments.standard_error(population).unwrap(),
            &expected["se"],
            1e-11,
        );
        close(
            moments.standard_error(None).unwrap(),
            &expected["se_without_fpc"],
            1e-11,
        );
        let interval =
            mean_interval(&moments, population, number(&parameters["confidence"])).unwrap();
        close(interval.lower, &expected["ci"][0], 1e-12);
        close(interval.upper, &expected["ci"][1], 1e-12);
    });
}

#[test]
fn proportion_ci_wilson() {
    each("proportion_ci_wilson", |case| {
        for expected in case["expected"]["cases"].as_array().unwrap() {
            let (x, n) = (count(&expected["x"]), count(&expected["n"]));
            let p = Probability::new(x as f64 / n as f64).unwrap();
            close(p.value(), &expected["p"], 1e-12);
            let size = expected["N"]
                .as_u64()
                .map_or(Some(n as f64), |all| effective_size(n, all));
            let Some(size) = size else {
                assert!(expected["n_effective"].is_null());
                assert_eq!(expected["low"], expected["high"]);
                continue;
            };
            close(size, &expected["n_effective"], 1e-12);
            let got = wilson_interval(p, size, number(&expected["confidence"])).unwrap();
            close(got.lower.value(), &expected["low"], 1e-11);
            close(got.upper.value(), &expected["high"], 1e-11);
        }
    });
}

#[test]
fn distribution_functions() {
    each("distribution_functions", |case| {
        let (given, expected) = (&case["parameters"], &case["expected"]);
        let pairs = |key: &str| {
            let given = given[key].as_array().unwrap().clone();
            given
                .into_iter()
                .zip(expected[key].as_array().unwrap().clone())
        };
        for (case, value) in pairs("t_quantile") {
            let got = student_quantile(number(&case["p"]), number(&case["df"])).unwrap();
            close(got, &value, 1e-12);
        }
        for (case, value) in pairs("f_quantile") {
            let [p, df1, df2] = ["p", "df1", "df2"].map(|key| number(&case[key]));
            close(fisher_quantile(p, df1, df2).unwrap(), &value, 1e-11);
        }
        for (case, value) in pairs("normal_quantile") {
            close(normal_quantile(number(&case["p"])).unwrap(), &value, 1e-12);
        }
    });
}

#[test]
fn merge_tree() {
    each("merge_tree", |case| {
        let (blueprint, rows) = packed(case);
        let table = Table::of(case);
        let leaf = table.column(&case["parameters"]["leaf"]);
        let mut leaves = vec![Tally::new(&blueprint); 31];
        for (row, fields) in rows.iter().zip(&table.rows) {
            leaves[usize::from(whole(fields[leaf].unwrap()))]
                .add(&blueprint, row)
                .unwrap();
        }
        let mut root = Tally::new(&blueprint);
        for (node, expected) in case["expected"]["nodes"].as_object().unwrap() {
            let node: usize = node.parse().unwrap();
            let mut merged = Tally::new(&blueprint);
            for leaf in &leaves[3 * node - 2..=(3 * node).min(30)] {
                merged.merge(leaf).unwrap();
            }
            check_merged(&merged, expected);
            root.merge(&merged).unwrap();
        }
        check_merged(&root, &case["expected"]["root"]);
        assert_eq!(root, tally_of(&blueprint, &rows));
        let whole = root.clone();
        root.unmerge(&leaves[7]).unwrap();
        assert_ne!(root, whole);
        root.merge(&leaves[7]).unwrap();
        assert_eq!(root.to_bytes(), whole.to_bytes());
    });
}

fn check_merged(tally: &Tally, expected: &Value) {
    let scale = &tally.scales()[0];
    let (n, k) = (scale.listwise(), scale.items() as u64);
    assert_eq!(n, count(&expected["n"]));
    let counts = serde_json::to_value(scale.complete()).unwrap();
    assert_eq!(counts, expected["raw_score_counts"]);
    // Steps count from 0, the case's answers from 1.
    let total: u64 = scale.sums().iter().sum();
    assert_eq!(total + k * n, count(&expected["sum_score_total"]));
    let squares: u64 = scale
        .scores()
        .map(|(_, sum, persons)| (u64::from(sum) + k).pow(2) * persons)
        .sum();
    assert_eq!(squares, count(&expected["sum_score_squares"]));
    let scores = scale
        .scores()
        .map(|(_, sum, n)| (1.0 + f64::from(sum) / k as f64, n));
    let moments = Moments::of(scores).unwrap();
    close(moments.mean, &expected["mean"], 1e-12);
    close(moments.variance.unwrap().sqrt(), &expected["sd"], 1e-12);
    let alpha = cronbach_alpha(n, scale.sums(), scale.products()).unwrap();
    close(alpha, &expected["alpha"], 1e-12);
    let pooled = scale.ratio().share().unwrap().percent().value();
    close(pooled, &expected["pct_favourable_pooled"], 1e-12);
}
