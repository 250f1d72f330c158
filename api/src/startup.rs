//! Puts a process together from its settings, and runs it until it is told to stop.

use crate::app::{App, Shared, Traffic};
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
use std::time::Duration;
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
        traffic: Traffic::default(),
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
        take_many(&listener);
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

    /// Serves until SIGTERM or SIGINT. Then it says that it is not ready, ends every connection with its next answer, finishes the requests
    /// that have begun, and returns within 10 s. Calls `ready` when it is about to serve.
    pub async fn run(self, ready: impl FnOnce()) -> anyhow::Result<()> {
        // Listened for before anybody hears that the server is there: who starts it may stop it at once.
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let app = self.app.clone();
        let to_drain = app.clone();
        let jobs = job::Jobs::start(&app);
        let server = server(&app, self.listener)?;
        let handle = server.handle();
        let stopper = tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            force_the_end();
            drain(&to_drain).await;
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

/// Connections that may wait until they are taken.
const BACKLOG: i32 = 4096;

/// Lets many come at once, so that who is too many hears so instead of knocking in vain: the standard library has 128 connections wait
/// and lets the next ones try again a second later, and a system often allows a process 1024 open files where it could have more.
fn take_many(listener: &TcpListener) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let all = Rlimit {
        current: maximum,
        maximum,
    };
    let raised =
        setrlimit(Resource::Nofile, all).and_then(|()| rustix::net::listen(listener, BACKLOG));
    if let Err(error) = raised {
        tracing::warn!("the system lets fewer connections wait than would be good: {error}");
    }
}

/// The pause between requests after which nobody is taken to be in the middle of something.
const QUIET: Duration = Duration::from_millis(150);
/// How long connections are waited for that go on asking.
const DRAINING: Duration = Duration::from_secs(3);
/// How long requests are waited for that have begun.
const FINISHING: Duration = Duration::from_secs(4);
/// When the process ends, whatever it is doing: everything here can be broken off as by a crash.
const AT_LAST: Duration = Duration::from_millis(9500);

/// Goes on serving until those who keep a connection open have had an answer that tells them to leave.
async fn drain(app: &App) {
    app.traffic.end();
    let served = async {
        loop {
            let before = app.traffic.all_answered();
            tokio::time::sleep(QUIET).await;
            if before.is_some() && before == app.traffic.all_answered() {
                break;
            }
        }
    };
    if tokio::time::timeout(DRAINING, served).await.is_err() {
        tracing::info!("requests keep coming; no more are taken");
    }
}

/// Ends the process in time, also where a transaction or a job takes longer.
fn force_the_end() {
    let (keep, never) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        // Nobody sends anything: this waits for the time alone.
        if never.recv_timeout(AT_LAST).is_err() {
            tracing::warn!("what was not finished in time is left as by a crash");
        }
        drop(keep);
        std::process::exit(0);
    });
}

fn server(app: &App, listener: TcpListener) -> anyhow::Result<Server> {
    let shared = app.clone();
    let known = Arc::new(http::Known::of_document()?);
    Ok(HttpServer::new(move || {
        WebApp::new()
            .wrap(Compress::default())
            .wrap(from_fn(http::pages::refuse_packed))
            .wrap(from_fn(guard::time_limit))
            .wrap(from_fn(guard::headers))
            .wrap(tracing_actix_web::TracingLogger::<http::span::RequestSpan>::new())
            .configure(|config| http::configure(config, &shared, &known))
    })
    .workers(app.config.server.workers)
    .shutdown_timeout(FINISHING.as_secs())
    .disable_signals()
    .listen(listener)?
    .run())
}
