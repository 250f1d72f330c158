//! `klankbord recovery-key`.

use super::outcome::{log, print_json, print_line, tell};
use crate::auth::{KeyDirectory, RecoveryKey};
use crate::config::Config;
use crate::error::Error;
use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(Debug, Args)]
pub(super) struct KeyArgs {
    /// File with the recovery key; without it, the key is read from standard input.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum RecoveryKeyCommand {
    /// Make another recovery key, seal the copies of all secrets to it, and print it, once.
    ///
    /// Backups made before go on needing the former one.
    New {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say whether a recovery key is the one that the copies of secrets are sealed to.
    Check(KeyArgs),
    /// Put secrets that are missing in the key folder back from their copies there.
    RestoreSecrets(KeyArgs),
}

pub(super) fn run(command: RecoveryKeyCommand, config: &Config) -> anyhow::Result<()> {
    log(config, "warn");
    match command {
        RecoveryKeyCommand::New { json } => new(config, json),
        RecoveryKeyCommand::Check(args) => check(config, &args),
        RecoveryKeyCommand::RestoreSecrets(args) => restore(config, &args),
    }
}

fn new(config: &Config, as_json: bool) -> anyhow::Result<()> {
    let keys = KeyDirectory::open(config.key_dir())?;
    let key = keys.replace_recovery()?;
    if as_json {
        return print_json(&json!({"recoveryKey": *key.to_text()}));
    }
    print_line(&key.to_text());
    tell(
        "this recovery key is shown this once: keep it off this machine. Backups made before go on needing the former one.",
    );
    Ok(())
}

fn check(config: &Config, args: &KeyArgs) -> anyhow::Result<()> {
    let keys = KeyDirectory::open(config.key_dir())?;
    let fits = keys.is_recovered_by(&read(args.file.as_deref())?)?;
    if args.json {
        print_json(&json!({"fits": fits}))?;
    }
    if !fits {
        return Err(Error::conflict(
            "other_recovery_key",
            "This is a recovery key, and not that of these keys. It may be the former one, which backups from before need.",
        )
        .into());
    }
    if !args.json {
        print_line("This is the recovery key.");
    }
    Ok(())
}

fn restore(config: &Config, args: &KeyArgs) -> anyhow::Result<()> {
    let done = KeyDirectory::restore(&config.key_dir(), &read(args.file.as_deref())?)?;
    if args.json {
        print_json(&json!({
            "restored": done.restored, "present": done.present,
            "different": done.different, "unreadable": done.unreadable,
        }))?;
    } else {
        for (names, what) in [
            (&done.restored, "put back"),
            (&done.present, "there already"),
            (
                &done.different,
                "there already, with another value: left as it is",
            ),
            (
                &done.unreadable,
                "not opened by this recovery key, or damaged",
            ),
        ] {
            for name in names {
                print_line(&format!("{name}: {what}."));
            }
        }
    }
    if done.different.is_empty() && done.unreadable.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(
        "not_all_restored",
        "Not every secret could be put back; see above.",
    )
    .into())
}

/// The recovery key in a file, or on standard input.
pub(super) fn read(file: Option<&Path>) -> anyhow::Result<RecoveryKey> {
    let mut text = Zeroizing::new(String::new());
    if let Some(file) = file {
        std::fs::File::open(file)
            .and_then(|mut file| file.read_to_string(&mut text))
            .with_context(|| format!("{} cannot be read", file.display()))?;
    } else if std::io::stdin().is_terminal() {
        tell("type the recovery key and end with Enter:");
        std::io::stdin().read_line(&mut text)?;
    } else {
        std::io::stdin().read_to_string(&mut text)?;
    }
    RecoveryKey::parse(&text)
        .map_err(|error| Error::invalid("", "not_a_recovery_key", sentence(error)).into())
}

fn sentence(error: crate::auth::RecoveryTextError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}
