//! `klankbord demo`: a server with a fictional learning community, ready to be looked at from every side.

mod answers;
mod community;
mod roster;

use super::outcome::{log, print_line};
use crate::clock::Clock;
use crate::config::{Config, MailTransport};
use crate::startup::Application;
use anyhow::Context;
use clap::Args;
use community::Community;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Address and port; taken by another server, a free port is used instead.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Keep the data in this folder, which must be empty; without it, a temporary folder is used and removed in the end.
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Prepare everything, print the links and stop.
    #[arg(long)]
    prepare_only: bool,
}

/// Milliseconds of a year.
const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;

/// Milliseconds for which the baseline was open: three weeks.
const ROUND_MS: i64 = 21 * 24 * 60 * 60 * 1000;

pub(super) async fn run(args: DemoArgs, settings: Config) -> anyhow::Result<()> {
    let folder = Folder::new(args.data_dir)?;
    let mut config = Config {
        data_dir: folder.path.clone(),
        ..Config::default()
    };
    config.log = settings.log;
    config.server.listen = listen(&args.listen);
    config.mail.transport = MailTransport::File;
    "Klankbord <survey@klankbord.example>".clone_into(&mut config.mail.from);
    log(&config, "warn");
    let mail_folder = config.mail_folder();
    // The baseline was a year ago: while it is made, so is the clock.
    let offset = Arc::new(AtomicI64::new(-YEAR_MS));
    let (system, shift) = (Clock::system(), Arc::clone(&offset));
    let clock = Clock::shifted(move || system.now_ms() + shift.load(Ordering::Relaxed));
    let application = Application::build(config, clock).await?;
    print_line(
        "Preparing a fictional learning community: three schools, four groups, two rounds …",
    );
    let community = Community::begin(application.app()).await?;
    community
        .baseline(|| offset.store(ROUND_MS - YEAR_MS, Ordering::Relaxed))
        .await?;
    offset.store(0, Ordering::Relaxed);
    let links = community.repeat().await?;
    let base = format!("http://{}", application.address());
    for line in links.lines(&base, &mail_folder.display().to_string()) {
        print_line(&line);
    }
    if args.prepare_only {
        return Ok(());
    }
    application
        .run(|| {
            print_line(&format!("Klankbord is listening on {base}"));
            print_line("Stop it with Ctrl-C.");
        })
        .await
}

/// The address that is wished for, or a free port where another server has it.
fn listen(wished: &str) -> String {
    match std::net::TcpListener::bind(wished) {
        Ok(_) => wished.to_owned(),
        Err(_) => "127.0.0.1:0".to_owned(),
    }
}

/// The data folder; a temporary one goes away with the demo.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn new(wished: Option<PathBuf>) -> anyhow::Result<Self> {
        let temporary = wished.is_none();
        let path = wished.unwrap_or_else(|| {
            std::env::temp_dir().join(format!("klankbord-demo-{}", crate::random::uuid()))
        });
        std::fs::create_dir_all(&path)
            .with_context(|| format!("{} cannot be made", path.display()))?;
        let mut entries = std::fs::read_dir(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        anyhow::ensure!(
            entries.next().is_none(),
            "{} is not empty; name a folder that is, or none.",
            path.display()
        );
        Ok(Self { path, temporary })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!("{} cannot be removed: {error}", self.path.display());
        }
    }
}
