//! `klankbord backup` and `klankbord restore`.

use super::outcome::{log, print_json, print_line, tell};
use super::recovery_key;
use crate::auth::RecoveryKey;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::service::backup::{self, Checked, Outcome};
use clap::Args;
use std::io::IsTerminal;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The file to be written, or the folder for it; without this, klankbord-backup-TIME.kb in the present folder.
    #[arg(long, value_name = "FILE|FOLDER")]
    to: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct RestoreArgs {
    /// The backup.
    file: PathBuf,
    /// Put it in the place of what is there. Former files of SQLite are kept beside; rows in PostgreSQL are deleted.
    #[arg(long)]
    replace: bool,
    /// Only check the file, and say what is in it.
    #[arg(long, conflicts_with = "replace")]
    check: bool,
    /// File with the recovery key, needed where keys are missing here; without this, recovery-key.txt in the data folder.
    #[arg(long, value_name = "FILE")]
    recovery_key: Option<PathBuf>,
    /// Do without keys that are missing: ballots of rounds that were open cannot be opened then, and links do not work.
    #[arg(long, conflicts_with = "recovery_key")]
    without_keys: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn backup(args: BackupArgs, config: Config) -> anyhow::Result<()> {
    log(&config, "warn");
    let recovery = config.recovery_file();
    let written = tokio::task::spawn_blocking(move || {
        backup::write(&config, &Clock::system(), args.to.as_deref())
    })
    .await??;
    if args.json {
        return print_json(&written);
    }
    let rows: u64 = written.rows.values().sum();
    print_line(&format!(
        "{}: {rows} rows and the sealed copies of {} keys, as of {}.",
        written.file.display(),
        written.keys,
        written.moment
    ));
    if written.keys == 0 {
        tell(
            "there are no copies of keys yet: start the server of this version once, or keep a copy of the key folder yourself.",
        );
    } else if recovery.exists() {
        tell(&format!(
            "a backup is of use on another machine with the recovery key alone, which still lies in {}: keep it somewhere else.",
            recovery.display()
        ));
    }
    Ok(())
}

pub(super) async fn restore(args: RestoreArgs, config: Config) -> anyhow::Result<()> {
    log(&config, "warn");
    let (file, settings) = (args.file.clone(), config.clone());
    let checked = tokio::task::spawn_blocking(move || backup::check(&settings, &file)).await??;
    if args.check {
        if args.json {
            return print_json(&checked.header);
        }
        let header = &checked.header;
        print_line(&format!(
            "The backup is complete: made by Klankbord {} from {} as of {}, {} tenants.",
            header.version, header.database, header.moment, header.tenants
        ));
        return Ok(());
    }
    let key = recovery(&args, &config, &checked)?;
    let replace = args.replace;
    let outcome = tokio::task::spawn_blocking(move || {
        backup::restore(&config, &Clock::system(), checked, key.as_ref(), replace)
    })
    .await??;
    if args.json {
        return print_json(&outcome);
    }
    print(&outcome);
    Ok(())
}

/// The recovery key, where keys are missing here.
fn recovery(
    args: &RestoreArgs,
    config: &Config,
    checked: &Checked,
) -> anyhow::Result<Option<RecoveryKey>> {
    if args.without_keys || (checked.keys.missing.is_empty() && args.recovery_key.is_none()) {
        return Ok(None);
    }
    let usual = config.recovery_file();
    match &args.recovery_key {
        Some(file) => Ok(Some(recovery_key::read(Some(file))?)),
        None if usual.exists() => Ok(Some(recovery_key::read(Some(&usual))?)),
        None if std::io::stdin().is_terminal() => Ok(Some(recovery_key::read(None)?)),
        None => Err(Error::conflict(
            "recovery_key_needed",
            format!(
                "{} keys of the backup are missing in {}; nothing was touched. Give the recovery key with --recovery-key FILE, put back a \
                 copy of the key folder, or do without with --without-keys.",
                checked.keys.missing.len(),
                config.key_dir().display()
            ),
        )
        .into()),
    }
}

fn print(outcome: &Outcome) {
    let rows: u64 = outcome.rows.values().sum();
    print_line(&format!(
        "Restored: {rows} rows, as of {}; {} keys came back.",
        outcome.moment, outcome.keys_restored
    ));
    if let Some(folder) = &outcome.kept {
        print_line(&format!(
            "The former files lie in {}; delete them once all is well.",
            folder.display()
        ));
    }
    if outcome.deleted {
        print_line("What was in the database before is gone.");
    }
    if !outcome.keys_missing.is_empty() {
        print_line(&format!(
            "These keys are missing, and what needs them does not work: {}.",
            outcome.keys_missing.join(", ")
        ));
    }
    print_line(
        "Start the server. What happened after that moment is not there: people erased since are back, and mail may go out twice.",
    );
}
