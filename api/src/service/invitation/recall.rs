//! Taking one person's invitation back, and giving it another link.

use super::{Batch, Delivery, Link, open_round};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::service::Caller;
use crate::store::rows::{AssignmentRow, InvitationRow, PersonRow};
use crate::store::{Conn, Side, on};
use std::collections::BTreeSet;

/// What taking an invitation back did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revoked {
    /// Forms that are not asked any more.
    pub removed: u64,
    /// Forms that were claimed before: they stay in the counts, and what was answered stays.
    pub kept: u64,
}

/// What became of the new link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewed {
    /// It is on its way by mail.
    Mailed,
    /// The person wants no mail, so that nobody has the new link.
    Unsubscribed,
    /// It is delivered by the one who asks, and shown this once.
    Shown(Link),
}

/// Takes an invitation back: its link stops working at once, and inviting everybody does not bring it back. Taking it back
/// again changes nothing. `person` is a reference, or an address.
///
/// # Errors
/// [`Error::Conflict`] with code `round_not_open` or `several_people`; [`Error::Forbidden`] where the person is asked at
/// organisations of others too.
pub async fn revoke(app: &App, caller: &Caller, code: &str, person: &str) -> Result<Revoked> {
    let (round, _) = open_round(app, caller, code).await?;
    let (asking, tenant, wanted) = (caller.clone(), round.tenant, person.to_owned());
    let code = round.code.clone();
    let revoked = app
        .store
        .write(Side::Roster, "take an invitation back", move |conn| {
            let (mut invitation, _, forms) = find(conn, &asking, &code, &wanted)?;
            invitation.token_hash = None;
            invitation.link_nonce = None;
            on!(conn, invitation::set_link(&invitation))?;
            on!(conn, outbox::cancel_waiting(tenant, &invitation.id))?;
            let removed = on!(conn, invitation::delete_unclaimed(tenant, &invitation.id))?;
            Ok(Revoked {
                removed: removed as u64,
                kept: (forms.len() - removed) as u64,
            })
        })
        .await?;
    app.changed.note(round.tenant, &round.code);
    Ok(revoked)
}

/// Gives an invitation a new link, delivered as the old one was; the old one stops working at once. An invitation that was
/// taken back stands again.
///
/// # Errors
/// [`Error::Conflict`] with code `round_not_open`, `several_people`, or `already_claimed`: answers that came in over the old
/// link could not be told from those over the new one, and would count twice.
pub async fn renew(app: &App, caller: &Caller, code: &str, person: &str) -> Result<Renewed> {
    let (round, run_by) = open_round(app, caller, code).await?;
    let batch = Batch {
        link_key: crate::service::round::link_key(&app.keys, &round)?,
        round,
        groups: Vec::new(),
        delivery: Delivery::Mail,
        now: app.clock.now_ms(),
        keys: app.keys.clone(),
        base_url: app.base_url.clone(),
    };
    let changed = (batch.round.tenant, batch.round.code.clone());
    let (asking, wanted) = (caller.clone(), person.to_owned());
    let renewed = app
        .store
        .write(Side::Roster, "renew a link", move |conn| {
            batch.renew(conn, &asking, &wanted, &run_by.path)
        })
        .await?;
    app.changed.note(changed.0, &changed.1);
    Ok(renewed)
}

impl Batch {
    fn renew(&self, conn: &mut Conn, caller: &Caller, wanted: &str, top: &str) -> Result<Renewed> {
        let tenant = self.round.tenant;
        let (invitation, person, forms) = find(conn, caller, &self.round.code, wanted)?;
        if forms.iter().any(is_claimed) {
            return Err(Error::conflict(
                "already_claimed",
                format!(
                    "“{wanted}” has begun to answer with the link they have; with another they would count twice. Remind them instead: a reminder brings the same link."
                ),
            ));
        }
        let delivery = if invitation.delivery == Delivery::App.as_str() {
            Delivery::App
        } else {
            Delivery::Mail
        };
        // Another invitation in place of the old one: what is under way over the old link finds nothing to claim.
        let (token, row) = self.link(crate::random::uuid(), person.id.clone(), delivery);
        on!(conn, outbox::cancel_waiting(tenant, &invitation.id))?;
        on!(conn, outbox::hand_over(tenant, &invitation.id, &row.id))?;
        on!(conn, invitation::delete(tenant, &invitation.id))?;
        on!(conn, invitation::insert(&row))?;
        if invitation.token_hash.is_none() {
            let roles = on!(conn, person::roles_of(tenant, &person.id, top))?;
            for candidate in self.candidates(roles)? {
                self.assign(conn, &row.id, &candidate)?;
            }
        }
        for mut form in forms {
            form.invitation.clone_from(&row.id);
            on!(conn, invitation::insert_assignment(&form))?;
        }
        if delivery == Delivery::App {
            let forms = on!(conn, invitation::assignments(tenant, &row.id))?;
            let forms = forms.into_iter().map(|form| (form.organisation, form.form));
            return Ok(Renewed::Shown(self.shown(&token, person, forms.collect())));
        }
        if person.unsubscribed {
            return Ok(Renewed::Unsubscribed);
        }
        self.queue_mail(conn, "invitation", &row.id)?;
        Ok(Renewed::Mailed)
    }
}

/// Whether somebody has begun to answer: from then on a form stays in the counts.
pub(in crate::service) fn is_claimed(form: &AssignmentRow) -> bool {
    form.done || form.claim.is_some()
}

/// The invitation of a person in a round, for a caller who may manage every organisation it asks about.
fn find(
    conn: &mut Conn,
    caller: &Caller,
    code: &str,
    wanted: &str,
) -> Result<(InvitationRow, PersonRow, Vec<AssignmentRow>)> {
    let tenant = caller.tenant();
    let may = |path: &String| caller.may(Scope::InvitationsWrite, path);
    let mut found = Vec::new();
    let mut others = false;
    for person in on!(conn, person::named(tenant, wanted))? {
        for invitation in on!(conn, invitation::of_person(tenant, &person.id))? {
            if invitation.round != code {
                continue;
            }
            let forms = on!(conn, invitation::assignments(tenant, &invitation.id))?;
            let paths = paths(conn, tenant, &person.id, &forms)?;
            if paths.iter().any(may) {
                others |= !paths.iter().all(may);
                found.push((invitation, person.clone(), forms));
            }
        }
    }
    let one = found.pop();
    if !found.is_empty() {
        return Err(several(wanted));
    }
    if others {
        return Err(Error::Forbidden {
            detail: format!(
                "“{wanted}” is asked about organisations of others too; only those who manage all of them can do this."
            ),
        });
    }
    one.ok_or_else(|| Error::not_found("invitation", wanted))
}

/// Paths of the organisations that an invitation asks about; where it asks nothing any more, of the person's roles.
fn paths(
    conn: &mut Conn,
    tenant: i64,
    person: &str,
    forms: &[AssignmentRow],
) -> Result<BTreeSet<String>> {
    let mut paths = BTreeSet::new();
    for form in forms {
        if let Some(organisation) = on!(conn, organisation::find(tenant, &form.organisation))? {
            paths.insert(organisation.path);
        }
    }
    if paths.is_empty() {
        paths.extend(on!(conn, person::paths(tenant, person))?);
    }
    Ok(paths)
}

/// What to say where an address is that of several people.
pub(in crate::service) fn several(wanted: &str) -> Error {
    Error::conflict(
        "several_people",
        format!(
            "Several people have the address “{wanted}”. Name the one you mean by their reference."
        ),
    )
}
