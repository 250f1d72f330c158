//! From page to page through the questions, and taking the answers.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use survey_engine::questionnaire::{Form, LanguageChain, ModuleSelection};

use super::closed;
use super::welcome::assignments;
use super::words::{check_path, language_choices, last_day, page_for};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::pages::reply::{
    failure, failure_on, language_of, notice, notice_in, retry_after, show_respondent,
};
use crate::http::pages::view::{AssignmentLine, Bearer, Notice, Page, ThanksPage};
use crate::http::pages::wizard::{Course, Paper, Posted, Step};
use crate::service::claim::Claim;
use crate::service::definition::Instrument;
use crate::service::respondent::{self, Holder, Receipt, Respondent, Task};
use crate::service::round::{Mode, Round};

/// Who answers: the person behind a link, or somebody with a credential, of whom nothing is known.
enum Answering {
    Known(Box<Respondent>),
    Unknown(Box<Holder>),
}

/// What is answered.
struct Sheet<'a> {
    organisation: &'a str,
    group: &'a str,
    form: &'a Form,
    selection: ModuleSelection,
}

impl Answering {
    /// Whom a posted page names.
    async fn find(app: &App, bearer: &Bearer, posted: &Posted) -> Result<Self> {
        match bearer {
            Bearer::Token(token) => {
                let respondent = respondent::find(app, token).await?;
                Ok(Self::Known(Box::new(respondent)))
            }
            Bearer::Credential(text) => {
                let (organisation, form) = posted.organisation_and_form();
                let (organisation, form) =
                    organisation.zip(form).ok_or(Error::CredentialInvalid)?;
                let holder = respondent::holder(app, text, organisation, form).await?;
                Ok(Self::Unknown(Box::new(holder)))
            }
        }
    }

    fn round(&self) -> &Round {
        match self {
            Self::Known(respondent) => &respondent.round,
            Self::Unknown(holder) => &holder.round,
        }
    }

    fn instrument(&self) -> &Instrument {
        match self {
            Self::Known(respondent) => &respondent.instrument,
            Self::Unknown(holder) => &holder.instrument,
        }
    }

    /// The task that a posted page is about; a credential is for just one.
    fn task(&self, posted: &Posted) -> Result<Option<&Task>> {
        let (organisation, form) = posted.organisation_and_form();
        match self {
            Self::Known(respondent) => respondent.task(organisation, form).map(Some),
            Self::Unknown(_) => Ok(None),
        }
    }

    fn sheet<'a>(&'a self, task: Option<&'a Task>) -> Result<Sheet<'a>> {
        Ok(match (self, task) {
            (Self::Known(respondent), Some(task)) => {
                let (form, selection) = respondent.form(task)?;
                Sheet {
                    organisation: &task.organisation_name,
                    group: &task.group,
                    form,
                    selection,
                }
            }
            (Self::Known(_), None) => return Err(Error::not_found("link", "…")),
            (Self::Unknown(holder), _) => {
                let (form, selection) = holder.form()?;
                Sheet {
                    organisation: &holder.organisation_name,
                    group: &holder.group,
                    form,
                    selection,
                }
            }
        })
    }

    async fn submit(&self, app: &App, task: Option<&Task>, course: &Course<'_>) -> Result<Receipt> {
        match (self, task) {
            (Self::Known(respondent), Some(task)) => {
                respondent::submit(app, respondent, task, course.answers()).await
            }
            (Self::Known(_), None) => Err(Error::not_found("link", "…")),
            (Self::Unknown(holder), _) => holder.submit(app, course.answers()).await,
        }
    }

    /// The frame in which they are spoken to.
    fn page(&self, chain: &LanguageChain) -> Page {
        let known = match self {
            Self::Known(respondent) => respondent
                .tasks
                .first()
                .map(|task| (task.form.as_str(), task.group.as_str())),
            Self::Unknown(holder) => Some((holder.form.as_str(), holder.group.as_str())),
        };
        known.map_or_else(
            || Page::new(chain.chosen().as_str()),
            |(form, group)| page_for(form, group, chain.chosen()),
        )
    }

