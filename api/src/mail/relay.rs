//! Mail over SMTP, through a bounded pool of connections.
//!
//! The pool is our own and not lettre's, whose connections outlive a dialogue that was cut off by a timeout: the next
//! message would then read the answers meant for the one before. Here a connection goes back to the pool only after the
//! server has accepted a message, and is closed in every other case.

mod dialogue;

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

use self::dialogue::{cause, hand_over, is_about_account, not_let_in};
use super::compose::Composed;
use super::send_error::SendError;
use crate::clock::Clock;

/// The most connections at once.
const CONNECTIONS: usize = 16;

/// A connection that rested longer than this many milliseconds is not used again: servers hang up on those who are silent.
const REST_MS: u64 = 20_000;

/// The most messages over one connection; servers that count close it at some number.
const MESSAGES: u32 = 100;

/// How the connection is protected.
pub(super) enum Protection {
    /// Not at all.
    None,
    /// STARTTLS, or no mail.
    Starttls(TlsParameters),
    /// TLS from the first byte.
    Tls(TlsParameters),
}

/// How long a server may take to answer the goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// Where and how to connect.
pub(super) struct RelaySettings {
    /// Host name or address of the server.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
    /// How the connection is protected.
    pub(super) protection: Protection,
    /// User name and password, where the server wants them.
    pub(super) credentials: Option<Credentials>,
    /// How long to wait for a connection, and then for a message to be taken.
    pub(super) timeout: Duration,
}

/// An SMTP server that takes our mail.
pub(super) struct Relay {
    settings: RelaySettings,
    clock: Clock,
    hello: ClientId,
    slots: Semaphore,
    resting: Mutex<Vec<Resting>>,
}

struct Resting {
    connection: AsyncSmtpConnection,
    messages: u32,
    since_ms: i64,
}

/// Why there is no connection.
enum OpenError {
    Network(io::Error),
    Smtp(lettre::transport::smtp::Error),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Network(error)
    }
}

impl From<lettre::transport::smtp::Error> for OpenError {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        Self::Smtp(error)
    }
}

impl Relay {
    /// A relay without connections yet.
    pub(super) fn new(settings: RelaySettings, clock: Clock) -> Self {
        Self {
            settings,
            clock,
            hello: ClientId::default(),
            slots: Semaphore::new(CONNECTIONS),
            resting: Mutex::new(Vec::new()),
        }
    }

    /// Hands a message to the server; `Ok` once the server has taken it.
    pub(super) async fn send(&self, mail: &Composed) -> Result<(), SendError> {
        let _slot = self.slot().await?;
        let (mut connection, messages) = self.connection().await?;
        let dialogue = quietly(hand_over(&mut connection, mail));
        match timeout(self.settings.timeout, dialogue).await {
            Ok(Ok(())) => {
                self.rest(connection, messages + 1).await;
                Ok(())
            }
            Ok(Err(refusal)) => {
                self.close(connection).await;
                Err(refusal)
            }
            Err(_) => Err(self.silence()),
        }
    }

    /// Connects and signs in, and sends nothing.
    pub(super) async fn check(&self) -> Result<(), SendError> {
        let _slot = self.slot().await?;
        let connection = self.connect().await?;
        self.close(connection).await;
        Ok(())
    }

    /// Says goodbye on every connection that rests.
    pub(super) async fn release(&self) {
        let resting = std::mem::take(&mut *self.lock());
        for Resting { connection, .. } in resting {
            self.close(connection).await;
        }
    }

    async fn slot(&self) -> Result<tokio::sync::SemaphorePermit<'_>, SendError> {
        let slot = self.slots.acquire().await;
        slot.map_err(|_| SendError::temporary("The server is shutting down."))
    }

    /// A connection that works, and the number of messages it has carried.
    async fn connection(&self) -> Result<(AsyncSmtpConnection, u32), SendError> {
        loop {
            let Some(Resting {
                mut connection,
                messages,
                since_ms,
            }) = self.lock().pop()
            else {
                return Ok((self.connect().await?, 0));
            };
            let fresh = self.clock.now_ms().abs_diff(since_ms) < REST_MS;
            if fresh
                && timeout(self.settings.timeout, quietly(connection.test_connected())).await
                    == Ok(true)
            {
                return Ok((connection, messages));
            }
            if !fresh {
                self.close(connection).await;
            }
        }
    }

    async fn rest(&self, connection: AsyncSmtpConnection, messages: u32) {
        if messages < MESSAGES {
            self.lock().push(Resting {
                connection,
                messages,
                since_ms: self.clock.now_ms(),
            });
        } else {
            self.close(connection).await;
        }
    }

    async fn close(&self, mut connection: AsyncSmtpConnection) {
        // What became of the message is known; a server that does not answer the goodbye changes nothing.
        let _ = timeout(
            GOODBYE.min(self.settings.timeout),
            quietly(connection.abort()),
        )
        .await;
    }

    /// A new connection. What goes wrong here says nothing about the message, so another attempt is always worth it.
    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let RelaySettings { host, port, .. } = &self.settings;
        let connected = timeout(self.settings.timeout, quietly(self.open())).await;
        match connected {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(OpenError::Smtp(error))) if is_about_account(&error) => Err(not_let_in(&error)),
            Ok(Err(error)) => Err(SendError::temporary(format!(
                "The mail server {host}:{port} cannot be used: {}. Check mail.host, mail.port and mail.security.",
                match error {
                    OpenError::Network(error) => error.to_string(),
                    OpenError::Smtp(error) => cause(&error),
                }
            ))),
            Err(_) => Err(self.silence()),
        }
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, OpenError> {
        let RelaySettings {
            host,
            port,
            protection,
            credentials,
            timeout,
        } = &self.settings;
        let server = (host.as_str(), *port);
        let mut connection = if let Protection::Tls(tls) = protection {
            let tls = Some(tls.clone());
            AsyncSmtpConnection::connect_tokio1(server, Some(*timeout), &self.hello, tls, None)
                .await?
        } else {
            let stream = TcpStream::connect(server).await?;
            // A message ends in a small write of its own, which would otherwise wait 40 ms for the one before it.
            stream.set_nodelay(true)?;
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await?
        };
        if let Protection::Starttls(tls) = protection {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(credentials) = credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    fn silence(&self) -> SendError {
        let RelaySettings {
            host,
            port,
            timeout,
            ..
        } = &self.settings;
        let seconds = timeout.as_secs_f32();
        SendError::temporary(format!(
            "The mail server {host}:{port} did not answer within {seconds} seconds (mail.timeout_seconds)."
        ))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Resting>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a dialogue whose lines, which hold addresses, links and passwords, lettre would otherwise write to the log.
async fn quietly<T>(dialogue: impl Future<Output = T>) -> T {
    dialogue.with_subscriber(NoSubscriber::default()).await
}

#[cfg(test)]
mod tests;
