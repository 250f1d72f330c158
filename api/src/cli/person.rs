//! `klankbord person`.

use super::outcome::{print_json, print_line};
use super::{Common, operator};
use crate::app::App;
use crate::http::v1::person::ErasureView;
use crate::service::{erasure, participation};
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// Erase a person with their roles, invitations and mails. This cannot be taken back.
    Erase {
        /// The person's reference, or, without one, their address.
        person: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn run(command: PersonCommand, app: App) -> anyhow::Result<()> {
    let PersonCommand::Erase { person, common } = command;
    let caller = operator(&app, &common).await?;
    let erased = erasure::erase(&app, &caller, &person).await?;
    // The server does not know that somebody else has erased.
    participation::refresh_noted(&app).await?;
    if common.json {
        return print_json(&ErasureView::from(erased));
    }
    print_line(&format!(
        "The person is erased. Invitations gone: {}; responses gone: {}; claims that stay in the counts, without a name: {}.",
        erased.invitations, erased.responses, erased.claims_kept
    ));
    Ok(())
}
