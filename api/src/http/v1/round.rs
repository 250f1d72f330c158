//! Rounds.

use super::failures::{ReadingOne, Storing};
use super::framework::VersionView;
use super::page::{Page, PageQuery};
use super::text::TextByLanguage;
use crate::clock::{from_rfc3339, to_rfc3339};
use crate::error::Error;
use crate::http::extract::{Authenticated, app};
use crate::http::problem::ApiError;
use crate::service::round::{
    self, Counts, FormPlan, GroupPlan, Minimums, Mode, NewFormPlan, NewGroupPlan, NewRound,
    Promise, Round, Status,
};
use crate::service::{Texts, opening};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use survey_engine::questionnaire::VersionRef;
use utoipa::ToSchema;

/// What a respondent is promised about their name.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ModeView {
    /// Once the round is closed nobody can tell whose answers are whose.
    Anonymous,
    /// Answers carry a code that a named keeper can connect to a person, until a named date.
    Confidential,
    /// The name is kept with the answers.
    Identified,
}

impl From<Mode> for ModeView {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Anonymous => Self::Anonymous,
            Mode::Confidential => Self::Confidential,
            Mode::Identified => Self::Identified,
        }
    }
}

impl From<ModeView> for Mode {
    fn from(mode: ModeView) -> Self {
        match mode {
            ModeView::Anonymous => Self::Anonymous,
            ModeView::Confidential => Self::Confidential,
            ModeView::Identified => Self::Identified,
        }
    }
}

/// Where a round stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum StatusView {
    /// Nobody can answer yet.
    Draft,
    /// People can answer.
    Open,
    /// Nobody can answer any more; the ballots are being opened.
    Closing,
    /// The ballots are opened and counted.
    Closed,
}

impl From<Status> for StatusView {
    fn from(status: Status) -> Self {
        match status {
            Status::Draft => Self::Draft,
            Status::Open => Self::Open,
            Status::Closing => Self::Closing,
            Status::Closed => Self::Closed,
        }
    }
}

/// The modules of a form that are asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormPlanView {
    /// The form.
    #[schema(examples("parent"))]
    pub form: String,
    /// Codes of its modules that are asked.
    pub modules: Vec<String>,
}

/// What one group is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupPlanView {
    /// The group.
    #[schema(examples("parent"))]
    pub group: String,
    /// Its forms, the usual one first.
    pub forms: Vec<FormPlanView>,
}

/// From how many people on figures are shown, where a round asks for more than usual.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MinimumsView {
    /// Adults, inside a school: 5 or more; `null` for 5.
    #[schema(minimum = 5)]
    pub adults: Option<u32>,
    /// Learners: 10 or more; `null` for 10.
    #[schema(minimum = 10)]
    pub learners: Option<u32>,
    /// Everybody, in anything wider than a school: 10 or more; `null` for 10.
    #[schema(minimum = 10)]
    pub wider: Option<u32>,
}

/// What a confidential round tells its respondents.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseView {
    /// The only one who can connect a code to a person, per language.
    #[schema(value_type = TextByLanguage)]
    pub keeper: Texts,
    /// What for, per language.
    #[schema(value_type = TextByLanguage)]
    pub purpose: Texts,
    /// The day on which the key is destroyed.
    #[schema(examples("2027-08-01"), format = Date)]
    pub until: String,
}

/// Counts that anyone may check: `issued >= claimed >= ballots`, and `ballots = opened`.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountsView {
    /// Forms that people were asked to fill in.
    #[schema(examples(600))]
    pub issued: i64,
    /// Forms flagged as done.
    #[schema(examples(412))]
    pub claimed: i64,
    /// Ballots that were in the mailbox.
    #[schema(examples(412))]
    pub ballots: i64,
    /// Ballots that were opened and counted.
    #[schema(examples(412))]
    pub opened: i64,
}

