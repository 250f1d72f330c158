//! Answers given on paper or elsewhere, taken in from a table.

use super::round::{Round, Status};
use super::table::{self, Row, Table, by_line};
use super::{Caller, claim, definition, respondent};
use crate::app::App;
use crate::auth::Scope;
use crate::ballot::Ballot;
use crate::error::{Error, Problem, Result};
use crate::store::rows::OrganisationRow;
use crate::store::{Side, on};
use std::collections::HashSet;
use std::sync::Arc;
use survey_engine::answers::{RawAnswers, ValidAnswers};
use survey_engine::questionnaire::Form;

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportedResponses {
    /// Rows taken in.
    pub rows: u64,
    /// Rows whose link had sent answers before.
    pub replaced: u64,
}

/// A row that can be taken in.
enum Ready {
    /// Through the link of the person.
    Linked(Box<respondent::Respondent>, usize, RawAnswers),
    /// Without a link: nobody is flagged as having answered.
    Loose(Ballot),
}

/// Columns that are not items.
const KEYS: [&str; 3] = ["token", "organisation", "form"];

/// Takes in the answers of a table, for an open round: all rows, or none where any has a problem.
///
/// A row names the person's `token`, or the `organisation` and `form` that loose answers are for. Every other column is an item: a
/// position or number as it is, an option by its code or label, several options separated by `|`, `missing:dont_know` or its label for
/// what stands in place of an answer, nothing for an item left open.
///
/// # Errors
/// [`Error::Invalid`] with every problem of every row; pointers are `/line/column`.
pub async fn import(
    app: &App,
    caller: &Caller,
    code: &str,
    table: &[u8],
) -> Result<ImportedResponses> {
    let (row, run_by) = caller
        .round_to_manage(app, Scope::RoundsWrite, code)
        .await?;
    let round = Round::try_from(row)?;
    if round.status != Status::Open {
        return Err(Error::conflict(
            "round_not_open",
            format!(
                "The round “{code}” is {}; answers are taken while it is open.",
                round.status.as_str()
            ),
        ));
    }
    let instrument = definition::instrument(
        app,
        round.tenant,
        &round.questionnaire.id,
        &round.questionnaire.version,
    )
    .await?;
    let (tenant, path) = (round.tenant, run_by.path);
    let organisations: HashSet<String> = app
        .store
        .read(Side::Roster, "list a round's organisations", move |conn| {
            on!(conn, organisation::at_or_below(tenant, &path))
        })
        .await?
        .into_iter()
        .map(|row: OrganisationRow| row.code)
        .collect();
    let checker = Checker {
        app,
        round: &round,
        instrument,
        organisations,
    };
    let (ready, problems) = checker.check(table).await?;
    if !problems.is_empty() {
        return Err(Error::Invalid {
            summary: format!("Nothing was taken in: {} to mend.", problems.len()),
            problems,
        });
    }
    let mut done = ImportedResponses {
        rows: ready.len() as u64,
        replaced: 0,
    };
    let mut loose = Vec::new();
    for row in ready {
        match row {
            Ready::Loose(ballot) => loose.push(ballot),
            Ready::Linked(person, task, raw) => {
                if let Some(task) = person.tasks.get(task) {
                    let receipt = respondent::submit(app, &person, task, &raw).await?;
                    done.replaced += u64::from(receipt == respondent::Receipt::Replaced);
                }
            }
        }
    }
    // Nothing tells a repeat of these: they go in last and together, so that an import that broke off can be repeated.
    respondent::put_loose(app, &round, loose).await?;
    claim::flush(app).await?;
    Ok(done)
}

struct Checker<'c> {
    app: &'c App,
    round: &'c Round,
    instrument: Arc<definition::Instrument>,
    organisations: HashSet<String>,
}

