//! No more mails: a page that asks, and the one click of mail programs (RFC 8058).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::reply::{failure, show};
use super::respondent::is_informal;
use super::view::{Page, UnsubscribePage};
use crate::app::App;
use crate::error::Result;
use crate::service::respondent::{self, Respondent};

/// `/unsubscribe/{token}`.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/unsubscribe/{token}")
            .route(web::get().to(ask))
            .route(web::head().to(ask))
            .route(web::post().to(unsubscribe)),
    );
}

/// The question. Opening it changes nothing: mail scanners open every link.
async fn ask(app: web::Data<App>, token: web::Path<String>, request: HttpRequest) -> HttpResponse {
    let wants = async {
        let respondent = respondent::find(&app, &token).await?;
        let wants_mail = respondent::wants_mail(&app, &respondent).await?;
        Ok(page(&respondent, !wants_mail))
    };
    answer(&request, wants.await)
}

/// Mail programs post `List-Unsubscribe=One-Click`, in either encoding of forms; our page posts an empty form,
/// or `mail=yes` by the button that takes it back.
async fn unsubscribe(
    app: web::Data<App>,
    token: web::Path<String>,
    body: web::Bytes,
    request: HttpRequest,
) -> HttpResponse {
    let wants_mail = body.as_ref() == b"mail=yes";
    let done = async {
        let respondent = respondent::find(&app, &token).await?;
        respondent::set_wants_mail(&app, &respondent, wants_mail).await?;
        Ok(page(&respondent, !wants_mail))
    };
    answer(&request, done.await)
}

fn page(respondent: &Respondent, done: bool) -> UnsubscribePage {
    let mut groups = respondent.tasks.iter().map(|task| task.group.as_str());
    UnsubscribePage {
        page: Page::new(&respondent.language).informal(groups.next().is_some_and(is_informal)),
        token: respondent.token(),
        organisation: respondent.run_by.clone(),
        done,
    }
}

fn answer(request: &HttpRequest, page: Result<UnsubscribePage>) -> HttpResponse {
    match page {
        Ok(page) => show(StatusCode::OK, &page),
        Err(error) => failure(request, &error),
    }
}
