//! Single people.

use super::failures::Storing;
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::erasure::{self, Erased};
use actix_web::{HttpRequest, delete, web};
use serde::Serialize;
use utoipa::ToSchema;

/// What erasing a person did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureView {
    /// Invitations that are gone, with their links and mails.
    pub invitations: u64,
    /// Forms that the person had begun to answer; they stay in the counts, without the person.
    pub claims_kept: u64,
    /// Responses that carried a code or a name of the person, and are gone.
    pub responses: u64,
}

impl From<Erased> for ErasureView {
    fn from(erased: Erased) -> Self {
        Self {
            invitations: erased.invitations,
            claims_kept: erased.claims_kept,
            responses: erased.responses,
        }
    }
}

/// Erase a person.
///
/// The person, their roles, invitations and mails are gone, at every organisation; their links stop working. Gone as well are responses of
/// identified rounds, and of confidential rounds as long as their key exists; the figures of a closed round stay as they were told.
/// What stays, because nobody can tell whose it is: answers of anonymous rounds, free texts, and the number of claims, so that the
/// counts that anyone may check go on holding. This cannot be taken back.
#[utoipa::path(
    tag = "People",
    security(("clientCredentials" = ["people:write"])),
    params(("person" = String, Path, description = "The person's reference, or, for a person without one, their address.", example = "2024-0117")),
    responses(
        (status = 200, description = "The person is erased.", body = ErasureView, example = json!({"invitations": 2, "claimsKept": 1, "responses": 0})),
        Storing,
    )
)]
#[delete("/people/{person}")]
pub async fn erase_person(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
) -> Result<web::Json<ErasureView>, ApiError> {
    let erased = erasure::erase(&app(&request)?, &caller.0, &path).await?;
    Ok(web::Json(erased.into()))
}
