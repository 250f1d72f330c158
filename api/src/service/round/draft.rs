//! Making a round: everything that is wrong with it is told at once.

use super::{FormPlan, GroupPlan, Minimums, Mode, Promise, Round, Status};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Problem, Result};
use crate::service::definition::{Instrument, instrument};
use crate::service::organisation::{Group, Protection, exists};
use crate::service::{CODE_RULE, Caller, Problems, Texts, check_texts, is_code};
use crate::store::rows::RoundRow;
use crate::store::{Side, on};
use survey_engine::questionnaire::{ModuleSelection, VersionRef};

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
    let baseline = match &new.baseline {
        None => None,
        Some(baseline) => {
            let (row, _) = caller
                .round(app, Scope::RoundsRead, baseline)
                .await
                .map_err(|error| unknown(error, "/baseline", "unknown_round"))?;
            Some(Round::try_from(row)?)
        }
    };
    let groups = app
        .store
        .read(Side::Roster, "list groups", move |conn| {
            on!(conn, organisation::groups(tenant))
        })
        .await?
        .into_iter()
        .map(Group::try_from)
        .collect::<Result<Vec<_>>>()?;
    let mut problems = Problems::default();
    check_head(&mut problems, &new);
    let now = app.clock.now_ms();
    problems.note(
        new.closes_at.is_some_and(|closes| closes <= now),
        "/closesAt",
        "closes_in_the_past",
        "Let the round close on a day to come.",
    );
    check_until(&mut problems, &new, baseline.as_ref(), now);
    let mut plan = plan(&mut problems, &new.groups, &instrument);
    for (index, group) in plan.iter_mut().enumerate() {
        let known = groups.iter().find(|known| known.code == group.group);
        if let Some(known) = known {
            group.protection = known.protection;
        }
        problems.note(
            known.is_none(),
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
        sealing_key: None,
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

/// Notes a day on which the key cannot be destroyed without breaking this round or another promise.
fn check_until(problems: &mut Problems, new: &NewRound, baseline: Option<&Round>, now: i64) {
    let Some(promise) = &new.promise else { return };
    problems.note(
        promise.is_over(now) || new.closes_at.is_some_and(|closes| promise.is_over(closes)),
        "/promise/until",
        "until_too_early",
        "Let the key be destroyed on a day to come, after the round has closed.",
    );
    let theirs = baseline.and_then(|round| round.promise.as_ref());
    problems.note(
        theirs.is_some_and(|theirs| !theirs.is_over(now) && promise.until < theirs.until),
        "/promise/until",
        "until_before_baseline",
        "The baseline keeps its key longer than that. Rounds share their codes only as long as each has promised.",
    );
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
            // The stricter one, until the group itself is looked up.
            protection: Protection::Child,
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
