//! What anyone may check of a round: what it promises, the fingerprints of its keys, and its counts once it has closed.

use super::definition::{Instrument, instrument};
use super::round::{Round, Status};
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::{Side, on};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// A key that signs the right to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its number within the round, from 1.
    pub number: i64,
    /// The form that it signs for.
    pub form: String,
    /// SHA-256 of the public key (DER, `SubjectPublicKeyInfo`) in hexadecimal digits.
    pub fingerprint: String,
}

/// What anyone may check of a round. While it is open there is no count in it: how counts grow would tell who answers when.
pub struct Check {
    /// The round.
    pub round: Round,
    /// Its questionnaire.
    pub instrument: Arc<Instrument>,
    /// Name of the organisation that runs it.
    pub run_by: String,
    /// SHA-256 of the 32 bytes of the public sealing key in hexadecimal digits; none for a round that has no key.
    pub sealing_key: Option<String>,
    /// The signing keys that have been made, by number.
    pub signing_keys: Vec<SigningKey>,
}

/// A round that has opened, for whoever asks.
///
/// # Errors
/// [`Error::NotFound`] for a round that there is not, or that is still a draft.
pub async fn find(app: &App, tenant: i64, code: &str) -> Result<Check> {
    let unknown = || Error::not_found("round", code);
    let wanted = code.to_owned();
    let (row, run_by, keys) = app
        .store
        .read(Side::Roster, "look up a round to check", move |conn| {
            let Some(row) = on!(conn, round::find(tenant, &wanted))? else {
                return Ok(None);
            };
            let Some(run_by) = on!(conn, organisation::find(tenant, &row.organisation))? else {
                return Ok(None);
            };
            let keys = on!(conn, claim::signing_keys(tenant, &wanted))?;
            Ok(Some((row, run_by, keys)))
        })
        .await?
        .ok_or_else(unknown)?;
    let round = Round::try_from(row)?;
    if round.status == Status::Draft {
        return Err(unknown());
    }
    let questionnaire = &round.questionnaire;
    let instrument = instrument(app, tenant, &questionnaire.id, &questionnaire.version).await?;
    let sealing_key = round.sealing_key.as_deref().map(sealing_fingerprint);
    Ok(Check {
        sealing_key: sealing_key.transpose()?,
        instrument,
        run_by: run_by.name,
        signing_keys: keys
            .into_iter()
            .filter_map(|key| {
                Some(SigningKey {
                    number: key.number,
                    fingerprint: fingerprint(key.public_key.as_deref()?),
                    form: key.form,
                })
            })
            .collect(),
        round,
    })
}

/// The fingerprint of a sealing key that is written in base64url.
///
/// # Errors
/// [`Error::Internal`] where the text is no base64url.
pub fn sealing_fingerprint(key: &str) -> Result<String> {
    let bytes = URL_SAFE_NO_PAD.decode(key).map_err(Error::internal)?;
    Ok(fingerprint(&bytes))
}

/// SHA-256 in hexadecimal digits.
fn fingerprint(key: &[u8]) -> String {
    Sha256::digest(key)
        .iter()
        .fold(String::with_capacity(64), |mut digits, byte| {
            // Writing to a String cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_that_of_the_bytes_and_not_of_their_writing() {
        // SHA-256 of 32 zero bytes, as `head -c 32 /dev/zero | sha256sum` prints it.
        let zeros = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
        assert_eq!(sealing_fingerprint(&"A".repeat(43)).unwrap(), zeros);
        assert!(sealing_fingerprint("not base64url!").is_err());
    }
}
