//! Sealing to a public key: hybrid public key encryption (HPKE, RFC 9180) in base mode, with DHKEM(X25519, HKDF-SHA256),
//! HKDF-SHA256 and AES-128-GCM.
//!
//! Whoever has the [`SealingKey`] can close an envelope and cannot open one, not even those they have just closed.

use std::fmt;

use aws_lc_rs::agreement::{PrivateKey, X25519};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::crypto::aws_lc_rs::hpke::DH_KEM_X25519_HKDF_SHA256_AES_128 as SUITE;
use rustls::crypto::hpke::{EncapsulatedSecret, Hpke as _, HpkePrivateKey, HpkePublicKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::secret::SecretKey;

/// Bytes of a key, and of the encapsulated secret that stands before every ciphertext.
const LENGTH: usize = 32;

/// Why nothing could be sealed or opened. It does not say more: nobody is to learn from a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The bytes are no X25519 key.
    #[error("it is not an X25519 key")]
    Key,
    /// It was sealed for another key or another purpose, or it was changed since.
    #[error("it was sealed with another key or for another purpose, or was changed since")]
    Refused,
}

/// The public half of a pair: it closes envelopes.
#[derive(Debug, Clone)]
pub struct SealingKey(HpkePublicKey);

impl SealingKey {
    /// The key made of these bytes, as RFC 7748 writes them.
    #[must_use]
    pub fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(HpkePublicKey(bytes.to_vec()))
    }

    /// Reads the text that [`Self::to_text`] gives.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError::Key)?;
        let bytes: [u8; LENGTH] = bytes.try_into().map_err(|_| SealError::Key)?;
        Ok(Self::from_bytes(bytes))
    }

    /// 43 characters of base64url.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0.0)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.0
    }

    /// The first half of SHA-256 of the key: tells keys apart.
    #[must_use]
    pub fn id(&self) -> [u8; 16] {
        let digest = Sha256::digest(&self.0.0);
        let mut id = [0; 16];
        for (byte, found) in id.iter_mut().zip(digest) {
            *byte = found;
        }
        id
    }

    /// Seals `plain` for one purpose (`info`) and one place (`place`, the additional data): gives the encapsulated secret and
    /// the ciphertext, 48 bytes longer than what was sealed.
    pub fn seal(&self, info: &[u8], place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let (secret, ciphertext) = SUITE
            .seal(info, place, plain, &self.0)
            .map_err(|_| SealError::Key)?;
        let mut sealed = secret.0;
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }
}

impl PartialEq for SealingKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.0 == other.0.0
    }
}

impl Eq for SealingKey {}

/// The private half of a pair: it opens what was sealed with the other. Its memory is cleared when it is dropped.
pub struct OpeningKey(HpkePrivateKey);

impl OpeningKey {
    /// The private half whose bytes these are; any 32 random bytes are one (RFC 7748, section 5).
    #[must_use]
    pub fn new(secret: &SecretKey) -> Self {
        Self(HpkePrivateKey::from(secret.as_bytes().to_vec()))
    }

    /// The public half.
    pub fn sealing_key(&self) -> Result<SealingKey, SealError> {
        let public = PrivateKey::from_private_key(&X25519, self.0.secret_bytes())
            .map_err(|_| SealError::Key)?
            .compute_public_key()
            .map_err(|_| SealError::Key)?;
        let bytes = public.as_ref().try_into().map_err(|_| SealError::Key)?;
        Ok(SealingKey::from_bytes(bytes))
    }

    /// Opens what was sealed for the same purpose and place.
    pub fn open(
        &self,
        info: &[u8],
        place: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (secret, ciphertext) = sealed.split_at_checked(LENGTH).ok_or(SealError::Refused)?;
        let secret = EncapsulatedSecret(secret.to_vec());
        SUITE
            .open(&secret, info, place, ciphertext, &self.0)
            .map(Zeroizing::new)
            .map_err(|_| SealError::Refused)
    }
}

impl fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn bytes(hexadecimal: &str) -> Vec<u8> {
        hexadecimal
            .as_bytes()
            .chunks(2)
            .map(|digits| u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap())
            .collect()
    }

    fn key(hexadecimal: &str) -> OpeningKey {
        OpeningKey::new(&SecretKey::from_bytes(
            bytes(hexadecimal).try_into().unwrap(),
        ))
    }

    #[test]
    fn the_example_of_rfc_9180_a_1_1_opens() {
        let key = key("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
        assert_eq!(
            key.sealing_key().unwrap().as_bytes(),
            bytes("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d")
        );
        let sealed = bytes(
            "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431\
             f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
        );
        let opened = key.open(b"Ode on a Grecian Urn", b"Count-0", &sealed);
        assert_eq!(opened.unwrap().as_slice(), b"Beauty is truth, truth beauty");
    }

    #[test]
    fn only_the_other_half_opens_and_only_for_the_same_purpose_and_place() {
        let (one, other) = (SecretKey::generate(), SecretKey::generate());
        let (one, other) = (OpeningKey::new(&one), OpeningKey::new(&other));
        let public = SealingKey::parse(&one.sealing_key().unwrap().to_text()).unwrap();
        let sealed = public.seal(b"purpose", b"place", b"content").unwrap();
        assert_eq!(sealed.len(), 48 + b"content".len());
        assert_ne!(
            sealed,
            public.seal(b"purpose", b"place", b"content").unwrap()
        );
        let open = |key: &OpeningKey, info: &[u8], place: &[u8], sealed: &[u8]| {
            key.open(info, place, sealed).map(|plain| plain.to_vec())
        };
        assert_eq!(
            open(&one, b"purpose", b"place", &sealed).unwrap(),
            b"content"
        );
        let refused = Err(SealError::Refused);
        assert_eq!(open(&other, b"purpose", b"place", &sealed), refused);
        assert_eq!(open(&one, b"another", b"place", &sealed), refused);
        assert_eq!(open(&one, b"purpose", b"elsewhere", &sealed), refused);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&one, b"purpose", b"place", &changed), refused, "{at}");
            assert_eq!(open(&one, b"purpose", b"place", &sealed[..at]), refused);
        }
        assert_eq!(SealingKey::parse("short"), Err(SealError::Key));
    }
}
