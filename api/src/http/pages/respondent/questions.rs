//! From page to page through the questions, and taking the answers.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use survey_engine::questionnaire::LanguageChain;

use super::closed;
use super::welcome::assignments;
use super::words::{check_path, language_choices, last_day, page_for};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::pages::reply::{
    failure, failure_in, language_of, notice, retry_after, show_respondent,
};
use crate::http::pages::view::{Bearer, Notice, ThanksPage};
use crate::http::pages::wizard::{Course, Paper, Posted, Step};
use crate::service::respondent::{self, Receipt, Respondent, Task};
use crate::service::round::Mode;

/// A page of the questionnaire was posted: show the next one, or take the answers.
pub(super) async fn answer(
    app: web::Data<App>,
    form: web::Form<Vec<(String, String)>>,
    request: HttpRequest,
) -> HttpResponse {
    let posted = Posted::read(form.into_inner());
    let token = match &posted.bearer {
        Some(Bearer::Token(token)) => token.clone(),
        _ => {
            return notice(
                StatusCode::BAD_REQUEST,
                &language_of(&request),
                Notice::Incomplete,
            );
        }
    };
    let respondent = match respondent::find(&app, &token).await {
        Ok(respondent) => respondent,
        Err(error) => return failure(&request, &error),
    };
    let chain = respondent.instrument.questionnaire.chain(&posted.language);
    let language = chain.chosen().as_str().to_owned();
    if let Some(response) = closed(&respondent.round, &language, StatusCode::CONFLICT) {
        return response;
    }
    match next(&app, &respondent, chain, posted).await {
        Ok(response) => response,
        Err(error) => failure_in(&language, &error),
    }
}

/// The page that follows the posted one.
async fn next(
    app: &App,
    respondent: &Respondent,
    chain: LanguageChain,
    posted: Posted,
) -> Result<HttpResponse> {
    let (organisation, form) = posted.organisation_and_form();
    let task = respondent.task(organisation, form)?;
    let (form, selection) = respondent.form(task)?;
    let page = page_for(&task.form, &task.group, chain.chosen());
    let paper = Paper {
        check: check_path(&respondent.round, page.language()),
        page,
        languages: language_choices(&respondent.instrument, &chain),
        chain,
        organisation: task.organisation_name.clone(),
        anonymous: respondent.round.mode == Mode::Anonymous,
    };
    let course = Course::new(form, &selection, posted);
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
        Step::Submit => match respondent::submit(app, respondent, task, course.answers()).await {
            Ok(receipt) => show_respondent(
                StatusCode::OK,
                &thanks_page(respondent, task, &paper, receipt)?,
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

fn thanks_page(
    respondent: &Respondent,
    sent: &Task,
    paper: &Paper,
    receipt: Receipt,
) -> Result<ThanksPage> {
    let sent = format!("{}:{}", sent.organisation, sent.form);
    let open = assignments(respondent, &paper.chain)?
        .into_iter()
        .filter(|line| !line.done && line.id != sent)
        .collect();
    Ok(ThanksPage {
        page: paper.page.clone(),
        token: respondent.token(),
        language: paper.chain.chosen().as_str().to_owned(),
        organisation: paper.organisation.clone(),
        closes: last_day(&paper.page, &respondent.round),
        replaced: receipt == Receipt::Replaced,
        anonymous: paper.anonymous,
        check: paper.check.clone(),
        open,
    })
}
