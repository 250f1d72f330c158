//! Roster import: people and their roles, from a table as school systems write it.

mod table;

use super::table::by_line;
use super::{Caller, Problems};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Problem, Result};
use crate::store::rows::{PersonRow, RoleRow};
use crate::store::{Conn, Side, on};
use std::collections::{HashMap, HashSet};
pub use table::COLUMNS;
use table::{Line, read};

/// How a roster is taken in.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// Language of people whose row names none, as a BCP 47 tag.
    pub language: String,
    /// Check the whole table and store nothing.
    pub dry_run: bool,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows read.
    pub rows: u64,
    /// People who were not known before.
    pub people_added: u64,
    /// People whose address or language changed.
    pub people_changed: u64,
    /// Roles that people did not have before.
    pub roles_added: u64,
    /// Whether nothing was stored because only a check was asked for.
    pub dry_run: bool,
}

/// Takes in a roster for an organisation and everything below it: all of it, or nothing.
///
/// A person is recognised by their reference, or, in rows without one, by their address. A person may stand in several rows, once
/// for each role. People who are not in the table stay as they are. The address and the language of somebody who has a role where the
/// caller has no right as well cannot be changed: their mail from there would go elsewhere. Somebody known there only is taken in where the row
/// gives their address, and not by a reference that anybody could guess.
///
/// # Errors
/// [`Error::Invalid`] with every problem of every row; pointers are `/line/column`.
pub async fn import(
    app: &App,
    caller: &Caller,
    organisation: &str,
    table: &[u8],
    options: ImportOptions,
) -> Result<Imported> {
    let top = caller
        .organisation(app, Scope::PeopleWrite, organisation)
        .await?;
    if survey_engine::questionnaire::Language::parse(&options.language).is_none() {
        return Err(Error::invalid(
            "/language",
            "bad_language",
            format!(
                "“{}” is not a language tag such as en or pt-BR.",
                options.language
            ),
        ));
    }
    let (lines, mut problems) = read(table)?;
    let (tenant, path) = (caller.tenant(), top.path.clone());
    let (organisations, groups) = app
        .store
        .read(Side::Roster, "read what a roster refers to", move |conn| {
            let organisations: HashSet<String> =
                on!(conn, organisation::at_or_below(tenant, &path))?
                    .into_iter()
                    .map(|row| row.code)
                    .collect();
            let groups: HashSet<String> = on!(conn, organisation::groups(tenant))?
                .into_iter()
                .map(|row| row.code)
                .collect();
            Ok((organisations, groups))
        })
        .await?;
    check_references(&lines, &organisations, &groups, organisation, &mut problems);
    check_agreement(&lines, &mut problems);
    if !problems.is_empty() {
        by_line(&mut problems);
        return Err(Error::Invalid {
            summary: format!(
                "Nothing was imported: the table has {} to mend.",
                if problems.len() == 1 {
                    "one thing".to_owned()
                } else {
                    format!("{} things", problems.len())
                }
            ),
            problems,
        });
    }
    let caller = caller.clone();
    app.store
        .write(Side::Roster, "import a roster", move |conn| {
            let imported = store(conn, &caller, lines, &options)?;
            if options.dry_run {
                return Err(DryRun(imported).into());
            }
            Ok(imported)
        })
        .await
        .or_else(|error| DryRun::catch(error).map(|run| run.0))
}

/// Undoes the transaction of a check and carries its result out of it.
#[derive(Debug, thiserror::Error)]
#[error("only a check was asked for")]
struct DryRun(Imported);

impl From<DryRun> for Error {
    fn from(run: DryRun) -> Self {
        Self::Internal(anyhow::Error::new(run))
    }
}

impl DryRun {
    fn catch(error: Error) -> Result<Self> {
        match error {
            Error::Internal(cause) => cause.downcast::<Self>().map_err(Error::Internal),
            other => Err(other),
        }
    }
}

fn check_references(
    lines: &[Line],
    organisations: &HashSet<String>,
    groups: &HashSet<String>,
    top: &str,
    problems: &mut Vec<Problem>,
) {
    for line in lines {
        if !organisations.contains(&line.organisation) {
            problems.push(line.problem(
                "organisation",
                "unknown_organisation",
                format!(
                    "There is no organisation “{}” at or below “{top}”. Add it first, or correct the code.",
                    line.organisation
                ),
            ));
        }
        if !groups.contains(&line.group) {
            problems.push(line.problem(
                "group",
                "unknown_group",
                format!("There is no stakeholder group “{}”.", line.group),
            ));
        }
    }
}

