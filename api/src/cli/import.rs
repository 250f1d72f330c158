//! `klankbord import`.

use super::outcome::{print_json, print_line};
use super::{Common, operator};
use crate::app::App;
use crate::service::definition;
use crate::service::response_import::{self, ImportedResponses};
use crate::service::roster::{self, ImportOptions};
use anyhow::Context;
use clap::Subcommand;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Take in people and their roles from a table: all rows, or none.
    Roster {
        /// The table (CSV; comma, semicolon or tab; UTF-8 or Windows-1252).
        file: PathBuf,
        /// The organisation; rows may name it or any below it.
        #[arg(long)]
        organisation: String,
        /// Language of people whose row names none.
        #[arg(long, default_value = "en")]
        language: String,
        /// Check the table and store nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Publish a questionnaire, or a framework.
    Questionnaire {
        /// The document (JSON).
        file: PathBuf,
        /// The document is a framework.
        #[arg(long)]
        framework: bool,
        /// Check the document and publish nothing.
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Take in answers given on paper or elsewhere, for an open round: all rows, or none.
    Responses {
        /// The table (CSV): a column `token`, or `organisation` and `form`; and one column for each item.
        file: PathBuf,
        /// The round.
        #[arg(long)]
        round: String,
        #[command(flatten)]
        common: Common,
    },
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

pub(super) async fn run(command: ImportCommand, app: App) -> anyhow::Result<()> {
    match command {
        ImportCommand::Roster {
            file,
            organisation,
            language,
            dry_run,
            common,
        } => {
            let caller = operator(&app, &common).await?;
            let options = ImportOptions { language, dry_run };
            let done = roster::import(&app, &caller, &organisation, &read(&file)?, options).await?;
            if common.json {
                return print_json(
                    &json!({"rows": done.rows, "peopleAdded": done.people_added, "peopleChanged": done.people_changed, "rolesAdded": done.roles_added, "dryRun": done.dry_run}),
                );
            }
            print_line(&format!(
                "{} rows: {} people added, {} changed, {} roles added{}.",
                done.rows,
                done.people_added,
                done.people_changed,
                done.roles_added,
                if done.dry_run {
                    " (checked only; nothing was stored)"
                } else {
                    ""
                }
            ));
        }
        ImportCommand::Questionnaire {
            file,
            framework,
            check,
            common,
        } => {
            let caller = operator(&app, &common).await?;
            let document = String::from_utf8(read(&file)?)
                .with_context(|| format!("{} is not UTF-8 text", file.display()))?;
            let (id, version) = match (framework, check) {
                (true, true) => {
                    let checked = definition::check_framework(&document)?;
                    (checked.id().to_owned(), checked.version().to_owned())
                }
                (true, false) => {
                    let done = definition::publish_framework(&app, &caller, &document).await?;
                    (done.id, done.version)
                }
                (false, true) => {
                    let checked = definition::check_questionnaire(&app, &caller, &document).await?;
                    (checked.id().to_owned(), checked.version().to_owned())
                }
                (false, false) => {
                    let done = definition::publish_questionnaire(&app, &caller, &document).await?;
                    (done.id, done.version)
                }
            };
            if common.json {
                return print_json(&json!({"id": id, "version": version, "published": !check}));
            }
            let what = if check {
                "has nothing to mend"
            } else {
                "is published"
            };
            print_line(&format!("{id} {version} {what}."));
        }
        ImportCommand::Responses {
            file,
            round,
            common,
        } => {
            let caller = operator(&app, &common).await?;
            let ImportedResponses { rows, replaced } =
                response_import::import(&app, &caller, &round, &read(&file)?).await?;
            if common.json {
                return print_json(&json!({"rows": rows, "replaced": replaced}));
            }
            print_line(&format!(
                "{rows} responses taken in; {replaced} of them replaced earlier ones."
            ));
        }
    }
    Ok(())
}
