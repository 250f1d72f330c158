//! Counts that add up from the lowest level to the highest.

use serde_json::{Map, Value, json};
use survey_engine::indicator::summarize;
use survey_engine::reliability::cronbach_alpha;
use survey_engine::scoring::{Rule, ValidShare};
use survey_engine::tally::Tally;

use super::Method;
use super::case::Case;
use super::expression;
use super::parameters::Parameters;
use super::scale::Scale;
use super::table::levels;

pub(crate) const METHODS: &[(&str, Method)] = &[("merge_tree", merge_tree)];

/// Leaves, each with the name of the node it belongs to.
type Leaves = Vec<(String, Tally)>;

fn merge_tree(case: &Case, parameters: &mut Parameters<'_>) -> Result<Value, String> {
    let scale = Scale::of(case, parameters)?;
    parameters.one_of("missing", &["listwise"])?;
    let everything = ValidShare::new(1, 1).ok_or("no share")?;
    let rule = Rule::standard(scale.categories)
        .with_valid_share(everything)
        .favourable_from(parameters.number("favourable_min")? - scale.lowest);
    let column = parameters.text("leaf")?;
    let leaves = leaves(&scale, column, parameters.text("node")?)?;
    let mut root = Tally::new(&scale.blueprint);
    let mut nodes = Map::new();
    for name in levels(leaves.iter().map(|(node, _)| node.as_str())) {
        let own = leaves.iter().filter(|(node, _)| node == name);
        let node = merged(&scale, own.map(|(_, leaf)| leaf))?;
        merge(&mut root, &node)?;
        nodes.insert(name.to_owned(), figures(&scale, &node, &rule)?);
    }
    check_orders(&scale, &root, &leaves)?;
    check_removal(&root, &leaves)?;
    Ok(json!({ "nodes": nodes, "root": figures(&scale, &root, &rule)? }))
}

/// The persons with every item, by the value of `column`. `node` is an expression in `leaf`, or the column that names the node.
fn leaves(scale: &Scale, column: &str, node: &str) -> Result<Leaves, String> {
    let is_complete = |at: usize| {
        let mut codes = scale.rows[at].iter();
        codes.all(|code| (1..=scale.categories).contains(code))
    };
    let labels = scale.table.texts(column)?;
    let each = levels(labels.iter().flatten().copied()).into_iter();
    if let Ok(nodes) = scale.table.texts(node) {
        // A leaf that lies in several nodes is a leaf of each.
        let mut leaves = Leaves::new();
        for label in each {
            let own = nodes.iter().zip(&labels);
            let own = own.filter_map(|(node, leaf)| node.filter(|_| *leaf == Some(label)));
            for node in levels(own) {
                let is_own = |at: usize| labels[at] == Some(label) && nodes[at] == Some(node);
                let tally = scale.tally_of(|at| is_complete(at) && is_own(at))?;
                leaves.push((node.to_owned(), tally));
            }
        }
        return Ok(leaves);
    }
    each.map(|label| {
        let leaf = label.parse();
        let leaf = leaf.map_err(|_| format!("{column}: {label:?} is no number"))?;
        let tally = scale.tally_of(|at| is_complete(at) && labels[at] == Some(label))?;
        Ok((expression::whole(node, column, leaf)?.to_string(), tally))
    })
    .collect()
}

fn merge(sum: &mut Tally, part: &Tally) -> Result<(), String> {
    sum.merge(part).map_err(|error| error.to_string())
}

fn merged<'a>(scale: &Scale, parts: impl IntoIterator<Item = &'a Tally>) -> Result<Tally, String> {
    let mut sum = Tally::new(&scale.blueprint);
    for part in parts {
        merge(&mut sum, part)?;
    }
    Ok(sum)
}

/// The root has the same bytes whichever way the leaves are put together, and without any levels.
fn check_orders(scale: &Scale, root: &Tally, leaves: &Leaves) -> Result<(), String> {
    let forwards = merged(scale, leaves.iter().map(|(_, leaf)| leaf))?;
    let backwards = merged(scale, leaves.iter().rev().map(|(_, leaf)| leaf))?;
    let mut pairs: Vec<Tally> = leaves.iter().map(|(_, leaf)| leaf.clone()).collect();
    while pairs.len() > 1 {
        let halves = pairs.chunks(2).map(|pair| merged(scale, pair));
        pairs = halves.collect::<Result<_, _>>()?;
    }
    let in_pairs = merged(scale, &pairs)?;
    for (order, sum) in [
        ("forwards", forwards),
        ("backwards", backwards),
        ("in pairs", in_pairs),
    ] {
        if sum.to_bytes() != root.to_bytes() {
            return Err(format!("merging {order} gives other bytes"));
        }
    }
    Ok(())
}

/// Taking out any leaf and putting it back restores the root.
fn check_removal(root: &Tally, leaves: &Leaves) -> Result<(), String> {
    let mut sum = root.clone();
    for (_, leaf) in leaves {
        sum.unmerge(leaf).map_err(|error| error.to_string())?;
        if leaf.responses() > 0 && sum == *root {
            return Err("taking out a leaf changes nothing".to_owned());
        }
        merge(&mut sum, leaf)?;
        if sum.to_bytes() != root.to_bytes() {
            return Err("taking out a leaf and putting it back gives other bytes".to_owned());
        }
    }
    Ok(())
}

fn figures(scale: &Scale, tally: &Tally, rule: &Rule) -> Result<Value, String> {
    let summary = summarize(&scale.blueprint, tally, 0, rule);
    let summary = summary.map_err(|error| error.to_string())?;
    let counts = &tally.scales()[0];
    let offset = scale.lowest * counts.items() as f64;
    let (mut total, mut squares) = (0.0, 0.0);
    for (_, steps, persons) in counts.scores() {
        let sum = f64::from(steps) + offset;
        total += sum * persons as f64;
        squares += sum * sum * persons as f64;
    }
    let alpha = cronbach_alpha(counts.listwise(), counts.sums(), counts.products());
    Ok(json!({
        "n": counts.listwise(),
        "sum_score_total": total,
        "sum_score_squares": squares,
        "mean": summary.mean.map(|steps| scale.lowest + steps),
        "sd": summary.sd,
        "alpha": alpha.ok(),
        "pct_favourable_pooled": summary.favourable.pooled,
        "raw_score_counts": counts.complete(),
    }))
}
