//! `klankbord export`.

use super::outcome::{print_json, print_line};
use super::{Common, operator};
use crate::app::App;
use crate::http::v1::indicator::{IndicatorDocument, document};
use crate::service::indicator::{self, Wanted};
use clap::{Subcommand, ValueEnum};

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// The document that the API gives.
    Json,
    /// A table with a row for each indicator and voice.
    Csv,
}

#[derive(Debug, Subcommand)]
pub(super) enum ExportCommand {
    /// Print the indicators of an organisation in a round.
    Indicators {
        /// The organisation.
        #[arg(long)]
        organisation: String,
        /// The round.
        #[arg(long)]
        round: String,
        /// Only this group.
        #[arg(long)]
        group: Option<String>,
        /// Language of titles.
        #[arg(long, default_value = "en")]
        language: String,
        /// How to print.
        #[arg(long, value_enum, default_value = "json")]
        format: Format,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn run(command: ExportCommand, app: App) -> anyhow::Result<()> {
    let ExportCommand::Indicators {
        organisation,
        round,
        group,
        language,
        format,
        common,
    } = command;
    let caller = operator(&app, &common).await?;
    let wanted = Wanted {
        group,
        indicator: None,
    };
    let report = indicator::report(&app, &caller, &organisation, &round, wanted).await?;
    let document = document(report, &language);
    match format {
        Format::Csv if !common.json => print_csv(&document),
        Format::Json | Format::Csv => print_json(&document),
    }
}

const COLUMNS: [&str; 17] = [
    "organisation",
    "round",
    "indicator",
    "title",
    "group",
    "form",
    "invited",
    "responses",
    "n",
    "mean",
    "mean_lower",
    "mean_upper",
    "favourable",
    "favourable_lower",
    "favourable_upper",
    "favourable_bound",
    "withheld",
];

fn print_csv(document: &IndicatorDocument) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let number = |value: Option<f64>| value.map(|value| format!("{value:.2}")).unwrap_or_default();
    for indicator in &document.indicators {
        for voice in &indicator.voices {
            let figures = voice.figures.as_ref();
            let mean = figures.and_then(|figures| figures.mean_interval.as_ref());
            let share = figures.and_then(|figures| figures.favourable_interval.as_ref());
            writer.write_record([
                document.organisation.code.clone(),
                document.round.code.clone(),
                indicator.code.clone(),
                defang(&indicator.title),
                voice.group.clone(),
                voice.form.clone(),
                voice.invited.to_string(),
                voice.responses.map(|n| n.to_string()).unwrap_or_default(),
                figures
                    .map(|figures| figures.n.to_string())
                    .unwrap_or_default(),
                number(figures.and_then(|figures| figures.mean)),
                number(mean.map(|interval| interval.lower)),
                number(mean.map(|interval| interval.upper)),
                number(figures.and_then(|figures| figures.favourable)),
                number(share.map(|interval| interval.lower)),
                number(share.map(|interval| interval.upper)),
                figures
                    .and_then(|figures| figures.favourable_bound.as_ref())
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                voice
                    .withheld
                    .as_ref()
                    .map(|withheld| withheld.reason.to_owned())
                    .unwrap_or_default(),
            ])?;
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    print_line(String::from_utf8(bytes)?.trim_end());
    Ok(())
}

/// A text that no spreadsheet takes for a formula.
fn defang(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
