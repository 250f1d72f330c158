//! Questionnaires.

use super::failures::{CheckingDocument, ReadingOne, Storing};
use super::framework::{PublishedView, VersionView, created, immutable};
use super::page::{Page, PageQuery};
use crate::http::cache::Held;
use crate::http::extract::{Authenticated, app, text};
use crate::http::problem::ApiError;
use crate::service::definition;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Serialize;
use survey_engine::questionnaire::ModuleSelection;
use utoipa::ToSchema;

/// A questionnaire that could be published.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationView {
    /// The questionnaire.
    pub questionnaire: VersionView,
    /// Its forms.
    pub forms: Vec<FormSummary>,
}

/// A form in short.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormSummary {
    /// Its identifier.
    #[schema(examples("parent"))]
    pub id: String,
    /// The group it is for.
    #[schema(examples("parent"))]
    pub group: String,
    /// Its items.
    #[schema(examples(60))]
    pub items: usize,
    /// Items of its default selection of modules.
    #[schema(examples(39))]
    pub default_items: usize,
    /// Minutes that the default selection takes, rounded up.
    #[schema(examples(6))]
    pub default_minutes: u32,
}

/// List the published questionnaires.
///
/// Every version is listed.
#[utoipa::path(
    tag = "Questionnaires",
    security(("clientCredentials" = ["questionnaires:read"])),
    params(PageQuery),
    responses(
        (status = 200, description = "A page of questionnaires.", body = Page<PublishedView>,
         example = json!({"data": [{"id": "school-self-review", "version": "1.0.0", "title": {"en": "School self-review"}, "framework": {"id": "inclusive-quality", "version": "1.0.0"}, "publishedAt": "2026-09-01T08:00:00Z"}], "meta": {"limit": 100, "nextCursor": null}})),
        ReadingOne,
    )
)]
#[get("/questionnaires")]
pub async fn list_questionnaires(
    request: HttpRequest,
    caller: Authenticated,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<PublishedView>>, ApiError> {
    let found = definition::questionnaires(&app(&request)?, &caller.0).await?;
    let page = query.page(
        found,
        |one| format!("{} {}", one.id, one.version),
        PublishedView::from,
    )?;
    Ok(web::Json(page))
}

/// Publish a questionnaire.
///
/// The document follows `/api/v1/schemas/questionnaire` and names a published framework. A document with anything to mend is refused
/// with every finding at once. What is published never changes: a change is another version.
#[utoipa::path(
    tag = "Questionnaires",
    security(("clientCredentials" = ["questionnaires:write"])),
    request_body(content = serde_json::Value, description = "The questionnaire, up to 16 MiB.", content_type = "application/json", example = json!({"id": "class-climate", "version": "1.0.0", "framework": {"id": "wellbeing", "version": "1.0.0"}, "title": {"en": "Class climate"}, "languages": ["en"], "responseSets": {"agreement5": {"options": [{"code": "strongly_disagree", "label": {"en": "Strongly disagree"}}, {"code": "disagree", "label": {"en": "Disagree"}}, {"code": "neutral", "label": {"en": "Neither"}}, {"code": "agree", "label": {"en": "Agree"}}, {"code": "strongly_agree", "label": {"en": "Strongly agree"}}], "missing": [{"kind": "dont_know", "label": {"en": "I don't know"}}]}}, "forms": [{"id": "learner", "group": "learner", "title": {"en": "For learners"}, "introduction": {"en": "Tell us how school is for you."}, "modules": [{"code": "WEL", "title": {"en": "Your teachers"}, "default": true, "items": [{"id": "T1", "type": "likert", "text": {"en": "My teachers listen to me."}, "responseSet": "agreement5", "indicator": "WEL.1"}]}]}]})),
    responses(
        (status = 201, description = "The questionnaire was published.", body = PublishedView,
         headers(("Location" = String, description = "Address of the questionnaire.")),
         example = json!({"id": "class-climate", "version": "1.0.0", "title": {"en": "Class climate"}, "framework": {"id": "wellbeing", "version": "1.0.0"}, "publishedAt": "2026-09-01T08:00:00Z"})),
        Storing,
    )
)]
#[post("/questionnaires")]
pub async fn publish_questionnaire(
    request: HttpRequest,
    caller: Authenticated,
    payload: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let document = text(payload).await?;
    let app = app(&request).map_err(ApiError)?;
    let published = definition::publish_questionnaire(&app, &caller.0, &document)
        .await
        .map_err(ApiError)?;
    Ok(created("questionnaires", published))
}

