//! `klankbord score`: indicators of a table of answers, without a server and without a database.

mod view;

use super::outcome::{print_json, print_line, tell};
use crate::error::{Error, Problem};
use crate::service::definition::{self, Instrument};
use crate::service::organisation::Protection;
use crate::service::scoring::{self, Population, Protected, Scored, Wanted};
use anyhow::Context;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::Read;
use std::path::Path;

const AFTER_HELP: &str = "\
The table: its first line names the columns (comma, semicolon or tab; UTF-8 or Windows-1252). A column is an item of the form. \
Cells hold the position of an answer (1 for the first option), a rating from 0 to 10, or an option's code or label; nothing for an \
item left open; missing:dont_know, missing:not_applicable or missing:prefer_not_to_say, or the label, for what stands in place of an \
answer. It is the table that `klankbord import responses` takes: columns token, organisation and form are known. The modules asked are \
those of which the table has an item.

Protection: figures are those that Klankbord would show of a school. Fewer than 5 adults or 10 learners are not shown, nor what they \
would follow from; --by divides a school into parts, such as classes. With --own-data groups are shown however small they are (shares of \
few people stay bounds, as everywhere): that is for whoever may see each person's answers anyway, and nothing of it may be passed on.

Examples:
  klankbord score --responses parents.csv
  klankbord score --responses parents.csv --by class --population sizes.csv --json
  klankbord score --questionnaire ours.json --framework ours-framework.json --responses - --form staff --own-data < staff.csv
sizes.csv has a line for each class under the header class,population, and one without a class for the whole school.";

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Respondents {
    /// Parents, staff, employers: from 5 people on.
    Adults,
    /// Learners: from 10 people on.
    Learners,
}

#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(super) struct ScoreArgs {
    /// The table of answers (CSV), or - for standard input.
    #[arg(long, value_name = "FILE")]
    responses: String,
    /// The questionnaire: a document (JSON) as the API takes it, or the name of the one that Klankbord brings along.
    #[arg(long, value_name = "FILE|NAME", default_value = "school-self-review")]
    questionnaire: String,
    /// The framework that the questionnaire names (JSON); without it, the one that Klankbord brings along.
    #[arg(long, value_name = "FILE")]
    framework: Option<String>,
    /// The form that all rows answer, where the columns do not tell.
    #[arg(long)]
    form: Option<String>,
    /// Divide the rows by the values of this column, such as class; figures are given for all rows and for each value.
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Columns that are no items and are to be left out; several are separated by commas.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    ignore: Vec<String>,
    /// How many people could have answered: a number, or a table (CSV) with the column of --by and a column population.
    #[arg(long, value_name = "NUMBER|FILE")]
    population: Option<String>,
    /// Who answered, where that is not as usual for the form's group.
    #[arg(long, value_enum)]
    respondents: Option<Respondents>,
    /// Show figures from so many people on; the usual number is never lowered.
    #[arg(long, value_name = "NUMBER")]
    minimum: Option<u32>,
    /// The answers are your own to look into: show groups however small they are.
    #[arg(long, conflicts_with_all = ["minimum", "respondents"])]
    own_data: bool,
    /// Leave rows out that have a problem, and say which; without this, nothing is scored until all rows are mended.
    #[arg(long)]
    skip_bad_rows: bool,
    /// Language of titles.
    #[arg(long, default_value = "en")]
    language: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Standard input as a file name.
const STANDARD_INPUT: &str = "-";

pub(super) fn run(args: &ScoreArgs) -> anyhow::Result<()> {
    let instrument = instrument(args)?;
    let wanted = wanted(args)?;
    let (table, bar) = open(&args.responses)?;
    let scored = scoring::score(&instrument, table, &wanted);
    bar.finish_and_clear();
    let scored = scored?;
    if !scored.without_column.is_empty() {
        let items = scored.without_column.join(", ");
        tell(&format!(
            "These items have no column and count as left blank: {items}."
        ));
    }
    if scored.rows.skipped > 0 {
        tell(&left_out(&scored));
    }
    let document = view::document(scored, &instrument, args);
    if args.json {
        return print_json(&document);
    }
    for line in document.lines() {
        print_line(&line);
    }
    Ok(())
}

/// How many rows were left out, and why.
fn left_out(scored: &Scored) -> String {
    let mut told = format!("rows left out: {}", scored.rows.skipped);
    for Problem {
        pointer,
        code,
        detail,
    } in &scored.problems
    {
        told.extend(["\n  ", pointer, ": ", detail, " [", code, "]"]);
    }
    told
}

fn read(file: &str) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("{file} cannot be read"))
}

fn text(file: &str) -> anyhow::Result<String> {
    String::from_utf8(read(file)?).with_context(|| format!("{file} is not UTF-8 text"))
}

fn instrument(args: &ScoreArgs) -> anyhow::Result<Instrument> {
    let shipped = definition::shipped_questionnaire(&args.questionnaire);
    let questionnaire = match shipped.filter(|_| !Path::new(&args.questionnaire).exists()) {
        Some(shipped) => shipped.to_owned(),
        None => text(&args.questionnaire)?,
    };
    let framework = args.framework.as_deref().map(text).transpose()?;
    Ok(definition::unpublished(
        &questionnaire,
        framework.as_deref(),
    )?)
}

fn wanted(args: &ScoreArgs) -> anyhow::Result<Wanted> {
    let population = match &args.population {
        None => Population::Unknown,
        Some(given) => match given.parse() {
            Ok(0) => {
                let detail = "Give a number of people, 1 or more.";
                return Err(Error::invalid("/population", "bad_number", detail).into());
            }
            Ok(number) => Population::Whole(number),
            Err(_) => Population::read(&read(given)?, args.by.as_deref())?,
        },
    };
    let protection = if args.own_data {
        Protected::NotAtAll
    } else {
        Protected::AsInASchool {
            respondents: args.respondents.map(|respondents| match respondents {
                Respondents::Adults => Protection::Adult,
                Respondents::Learners => Protection::Child,
            }),
            minimum: args.minimum,
        }
    };
    Ok(Wanted {
        form: args.form.clone(),
        by: args.by.clone(),
        ignore: args.ignore.clone(),
        population,
        protection,
        skip_bad_rows: args.skip_bad_rows,
    })
}

/// The table, and a bar that shows on a terminal how far it has been read.
fn open(name: &str) -> anyhow::Result<(Box<dyn Read>, ProgressBar)> {
    if name == STANDARD_INPUT {
        let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
            "{spinner} {bytes} read, {elapsed}",
        )?);
        return Ok((Box::new(bar.wrap_read(std::io::stdin())), bar));
    }
    let file = File::open(name).with_context(|| format!("{name} cannot be read"))?;
    let length = file
        .metadata()
        .with_context(|| format!("{name} cannot be read"))?
        .len();
    let bar = ProgressBar::new(length).with_style(ProgressStyle::with_template(
        "{wide_bar} {bytes} of {total_bytes}, {eta} to go",
    )?);
    Ok((Box::new(bar.wrap_read(file)), bar))
}
