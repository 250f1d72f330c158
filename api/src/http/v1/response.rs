//! Answers that an app sends for a person.

use super::failures::Storing;
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::respondent::{self, Receipt};
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use survey_engine::answers::RawAnswers;
use utoipa::ToSchema;

/// A person's answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "1-7ZK3M9QX4B8RT2VWC6HJNDPY0A", "organisation": "school-de-linde", "form": "parent", "answers": {"P.PED1a": 4, "P.PED1b": {"missing": "dont_know"}}}))]
pub struct ResponseRequest {
    /// The person's token.
    pub token: String,
    /// The organisation that the answers are about; needed only where the token opens several forms.
    pub organisation: Option<String>,
    /// The form; needed only where the token opens several for one organisation.
    pub form: Option<String>,
    /// Answers by item. A position counted from 1 for a likert item, 0 to 10 for a rating, an option's code for a choice, a list of
    /// codes for a multiple choice or a ranking, a number, a date as `YYYY-MM-DD`, a text, or `{"missing": kind}`. An item that is left
    /// out, or `null`, is not answered.
    #[schema(value_type = Object)]
    pub answers: RawAnswers,
}

/// What became of the answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptView {
    /// `stored`, or `replaced` where the same link had sent answers before: they count once, as sent last.
    #[schema(examples("stored"))]
    pub status: &'static str,
}

/// Send a person's answers.
///
/// The answers are checked as in the browser; every problem is told at once, with a pointer to the item. When the answer is 201 or 200 they
/// lie durably in the sealed mailbox of the round. Sending again before the round closes replaces them, so repeating after a
/// lost connection is safe. No time, address or client is stored with them.
#[utoipa::path(
    tag = "Answers",
    security(("clientCredentials" = ["responses:submit"])),
    request_body(content = ResponseRequest, description = "The person's token and answers."),
    responses(
        (status = 201, description = "The answers were stored.", body = ReceiptView, example = json!({"status": "stored"})),
        (status = 200, description = "The answers took the place of earlier ones from the same link.", body = ReceiptView, example = json!({"status": "replaced"})),
        Storing,
    )
)]
#[post("/responses")]
pub async fn submit_response(
    request: HttpRequest,
    caller: Authenticated,
    body: web::Json<ResponseRequest>,
) -> Result<HttpResponse, ApiError> {
    let app = app(&request)?;
    let body = body.into_inner();
    let found = respondent::find_for(&app, &caller.0, &body.token).await?;
    let task = found.task(body.organisation.as_deref(), body.form.as_deref())?;
    let receipt = respondent::submit(&app, &found, task, &body.answers).await?;
    Ok(match receipt {
        Receipt::Stored => HttpResponse::Created().json(ReceiptView { status: "stored" }),
        Receipt::Replaced => HttpResponse::Ok().json(ReceiptView { status: "replaced" }),
    })
}
