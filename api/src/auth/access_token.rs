//! Access tokens of API clients: JSON Web Tokens as RFC 9068 profiles them, signed with Ed25519 and nothing else.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::key_dir::{KeyDirectory, KeyError};
use super::scope::Scopes;
use super::signing_key::SigningKey;
use super::token_cache::TokenCache;
use crate::clock::Clock;
use crate::random;

/// Seconds that a token is valid.
pub const LIFETIME_SECONDS: i64 = 600;

/// How far the clocks of two servers that share keys may be apart, in seconds.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// Milliseconds after which the key directory is read again, for a key that another server made.
const REREAD_AFTER_MS: i64 = 30_000;

/// How many verified tokens are remembered.
const REMEMBERED: usize = 10_000;

/// A token that is longer than this many bytes is not ours.
const MAX_BYTES: usize = 4_096;

/// The media type of an access token (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";

/// What a new token is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccessToken {
    /// Whom the token stands for; for an API client, the client itself.
    pub subject: String,
    /// The client that asked for the token.
    pub client_id: String,
    /// What it allows.
    pub scopes: Scopes,
    /// The tenant of the client.
    pub tenant: i64,
    /// The code of the organisation at or below which the client may act.
    pub organisation: String,
}

/// What a verified token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// Whom the token stands for.
    pub subject: String,
    /// The client that asked for the token.
    pub client_id: String,
    /// What it allows.
    pub scopes: Scopes,
    /// The tenant of the client.
    pub tenant: i64,
    /// The code of the organisation at or below which the client may act.
    pub organisation: String,
    /// The number of the token.
    pub token_id: String,
    /// When it was issued, in seconds since 1970-01-01 UTC.
    pub issued_at: i64,
    /// When it expires, in seconds since 1970-01-01 UTC.
    pub expires_at: i64,
}

/// The claims as they stand in the token.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    client_id: String,
    iat: i64,
    exp: i64,
    jti: String,
    scope: String,
    tenant: i64,
    organisation: String,
}

/// Why a token cannot be issued or is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The token has expired; a new one is needed.
    #[error("The access token has expired; get a new one from the token endpoint.")]
    Expired,
    /// It is not a token of this server: its form, type, algorithm, key, signature, issuer, audience or claims are wrong.
    #[error("The access token is not valid: {0}")]
    Invalid(&'static str),
    /// The keys cannot be read or written.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A token could not be signed.
    #[error("The access token could not be signed: {0}")]
    Signing(String),
}

/// Issues and verifies access tokens with the signing keys of a key directory.
pub struct TokenIssuer {
    directory: Arc<KeyDirectory>,
    issuer: String,
    audience: String,
    clock: Clock,
    keys: RwLock<Keys>,
    verified: TokenCache<Arc<AccessClaims>>,
}

/// The signing keys as last read, the newest last.
struct Keys {
    keys: Arc<[SigningKey]>,
    read_at_ms: i64,
}

impl TokenIssuer {
    /// An issuer that calls itself `issuer` and whose tokens are meant for `audience`, both URLs. Makes the first key where
    /// there is none.
    pub fn new(
        directory: Arc<KeyDirectory>,
        issuer: impl Into<String>,
        audience: impl Into<String>,
        clock: Clock,
    ) -> Result<Self, KeyError> {
        let now = clock.now_ms();
        if directory.signing_keys()?.is_empty() {
            directory.add_signing_key(now)?;
        }
        let keys = Keys {
            keys: directory.signing_keys()?.into(),
            read_at_ms: now,
        };
        Ok(Self {
            directory,
            issuer: issuer.into(),
            audience: audience.into(),
            clock,
            keys: RwLock::new(keys),
            verified: TokenCache::new(REMEMBERED),
        })
    }

    /// The text of a new token and the seconds until it expires.
    pub fn issue(&self, new: &NewAccessToken) -> Result<(String, i64), TokenError> {
        let now_ms = self.clock.now_ms();
        let keys = self.keys_not_older_than(now_ms, REREAD_AFTER_MS)?;
        let key = keys
            .last()
            .ok_or_else(|| TokenError::Signing("there is no key".to_owned()))?;
        let now = now_ms.div_euclid(1_000);
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: new.subject.clone(),
            client_id: new.client_id.clone(),
            iat: now,
            exp: now + LIFETIME_SECONDS,
            jti: random::uuid(),
            scope: new.scopes.to_string(),
            tenant: new.tenant,
            organisation: new.organisation.clone(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.id().to_owned());
        jsonwebtoken::encode(&header, &claims, key.encoding())
            .map(|token| (token, LIFETIME_SECONDS))
            .map_err(|error| TokenError::Signing(error.to_string()))
    }

    /// What a token says, where it is one of ours and still valid.
    ///
    /// Checked are, in this order: length and form, type, algorithm, key, signature, issuer, audience, the other claims, and
    /// the time. A token that passed is remembered until it expires.
    pub fn verify(&self, token: &str) -> Result<Arc<AccessClaims>, TokenError> {
        let now_ms = self.clock.now_ms();
        if token.len() > MAX_BYTES {
            return Err(TokenError::Invalid("it is too long."));
        }
        let fingerprint = Sha256::digest(token).into();
        if let Some(claims) = self.verified.get(&fingerprint, now_ms) {
            return Ok(claims);
        }
        let claims = Arc::new(self.check(token, now_ms)?);
        self.verified.insert(
            fingerprint,
            Arc::clone(&claims),
            claims.expires_at.saturating_mul(1_000),
        );
        Ok(claims)
    }

