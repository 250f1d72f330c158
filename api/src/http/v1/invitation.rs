//! Invitations.

use super::failures::{ReadingOne, Storing};
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::invitation::recall::{self, Renewed, Revoked};
use crate::service::invitation::{self, Delivery, Invited, Link, NewInvitations};
use actix_web::{HttpRequest, delete, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the links get to the people.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryView {
    /// Klankbord mails them.
    Mail,
    /// You deliver them yourself, and get each link once.
    App,
}

/// Whom to invite, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"delivery": "mail", "organisation": "school-de-linde", "groups": ["parent"]}))]
pub struct InvitationsRequest {
    /// How the links get to the people.
    pub delivery: DeliveryView,
    /// Only people at or below this organisation; leave it out for all of the round.
    pub organisation: Option<String>,
    /// Only these groups; leave it out for all of the round's.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// A form that a link opens.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentView {
    /// The organisation that the answers are about.
    #[schema(examples("school-de-linde"))]
    pub organisation: String,
    /// The form.
    #[schema(examples("parent"))]
    pub form: String,
}

/// A link for you to deliver.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    /// The school's own number of the person.
    #[schema(examples("2024-0117"))]
    pub reference: Option<String>,
    /// The person's address.
    #[schema(examples("ana@example.org"))]
    pub email: Option<String>,
    /// The person's token. It is shown this once; only a hash of it is stored.
    #[schema(examples("1-7ZK3M9QX4B8RT2VWC6HJNDPY0A"))]
    pub token: String,
    /// The token as an address to open in a browser.
    #[schema(examples("https://survey.example.org/s/1-7ZK3M9QX4B8RT2VWC6HJNDPY0A"))]
    pub url: String,
    /// The forms that it opens.
    pub assignments: Vec<AssignmentView>,
}

/// What inviting did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationsView {
    /// People who got an invitation now.
    pub created: u64,
    /// People who had one already.
    pub existing: u64,
    /// People whose invitation was taken back: they are not invited again like this.
    pub revoked: u64,
    /// Forms added to invitations that people had already.
    pub assignments_added: u64,
    /// Mails put into the outbox.
    pub mails_queued: u64,
    /// People left out because they have no address to mail to, by reference.
    pub without_address: Vec<String>,
    /// People who want no mail: invited, but not mailed.
    pub unsubscribed: u64,
    /// The links, where you deliver them.
    pub links: Vec<LinkView>,
}

impl From<Invited> for InvitationsView {
    fn from(invited: Invited) -> Self {
        Self {
            created: invited.created,
            existing: invited.existing,
            revoked: invited.revoked,
            assignments_added: invited.assignments_added,
            mails_queued: invited.mails_queued,
            without_address: invited.without_address,
            unsubscribed: invited.unsubscribed,
            links: invited.links.into_iter().map(LinkView::from).collect(),
        }
    }
}

impl From<Link> for LinkView {
    fn from(link: Link) -> Self {
        Self {
            reference: link.reference,
            email: link.email,
            token: link.token,
            url: link.url,
            assignments: link
                .assignments
                .into_iter()
                .map(|(organisation, form)| AssignmentView { organisation, form })
                .collect(),
        }
    }
}

/// What taking an invitation back did.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevocationView {
    /// Forms that are not asked any more.
    pub removed: u64,
    /// Forms that the person had begun to answer: they stay in the counts, and what was answered stays.
    pub kept: u64,
}

impl From<Revoked> for RevocationView {
    fn from(revoked: Revoked) -> Self {
        Self {
            removed: revoked.removed,
            kept: revoked.kept,
        }
    }
}

/// What became of a new link.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RenewalView {
    /// Whether it is on its way by mail; `false` where you deliver it yourself, or the person wants no mail.
    pub mail_queued: bool,
    /// The link, where you deliver it yourself.
    pub link: Option<LinkView>,
}

impl From<Renewed> for RenewalView {
    fn from(renewed: Renewed) -> Self {
        Self {
            mail_queued: renewed == Renewed::Mailed,
            link: match renewed {
                Renewed::Shown(link) => Some(link.into()),
                Renewed::Mailed | Renewed::Unsubscribed => None,
            },
        }
    }
}

/// How inviting and answering stand in a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressView {
    /// People invited, without those whose invitation was taken back unused.
    #[schema(examples(600))]
    pub invitations: u64,
    /// Forms that they were asked to fill in.
    #[schema(examples(640))]
    pub assignments: u64,
    /// Forms flagged as done.
    #[schema(examples(412))]
    pub done: u64,
    /// Mails by status.
    pub mails: MailCounts,
}

/// Mails by status.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct MailCounts {
    /// On their way, or to be tried again.
    pub waiting: u64,
    /// Taken by the mail server.
    pub sent: u64,
    /// Given up: the address or the mail server refused them for good.
    pub failed: u64,
    /// Not needed any more.
    pub cancelled: u64,
}

