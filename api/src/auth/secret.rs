//! Secrets as bytes: keys, and the tokens of sessions, set-up links and API clients.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::ZeroizeOnDrop;

use crate::random;

/// 32 secret bytes: a key of a keyed hash, a link key, or the key of a round. Their memory is cleared when they are dropped.
#[derive(Clone, ZeroizeOnDrop)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// A key made of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key from the operating system's randomness.
    #[must_use]
    pub fn generate() -> Self {
        Self(random::bytes())
    }

    /// The bytes, for the one who needs them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// HMAC-SHA-256 (RFC 2104) of the parts, in this order, each behind its length, under this key.
    ///
    /// `domain` names the use, so that no value of one use is ever a value of another; the lengths tell where one part ends and
    /// the next begins.
    #[must_use]
    pub fn keyed_hash(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        // RFC 2104 fills a key up with zeros to the 64 bytes of a block.
        let mut block = [0; 64];
        for (padded, byte) in block.iter_mut().zip(self.0) {
            *padded = byte;
        }
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(domain.as_bytes());
        mac.update(&[0]);
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl PartialEq for SecretKey {
    fn eq(&self, other: &Self) -> bool {
        constant_time_eq(&self.0, &other.0)
    }
}

impl Eq for SecretKey {}

/// Compares two secrets or hashes in a time that does not depend on where they differ.
#[must_use]
pub fn constant_time_eq(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// A token of 256 random bits, written in 43 characters of base64url: a session, a set-up link or the secret of an API
/// client. Only its hash is stored.
#[derive(Clone)]
pub struct OpaqueToken([u8; 32]);

impl OpaqueToken {
    /// A new token from the operating system's randomness.
    #[must_use]
    pub fn generate() -> Self {
        Self(random::bytes())
    }

    /// Reads the text of a token; `None` where it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// The text to hand out, once.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored in place of the token: SHA-256 of it. A token of 256 random bits needs neither salt nor slowness.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"klankbord opaque token 1\0")
            .chain_update(self.0)
            .finalize()
            .into()
    }

    /// Whether `hash` is the stored hash of this token.
    #[must_use]
    pub fn matches(&self, hash: &[u8]) -> bool {
        constant_time_eq(&self.hash(), hash)
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl PartialEq for OpaqueToken {
    fn eq(&self, other: &Self) -> bool {
        constant_time_eq(&self.0, &other.0)
    }
}

impl Eq for OpaqueToken {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_opaque_token_is_found_again_by_its_hash_alone() {
        let token = OpaqueToken::generate();
        let read = OpaqueToken::parse(&token.to_text()).unwrap();
        assert_eq!(token.to_text().len(), 43);
        assert!(read.matches(&token.hash()));
        assert!(!OpaqueToken::generate().matches(&token.hash()));
        assert!(!token.matches(b"short"));
        for text in ["", "abc", "not base64!", &"A".repeat(44), &"/".repeat(43)] {
            assert_eq!(OpaqueToken::parse(text), None);
        }
    }

    #[test]
    fn no_secret_prints_itself() {
        let key = SecretKey::from_bytes([1; 32]);
        let printed = format!("{key:?} {:?}", OpaqueToken::generate());
        assert_eq!(printed, "[redacted] [redacted]");
    }

    #[test]
    fn the_keyed_hash_is_hmac_sha_256_and_tells_the_parts_apart() {
        // Computed with Python's hmac module.
        let hash = SecretKey::from_bytes([0x0b; 32]).keyed_hash("d", &[b"a", b"b"]);
        for other in [&[b"ab".as_slice()][..], &[b"", b"ab"], &[b"b", b"a"]] {
            assert_ne!(
                hash,
                SecretKey::from_bytes([0x0b; 32]).keyed_hash("d", other)
            );
        }
        assert_eq!(
            URL_SAFE_NO_PAD.encode(hash),
            "n3TTJXxmsgzh1aD5goa_68V4KocX062VlACDv2EslL8"
        );
    }
}