/// A round: one run of a questionnaire at an organisation and everything below it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoundView {
    /// Its code, which names it in every address.
    #[schema(examples("autumn-2026"))]
    pub code: String,
    /// The organisation that runs it.
    #[schema(examples("community-rivierenland"))]
    pub organisation: String,
    /// Its questionnaire, in one version for good.
    pub questionnaire: VersionView,
    /// Its title, per language.
    #[schema(value_type = TextByLanguage)]
    pub title: Texts,
    /// What its respondents are promised.
    pub mode: ModeView,
    /// Where it stands.
    pub status: StatusView,
    /// When it opens or opened (RFC 3339); `null` where it is opened by hand.
    #[schema(examples("2026-10-01T06:00:00Z"), format = DateTime)]
    pub opens_at: Option<String>,
    /// When it closes or closed (RFC 3339); `null` where it is closed by hand.
    #[schema(examples("2026-10-31T22:00:00Z"), format = DateTime)]
    pub closes_at: Option<String>,
    /// What each group is asked.
    pub groups: Vec<GroupPlanView>,
    /// From how many people on figures are shown, where this round asks for more than usual.
    pub minimums: MinimumsView,
    /// What a confidential round tells its respondents.
    pub promise: Option<PromiseView>,
    /// The earlier round that this one repeats.
    #[schema(examples("autumn-2025"))]
    pub baseline: Option<String>,
    /// The counts, once the ballots are opened.
    pub counts: Option<CountsView>,
}

impl From<Round> for RoundView {
    fn from(round: Round) -> Self {
        Self {
            code: round.code,
            organisation: round.organisation,
            questionnaire: round.questionnaire.into(),
            title: round.title,
            mode: round.mode.into(),
            status: round.status.into(),
            opens_at: round.opens_at.map(to_rfc3339),
            closes_at: round.closes_at.map(to_rfc3339),
            groups: round.plan.into_iter().map(GroupPlanView::from).collect(),
            minimums: MinimumsView {
                adults: round.minimums.adults,
                learners: round.minimums.learners,
                wider: round.minimums.wider,
            },
            promise: round.promise.map(|promise| PromiseView {
                keeper: promise.keeper,
                purpose: promise.purpose,
                until: promise.until,
            }),
            baseline: round.baseline,
            counts: round.counts.map(
                |Counts {
                     issued,
                     claimed,
                     ballots,
                     opened,
                 }| CountsView {
                    issued,
                    claimed,
                    ballots,
                    opened,
                },
            ),
        }
    }
}

impl From<GroupPlan> for GroupPlanView {
    fn from(plan: GroupPlan) -> Self {
        Self {
            group: plan.group,
            forms: plan
                .forms
                .into_iter()
                .map(|FormPlan { form, modules }| FormPlanView { form, modules })
                .collect(),
        }
    }
}

/// The modules of a form that are to be asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormPlanRequest {
    /// The form.
    pub form: String,
    /// Codes of its modules; leave it out for the form's default selection.
    pub modules: Option<Vec<String>>,
}

/// What one group is to be asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupPlanRequest {
    /// The group.
    pub group: String,
    /// Its forms, the usual one first; leave it out for all of the questionnaire's forms for the group.
    #[serde(default)]
    pub forms: Vec<FormPlanRequest>,
}

/// A round to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"code": "autumn-2026", "organisation": "community-rivierenland", "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": "Autumn 2026", "nl": "Najaar 2026"}, "mode": "anonymous", "closesAt": "2026-10-31T22:00:00Z", "baseline": "autumn-2025"}))]
pub struct RoundRequest {
    /// Its code, of your own choice: lower-case letters, digits and dashes. It cannot be changed later.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,63}$")]
    pub code: String,
    /// The organisation that runs it; everything below takes part.
    pub organisation: String,
    /// Its questionnaire.
    pub questionnaire: VersionView,
    /// Its title, per language.
    #[schema(value_type = TextByLanguage)]
    pub title: Texts,
    /// What its respondents are promised. It cannot be changed later.
    pub mode: ModeView,
    /// When it opens by itself (RFC 3339); leave it out to open it by hand.
    #[schema(format = DateTime)]
    pub opens_at: Option<String>,
    /// When it closes by itself (RFC 3339); leave it out to close it by hand.
    #[schema(format = DateTime)]
    pub closes_at: Option<String>,
    /// What each group is asked; leave it out for every group that the questionnaire has a form for.
    #[serde(default)]
    pub groups: Vec<GroupPlanRequest>,
    /// Higher minimums than the usual ones.
    #[serde(default)]
    pub minimums: MinimumsView,
    /// What a confidential round tells its respondents.
    pub promise: Option<PromiseView>,
    /// The earlier round that this one repeats.
    pub baseline: Option<String>,
}

