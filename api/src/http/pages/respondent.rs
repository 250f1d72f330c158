//! The pages behind a personal link: welcome, questions, review, thanks.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use survey_engine::questionnaire::{Language, LanguageChain, ModuleSelection};

use super::reply::{failure, failure_in, form_config, language_of, notice, retry_after, show};
use super::view::{
    AssignmentLine, LanguageChoice, Notice, Page, Promise, ThanksPage, WelcomePage, Words,
};
use super::wizard::{Course, Paper, Posted, Step};
use crate::app::App;
use crate::error::{Error, Result};
use crate::i18n::primary;
use crate::service::respondent::{self, Receipt, Respondent, Task};
use crate::service::round::{Mode, Round, Status};
use crate::service::{Texts, localized};

/// Forms whose id ends in this are shown in larger type and with more air.
const EASY: &str = "-easy";

/// The group whose members are children.
const LEARNERS: &str = "learner";

/// `/s/{token}` and `/survey`.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/s/{token}")
            .route(web::get().to(welcome))
            .route(web::head().to(welcome)),
    );
    cfg.service(
        web::resource("/survey")
            .app_data(form_config())
            .route(web::post().to(answer))
            .route(web::get().to(bare))
            .route(web::head().to(bare)),
    );
}

/// What the address of the welcome page may say.
#[derive(Debug, Default, Deserialize)]
struct Preference {
    language: Option<String>,
}

/// The welcome page. Whoever opens it, and however often, changes nothing.
async fn welcome(
    app: web::Data<App>,
    token: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let preference = web::Query::<Preference>::from_query(request.query_string())
        .map_or_else(|_| None, |q| q.into_inner().language);
    let respondent = match respondent::find(&app, &token).await {
        Ok(respondent) => respondent,
        Err(error) => return failure(&request, &error),
    };
    let chain = chain_for(&respondent, preference.as_deref(), &language_of(&request));
    if let Some(response) = closed(&respondent.round, chain.chosen().as_str(), StatusCode::OK) {
        return response;
    }
    match welcome_page(&respondent, &chain) {
        Ok(page) => show(StatusCode::OK, &page),
        Err(error) => failure(&request, &error),
    }
}

/// The languages to read the questionnaire in: as the address says, else as the person is addressed,
/// else as the browser asks, whichever the questionnaire has first.
fn chain_for(respondent: &Respondent, preference: Option<&str>, browser: &str) -> LanguageChain {
    let questionnaire = &respondent.instrument.questionnaire;
    let wanted = [
        preference.unwrap_or_default(),
        respondent.language.as_str(),
        browser,
    ];
    wanted
        .into_iter()
        .map(|language| (questionnaire.chain(language), language))
        .find(|(chain, language)| primary(chain.chosen().as_str()) == primary(language))
        .map_or_else(
            || questionnaire.chain(&respondent.language),
            |(chain, _)| chain,
        )
}

/// Somebody who opens the bare address of the posted pages has lost the link.
async fn bare(request: HttpRequest) -> HttpResponse {
    notice(StatusCode::OK, &language_of(&request), Notice::Incomplete)
}