/// Check a questionnaire.
///
/// Checks all that publishing checks and stores nothing.
#[utoipa::path(
    tag = "Questionnaires",
    security(("clientCredentials" = ["questionnaires:read"])),
    request_body(content = serde_json::Value, description = "The questionnaire, up to 16 MiB.", content_type = "application/json", example = json!({"id": "class-climate", "version": "1.0.0", "framework": {"id": "wellbeing", "version": "1.0.0"}, "title": {"en": "Class climate"}, "languages": ["en"], "responseSets": {"agreement5": {"options": [{"code": "strongly_disagree", "label": {"en": "Strongly disagree"}}, {"code": "disagree", "label": {"en": "Disagree"}}, {"code": "neutral", "label": {"en": "Neither"}}, {"code": "agree", "label": {"en": "Agree"}}, {"code": "strongly_agree", "label": {"en": "Strongly agree"}}], "missing": [{"kind": "dont_know", "label": {"en": "I don't know"}}]}}, "forms": [{"id": "learner", "group": "learner", "title": {"en": "For learners"}, "introduction": {"en": "Tell us how school is for you."}, "modules": [{"code": "WEL", "title": {"en": "Your teachers"}, "default": true, "items": [{"id": "T1", "type": "likert", "text": {"en": "My teachers listen to me."}, "responseSet": "agreement5", "indicator": "WEL.1"}]}]}]})),
    responses(
        (status = 200, description = "The questionnaire could be published.", body = ValidationView,
         example = json!({"questionnaire": {"id": "class-climate", "version": "1.0.0"}, "forms": [{"id": "learner", "group": "learner", "items": 13, "defaultItems": 13, "defaultMinutes": 2}]})),
        CheckingDocument,
    )
)]
#[post("/questionnaires/validate")]
pub async fn validate_questionnaire(
    request: HttpRequest,
    caller: Authenticated,
    payload: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let document = text(payload).await?;
    let app = app(&request).map_err(ApiError)?;
    let questionnaire = definition::check_questionnaire(&app, &caller.0, &document)
        .await
        .map_err(ApiError)?;
    Ok(HttpResponse::Ok().json(ValidationView {
        questionnaire: VersionView {
            id: questionnaire.id().to_owned(),
            version: questionnaire.version().to_owned(),
        },
        forms: questionnaire
            .forms()
            .iter()
            .map(|form| {
                let usual = ModuleSelection::default_of(form);
                FormSummary {
                    id: form.id().to_owned(),
                    group: form.group().to_owned(),
                    items: form.item_count(),
                    default_items: form
                        .modules()
                        .iter()
                        .filter(|module| usual.includes(module.code()))
                        .map(|module| module.items().len())
                        .sum(),
                    default_minutes: form.estimated_minutes(&usual),
                }
            })
            .collect(),
    }))
}

/// Get a questionnaire.
///
/// The document as it was published. It never changes, so it may be cached for good.
#[utoipa::path(
    tag = "Questionnaires",
    security(("clientCredentials" = ["questionnaires:read"])),
    params(
        ("id" = String, Path, description = "Identifier of the questionnaire.", example = "school-self-review"),
        ("version" = String, Path, description = "Its version.", example = "1.0.0"),
        Held,
    ),
    responses(
        (status = 200, description = "The questionnaire.", body = serde_json::Value,
         headers(("ETag" = String, description = "Send it as `If-None-Match` to ask whether anything has changed.")), example = json!({"id": "class-climate", "version": "1.0.0", "framework": {"id": "wellbeing", "version": "1.0.0"}, "title": {"en": "Class climate"}, "languages": ["en"], "responseSets": {"agreement5": {"options": [{"code": "strongly_disagree", "label": {"en": "Strongly disagree"}}, {"code": "disagree", "label": {"en": "Disagree"}}, {"code": "neutral", "label": {"en": "Neither"}}, {"code": "agree", "label": {"en": "Agree"}}, {"code": "strongly_agree", "label": {"en": "Strongly agree"}}], "missing": [{"kind": "dont_know", "label": {"en": "I don't know"}}]}}, "forms": [{"id": "learner", "group": "learner", "title": {"en": "For learners"}, "introduction": {"en": "Tell us how school is for you."}, "modules": [{"code": "WEL", "title": {"en": "Your teachers"}, "default": true, "items": [{"id": "T1", "type": "likert", "text": {"en": "My teachers listen to me."}, "responseSet": "agreement5", "indicator": "WEL.1"}]}]}]})),
        (status = 304, description = "You have it already (`If-None-Match`)."),
        ReadingOne,
    )
)]
#[get("/questionnaires/{id}/versions/{version}")]
pub async fn get_questionnaire(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (id, version) = path.into_inner();
    let instrument = definition::questionnaire(&app(&request)?, &caller.0, &id, &version).await?;
    Ok(immutable(
        &request,
        &instrument.questionnaire.to_json().to_string(),
    ))
}
