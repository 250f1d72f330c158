//! Answers that come with a credential in place of a link: nothing here knows, or can find out, whose they are.

use super::submission::{Receipt, put};
use super::{check_answers, closed, not_open};
use crate::app::App;
use crate::ballot::Ballot;
use crate::ballot::blind::Credential;
use crate::error::{Error, Result};
use crate::service::claim::Key;
use crate::service::definition::{Instrument, instrument};
use crate::service::round::{Mode, Round, Status};
use crate::store::{Side, on};
use std::sync::Arc;
use survey_engine::answers::RawAnswers;
use survey_engine::questionnaire::{Form, ModuleSelection};

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

/// Somebody who may answer, and of whom nothing else is known. Having one proves that the credential holds.
pub struct Holder {
    /// The round.
    pub round: Round,
    /// Its questionnaire.
    pub instrument: Arc<Instrument>,
    /// The organisation's name.
    pub organisation_name: String,
    /// The form.
    pub form: String,
    /// The group that is asked it.
    pub group: String,
    organisation: String,
    shown: Shown,
}

impl Holder {
    /// The form with the modules that are asked.
    pub fn form(&self) -> Result<(&Form, ModuleSelection)> {
        let (form, _) = self.instrument.form(&self.form)?;
        Ok((form, self.round.selection(&self.instrument, &self.form)?))
    }

    /// Takes the answers. Sent again before the round closes they take the place of the earlier ones.
    ///
    /// # Errors
    /// [`Error::Conflict`] with code `round_not_open` or `round_closed`; [`Error::Invalid`] with every problem.
    pub async fn submit(&self, app: &App, raw: &RawAnswers) -> Result<Receipt> {
        self.shown.require_open()?;
        let (form, selection) = self.form()?;
        let answers = check_answers(form, &selection, raw)?;
        let ballot = Ballot {
            organisation: self.organisation.clone(),
            form: self.form.clone(),
            subject: None,
            packed: answers.packed().to_vec(),
            texts: answers.texts().clone(),
        };
        let tag = self.shown.credential.tag().to_vec();
        Ok(if put(app, &self.round, tag, &ballot).await? {
            Receipt::Stored
        } else {
            Receipt::Replaced
        })
    }
}

/// Who answers with a credential for a form at an organisation.
///
/// # Errors
/// [`Error::CredentialInvalid`] also where the credential is for another organisation or form.
pub async fn holder(app: &App, text: &str, organisation: &str, form: &str) -> Result<Holder> {
    let shown = check(app, text).await?;
    let round = shown.round.clone();
    let (tenant, code) = (round.tenant, round.code.clone());
    let (unit, of) = (organisation.to_owned(), form.to_owned());
    let (eligible, found) = app
        .store
        .read(Side::Roster, "find who signs for whom", move |conn| {
            let eligible = on!(conn, claim::eligible(tenant, &code, &unit, &of))?;
            Ok((eligible, on!(conn, organisation::find(tenant, &unit))?))
        })
        .await?;
    let group = round.form_plan(form).map(|(group, _)| group.to_owned());
    let (Some(found), Some(group)) = (found, group) else {
        return Err(Error::CredentialInvalid);
    };
    if eligible != Some(shown.credential.number) || round.mode != Mode::Anonymous {
        return Err(Error::CredentialInvalid);
    }
    let version = &round.questionnaire;
    Ok(Holder {
        instrument: instrument(app, tenant, &version.id, &version.version).await?,
        organisation_name: found.name,
        form: form.to_owned(),
        group,
        organisation: organisation.to_owned(),
        round,
        shown,
    })
}
