//! `klankbord doctor`.

use super::outcome::{log, print_json, print_line};
use crate::clock::Clock;
use crate::config::Config;
use crate::service::doctor::{self, Finding, Level};
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &DoctorArgs, config: anyhow::Result<Config>) -> anyhow::Result<()> {
    let findings = match config {
        Ok(config) => {
            // What would be logged is told as a finding.
            log(&config, "off");
            doctor::examine(&config, &Clock::system()).await
        }
        Err(error) => vec![Finding::problem(
            "settings",
            format!("{error:#}"),
            "Mend that; `klankbord config check` tells whether the settings can be used.",
        )],
    };
    if args.json {
        print_json(&findings)?;
    } else {
        findings.iter().for_each(print);
    }
    let problems = findings
        .iter()
        .filter(|finding| finding.level == Level::Problem)
        .count();
    match problems {
        0 => Ok(()),
        1 => Err(anyhow::anyhow!("there is a problem")),
        several => Err(anyhow::anyhow!("there are {several} problems")),
    }
}

fn print(finding: &Finding) {
    let mark = match finding.level {
        Level::Ok => "ok     ",
        Level::Warning => "warning",
        Level::Problem => "PROBLEM",
    };
    print_line(&format!("{mark}  {}: {}", finding.about, finding.what));
    if !finding.advice.is_empty() {
        print_line(&format!("         {}", finding.advice));
    }
}
