//! The organisation tree.

use super::failures::{ReadingOne, Storing};
use super::page::{Page, PageQuery};
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::organisation::{self, Level, NewOrganisation, Organisation};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How wide an organisation is, widest first.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LevelView {
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

impl From<Level> for LevelView {
    fn from(level: Level) -> Self {
        match level {
            Level::System => Self::System,
            Level::Region => Self::Region,
            Level::Community => Self::Community,
            Level::School => Self::School,
            Level::Unit => Self::Unit,
        }
    }
}

impl From<LevelView> for Level {
    fn from(level: LevelView) -> Self {
        match level {
            LevelView::System => Self::System,
            LevelView::Region => Self::Region,
            LevelView::Community => Self::Community,
            LevelView::School => Self::School,
            LevelView::Unit => Self::Unit,
        }
    }
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationView {
    /// Its code, which names it in every address.
    #[schema(examples("school-de-linde"))]
    pub code: String,
    /// Its name.
    #[schema(examples("De Linde"))]
    pub name: String,
    /// How wide it is.
    pub level: LevelView,
    /// The organisation it belongs to; `null` at the top of a tree.
    #[schema(examples("community-rivierenland"))]
    pub parent: Option<String>,
    /// The codes from the top of the tree.
    #[schema(examples("/community-rivierenland/school-de-linde/"))]
    pub path: String,
}

impl From<Organisation> for OrganisationView {
    fn from(organisation: Organisation) -> Self {
        Self {
            code: organisation.code,
            name: organisation.name,
            level: organisation.level.into(),
            parent: organisation.parent,
            path: organisation.path,
        }
    }
}

/// An organisation to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "class-3a", "name": "Class 3A", "level": "unit", "parent": "school-de-linde"}))]
pub struct OrganisationRequest {
    /// Its code, of your own choice: lower-case letters, digits and dashes. It cannot be changed later.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,63}$")]
    pub code: String,
    /// Its name.
    pub name: String,
    /// How wide it is; narrower than its parent, except that units may lie in units.
    pub level: LevelView,
    /// The organisation it belongs to.
    pub parent: Option<String>,
}

/// List the organisations you may see.
///
/// Yours and everything below, parents before their children.
#[utoipa::path(
    tag = "Organisations",
    security(("clientCredentials" = ["organisations:read"])),
    params(PageQuery),
    responses(
        (status = 200, description = "A page of organisations.", body = Page<OrganisationView>,
         example = json!({"data": [{"code": "school-de-linde", "name": "De Linde", "level": "school", "parent": "community-rivierenland", "path": "/community-rivierenland/school-de-linde/"}], "meta": {"limit": 100, "nextCursor": null}})),
        ReadingOne,
    )
)]
#[get("/organisations")]
pub async fn list_organisations(
    request: HttpRequest,
    caller: Authenticated,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<OrganisationView>>, ApiError> {
    let found = organisation::list(&app(&request)?, &caller.0).await?;
    let page = query.page(found, |one| one.path.clone(), OrganisationView::from)?;
    Ok(web::Json(page))
}

/// Add an organisation.
///
/// A school, a class, a year group: below one of your own organisations.
#[utoipa::path(
    tag = "Organisations",
    security(("clientCredentials" = ["organisations:write"])),
    request_body(content = OrganisationRequest, description = "The organisation to be added."),
    responses(
        (status = 201, description = "The organisation was added.", body = OrganisationView,
         headers(("Location" = String, description = "Address of the organisation.")),
         example = json!({"code": "class-3a", "name": "Class 3A", "level": "unit", "parent": "school-de-linde", "path": "/community-rivierenland/school-de-linde/class-3a/"})),
        Storing,
    )
)]
#[post("/organisations")]
pub async fn create_organisation(
    request: HttpRequest,
    caller: Authenticated,
    body: web::Json<OrganisationRequest>,
) -> Result<HttpResponse, ApiError> {
    let body = body.into_inner();
    let new = NewOrganisation {
        code: body.code,
        name: body.name,
        level: body.level.into(),
        parent: body.parent,
    };
    let created = organisation::create(&app(&request)?, &caller.0, new).await?;
    Ok(HttpResponse::Created()
        .insert_header((
            header::LOCATION,
            format!("/api/v1/organisations/{}", created.code),
        ))
        .json(OrganisationView::from(created)))
}

/// Get an organisation.
///
/// One that is yours, or lies below one that is.
#[utoipa::path(
    tag = "Organisations",
    security(("clientCredentials" = ["organisations:read"])),
    params(("organisation" = String, Path, description = "Code of the organisation.", example = "school-de-linde")),
    responses(
        (status = 200, description = "The organisation.", body = OrganisationView,
         example = json!({"code": "school-de-linde", "name": "De Linde", "level": "school", "parent": "community-rivierenland", "path": "/community-rivierenland/school-de-linde/"})),
        ReadingOne,
    )
)]
#[get("/organisations/{organisation}")]
pub async fn get_organisation(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
) -> Result<web::Json<OrganisationView>, ApiError> {
    let found = organisation::find(&app(&request)?, &caller.0, &path).await?;
    Ok(web::Json(found.into()))
}
