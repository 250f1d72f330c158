//! The organisation tree and the stakeholder groups.

use super::{CODE_RULE, Caller, Problems, Texts, check_texts, is_code};
use crate::app::App;
use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::store::rows::{OrganisationRow, StakeholderGroupRow};
use crate::store::{Conn, Side, on};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How wide an organisation is, widest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A country, or another whole system.
    System,
    /// A region or municipality.
    Region,
    /// A learning community: schools that review together.
    Community,
    /// A school.
    School,
    /// A location, year group or class.
    Unit,
}

impl Level {
    /// Every level, widest first.
    pub const ALL: [Self; 5] = [
        Self::System,
        Self::Region,
        Self::Community,
        Self::School,
        Self::Unit,
    ];

    /// The level's name in documents and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Region => "region",
            Self::Community => "community",
            Self::School => "school",
            Self::Unit => "unit",
        }
    }

    /// The level of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }

    /// Whether figures at this level add up several schools.
    #[must_use]
    pub fn is_wider_than_a_school(self) -> bool {
        self < Self::School
    }
}

/// An organisation as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its code, which names it in every address.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How wide it is.
    pub level: Level,
    /// The organisation it belongs to.
    pub parent: Option<String>,
    /// `/country/region/school/`: the codes from the top of the tree.
    pub path: String,
}

impl TryFrom<OrganisationRow> for Organisation {
    type Error = Error;

    fn try_from(row: OrganisationRow) -> Result<Self> {
        let level = Level::parse(&row.level).ok_or_else(|| {
            Error::internal(anyhow::anyhow!(
                "organisation {} has level {}",
                row.code,
                row.level
            ))
        })?;
        Ok(Self {
            code: row.code,
            name: row.name,
            level,
            parent: row.parent,
            path: row.path,
        })
    }
}

/// An organisation to be added.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Its code; cannot be changed later.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How wide it is; narrower than its parent, except that units may lie in units.
    pub level: Level,
    /// The organisation it belongs to; none makes it the top of a tree.
    pub parent: Option<String>,
}

/// The organisations that the caller may see, parents before their children.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Organisation>> {
    caller.require(Scope::OrganisationsRead)?;
    let (tenant, paths) = (caller.tenant(), caller.paths(Scope::OrganisationsRead));
    let rows = app
        .store
        .read(Side::Roster, "list organisations", move |conn| {
            let mut rows = Vec::new();
            for path in paths {
                rows.extend(on!(conn, organisation::at_or_below(tenant, &path))?);
            }
            rows.sort_by(|one: &OrganisationRow, other| one.path.cmp(&other.path));
            rows.dedup_by(|one, other| one.code == other.code);
            Ok(rows)
        })
        .await?;
    rows.into_iter().map(Organisation::try_from).collect()
}

/// An organisation, whoever asks. What there is of one never changes, so it is read once.
pub(super) async fn known(
    app: &App,
    tenant: i64,
    code: &str,
) -> Result<Option<Arc<OrganisationRow>>> {
    if let Some(kept) = app.organisations.get(tenant, code) {
        return Ok(Some(kept));
    }
    let wanted = code.to_owned();
    let found = app
        .store
        .read(Side::Roster, "find an organisation", move |conn| {
            on!(conn, organisation::find(tenant, &wanted))
        })
        .await?
        .map(Arc::new);
    if let Some(found) = &found {
        app.organisations.put(tenant, code, Arc::clone(found));
    }
    Ok(found)
}

/// One organisation that the caller may see.
pub async fn find(app: &App, caller: &Caller, code: &str) -> Result<Organisation> {
    caller
        .organisation(app, Scope::OrganisationsRead, code)
        .await?
        .try_into()
}

/// Adds an organisation.
///
/// # Errors
/// [`Error::Invalid`] with every problem; [`Error::Conflict`] with code `already_exists`.
pub async fn create(app: &App, caller: &Caller, new: NewOrganisation) -> Result<Organisation> {
    caller.require(Scope::OrganisationsWrite)?;
    let mut problems = Problems::default();
    let mut parent = None;
    if let Some(code) = &new.parent {
        match caller
            .organisation(app, Scope::OrganisationsWrite, code)
            .await
        {
            Ok(found) => parent = Some(found),
            Err(Error::NotFound { name, .. }) => problems.note(
                true,
                "/parent",
                "unknown_organisation",
                format!("There is no organisation “{name}” that you may add to."),
            ),
            Err(other) => return Err(other),
        }
    } else {
        problems.note(
            !caller.may(Scope::OrganisationsWrite, "/"),
            "/parent",
            "missing",
            "Name the organisation that this one belongs to; only an operator may begin a new tree.",
        );
    }
    let row = check(caller.tenant(), &new, parent.as_ref(), problems)?;
    let stored = row.clone();
    app.store
        .write(Side::Roster, "add an organisation", move |conn| {
            on!(conn, organisation::insert(&stored))
        })
        .await
        .map_err(|error| exists(error, "organisation", &row.code))?;
    row.try_into()
}

