//! Rounds: one run of a questionnaire at an organisation and everything below it.

mod draft;
mod keys;
mod standing;

pub use keys::seal_open_rounds;
pub(super) use keys::{destroy_keys, link_key, opening_key, tag_key};

pub use draft::{NewFormPlan, NewGroupPlan, NewRound, create};
pub use standing::Standing;
pub(super) use standing::{asked, standing, standing_lately};

use super::definition::{Instrument, instrument};
use super::organisation::Protection;
use super::{Caller, Problems, Texts};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::store::rows::{OrganisationRow, RoundRow};
use crate::store::{Side, on};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use survey_engine::disclosure::{Reach, Respondents, minimum};
use survey_engine::questionnaire::{ModuleSelection, VersionRef};

/// What a respondent is promised about their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Once the round is closed nobody can tell whose answers are whose.
    Anonymous,
    /// Answers carry a code that a named keeper can connect to a person, until a named date.
    Confidential,
    /// The name is kept with the answers.
    Identified,
}

impl Mode {
    /// The mode's name in documents and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Confidential => "confidential",
            Self::Identified => "identified",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Anonymous, Self::Confidential, Self::Identified]
            .into_iter()
            .find(|mode| mode.as_str() == name)
    }
}

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nobody can answer yet.
    Draft,
    /// People can answer.
    Open,
    /// Nobody can answer any more; the ballots are being opened.
    Closing,
    /// The ballots are opened and counted.
    Closed,
}

impl Status {
    /// The status's name in documents and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closing => "closing",
            Self::Closed => "closed",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Draft, Self::Open, Self::Closing, Self::Closed]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

/// The form of a round, and which of its modules are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormPlan {
    /// The form.
    pub form: String,
    /// Codes of its modules that are asked.
    pub modules: Vec<String>,
}

/// What one group is asked. Its first form is the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPlan {
    /// The group.
    pub group: String,
    /// What the group needed by way of protection when the round was made: a later change of the group lowers nothing here.
    pub protection: Protection,
    /// Its forms; a person's role can name another than the first.
    pub forms: Vec<FormPlan>,
}

/// What a confidential round tells its respondents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The only one who can connect a code to a person, per language.
    pub keeper: Texts,
    /// What for, per language.
    pub purpose: Texts,
    /// The day on which the key is destroyed, as `YYYY-MM-DD`.
    pub until: String,
}

/// How many people a figure must stand for, where a round asks for more than the usual number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minimums {
    /// Adults, inside a school; at least 5.
    pub adults: Option<u32>,
    /// Learners; at least 10.
    pub learners: Option<u32>,
    /// Everybody, in anything wider than a school; at least 10.
    pub wider: Option<u32>,
}

impl Minimums {
    /// The minimum that holds: the usual one, or the round's where that is higher.
    #[must_use]
    pub fn effective(&self, respondents: Respondents, reach: Reach) -> u32 {
        let own = match respondents {
            Respondents::Adults => self.adults,
            Respondents::Learners => self.learners,
        };
        let raised = match reach {
            Reach::School => own,
            Reach::Wider => own.max(self.wider),
        };
        minimum(respondents, reach, raised)
    }

    /// Notes the minimums that would lower the usual ones.
    fn check(&self, problems: &mut Problems) {
        for (name, given, usual) in [
            (
                "adults",
                self.adults,
                minimum(Respondents::Adults, Reach::School, None),
            ),
            (
                "learners",
                self.learners,
                minimum(Respondents::Learners, Reach::School, None),
            ),
            (
                "wider",
                self.wider,
                minimum(Respondents::Adults, Reach::Wider, None),
            ),
        ] {
            problems.note(
                given.is_some_and(|given| given < usual),
                &format!("/minimums/{name}"),
                "minimum_too_low",
                format!("A round may raise the usual minimum of {usual} and not lower it."),
            );
        }
    }
}

/// Counts that anyone may check: `issued >= claimed >= ballots`, and `ballots = opened`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Forms that people were asked to fill in.
    pub issued: i64,
    /// Forms of which somebody has claimed the ballot.
    pub claimed: i64,
    /// Ballots that were in the mailbox.
    pub ballots: i64,
    /// Ballots that could be opened and counted.
    pub opened: i64,
}

/// A round.
#[derive(Debug, Clone)]
pub struct Round {
    /// The tenant.
    pub tenant: i64,
    /// Its code, which names it in every address.
    pub code: String,
    /// The organisation that runs it; everything below takes part.
    pub organisation: String,
    /// Its questionnaire, in one version for good.
    pub questionnaire: VersionRef,
    /// Its title, per language.
    pub title: Texts,
    /// What its respondents are promised.
    pub mode: Mode,
    /// Where it stands.
    pub status: Status,
    /// When it opens or opened, in milliseconds since 1970-01-01 UTC.
    pub opens_at: Option<i64>,
    /// When it closes or closed.
    pub closes_at: Option<i64>,
    /// What each group is asked.
    pub plan: Vec<GroupPlan>,
    /// From how many people on figures are shown.
    pub minimums: Minimums,
    /// What a confidential round tells its respondents.
    pub promise: Option<Promise>,
    /// The earlier round that this one repeats.
    pub baseline: Option<String>,
    /// The counts, once the ballots are opened.
    pub counts: Option<Counts>,
    /// The public key that its ballots are sealed with, in base64url; made when it opens.
    pub sealing_key: Option<String>,
}

