//! The one call that the safe interface of the cryptographic library does not offer: the bare private operation of RSA.
//!
//! Everything that is unsafe in this program stands in this file.

use aws_lc_sys::{
    CBS, CBS_init, ERR_clear_error, EVP_PKEY, EVP_PKEY_free, EVP_PKEY_get0_RSA,
    EVP_parse_private_key, RSA_NO_PADDING, RSA_sign_raw, RSA_size, RSA_verify_raw,
};
use std::mem::MaybeUninit;
use std::ptr::NonNull;

/// Why there is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RawError {
    /// The bytes are not a private RSA key.
    Key,
    /// The value does not fit the key.
    Value,
    /// What came out is not the signature of what went in.
    Fault,
}

/// A parsed private key, freed when it is dropped.
struct Key(NonNull<EVP_PKEY>);

impl Drop for Key {
    fn drop(&mut self) {
        // SAFETY: the pointer came from EVP_parse_private_key, which gave it to this value alone.
        unsafe { EVP_PKEY_free(self.0.as_ptr()) }
    }
}

impl Key {
    /// Parses PKCS#8 in DER. The library checks that the parts of the key belong together.
    fn parse(pkcs8: &[u8]) -> Result<Self, RawError> {
        let mut bytes = MaybeUninit::<CBS>::uninit();
        // SAFETY: CBS_init writes the whole structure; the slice outlives its only use, in the next call, which reads no further
        // than the length says and copies what it keeps.
        let parsed = unsafe {
            CBS_init(bytes.as_mut_ptr(), pkcs8.as_ptr(), pkcs8.len());
            EVP_parse_private_key(bytes.as_mut_ptr())
        };
        NonNull::new(parsed).map(Self).ok_or(RawError::Key)
    }
}

/// What `value` becomes under the private key; both have the length of the modulus, most significant byte first.
///
/// The library blinds the operation against measuring its time. The result is held against the input once more with the public
/// key: one that was computed wrongly could give the private key away.
pub(super) fn sign(pkcs8: &[u8], value: &[u8]) -> Result<Vec<u8>, RawError> {
    let outcome = attempt(pkcs8, value);
    if outcome.is_err() {
        // SAFETY: takes nothing and touches only what the library has noted for this thread.
        unsafe { ERR_clear_error() };
    }
    outcome
}

fn attempt(pkcs8: &[u8], value: &[u8]) -> Result<Vec<u8>, RawError> {
    let key = Key::parse(pkcs8)?;
    // SAFETY: the key is alive; the pointer that comes back is borrowed from it and used only while it lives.
    let rsa = unsafe { EVP_PKEY_get0_RSA(key.0.as_ptr()) };
    if rsa.is_null() {
        return Err(RawError::Key);
    }
    // SAFETY: `rsa` is not null and belongs to the living key.
    let length = unsafe { RSA_size(rsa) } as usize;
    if value.len() != length {
        return Err(RawError::Value);
    }
    let mut signed = vec![0; length];
    let mut written = 0;
    // SAFETY: `rsa` belongs to the living key; each pointer comes with the length of the buffer that it points into, and the
    // buffers do not overlap.
    let done = unsafe {
        RSA_sign_raw(
            rsa,
            &raw mut written,
            signed.as_mut_ptr(),
            signed.len(),
            value.as_ptr(),
            value.len(),
            RSA_NO_PADDING,
        )
    };
    if done != 1 || written != length {
        return Err(RawError::Value);
    }
    let mut back = vec![0; length];
    // SAFETY: as above.
    let done = unsafe {
        RSA_verify_raw(
            rsa,
            &raw mut written,
            back.as_mut_ptr(),
            back.len(),
            signed.as_ptr(),
            signed.len(),
            RSA_NO_PADDING,
        )
    };
    if done != 1 || written != length || back != value {
        return Err(RawError::Fault);
    }
    Ok(signed)
}