impl TryFrom<RoundRequest> for NewRound {
    type Error = Error;

    fn try_from(request: RoundRequest) -> Result<Self, Error> {
        Ok(Self {
            opens_at: moment("/opensAt", request.opens_at)?,
            closes_at: moment("/closesAt", request.closes_at)?,
            code: request.code,
            organisation: request.organisation,
            questionnaire: VersionRef {
                id: request.questionnaire.id,
                version: request.questionnaire.version,
            },
            title: request.title,
            mode: request.mode.into(),
            groups: request
                .groups
                .into_iter()
                .map(|group| NewGroupPlan {
                    group: group.group,
                    forms: group
                        .forms
                        .into_iter()
                        .map(|form| NewFormPlan {
                            form: form.form,
                            modules: form.modules,
                        })
                        .collect(),
                })
                .collect(),
            minimums: Minimums {
                adults: request.minimums.adults,
                learners: request.minimums.learners,
                wider: request.minimums.wider,
            },
            promise: request.promise.map(|promise| Promise {
                keeper: promise.keeper,
                purpose: promise.purpose,
                until: promise.until,
            }),
            baseline: request.baseline,
        })
    }
}

fn moment(pointer: &str, text: Option<String>) -> Result<Option<i64>, Error> {
    text.map(|text| {
        from_rfc3339(&text).ok_or_else(|| {
            Error::invalid(
                pointer,
                "bad_moment",
                format!("“{text}” is not a moment such as 2026-10-31T22:00:00Z."),
            )
        })
    })
    .transpose()
}

/// List the rounds you may see.
///
/// Those run by your organisations, by one above, or by one below.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["rounds:read"])),
    params(PageQuery),
    responses(
        (status = 200, description = "A page of rounds, by the time they open.", body = Page<RoundView>,
         example = json!({"data": [{"code": "autumn-2026", "organisation": "community-rivierenland", "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": "Autumn 2026"}, "mode": "anonymous", "status": "open", "opensAt": "2026-10-01T06:00:00Z", "closesAt": null, "groups": [{"group": "parent", "forms": [{"form": "parent", "modules": ["PED", "SUP", "WEL"]}]}], "minimums": {"adults": null, "learners": null, "wider": null}, "promise": null, "baseline": "autumn-2025", "counts": null}], "meta": {"limit": 100, "nextCursor": null}})),
        ReadingOne,
    )
)]
#[get("/rounds")]
pub async fn list_rounds(
    request: HttpRequest,
    caller: Authenticated,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<RoundView>>, ApiError> {
    let found = round::list(&app(&request)?, &caller.0).await?;
    let page = query.page(found, |one| one.code.clone(), RoundView::from)?;
    Ok(web::Json(page))
}

/// Make a round.
///
/// It begins as a draft. Its questionnaire version, mode and plan are fixed from here on.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["rounds:write"])),
    request_body(content = RoundRequest, description = "The round to be made."),
    responses(
        (status = 201, description = "The round was made.", body = RoundView,
         headers(("Location" = String, description = "Address of the round.")),
         example = json!({"code": "autumn-2026", "organisation": "community-rivierenland", "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": "Autumn 2026"}, "mode": "anonymous", "status": "draft", "opensAt": null, "closesAt": "2026-10-31T22:00:00Z", "groups": [{"group": "parent", "forms": [{"form": "parent", "modules": ["PED", "SUP", "WEL"]}]}], "minimums": {"adults": null, "learners": null, "wider": null}, "promise": null, "baseline": "autumn-2025", "counts": null})),
        Storing,
    )
)]
#[post("/rounds")]
pub async fn create_round(
    request: HttpRequest,
    caller: Authenticated,
    body: web::Json<RoundRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewRound::try_from(body.into_inner())?;
    let made = round::create(&app(&request)?, &caller.0, new).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/api/v1/rounds/{}", made.code)))
        .json(RoundView::from(made)))
}