impl Checker<'_> {
    async fn check(&self, table: &[u8]) -> Result<(Vec<Ready>, Vec<Problem>)> {
        let Table {
            header,
            rows,
            mut problems,
        } = table::read(table)?;
        let mut ready = Vec::new();
        for Row { line, cells } in &rows {
            let cells: Vec<(&str, &str)> = header
                .iter()
                .map(String::as_str)
                .zip(cells.iter().map(String::as_str))
                .filter(|(_, cell)| !cell.is_empty())
                .collect();
            match self.row(*line, &cells).await? {
                Ok(row) => ready.push(row),
                Err(found) => problems.extend(found),
            }
        }
        by_line(&mut problems);
        Ok((ready, problems))
    }

    /// One row, or everything that is wrong with it.
    async fn row(
        &self,
        line: u64,
        cells: &[(&str, &str)],
    ) -> Result<std::result::Result<Ready, Vec<Problem>>> {
        let key = |name: &str| {
            cells
                .iter()
                .find(|(column, _)| *column == name)
                .map(|(_, cell)| *cell)
        };
        let wrong = |column: &str, code: &str, detail: String| {
            Ok(Err(vec![Problem::new(
                format!("/{line}/{column}"),
                code,
                detail,
            )]))
        };
        if let Some(token) = key("token") {
            let person = match respondent::find(self.app, token).await {
                Ok(person)
                    if person.round.code == self.round.code
                        && person.round.tenant == self.round.tenant =>
                {
                    person
                }
                Ok(_) | Err(Error::NotFound { .. }) => {
                    return wrong(
                        "token",
                        "unknown_token",
                        "No invitation of this round has this token.".to_owned(),
                    );
                }
                Err(other) => return Err(other),
            };
            let task = match person.task(key("organisation"), key("form")) {
                Ok(task) => task,
                Err(Error::Invalid { summary, .. }) => {
                    return wrong("organisation", "not_assigned", summary);
                }
                Err(other) => return Err(other),
            };
            let form = self.instrument.form(&task.form)?.0.clone();
            let raw = match raw(&form, cells) {
                Ok(raw) => raw,
                Err(column) => return wrong(&column, "unknown_item", no_item(&form, &column)),
            };
            return match respondent::check(&person, task, &raw) {
                Ok(_) => {
                    let at = person
                        .tasks
                        .iter()
                        .position(|one| std::ptr::eq(one, task))
                        .unwrap_or_default();
                    Ok(Ok(Ready::Linked(Box::new(person), at, raw)))
                }
                Err(Error::Invalid { problems, .. }) => Ok(Err(at_line(line, problems))),
                Err(other) => Err(other),
            };
        }
        self.loose(line, key("organisation"), key("form"), cells)
    }

    fn loose(
        &self,
        line: u64,
        organisation: Option<&str>,
        form: Option<&str>,
        cells: &[(&str, &str)],
    ) -> Result<std::result::Result<Ready, Vec<Problem>>> {
        let wrong = |column: &str, code: &str, detail: String| {
            Ok(Err(vec![Problem::new(
                format!("/{line}/{column}"),
                code,
                detail,
            )]))
        };
        let Some(organisation) = organisation.filter(|code| self.organisations.contains(*code))
        else {
            return wrong(
                "organisation",
                "unknown_organisation",
                "Name an organisation that takes part in the round, or a token.".to_owned(),
            );
        };
        let Some(form) = form.filter(|form| self.round.form_plan(form).is_some()) else {
            return wrong(
                "form",
                "unknown_form",
                "Name a form that the round asks, or a token.".to_owned(),
            );
        };
        let (definition, _) = self.instrument.form(form)?;
        let raw = match raw(definition, cells) {
            Ok(raw) => raw,
            Err(column) => return wrong(&column, "unknown_item", no_item(definition, &column)),
        };
        let selection = self.round.selection(&self.instrument, form)?;
        match ValidAnswers::check(definition, &selection, &raw) {
            Ok(answers) if answers.answered_count() == 0 => wrong(
                "",
                "nothing_answered",
                "This row answers nothing.".to_owned(),
            ),
            Ok(answers) => Ok(Ok(Ready::Loose(Ballot {
                organisation: organisation.to_owned(),
                form: form.to_owned(),
                subject: None,
                packed: answers.packed().to_vec(),
                texts: answers.texts().clone(),
            }))),
            Err(found) => Ok(Err(at_line(
                line,
                found
                    .into_iter()
                    .map(|problem| Problem::new(problem.pointer, problem.code, problem.detail))
                    .collect(),
            ))),
        }
    }
}

fn no_item(form: &Form, column: &str) -> String {
    format!("The form “{}” has no item “{column}”.", form.id())
}

fn at_line(line: u64, problems: Vec<Problem>) -> Vec<Problem> {
    problems
        .into_iter()
        .map(|problem| {
            let column = problem.pointer.trim_start_matches("/answers").to_owned();
            Problem::new(format!("/{line}{column}"), &problem.code, problem.detail)
        })
        .collect()
}

/// The answers in the cells of a row, or the column that is no item of the form.
fn raw(form: &Form, cells: &[(&str, &str)]) -> std::result::Result<RawAnswers, String> {
    cells
        .iter()
        .filter(|(column, _)| !KEYS.contains(column))
        .map(|(column, cell)| {
            let item = form.item(column).ok_or_else(|| (*column).to_owned())?;
            Ok(((*column).to_owned(), table::answer(item, cell)))
        })
        .collect()
}
