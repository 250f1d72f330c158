//! What the larger collection says must not be shown.

use serde_json::Value;
use survey_engine::disclosure::Bound::{AtLeast, AtMost, Exactly};
use survey_engine::disclosure::{Node, Reach, Size, bounded_percent, plan};

use super::collection::each;
use super::count;
use super::support::audit;

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
            let got = bounded_percent(favourable, n, n).map(|bound| match bound {
                Exactly(share) => format!("{}", (share.value() + 0.5).floor()),
                AtMost(share) => format!("<={}", share.value()),
                AtLeast(share) => format!(">={}", share.value()),
            });
            assert_eq!(got.as_deref(), shown.as_str());
        }
    });
}