    /// Signs with a new key from now on. The old one stays in the key set until the last token it signed has expired.
    pub fn rotate(&self) -> Result<(), TokenError> {
        let now_ms = self.clock.now_ms();
        // A key must sort after the one it follows, even within the same millisecond or after the clock was set back.
        let newest = self
            .directory
            .signing_keys()?
            .last()
            .map(SigningKey::created_ms);
        let created_ms = newest.map_or(now_ms, |newest| now_ms.max(newest + 1));
        self.directory.add_signing_key(created_ms)?;
        self.reread(now_ms)?;
        Ok(())
    }

    /// The public keys as a JSON Web Key Set (RFC 7517), the one in use first.
    pub fn jwks(&self) -> Result<Value, TokenError> {
        let keys = self.keys_not_older_than(self.clock.now_ms(), REREAD_AFTER_MS)?;
        Ok(json!({ "keys": keys.iter().rev().map(SigningKey::public_jwk).collect::<Vec<_>>() }))
    }

    fn check(&self, token: &str, now_ms: i64) -> Result<AccessClaims, TokenError> {
        let header = jsonwebtoken::decode_header(token)
            .map_err(|_| TokenError::Invalid("it is not a JSON Web Token."))?;
        if !header.typ.as_deref().is_some_and(is_access_token_type) {
            return Err(TokenError::Invalid(
                "it is not an access token (typ at+jwt).",
            ));
        }
        if header.alg != Algorithm::EdDSA {
            return Err(TokenError::Invalid("its algorithm is not EdDSA."));
        }
        let key = self.key(header.kid.as_deref().unwrap_or_default(), now_ms)?;
        // The time is read from the injected clock, below.
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        let claims = jsonwebtoken::decode::<Claims>(token, key.decoding(), &validation)
            .map_err(|error| TokenError::Invalid(reason(&error)))?
            .claims;
        let now = now_ms.div_euclid(1_000);
        if now >= claims.exp {
            return Err(TokenError::Expired);
        }
        if claims.iat > now + CLOCK_SKEW_SECONDS {
            return Err(TokenError::Invalid("it was issued in the future."));
        }
        let scopes = claims
            .scope
            .parse()
            .map_err(|_| TokenError::Invalid("it has a scope that does not exist."))?;
        Ok(AccessClaims {
            subject: claims.sub,
            client_id: claims.client_id,
            scopes,
            tenant: claims.tenant,
            organisation: claims.organisation,
            token_id: claims.jti,
            issued_at: claims.iat,
            expires_at: claims.exp,
        })
    }

    /// The key with this id. One that is not known may have been made by another server a moment ago, so the directory is
    /// read again, at most once a second.
    fn key(&self, id: &str, now_ms: i64) -> Result<SigningKey, TokenError> {
        for age in [REREAD_AFTER_MS, 1_000] {
            let keys = self.keys_not_older_than(now_ms, age)?;
            if let Some(key) = keys.iter().find(|key| key.id() == id) {
                return Ok(key.clone());
            }
        }
        Err(TokenError::Invalid(
            "it is signed with a key that is not known (any more).",
        ))
    }

    fn keys_not_older_than(&self, now_ms: i64, age_ms: i64) -> Result<Arc<[SigningKey]>, KeyError> {
        {
            let known = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            if now_ms.abs_diff(known.read_at_ms) < age_ms.unsigned_abs() {
                return Ok(Arc::clone(&known.keys));
            }
        }
        self.reread(now_ms)
    }

    /// Reads the keys from disk, and destroys those whose last token has expired.
    fn reread(&self, now_ms: i64) -> Result<Arc<[SigningKey]>, KeyError> {
        let mut keys = self.directory.signing_keys()?;
        // A server that has not yet read of the new key signs with the old one for a while longer.
        let overlap_ms = (LIFETIME_SECONDS + CLOCK_SKEW_SECONDS) * 1_000 + REREAD_AFTER_MS;
        let successors: Vec<i64> = keys.iter().skip(1).map(SigningKey::created_ms).collect();
        let retired = successors
            .iter()
            .filter(|created| **created + overlap_ms < now_ms)
            .count();
        for key in keys.drain(..retired) {
            self.directory.remove_signing_key(&key)?;
        }
        let keys: Arc<[SigningKey]> = keys.into();
        let mut known = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        *known = Keys {
            keys: Arc::clone(&keys),
            read_at_ms: now_ms,
        };
        Ok(keys)
    }
}

impl fmt::Debug for TokenIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenIssuer")
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

/// RFC 9068, section 4: the type may carry the prefix of media types, in any case.
fn is_access_token_type(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.strip_prefix("application/").unwrap_or(&name) == TYPE
}

fn reason(error: &jsonwebtoken::errors::Error) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidSignature => "its signature is wrong.",
        ErrorKind::InvalidIssuer => "it was issued by another server.",
        ErrorKind::InvalidAudience => "it is meant for another server.",
        _ => "its claims are not those of an access token.",
    }
}

#[cfg(test)]
mod tests;
