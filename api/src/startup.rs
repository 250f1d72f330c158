//! Puts a process together from its settings, and runs it until it is told to stop.

use crate::app::{App, Shared};
use crate::auth::{KeyDirectory, Passwords, TokenIssuer};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::http::{self, guard};
use crate::mail::Mailer;
use crate::service::claim::{Done, Making};
use crate::service::definition::Definitions;
use crate::service::kept::Kept;
use crate::service::opening::Finishing;
use crate::service::participation::Changed;
use crate::store::Store;
use crate::{job, service};
use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as WebApp, HttpServer};
use anyhow::Context;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Opens the stores, the keys and the mail transport; `base_url` is where people reach this server.
pub async fn app(config: Config, base_url: String, clock: Clock) -> anyhow::Result<App> {
    let store = Store::open(&config).await.map_err(explain)?;
    let keys = Arc::new(KeyDirectory::open(config.key_dir())?);
    keys.prepare_recovery(&config.recovery_file())?;
    let tokens = TokenIssuer::new(
        Arc::clone(&keys),
        base_url.clone(),
        format!("{base_url}/api/v1"),
        clock.clone(),
    )?;
    let mailer = Mailer::from_config(&config, clock.clone())?;
    let app = App::new(Shared {
        config,
        base_url,
        store,
        keys,
        tokens,
        passwords: Passwords::new(),
        mailer,
        clock,
        definitions: Definitions::default(),
        organisations: Kept::default(),
        rounds: Kept::default(),
        changed: Changed::default(),
        done: Done::default(),
        making: Making::default(),
        finishing: Finishing::default(),
    });
    service::round::seal_open_rounds(&app)
        .await
        .map_err(explain)?;
    Ok(app)
}

/// The cause behind an error at start, which here is for the operator to see.
fn explain(error: Error) -> anyhow::Error {
    match error {
        Error::Unavailable(cause) | Error::StorageFailed(cause) | Error::Internal(cause) => {
            cause.context("the stores cannot be opened")
        }
        other => anyhow::Error::new(other),
    }
}

/// A server that is bound to its address and waits to be run.
pub struct Application {
    app: App,
    listener: TcpListener,
    address: SocketAddr,
}

impl Application {
    /// Binds the address and opens everything the server needs.
    pub async fn build(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let listen = config.server.listen.clone();
        let listener = TcpListener::bind(&listen).with_context(|| {
            format!("cannot listen on {listen}; is another server running there?")
        })?;
        let address = listener.local_addr()?;
        let base_url = if config.server.base_url.is_empty() {
            format!("http://{address}")
        } else {
            config.server.base_url.clone()
        };
        Ok(Self {
            app: app(config, base_url, clock).await?,
            listener,
            address,
        })
    }

    /// The address it is bound to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What its use cases share.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Serves until SIGTERM or SIGINT; requests that have begun are finished. Calls `ready` when it is about to serve.
    pub async fn run(self, ready: impl FnOnce()) -> anyhow::Result<()> {
        // Listened for before anybody hears that the server is there: who starts it may stop it at once.
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let app = self.app.clone();
        let jobs = job::Jobs::start(&app);
        let server = server(&app, self.listener)?;
        let handle = server.handle();
        let stopper = tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            handle.stop(true).await;
        });
        ready();
        let outcome = server.await;
        stopper.abort();
        jobs.stop().await;
        // What was noted after the jobs' last turn.
        if let Err(error) = service::participation::refresh_noted(&app).await {
            tracing::error!("participation could not be counted at the end: {error}");
        }
        outcome.context("the server stopped by itself")
    }

    /// A set-up link, where nobody has an account yet.
    pub async fn setup_link(&self) -> anyhow::Result<Option<String>> {
        Ok(service::setup::link(&self.app).await?)
    }
}

fn server(app: &App, listener: TcpListener) -> anyhow::Result<Server> {
    let shared = app.clone();
    let openapi = http::openapi();
    Ok(HttpServer::new(move || {
        WebApp::new()
            .wrap(Compress::default())
            .wrap(from_fn(http::pages::refuse_packed))
            .wrap(from_fn(guard::time_limit))
            .wrap(from_fn(guard::headers))
            .wrap(tracing_actix_web::TracingLogger::<http::span::RequestSpan>::new())
            .configure(|config| http::configure(config, &shared, &openapi))
    })
    .workers(app.config.server.workers)
    .shutdown_timeout(10)
    .disable_signals()
    .listen(listener)?
    .run())
}
