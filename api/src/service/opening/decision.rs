//! Which figures of a round may be shown, decided for its whole tree at once and stored beside them.

use super::Tallies;
use crate::error::{Error, Result};
use crate::service::definition::Instrument;
use crate::service::organisation::{Level, Protection};
use crate::service::participation::Tree;
use crate::service::round::{GroupPlan, Round};
use crate::store::rows::TallyRow;
use survey_engine::disclosure::{Decision, Node, Reach, Respondents, Size, plan};
use survey_engine::tally::Tally;

/// Decides for every node, form and scale whether its figures may be shown: the tallies with these decisions.
pub(super) fn decide(
    round: &Round,
    tree: &Tree,
    instrument: &Instrument,
    tallies: &Tallies,
) -> Result<Vec<TallyRow>> {
    let mut rows = Vec::new();
    for group in &round.plan {
        let nodes = nodes(round, tree, group);
        for form in &group.forms {
            let (_, blueprint) = instrument.form(&form.form)?;
            let none = Tally::new(blueprint);
            let of_nodes: Vec<&Tally> = tree
                .nodes()
                .iter()
                .map(|node| {
                    tallies
                        .get(&(node.code.clone(), form.form.clone()))
                        .unwrap_or(&none)
                })
                .collect();
            let mut decisions: Vec<Vec<Decision>> = vec![Vec::new(); nodes.len()];
            for scale in 0..blueprint.scales().len() {
                let sizes: Vec<Size> = of_nodes
                    .iter()
                    .map(|tally| Size::of(blueprint, tally, scale).unwrap_or_default())
                    .collect();
                let planned = plan(&nodes, &sizes).map_err(Error::internal)?;
                for (all, one) in decisions.iter_mut().zip(planned) {
                    all.push(one);
                }
            }
            for ((node, tally), decisions) in tree.nodes().iter().zip(of_nodes).zip(decisions) {
                if tally.responses() == 0 {
                    continue;
                }
                rows.push(TallyRow {
                    tenant: round.tenant,
                    round: round.code.clone(),
                    organisation: node.code.clone(),
                    form: form.form.clone(),
                    content: tally.to_bytes(),
                    decisions: serde_json::to_string(&decisions).map_err(Error::internal)?,
                });
            }
        }
    }
    Ok(rows)
}

/// The tree as the disclosure plan sees it for one group.
fn nodes(round: &Round, tree: &Tree, group: &GroupPlan) -> Vec<Node> {
    let respondents = match group.protection {
        Protection::Adult => Respondents::Adults,
        Protection::Child => Respondents::Learners,
    };
    tree.nodes()
        .iter()
        .map(|node| {
            let reach = match Level::parse(&node.level) {
                Some(level) if !level.is_wider_than_a_school() => Reach::School,
                _ => Reach::Wider,
            };
            Node {
                parent: tree.parent(node),
                reach,
                minimum: round.minimums.effective(respondents, reach),
            }
        })
        .collect()
}
