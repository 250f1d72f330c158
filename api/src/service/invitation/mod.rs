//! Invitations: a link for everyone who has a role that a round asks.

pub mod recall;
pub mod reminder;

use super::round::{Round, Status};
use super::{Caller, Problems, claim};
use crate::app::App;
use crate::auth::{InvitationToken, Scope};
use crate::error::{Error, Result};
use crate::store::rows::{
    AssignmentRow, FormerClaimRow, InvitationRow, OrganisationRow, OutboxRow, PersonRow, RoleRow,
};
use crate::store::{Conn, Side, on};
use std::collections::{BTreeSet, HashMap, HashSet};

/// How the links get to the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Klankbord mails them.
    Mail,
    /// The one who asks delivers them, and gets each link once.
    App,
}

impl Delivery {
    fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::App => "app",
        }
    }
}

/// Whom to invite, and how.
#[derive(Debug, Clone)]
pub struct NewInvitations {
    /// How the links get to the people.
    pub delivery: Delivery,
    /// Only people at or below this organisation; `None` for the round's own.
    pub organisation: Option<String>,
    /// Only these groups; empty for all of the round's.
    pub groups: Vec<String>,
}

/// A link for an app to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The school's own reference of the person.
    pub reference: Option<String>,
    /// The person's address.
    pub email: Option<String>,
    /// The token, shown this once.
    pub token: String,
    /// The token as an address to open.
    pub url: String,
    /// The forms it opens: organisation and form.
    pub assignments: Vec<(String, String)>,
}

/// What inviting did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invited {
    /// People who got an invitation now.
    pub created: u64,
    /// People who had one already.
    pub existing: u64,
    /// People whose invitation was taken back: they are not invited again like this.
    pub revoked: u64,
    /// Forms added to invitations that people had already.
    pub assignments_added: u64,
    /// Mails put into the outbox.
    pub mails_queued: u64,
    /// People left out because they have no address to mail to, by reference.
    pub without_address: Vec<String>,
    /// People who want no mail: invited, but not mailed.
    pub unsubscribed: u64,
    /// The links, where the one who asks delivers them.
    pub links: Vec<Link>,
}

/// How inviting and answering stand in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Invitations, without those that were taken back unused.
    pub invitations: u64,
    /// Forms that people were asked to fill in.
    pub assignments: u64,
    /// Forms flagged as done.
    pub done: u64,
    /// Mails by status: `waiting`, `sending`, `sent`, `failed`, `cancelled`.
    pub mails: Vec<(String, u64)>,
}

/// Invites everyone with a role that the round asks. Asking again invites only those who have come since.
///
/// # Errors
/// [`Error::Conflict`] with code `round_not_open`; [`Error::Invalid`] with every problem.
pub async fn invite(
    app: &App,
    caller: &Caller,
    code: &str,
    wanted: NewInvitations,
) -> Result<Invited> {
    let (round, run_by) = open_round(app, caller, code).await?;
    let path = area(app, caller, &run_by, wanted.organisation.as_deref()).await?;
    check_groups(&round, &wanted.groups, "Nobody was invited.")?;
    let batch = Batch {
        link_key: super::round::link_key(&app.keys, &round)?,
        round,
        groups: wanted.groups,
        delivery: wanted.delivery,
        now: app.clock.now_ms(),
        keys: app.keys.clone(),
        base_url: app.base_url.clone(),
    };
    let changed = (batch.round.tenant, batch.round.code.clone());
    let invited = app
        .store
        .write(Side::Roster, "invite people", move |conn| {
            batch.run(conn, &path)
        })
        .await?;
    app.changed.note(changed.0, &changed.1);
    Ok(invited)
}

/// An open round that the caller may see, with the organisation that runs it.
async fn open_round(app: &App, caller: &Caller, code: &str) -> Result<(Round, OrganisationRow)> {
    caller.require(Scope::InvitationsWrite)?;
    let (row, run_by) = caller.round(app, Scope::InvitationsWrite, code).await?;
    let round = Round::try_from(row)?;
    if round.status == Status::Open {
        return Ok((round, run_by));
    }
    Err(Error::conflict(
        "round_not_open",
        format!(
            "The round “{code}” is {}; people can be invited while it is open.",
            round.status.as_str()
        ),
    ))
}

