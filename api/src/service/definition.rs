//! Frameworks and questionnaires: checked, published, never changed.

use super::Caller;
use super::organisation::exists;
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Problem, Result};
use crate::store::rows::{FrameworkRow, QuestionnaireRow};
use crate::store::{Side, on};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use survey_engine::questionnaire::{Finding, Form, Framework, Questionnaire, VersionRef};
use survey_engine::scoring::Blueprint;

/// A published questionnaire with its framework and what its forms are scored by.
pub struct Instrument {
    /// The questionnaire.
    pub questionnaire: Questionnaire,
    /// The framework its indicators belong to.
    pub framework: Framework,
    blueprints: Vec<Blueprint>,
}

impl Instrument {
    fn new(questionnaire: Questionnaire, framework: Framework) -> Result<Self> {
        let blueprints = questionnaire
            .forms()
            .iter()
            .map(|form| Blueprint::of(form).map_err(Error::internal))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            questionnaire,
            framework,
            blueprints,
        })
    }

    /// A form and what it is scored by.
    pub fn form(&self, id: &str) -> Result<(&Form, &Blueprint)> {
        self.questionnaire
            .forms()
            .iter()
            .zip(&self.blueprints)
            .find(|(form, _)| form.id() == id)
            .ok_or_else(|| Error::not_found("form", id))
    }
}

/// Published questionnaires, parsed once: what is published never changes.
#[derive(Default)]
pub struct Definitions(Mutex<HashMap<(i64, String, String), Arc<Instrument>>>);

/// Questionnaires kept parsed at most.
const KEPT: usize = 256;

impl Definitions {
    fn get(&self, key: &(i64, String, String)) -> Option<Arc<Instrument>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    fn put(&self, key: (i64, String, String), instrument: Arc<Instrument>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, instrument);
    }
}

/// A published document, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its identifier.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title, per language.
    pub title: super::Texts,
    /// The framework a questionnaire belongs to.
    pub framework: Option<VersionRef>,
    /// When it was published, in milliseconds since 1970-01-01 UTC.
    pub published_at: i64,
}

/// The framework or questionnaire that Klankbord brings along, where that has this name: its identifier, with or without `@version`.
fn shipped(document: &'static str, name: &str) -> Option<&'static str> {
    #[derive(serde::Deserialize)]
    struct Named {
        id: String,
        version: String,
    }
    let Named { id, version } = serde_json::from_str(document).ok()?;
    let is_named = name == id || name == format!("{id}@{version}");
    is_named.then_some(document)
}

/// The questionnaire that Klankbord brings along, where that has this name.
#[must_use]
pub fn shipped_questionnaire(name: &str) -> Option<&'static str> {
    shipped(survey_engine::questionnaire::defaults::QUESTIONNAIRE, name)
}

/// A questionnaire that is not published anywhere, with its framework; the one that Klankbord brings along where `framework` is
/// `None`.
///
/// # Errors
/// [`Error::Invalid`] with every finding.
pub fn unpublished(questionnaire: &str, framework: Option<&str>) -> Result<Instrument> {
    let framework = framework.unwrap_or(survey_engine::questionnaire::defaults::FRAMEWORK);
    let unusable = |what: &str, findings: Vec<Finding>| {
        let summary = format!(
            "The {what} cannot be used: it has {} to mend.",
            count(findings.len())
        );
        invalid(summary, findings)
    };
    let framework =
        Framework::parse(framework).map_err(|findings| unusable("framework", findings))?;
    let questionnaire = Questionnaire::parse(questionnaire, &framework)
        .map_err(|findings| unusable("questionnaire", findings))?;
    Instrument::new(questionnaire, framework)
}

/// Turns the engine's findings into an error that lists them all.
fn refused(what: &str, findings: Vec<Finding>) -> Error {
    let summary = format!(
        "The {what} is not published: it has {} to mend.",
        count(findings.len())
    );
    invalid(summary, findings)
}

fn invalid(summary: String, findings: Vec<Finding>) -> Error {
    Error::Invalid {
        summary,
        problems: findings
            .into_iter()
            .map(|finding| Problem::new(finding.pointer, finding.code, finding.detail))
            .collect(),
    }
}

