//! The JSON Schemas of documents.

use super::failures::ReadingOne;
use crate::error::Error;
use crate::http::cache::Held;
use crate::http::problem::ApiError;
use actix_web::{HttpRequest, HttpResponse, get, web};
use survey_engine::questionnaire::schema;

/// Get the JSON Schema of a kind of document.
///
/// JSON Schema 2020-12, for editors and checks of your own. The check at publication says more: it knows what a schema cannot say.
#[utoipa::path(
    tag = "Questionnaires",
    security(()),
    params(
        ("document" = String, Path, description = "`framework` or `questionnaire`.", example = "questionnaire"),
        Held,
    ),
    responses(
        (status = 200, description = "The schema.", content_type = "application/schema+json", body = serde_json::Value,
         headers(("ETag" = String, description = "Send it as `If-None-Match` to ask whether anything has changed.")),
         example = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Questionnaire", "type": "object"})),
        (status = 304, description = "You have it already (`If-None-Match`)."),
        ReadingOne,
    )
)]
#[get("/schemas/{document}")]
pub async fn get_schema(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let schema = match path.as_str() {
        "framework" => schema::FRAMEWORK,
        "questionnaire" => schema::QUESTIONNAIRE,
        other => return Err(Error::not_found("schema", other).into()),
    };
    Ok(crate::http::cache::typed(
        &request,
        "application/schema+json",
        schema,
        "public, max-age=3600",
    ))
}