/// Get a round.
///
/// After closing it carries the counts that anyone may check.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["rounds:read"])),
    params(("round" = String, Path, description = "Code of the round.", example = "autumn-2026")),
    responses(
        (status = 200, description = "The round.", body = RoundView,
         example = json!({"code": "autumn-2025", "organisation": "community-rivierenland", "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": "Autumn 2025"}, "mode": "anonymous", "status": "closed", "opensAt": "2025-10-01T06:00:00Z", "closesAt": "2025-10-31T22:00:00Z", "groups": [{"group": "parent", "forms": [{"form": "parent", "modules": ["PED", "SUP", "WEL"]}]}], "minimums": {"adults": null, "learners": null, "wider": null}, "promise": null, "baseline": null, "counts": {"issued": 600, "claimed": 412, "ballots": 412, "opened": 412}})),
        ReadingOne,
    )
)]
#[get("/rounds/{round}")]
pub async fn get_round(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
) -> Result<web::Json<RoundView>, ApiError> {
    let found = round::find(&app(&request)?, &caller.0, &path).await?;
    Ok(web::Json(found.into()))
}

/// Open a round.
///
/// From here on people can be invited and can answer.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["rounds:write"])),
    params(("round" = String, Path, description = "Code of the round.", example = "autumn-2026")),
    responses(
        (status = 200, description = "The round is open.", body = RoundView,
         example = json!({"code": "autumn-2026", "organisation": "community-rivierenland", "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": "Autumn 2026"}, "mode": "anonymous", "status": "open", "opensAt": "2026-10-01T06:00:00Z", "closesAt": null, "groups": [], "minimums": {"adults": null, "learners": null, "wider": null}, "promise": null, "baseline": null, "counts": null})),
        Storing,
    )
)]
#[post("/rounds/{round}/open")]
pub async fn open_round(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
) -> Result<web::Json<RoundView>, ApiError> {
    let opened = round::open(&app(&request)?, &caller.0, &path).await?;
    Ok(web::Json(opened.into()))
}

/// Close a round.
///
/// Nobody can answer any more; the ballots are opened in an order of their own and counted, and the keys that could tie a ballot to
/// a link are destroyed. This cannot be taken back.
#[utoipa::path(
    tag = "Rounds",
    security(("clientCredentials" = ["rounds:write"])),
    params(("round" = String, Path, description = "Code of the round.", example = "autumn-2026")),
    responses(
        (status = 200, description = "The round is closed and counted.", body = RoundView,
         example = json!({"code": "autumn-2026", "organisation": "community-rivierenland", "questionnaire": {"id": "school-self-review", "version": "1.0.0"}, "title": {"en": "Autumn 2026"}, "mode": "anonymous", "status": "closed", "opensAt": "2026-10-01T06:00:00Z", "closesAt": "2026-10-31T22:00:00Z", "groups": [], "minimums": {"adults": null, "learners": null, "wider": null}, "promise": null, "baseline": null, "counts": {"issued": 600, "claimed": 412, "ballots": 412, "opened": 412}})),
        Storing,
    )
)]
#[post("/rounds/{round}/close")]
pub async fn close_round(
    request: HttpRequest,
    caller: Authenticated,
    path: web::Path<String>,
) -> Result<web::Json<RoundView>, ApiError> {
    let closed = opening::close(&app(&request)?, &caller.0, &path).await?;
    Ok(web::Json(closed.into()))
}
