//! The person behind a link: what they are asked, and taking their answers.

pub(super) mod credential;
mod submission;

pub use credential::{Holder, holder};
pub use submission::{Receipt, submit};
pub(in crate::service) use submission::{put_loose, require_open_box};

use super::claim::Claim;
use super::definition::Instrument;
use super::organisation::known;
use super::round::{Round, standing};
use super::{Caller, answers};
use crate::app::App;
use crate::auth::{InvitationToken, Scope};
use crate::error::{Error, Result};
use crate::store::{AssignmentKey, Side, on};
use std::sync::Arc;
use survey_engine::answers::{RawAnswers, ValidAnswers};
use survey_engine::questionnaire::{Form, ModuleSelection};

/// One form that a person is asked to fill in for one organisation.
#[derive(Debug, Clone)]
pub struct Task {
    /// The organisation's code.
    pub organisation: String,
    /// The organisation's name.
    pub organisation_name: String,
    /// The form.
    pub form: String,
    /// The organisation's path.
    pub path: String,
    /// The group that the person answers as.
    pub group: String,
    /// Whether it was filled in.
    pub done: bool,
    /// How it was claimed, if it was.
    pub claim: Option<Claim>,
    /// SHA-256 of the blinded value that was signed for it.
    pub(super) blinded: Option<Vec<u8>>,
}

/// The person behind a link. Having one proves that the link is known.
pub struct Respondent {
    /// The round.
    pub round: Arc<Round>,
    /// Its questionnaire.
    pub instrument: Arc<Instrument>,
    /// The language in which the person wants to be addressed.
    pub language: String,
    /// Name of the organisation that runs the round.
    pub run_by: String,
    /// What the person is asked.
    pub tasks: Vec<Task>,
    token: InvitationToken,
    invitation: String,
    person: String,
}

impl Respondent {
    /// The task for an organisation and form; where the person has just one, neither need be named.
    pub fn task(&self, organisation: Option<&str>, form: Option<&str>) -> Result<&Task> {
        let mut fitting = self.tasks.iter().filter(|task| {
            organisation.is_none_or(|wanted| wanted == task.organisation)
                && form.is_none_or(|wanted| wanted == task.form)
        });
        match (fitting.next(), fitting.next()) {
            (Some(task), None) => Ok(task),
            (None, _) => Err(Error::invalid(
                "/organisation",
                "not_assigned",
                format!(
                    "This link does not ask for that. It asks for: {}.",
                    self.list_tasks()
                ),
            )),
            (Some(_), Some(_)) => Err(Error::invalid(
                "/organisation",
                "ambiguous",
                format!(
                    "Name organisation and form. This link asks for: {}.",
                    self.list_tasks()
                ),
            )),
        }
    }

