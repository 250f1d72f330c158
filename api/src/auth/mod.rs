//! Who may do what: keys, tokens, passwords and scopes.
//!
//! Nothing here knows the database or HTTP. Every secret type prints `[redacted]` and compares in constant time.

pub mod access_token;
mod carried;
mod escrow;
pub mod hpke;
mod inspected;
pub mod invitation_token;
pub mod key_dir;
mod key_file;
pub mod password;
pub mod recovery;
mod remembered;
pub mod scope;
pub mod secret;
mod signing_key;
mod token_cache;

pub use access_token::{AccessClaims, NewAccessToken, TokenError, TokenIssuer};
pub use carried::{Carried, Compared};
pub use escrow::Restored;
pub use hpke::{OpeningKey, SealError, SealingKey};
pub use inspected::CopyState;
pub use invitation_token::{InvitationToken, TokenTextError};
pub use key_dir::{KeyDirectory, KeyError};
pub use password::{NewPassword, PasswordError, PasswordProblem, Passwords};
pub use recovery::{RecoveryKey, RecoveryTextError};
pub use scope::{Role, Scope, Scopes, UnknownScope};
pub use secret::{OpaqueToken, SecretKey};
pub use signing_key::SigningKey;
