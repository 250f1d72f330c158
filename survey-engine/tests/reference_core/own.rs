//! The cases of this repository.

use serde_json::Value;
use survey_engine::disclosure::{Node, Reach, Size, plan};
use survey_engine::indicator::{Distribution, Estimate, Reliability, estimate};
use survey_engine::stats::{fisher_quantile, hypergeometric_interval, student_quantile};

use super::support::{one_scale, tally_of};
use super::{close, count, number};

fn cases() -> Value {
    serde_json::from_str(include_str!("core_cases.json")).unwrap()
}

#[test]
fn quantiles() {
    for case in cases()["t_quantile"].as_array().unwrap() {
        let got = student_quantile(number(&case["p"]), number(&case["df"])).unwrap();
        close(got, &case["value"], 1e-12);
        let mirrored = student_quantile(1.0 - number(&case["p"]), number(&case["df"])).unwrap();
        close(-mirrored, &case["value"], 1e-10);
    }
    for case in cases()["f_quantile"].as_array().unwrap() {
        let (df1, df2) = (number(&case["df1"]), number(&case["df2"]));
        close(
            fisher_quantile(number(&case["p"]), df1, df2).unwrap(),
            &case["value"],
            1e-12,
        );
    }
}

#[test]
fn exact_intervals() {
    for case in cases()["hypergeometric"].as_array().unwrap() {
        let [x, n, all] = ["x", "n", "population"].map(|key| count(&case[key]));
        let got = hypergeometric_interval(x, n, all, 0.95).unwrap();
        close(got.lower.value(), &case["interval"][0], 1e-12);
        close(got.upper.value(), &case["interval"][1], 1e-12);
    }
}

#[test]
fn estimates() {
    for case in cases()["estimate"].as_array().unwrap() {
        println!("{}", case["name"]);
        let rows: Vec<Vec<u8>> = serde_json::from_value(case["codes"].clone()).unwrap();
        let reversed: Vec<usize> = serde_json::from_value(case["reversed"].clone()).unwrap();
        let [categories, lowest] =
            ["categories", "lowest"].map(|key| u8::try_from(count(&case[key])).unwrap());
        let blueprint = one_scale(rows[0].len(), categories, lowest, &reversed);
        let tally = tally_of(&blueprint, &rows);
        let node = Node {
            parent: None,
            reach: Reach::School,
            minimum: 5,
        };
        let size = Size::of(&blueprint, &tally, 0).unwrap();
        let decision = plan(&[node], &[size]).unwrap()[0];
        let population = case["population"].as_u64();
        let released = estimate(&blueprint, &tally, 0, &decision, population).unwrap();
        check(released.value().unwrap(), &case["expected"]);
    }
}

fn check(got: &Estimate, expected: &Value) {
    assert_eq!(got.n, count(&expected["n"]));
    assert_eq!(got.responses, count(&expected["responses"]));
    close(got.mean.unwrap().value(), &expected["mean"], 1e-12);
    let interval = got.mean_interval.unwrap();
    close(interval.lower.value(), &expected["mean_interval"][0], 1e-12);
    close(interval.upper.value(), &expected["mean_interval"][1], 1e-12);
    match got.sd {
        Some(sd) => close(sd, &expected["sd"], 1e-12),
        None => assert!(expected["sd"].is_null()),
    }
    close(
        got.favourable.unwrap().value(),
        &expected["favourable"],
        1e-12,
    );
    let interval = got.favourable_interval.unwrap();
    close(
        interval.lower.value(),
        &expected["favourable_interval"][0],
        1e-11,
    );
    close(
        interval.upper.value(),
        &expected["favourable_interval"][1],
        1e-11,
    );
    assert_eq!(
        serde_json::to_value(got.pooled_over).unwrap(),
        expected["pooled_over"]
    );
    let Distribution::Categories(categories) = &got.distribution else {
        panic!("the answers are spread out");
    };
    let counts: Vec<u64> = categories.iter().map(|category| category.count).collect();
    assert_eq!(
        serde_json::to_value(counts).unwrap(),
        expected["distribution"]
    );
    assert_eq!(
        serde_json::to_value(got.missing.value()).unwrap(),
        expected["missing"]
    );
    let Reliability::Alpha { value, interval, n } = got.alpha else {
        panic!("alpha is defined");
    };
    close(value, &expected["alpha"]["value"], 1e-12);
    close(
        interval.unwrap().lower,
        &expected["alpha"]["interval"][0],
        1e-11,
    );
    close(
        interval.unwrap().upper,
        &expected["alpha"]["interval"][1],
        1e-11,
    );
    assert_eq!(n, count(&expected["alpha"]["n"]));
    for (got, expected) in got.items.iter().zip(expected["items"].as_array().unwrap()) {
        let got = got.figures.value().unwrap();
        assert_eq!(got.n_valid, count(&expected["n_valid"]));
        close(got.mean.unwrap().value(), &expected["mean"], 1e-12);
        close(
            got.favourable.unwrap().value(),
            &expected["favourable"],
            1e-12,
        );
        let interval = got.favourable_interval.unwrap();
        close(
            interval.lower.value(),
            &expected["favourable_interval"][0],
            1e-12,
        );
        close(
            interval.upper.value(),
            &expected["favourable_interval"][1],
            1e-12,
        );
    }
}
