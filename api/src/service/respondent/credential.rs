//! Answers that come with a credential in place of a link: nothing here knows, or can find out, whose they are.

use super::submission::{Receipt, put};
use super::{check_answers, closed, not_open};
use crate::app::App;
use crate::ballot::Ballot;
use crate::ballot::blind::Credential;
use crate::error::{Error, Result};
use crate::service::definition::Instrument;
use crate::service::organisation::known;
use crate::service::round::{Mode, Round, Standing, Status, standing_lately};
use std::sync::Arc;
use survey_engine::answers::RawAnswers;
use survey_engine::questionnaire::{Form, ModuleSelection};

/// A credential whose signature holds, and its round.
pub(in crate::service) struct Shown {
    pub(in crate::service) credential: Credential,
    pub(in crate::service) standing: Arc<Standing>,
}

impl Shown {
    /// # Errors
    /// [`Error::Conflict`] with code `round_not_open` or `round_closed`.
    pub(in crate::service) fn require_open(&self) -> Result<()> {
        match self.standing.round.status {
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
    let Some(standing) = standing_lately(app, credential.tenant, &credential.round).await? else {
        return Err(Error::CredentialInvalid);
    };
    let signers = &standing.signers;
    let key = signers
        .key(app, &standing.round, credential.number)
        .await?
        .ok_or(Error::CredentialInvalid)?;
    key.check(&credential)?;
    Ok(Shown {
        credential,
        standing,
    })
}

/// Somebody who may answer, and of whom nothing else is known. Having one proves that the credential holds.
pub struct Holder {
    /// The round.
    pub round: Arc<Round>,
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
    let round = Arc::clone(&shown.standing.round);
    let signs = shown
        .standing
        .signers
        .number(app, &round, organisation, form)
        .await?;
    if signs != Some(shown.credential.number) || round.mode != Mode::Anonymous {
        return Err(Error::CredentialInvalid);
    }
    let group = round.form_plan(form).map(|(group, _)| group.to_owned());
    let found = known(app, round.tenant, organisation).await?;
    let (Some(found), Some(group)) = (found, group) else {
        return Err(Error::CredentialInvalid);
    };
    Ok(Holder {
        instrument: Arc::clone(&shown.standing.instrument),
        organisation_name: found.name.clone(),
        form: form.to_owned(),
        group,
        organisation: organisation.to_owned(),
        round,
        shown,
    })
}
