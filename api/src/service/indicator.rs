//! Indicators of an organisation in a round: from stored tallies to estimates that may be shown.

use super::Caller;
use super::definition::Instrument;
use super::organisation::Organisation;
use super::round::{Round, Status};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::store::rows::{ParticipationRow, TallyRow};
use crate::store::{Side, on};
use std::sync::Arc;
use survey_engine::disclosure::{Decision, Reason};
use survey_engine::indicator::{Estimate, estimate};
use survey_engine::questionnaire::{Form, Indicator, ModuleSelection};
use survey_engine::scoring::Blueprint;
use survey_engine::tally::Tally;

/// Why a voice shows no figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// The round has not closed.
    NotOpened,
    /// Nobody has answered.
    NoResponses,
    /// Fewer people have answered than a figure must stand for.
    BelowMinimum,
    /// Together with other figures it would reveal a group that is too small.
    Complementary,
    /// Too few schools are behind it.
    TooFewSchools,
    /// One school is most of it.
    Dominance,
}

impl From<Reason> for Silence {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::NoResponses => Self::NoResponses,
            Reason::Complementary => Self::Complementary,
            Reason::TooFewSchools => Self::TooFewSchools,
            Reason::Dominance => Self::Dominance,
            // A reason that is not known here is treated like the strictest.
            _ => Self::BelowMinimum,
        }
    }
}

/// What one group says on one indicator.
#[derive(Debug, Clone)]
pub struct Voice {
    /// The group.
    pub group: String,
    /// The form through which it was asked.
    pub form: String,
    /// People invited; 0 where nobody knows.
    pub invited: u64,
    /// People who answered the form, as far as may be told: `None` while nothing of the round may be shown, or while there are
    /// some, and fewer than the minimum.
    pub responses: Option<u64>,
    /// From how many people on figures are shown.
    pub minimum: Option<u32>,
    /// The figures, or why there are none.
    pub figures: std::result::Result<Estimate, Silence>,
}

/// One indicator with its voices.
#[derive(Debug, Clone)]
pub struct Reported {
    /// The indicator.
    pub indicator: Indicator,
    /// One voice for every form that asks about it.
    pub voices: Vec<Voice>,
}

/// How a form stands at an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    /// The group.
    pub group: String,
    /// The form.
    pub form: String,
    /// People invited.
    pub invited: u64,
    /// People flagged as having answered.
    pub answered: u64,
}

/// The indicators of an organisation in a round.
pub struct Report {
    /// The organisation.
    pub organisation: Organisation,
    /// The round.
    pub round: Round,
    /// Its questionnaire and framework.
    pub instrument: Arc<Instrument>,
    /// How each form stands.
    pub participation: Vec<Participation>,
    /// The indicators, in the order of the framework.
    pub indicators: Vec<Reported>,
}

/// What to report.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only this group.
    pub group: Option<String>,
    /// Only this indicator.
    pub indicator: Option<String>,
}

/// The indicators of an organisation in a round.
///
/// Takes one read of either store, of as many rows as the round has forms; the number of responses does not matter.
///
/// # Errors
/// [`Error::NotFound`] for an organisation, round or indicator that is not there or not the caller's to see;
/// [`Error::Invalid`] for a group that the round does not ask.
pub async fn report(
    app: &App,
    caller: &Caller,
    organisation: &str,
    round: &str,
    wanted: Wanted,
) -> Result<Report> {
    let node = caller
        .organisation(app, Scope::IndicatorsRead, organisation)
        .await?;
    let (row, run_by) = caller.round(app, Scope::IndicatorsRead, round).await?;
    if !node.path.starts_with(&run_by.path) {
        return Err(Error::invalid(
            "/round",
            "outside_the_round",
            format!(
                "“{organisation}” does not take part in “{round}”, which is run by “{}”.",
                run_by.code
            ),
        ));
    }
    let round = Round::try_from(row)?;
    if let Some(group) = &wanted.group
        && !round.plan.iter().any(|plan| plan.group == *group)
    {
        return Err(Error::invalid(
            "/group",
            "group_not_asked",
            format!("This round does not ask the group “{group}”."),
        ));
    }
    let instrument = super::definition::instrument(
        app,
        round.tenant,
        &round.questionnaire.id,
        &round.questionnaire.version,
    )
    .await?;
    let (participation, tallies) = stored(app, &round, &node.code).await?;
    let stored = Stored {
        round: &round,
        instrument: &instrument,
        participation: &participation,
        tallies: &tallies,
    };
    let indicators = stored.indicators(&wanted)?;
    if indicators.is_empty()
        && let Some(code) = wanted.indicator
    {
        return Err(Error::not_found("indicator", code));
    }
    let participation = stored.participation(&wanted);
    Ok(Report {
        organisation: node.try_into()?,
        participation,
        indicators,
        instrument: Arc::clone(&instrument),
        round,
    })
}

async fn stored(
    app: &App,
    round: &Round,
    organisation: &str,
) -> Result<(Vec<ParticipationRow>, Vec<TallyRow>)> {
    let (tenant, code, node) = (round.tenant, round.code.clone(), organisation.to_owned());
    let participation = app
        .store
        .read(Side::Roster, "read participation", move |conn| {
            on!(conn, round::participation(tenant, &code, &node))
        })
        .await?;
    if !may_show(round) {
        return Ok((participation, Vec::new()));
    }
    let (code, node) = (round.code.clone(), organisation.to_owned());
    let tallies = app
        .store
        .read(Side::Ballots, "read tallies", move |conn| {
            on!(conn, ballot::tallies_of(tenant, &code, &node))
        })
        .await?;
    Ok((participation, tallies))
}

