//! Indicators.

mod build;
mod view;

pub use build::{definition_views, document, indicator_views};
pub use view::{DefinitionView, FiguresView, IndicatorDocument, IndicatorView, IntervalView};

use super::failures::Checking;
use crate::error::Error;
use crate::http::cache::Held;
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::indicator::{self, Wanted};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which indicators.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IndicatorQuery {
    /// Code of the round.
    #[param(example = "autumn-2025")]
    round: String,
    /// Only this group.
    #[param(example = "parent")]
    group: Option<String>,
    /// Language of titles, as a BCP 47 tag.
    #[param(example = "en")]
    language: Option<String>,
}

async fn respond(
    request: &HttpRequest,
    caller: &Authenticated,
    organisation: &str,
    query: IndicatorQuery,
    indicator: Option<String>,
) -> Result<HttpResponse, ApiError> {
    let wanted = Wanted {
        group: query.group,
        indicator,
    };
    let report = indicator::report(
        &app(request)?,
        &caller.0,
        organisation,
        &query.round,
        wanted,
    )
    .await?;
    let document = document(report, query.language.as_deref().unwrap_or_default());
    let document = serde_json::to_string(&document).map_err(Error::internal)?;
    Ok(crate::http::cache::document(
        request,
        &document,
        "private, no-cache",
    ))
}

/// Get the indicators of an organisation.
///
/// What each group said in a round, over the organisation and everything below it. A figure that would expose a small group is withheld,
/// with the reason. Values carry their n, response rate and 95 % interval; `definitions` says how each is computed. The time this takes
/// depends on the number of indicators, not on the number of answers.
#[utoipa::path(
    tag = "Indicators",
    security(("clientCredentials" = ["indicators:read"])),
    params(
        ("organisation" = String, Path, description = "Code of the organisation.", example = "school-de-linde"),
        IndicatorQuery,
        Held,
    ),
    responses(
        (status = 200, description = "The indicators.", body = IndicatorDocument,
         headers(("ETag" = String, description = "Send it as `If-None-Match` to ask whether anything has changed.")),
         example = json!({"organisation": {"code": "school-de-linde", "name": "De Linde", "level": "school", "parent": "community-rivierenland", "path": "/community-rivierenland/school-de-linde/"}, "round": {"code": "autumn-2025", "status": "closed", "mode": "anonymous", "baseline": null}, "framework": {"id": "inclusive-quality", "version": "1.0.0"}, "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "participation": [{"group": "parent", "form": "parent", "invited": 90, "answered": 60}], "indicators": [{"code": "WEL.2", "area": "WEL", "title": "Safety and respect", "description": "Everyone is safe at school and treated with respect.", "kind": "outcome", "voices": [{"group": "employer", "form": "employer", "invited": 6, "responses": null, "responseRate": null, "figures": null, "withheld": {"reason": "below_minimum", "minimum": 5, "detail": "Fewer than 5 people answered."}}]}], "definitions": [{"name": "mean", "unit": "percent of the maximum possible score, 0 to 100", "formula": "100 (score - lo) / (hi - lo)", "source": "Cohen et al. (1999)", "note": "Over people with a score."}]})),
        (status = 304, description = "Nothing has changed (`If-None-Match`)."),
        Checking,
    )
)]
#[get("/organisations/{organisation}/indicators")]
pub async fn list_indicators(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
    query: web::Query<IndicatorQuery>,
) -> Result<HttpResponse, ApiError> {
    respond(&request, &caller, &path, query.into_inner(), None).await
}

/// Get one indicator with all its voices.
///
/// The same document as for all indicators, with just this one in it.
#[utoipa::path(
    tag = "Indicators",
    security(("clientCredentials" = ["indicators:read"])),
    params(
        ("organisation" = String, Path, description = "Code of the organisation.", example = "school-de-linde"),
        ("indicator" = String, Path, description = "Code of the indicator.", example = "PED.1"),
        IndicatorQuery,
        Held,
    ),
    responses(
        (status = 200, description = "The indicator.", body = IndicatorDocument,
         headers(("ETag" = String, description = "Send it as `If-None-Match` to ask whether anything has changed.")),
         example = json!({"organisation": {"code": "school-de-linde", "name": "De Linde", "level": "school", "parent": "community-rivierenland", "path": "/community-rivierenland/school-de-linde/"}, "round": {"code": "autumn-2025", "status": "closed", "mode": "anonymous", "baseline": null}, "framework": {"id": "inclusive-quality", "version": "1.0.0"}, "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "participation": [{"group": "parent", "form": "parent", "invited": 90, "answered": 60}], "indicators": [{"code": "WEL.2", "area": "WEL", "title": "Safety and respect", "description": "Everyone is safe at school and treated with respect.", "kind": "outcome", "voices": [{"group": "employer", "form": "employer", "invited": 6, "responses": null, "responseRate": null, "figures": null, "withheld": {"reason": "below_minimum", "minimum": 5, "detail": "Fewer than 5 people answered."}}]}], "definitions": [{"name": "mean", "unit": "percent of the maximum possible score, 0 to 100", "formula": "100 (score - lo) / (hi - lo)", "source": "Cohen et al. (1999)", "note": "Over people with a score."}]})),
        (status = 304, description = "Nothing has changed (`If-None-Match`)."),
        Checking,
    )
)]
#[get("/organisations/{organisation}/indicators/{indicator}")]
pub async fn get_indicator(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<(String, String)>,
    query: web::Query<IndicatorQuery>,
) -> Result<HttpResponse, ApiError> {
    let (organisation, indicator) = path.into_inner();
    respond(
        &request,
        &caller,
        &organisation,
        query.into_inner(),
        Some(indicator),
    )
    .await
}
