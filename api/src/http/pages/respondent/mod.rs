//! The pages of those who answer: welcome, questions, review, thanks, and what anyone can check.

mod check;
mod questions;
mod welcome;
mod words;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::reply::{form_config, language_of, notice};
use super::view::{Notice, Page};
use crate::service::round::{Round, Status};

/// `/s/{token}`, `/survey` and `/rounds/{tenant}/{round}`.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/s/{token}")
            .route(web::get().to(welcome::welcome))
            .route(web::head().to(welcome::welcome)),
    );
    cfg.service(
        web::resource("/survey")
            .app_data(form_config())
            .route(web::post().to(questions::answer))
            .route(web::get().to(bare))
            .route(web::head().to(bare)),
    );
    cfg.service(
        web::resource("/rounds/{tenant}/{round}")
            .route(web::get().to(check::check))
            .route(web::head().to(check::check)),
    );
}

/// What the address of a page may say.
#[derive(Debug, Default, Deserialize)]
struct Preference {
    language: Option<String>,
}

impl Preference {
    /// The language that the address names.
    fn of(request: &HttpRequest) -> Option<String> {
        web::Query::<Self>::from_query(request.query_string())
            .map_or_else(|_| None, |query| query.into_inner().language)
    }
}

/// Somebody who opens the bare address of the posted pages has lost the link.
async fn bare(request: HttpRequest) -> HttpResponse {
    notice(StatusCode::OK, &language_of(&request), Notice::Incomplete)
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