/// Nothing of a round is shown before it is closed, whatever its mode: figures that followed every answer would tell that answer
/// to whoever compares two of them.
#[must_use]
pub fn may_show(round: &Round) -> bool {
    round.status == Status::Closed
}

/// What is stored of one organisation in one round.
struct Stored<'s> {
    round: &'s Round,
    instrument: &'s Instrument,
    participation: &'s [ParticipationRow],
    tallies: &'s [TallyRow],
}

impl Stored<'_> {
    fn participation(&self, wanted: &Wanted) -> Vec<Participation> {
        self.forms(wanted)
            .map(|(group, form)| {
                let row = self.participation.iter().find(|row| row.form == form);
                Participation {
                    group: group.to_owned(),
                    form: form.to_owned(),
                    invited: row.map_or(0, |row| row.invited.unsigned_abs()),
                    answered: row.map_or(0, |row| row.answered.unsigned_abs()),
                }
            })
            .collect()
    }

    /// Group and form, for every form of the wanted groups.
    fn forms<'f>(&'f self, wanted: &'f Wanted) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.round
            .plan
            .iter()
            .filter(|plan| {
                wanted
                    .group
                    .as_ref()
                    .is_none_or(|group| *group == plan.group)
            })
            .flat_map(|plan| {
                plan.forms
                    .iter()
                    .map(|form| (plan.group.as_str(), form.form.as_str()))
            })
    }

    fn indicators(&self, wanted: &Wanted) -> Result<Vec<Reported>> {
        let mut forms = Vec::new();
        for (group, form) in self.forms(wanted) {
            forms.push(OneForm::read(self, group, form)?);
        }
        let mut reported = Vec::new();
        for indicator in self.instrument.framework.indicators() {
            if wanted
                .indicator
                .as_ref()
                .is_some_and(|code| code != indicator.code())
            {
                continue;
            }
            let mut voices = Vec::new();
            for form in &forms {
                voices.extend(form.voice(self, indicator.code())?);
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
}

/// One form with its tally, if there is one, read once for all indicators.
struct OneForm<'s> {
    group: &'s str,
    form: &'s str,
    invited: u64,
    asked: Vec<String>,
    tally: Option<(Tally, Vec<Decision>)>,
}

impl<'s> OneForm<'s> {
    fn read(stored: &Stored<'s>, group: &'s str, form: &'s str) -> Result<Self>
    where
        's: 's,
    {
        let selection = stored.round.selection(stored.instrument, form)?;
        let (definition, _) = stored.instrument.form(form)?;
        let asked = asked(definition, &selection);
        let tally = stored
            .tallies
            .iter()
            .find(|row| row.form == form)
            .map(|row| {
                let tally = Tally::from_bytes(&row.content).map_err(Error::internal)?;
                let decisions = serde_json::from_str(&row.decisions).map_err(Error::internal)?;
                Ok::<_, Error>((tally, decisions))
            })
            .transpose()?;
        Ok(Self {
            group,
            form,
            invited: stored
                .participation
                .iter()
                .find(|row| row.form == form)
                .map_or(0, |row| row.invited.unsigned_abs()),
            asked,
            tally,
        })
    }

    /// What this form says on an indicator, if it asks about it.
    fn voice(&self, stored: &Stored<'_>, indicator: &str) -> Result<Option<Voice>> {
        if !self.asked.iter().any(|asked| asked == indicator) {
            return Ok(None);
        }
        let (_, blueprint) = stored.instrument.form(self.form)?;
        let Some(scale) = blueprint.scale_of(indicator) else {
            return Ok(None);
        };
        let mut voice = Voice::silent(self.group, self.form, self.invited, Silence::NotOpened);
        if !may_show(stored.round) {
            return Ok(Some(voice));
        }
        let Some((tally, decisions)) = &self.tally else {
            voice.responses = Some(0);
            voice.figures = Err(Silence::NoResponses);
            return Ok(Some(voice));
        };
        let decision = decisions.get(scale).ok_or_else(|| {
            Error::internal(anyhow::anyhow!("no disclosure decision for {indicator}"))
        })?;
        voice.speak(blueprint, tally, scale, decision)?;
        Ok(Some(voice))
    }
}

/// The indicators that the chosen modules of a form ask about.
pub(super) fn asked(form: &Form, selection: &ModuleSelection) -> Vec<String> {
    form.modules()
        .iter()
        .filter(|module| selection.includes(module.code()))
        .flat_map(survey_engine::questionnaire::Module::items)
        .filter_map(|item| item.indicator().map(str::to_owned))
        .collect()
}

impl Voice {
    /// A voice without figures.
    pub(super) fn silent(group: &str, form: &str, invited: u64, why: Silence) -> Self {
        Self {
            group: group.to_owned(),
            form: form.to_owned(),
            invited,
            responses: None,
            minimum: None,
            figures: Err(why),
        }
    }

    /// Gives the voice its figures, or the reason why it has none.
    pub(super) fn speak(
        &mut self,
        blueprint: &Blueprint,
        tally: &Tally,
        scale: usize,
        decision: &Decision,
    ) -> Result<()> {
        let population = Some(self.invited).filter(|invited| *invited > 0);
        let released =
            estimate(blueprint, tally, scale, decision, population).map_err(Error::internal)?;
        match released.into_result() {
            Ok(figures) => {
                self.responses = Some(tally.responses());
                self.minimum = match decision {
                    Decision::Release(permit) => Some(permit.minimum()),
                    Decision::Withhold(withheld) => Some(withheld.minimum),
                };
                self.figures = Ok(figures);
            }
            Err(withheld) => {
                self.minimum = Some(withheld.minimum);
                self.figures = Err(withheld.reason.into());
            }
        }
        Ok(())
    }
}
