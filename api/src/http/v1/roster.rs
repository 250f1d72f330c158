//! Roster import.

use super::failures::Storing;
use crate::http::extract::{Authenticated, app, bytes, unreadable};
use crate::http::problem::ApiError;
use crate::service::roster::{self, ImportOptions};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How a roster is taken in.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RosterQuery {
    /// Language of people whose row names none, as a BCP 47 tag; usually `en`.
    #[param(example = "nl")]
    language: Option<String>,
    /// Check the whole table and store nothing.
    #[param(example = false)]
    #[serde(default)]
    dry_run: bool,
}

/// What an import did, or would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
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

/// Import a roster.
///
/// A table with a header line: `email` or `reference` (the school's own number of a person) or both, `group`, `organisation`, and, if
/// you like, `language` and `form`. Other columns are refused: what is not needed is not stored. Separated by comma, semicolon or tab,
/// in UTF-8 or Windows-1252. One row for each role of a person. All rows are stored, or none: every problem is told with
/// its line, as `/line/column`.
#[utoipa::path(
    tag = "People",
    security(("clientCredentials" = ["people:write"])),
    params(
        ("organisation" = String, Path, description = "Code of the organisation; rows may name it or any below it.", example = "school-de-linde"),
        RosterQuery,
    ),
    request_body(content = String, description = "The table, up to 16 MiB.", content_type = "text/csv",
        example = "email,group,organisation,language\nana@example.org,parent,school-de-linde,pt\njan@example.org,parent,school-de-linde,nl\njan@example.org,staff,school-de-linde,nl\n"),
    responses(
        (status = 200, description = "The roster was taken in, or could be.", body = ImportView,
         example = json!({"rows": 3, "peopleAdded": 2, "peopleChanged": 0, "rolesAdded": 3, "dryRun": false})),
        Storing,
    )
)]
#[post("/organisations/{organisation}/roster")]
pub async fn import_roster(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
    query: web::Query<RosterQuery>,
    payload: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let query = query.into_inner();
    let sent_as = request.content_type();
    if sent_as.starts_with("multipart/") || sent_as == "application/json" {
        return Err(unreadable(
            "unreadable_content_type",
            "Send the table itself as the body, with the header Content-Type: text/csv.".to_owned(),
        ));
    }
    let table = bytes(payload).await?;
    let app = app(&request).map_err(ApiError)?;
    let options = ImportOptions {
        language: query.language.unwrap_or_else(|| "en".to_owned()),
        dry_run: query.dry_run,
    };
    let imported = roster::import(&app, &caller.0, &path, &table, options)
        .await
        .map_err(ApiError)?;
    Ok(HttpResponse::Ok().json(ImportView {
        rows: imported.rows,
        people_added: imported.people_added,
        people_changed: imported.people_changed,
        roles_added: imported.roles_added,
        dry_run: imported.dry_run,
    }))
}
