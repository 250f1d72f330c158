//! What a device shows in place of a link: a random message, and a signature that was made without seeing it.

use super::{BlindError, PublicKey, SIGNATURE_LENGTH};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;

/// Bytes of the message that is signed: a randomizer (RFC 9474, section 4.1) and the nonce, 32 each.
pub const PREPARED_LENGTH: usize = 64;

/// Bytes of the randomizer, which come first.
const RANDOMIZER_LENGTH: usize = 32;

/// The most characters that the text of a credential has: numbers of 20 digits, the code of a round, 448 bytes in base64url.
const MOST_CHARACTERS: usize = 800;

/// A signed claim. That its text can be read does not yet mean that the signature holds.
#[derive(Clone)]
pub struct Credential {
    /// The tenant.
    pub tenant: i64,
    /// The round.
    pub round: String,
    /// Number of the key that signed.
    pub number: i64,
    prepared: Vec<u8>,
    signature: Vec<u8>,
}

impl Credential {
    /// Reads `tenant.round.number.` and base64url of randomizer, nonce and signature; `None` where it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MOST_CHARACTERS {
            return None;
        }
        let mut parts = text.split('.');
        let (tenant, round, number, rest) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let bytes = URL_SAFE_NO_PAD.decode(rest).ok()?;
        if parts.next().is_some() || bytes.len() != PREPARED_LENGTH + SIGNATURE_LENGTH {
            return None;
        }
        let (prepared, signature) = bytes.split_at(PREPARED_LENGTH);
        Some(Self {
            tenant: tenant.parse().ok()?,
            round: round.to_owned(),
            number: number.parse().ok()?,
            prepared: prepared.to_vec(),
            signature: signature.to_vec(),
        })
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// [`BlindError::Signature`] where it does not hold.
    pub fn verify(&self, key: &PublicKey) -> Result<(), BlindError> {
        key.verify(&self.prepared, &self.signature)
    }

    /// The tag of the ballot that comes with the credential: the same each time, and leading nowhere.
    #[must_use]
    pub fn tag(&self) -> [u8; 32] {
        self.hash("klankbord blind tag 1")
    }

    /// Where a draft that comes with the credential is kept. Who knows it cannot tell the tag, nor the other way round.
    #[must_use]
    pub fn draft_key(&self) -> [u8; 32] {
        self.hash("klankbord draft key 1")
    }

    /// SHA-256 over a label, round, key and nonce, each behind its length.
    fn hash(&self, label: &str) -> [u8; 32] {
        let nonce = self.prepared.get(RANDOMIZER_LENGTH..).unwrap_or_default();
        let (tenant, number) = (self.tenant.to_be_bytes(), self.number.to_be_bytes());
        let parts: [&[u8]; 4] = [&tenant, self.round.as_bytes(), &number, nonce];
        let mut hash = Sha256::new();
        hash.update(label);
        hash.update([0]);
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
