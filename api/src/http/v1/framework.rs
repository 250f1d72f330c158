//! Frameworks of areas and indicators.

use super::failures::{ReadingOne, Storing};
use super::page::{Page, PageQuery};
use super::text::TextByLanguage;
use crate::clock::to_rfc3339;
use crate::http::cache::Held;
use crate::http::extract::{Authenticated, app, text};
use crate::http::problem::ApiError;
use crate::service::Texts;
use crate::service::definition::{self, Published};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use survey_engine::questionnaire::VersionRef;
use utoipa::ToSchema;

/// One version of a document.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionView {
    /// Its identifier.
    #[schema(examples("inclusive-quality"))]
    pub id: String,
    /// Its version.
    #[schema(examples("1.0.0"))]
    pub version: String,
}

impl From<VersionRef> for VersionView {
    fn from(version: VersionRef) -> Self {
        Self {
            id: version.id,
            version: version.version,
        }
    }
}

/// A published document, without its content.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublishedView {
    /// Its identifier.
    #[schema(examples("school-self-review"))]
    pub id: String,
    /// Its version. What is published under it never changes.
    #[schema(examples("1.0.0"))]
    pub version: String,
    /// Its title, per language.
    #[schema(value_type = TextByLanguage)]
    pub title: Texts,
    /// The framework that a questionnaire belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<VersionView>,
    /// When it was published (RFC 3339).
    #[schema(examples("2026-09-01T08:00:00Z"), format = DateTime)]
    pub published_at: String,
}

impl From<Published> for PublishedView {
    fn from(published: Published) -> Self {
        Self {
            id: published.id,
            version: published.version,
            title: published.title,
            framework: published.framework.map(VersionView::from),
            published_at: to_rfc3339(published.published_at),
        }
    }
}

/// A JSON document that never changes, as a response.
pub(super) fn immutable(request: &HttpRequest, document: &str) -> HttpResponse {
    crate::http::cache::document(request, document, "private, max-age=31536000, immutable")
}

/// List the published frameworks.
///
/// A framework names the areas and indicators that questionnaires measure. Every version is listed.
#[utoipa::path(
    tag = "Questionnaires",
    security(("clientCredentials" = ["questionnaires:read"])),
    params(PageQuery),
    responses(
        (status = 200, description = "A page of frameworks.", body = Page<PublishedView>,
         example = json!({"data": [{"id": "inclusive-quality", "version": "1.0.0", "title": {"en": "Inclusive quality"}, "publishedAt": "2026-09-01T08:00:00Z"}], "meta": {"limit": 100, "nextCursor": null}})),
        ReadingOne,
    )
)]
#[get("/frameworks")]
pub async fn list_frameworks(
    request: HttpRequest,
    caller: Authenticated,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<PublishedView>>, ApiError> {
    let found = definition::frameworks(&app(&request)?, &caller.0).await?;
    let page = query.page(
        found,
        |one| format!("{} {}", one.id, one.version),
        PublishedView::from,
    )?;
    Ok(web::Json(page))
}

/// Publish a framework.
///
/// The document follows `/api/v1/schemas/framework`. A document with anything to mend is refused with every finding at once. What is
/// published never changes: a change is another version.
#[utoipa::path(
    tag = "Questionnaires",
    security(("clientCredentials" = ["questionnaires:write"])),
    request_body(content = serde_json::Value, description = "The framework, up to 16 MiB.", content_type = "application/json",
        example = json!({"id": "wellbeing", "version": "1.0.0", "title": {"en": "Wellbeing"}, "areas": [{"code": "WEL", "title": {"en": "Wellbeing"}, "description": {"en": "How learners feel at school."}}], "indicators": [{"code": "WEL.1", "area": "WEL", "title": {"en": "Teachers"}, "description": {"en": "Learners get on with their teachers."}, "kind": "outcome", "groups": ["learner"]}]})),
    responses(
        (status = 201, description = "The framework was published.", body = PublishedView,
         headers(("Location" = String, description = "Address of the framework.")),
         example = json!({"id": "wellbeing", "version": "1.0.0", "title": {"en": "Wellbeing"}, "publishedAt": "2026-09-01T08:00:00Z"})),
        Storing,
    )
)]
#[post("/frameworks")]
pub async fn publish_framework(
    request: HttpRequest,
    caller: Authenticated,
    payload: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let document = text(payload).await?;
    let app = app(&request).map_err(ApiError)?;
    let published = definition::publish_framework(&app, &caller.0, &document)
        .await
        .map_err(ApiError)?;
    Ok(created("frameworks", published))
}

pub(super) fn created(kind: &str, published: Published) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((
            header::LOCATION,
            format!(
                "/api/v1/{kind}/{}/versions/{}",
                published.id, published.version
            ),
        ))
        .json(PublishedView::from(published))
}

/// Get a framework.
///
/// The document as it was published. It never changes, so it may be cached for good.
#[utoipa::path(
    tag = "Questionnaires",
    security(("clientCredentials" = ["questionnaires:read"])),
    params(
        ("id" = String, Path, description = "Identifier of the framework.", example = "inclusive-quality"),
        ("version" = String, Path, description = "Its version.", example = "1.0.0"),
        Held,
    ),
    responses(
        (status = 200, description = "The framework.", body = serde_json::Value,
         headers(("ETag" = String, description = "Send it as `If-None-Match` to ask whether anything has changed.")),
         example = json!({"id": "wellbeing", "version": "1.0.0", "title": {"en": "Wellbeing"}, "areas": [], "indicators": []})),
        (status = 304, description = "You have it already (`If-None-Match`)."),
        ReadingOne,
    )
)]
#[get("/frameworks/{id}/versions/{version}")]
pub async fn get_framework(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (id, version) = path.into_inner();
    let framework = definition::framework(&app(&request)?, &caller.0, &id, &version).await?;
    Ok(immutable(&request, &framework.to_json().to_string()))
}
