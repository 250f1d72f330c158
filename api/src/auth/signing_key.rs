//! The Ed25519 keys that access tokens are signed with.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::random;

/// What PKCS#8 (RFC 8410, section 7) writes before the 32 bytes of an Ed25519 private key.
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// The text is not an Ed25519 private key in PKCS#8 PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SigningKeyError;

/// An Ed25519 key pair, known by the RFC 7638 thumbprint of its public half.
#[derive(Clone)]
pub struct SigningKey {
    id: String,
    created_ms: i64,
    public: String,
    signs: EncodingKey,
    verifies: DecodingKey,
}

impl SigningKey {
    /// A new private key, as PKCS#8 PEM.
    pub(super) fn generate_pem() -> String {
        let der = [PKCS8_PREFIX.as_slice(), &random::bytes::<32>()].concat();
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(der)
        )
    }

    /// Reads a private key that dates from `created_ms`.
    pub(super) fn from_pem(created_ms: i64, pem: &[u8]) -> Result<Self, SigningKeyError> {
        let signs = EncodingKey::from_ed_pem(pem).map_err(|_| SigningKeyError)?;
        let public = match Jwk::from_encoding_key(&signs, Algorithm::EdDSA) {
            Ok(Jwk {
                algorithm: AlgorithmParameters::OctetKeyPair(pair),
                ..
            }) => pair.x,
            _ => return Err(SigningKeyError),
        };
        let verifies = DecodingKey::from_ed_components(&public).map_err(|_| SigningKeyError)?;
        Ok(Self {
            id: thumbprint(&public),
            created_ms,
            public,
            signs,
            verifies,
        })
    }

    /// The key id (`kid`): the RFC 7638 thumbprint.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When the key was made, in milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn created_ms(&self) -> i64 {
        self.created_ms
    }

    /// The public half as a JSON Web Key (RFC 8037).
    #[must_use]
    pub fn public_jwk(&self) -> Value {
        json!({
            "kty": "OKP", "crv": "Ed25519", "x": self.public,
            "kid": self.id, "use": "sig", "alg": "EdDSA",
        })
    }

    pub(super) fn encoding(&self) -> &EncodingKey {
        &self.signs
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.verifies
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.id)
            .field("private", &"[redacted]")
            .finish_non_exhaustive()
    }
}

/// The RFC 7638 thumbprint of an Ed25519 public key given in base64url.
fn thumbprint(public: &str) -> String {
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    /// The private key of RFC 8037, appendix A.1, as PKCS#8.
    fn pem_of_the_rfc() -> String {
        let private = URL_SAFE_NO_PAD
            .decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
            .unwrap();
        let der = [PKCS8_PREFIX.as_slice(), &private].concat();
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(der)
        )
    }

    #[test]
    fn public_half_and_thumbprint_are_those_of_rfc_8037() {
        let key = SigningKey::from_pem(1, pem_of_the_rfc().as_bytes()).unwrap();
        let public = key.public_jwk();
        assert_eq!(public["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(key.id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(public["kid"], key.id());
        assert_eq!(public.get("d"), None);
    }

    #[test]
    fn every_new_key_is_another() {
        let new = || SigningKey::from_pem(1, SigningKey::generate_pem().as_bytes()).unwrap();
        assert_ne!(new().id(), new().id());
        assert!(format!("{:?}", new()).contains("[redacted]"));
    }

    #[test]
    fn other_texts_are_no_keys() {
        for text in [
            "",
            "x",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            assert_eq!(
                SigningKey::from_pem(1, text.as_bytes()).unwrap_err(),
                SigningKeyError
            );
        }
    }
}
