//! Claims that are signed blindly: RSABSSA-SHA384-PSS-Randomized of RFC 9474.
//!
//! The server signs a value that the device has blinded, and cannot tell later which of the signatures it then meets was made of
//! it. So a signature shows that somebody was invited, and not who.

mod credential;
#[expect(
    unsafe_code,
    reason = "the safe interface of the library has no bare RSA operation; this file has nothing else"
)]
mod raw;

pub use credential::{Credential, PREPARED_LENGTH};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize, PublicKey as RsaPublicKey};
use aws_lc_rs::signature::{KeyPair as _, ParsedPublicKey, RSA_PSS_2048_8192_SHA384};
use raw::RawError;
use sha2::{Digest, Sha256};

/// Name of the scheme (RFC 9474, section 5).
pub const ALGORITHM: &str = "RSABSSA-SHA384-PSS-Randomized";

/// Bytes of a blinded value and of a signature: 3072 bits.
pub const SIGNATURE_LENGTH: usize = 384;

/// Why something cannot be signed, or a signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlindError {
    /// The bytes are not a key of this kind.
    #[error("the signing key cannot be used")]
    Key,
    /// The value to be signed is not below the modulus of the key, or has another length.
    #[error("the blinded value does not fit the key")]
    Value,
    /// The signature that was made does not hold: the machine computed wrongly.
    #[error("a signature came out wrong")]
    Fault,
    /// The signature is not of this message under this key.
    #[error("the signature does not hold")]
    Signature,
}

impl From<RawError> for BlindError {
    fn from(error: RawError) -> Self {
        match error {
            RawError::Key => Self::Key,
            RawError::Value => Self::Value,
            RawError::Fault => Self::Fault,
        }
    }
}

/// A new private key of 3072 bits with the public exponent 65537, as PKCS#8 in DER. Takes some tenths of a second.
///
/// # Errors
/// [`BlindError::Key`] where the library cannot make one.
pub fn generate() -> Result<Pkcs8V1Der<'static>, BlindError> {
    let key = KeyPair::generate(KeySize::Rsa3072).map_err(|_| BlindError::Key)?;
    key.as_der().map_err(|_| BlindError::Key)
}

/// Signs a blinded value (`BlindSign` of RFC 9474) with a private key in PKCS#8. The same value has the same signature.
///
/// # Errors
/// [`BlindError::Value`] for a value that is not below the modulus, or of another length.
pub fn sign(pkcs8: &[u8], blinded: &[u8]) -> Result<Vec<u8>, BlindError> {
    Ok(raw::sign(pkcs8, blinded)?)
}

/// The public half of a key.
#[derive(Clone)]
pub struct PublicKey {
    key: RsaPublicKey,
    /// Ready to check signatures.
    checks: ParsedPublicKey,
    der: Vec<u8>,
}

impl PublicKey {
    /// The public half of a private key in PKCS#8.
    ///
    /// # Errors
    /// [`BlindError::Key`] where that is no RSA key.
    pub fn of_private(pkcs8: &[u8]) -> Result<Self, BlindError> {
        let pair = KeyPair::from_pkcs8(pkcs8).map_err(|_| BlindError::Key)?;
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| BlindError::Key)?;
        Self::from_der(der.as_ref())
    }

    /// Reads a `SubjectPublicKeyInfo` in DER, as [`PublicKey::der`] gives it.
    ///
    /// # Errors
    /// [`BlindError::Key`] where that is no RSA key.
    pub fn from_der(der: &[u8]) -> Result<Self, BlindError> {
        let key = RsaPublicKey::from_der(der).map_err(|_| BlindError::Key)?;
        let checks = ParsedPublicKey::new(&RSA_PSS_2048_8192_SHA384, key.as_ref())
            .map_err(|_| BlindError::Key)?;
        Ok(Self {
            key,
            checks,
            der: der.to_vec(),
        })
    }

    /// The key as `SubjectPublicKeyInfo` in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The modulus, most significant byte first.
    #[must_use]
    pub fn modulus(&self) -> Vec<u8> {
        self.key
            .modulus()
            .big_endian_without_leading_zero()
            .to_vec()
    }

    /// The public exponent, most significant byte first.
    #[must_use]
    pub fn exponent(&self) -> Vec<u8> {
        self.key
            .exponent()
            .big_endian_without_leading_zero()
            .to_vec()
    }

    /// What people compare: SHA-256 of [`PublicKey::der`] in 64 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        super::hexadecimal(&Sha256::digest(&self.der), 32)
    }

    /// Whether a value can be signed with this key: as long as the modulus, and more than 1 and less than the modulus less 1. The values
    /// outside are their own signatures.
    #[must_use]
    pub fn takes(&self, blinded: &[u8]) -> bool {
        let modulus = self.modulus();
        // The modulus is odd: less 1 it differs in its last bit alone.
        let Some((last, head)) = modulus.split_last() else {
            return false;
        };
        let Some((blinded_last, blinded_head)) = blinded.split_last() else {
            return false;
        };
        let trivial = blinded_head.iter().all(|byte| *byte == 0) && *blinded_last < 2;
        blinded.len() == modulus.len()
            && !trivial
            && (blinded_head, *blinded_last) < (head, *last ^ 1)
    }

    /// Checks an unblinded signature of a prepared message (RSASSA-PSS with SHA-384 and 48 bytes of salt).
    ///
    /// # Errors
    /// [`BlindError::Signature`] where it does not hold.
    pub fn verify(&self, prepared: &[u8], signature: &[u8]) -> Result<(), BlindError> {
        self.checks
            .verify_sig(prepared, signature)
            .map_err(|_| BlindError::Signature)
    }
}

#[cfg(test)]
mod tests;
