//! `klankbord tenant`, `user`, `client` and `organisation`.

use super::outcome::{print_json, print_line};
use super::{Common, operator};
use crate::app::App;
use crate::auth::{Role, Scopes};
use crate::error::Error;
use crate::service::account::{self, NewAccount};
use crate::service::client::{self, NewClient};
use crate::service::organisation::{self, Level, NewOrganisation};
use crate::service::{Caller, setup};
use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use std::io::{IsTerminal, Read};
use std::path::PathBuf;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum LevelArg {
    System,
    Region,
    Community,
    School,
    Unit,
}

impl From<LevelArg> for Level {
    fn from(level: LevelArg) -> Self {
        match level {
            LevelArg::System => Self::System,
            LevelArg::Region => Self::Region,
            LevelArg::Community => Self::Community,
            LevelArg::School => Self::School,
            LevelArg::Unit => Self::Unit,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum RoleArg {
    /// Reads indicators, rounds and organisations.
    Officer,
    /// Manages everything at an organisation and below.
    Admin,
}

#[derive(Debug, Subcommand)]
pub(super) enum TenantCommand {
    /// Begin a tenant, with the default framework and questionnaire published in it.
    Add {
        /// Code of the tenant and of the organisation at the top of its tree.
        code: String,
        /// Name of the organisation at the top.
        #[arg(long)]
        name: String,
        /// How wide that organisation is.
        #[arg(long, value_enum, default_value = "system")]
        level: LevelArg,
        /// Leave the default framework and questionnaire out.
        #[arg(long)]
        bare: bool,
    },
    /// List the tenants.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn tenant(command: TenantCommand, app: App) -> anyhow::Result<()> {
    match command {
        TenantCommand::Add {
            code,
            name,
            level,
            bare,
        } => {
            let top = NewOrganisation {
                code: code.clone(),
                name,
                level: level.into(),
                parent: None,
            };
            let number = organisation::begin_tenant(&app, &code, &top).await?;
            if !bare {
                setup::publish_defaults(&app, &Caller::operator(number)).await?;
            }
            print_line(&format!("The tenant “{code}” has begun."));
        }
        TenantCommand::List { json } => {
            let tenants = organisation::tenants(&app).await?;
            if json {
                let tenants: Vec<_> = tenants
                    .iter()
                    .map(|(number, code, name)| json!({"number": number, "code": code, "name": name}))
                    .collect();
                return print_json(&tenants);
            }
            for (_, code, name) in tenants {
                print_line(&format!("{code}\t{name}"));
            }
        }
    }
    Ok(())
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add an account. The password is asked for on standard input.
    Add {
        /// The address to sign in with.
        email: String,
        /// Where the role holds: this organisation and everything below it.
        #[arg(long)]
        organisation: String,
        /// What it allows.
        #[arg(long, value_enum, default_value = "officer")]
        role: RoleArg,
        /// Language of pages.
        #[arg(long, default_value = "en")]
        language: String,
        /// File with the password on its first line; without it, it is read from standard input.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn user(command: UserCommand, app: App) -> anyhow::Result<()> {
    let UserCommand::Add {
        email,
        organisation,
        role,
        language,
        password_file,
        common,
    } = command;
    let caller = operator(&app, &common).await?;
    let new = NewAccount {
        password: password(password_file)?,
        email: email.clone(),
        language,
        organisation: organisation.clone(),
        role: match role {
            RoleArg::Officer => Role::Officer,
            RoleArg::Admin => Role::Admin,
        },
    };
    account::create(&app, &caller, new).await?;
    if common.json {
        return print_json(&json!({"email": email, "organisation": organisation}));
    }
    print_line(&format!("{email} can sign in at {}/sign-in.", app.base_url));
    Ok(())
}

fn password(file: Option<PathBuf>) -> anyhow::Result<String> {
    let text = match file {
        Some(file) => std::fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?,
        None => {
            if std::io::stdin().is_terminal() {
                eprint_prompt(
                    "Password (at least 12 characters, shown as you type; end with Enter): ",
                );
                let mut line = String::new();
                std::io::stdin().read_line(&mut line)?;
                line
            } else {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                text
            }
        }
    };
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn eprint_prompt(prompt: &str) {
    use std::io::Write;
    let mut err = std::io::stderr().lock();
    drop(write!(err, "{prompt}").and_then(|()| err.flush()));
}

#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Add a client of the API and print its secret, once.
    Add {
        /// Its identifier, of your own choice.
        id: String,
        /// What it is, in words.
        #[arg(long)]
        name: Option<String>,
        /// Where: this organisation and everything below it.
        #[arg(long)]
        organisation: String,
        /// What it may do, separated by spaces or commas, such as `indicators:read rounds:read`.
        #[arg(long)]
        scopes: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn client(command: ClientCommand, app: App) -> anyhow::Result<()> {
    let ClientCommand::Add {
        id,
        name,
        organisation,
        scopes,
        common,
    } = command;
    let caller = operator(&app, &common).await?;
    let scopes: Scopes =
        scopes
            .replace(',', " ")
            .parse()
            .map_err(|error: crate::auth::UnknownScope| {
                Error::invalid("/scopes", "unknown_scope", error.to_string())
            })?;
    let new = NewClient {
        name: name.unwrap_or_else(|| id.clone()),
        id: id.clone(),
        scopes,
        organisation,
    };
    let secret = client::create(&app, &caller, new).await?;
    if common.json {
        return print_json(
            &json!({"clientId": id, "clientSecret": secret, "scope": scopes.to_string()}),
        );
    }
    print_line(&format!("client id:     {id}"));
    print_line(&format!("client secret: {secret}"));
    print_line("The secret is shown this once; only a hash of it is stored.");
    Ok(())
}

#[derive(Debug, Subcommand)]
pub(super) enum OrganisationCommand {
    /// Add an organisation.
    Add {
        /// Its code; cannot be changed later.
        code: String,
        /// Its name.
        #[arg(long)]
        name: String,
        /// How wide it is.
        #[arg(long, value_enum)]
        level: LevelArg,
        /// The organisation it belongs to.
        #[arg(long)]
        parent: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// List the organisations, as a tree.
    List {
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn organisation(command: OrganisationCommand, app: App) -> anyhow::Result<()> {
    match command {
        OrganisationCommand::Add {
            code,
            name,
            level,
            parent,
            common,
        } => {
            let caller = operator(&app, &common).await?;
            let new = NewOrganisation {
                code,
                name,
                level: level.into(),
                parent,
            };
            let made = organisation::create(&app, &caller, new).await?;
            if common.json {
                return print_json(&json!({"code": made.code, "path": made.path}));
            }
            let top = if made.parent.is_none() {
                " It is the top of a tree of its own; with --parent it would belong to another organisation."
            } else {
                ""
            };
            print_line(&format!("Added {}.{top}", made.path));
        }
        OrganisationCommand::List { common } => {
            let caller = operator(&app, &common).await?;
            let all = organisation::list(&app, &caller).await?;
            if common.json {
                let all: Vec<_> = all
                    .iter()
                    .map(|one| json!({"code": one.code, "name": one.name, "level": one.level, "parent": one.parent, "path": one.path}))
                    .collect();
                return print_json(&all);
            }
            for one in all {
                let depth = one.path.matches('/').count().saturating_sub(2);
                print_line(&format!(
                    "{}{}\t{}\t{}",
                    "  ".repeat(depth),
                    one.code,
                    one.level.as_str(),
                    one.name
                ));
            }
        }
    }
    Ok(())
}
