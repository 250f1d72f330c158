//! The person behind a link: what they are asked, and taking their answers.

use super::Caller;
use super::definition::{Instrument, instrument};
use super::round::{Mode, Round, Status, tag_key};
use crate::app::App;
use crate::auth::{InvitationToken, Scope};
use crate::ballot::{self, Ballot};
use crate::error::{Error, Problem, Result};
use crate::store::rows::{AssignmentRow, MailboxRow, OrganisationRow};
use crate::store::{Conn, Side, on};
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
}

/// The person behind a link. Having one proves that the link is known.
pub struct Respondent {
    /// The round.
    pub round: Round,
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

/// What became of answers that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// They were stored.
    Stored,
    /// They were stored in place of earlier ones from the same link.
    Replaced,
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

    /// The text of the link.
    #[must_use]
    pub fn token(&self) -> String {
        self.token.to_text()
    }
}

fn unknown_link() -> Error {
    Error::NotFound {
        what: "link",
        name: "…".to_owned(),
    }
}

/// The person behind a link. Changes nothing, however often it is asked.
///
/// # Errors
/// [`Error::NotFound`] for a link that was never given out.
pub async fn find(app: &App, link: &str) -> Result<Respondent> {
    let token = InvitationToken::parse(link).map_err(|_| unknown_link())?;
    let hash = token.keyed_hash(app.keys.token_pepper());
    let tenant = token.tenant();
    let (invitation, person, round, run_by, assignments) = app
        .store
        .read(Side::Roster, "find a link", move |conn| {
            let Some((invitation, person)) = on!(conn, invitation::by_token(tenant, &hash))? else {
                return Ok(None);
            };
            let Some(round) = on!(conn, round::find(tenant, &invitation.round))? else {
                return Ok(None);
            };
            let Some(run_by) = on!(conn, organisation::find(tenant, &round.organisation))? else {
                return Ok(None);
            };
            let mut assignments: Vec<(AssignmentRow, OrganisationRow)> = Vec::new();
            for assignment in on!(conn, invitation::assignments(tenant, &invitation.id))? {
                if let Some(organisation) =
                    on!(conn, organisation::find(tenant, &assignment.organisation))?
                {
                    assignments.push((assignment, organisation));
                }
            }
            Ok(Some((invitation, person, round, run_by, assignments)))
        })
        .await?
        .ok_or_else(unknown_link)?;
    let round = Round::try_from(round)?;
    let instrument = instrument(
        app,
        tenant,
        &round.questionnaire.id,
        &round.questionnaire.version,
    )
    .await?;
    Ok(Respondent {
        round,
        instrument,
        language: person.language,
        run_by: run_by.name,
        tasks: assignments
            .into_iter()
            .map(|(assignment, organisation)| Task {
                organisation: assignment.organisation,
                organisation_name: organisation.name,
                path: organisation.path,
                form: assignment.form,
                group: assignment.group_code,
                done: assignment.done,
            })
            .collect(),
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
    let answers =
        ValidAnswers::check(form, &selection, raw).map_err(|problems| Error::Invalid {
            summary: "The answers were not stored: some need mending.".to_owned(),
            problems: problems
                .into_iter()
                .map(|problem| Problem::new(problem.pointer, problem.code, problem.detail))
                .collect(),
        })?;
    if answers.answered_count() == 0 {
        return Err(Error::invalid(
            "/answers",
            "nothing_answered",
            "Answer at least one question.",
        ));
    }
    Ok(answers)
}

/// Takes the answers for one task. Sent again before the round closes they take the place of the earlier ones.
///
/// # Errors
/// [`Error::Conflict`] with code `round_not_open` or `round_closed`; [`Error::Invalid`] with every problem.
pub async fn submit(
    app: &App,
    respondent: &Respondent,
    task: &Task,
    raw: &RawAnswers,
) -> Result<Receipt> {
    let round = &respondent.round;
    match round.status {
        Status::Open => {}
        Status::Draft => {
            return Err(Error::conflict(
                "round_not_open",
                "This round has not opened yet.",
            ));
        }
        Status::Closing | Status::Closed => return Err(closed()),
    }
    let answers = check(respondent, task, raw)?;
    let key = app
        .keys
        .secret(&tag_key(round.tenant, &round.code))
        .map_err(Error::internal)?
        .ok_or_else(closed)?;
    let tag = ballot::tag(
        &key,
        respondent.token.secret(),
        &task.organisation,
        &task.form,
    );
    let ballot = Ballot {
        organisation: task.organisation.clone(),
        form: task.form.clone(),
        subject: subject(app, respondent).await?,
        packed: answers.packed().to_vec(),
        texts: answers.texts().clone(),
    };
    // The ballot first: a crash between the two leaves a ballot whose repeat has the same tag, and never a lost answer.
    let is_new = put(app, round, tag.to_vec(), &ballot).await?;
    if !task.done {
        let row = AssignmentRow {
            tenant: round.tenant,
            round: round.code.clone(),
            invitation: respondent.invitation.clone(),
            organisation: task.organisation.clone(),
            form: task.form.clone(),
            group_code: task.group.clone(),
            done: true,
            claim: None,
            blinded: None,
        };
        app.store
            .write(Side::Roster, "flag a form as done", move |conn| {
                on!(conn, invitation::mark_done(&row))
            })
            .await?;
        app.changed.note(round.tenant, &round.code);
    }
    Ok(if is_new && !task.done {
        Receipt::Stored
    } else {
        Receipt::Replaced
    })
}

/// Puts a sealed ballot into the mailbox of a round that still takes them; tells whether its tag is new there.
async fn put(app: &App, round: &Round, tag: Vec<u8>, ballot: &Ballot) -> Result<bool> {
    let row = mailbox_row(round, tag, ballot)?;
    app.store
        .write(Side::Ballots, "put a ballot", move |conn| {
            require_open(conn, row.tenant, &row.round)?;
            on!(conn, ballot::put(&row))
        })
        .await
}

/// Puts ballots that came without a link into the mailbox: all of them, or none.
pub(super) async fn put_loose(app: &App, round: &Round, ballots: Vec<Ballot>) -> Result<()> {
    let (tenant, code) = (round.tenant, round.code.clone());
    let rows = ballots
        .iter()
        .map(|ballot| mailbox_row(round, crate::random::bytes::<32>().to_vec(), ballot))
        .collect::<Result<Vec<_>>>()?;
    app.store
        .write(Side::Ballots, "put ballots", move |conn| {
            require_open(conn, tenant, &code)?;
            for row in &rows {
                on!(conn, ballot::put(row))?;
            }
            Ok(())
        })
        .await
}

fn mailbox_row(round: &Round, tag: Vec<u8>, ballot: &Ballot) -> Result<MailboxRow> {
    Ok(MailboxRow {
        tenant: round.tenant,
        round: round.code.clone(),
        tag,
        sealed: ballot.seal().map_err(Error::internal)?,
    })
}

/// Looks at the box once more, inside the transaction: a closed one takes nothing.
fn require_open(conn: &mut Conn, tenant: i64, round: &str) -> Result<()> {
    let ballot_box = on!(conn, ballot::find_box(tenant, round))?;
    if ballot_box.is_some_and(|ballot_box| ballot_box.status == "open") {
        Ok(())
    } else {
        Err(closed())
    }
}

fn closed() -> Error {
    Error::conflict(
        "round_closed",
        "This round is closed; answers can no longer be taken.",
    )
}

/// What connects the answers to the person, where the round said so beforehand.
async fn subject(app: &App, respondent: &Respondent) -> Result<Option<String>> {
    match respondent.round.mode {
        Mode::Anonymous => Ok(None),
        Mode::Identified => Ok(Some(respondent.person.clone())),
        Mode::Confidential => {
            super::pseudonym::code_of(app, &respondent.round, &respondent.person).await
        }
    }
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
