//! From tallies to indicators that may be shown.

use super::columns::{Columns, FormColumns};
use super::counting::Counting;
use super::{GroupReport, Protected, Wanted};
use crate::error::{Error, Result};
use crate::service::definition::Instrument;
use crate::service::indicator::{Reported, Silence, Voice, asked};
use crate::service::organisation::{Protection, usual_protection};
use std::borrow::Cow;
use survey_engine::disclosure::{Decision, Node, Reach, Respondents, Size, minimum, plan};
use survey_engine::tally::Tally;

/// One form with what may be shown of it.
struct FormFigures<'c> {
    columns: &'c FormColumns<'c>,
    asked: Vec<String>,
    /// All rows, and then every group.
    nodes: Vec<NodeFigures<'c>>,
}

/// The rows of one node that answer one form.
struct NodeFigures<'c> {
    population: u64,
    tally: Cow<'c, Tally>,
    /// By scale of the form.
    decisions: Vec<Decision>,
}

/// The indicators of all rows, and then of every group.
pub(super) fn groups(
    instrument: &Instrument,
    columns: &Columns<'_>,
    counting: &Counting<'_>,
    wanted: &Wanted,
) -> Result<Vec<GroupReport>> {
    let groups = counting.groups();
    let forms = columns.forms.iter().enumerate();
    let forms = forms
        .map(|(at, form)| FormFigures::of(form, counting.tallies(at)?, &groups, wanted))
        .collect::<Result<Vec<_>>>()?;
    let names = std::iter::once(None).chain(groups.iter().map(|(name, _)| Some(*name)));
    let reports = names.enumerate().map(|(node, name)| {
        Ok(GroupReport {
            group: name.map(str::to_owned),
            indicators: indicators(instrument, &forms, node)?,
        })
    });
    reports.collect()
}

fn indicators(
    instrument: &Instrument,
    forms: &[FormFigures<'_>],
    node: usize,
) -> Result<Vec<Reported>> {
    let mut reported = Vec::new();
    for indicator in instrument.framework.indicators() {
        let mut voices = Vec::new();
        for form in forms {
            voices.extend(form.voice(indicator.code(), node)?);
        }
        if !voices.is_empty() {
            reported.push(Reported {
                indicator: indicator.clone(),
                voices,
            });
        }
    }
    Ok(reported)
}

impl<'c> FormFigures<'c> {
    fn of(
        columns: &'c FormColumns<'c>,
        (all, groups): (Tally, Vec<Option<&'c Tally>>),
        names: &[(&str, usize)],
        wanted: &Wanted,
    ) -> Result<Self> {
        let id = columns.form.id();
        let labels: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        let mut nodes = vec![NodeFigures {
            population: wanted.population.of_all(id, &labels),
            tally: Cow::Owned(all),
            decisions: Vec::new(),
        }];
        nodes.extend(names.iter().map(|(name, place)| {
            NodeFigures {
                population: wanted.population.of(id, name),
                tally: groups
                    .get(*place)
                    .copied()
                    .flatten()
                    .map_or_else(|| Cow::Owned(Tally::new(columns.blueprint)), Cow::Borrowed),
                decisions: Vec::new(),
            }
        }));
        let mut form = Self {
            asked: asked(columns.form, &columns.selection),
            columns,
            nodes,
        };
        form.decide(wanted.protection)?;
        Ok(form)
    }

    /// Decides for every node and scale whether its figures may be shown: the rows are those of a school, its groups parts of it.
    fn decide(&mut self, protected: Protected) -> Result<()> {
        let fewest = fewest(protected, self.columns.form.group());
        // Without protection nothing is withheld because of what would follow for others.
        let parts = protected != Protected::NotAtAll;
        let node = |at: usize| Node {
            parent: (at > 0 && parts).then_some(0),
            reach: Reach::School,
            minimum: fewest,
        };
        let nodes: Vec<Node> = (0..self.nodes.len()).map(node).collect();
        for scale in 0..self.columns.blueprint.scales().len() {
            let size = |node: &NodeFigures<'_>| {
                Size::of(self.columns.blueprint, &node.tally, scale).unwrap_or_default()
            };
            let sizes: Vec<Size> = self.nodes.iter().map(size).collect();
            let planned = plan(&nodes, &sizes).map_err(Error::internal)?;
            for (node, decision) in self.nodes.iter_mut().zip(planned) {
                node.decisions.push(decision);
            }
        }
        Ok(())
    }

    /// What the rows of a node say on an indicator, if the form asks about it.
    fn voice(&self, indicator: &str, node: usize) -> Result<Option<Voice>> {
        let blueprint = self.columns.blueprint;
        let scale = blueprint.scale_of(indicator);
        let node = self.nodes.get(node);
        let (Some(scale), Some(node)) = (scale, node) else {
            return Ok(None);
        };
        if !self.asked.iter().any(|asked| asked == indicator) {
            return Ok(None);
        }
        let form = self.columns.form;
        let mut voice = Voice::silent(
            form.group(),
            form.id(),
            node.population,
            Silence::NoResponses,
        );
        match node.decisions.get(scale) {
            Some(decision) if node.tally.responses() > 0 => {
                voice.speak(blueprint, &node.tally, scale, decision)?;
            }
            _ => voice.responses = Some(0),
        }
        Ok(Some(voice))
    }
}

/// From how many people on figures are shown.
fn fewest(protected: Protected, group: &str) -> u32 {
    let Protected::AsInASchool {
        respondents,
        minimum: raised,
    } = protected
    else {
        return 1;
    };
    let respondents = match respondents.unwrap_or_else(|| usual_protection(group)) {
        Protection::Adult => Respondents::Adults,
        Protection::Child => Respondents::Learners,
    };
    minimum(respondents, Reach::School, raised)
}