/// The row for a new organisation, or everything that is wrong with it beside the problems found so far.
fn check(
    tenant: i64,
    new: &NewOrganisation,
    parent: Option<&OrganisationRow>,
    mut problems: Problems,
) -> Result<OrganisationRow> {
    problems.note(!is_code(&new.code), "/code", "bad_code", CODE_RULE);
    problems.note(
        new.name.trim().is_empty()
            || new.name.chars().count() > 200
            || new.name.chars().any(char::is_control),
        "/name",
        "bad_text",
        "Use 1 to 200 characters on one line.",
    );
    if let Some(above) = parent.and_then(|parent| Level::parse(&parent.level)) {
        problems.note(
            new.level <= above && !(new.level == Level::Unit && above == Level::Unit),
            "/level",
            "level_too_wide",
            format!(
                "A {} cannot lie in a {}; the levels are system, region, community, school, unit.",
                new.level.as_str(),
                above.as_str()
            ),
        );
    }
    problems.into_result("The organisation cannot be added as it is.")?;
    let above = parent.map_or("/", |parent| parent.path.as_str());
    Ok(OrganisationRow {
        tenant,
        code: new.code.clone(),
        parent: new.parent.clone(),
        level: new.level.as_str().to_owned(),
        name: new.name.trim().to_owned(),
        path: format!("{above}{}/", new.code),
    })
}

/// Says which thing exists already.
pub(super) fn exists(error: Error, what: &str, name: &str) -> Error {
    match error {
        Error::Conflict {
            code: "already_exists",
            ..
        } => Error::conflict(
            "already_exists",
            format!(
                "The {what} “{name}” exists already. Choose another name, or another version, for this one."
            ),
        ),
        other => other,
    }
}

/// What a group needs by way of protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protection {
    /// Figures from five people on, inside the school.
    Adult,
    /// Figures from ten people on, everywhere.
    Child,
}

/// A stakeholder group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its code, which forms refer to.
    pub code: String,
    /// Its title, per language.
    pub title: Texts,
    /// What it needs by way of protection.
    pub protection: Protection,
    /// Its place in lists.
    pub position: i64,
}

impl TryFrom<StakeholderGroupRow> for Group {
    type Error = Error;

    fn try_from(row: StakeholderGroupRow) -> Result<Self> {
        Ok(Self {
            title: serde_json::from_str(&row.title).map_err(Error::internal)?,
            protection: if row.protection == "child" {
                Protection::Child
            } else {
                Protection::Adult
            },
            code: row.code,
            position: row.position,
        })
    }
}

/// A tenant's stakeholder groups in their order.
pub async fn list_groups(app: &App, caller: &Caller) -> Result<Vec<Group>> {
    caller.require(Scope::OrganisationsRead)?;
    let tenant = caller.tenant();
    let rows = app
        .store
        .read(Side::Roster, "list groups", move |conn| {
            on!(conn, organisation::groups(tenant))
        })
        .await?;
    rows.into_iter().map(Group::try_from).collect()
}

/// Adds a stakeholder group, or changes one. Groups hold for the whole tenant, and so must the right.
///
/// # Errors
/// [`Error::Forbidden`] for a caller who has the right at a part of a tree only; [`Error::Invalid`] with every problem.
pub async fn put_group(app: &App, caller: &Caller, group: Group) -> Result<Group> {
    caller.require(Scope::OrganisationsWrite)?;
    if !caller
        .paths(Scope::OrganisationsWrite)
        .iter()
        .any(|path| is_top(path))
    {
        return Err(Error::Forbidden {
            detail: "Groups are the same for everyone; only those who manage the organisation at the top can change them."
                .to_owned(),
        });
    }
    let mut problems = Problems::default();
    problems.note(!is_code(&group.code), "/code", "bad_code", CODE_RULE);
    check_texts(&mut problems, "/title", &group.title);
    problems.into_result("The group cannot be stored as it is.")?;
    let row = group_row(caller.tenant(), &group)?;
    app.store
        .write(Side::Roster, "put a group", move |conn| {
            on!(conn, organisation::put_group(&row))
        })
        .await?;
    Ok(group)
}