/// The path at or below which people are meant: the named organisation's, or that of the one which runs the round.
async fn area(
    app: &App,
    caller: &Caller,
    run_by: &OrganisationRow,
    organisation: Option<&str>,
) -> Result<String> {
    let Some(organisation) = organisation else {
        if caller.may(Scope::InvitationsWrite, &run_by.path) {
            return Ok(run_by.path.clone());
        }
        return Err(Error::invalid(
            "/organisation",
            "missing",
            format!(
                "Name an organisation of yours: the round is run by “{}”.",
                run_by.name
            ),
        ));
    };
    let found = caller
        .organisation(app, Scope::InvitationsWrite, organisation)
        .await?;
    if found.path.starts_with(&run_by.path) {
        return Ok(found.path);
    }
    Err(Error::invalid(
        "/organisation",
        "outside_the_round",
        format!("“{organisation}” does not take part in this round."),
    ))
}

/// Refuses groups that the round does not ask.
fn check_groups(round: &Round, groups: &[String], summary: &str) -> Result<()> {
    let mut problems = Problems::default();
    for (index, group) in groups.iter().enumerate() {
        problems.note(
            !round.plan.iter().any(|plan| plan.group == *group),
            &format!("/groups/{index}"),
            "group_not_asked",
            format!("This round does not ask the group “{group}”."),
        );
    }
    problems.into_result(summary)
}

/// One call's work, done in one transaction.
struct Batch {
    round: Round,
    groups: Vec<String>,
    delivery: Delivery,
    now: i64,
    keys: std::sync::Arc<crate::auth::KeyDirectory>,
    link_key: crate::auth::SecretKey,
    base_url: String,
}

/// A person with the forms that the round asks of them: organisation, form, group.
struct Candidate {
    person: PersonRow,
    forms: BTreeSet<(String, String, String)>,
}

impl Batch {
    fn run(&self, conn: &mut Conn, path: &str) -> Result<Invited> {
        let (tenant, code) = (self.round.tenant, self.round.code.as_str());
        let existing: HashMap<String, InvitationRow> =
            on!(conn, invitation::of_round(tenant, code))?
                .into_iter()
                .map(|row| (row.person.clone(), row))
                .collect();
        let mut invited = Invited::default();
        for candidate in self.candidates(on!(conn, person::roles_at_or_below(tenant, path))?)? {
            match existing.get(&candidate.person.id) {
                Some(invitation) if invitation.token_hash.is_none() => invited.revoked += 1,
                Some(invitation) => {
                    invited.existing += 1;
                    invited.assignments_added += self.assign(conn, &invitation.id, &candidate)?;
                }
                None => self.create(conn, candidate, &mut invited)?,
            }
        }
        Ok(invited)
    }

