//! The envelope of a ballot.
//!
//! Version 1: a byte that says so, then what HPKE gives for the round's sealing key. Tenant and round are what it is sealed for,
//! the tag is its place: an envelope that is moved to another round or tag does not open. What is sealed is a JSON document, filled
//! up with blanks to a multiple of 256 bytes, so that the length tells little about the answers.

use super::Ballot;
use crate::auth::{OpeningKey, SealError, SealingKey};
use zeroize::Zeroizing;

/// Why an envelope cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// It is empty.
    #[error("the envelope is empty")]
    Empty,
    /// It was made by another Klankbord.
    #[error("the envelope has version {0}, which is not known here")]
    Version(u8),
    /// The key does not fit, or it was changed or moved.
    #[error("the envelope cannot be sealed or opened: {0}")]
    Seal(#[from] SealError),
    /// Its content is not a ballot.
    #[error("the envelope does not hold a ballot: {0}")]
    Content(#[from] serde_json::Error),
}

/// Version of the envelope: the first byte, so that another kind of seal can follow without moving anything.
const SEALED: u8 = 1;
/// An envelope that was none: the document itself.
const PLAIN: u8 = 0;
/// What is sealed has a multiple of so many bytes.
const STEP: usize = 256;

impl Ballot {
    /// Puts the ballot into an envelope for this place in a round's mailbox.
    pub fn seal(
        &self,
        key: &SealingKey,
        tenant: i64,
        round: &str,
        tag: &[u8],
    ) -> Result<Vec<u8>, EnvelopeError> {
        // Large enough for most: a buffer that grows leaves copies of what was in it.
        let mut document = Zeroizing::new(Vec::with_capacity(2 * STEP));
        serde_json::to_writer(&mut *document, self)?;
        close(key, tenant, round, tag, &mut document)
    }

    /// Takes a ballot out of its envelope.
    pub fn open(
        key: &OpeningKey,
        tenant: i64,
        round: &str,
        tag: &[u8],
        envelope: &[u8],
    ) -> Result<Self, EnvelopeError> {
        match envelope.split_first() {
            None => Err(EnvelopeError::Empty),
            Some((&SEALED, sealed)) => {
                let document = key.open(&purpose(tenant, round), tag, sealed)?;
                Ok(serde_json::from_slice(&document)?)
            }
            Some((&version, _)) => Err(EnvelopeError::Version(version)),
        }
    }
}

/// Seals what the Klankbord before sealed ballots left lying open; `None` for an envelope that is sealed.
pub fn reseal_plain(
    key: &SealingKey,
    tenant: i64,
    round: &str,
    tag: &[u8],
    envelope: &[u8],
) -> Result<Option<Vec<u8>>, EnvelopeError> {
    match envelope.split_first() {
        Some((&PLAIN, document)) => {
            let mut document = Zeroizing::new(document.to_vec());
            close(key, tenant, round, tag, &mut document).map(Some)
        }
        _ => Ok(None),
    }
}

fn close(
    key: &SealingKey,
    tenant: i64,
    round: &str,
    tag: &[u8],
    document: &mut Vec<u8>,
) -> Result<Vec<u8>, EnvelopeError> {
    document.resize(document.len().next_multiple_of(STEP), b' ');
    let sealed = key.seal(&purpose(tenant, round), tag, document)?;
    let mut envelope = Vec::with_capacity(1 + sealed.len());
    envelope.push(SEALED);
    envelope.extend_from_slice(&sealed);
    Ok(envelope)
}

/// What an envelope is sealed for: `klankbord ballot 1`, then tenant and round, each behind its length.
fn purpose(tenant: i64, round: &str) -> Vec<u8> {
    let mut purpose = b"klankbord ballot 1".to_vec();
    for part in [tenant.to_be_bytes().as_slice(), round.as_bytes()] {
        purpose.extend((part.len() as u64).to_be_bytes());
        purpose.extend(part);
    }
    purpose
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::auth::SecretKey;
    use std::collections::BTreeMap;

    fn ballot(text: &str) -> Ballot {
        Ballot {
            organisation: "school".to_owned(),
            form: "parent".to_owned(),
            subject: None,
            packed: vec![0, 5, 255],
            texts: BTreeMap::from([("T".to_owned(), text.to_owned())]),
        }
    }

    #[test]
    fn a_ballot_survives_its_envelope_and_opens_nowhere_else() {
        let key = OpeningKey::new(&SecretKey::generate());
        let public = key.sealing_key().unwrap();
        let ballot = ballot("“ok”\n");
        let envelope = ballot.seal(&public, 1, "r", b"tag").unwrap();
        let open = |tenant, round, tag: &[u8], envelope: &[u8]| {
            Ballot::open(&key, tenant, round, tag, envelope)
        };
        assert_eq!(open(1, "r", b"tag", &envelope).unwrap(), ballot);
        let moved = [(2, "r", b"tag"), (1, "s", b"tag"), (1, "r", b"gat")];
        for (tenant, round, tag) in moved {
            let refused = open(tenant, round, tag, &envelope);
            assert!(matches!(refused, Err(EnvelopeError::Seal(_))));
        }
        let mut changed = envelope.clone();
        changed[200] ^= 1;
        for damaged in [&changed[..], &envelope[..40], &envelope[..9], &[SEALED]] {
            assert!(matches!(
                open(1, "r", b"tag", damaged),
                Err(EnvelopeError::Seal(_))
            ));
        }
        assert!(matches!(
            open(1, "r", b"tag", &[7, 1]),
            Err(EnvelopeError::Version(7))
        ));
        assert!(matches!(
            open(1, "r", b"tag", &[PLAIN, b'{']),
            Err(EnvelopeError::Version(PLAIN))
        ));
        assert!(matches!(
            open(1, "r", b"tag", &[]),
            Err(EnvelopeError::Empty)
        ));
    }

    #[test]
    fn envelopes_have_few_lengths_and_show_nothing_of_what_they_hold() {
        let public = OpeningKey::new(&SecretKey::generate())
            .sealing_key()
            .unwrap();
        let length = |text: &str| ballot(text).seal(&public, 1, "r", b"t").unwrap().len();
        assert_eq!(length(""), 1 + 48 + 256);
        assert_eq!(length(""), length("a few words of praise"));
        assert_eq!(length(&"long ".repeat(40)), 1 + 48 + 512);
        let sealed = ballot("praise").seal(&public, 1, "r", b"t").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"praise"));
    }

    #[test]
    fn what_lay_open_is_sealed_once() {
        let key = OpeningKey::new(&SecretKey::generate());
        let public = key.sealing_key().unwrap();
        let mut plain = vec![PLAIN];
        plain.extend(serde_json::to_vec(&ballot("x")).unwrap());
        let sealed = reseal_plain(&public, 1, "r", b"t", &plain)
            .unwrap()
            .unwrap();
        assert_eq!(
            Ballot::open(&key, 1, "r", b"t", &sealed).unwrap(),
            ballot("x")
        );
        assert_eq!(reseal_plain(&public, 1, "r", b"t", &sealed).unwrap(), None);
    }
}