fn count(findings: usize) -> String {
    if findings == 1 {
        "one thing".to_owned()
    } else {
        format!("{findings} things")
    }
}

/// Checks a framework without publishing it.
///
/// # Errors
/// [`Error::Invalid`] with every finding.
pub fn check_framework(document: &str) -> Result<Framework> {
    Framework::parse(document).map_err(|findings| refused("framework", findings))
}

/// Publishes a framework. It can never be changed; a change is another version.
pub async fn publish_framework(app: &App, caller: &Caller, document: &str) -> Result<Published> {
    caller.require(Scope::QuestionnairesWrite)?;
    let framework = check_framework(document)?;
    let row = FrameworkRow {
        tenant: caller.tenant(),
        id: framework.id().to_owned(),
        version: framework.version().to_owned(),
        document: framework.to_json().to_string(),
        published_at: app.clock.now_ms(),
    };
    let published = describe_framework(&row)?;
    app.store
        .write(Side::Roster, "publish a framework", move |conn| {
            on!(conn, definition::insert_framework(&row))
        })
        .await
        .map_err(|error| {
            exists(
                error,
                "framework",
                &format!("{} {}", published.id, published.version),
            )
        })?;
    Ok(published)
}

/// One version of a framework.
pub async fn framework(app: &App, caller: &Caller, id: &str, version: &str) -> Result<Framework> {
    caller.require(Scope::QuestionnairesRead)?;
    load_framework(app, caller.tenant(), id, version)
        .await?
        .ok_or_else(|| Error::not_found("framework", format!("{id} {version}")))
}

async fn load_framework(
    app: &App,
    tenant: i64,
    id: &str,
    version: &str,
) -> Result<Option<Framework>> {
    let (id, version) = (id.to_owned(), version.to_owned());
    let row = app
        .store
        .read(Side::Roster, "find a framework", move |conn| {
            on!(conn, definition::framework(tenant, &id, &version))
        })
        .await?;
    row.map(|row| {
        Framework::parse(&row.document).map_err(|findings| stored_badly("framework", &findings))
    })
    .transpose()
}

fn stored_badly(what: &str, findings: &[Finding]) -> Error {
    Error::internal(anyhow::anyhow!(
        "a stored {what} is not valid: {findings:?}"
    ))
}

/// Every version of every framework.
pub async fn frameworks(app: &App, caller: &Caller) -> Result<Vec<Published>> {
    caller.require(Scope::QuestionnairesRead)?;
    let tenant = caller.tenant();
    app.store
        .read(Side::Roster, "list frameworks", move |conn| {
            on!(conn, definition::frameworks(tenant))
        })
        .await?
        .iter()
        .map(describe_framework)
        .collect()
}

fn describe_framework(row: &FrameworkRow) -> Result<Published> {
    Ok(Published {
        id: row.id.clone(),
        version: row.version.clone(),
        title: title_of(&row.document)?,
        framework: None,
        published_at: row.published_at,
    })
}

fn title_of(document: &str) -> Result<super::Texts> {
    #[derive(serde::Deserialize)]
    struct Titled {
        title: super::Texts,
    }
    Ok(serde_json::from_str::<Titled>(document)
        .map_err(Error::internal)?
        .title)
}

/// The framework a questionnaire names, read before anything else of it is known to be right.
fn named_framework(document: &str) -> Option<VersionRef> {
    let document: serde_json::Value = serde_json::from_str(document).ok()?;
    let named = document.get("framework")?;
    Some(VersionRef {
        id: named.get("id")?.as_str()?.to_owned(),
        version: named.get("version")?.as_str()?.to_owned(),
    })
}