    /// Everyone whose role the round asks, with their forms.
    fn candidates(&self, roles: Vec<(RoleRow, PersonRow)>) -> Result<Vec<Candidate>> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for (role, person) in roles {
            if !self.groups.is_empty() && !self.groups.contains(&role.group_code) {
                continue;
            }
            let Some(plan) = self
                .round
                .plan
                .iter()
                .find(|plan| plan.group == role.group_code)
            else {
                continue;
            };
            let form = match &role.form {
                Some(form) if plan.forms.iter().any(|plan| plan.form == *form) => form.clone(),
                _ => match plan.forms.first() {
                    Some(usual) => usual.form.clone(),
                    None => {
                        return Err(Error::internal(anyhow::anyhow!("a plan without a form")));
                    }
                },
            };
            let wanted = (role.organisation, form, role.group_code);
            match candidates.last_mut() {
                Some(last) if last.person.id == person.id => {
                    last.forms.insert(wanted);
                }
                _ => candidates.push(Candidate {
                    person,
                    forms: BTreeSet::from([wanted]),
                }),
            }
        }
        Ok(candidates)
    }

    fn create(&self, conn: &mut Conn, candidate: Candidate, invited: &mut Invited) -> Result<()> {
        let person = &candidate.person;
        if self.delivery == Delivery::Mail && person.email.is_none() {
            invited.without_address.push(
                person
                    .reference
                    .clone()
                    .unwrap_or_else(|| person.id.clone()),
            );
            return Ok(());
        }
        let (token, row) = self.link(crate::random::uuid(), person.id.clone(), self.delivery);
        on!(conn, invitation::insert(&row))?;
        self.assign(conn, &row.id, &candidate)?;
        invited.created += 1;
        match self.delivery {
            Delivery::Mail if person.unsubscribed => invited.unsubscribed += 1,
            Delivery::Mail => {
                self.queue_mail(conn, "invitation", &row.id)?;
                invited.mails_queued += 1;
            }
            Delivery::App => {
                let forms = candidate.forms.into_iter();
                let forms = forms.map(|(organisation, form, _)| (organisation, form));
                invited
                    .links
                    .push(self.shown(&token, candidate.person, forms.collect()));
            }
        }
        Ok(())
    }

    /// A new link, and the row of an invitation that has it.
    fn link(
        &self,
        id: String,
        person: String,
        delivery: Delivery,
    ) -> (InvitationToken, InvitationRow) {
        let tenant = self.round.tenant;
        let nonce = crate::random::bytes::<16>();
        let token = InvitationToken::derive(&self.link_key, tenant, &nonce);
        let row = InvitationRow {
            tenant,
            id,
            round: self.round.code.clone(),
            person,
            token_hash: Some(token.keyed_hash(self.keys.token_pepper()).to_vec()),
            link_nonce: (delivery == Delivery::Mail).then(|| nonce.to_vec()),
            delivery: delivery.as_str().to_owned(),
        };
        (token, row)
    }

    /// A link as it is shown once to those who deliver it.
    fn shown(
        &self,
        token: &InvitationToken,
        person: PersonRow,
        assignments: Vec<(String, String)>,
    ) -> Link {
        let text = token.to_text();
        Link {
            reference: person.reference,
            email: person.email,
            url: format!("{}/s/{text}", self.base_url),
            token: text,
            assignments,
        }
    }

    fn assign(&self, conn: &mut Conn, invitation: &str, candidate: &Candidate) -> Result<u64> {
        let mut added = 0;
        for (organisation, form, group) in &candidate.forms {
            let row = AssignmentRow {
                tenant: self.round.tenant,
                round: self.round.code.clone(),
                invitation: invitation.to_owned(),
                organisation: organisation.clone(),
                form: form.clone(),
                group_code: group.clone(),
                done: false,
                claim: None,
                blinded: None,
            };
            added += u64::from(on!(conn, invitation::insert_assignment(&row))?);
        }
        Ok(added)
    }

    fn queue_mail(&self, conn: &mut Conn, kind: &str, invitation: &str) -> Result<()> {
        queue_mail(conn, self.round.tenant, self.now, kind, invitation)
    }
}

/// Puts a mail about an invitation into the outbox, to leave from `now` on.
fn queue_mail(conn: &mut Conn, tenant: i64, now: i64, kind: &str, invitation: &str) -> Result<()> {
    let id = crate::random::uuid();
    let row = OutboxRow {
        tenant,
        message_id: id.clone(),
        id,
        kind: kind.to_owned(),
        subject: invitation.to_owned(),
        status: "waiting".to_owned(),
        attempts: 0,
        next_attempt_at: now,
        last_error: None,
    };
    on!(conn, outbox::insert(&row))
}

/// How inviting and answering stand in a round.
pub async fn progress(app: &App, caller: &Caller, code: &str) -> Result<Progress> {
    let (round, _) = caller.round_to_manage(app, Scope::RoundsRead, code).await?;
    claim::flush(app).await?;
    app.store
        .read(Side::Roster, "count a round's progress", move |conn| {
            let invitations = on!(conn, invitation::of_round(round.tenant, &round.code))?;
            let assignments = on!(
                conn,
                invitation::assignments_of_round(round.tenant, &round.code)
            )?;
            let former = on!(conn, invitation::former_claims(round.tenant, &round.code))?;
            let of_former = |count: fn(&FormerClaimRow) -> i64| -> u64 {
                former.iter().map(count).sum::<i64>().unsigned_abs()
            };
            let in_use: HashSet<&str> = assignments
                .iter()
                .map(|row| row.invitation.as_str())
                .collect();
            let subjects: Vec<String> = invitations.iter().map(|row| row.id.clone()).collect();
            let mails = on!(conn, outbox::counts(round.tenant, &subjects))?;
            Ok(Progress {
                invitations: invitations
                    .iter()
                    .filter(|row| row.token_hash.is_some() || in_use.contains(row.id.as_str()))
                    .count() as u64,
                assignments: assignments.len() as u64 + of_former(|row| row.claimed),
                done: assignments.iter().filter(|row| row.done).count() as u64
                    + of_former(|row| row.done),
                mails: mails
                    .into_iter()
                    .map(|(status, count)| (status, count.unsigned_abs()))
                    .collect(),
            })
        })
        .await
}
