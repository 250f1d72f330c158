//! Reminders: one more mail with the same link, to those who have not finished.

use super::{area, check_groups, open_round, queue_mail};
use crate::app::App;
use crate::error::Result;
use crate::service::{Caller, claim};
use crate::store::rows::{AssignmentRow, InvitationRow, PersonRow};
use crate::store::{Conn, Side, on};
use std::collections::{HashMap, HashSet};

/// The most mails that a person gets about one round: the invitation and two reminders.
pub const MOST_MAILS: usize = 3;

/// Whom to remind.
#[derive(Debug, Clone, Default)]
pub struct NewReminders {
    /// Only people asked about this organisation or one below it; `None` for all of the round.
    pub organisation: Option<String>,
    /// Only people asked as one of these groups; empty for all of the round's.
    pub groups: Vec<String>,
}

/// What reminding did: everyone who was invited by mail is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reminded {
    /// Reminders put into the outbox.
    pub queued: u64,
    /// People who have finished what they were asked.
    pub finished: u64,
    /// People who want no mail.
    pub unsubscribed: u64,
    /// People who have had [`MOST_MAILS`] mails about this round.
    pub capped: u64,
    /// People to whom an earlier mail is still on its way.
    pub waiting: u64,
}

/// Reminds everyone invited by mail who has not finished. Nobody gets a reminder while an earlier mail is on its way.
///
/// # Errors
/// [`Error::Conflict`](crate::error::Error::Conflict) with code `round_not_open`;
/// [`Error::Invalid`](crate::error::Error::Invalid) with every problem.
pub async fn remind(
    app: &App,
    caller: &Caller,
    code: &str,
    wanted: NewReminders,
) -> Result<Reminded> {
    let (round, run_by) = open_round(app, caller, code).await?;
    let path = area(app, caller, &run_by, wanted.organisation.as_deref()).await?;
    check_groups(&round, &wanted.groups, "Nobody was reminded.")?;
    // Who has just finished is not reminded.
    claim::flush(app).await?;
    let (tenant, code, now) = (round.tenant, round.code, app.clock.now_ms());
    app.store
        .write(Side::Roster, "remind people", move |conn| {
            run(conn, tenant, &code, &path, &wanted.groups, now)
        })
        .await
}

fn run(
    conn: &mut Conn,
    tenant: i64,
    code: &str,
    path: &str,
    groups: &[String],
    now: i64,
) -> Result<Reminded> {
    let invited = with_forms(conn, tenant, code, path, groups)?;
    let ids: Vec<String> = invited.iter().map(|(row, _, _)| row.id.clone()).collect();
    let mut mails: HashMap<String, Vec<String>> = HashMap::new();
    for (subject, status) in on!(conn, outbox::of_subjects(tenant, &ids))? {
        mails.entry(subject).or_default().push(status);
    }
    let mut reminded = Reminded::default();
    for (invitation, person, forms) in invited {
        let mails = mails.get(&invitation.id).map_or(&[][..], Vec::as_slice);
        let under_way = |status: &String| matches!(status.as_str(), "waiting" | "sending");
        let count = if forms.iter().all(|form| form.done) {
            &mut reminded.finished
        } else if person.unsubscribed {
            &mut reminded.unsubscribed
        } else if mails.iter().any(under_way) {
            &mut reminded.waiting
        } else if mails.iter().filter(|status| *status != "cancelled").count() >= MOST_MAILS {
            &mut reminded.capped
        } else {
            queue_mail(conn, tenant, now, "reminder", &invitation.id)?;
            &mut reminded.queued
        };
        *count += 1;
    }
    Ok(reminded)
}

/// Invitations whose link can be mailed again, with their person and those of their forms that are meant.
fn with_forms(
    conn: &mut Conn,
    tenant: i64,
    code: &str,
    path: &str,
    groups: &[String],
) -> Result<Vec<(InvitationRow, PersonRow, Vec<AssignmentRow>)>> {
    let within: HashSet<String> = on!(conn, organisation::at_or_below(tenant, path))?
        .into_iter()
        .map(|row| row.code)
        .collect();
    let mut forms: HashMap<String, Vec<AssignmentRow>> = HashMap::new();
    for row in on!(conn, invitation::assignments_of_round(tenant, code))? {
        if within.contains(&row.organisation)
            && (groups.is_empty() || groups.contains(&row.group_code))
        {
            forms.entry(row.invitation.clone()).or_default().push(row);
        }
    }
    let invited = on!(conn, invitation::with_people(tenant, code))?;
    let meant = invited.into_iter().filter_map(|(invitation, person)| {
        let forms = forms.remove(&invitation.id)?;
        let by_mail = invitation.token_hash.is_some() && invitation.link_nonce.is_some();
        by_mail.then_some((invitation, person, forms))
    });
    Ok(meant.collect())
}
