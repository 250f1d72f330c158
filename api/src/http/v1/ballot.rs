//! Answers that come with a credential in place of a link.

use super::failures::Showing;
use super::response::ReceiptView;
use crate::http::extract::app;
use crate::http::problem::ApiError;
use crate::service::respondent::{self, Receipt};
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use survey_engine::answers::RawAnswers;
use utoipa::ToSchema;

/// Answers that nobody can connect to a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"credential": "1.autumn-2026.1.J8fQ…", "organisation": "school-de-linde", "form": "parent", "answers": {"P.PED1a": 4, "P.PED1b": {"missing": "dont_know"}}}))]
pub struct BallotRequest {
    /// The tenant's number, the round, the key's number, and base64url of randomizer, nonce and signature (32, 32 and 384 bytes), with
    /// dots between.
    pub credential: String,
    /// The organisation that was claimed.
    pub organisation: String,
    /// The form that was claimed.
    pub form: String,
    /// Answers by item, as for `POST /api/v1/responses`.
    #[schema(value_type = Object)]
    pub answers: RawAnswers,
}

/// Send answers that nobody can connect to a person.
///
/// The credential shows that somebody was invited, and not who. Send no token, cookie, access token or other header that was part of the
/// claim. When the answer is 201 or 200 the answers lie durably in the sealed mailbox of the round; the same credential
/// again replaces them, until the round closes.
#[utoipa::path(
    tag = "Answers",
    security(()),
    request_body(content = BallotRequest, description = "The credential and the answers."),
    responses(
        (status = 201, description = "The answers were stored.", body = ReceiptView, example = json!({"status": "stored"})),
        (status = 200, description = "The answers took the place of earlier ones with the same credential.", body = ReceiptView, example = json!({"status": "replaced"})),
        Showing,
    )
)]
#[post("/ballots")]
pub async fn submit_ballot(
    request: HttpRequest,
    body: web::Json<BallotRequest>,
) -> Result<HttpResponse, ApiError> {
    let app = app(&request)?;
    let body = body.into_inner();
    let (organisation, form) = (&body.organisation, &body.form);
    let holder = respondent::holder(&app, &body.credential, organisation, form).await?;
    let receipt = holder.submit(&app, &body.answers).await?;
    Ok(match receipt {
        Receipt::Stored => HttpResponse::Created().json(ReceiptView { status: "stored" }),
        Receipt::Replaced => HttpResponse::Ok().json(ReceiptView { status: "replaced" }),
    })
}