impl Round {
    /// The form plan of a form, with its group.
    #[must_use]
    pub fn form_plan(&self, form: &str) -> Option<(&str, &FormPlan)> {
        self.plan.iter().find_map(|group| {
            let plan = group.forms.iter().find(|plan| plan.form == form)?;
            Some((group.group.as_str(), plan))
        })
    }

    /// The modules of a form that are asked.
    pub(crate) fn selection(&self, instrument: &Instrument, form: &str) -> Result<ModuleSelection> {
        let (_, plan) = self
            .form_plan(form)
            .ok_or_else(|| Error::not_found("form", form))?;
        let (form, _) = instrument.form(form)?;
        ModuleSelection::of(form, &plan.modules).map_err(|findings| {
            Error::internal(anyhow::anyhow!("a stored plan is not valid: {findings:?}"))
        })
    }
}

impl TryFrom<RoundRow> for Round {
    type Error = Error;

    fn try_from(row: RoundRow) -> Result<Self> {
        let bad =
            |what: &str| Error::internal(anyhow::anyhow!("round {} has a bad {what}", row.code));
        Ok(Self {
            mode: Mode::parse(&row.mode).ok_or_else(|| bad("mode"))?,
            status: Status::parse(&row.status).ok_or_else(|| bad("status"))?,
            title: serde_json::from_str(&row.title).map_err(Error::internal)?,
            plan: serde_json::from_str(&row.plan).map_err(Error::internal)?,
            minimums: serde_json::from_str(&row.minimums).map_err(Error::internal)?,
            promise: row
                .promise
                .as_deref()
                .map(serde_json::from_str)
                .transpose()
                .map_err(Error::internal)?,
            counts: match (row.issued, row.claimed, row.ballots, row.opened) {
                (Some(issued), Some(claimed), Some(ballots), Some(opened)) => Some(Counts {
                    issued,
                    claimed,
                    ballots,
                    opened,
                }),
                _ => None,
            },
            tenant: row.tenant,
            code: row.code,
            organisation: row.organisation,
            questionnaire: VersionRef {
                id: row.questionnaire,
                version: row.questionnaire_version,
            },
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            baseline: row.baseline,
            sealing_key: row.sealing_key,
        })
    }
}

/// The rounds that the caller may see, by the time they open.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Round>> {
    caller.require(Scope::RoundsRead)?;
    let tenant = caller.tenant();
    let found: Vec<(RoundRow, OrganisationRow)> = app
        .store
        .read(Side::Roster, "list rounds", move |conn| {
            let mut found = Vec::new();
            for round in on!(conn, round::all(tenant))? {
                if let Some(organisation) =
                    on!(conn, organisation::find(tenant, &round.organisation))?
                {
                    found.push((round, organisation));
                }
            }
            Ok(found)
        })
        .await?;
    found
        .into_iter()
        .filter(|(_, organisation)| caller.touches(Scope::RoundsRead, &organisation.path))
        .map(|(round, _)| Round::try_from(round))
        .collect()
}

/// One round that the caller may see.
pub async fn find(app: &App, caller: &Caller, code: &str) -> Result<Round> {
    caller
        .round(app, Scope::RoundsRead, code)
        .await?
        .0
        .try_into()
}

/// A round with its questionnaire, for a caller who may see it.
pub async fn with_instrument(
    app: &App,
    caller: &Caller,
    code: &str,
) -> Result<(Round, Arc<Instrument>)> {
    let round = find(app, caller, code).await?;
    let instrument = instrument(
        app,
        round.tenant,
        &round.questionnaire.id,
        &round.questionnaire.version,
    )
    .await?;
    Ok((round, instrument))
}

/// Opens a draft, so that people can be invited and can answer.
///
/// # Errors
/// [`Error::Conflict`] with code `round_not_draft`.
pub async fn open(app: &App, caller: &Caller, code: &str) -> Result<Round> {
    let (row, _) = caller
        .round_to_manage(app, Scope::RoundsWrite, code)
        .await?;
    begin(app, row.try_into()?).await
}

pub(super) async fn begin(app: &App, mut round: Round) -> Result<Round> {
    if round.status != Status::Draft {
        return Err(not_draft(&round));
    }
    let now = app.clock.now_ms();
    if round.closes_at.is_some_and(|closes| closes <= now) {
        return Err(Error::conflict(
            "round_over",
            "The day on which this round closes lies in the past. Make a round with a later one.",
        ));
    }
    // The keys and the box first: once the round is open, answers may come at any moment.
    let sealing_key = keys::make(&app.keys, round.tenant, &round.code)?.to_text();
    let (tenant, code) = (round.tenant, round.code.clone());
    app.store
        .write(Side::Ballots, "set up a ballot box", move |conn| {
            on!(conn, ballot::insert_box(tenant, &code))
        })
        .await?;
    let (code, recorded) = (round.code.clone(), sealing_key.clone());
    let opened = app
        .store
        .write(Side::Roster, "open a round", move |conn| {
            let opened = on!(conn, round::advance(tenant, &code, "draft", "open"))?;
            if opened {
                on!(conn, round::set_opened_at(tenant, &code, now))?;
                on!(conn, round::set_sealing_key(tenant, &code, &recorded))?;
            }
            Ok(opened)
        })
        .await?;
    if !opened {
        return Err(not_draft(&round));
    }
    round.status = Status::Open;
    round.opens_at = Some(now);
    round.sealing_key = Some(sealing_key);
    Ok(round)
}

fn not_draft(round: &Round) -> Error {
    Error::conflict(
        "round_not_draft",
        format!(
            "The round “{}” is {}; only a draft can be opened.",
            round.code,
            round.status.as_str()
        ),
    )
}
