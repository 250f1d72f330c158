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
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

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
    /// Requests that have begun and ended, and whether this process is to end.
    pub traffic: Traffic,
}

/// Requests from which on what nobody waits for gives way.
const BUSY: u64 = 100;

/// What is on its way through this process.
#[derive(Debug, Default)]
pub struct Traffic {
    begun: AtomicU64,
    ended: AtomicU64,
    looked: AtomicU64,
    ending: AtomicBool,
}

/// A request on its way; dropped when it is answered.
pub struct Counted(App);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.traffic.ended.fetch_add(1, Ordering::SeqCst);
    }
}

impl Traffic {
    /// Whether this process is about to end: a connection takes no further request, and others are to be asked.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// Lets every connection end with its next answer.
    pub fn end(&self) {
        self.ending.store(true, Ordering::SeqCst);
    }

    /// Whether many requests have begun since this was asked the last time.
    pub fn is_busy(&self) -> bool {
        let begun = self.begun.load(Ordering::SeqCst);
        begun.saturating_sub(self.looked.swap(begun, Ordering::SeqCst)) > BUSY
    }

    /// How many requests have begun, where all of them are answered.
    #[must_use]
    pub fn all_answered(&self) -> Option<u64> {
        let ended = self.ended.load(Ordering::SeqCst);
        let begun = self.begun.load(Ordering::SeqCst);
        (begun == ended).then_some(begun)
    }
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Counts a request that has begun.
    #[must_use]
    pub fn begin_request(&self) -> Counted {
        self.traffic.begun.fetch_add(1, Ordering::SeqCst);
        Counted(self.clone())
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
