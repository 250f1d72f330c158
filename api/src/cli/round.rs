//! `klankbord round`.

use super::inviting::{self, InvitingCommand};
use super::outcome::{print_json, print_line};
use super::{Common, operator};
use crate::app::App;
use crate::clock::{from_rfc3339, to_rfc3339};
use crate::error::Error;
use crate::http::v1::round::RoundView;
use crate::service::round::{self, Minimums, Mode, NewGroupPlan, NewRound, Round, Status};
use crate::service::{Texts, localized, opening};
use clap::{Args, Subcommand, ValueEnum};
use survey_engine::questionnaire::VersionRef;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ModeArg {
    /// Once the round is closed nobody can tell whose answers are whose.
    Anonymous,
    /// The name is kept with the answers.
    Identified,
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// Its code; cannot be changed later.
    code: String,
    /// The organisation that runs it; everything below takes part.
    #[arg(long)]
    organisation: String,
    /// Its questionnaire.
    #[arg(
        long,
        value_name = "ID@VERSION",
        default_value = "school-self-review@1.0.0"
    )]
    questionnaire: String,
    /// Its title in a language, such as `en=Autumn 2026`; may be repeated.
    #[arg(long = "title", value_name = "LANGUAGE=TEXT", required = true)]
    titles: Vec<String>,
    /// What its respondents are promised.
    #[arg(long, value_enum, default_value = "anonymous")]
    mode: ModeArg,
    /// Only this group; may be repeated. Without it, every group that the questionnaire has a form for.
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// When it opens by itself, such as 2026-10-01T06:00:00Z.
    #[arg(long, value_name = "MOMENT")]
    opens_at: Option<String>,
    /// When it closes by itself, such as 2026-10-31T22:00:00Z.
    #[arg(long, value_name = "MOMENT")]
    closes_at: Option<String>,
    /// The earlier round that this one repeats.
    #[arg(long)]
    baseline: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Subcommand)]
pub(super) enum RoundCommand {
    /// Make a round, as a draft. (A confidential round, or other minimums, through the API.)
    Create(CreateArgs),
    /// Open a round, so that people can be invited and can answer.
    Open {
        /// The round.
        code: String,
        #[command(flatten)]
        common: Common,
    },
    #[command(flatten)]
    Inviting(InvitingCommand),
    /// Close a round: the ballots are opened and counted. This cannot be taken back.
    Close {
        /// The round.
        code: String,
        #[command(flatten)]
        common: Common,
    },
    /// List the rounds.
    List {
        #[command(flatten)]
        common: Common,
    },
}

fn titles(given: &[String]) -> anyhow::Result<Texts> {
    given
        .iter()
        .map(|title| {
            title
                .split_once('=')
                .map(|(language, text)| (language.to_owned(), text.to_owned()))
                .ok_or_else(|| {
                    Error::invalid(
                        "/title",
                        "bad_title",
                        format!("Write “{title}” as LANGUAGE=TEXT, such as en=Autumn 2026."),
                    )
                    .into()
                })
        })
        .collect()
}

fn moment(name: &str, text: Option<&String>) -> anyhow::Result<Option<i64>> {
    text.map(|text| {
        from_rfc3339(text).ok_or_else(|| {
            Error::invalid(
                format!("/{name}"),
                "bad_moment",
                format!("“{text}” is not a moment such as 2026-10-31T22:00:00Z."),
            )
            .into()
        })
    })
    .transpose()
}

fn show(round: Round, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&RoundView::from(round));
    }
    let status = match round.status {
        Status::Draft => "a draft",
        other => other.as_str(),
    };
    print_line(&format!("The round “{}” is {status}.", round.code));
    if let Some(counts) = round.counts {
        print_line(&format!(
            "issued {} >= claimed {} >= ballots {}, opened {}",
            counts.issued, counts.claimed, counts.ballots, counts.opened
        ));
    }
    Ok(())
}

async fn create(args: CreateArgs, app: &App) -> anyhow::Result<()> {
    let caller = operator(app, &args.common).await?;
    let (id, version) = args.questionnaire.split_once('@').ok_or_else(|| {
        Error::invalid(
            "/questionnaire",
            "bad_questionnaire",
            "Write ID@VERSION, such as school-self-review@1.0.0.",
        )
    })?;
    let new = NewRound {
        code: args.code,
        organisation: args.organisation,
        questionnaire: VersionRef {
            id: id.to_owned(),
            version: version.to_owned(),
        },
        title: titles(&args.titles)?,
        mode: match args.mode {
            ModeArg::Anonymous => Mode::Anonymous,
            ModeArg::Identified => Mode::Identified,
        },
        opens_at: moment("opens-at", args.opens_at.as_ref())?,
        closes_at: moment("closes-at", args.closes_at.as_ref())?,
        groups: args
            .groups
            .into_iter()
            .map(|group| NewGroupPlan {
                group,
                forms: Vec::new(),
            })
            .collect(),
        minimums: Minimums::default(),
        promise: None,
        baseline: args.baseline,
    };
    show(round::create(app, &caller, new).await?, args.common.json)
}

pub(super) async fn run(command: RoundCommand, app: App) -> anyhow::Result<()> {
    match command {
        RoundCommand::Create(args) => create(args, &app).await,
        RoundCommand::Open { code, common } => {
            let caller = operator(&app, &common).await?;
            show(round::open(&app, &caller, &code).await?, common.json)
        }
        RoundCommand::Close { code, common } => {
            let caller = operator(&app, &common).await?;
            show(opening::close(&app, &caller, &code).await?, common.json)
        }
        RoundCommand::Inviting(command) => inviting::run(command, app).await,
        RoundCommand::List { common } => {
            let caller = operator(&app, &common).await?;
            let rounds = round::list(&app, &caller).await?;
            if common.json {
                let rounds: Vec<RoundView> = rounds.into_iter().map(RoundView::from).collect();
                return print_json(&rounds);
            }
            for round in rounds {
                print_line(&format!(
                    "{}\t{}\t{}\t{}\t{}",
                    round.code,
                    round.status.as_str(),
                    round.organisation,
                    round.closes_at.map_or_else(|| "-".to_owned(), to_rfc3339),
                    localized(&round.title, "en")
                ));
            }
            Ok(())
        }
    }
}