    fn list_tasks(&self) -> String {
        self.tasks
            .iter()
            .map(|task| format!("{} ({})", task.organisation, task.form))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// A task's form with the modules that are asked.
    pub fn form(&self, task: &Task) -> Result<(&Form, ModuleSelection)> {
        let (form, _) = self.instrument.form(&task.form)?;
        Ok((form, self.round.selection(&self.instrument, &task.form)?))
    }

    /// The key of a task in the roster.
    pub(super) fn assignment(&self, task: &Task) -> AssignmentKey {
        AssignmentKey {
            tenant: self.round.tenant,
            round: self.round.code.clone(),
            invitation: self.invitation.clone(),
            organisation: task.organisation.clone(),
            form: task.form.clone(),
        }
    }

    /// The text of the link.
    #[must_use]
    pub fn token(&self) -> String {
        self.token.to_text()
    }
}

pub(super) fn unknown_link() -> Error {
    Error::NotFound {
        what: "link",
        name: "…".to_owned(),
    }
}

pub(super) fn not_open() -> Error {
    Error::conflict("round_not_open", "This round has not opened yet.")
}

pub(super) fn closed() -> Error {
    Error::conflict(
        "round_closed",
        "This round is closed; answers can no longer be taken.",
    )
}

/// The person behind a link. Changes nothing, however often it is asked.
///
/// # Errors
/// [`Error::NotFound`] for a link that was never given out.
pub async fn find(app: &App, link: &str) -> Result<Respondent> {
    let token = InvitationToken::parse(link).map_err(|_| unknown_link())?;
    let hash = token.keyed_hash(app.keys.token_pepper());
    let tenant = token.tenant();
    let rows = app.store.find_link(tenant, hash).await?;
    let mut assignments = Vec::with_capacity(rows.len());
    let mut found = None;
    for (invitation, person, state, assignment) in rows {
        assignments.extend(assignment);
        found = Some((invitation, person, state));
    }
    let (invitation, person, state) = found.ok_or_else(unknown_link)?;
    let standing = standing(app, tenant, &invitation.round, &state)
        .await?
        .ok_or_else(unknown_link)?;
    assignments.sort_by(|one, other| {
        (&one.organisation, &one.form).cmp(&(&other.organisation, &other.form))
    });
    let mut tasks = Vec::with_capacity(assignments.len());
    for assignment in assignments {
        if let Some(organisation) = known(app, tenant, &assignment.organisation).await? {
            tasks.push(Task {
                done: assignment.done || app.done.holds(&assignment.key()),
                organisation: assignment.organisation,
                organisation_name: organisation.name.clone(),
                path: organisation.path.clone(),
                form: assignment.form,
                group: assignment.group_code,
                claim: assignment.claim.as_deref().and_then(Claim::parse),
                blinded: assignment.blinded,
            });
        }
    }
    Ok(Respondent {
        round: Arc::clone(&standing.round),
        instrument: Arc::clone(&standing.instrument),
        run_by: standing.organisation.name.clone(),
        language: person.language,
        tasks,
        token,
        invitation: invitation.id,
        person: person.id,
    })
}

/// The person behind a link, for an app that sends answers for people at its own organisations.
///
/// # Errors
/// [`Error::NotFound`] for a link that was never given out, or that opens nothing at the caller's organisations.
pub async fn find_for(app: &App, caller: &Caller, link: &str) -> Result<Respondent> {
    caller.require(Scope::ResponsesSubmit)?;
    let mut respondent = find(app, link).await?;
    let own = respondent.round.tenant == caller.tenant();
    respondent
        .tasks
        .retain(|task| own && caller.may(Scope::ResponsesSubmit, &task.path));
    if respondent.tasks.is_empty() {
        return Err(unknown_link());
    }
    Ok(respondent)
}

/// Checks answers without storing them; every problem at once.
pub fn check(respondent: &Respondent, task: &Task, raw: &RawAnswers) -> Result<ValidAnswers> {
    let (form, selection) = respondent.form(task)?;
    check_answers(form, &selection, raw)
}

fn check_answers(
    form: &Form,
    selection: &ModuleSelection,
    raw: &RawAnswers,
) -> Result<ValidAnswers> {
    let summary = "The answers were not stored: some need mending.";
    answers::check(form, selection, raw, summary)
}

/// Whether the person behind a link wants mail; changes nothing.
pub async fn wants_mail(app: &App, respondent: &Respondent) -> Result<bool> {
    let (tenant, person) = (respondent.round.tenant, respondent.person.clone());
    let found = app
        .store
        .read(Side::Roster, "find a person", move |conn| {
            on!(conn, person::find(tenant, &person))
        })
        .await?;
    Ok(found.is_some_and(|person| !person.unsubscribed))
}

/// Records whether the person behind a link wants mail. The link goes on working.
pub async fn set_wants_mail(app: &App, respondent: &Respondent, wants: bool) -> Result<()> {
    let (tenant, person) = (respondent.round.tenant, respondent.person.clone());
    app.store
        .write(Side::Roster, "record a wish about mail", move |conn| {
            on!(conn, person::set_unsubscribed(tenant, &person, !wants))
        })
        .await
}
