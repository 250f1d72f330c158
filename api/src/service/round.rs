//! Rounds: one run of a questionnaire at an organisation and everything below it.

use super::definition::{Instrument, instrument};
use super::organisation::exists;
use super::{CODE_RULE, Caller, Problems, Texts, check_texts, is_code};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Problem, Result};
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
    /// Forms flagged as done.
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
        })
    }
}

/// What one group is to be asked; what is left out takes the questionnaire's default.
#[derive(Debug, Clone)]
pub struct NewGroupPlan {
    /// The group.
    pub group: String,
    /// Its forms, the usual one first; empty for all of the questionnaire's forms for the group.
    pub forms: Vec<NewFormPlan>,
}

/// The modules of a form that are to be asked.
#[derive(Debug, Clone)]
pub struct NewFormPlan {
    /// The form.
    pub form: String,
    /// Codes of its modules; `None` for the form's default selection.
    pub modules: Option<Vec<String>>,
}

/// A round to be made.
#[derive(Debug, Clone)]
pub struct NewRound {
    /// Its code; cannot be changed later.
    pub code: String,
    /// The organisation that runs it.
    pub organisation: String,
    /// Its questionnaire.
    pub questionnaire: VersionRef,
    /// Its title, per language.
    pub title: Texts,
    /// What its respondents are promised.
    pub mode: Mode,
    /// When it opens by itself; `None` to open it by hand.
    pub opens_at: Option<i64>,
    /// When it closes by itself; `None` to close it by hand.
    pub closes_at: Option<i64>,
    /// What each group is asked; empty for every group that the questionnaire has a form for.
    pub groups: Vec<NewGroupPlan>,
    /// Higher minimums than the usual ones.
    pub minimums: Minimums,
    /// What a confidential round tells its respondents.
    pub promise: Option<Promise>,
    /// The earlier round that this one repeats.
    pub baseline: Option<String>,
}

/// Makes a round, as a draft.
///
/// # Errors
/// [`Error::Invalid`] with every problem; [`Error::Conflict`] with code `already_exists`.
pub async fn create(app: &App, caller: &Caller, new: NewRound) -> Result<Round> {
    caller
        .organisation(app, Scope::RoundsWrite, &new.organisation)
        .await
        .map_err(|error| unknown(error, "/organisation", "unknown_organisation"))?;
    let tenant = caller.tenant();
    let instrument = instrument(
        app,
        tenant,
        &new.questionnaire.id,
        &new.questionnaire.version,
    )
    .await
    .map_err(|error| unknown(error, "/questionnaire", "unknown_questionnaire"))?;
    if let Some(baseline) = &new.baseline {
        caller
            .round(app, Scope::RoundsRead, baseline)
            .await
            .map_err(|error| unknown(error, "/baseline", "unknown_round"))?;
    }
    let groups = app
        .store
        .read(Side::Roster, "list groups", move |conn| {
            on!(conn, organisation::groups(tenant))
        })
        .await?;
    let mut problems = Problems::default();
    check_head(&mut problems, &new);
    let plan = plan(&mut problems, &new.groups, &instrument);
    for (index, group) in plan.iter().enumerate() {
        problems.note(
            !groups.iter().any(|known| known.code == group.group),
            &format!("/groups/{index}/group"),
            "unknown_group",
            format!(
                "There is no stakeholder group “{}”. Add it first, or leave it out.",
                group.group
            ),
        );
    }
    problems.into_result("The round cannot be made as it is.")?;
    let row = RoundRow {
        tenant,
        code: new.code,
        organisation: new.organisation,
        questionnaire: new.questionnaire.id,
        questionnaire_version: new.questionnaire.version,
        title: serde_json::to_string(&new.title).map_err(Error::internal)?,
        mode: new.mode.as_str().to_owned(),
        status: Status::Draft.as_str().to_owned(),
        opens_at: new.opens_at,
        closes_at: new.closes_at,
        plan: serde_json::to_string(&plan).map_err(Error::internal)?,
        minimums: serde_json::to_string(&new.minimums).map_err(Error::internal)?,
        promise: new
            .promise
            .map(|promise| serde_json::to_string(&promise))
            .transpose()
            .map_err(Error::internal)?,
        baseline: new.baseline,
        issued: None,
        claimed: None,
        ballots: None,
        opened: None,
    };
    let stored = row.clone();
    app.store
        .write(Side::Roster, "make a round", move |conn| {
            on!(conn, round::insert(&stored))
        })
        .await
        .map_err(|error| exists(error, "round", &row.code))?;
    row.try_into()
}

fn unknown(error: Error, pointer: &str, code: &str) -> Error {
    match error {
        Error::NotFound { what, name } => Error::invalid(
            pointer,
            code,
            format!("There is no {what} “{name}” that you may use here."),
        ),
        other => other,
    }
}

