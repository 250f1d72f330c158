//! The engine against results that other software computed.
//!
//! `reference/core_cases.json` is written by the script beside it. A larger collection of public data sets with results from R is
//! not part of this repository; where it is present its cases are checked as well.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod support;

use std::path::PathBuf;

use serde_json::Value;
use support::{one_scale, tally_of};
use survey_engine::disclosure::{Node, Reach, Size, bounded_percent, plan};
use survey_engine::indicator::{Distribution, Estimate, Reliability, estimate};
use survey_engine::scoring::{Blueprint, ValidShare, favourable_categories};
use survey_engine::stats::{
    Moments, Probability, cronbach_alpha, effective_size, feldt_interval, fisher_quantile,
    hypergeometric_interval, mean_interval, normal_quantile, student_quantile, wilson_interval,
};
use survey_engine::tally::Tally;

/// Within `relative` of `expected`, or `relative` of 1 where that is larger.
fn close(got: f64, expected: &Value, relative: f64) {
    let expected = expected
        .as_f64()
        .unwrap_or_else(|| panic!("{got} where {expected} was expected"));
    let allowed = relative * expected.abs().max(1.0);
    assert!(
        (got - expected).abs() <= allowed,
        "got {got}, expected {expected}"
    );
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// A count that was read as a floating point number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the data hold small whole numbers"
)]
fn whole(value: f64) -> u8 {
    assert!(
        (0.0..=255.0).contains(&value) && value.fract() == 0.0,
        "{value}"
    );
    value as u8
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

mod own {
    use super::*;

    fn cases() -> Value {
        serde_json::from_str(include_str!("reference/core_cases.json")).unwrap()
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
        close(got.mean.value(), &expected["mean"], 1e-12);
        let interval = got.mean_interval.unwrap();
        close(interval.lower.value(), &expected["mean_interval"][0], 1e-12);
        close(interval.upper.value(), &expected["mean_interval"][1], 1e-12);
        match got.sd {
            Some(sd) => close(sd, &expected["sd"], 1e-12),
            None => assert!(expected["sd"].is_null()),
        }
        close(got.favourable.value(), &expected["favourable"], 1e-12);
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
        let Distribution::Categories(categories) = &got.distribution else {
            panic!("the answers are spread out");
        };
        let counts: Vec<u64> = categories.iter().map(|category| category.count).collect();
        assert_eq!(
            serde_json::to_value(counts).unwrap(),
            expected["distribution"]
        );
        assert_eq!(
            serde_json::to_value(got.missing).unwrap(),
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
            close(got.mean.value(), &expected["mean"], 1e-12);
            close(got.favourable.value(), &expected["favourable"], 1e-12);
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
}

mod shared {
    use super::support::audit;
    use super::*;

    fn folder() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/reference")
    }

    /// Calls `check` with every case of `method`; says so where the collection is absent.
    fn each(method: &str, check: impl Fn(&Value)) {
        let Ok(files) = std::fs::read_dir(folder()) else {
            println!("skipped: no {}", folder().display());
            return;
        };
        let mut found = 0;
        for path in files.map(|file| file.unwrap().path()) {
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let case: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                if case["method"] == method {
                    println!("{}", case["id"]);
                    check(&case);
                    found += 1;
                }
            }
        }
        assert!(found > 0, "no case of {method}");
    }

    /// Columns of a case's data; an empty field is `None`.
    struct Table {
        header: Vec<String>,
        rows: Vec<Vec<Option<f64>>>,
    }

    impl Table {
        fn of(case: &Value) -> Self {
            let file = folder().join(case["input_csv"].as_str().unwrap());
            let text = std::fs::read_to_string(file).unwrap();
            let mut lines = text.lines();
            let header = lines
                .next()
                .unwrap()
                .split(',')
                .map(str::to_owned)
                .collect();
            let rows = lines.map(|line| line.split(',').map(|field| field.parse().ok()).collect());
            Self {
                header,
                rows: rows.collect(),
            }
        }

        fn column(&self, name: &Value) -> usize {
            self.header
                .iter()
                .position(|header| name == header)
                .unwrap()
        }

        /// The rows for which a filter of the form `column==number` holds.
        fn filtered(&self, filter: &Value) -> Vec<&Vec<Option<f64>>> {
            let condition = filter.as_str().map(|filter| {
                let (name, value) = filter.split_once("==").unwrap();
                (
                    self.column(&Value::from(name)),
                    value.parse::<f64>().unwrap(),
                )
            });
            let holds = |row: &&Vec<Option<f64>>| {
                condition.is_none_or(|(column, value)| row[column] == Some(value))
            };
            self.rows.iter().filter(holds).collect()
        }
    }

    /// A case's items as a form, and its rows as packed answers.
    fn packed(case: &Value) -> (Blueprint, Vec<Vec<u8>>) {
        let parameters = &case["parameters"];
        let names = parameters["items"].as_array().unwrap();
        let reversed: Vec<usize> = parameters["reverse"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| names.iter().position(|item| item == name).unwrap())
            .collect();
        let [lo, hi] =
            ["scale_min", "scale_max"].map(|key| u8::try_from(count(&parameters[key])).unwrap());
        let is_in = |code: f64, key: &str| {
            parameters[key]
                .as_array()
                .is_some_and(|codes| codes.contains(&Value::from(whole(code))))
        };
        let encode = |field: Option<f64>| match field {
            None => 0,
            Some(code) if is_in(code, "dont_know_codes") => 255,
            Some(code) if is_in(code, "not_applicable_codes") => 254,
            Some(code) => whole(code) - lo + 1,
        };
        let table = Table::of(case);
        let columns: Vec<usize> = names.iter().map(|name| table.column(name)).collect();
        let rows = table.filtered(&parameters["filter"]);
        let rows = rows
            .iter()
            .map(|row| columns.iter().map(|at| encode(row[*at])).collect());
        (
            one_scale(names.len(), hi - lo + 1, lo, &reversed),
            rows.collect(),
        )
    }

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

    #[test]
    fn suppression_of_trees() {
        each("suppression_table", |case| {
            let Some(tree) = Tree::of(&case["parameters"]) else {
                println!("not a tree");
                return;
            };
            let minimum = u32::try_from(count(&case["parameters"]["minimum_n"])).unwrap();
            let node = |parent| Node {
                parent,
                reach: Reach::School,
                minimum,
            };
            let nodes: Vec<Node> = tree.parents.iter().map(|parent| node(*parent)).collect();
            let size = |n: &u64| Size {
                scored: *n,
                answered: *n,
                responses: *n,
                items: vec![*n],
            };
            let sizes: Vec<Size> = tree.sizes.iter().map(size).collect();
            let decisions = plan(&nodes, &sizes).unwrap();
            let withheld = |name: &str| {
                let at = tree.names.iter().position(|other| other == name).unwrap();
                !decisions[at].is_release()
            };
            let expected = &case["expected"];
            let primary = expected["primary"].as_array().unwrap();
            assert!(primary.iter().all(|name| withheld(name.as_str().unwrap())));
            let total = decisions
                .iter()
                .filter(|decision| !decision.is_release())
                .count();
            let secondary = (total - primary.len()) as u64;
            assert!(secondary <= count(&expected["minimum_secondary_count"]) + 1);
            let rows: Vec<Vec<u64>> = tree
                .atoms
                .iter()
                .zip(&decisions)
                .filter(|(_, decision)| decision.is_release())
                .map(|(atoms, _)| atoms.clone())
                .collect();
            let persons = |set: u32| {
                let chosen = tree
                    .atom_sizes
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| set >> at & 1 == 1);
                chosen.map(|(_, n)| n).sum::<u64>()
            };
            assert_eq!(audit::leak(&rows, u64::from(minimum), persons), None);
        });
    }

    /// A table of sums whose cells lie in each other or apart.
    struct Tree {
        names: Vec<String>,
        parents: Vec<Option<usize>>,
        sizes: Vec<u64>,
        /// Per cell: 1 for the atoms in it.
        atoms: Vec<Vec<u64>>,
        atom_sizes: Vec<u64>,
    }

    impl Tree {
        fn of(table: &Value) -> Option<Self> {
            let atoms = table["atoms"].as_array().unwrap();
            let atom_sizes: Vec<u64> = atoms.iter().map(|atom| count(&atom["n"])).collect();
            let mut cells: Vec<(String, Vec<u64>)> = Vec::new();
            for cell in table["cells"].as_array().unwrap() {
                let inside = cell["atoms"].as_array().unwrap();
                let row = atoms
                    .iter()
                    .map(|atom| u64::from(inside.contains(&atom["name"])));
                cells.push((cell["name"].as_str().unwrap().to_owned(), row.collect()));
            }
            cells.sort_by_key(|(_, row)| std::cmp::Reverse(row.iter().sum::<u64>()));
            let common = |a: &[u64], b: &[u64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<u64>();
            let mut parents = Vec::new();
            for (at, (_, row)) in cells.iter().enumerate() {
                let own: u64 = row.iter().sum();
                let above = &cells[..at];
                if above
                    .iter()
                    .any(|(_, other)| ![0, own].contains(&common(row, other)))
                {
                    return None;
                }
                parents.push(
                    above
                        .iter()
                        .rposition(|(_, other)| common(row, other) == own),
                );
            }
            let sizes = cells
                .iter()
                .map(|(_, row)| common(row, &atom_sizes))
                .collect();
            let (names, atoms) = cells.into_iter().unzip();
            Some(Self {
                names,
                parents,
                sizes,
                atoms,
                atom_sizes,
            })
        }
    }

    #[test]
    fn extreme_percent_mask() {
        each("extreme_percent_mask", |case| {
            let shown = case["expected"]["display"].as_array().unwrap();
            for (given, shown) in case["parameters"]["cases"]
                .as_array()
                .unwrap()
                .iter()
                .zip(shown)
            {
                let (favourable, n) = (count(&given["favourable"]), count(&given["n"]));
                let got = bounded_percent(favourable, n, n).map(|bound| {
                    use survey_engine::disclosure::Bound::{AtLeast, AtMost, Exactly};
                    match bound {
                        Exactly(share) => format!("{}", (share.value() + 0.5).floor()),
                        AtMost(share) => format!("<={}", share.value()),
                        AtLeast(share) => format!(">={}", share.value()),
                    }
                });
                assert_eq!(got.as_deref(), shown.as_str());
            }
        });
    }
}