/// Checks a questionnaire against the published framework it names, without publishing it.
///
/// # Errors
/// [`Error::Invalid`] with every finding.
pub async fn check_questionnaire(
    app: &App,
    caller: &Caller,
    document: &str,
) -> Result<Questionnaire> {
    caller.require(Scope::QuestionnairesRead)?;
    let Some(named) = named_framework(document) else {
        // The engine says what is wrong with a document that does not even name a framework.
        let any = Framework::parse(survey_engine::questionnaire::defaults::FRAMEWORK)
            .map_err(|findings| stored_badly("framework", &findings))?;
        return Questionnaire::parse(document, &any)
            .map_err(|findings| refused("questionnaire", findings));
    };
    let framework = load_framework(app, caller.tenant(), &named.id, &named.version)
        .await?
        .ok_or_else(|| {
            Error::invalid(
                "/framework",
                "unknown_framework",
                format!(
                    "The framework {} {} is not published here. Publish it first, or name one that is.",
                    named.id, named.version
                ),
            )
        })?;
    Questionnaire::parse(document, &framework)
        .map_err(|findings| refused("questionnaire", findings))
}

/// Publishes a questionnaire. It can never be changed; a change is another version.
pub async fn publish_questionnaire(
    app: &App,
    caller: &Caller,
    document: &str,
) -> Result<Published> {
    caller.require(Scope::QuestionnairesWrite)?;
    let questionnaire = check_questionnaire(app, caller, document).await?;
    let row = QuestionnaireRow {
        tenant: caller.tenant(),
        id: questionnaire.id().to_owned(),
        version: questionnaire.version().to_owned(),
        framework: questionnaire.framework().id.clone(),
        framework_version: questionnaire.framework().version.clone(),
        document: questionnaire.to_json().to_string(),
        published_at: app.clock.now_ms(),
    };
    let published = describe_questionnaire(&row)?;
    app.store
        .write(Side::Roster, "publish a questionnaire", move |conn| {
            on!(conn, definition::insert_questionnaire(&row))
        })
        .await
        .map_err(|error| {
            exists(
                error,
                "questionnaire",
                &format!("{} {}", published.id, published.version),
            )
        })?;
    Ok(published)
}

/// Every version of every questionnaire.
pub async fn questionnaires(app: &App, caller: &Caller) -> Result<Vec<Published>> {
    caller.require(Scope::QuestionnairesRead)?;
    let tenant = caller.tenant();
    app.store
        .read(Side::Roster, "list questionnaires", move |conn| {
            on!(conn, definition::questionnaires(tenant))
        })
        .await?
        .iter()
        .map(describe_questionnaire)
        .collect()
}

fn describe_questionnaire(row: &QuestionnaireRow) -> Result<Published> {
    Ok(Published {
        id: row.id.clone(),
        version: row.version.clone(),
        title: title_of(&row.document)?,
        framework: Some(VersionRef {
            id: row.framework.clone(),
            version: row.framework_version.clone(),
        }),
        published_at: row.published_at,
    })
}

/// One version of a questionnaire, for whoever may read questionnaires.
pub async fn questionnaire(
    app: &App,
    caller: &Caller,
    id: &str,
    version: &str,
) -> Result<Arc<Instrument>> {
    caller.require(Scope::QuestionnairesRead)?;
    instrument(app, caller.tenant(), id, version).await
}

/// One version of a questionnaire with all that belongs to it.
pub(crate) async fn instrument(
    app: &App,
    tenant: i64,
    id: &str,
    version: &str,
) -> Result<Arc<Instrument>> {
    let key = (tenant, id.to_owned(), version.to_owned());
    if let Some(kept) = app.definitions.get(&key) {
        return Ok(kept);
    }
    let (wanted_id, wanted_version) = (key.1.clone(), key.2.clone());
    let found = app
        .store
        .read(Side::Roster, "find a questionnaire", move |conn| {
            on!(
                conn,
                definition::questionnaire(tenant, &wanted_id, &wanted_version)
            )
        })
        .await?
        .ok_or_else(|| Error::not_found("questionnaire", format!("{id} {version}")))?;
    let framework = load_framework(app, tenant, &found.framework, &found.framework_version)
        .await?
        .ok_or_else(|| Error::internal(anyhow::anyhow!("a questionnaire lost its framework")))?;
    let questionnaire = Questionnaire::parse(&found.document, &framework)
        .map_err(|findings| stored_badly("questionnaire", &findings))?;
    let instrument = Arc::new(Instrument::new(questionnaire, framework)?);
    app.definitions.put(key, Arc::clone(&instrument));
    Ok(instrument)
}
