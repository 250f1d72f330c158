//! The pages of those who answer: welcome, questions, review, thanks, and what anyone can check.

mod check;
mod questions;
mod welcome;
mod words;

pub(super) use words::is_informal;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::reply::{form_config, language_of, notice_in, show_respondent};
use super::view::{BarePage, Notice, Page};
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
    /// `informal` for the words that one uses to children.
    words: Option<String>,
}

impl Preference {
    /// What the address of a request says.
    fn of(request: &HttpRequest) -> Self {
        web::Query::<Self>::from_query(request.query_string())
            .map_or_else(|_| Self::default(), web::Query::into_inner)
    }

    /// The frame of a page that speaks as the address says, or else in the language that the browser asks for.
    fn page(self, request: &HttpRequest) -> Page {
        let language = self.language.unwrap_or_else(|| language_of(request));
        Page::new(&language).informal(self.words.as_deref() == Some("informal"))
    }
}

/// The bare address of the posted pages: where a browser with scripts comes when it goes back to one of them or asks for it
/// again. The page finds the answers on the device; anybody else who comes here has lost the link.
async fn bare(request: HttpRequest) -> HttpResponse {
    let page = Preference::of(&request).page(&request);
    show_respondent(StatusCode::OK, &BarePage { page })
}

/// The short page of a round that takes no answers now.
fn closed(round: &Round, page: &Page, status: StatusCode) -> Option<HttpResponse> {
    let reason = match round.status {
        Status::Open => return None,
        Status::Draft => Notice::NotOpenYet {
            opens: round.opens_at.map(|ms| page.translator().date_of_ms(ms)),
        },
        Status::Closing | Status::Closed => Notice::Closed,
    };
    Some(notice_in(status, page.clone(), reason))
}
