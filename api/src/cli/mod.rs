//! The command line.

mod administer;
mod backup;
mod demo;
mod doctor;
mod export;
mod import;
mod inviting;
mod outcome;
mod person;
mod recovery_key;
mod round;
mod score;
mod serve;
mod settings;

pub use outcome::{exit_code, report};

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, load};
use crate::error::Error;
use crate::service::{Caller, organisation};
use crate::startup;
use clap::{Args, CommandFactory, Parser, Subcommand};
use std::path::PathBuf;

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 the command or the settings are not right, 3 what was sent needs mending, \
4 not found, 5 does not fit the present state, 6 busy or not reachable (try again).\n\n\
Settings: command line over environment (KLANKBORD_SERVER_LISTEN, KLANKBORD_DATABASE_URL, …) over the file over the default; \
see `klankbord config print`.";

/// Klankbord asks learners, parents, staff and employers about their school, and turns the answers into honest indicators.
#[derive(Debug, Parser)]
#[command(name = "klankbord", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// Settings file (TOML).
    #[arg(long, global = true, value_name = "FILE", env = "KLANKBORD_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server. On first start it makes its data folder and prints a link to set it up.
    Serve(serve::ServeArgs),
    /// Run a server with a fictional learning community: three schools, four groups, two rounds.
    Demo(demo::DemoArgs),
    /// Bring the database schemas up to date.
    Migrate(settings::MigrateArgs),
    /// Print the OpenAPI document.
    Openapi,
    /// Look at the settings.
    #[command(subcommand)]
    Config(settings::ConfigCommand),
    /// Begin a tenant: a system of organisations of its own.
    #[command(subcommand)]
    Tenant(administer::TenantCommand),
    /// Manage accounts of people who manage or read.
    #[command(subcommand)]
    User(administer::UserCommand),
    /// Manage clients of the API.
    #[command(subcommand)]
    Client(administer::ClientCommand),
    /// Manage the organisation tree.
    #[command(subcommand)]
    Organisation(administer::OrganisationCommand),
    /// Take in people, questionnaires or answers.
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Manage people.
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// Manage rounds.
    #[command(subcommand)]
    Round(round::RoundCommand),
    /// Give out results.
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// Look after the key that opens the copies of secrets in backups.
    #[command(subcommand)]
    RecoveryKey(recovery_key::RecoveryKeyCommand),
    /// Write everything into one file, as it is at this moment, while the server goes on.
    Backup(backup::BackupArgs),
    /// Put a backup back, into either database.
    Restore(backup::RestoreArgs),
    /// Examine settings, database, keys, disk, clock and mail, and say what to do.
    Doctor(doctor::DoctorArgs),
    /// Score a table of answers from a file, with no server and no database.
    Score(score::ScoreArgs),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Which tenant, and how to print.
#[derive(Debug, Args)]
struct Common {
    /// Code of the tenant; needed only where there are several.
    #[arg(long, value_name = "CODE")]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command line.
///
/// # Errors
/// Whatever stopped the command; [`exit_code`] gives the code that belongs to it.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the settings are read from the environment here, once"
    )]
    let variables = std::env::vars();
    let settings = || Ok::<_, anyhow::Error>(load(cli.config.as_deref(), variables)?);
    match cli.command {
        Command::Serve(args) => serve::run(args.apply(settings()?)).await,
        Command::Demo(args) => demo::run(args, settings()?).await,
        Command::Migrate(args) => settings::migrate(&args, &settings()?).await,
        Command::Openapi => {
            outcome::print_line(&crate::http::openapi().to_pretty_json()?);
            Ok(())
        }
        Command::Config(command) => settings::run(&command, settings()),
        Command::Tenant(command) => administer::tenant(command, open(settings()?).await?).await,
        Command::User(command) => administer::user(command, open(settings()?).await?).await,
        Command::Client(command) => administer::client(command, open(settings()?).await?).await,
        Command::Organisation(command) => {
            administer::organisation(command, open(settings()?).await?).await
        }
        Command::Import(command) => import::run(command, open(settings()?).await?).await,
        Command::Person(command) => person::run(command, open(settings()?).await?).await,
        Command::Round(command) => round::run(command, open(settings()?).await?).await,
        Command::Export(command) => export::run(command, open(settings()?).await?).await,
        Command::RecoveryKey(command) => recovery_key::run(command, &settings()?),
        Command::Backup(args) => backup::backup(args, settings()?).await,
        Command::Restore(args) => backup::restore(args, settings()?).await,
        Command::Doctor(args) => doctor::run(&args, settings()).await,
        Command::Score(args) => score::run(&args),
        Command::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Cli::command(),
                "klankbord",
                &mut std::io::stdout(),
            );
            Ok(())
        }
    }
}

/// The stores and keys of the settings, for a command that works beside the server.
async fn open(config: Config) -> anyhow::Result<App> {
    outcome::log(&config, "warn");
    let base_url = if config.server.base_url.is_empty() {
        format!("http://{}", config.server.listen)
    } else {
        config.server.base_url.clone()
    };
    startup::app(config, base_url, Clock::system()).await
}

/// The operator of the tenant that a command names, or of the only one.
async fn operator(app: &App, common: &Common) -> anyhow::Result<Caller> {
    let tenants = organisation::tenants(app).await?;
    let found = match (&common.tenant, tenants.as_slice()) {
        (Some(code), _) => tenants.iter().find(|tenant| tenant.1 == *code),
        (None, [only]) => Some(only),
        (None, []) => {
            return Err(Error::conflict(
                "not_set_up",
                "Nothing is set up here yet. Start `klankbord serve` and open the link it prints, or use `klankbord tenant add`.",
            )
            .into());
        }
        (None, _) => {
            let codes: Vec<&str> = tenants.iter().map(|tenant| tenant.1.as_str()).collect();
            return Err(Error::conflict(
                "several_tenants",
                format!("Say which tenant with --tenant: {}.", codes.join(", ")),
            )
            .into());
        }
    };
    let (number, _, _) = found
        .ok_or_else(|| Error::not_found("tenant", common.tenant.clone().unwrap_or_default()))?;
    Ok(Caller::operator(*number))
}