/// Whether a path is that of an organisation at the top of a tree, or above all of them.
fn is_top(path: &str) -> bool {
    path.matches('/').count() <= 2
}

fn group_row(tenant: i64, group: &Group) -> Result<StakeholderGroupRow> {
    Ok(StakeholderGroupRow {
        tenant,
        code: group.code.clone(),
        title: serde_json::to_string(&group.title).map_err(Error::internal)?,
        protection: match group.protection {
            Protection::Adult => "adult".to_owned(),
            Protection::Child => "child".to_owned(),
        },
        position: group.position,
    })
}

/// The four groups every tenant begins with.
fn first_groups() -> [Group; 4] {
    let group = |code: &str, position, protection, en: &str, nl: &str| Group {
        code: code.to_owned(),
        title: Texts::from([
            ("en".to_owned(), en.to_owned()),
            ("nl".to_owned(), nl.to_owned()),
        ]),
        protection,
        position,
    };
    [
        group("learner", 1, Protection::Child, "Learners", "Leerlingen"),
        group(
            "parent",
            2,
            Protection::Adult,
            "Parents and carers",
            "Ouders en verzorgers",
        ),
        group("staff", 3, Protection::Adult, "Staff", "Medewerkers"),
        group(
            "employer",
            4,
            Protection::Adult,
            "Employers and partners",
            "Werkgevers en partners",
        ),
    ]
}

/// What a group needs by way of protection as long as nobody has said: the usual groups as usual, any other as children do.
pub(super) fn usual_protection(group: &str) -> Protection {
    let usual = first_groups().into_iter().find(|one| one.code == group);
    usual.map_or(Protection::Child, |one| one.protection)
}

/// The rows of a tenant that is about to begin: the top of its tree and its groups, checked.
pub(super) struct TenantToBe {
    code: String,
    top: OrganisationRow,
    groups: Vec<StakeholderGroupRow>,
}

impl TenantToBe {
    /// # Errors
    /// [`Error::Invalid`] with every problem.
    pub(super) fn check(code: &str, top: &NewOrganisation) -> Result<Self> {
        let mut problems = Problems::default();
        problems.note(!is_code(code), "/tenant", "bad_code", CODE_RULE);
        problems.into_result("The tenant cannot be made as it is.")?;
        Ok(Self {
            code: code.to_owned(),
            top: check(0, top, None, Problems::default())?,
            groups: first_groups()
                .iter()
                .map(|group| group_row(0, group))
                .collect::<Result<Vec<_>>>()?,
        })
    }

    /// Stores the rows and returns the tenant's number.
    pub(super) fn insert(mut self, conn: &mut Conn, now: i64) -> Result<i64> {
        let tenant = on!(
            conn,
            organisation::insert_tenant(&self.code, &self.top.name, now)
        )?;
        self.top.tenant = tenant;
        on!(conn, organisation::insert(&self.top))?;
        for mut group in self.groups {
            group.tenant = tenant;
            on!(conn, organisation::put_group(&group))?;
        }
        Ok(tenant)
    }
}

/// Begins a tenant with its groups and the organisation at the top of its tree; returns the tenant's number.
///
/// # Errors
/// [`Error::Invalid`] with every problem; [`Error::Conflict`] with code `already_exists`.
pub async fn begin_tenant(app: &App, code: &str, top: &NewOrganisation) -> Result<i64> {
    let tenant = TenantToBe::check(code, top)?;
    let now = app.clock.now_ms();
    app.store
        .write(Side::Roster, "begin a tenant", move |conn| {
            tenant.insert(conn, now)
        })
        .await
        .map_err(|error| exists(error, "tenant", code))
}

/// Every tenant: number, code and name.
pub async fn tenants(app: &App) -> Result<Vec<(i64, String, String)>> {
    let rows = app
        .store
        .read(Side::Roster, "list tenants", |conn| {
            on!(conn, organisation::tenants())
        })
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.code, row.name))
        .collect())
}
