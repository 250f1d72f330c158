//! `klankbord serve`.

use super::outcome::{log, print_line};
use crate::clock::Clock;
use crate::config::Config;
use crate::startup::Application;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Folder of the embedded databases, the keys and the mail folder.
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

impl ServeArgs {
    /// The settings with what the command line says in place of what they said.
    pub(super) fn apply(self, mut config: Config) -> Config {
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        if let Some(folder) = self.data_dir {
            config.data_dir = folder;
        }
        config
    }
}

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    log(&config, "info");
    let recovery = config.recovery_file();
    let application = Application::build(config, Clock::system()).await?;
    if recovery.exists() {
        tracing::warn!(
            "the recovery key still lies in {}: keep it off this machine, on paper or in a safe, and delete that file",
            recovery.display()
        );
    }
    if let Some(link) = application.setup_link().await? {
        print_line(
            "Nobody has an account here yet. Set it up within a day, with this link that works once:",
        );
        print_line(&format!("  {link}"));
    }
    let address = application.address();
    application
        .run(|| print_line(&format!("Klankbord is listening on http://{address}")))
        .await
}