fn check_head(problems: &mut Problems, new: &NewRound) {
    problems.note(!is_code(&new.code), "/code", "bad_code", CODE_RULE);
    check_texts(problems, "/title", &new.title);
    if let (Some(opens), Some(closes)) = (new.opens_at, new.closes_at) {
        problems.note(
            closes <= opens,
            "/closesAt",
            "closes_before_it_opens",
            "Let the round close later than it opens.",
        );
    }
    new.minimums.check(problems);
    match (&new.promise, new.mode) {
        (None, Mode::Confidential) => problems.note(
            true,
            "/promise",
            "missing",
            "A confidential round has to say who can connect answers to people, what for, and until when.",
        ),
        (Some(promise), Mode::Confidential) => {
            check_texts(problems, "/promise/keeper", &promise.keeper);
            check_texts(problems, "/promise/purpose", &promise.purpose);
            problems.note(
                survey_engine::questionnaire::Date::parse(&promise.until).is_none(),
                "/promise/until",
                "bad_date",
                "Give the day as YYYY-MM-DD.",
            );
        }
        (Some(_), _) => problems.note(
            true,
            "/promise",
            "promise_without_need",
            "Only a confidential round makes this promise; leave it out.",
        ),
        (None, _) => {}
    }
}

/// What each group is asked, with the questionnaire's defaults where nothing was said.
fn plan(
    problems: &mut Problems,
    wanted: &[NewGroupPlan],
    instrument: &Instrument,
) -> Vec<GroupPlan> {
    let forms = instrument.questionnaire.forms();
    let wanted = if wanted.is_empty() {
        let mut groups: Vec<NewGroupPlan> = Vec::new();
        for form in forms {
            if !groups.iter().any(|group| group.group == form.group()) {
                groups.push(NewGroupPlan {
                    group: form.group().to_owned(),
                    forms: Vec::new(),
                });
            }
        }
        groups
    } else {
        wanted.to_vec()
    };
    let mut plan: Vec<GroupPlan> = Vec::new();
    for (index, group) in wanted.iter().enumerate() {
        let at = format!("/groups/{index}");
        problems.note(
            plan.iter().any(|earlier| earlier.group == group.group),
            &at,
            "duplicate_group",
            format!("The group “{}” is named twice.", group.group),
        );
        let named = if group.forms.is_empty() {
            forms
                .iter()
                .filter(|form| form.group() == group.group)
                .map(|form| NewFormPlan {
                    form: form.id().to_owned(),
                    modules: None,
                })
                .collect()
        } else {
            group.forms.clone()
        };
        problems.note(
            named.is_empty(),
            &at,
            "no_form",
            format!(
                "The questionnaire has no form for the group “{}”.",
                group.group
            ),
        );
        let forms = named
            .iter()
            .enumerate()
            .filter_map(|(position, form)| {
                form_plan(
                    problems,
                    &format!("{at}/forms/{position}"),
                    &group.group,
                    form,
                    instrument,
                )
            })
            .collect();
        plan.push(GroupPlan {
            group: group.group.clone(),
            forms,
        });
    }
    plan
}

fn form_plan(
    problems: &mut Problems,
    at: &str,
    group: &str,
    wanted: &NewFormPlan,
    instrument: &Instrument,
) -> Option<FormPlan> {
    let Some(form) = instrument.questionnaire.form(&wanted.form) else {
        problems.note(
            true,
            &format!("{at}/form"),
            "unknown_form",
            format!("The questionnaire has no form “{}”.", wanted.form),
        );
        return None;
    };
    problems.note(
        form.group() != group,
        &format!("{at}/form"),
        "form_of_another_group",
        format!(
            "The form “{}” is for the group “{}”.",
            form.id(),
            form.group()
        ),
    );
    let selection = match &wanted.modules {
        None => ModuleSelection::default_of(form),
        Some(codes) => match ModuleSelection::of(form, codes) {
            Ok(selection) => selection,
            Err(findings) => {
                problems.extend(findings.into_iter().map(|finding| {
                    Problem::new(
                        format!("{at}{}", finding.pointer),
                        finding.code,
                        finding.detail,
                    )
                }));
                return None;
            }
        },
    };
    Some(FormPlan {
        form: form.id().to_owned(),
        modules: selection.codes().to_vec(),
    })
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

/// Name of the secret that a round's tags are made with.
pub(super) fn tag_key(tenant: i64, round: &str) -> String {
    format!("tag-{tenant}-{round}")
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
    // The key and the box first: once the round is open, answers may come at any moment.
    app.keys
        .create_secret(&tag_key(round.tenant, &round.code))
        .map_err(Error::internal)?;
    let (tenant, code) = (round.tenant, round.code.clone());
    app.store
        .write(Side::Ballots, "set up a ballot box", move |conn| {
            on!(conn, ballot::insert_box(tenant, &code))
        })
        .await?;
    let code = round.code.clone();
    let opened = app
        .store
        .write(Side::Roster, "open a round", move |conn| {
            let opened = on!(conn, round::advance(tenant, &code, "draft", "open"))?;
            if opened {
                on!(conn, round::set_opened_at(tenant, &code, now))?;
            }
            Ok(opened)
        })
        .await?;
    if !opened {
        return Err(not_draft(&round));
    }
    round.status = Status::Open;
    round.opens_at = Some(now);
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
