//! Claims that are signed blindly: the device shows the link once, and its ballot later shows a signature in the link's place.

mod done;
mod eligibility;
mod key;
mod signers;

pub use done::Done;
pub(in crate::service) use done::flush;
pub use key::{Key, Making};
pub use signers::Signers;

use super::respondent::{self, Respondent, Task};
use super::round::{Mode, Status};
use crate::app::App;
use crate::ballot::blind;
use crate::error::{Error, Result};
use crate::store::{Claimed, Side, on};
use sha2::{Digest, Sha256};

/// How a form of a link was claimed. It stays so: nobody has a ballot in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Through the link itself: the server holds link and answers together while it serves one request.
    Assisted,
    /// By a blind signature: the server never holds both.
    Blind,
}

impl Claim {
    /// The name in documents and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assisted => "assisted",
            Self::Blind => "blind",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        [Self::Assisted, Self::Blind]
            .into_iter()
            .find(|claim| claim.as_str() == name)
    }
}

/// What a device needs to know before it can claim.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The round.
    pub round: String,
    /// Number of its tenant, with which a credential begins.
    pub tenant: i64,
    /// The organisation.
    pub organisation: String,
    /// The form.
    pub form: String,
    /// What the round promises.
    pub mode: Mode,
    /// How it was claimed before.
    pub claim: Option<Claim>,
    /// The key that signs for it; none in a round that is not anonymous.
    pub key: Option<Key>,
}

/// A blind signature.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The signature, [`blind::SIGNATURE_LENGTH`] bytes.
    pub signature: Vec<u8>,
    /// Whether this is the first time; otherwise it is the signature that was given before.
    pub first: bool,
}

/// What a device needs to know to claim a form: with which key the server signs for it. The key is made when it is asked for first.
///
/// # Errors
/// [`Error::NotFound`] for a link that was never given out; [`Error::Conflict`] with code `round_not_open` or `round_closed`.
pub async fn key_for(
    app: &App,
    link: &str,
    organisation: Option<&str>,
    form: Option<&str>,
) -> Result<Offer> {
    let respondent = respondent::find(app, link).await?;
    let task = respondent.task(organisation, form)?;
    require_open(&respondent)?;
    let key = match respondent.round.mode {
        Mode::Anonymous => Some(key::of(app, &respondent.round, task).await?),
        Mode::Confidential | Mode::Identified => None,
    };
    Ok(Offer {
        round: respondent.round.code.clone(),
        tenant: respondent.round.tenant,
        organisation: task.organisation.clone(),
        form: task.form.clone(),
        mode: respondent.round.mode,
        claim: task.claim,
        key,
    })
}

/// Signs a blinded value for one form of a link: one value for each. The same value again has the same signature again.
///
/// # Errors
/// [`Error::Conflict`] with code `already_claimed` where another value was signed or answers came through the link itself, `not_blind`
/// in a round that is not anonymous, `round_not_open` or `round_closed`; [`Error::Invalid`] where `number` is not the key that
/// signs for the form, or the value does not fit it.
pub async fn claim(
    app: &App,
    link: &str,
    organisation: &str,
    form: &str,
    number: i64,
    blinded: &[u8],
) -> Result<Signed> {
    let respondent = respondent::find(app, link).await?;
    let task = respondent.task(Some(organisation), Some(form))?;
    require_open(&respondent)?;
    if respondent.round.mode != Mode::Anonymous {
        return Err(Error::conflict(
            "not_blind",
            "This round is not anonymous: send the answers with the link itself.",
        ));
    }
    let key = key::of(app, &respondent.round, task).await?;
    if key.number != number {
        return Err(Error::invalid(
            "/key",
            "wrong_key",
            format!(
                "Claims for this organisation and form are signed with key {}.",
                key.number
            ),
        ));
    }
    if !key.takes(blinded) {
        return Err(Error::invalid(
            "/blinded",
            "bad_blinded",
            format!(
                "Give {} bytes in base64url, as a number below the modulus of the key.",
                blind::SIGNATURE_LENGTH
            ),
        ));
    }
    // The record before the signature: what was signed is known whatever happens in between, and can be asked for again.
    let first = record(app, &respondent, task, blinded).await?;
    let signature = key::sign(app, &respondent.round, number, blinded.to_vec()).await?;
    Ok(Signed { signature, first })
}

/// Records what is signed for a form; tells whether that is new.
async fn record(app: &App, respondent: &Respondent, task: &Task, blinded: &[u8]) -> Result<bool> {
    let hash = Sha256::digest(blinded).to_vec();
    if task.claim == Some(Claim::Blind) && task.blinded.as_ref() == Some(&hash) {
        return Ok(false);
    }
    let (form, signed) = (respondent.assignment(task), hash.clone());
    let found = app
        .store
        .write(Side::Roster, "claim a form blindly", move |conn| {
            if on!(conn, claim::claim_blind(&form, &signed))? {
                return Ok(None);
            }
            on!(conn, claim::blinded(&form))?
                .map(Some)
                .ok_or_else(respondent::unknown_link)
        })
        .await?;
    match found {
        None => Ok(true),
        Some(earlier) if earlier.as_ref() == Some(&hash) => Ok(false),
        Some(_) => Err(Error::conflict(
            "already_claimed",
            "This form was claimed before: on another device, which has a code to go on with, or by answers that came through the link itself.",
        )),
    }
}

/// Claims a form for answers that come with the link itself, unless that was done before.
///
/// # Errors
/// [`Error::Conflict`] with code `claimed_on_a_device` where it was claimed blindly.
pub(super) async fn claim_assisted(app: &App, respondent: &Respondent, task: &Task) -> Result<()> {
    match task.claim {
        Some(Claim::Assisted) => return Ok(()),
        Some(Claim::Blind) => return Err(claimed_on_a_device()),
        None => {}
    }
    match app
        .store
        .claim_assisted(respondent.assignment(task))
        .await?
    {
        Claimed::New | Claimed::Again => Ok(()),
        Claimed::Blind => Err(claimed_on_a_device()),
        Claimed::Gone => Err(respondent::unknown_link()),
    }
}

fn claimed_on_a_device() -> Error {
    Error::conflict(
        "claimed_on_a_device",
        "This form was begun on a device that sends its answers without the link. Go on there, or on another one with the code that it shows.",
    )
}

/// Flags a claimed form of a link as done. It does not say when: the flag is written together with others, within a second.
///
/// # Errors
/// [`Error::Conflict`] with code `not_claimed`.
pub async fn done(app: &App, link: &str, organisation: &str, form: &str) -> Result<()> {
    let respondent = respondent::find(app, link).await?;
    let task = respondent.task(Some(organisation), Some(form))?;
    if task.claim.is_none() {
        return Err(Error::conflict(
            "not_claimed",
            "Nobody has claimed this form yet, so it cannot be done.",
        ));
    }
    if !task.done {
        app.done.note(respondent.assignment(task));
    }
    Ok(())
}

fn require_open(respondent: &Respondent) -> Result<()> {
    match respondent.round.status {
        Status::Open => Ok(()),
        Status::Draft => Err(respondent::not_open()),
        Status::Closing | Status::Closed => Err(respondent::closed()),
    }
}
