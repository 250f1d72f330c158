//! How a page is sent, and how a failure looks to a person.

use actix_web::error::{InternalError, UrlencodedError};
use actix_web::http::{StatusCode, header};
use actix_web::web::FormConfig;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::view::{Notice, NoticePage, Page};
use crate::error::Error;
use crate::http::extract::BODY_LIMIT;
use crate::http::{guard, problem};
use crate::i18n;

/// A page with a status. It is not kept by the browser or anything in between.
pub(super) fn show(status: StatusCode, template: &impl Template) -> HttpResponse {
    send(&mut HttpResponse::build(status), template)
}

/// A page of those who answer: it runs scripts of this server, which may talk to this server.
pub(super) fn show_respondent(status: StatusCode, template: &impl Template) -> HttpResponse {
    let policy = guard::CONTENT_SECURITY_POLICY_OF_RESPONDENTS;
    send(
        HttpResponse::build(status).insert_header((header::CONTENT_SECURITY_POLICY, policy)),
        template,
    )
}

/// A page of officers. Their browser says where their forms come from; that of a respondent does not.
pub(super) fn show_officer(status: StatusCode, template: &impl Template) -> HttpResponse {
    send(
        HttpResponse::build(status).insert_header((header::REFERRER_POLICY, "same-origin")),
        template,
    )
}

fn send(response: &mut HttpResponseBuilder, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => response
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(error) => {
            tracing::error!("a page could not be made: {error}");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// On to another page, by GET.
pub(super) fn redirect(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to))
        .finish()
}

/// A short page.
pub(super) fn notice(status: StatusCode, language: &str, notice: Notice) -> HttpResponse {
    notice_in(status, Page::new(language), notice)
}

/// A short page in the frame of somebody who is known: in the words that one uses to them.
pub(super) fn notice_in(status: StatusCode, page: Page, notice: Notice) -> HttpResponse {
    show(
        status,
        &NoticePage {
            page,
            notice,
            reference: None,
        },
    )
}

/// The language of the interface that a browser asks for.
#[must_use]
pub fn language_of(request: &HttpRequest) -> String {
    let header = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    i18n::best_match(header.unwrap_or_default(), i18n::shipped())
}

/// How posted forms are read; one that cannot be read is told as a page.
pub(super) fn form_config() -> FormConfig {
    FormConfig::default()
        .limit(BODY_LIMIT)
        .error_handler(|error, request| {
            let language = language_of(request);
            let response = match error {
                UrlencodedError::Overflow { .. } => {
                    notice(StatusCode::PAYLOAD_TOO_LARGE, &language, Notice::TooLarge)
                }
                _ => notice(StatusCode::BAD_REQUEST, &language, Notice::Incomplete),
            };
            InternalError::from_response(error, response).into()
        })
}

/// The page for somebody whose form did not come in time.
#[must_use]
pub fn too_slow(language: &str) -> HttpResponse {
    notice(StatusCode::REQUEST_TIMEOUT, language, Notice::Incomplete)
}

/// A failure as a page, in the language that the browser asks for.
#[must_use]
pub fn failure(request: &HttpRequest, error: &Error) -> HttpResponse {
    failure_in(&language_of(request), error)
}

/// A failure as a page in a language.
#[must_use]
pub fn failure_in(language: &str, error: &Error) -> HttpResponse {
    failure_on(Page::new(language), error)
}

/// A failure in the frame of somebody who is known.
pub(super) fn failure_on(page: Page, error: &Error) -> HttpResponse {
    problem::log(error);
    let (status, _, _) = problem::kind(error);
    let mut response = notice_in(status, page, notice_of(error));
    if let Some(seconds) = retry_after(error) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

/// After how many seconds it makes sense to try again.
pub(super) fn retry_after(error: &Error) -> Option<header::HeaderValue> {
    match error {
        Error::Busy => Some(header::HeaderValue::from_static("1")),
        Error::Unavailable(_) => Some(header::HeaderValue::from_static("3")),
        _ => None,
    }
}

fn notice_of(error: &Error) -> Notice {
    match error {
        Error::NotFound { what: "link", .. } => Notice::UnknownLink,
        Error::NotFound {
            what: "set-up link",
            ..
        } => Notice::SetupUsed,
        Error::NotFound { .. } => Notice::NotFound,
        Error::Conflict {
            code: "round_closed",
            ..
        } => Notice::Closed,
        Error::Conflict {
            code: "round_not_open",
            ..
        } => Notice::NotOpenYet { opens: None },
        Error::Conflict {
            code: "already_claimed" | "claimed_on_a_device",
            ..
        } => Notice::BegunElsewhere,
        Error::CredentialInvalid => Notice::WrongCredential,
        Error::Invalid { .. } | Error::Conflict { .. } => Notice::Incomplete,
        Error::Unauthenticated { .. } | Error::Forbidden { .. } => Notice::Forbidden,
        Error::Busy => Notice::Busy,
        Error::Unavailable(_) | Error::StorageFailed(_) => Notice::Unavailable,
        Error::StorageFull => Notice::Full,
        Error::Internal(_) => Notice::Failed,
    }
}