    /// What the same person is asked besides, as far as it is known who that is.
    fn others(&self, sent: Option<&Task>, chain: &LanguageChain) -> Result<Vec<AssignmentLine>> {
        let (Self::Known(respondent), Some(sent)) = (self, sent) else {
            return Ok(Vec::new());
        };
        let sent = format!("{}:{}", sent.organisation, sent.form);
        Ok(assignments(respondent, chain)?
            .into_iter()
            .filter(|line| !line.done && line.id != sent)
            .collect())
    }
}

/// A page of the questionnaire was posted: show the next one, or take the answers.
pub(super) async fn answer(
    app: web::Data<App>,
    form: web::Form<Vec<(String, String)>>,
    request: HttpRequest,
) -> HttpResponse {
    let posted = Posted::read(form.into_inner());
    let Some(bearer) = &posted.bearer else {
        return notice(
            StatusCode::BAD_REQUEST,
            &language_of(&request),
            Notice::Incomplete,
        );
    };
    let answering = match Answering::find(&app, bearer, &posted).await {
        Ok(answering) => answering,
        Err(error) => return failure(&request, &error),
    };
    let questionnaire = &answering.instrument().questionnaire;
    let chain = questionnaire.chain(&posted.language);
    let page = answering.page(&chain);
    if let Some(response) = closed(answering.round(), &page, StatusCode::CONFLICT) {
        return response;
    }
    match next(&app, &answering, chain, posted).await {
        Ok(response) => response,
        Err(error) => failure_on(page, &error),
    }
}

/// The page that follows the posted one.
async fn next(
    app: &App,
    answering: &Answering,
    chain: LanguageChain,
    posted: Posted,
) -> Result<HttpResponse> {
    let task = answering.task(&posted)?;
    if task.is_some_and(|task| task.claim == Some(Claim::Blind)) {
        // Better told at the first page than after the last.
        let page = answering.page(&chain);
        return Ok(notice_in(
            StatusCode::CONFLICT,
            page,
            Notice::BegunElsewhere,
        ));
    }
    let sheet = answering.sheet(task)?;
    let round = answering.round();
    let page = page_for(sheet.form.id(), sheet.group, chain.chosen());
    let paper = Paper {
        check: check_path(round, &page),
        page,
        languages: language_choices(answering.instrument(), &chain),
        chain,
        organisation: sheet.organisation.to_owned(),
        anonymous: round.mode == Mode::Anonymous,
    };
    let course = Course::new(sheet.form, &sheet.selection, posted);
    Ok(match course.step() {
        Step::Section {
            section,
            complain,
            added,
        } => {
            let status = if complain {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::OK
            };
            show_respondent(status, &paper.section(&course, section, complain, added))
        }
        Step::Review { is_empty } => {
            let (status, problem) = if is_empty {
                (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    Some(paper.page.text("review-empty")),
                )
            } else {
                (StatusCode::OK, None)
            };
            show_respondent(status, &paper.review(&course, problem))
        }
        Step::Submit => match answering.submit(app, task, &course).await {
            Ok(receipt) => show_respondent(
                StatusCode::OK,
                &ThanksPage {
                    page: paper.page.clone(),
                    token: match answering {
                        Answering::Known(respondent) => Some(respondent.token()),
                        Answering::Unknown(_) => None,
                    },
                    language: paper.chain.chosen().as_str().to_owned(),
                    closes: last_day(&paper.page, round),
                    replaced: receipt == Receipt::Replaced,
                    anonymous: paper.anonymous,
                    check: paper.check.clone(),
                    open: answering.others(task, &paper.chain)?,
                    organisation: paper.organisation,
                },
            ),
            Err(error) => not_stored(&paper, &course, error)?,
        },
    })
}

/// The review once more, with all answers, where they could not be stored for a reason that passes.
fn not_stored(paper: &Paper, course: &Course<'_>, error: Error) -> Result<HttpResponse> {
    let reason = match &error {
        Error::Busy => "review-busy",
        Error::Unavailable(_) | Error::StorageFull | Error::StorageFailed(_) => {
            "review-unavailable"
        }
        _ => return Err(error),
    };
    crate::http::problem::log(&error);
    let (status, _, _) = crate::http::problem::kind(&error);
    let mut response =
        show_respondent(status, &paper.review(course, Some(paper.page.text(reason))));
    if let Some(seconds) = retry_after(&error) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    Ok(response)
}