/// A page of the questionnaire was posted: show the next one, or take the answers.
async fn answer(
    app: web::Data<App>,
    form: web::Form<Vec<(String, String)>>,
    request: HttpRequest,
) -> HttpResponse {
    let posted = Posted::read(form.into_inner());
    if posted.token.is_empty() {
        return notice(
            StatusCode::BAD_REQUEST,
            &language_of(&request),
            Notice::Incomplete,
        );
    }
    let respondent = match respondent::find(&app, &posted.token).await {
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
    let paper = Paper {
        page: page_for(task, chain.chosen()),
        languages: language_choices(respondent, &chain),
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
            show(status, &paper.section(&course, section, complain, added))
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
            show(status, &paper.review(&course, problem))
        }
        Step::Submit => match respondent::submit(app, respondent, task, course.answers()).await {
            Ok(receipt) => show(
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
    let mut response = show(status, &paper.review(course, Some(paper.page.text(reason))));
    if let Some(seconds) = retry_after(&error) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    Ok(response)
}

/// The short page of a round that takes no answers now.
fn closed(round: &Round, language: &str, status: StatusCode) -> Option<HttpResponse> {
    let reason = match round.status {
        Status::Open => return None,
        Status::Draft => Notice::NotOpenYet {
            opens: round
                .opens_at
                .map(|ms| Page::new(language).translator().date_of_ms(ms)),
        },
        Status::Closing | Status::Closed => Notice::Closed,
    };
    Some(notice(status, language, reason))
}

fn page_for(task: &Task, language: &Language) -> Page {
    Page::new(language.as_str())
        .easy(task.form.ends_with(EASY))
        .informal(task.group == LEARNERS)
}

fn language_choices(respondent: &Respondent, chain: &LanguageChain) -> Vec<LanguageChoice> {
    let tags: Vec<&str> = respondent
        .instrument
        .questionnaire
        .languages()
        .iter()
        .map(Language::as_str)
        .collect();
    LanguageChoice::among(&tags, chain.chosen().as_str())
}

fn welcome_page(respondent: &Respondent, chain: &LanguageChain) -> Result<WelcomePage> {
    let round = &respondent.round;
    let language = chain.chosen().as_str();
    let first = respondent
        .tasks
        .first()
        .ok_or_else(|| Error::not_found("link", "…"))?;
    let page = page_for(first, chain.chosen());
    let (form, _) = respondent.form(first)?;
    let is_one_group = respondent
        .tasks
        .iter()
        .all(|task| task.group == first.group);
    let is_one_form = respondent.tasks.iter().all(|task| task.form == first.form);
    let words = |text: &survey_engine::questionnaire::LocalizedText| {
        Words::new(text.resolve(chain), language)
    };
    Ok(WelcomePage {
        token: respondent.token(),
        language: language.to_owned(),
        organisation: respondent.run_by.clone(),
        round: in_language(&round.title, language),
        group: is_one_group
            .then(|| group_name(&page, &first.group))
            .flatten(),
        introduction: is_one_form.then(|| words(form.introduction())),
        closes: last_day(&page, round),
        promise: promise(&page, round, language),
        assignments: assignments(respondent, chain)?,
        languages: language_choices(respondent, chain),
        page,
    })
}

fn assignments(respondent: &Respondent, chain: &LanguageChain) -> Result<Vec<AssignmentLine>> {
    let line = |task: &Task| {
        let (form, selection): (_, ModuleSelection) = respondent.form(task)?;
        Ok(AssignmentLine {
            id: format!("{}:{}", task.organisation, task.form),
            organisation: task.organisation_name.clone(),
            form: Words::new(form.title().resolve(chain), chain.chosen().as_str()),
            minutes: usize::try_from(form.estimated_minutes(&selection))
                .unwrap_or_default()
                .max(1),
            done: task.done,
            can_replace: true,
        })
    };
    respondent.tasks.iter().map(line).collect()
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
        open,
    })
}

/// The last day on which answers are taken: a round that closes at midnight closes on the day before.
fn last_day(page: &Page, round: &Round) -> Option<String> {
    round
        .closes_at
        .map(|closes| page.translator().date_of_ms(closes.saturating_sub(1)))
}

/// The name of a group that the interface knows.
fn group_name(page: &Page, group: &str) -> Option<String> {
    let known = ["learner", "parent", "staff", "employer"].contains(&group);
    known.then(|| page.text(&format!("group-{group}")))
}

/// A title in the language, or in the one that stands in for it.
fn in_language(texts: &Texts, language: &str) -> Words {
    let text = localized(texts, language);
    let found = texts.iter().find(|(_, other)| other.as_str() == text);
    let is_exact = texts.contains_key(language);
    Words::new(
        text,
        found
            .filter(|_| !is_exact)
            .map_or(language, |(tag, _)| tag.as_str()),
    )
}

fn promise(page: &Page, round: &Round, language: &str) -> Promise {
    match (round.mode, &round.promise) {
        (Mode::Anonymous, _) => Promise::Anonymous,
        (Mode::Confidential, Some(promise)) => Promise::Confidential {
            keeper: localized(&promise.keeper, language).to_owned(),
            purpose: localized(&promise.purpose, language).to_owned(),
            until: promise
                .until
                .parse()
                .map_or_else(|_| promise.until.clone(), |day| page.translator().date(day)),
        },
        // A confidential round cannot be made without its promise; should it lack one, nothing is promised.
        (Mode::Confidential, None) | (Mode::Identified, _) => Promise::Identified,
    }
}