/// Invite people.
///
/// Everyone with a role that the round asks gets one link, which opens all their forms. Asking again invites only those who have come
/// since. With `"delivery": "app"` the answer holds each person's token, this once.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["invitations:write"])),
    params(("round" = String, Path, description = "Code of the round.", example = "autumn-2026")),
    request_body(content = InvitationsRequest, description = "Whom to invite, and how."),
    responses(
        (status = 200, description = "The people were invited.", body = InvitationsView,
         example = json!({"created": 1, "existing": 0, "revoked": 0, "assignmentsAdded": 0, "mailsQueued": 0, "withoutAddress": [], "unsubscribed": 0, "links": [{"reference": "2024-0117", "email": null, "token": "1-7ZK3M9QX4B8RT2VWC6HJNDPY0A", "url": "https://survey.example.org/s/1-7ZK3M9QX4B8RT2VWC6HJNDPY0A", "assignments": [{"organisation": "school-de-linde", "form": "learner"}]}]})),
        Storing,
    )
)]
#[post("/rounds/{round}/invitations")]
pub async fn create_invitations(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
    body: web::Json<InvitationsRequest>,
) -> Result<web::Json<InvitationsView>, ApiError> {
    let body = body.into_inner();
    let wanted = NewInvitations {
        delivery: match body.delivery {
            DeliveryView::Mail => Delivery::Mail,
            DeliveryView::App => Delivery::App,
        },
        organisation: body.organisation,
        groups: body.groups,
    };
    let invited = invitation::invite(&app(&request)?, &caller.0, &path, wanted).await?;
    Ok(web::Json(invited.into()))
}

/// Take an invitation back.
///
/// The person's link stops working at once, and mails that wait are called off. Forms that nobody has begun to answer are not asked any
/// more; the others stay in the counts, and what was answered stays: in an anonymous round nobody can tell which answers they
/// are. Inviting everybody does not invite the person again; a new link does. Taking it back twice changes nothing.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["invitations:write"])),
    params(
        ("round" = String, Path, description = "Code of the round.", example = "autumn-2026"),
        ("person" = String, Path, description = "The person's reference, or, for a person without one, their address.", example = "2024-0117"),
    ),
    responses(
        (status = 200, description = "The link works no more.", body = RevocationView, example = json!({"removed": 1, "kept": 0})),
        Storing,
    )
)]
#[delete("/rounds/{round}/invitations/{person}")]
pub async fn revoke_invitation(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<(String, String)>,
) -> Result<web::Json<RevocationView>, ApiError> {
    let (round, person) = path.into_inner();
    let revoked = recall::revoke(&app(&request)?, &caller.0, &round, &person).await?;
    Ok(web::Json(revoked.into()))
}

/// Give a person a new link.
///
/// For a link that has come into other hands, or an invitation that was taken back. The old link stops working at once. The new one is
/// mailed, or, where you deliver links yourself, stands in the answer, this once. Refused with 409 `already_claimed` once
/// the person has begun to answer: what came in over two links would count twice. To bring somebody the same link again, remind.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["invitations:write"])),
    params(
        ("round" = String, Path, description = "Code of the round.", example = "autumn-2026"),
        ("person" = String, Path, description = "The person's reference, or, for a person without one, their address.", example = "2024-0117"),
    ),
    responses(
        (status = 200, description = "The person has a new link.", body = RenewalView, example = json!({"mailQueued": true, "link": null})),
        Storing,
    )
)]
#[post("/rounds/{round}/invitations/{person}/renewal")]
pub async fn renew_invitation(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<(String, String)>,
) -> Result<web::Json<RenewalView>, ApiError> {
    let (round, person) = path.into_inner();
    let renewed = recall::renew(&app(&request)?, &caller.0, &round, &person).await?;
    Ok(web::Json(renewed.into()))
}

/// See how a round is getting on.
///
/// Counts of invitations, forms and mails; never who has answered.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["rounds:read"])),
    params(("round" = String, Path, description = "Code of the round.", example = "autumn-2026")),
    responses(
        (status = 200, description = "How the round is getting on.", body = ProgressView,
         example = json!({"invitations": 600, "assignments": 640, "done": 412, "mails": {"waiting": 3, "sent": 590, "failed": 7, "cancelled": 0}})),
        ReadingOne,
    )
)]
#[get("/rounds/{round}/progress")]
pub async fn get_progress(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
) -> Result<web::Json<ProgressView>, ApiError> {
    let progress = invitation::progress(&app(&request)?, &caller.0, &path).await?;
    let mut mails = MailCounts::default();
    for (status, count) in progress.mails {
        match status.as_str() {
            "sent" => mails.sent += count,
            "failed" => mails.failed += count,
            "cancelled" => mails.cancelled += count,
            _ => mails.waiting += count,
        }
    }
    Ok(web::Json(ProgressView {
        invitations: progress.invitations,
        assignments: progress.assignments,
        done: progress.done,
        mails,
    }))
}
