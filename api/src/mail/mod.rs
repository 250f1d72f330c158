//! Mail: what is written, in whose language, and how it leaves.
//!
//! Nothing here knows the database: a job takes a message from the outbox, gives it to the [`Mailer`], and notes what
//! became of it. No address and no link is ever logged or put into an error; a message is known by its [`MessageId`].

mod address;
mod compose;
mod folder;
mod invitation;
mod mailer;
mod message;
mod relay;
mod retry;
mod send_error;

pub use address::{AddressError, EmailAddress};
pub use invitation::{Invitation, Occasion};
pub use mailer::{Mailer, SetupError};
pub use message::{Message, MessageId, MessageIdError};
pub use retry::{LONGEST_DELAY_MS, MAX_ATTEMPTS, retry_delay_ms};
pub use send_error::SendError;
