//! `klankbord round invite`, `remind`, `revoke` and `renew`.

use super::outcome::{print_json, print_line};
use super::{Common, operator};
use crate::app::App;
use crate::http::v1::invitation::{InvitationsView, RenewalView, RevocationView};
use crate::http::v1::reminder::RemindersView;
use crate::service::invitation::recall::{self, Renewed, Revoked};
use crate::service::invitation::reminder::{self, NewReminders, Reminded};
use crate::service::invitation::{self, Delivery, Invited, NewInvitations};
use crate::service::participation;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum InvitingCommand {
    /// Invite everyone whom the round asks; again for those who have come since.
    Invite {
        /// The round.
        code: String,
        /// Only people at or below this organisation.
        #[arg(long)]
        organisation: Option<String>,
        /// Only this group; may be repeated.
        #[arg(long = "group", value_name = "GROUP")]
        groups: Vec<String>,
        /// Print the links instead of mailing them.
        #[arg(long)]
        print_links: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Remind everyone invited by mail who has not finished; nobody gets more than three mails about a round.
    Remind {
        /// The round.
        code: String,
        /// Only people asked about this organisation or one below it.
        #[arg(long)]
        organisation: Option<String>,
        /// Only this group; may be repeated.
        #[arg(long = "group", value_name = "GROUP")]
        groups: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Take one person's invitation back: the link stops working at once. What was answered stays.
    Revoke {
        /// The round.
        code: String,
        /// The person's reference, or, without one, their address.
        person: String,
        #[command(flatten)]
        common: Common,
    },
    /// Give one person a new link, mailed or printed as the old one was; the old one stops working at once.
    Renew {
        /// The round.
        code: String,
        /// The person's reference, or, without one, their address.
        person: String,
        #[command(flatten)]
        common: Common,
    },
}

fn show_invited(invited: Invited, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&InvitationsView::from(invited));
    }
    for link in &invited.links {
        let who = link
            .reference
            .as_deref()
            .or(link.email.as_deref())
            .unwrap_or("-");
        print_line(&format!("{who}\t{}", link.url));
    }
    print_line(&format!(
        "{} invited, {} had been before, {} mails on their way, {} without an address.",
        invited.created,
        invited.existing,
        invited.mails_queued,
        invited.without_address.len()
    ));
    Ok(())
}

fn show_reminded(reminded: Reminded, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&RemindersView::from(reminded));
    }
    print_line(&format!(
        "{} reminders on their way; {} have finished, {} want no mail, {} have had enough mails, {} still wait for one.",
        reminded.queued,
        reminded.finished,
        reminded.unsubscribed,
        reminded.capped,
        reminded.waiting
    ));
    Ok(())
}

fn show_revoked(person: &str, revoked: Revoked, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&RevocationView::from(revoked));
    }
    print_line(&format!(
        "The link of “{person}” works no more. Forms not asked any more: {}; begun before, and kept: {}.",
        revoked.removed, revoked.kept
    ));
    Ok(())
}

fn show_renewed(person: &str, renewed: Renewed, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&RenewalView::from(renewed));
    }
    print_line(&match renewed {
        Renewed::Mailed => format!("A new link is on its way to “{person}”."),
        Renewed::Unsubscribed => format!(
            "“{person}” wants no mail: the old link works no more, and nobody has the new one."
        ),
        Renewed::Shown(link) => link.url,
    });
    Ok(())
}

pub(super) async fn run(command: InvitingCommand, app: App) -> anyhow::Result<()> {
    match command {
        InvitingCommand::Invite {
            code,
            organisation,
            groups,
            print_links,
            common,
        } => {
            let caller = operator(&app, &common).await?;
            let wanted = NewInvitations {
                delivery: if print_links {
                    Delivery::App
                } else {
                    Delivery::Mail
                },
                organisation,
                groups,
            };
            let invited = invitation::invite(&app, &caller, &code, wanted).await?;
            // The server does not know that somebody else has invited.
            participation::refresh_noted(&app).await?;
            show_invited(invited, common.json)
        }
        InvitingCommand::Remind {
            code,
            organisation,
            groups,
            common,
        } => {
            let caller = operator(&app, &common).await?;
            let wanted = NewReminders {
                organisation,
                groups,
            };
            let reminded = reminder::remind(&app, &caller, &code, wanted).await?;
            show_reminded(reminded, common.json)
        }
        InvitingCommand::Revoke {
            code,
            person,
            common,
        } => {
            let caller = operator(&app, &common).await?;
            let revoked = recall::revoke(&app, &caller, &code, &person).await?;
            participation::refresh_noted(&app).await?;
            show_revoked(&person, revoked, common.json)
        }
        InvitingCommand::Renew {
            code,
            person,
            common,
        } => {
            let caller = operator(&app, &common).await?;
            let renewed = recall::renew(&app, &caller, &code, &person).await?;
            participation::refresh_noted(&app).await?;
            show_renewed(&person, renewed, common.json)
        }
    }
}
