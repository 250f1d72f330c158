//! Reminders.

use super::failures::Storing;
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::invitation::reminder::{self, NewReminders, Reminded};
use actix_web::{HttpRequest, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whom to remind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"organisation": "school-de-linde", "groups": ["parent"]}))]
pub struct RemindersRequest {
    /// Only people asked about this organisation or one below it; leave it out for all of the round.
    pub organisation: Option<String>,
    /// Only people asked as one of these groups; leave it out for all of the round's.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// What reminding did: everyone who was invited by mail is counted once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemindersView {
    /// Reminders put into the outbox.
    #[schema(examples(188))]
    pub queued: u64,
    /// People who have finished what they were asked.
    #[schema(examples(402))]
    pub finished: u64,
    /// People who want no mail.
    #[schema(examples(6))]
    pub unsubscribed: u64,
    /// People who have had three mails about this round: the invitation and two reminders.
    #[schema(examples(0))]
    pub capped: u64,
    /// People to whom an earlier mail is still on its way.
    #[schema(examples(4))]
    pub waiting: u64,
}

impl From<Reminded> for RemindersView {
    fn from(reminded: Reminded) -> Self {
        Self {
            queued: reminded.queued,
            finished: reminded.finished,
            unsubscribed: reminded.unsubscribed,
            capped: reminded.capped,
            waiting: reminded.waiting,
        }
    }
}

/// Remind people.
///
/// Everyone invited by mail who has not finished gets another mail with the same link, but nobody more than three mails about a round, and
/// nobody a second one while an earlier one is on its way. A reminder that is not needed any more when its turn comes is not
/// sent. People whose links you deliver yourself are yours to remind.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["invitations:write"])),
    params(("round" = String, Path, description = "Code of the round.", example = "autumn-2026")),
    request_body(content = RemindersRequest, description = "Whom to remind."),
    responses(
        (status = 200, description = "The reminders are on their way.", body = RemindersView,
         example = json!({"queued": 188, "finished": 402, "unsubscribed": 6, "capped": 0, "waiting": 4})),
        Storing,
    )
)]
#[post("/rounds/{round}/reminders")]
pub async fn create_reminders(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
    body: web::Json<RemindersRequest>,
) -> Result<web::Json<RemindersView>, ApiError> {
    let body = body.into_inner();
    let wanted = NewReminders {
        organisation: body.organisation,
        groups: body.groups,
    };
    let reminded = reminder::remind(&app(&request)?, &caller.0, &path, wanted).await?;
    Ok(web::Json(reminded.into()))
}
