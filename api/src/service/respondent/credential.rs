//! Answers that come with a credential in place of a link: nothing here knows, or can find out, whose they are.

use super::submission::{Receipt, put};
use super::{check_answers, closed, not_open};
use crate::app::App;
use crate::ballot::Ballot;
use crate::ballot::blind::Credential;
use crate::error::{Error, Result};
use crate::service::claim::Key;
use crate::service::definition::instrument;
use crate::service::round::{Mode, Round, Status};
use crate::store::{Side, on};
use survey_engine::answers::RawAnswers;

/// A credential whose signature holds, and its round.
pub(in crate::service) struct Shown {
    pub(in crate::service) credential: Credential,
    pub(in crate::service) round: Round,
}

impl Shown {
    /// # Errors
    /// [`Error::Conflict`] with code `round_not_open` or `round_closed`.
    pub(in crate::service) fn require_open(&self) -> Result<()> {
        match self.round.status {
            Status::Open => Ok(()),
            Status::Draft => Err(not_open()),
            Status::Closing | Status::Closed => Err(closed()),
        }
    }
}

/// Reads a credential and checks its signature.
///
/// # Errors
/// [`Error::CredentialInvalid`], without a word on what is wrong with it.
pub(in crate::service) async fn check(app: &App, text: &str) -> Result<Shown> {
    let credential = Credential::parse(text).ok_or(Error::CredentialInvalid)?;
    let (tenant, code, number) = (
        credential.tenant,
        credential.round.clone(),
        credential.number,
    );
    let (round, key) = app
        .store
        .read(
            Side::Roster,
            "find a round and its signing key",
            move |conn| {
                let round = on!(conn, round::find(tenant, &code))?;
                let key = on!(conn, claim::signing_key(tenant, &code, number))?;
                Ok((round, key))
            },
        )
        .await?;
    let der = key.and_then(|key| key.public_key);
    let (Some(round), Some(der)) = (round, der) else {
        return Err(Error::CredentialInvalid);
    };
    Key::read(number, &der)?.check(&credential)?;
    Ok(Shown {
        round: round.try_into()?,
        credential,
    })
}

/// Takes the answers that come with a credential. Sent again before the round closes they take the place of the earlier ones.
///
/// # Errors
/// [`Error::CredentialInvalid`] also where the credential is for another organisation or form; [`Error::Conflict`] with code
/// `round_closed`; [`Error::Invalid`] with every problem.
pub async fn submit_blind(
    app: &App,
    text: &str,
    organisation: &str,
    form: &str,
    raw: &RawAnswers,
) -> Result<Receipt> {
    let shown = check(app, text).await?;
    let (tenant, code) = (shown.round.tenant, shown.round.code.clone());
    let (unit, of) = (organisation.to_owned(), form.to_owned());
    let eligible = app
        .store
        .read(Side::Roster, "find who signs for whom", move |conn| {
            on!(conn, claim::eligible(tenant, &code, &unit, &of))
        })
        .await?;
    if eligible != Some(shown.credential.number) || shown.round.mode != Mode::Anonymous {
        return Err(Error::CredentialInvalid);
    }
    shown.require_open()?;
    let version = &shown.round.questionnaire;
    let instrument = instrument(app, tenant, &version.id, &version.version).await?;
    let selection = shown.round.selection(&instrument, form)?;
    let answers = check_answers(instrument.form(form)?.0, &selection, raw)?;
    let ballot = Ballot {
        organisation: organisation.to_owned(),
        form: form.to_owned(),
        subject: None,
        packed: answers.packed().to_vec(),
        texts: answers.texts().clone(),
    };
    let is_new = put(app, &shown.round, shown.credential.tag().to_vec(), &ballot).await?;
    Ok(if is_new {
        Receipt::Stored
    } else {
        Receipt::Replaced
    })
}
