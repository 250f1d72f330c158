//! `klankbord config` and `klankbord migrate`.

use super::outcome::{log, print_json, print_line};
use crate::config::Config;
use crate::store;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Check the settings, and say what is wrong with them.
    Check,
    /// Print the settings as they hold, secrets hidden.
    Print {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &ConfigCommand, config: anyhow::Result<Config>) -> anyhow::Result<()> {
    let config = config?;
    match command {
        ConfigCommand::Check => print_line("The settings can be used."),
        ConfigCommand::Print { json: true } => print_json(&config)?,
        ConfigCommand::Print { json: false } => print_line(config.to_toml().trim_end()),
    }
    Ok(())
}

#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn migrate(args: &MigrateArgs, config: &Config) -> anyhow::Result<()> {
    log(config, "warn");
    let config = config.clone();
    let migrated = tokio::task::spawn_blocking(move || store::migrate(&config)).await??;
    if args.json {
        return print_json(&migrated);
    }
    for one in migrated {
        if one.applied.is_empty() {
            print_line(&format!(
                "{}: up to date (version {}).",
                one.store, one.version
            ));
        } else {
            print_line(&format!(
                "{}: brought to version {} ({} applied).",
                one.store,
                one.version,
                one.applied.len()
            ));
        }
    }
    Ok(())
}
