//! What every use case of one process shares.

use crate::auth::{KeyDirectory, Passwords, TokenIssuer};
use crate::clock::Clock;
use crate::config::Config;
use crate::mail::Mailer;
use crate::service::claim::{Done, Making};
use crate::service::definition::Definitions;
use crate::service::kept::Kept;
use crate::service::opening::Finishing;
use crate::service::participation::Changed;
use crate::service::round::Standing;
use crate::store::Store;
use crate::store::rows::OrganisationRow;
use std::sync::Arc;

/// What every use case of one process shares. Cloning is cheap.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// The parts of an [`App`].
pub struct Shared {
    /// The settings.
    pub config: Config,
    /// The address respondents and apps use, without a slash at the end.
    pub base_url: String,
    /// Both stores.
    pub store: Store,
    /// Keys that never enter a database.
    pub keys: Arc<KeyDirectory>,
    /// Issues and verifies access tokens.
    pub tokens: TokenIssuer,
    /// Hashes and verifies passwords.
    pub passwords: Passwords,
    /// Sends mail.
    pub mailer: Mailer,
    /// The time.
    pub clock: Clock,
    /// Published questionnaires, parsed once.
    pub definitions: Definitions,
    /// Organisations, which never change.
    pub organisations: Kept<OrganisationRow>,
    /// Rounds, as long as nothing of them changes.
    pub rounds: Kept<Standing>,
    /// Rounds whose participation has changed since it was last counted.
    pub changed: Changed,
    /// Forms that are done and not yet flagged so.
    pub done: Done,
    /// Held while a key is made.
    pub making: Making,
    /// Held while a round is closed.
    pub finishing: Finishing,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
