//! Erasing one person: from the roster altogether, and from the answers where these carry a code or a name.

use super::invitation::recall::{is_claimed, several};
use super::opening::erasing::take_out;
use super::pseudonym;
use super::round::{Mode, Round};
use super::{Caller, claim};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::store::rows::{FormerClaimRow, PersonRow};
use crate::store::{Conn, Side, on};

/// What erasing a person did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Invitations that are gone, with their links and mails.
    pub invitations: u64,
    /// Forms that the person had claimed; they stay in the counts, without the person.
    pub claims_kept: u64,
    /// Responses that carried a code or a name of the person, and are gone.
    pub responses: u64,
}

/// Erases a person, whom a reference or an address names. Answers of anonymous rounds stay: nobody can tell which they are. So
/// do answers of a confidential round whose key is destroyed, free texts, and the figures of closed rounds.
///
/// # Errors
/// [`Error::Conflict`] with code `several_people`; [`Error::Forbidden`] where the person has a role at organisations of others
/// too.
pub async fn erase(app: &App, caller: &Caller, person: &str) -> Result<Erased> {
    caller.require(Scope::PeopleWrite)?;
    let (asking, wanted) = (caller.clone(), person.to_owned());
    // The links first: what is answered from here on is refused, so that nothing comes in behind what is erased next.
    let (person, rounds) = app
        .store
        .write(Side::Roster, "disable a person's links", move |conn| {
            let person = find(conn, &asking, &wanted)?;
            let rounds = disable(conn, &person)?;
            Ok((person, rounds))
        })
        .await?;
    // Who has just finished is counted as such.
    claim::flush(app).await?;
    let mut responses = take_out_of(app, &person, &rounds).await?;
    let gone = person.clone();
    let mut erased = app
        .store
        .write(Side::Roster, "erase a person", move |conn| {
            forget(conn, &gone)
        })
        .await?;
    // An edit that was under way when the links went can have come in behind.
    responses += take_out_of(app, &person, &rounds).await?;
    erased.responses = responses;
    for round in &rounds {
        app.changed.note(round.tenant, &round.code);
    }
    Ok(erased)
}

async fn take_out_of(app: &App, person: &PersonRow, rounds: &[Round]) -> Result<u64> {
    let mut responses = 0;
    for round in rounds {
        let subject = match round.mode {
            Mode::Anonymous => None,
            Mode::Identified => Some(person.id.clone()),
            Mode::Confidential => pseudonym::code_of(app, round, &person.id).await?,
        };
        if let Some(subject) = subject {
            responses += take_out(app, round, subject).await?;
        }
    }
    Ok(responses)
}

/// The person, for a caller who may manage every organisation at which they have a role.
fn find(conn: &mut Conn, caller: &Caller, wanted: &str) -> Result<PersonRow> {
    let tenant = caller.tenant();
    let may = |path: &String| caller.may(Scope::PeopleWrite, path);
    let mut found = Vec::new();
    let mut others = false;
    for person in on!(conn, person::named(tenant, wanted))? {
        let paths = on!(conn, person::paths(tenant, &person.id))?;
        if paths.iter().any(may) {
            others |= !paths.iter().all(may);
            found.push(person);
        }
    }
    let one = found.pop();
    if !found.is_empty() {
        return Err(several(wanted));
    }
    if others {
        return Err(Error::Forbidden {
            detail: format!(
                "“{wanted}” has a role at organisations of others too; only those who manage all of them can do this."
            ),
        });
    }
    one.ok_or_else(|| Error::not_found("person", wanted))
}

/// Makes the person's links useless, also to what is under way over them; gives the rounds they were invited to.
fn disable(conn: &mut Conn, person: &PersonRow) -> Result<Vec<Round>> {
    let mut rounds = Vec::new();
    for mut invitation in on!(conn, invitation::of_person(person.tenant, &person.id))? {
        invitation.token_hash = None;
        invitation.link_nonce = None;
        on!(conn, invitation::set_link(&invitation))?;
        on!(
            conn,
            invitation::delete_unclaimed(person.tenant, &invitation.id)
        )?;
        if let Some(round) = on!(conn, round::find(person.tenant, &invitation.round))? {
            rounds.push(Round::try_from(round)?);
        }
    }
    Ok(rounds)
}

fn forget(conn: &mut Conn, person: &PersonRow) -> Result<Erased> {
    let mut erased = Erased::default();
    for invitation in on!(conn, invitation::of_person(person.tenant, &person.id))? {
        erased.invitations += 1;
        on!(conn, outbox::forget(person.tenant, &invitation.id))?;
        for form in on!(conn, invitation::assignments(person.tenant, &invitation.id))? {
            if !is_claimed(&form) {
                continue;
            }
            erased.claims_kept += 1;
            on!(
                conn,
                invitation::add_former_claim(&FormerClaimRow {
                    tenant: form.tenant,
                    round: form.round,
                    organisation: form.organisation,
                    form: form.form,
                    claimed: 1,
                    done: i64::from(form.done),
                })
            )?;
        }
    }
    on!(conn, person::delete(person.tenant, &person.id))?;
    Ok(erased)
}