/// Notes rows about one person that contradict one another, and rows that say the same twice.
fn check_agreement(lines: &[Line], problems: &mut Vec<Problem>) {
    let mut people: HashMap<&str, &Line> = HashMap::new();
    let mut roles: HashMap<(&str, &str, &str), u64> = HashMap::new();
    for line in lines {
        let first = *people.entry(line.key()).or_insert(line);
        for (column, same) in [
            ("email", first.email == line.email),
            ("language", first.language == line.language),
        ] {
            if !same {
                problems.push(line.problem(
                    column,
                    "contradiction",
                    format!(
                        "Line {} says something else about the same person. Make the two agree.",
                        first.number
                    ),
                ));
            }
        }
        let role = (line.key(), line.organisation.as_str(), line.group.as_str());
        if let Some(earlier) = roles.insert(role, line.number) {
            problems.push(line.problem(
                "organisation",
                "duplicate_row",
                format!(
                    "Line {earlier} gives the same person the same role. Remove one of the two."
                ),
            ));
        }
    }
}

fn store(
    conn: &mut Conn,
    caller: &Caller,
    lines: Vec<Line>,
    options: &ImportOptions,
) -> Result<Imported> {
    let tenant = caller.tenant();
    let mut problems = Problems::default();
    let mut by_reference = HashMap::new();
    let mut by_email = HashMap::new();
    for person in on!(conn, person::all(tenant))? {
        match (&person.reference, &person.email) {
            (Some(reference), _) => {
                by_reference.insert(reference.clone(), person);
            }
            (None, Some(email)) => {
                by_email.insert(email.clone(), person);
            }
            (None, None) => {}
        }
    }
    let mut imported = Imported {
        rows: lines.len() as u64,
        dry_run: options.dry_run,
        ..Imported::default()
    };
    for line in lines {
        let known = match &line.reference {
            Some(_) => &mut by_reference,
            None => &mut by_email,
        }
        .entry(line.key().to_owned());
        let person = match known {
            std::collections::hash_map::Entry::Occupied(known) => {
                let person = known.into_mut();
                let language = line
                    .language
                    .clone()
                    .unwrap_or_else(|| person.language.clone());
                let email = line.email.clone().or_else(|| person.email.clone());
                let changes = (&person.email, &person.language) != (&email, &language);
                if changes || line.email.is_none() {
                    let paths = on!(conn, person::paths(tenant, &person.id))?;
                    let may = |path: &String| caller.may(Scope::PeopleWrite, path);
                    if changes && !paths.iter().all(may) {
                        problems.extend([line.problem(
                            if person.email == email { "language" } else { "email" },
                            "known_elsewhere",
                            "Somebody with this reference has a role at another organisation, with another address or language. If it is the same person, write what stands there or ask those who manage both; if not, choose another reference.",
                        )]);
                    } else if !paths.is_empty() && !paths.iter().any(may) {
                        problems.extend([line.problem(
                            "reference",
                            "known_elsewhere",
                            "Somebody with this reference has a role at another organisation only. If it is the same person, give the address too; if not, choose another reference.",
                        )]);
                    }
                }
                if changes {
                    person.email = email;
                    person.language = language;
                    on!(conn, person::update(person))?;
                    imported.people_changed += 1;
                }
                person
            }
            std::collections::hash_map::Entry::Vacant(place) => {
                let person = PersonRow {
                    tenant,
                    id: crate::random::uuid(),
                    reference: line.reference.clone(),
                    email: line.email.clone(),
                    language: line
                        .language
                        .clone()
                        .unwrap_or_else(|| options.language.clone()),
                    unsubscribed: false,
                };
                on!(conn, person::insert(&person))?;
                imported.people_added += 1;
                place.insert(person)
            }
        };
        let role = RoleRow {
            tenant,
            person: person.id.clone(),
            organisation: line.organisation,
            group_code: line.group,
            form: line.form,
        };
        imported.roles_added += u64::from(on!(conn, person::put_role(&role))?);
    }
    problems.into_result("Nothing was imported: the table would change people of others.")?;
    Ok(imported)
}
