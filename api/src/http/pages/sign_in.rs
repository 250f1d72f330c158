//! Signing in and out.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::reply::{failure, form_config, language_of, redirect, show_officer};
use super::same_site::is_same_site;
use super::view::{Page, SignInPage};
use crate::app::App;
use crate::error::Error;
use crate::http::extract::{session_cookie, signed_in};
use crate::service::account::{self, NewSession};

/// `/sign-in` and `/sign-out`.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/sign-in")
            .app_data(form_config())
            .route(web::get().to(ask))
            .route(web::head().to(ask))
            .route(web::post().to(sign_in)),
    );
    cfg.service(
        web::resource("/sign-out")
            .route(web::post().to(sign_out))
            .route(web::get().to(async || redirect("/"))),
    );
}

#[derive(Debug, Default, Deserialize)]
struct Arrival {
    next: Option<String>,
    #[serde(rename = "signed-out")]
    signed_out: Option<String>,
}

#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// A path of this server, or the overview.
fn local(next: &str) -> &str {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && next
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_local { next } else { "/" }
}

async fn ask(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let arrival = web::Query::<Arrival>::from_query(request.query_string())
        .map_or_else(|_| Arrival::default(), web::Query::into_inner);
    let next = arrival.next.unwrap_or_default();
    if signed_in(&request, &app).await.is_ok() {
        return redirect(local(&next));
    }
    let page = SignInPage {
        page: Page::new(&language_of(&request)),
        email: String::new(),
        failed: false,
        signed_out: arrival.signed_out.is_some(),
        next: local(&next).to_owned(),
    };
    show_officer(StatusCode::OK, &page)
}

async fn sign_in(
    app: web::Data<App>,
    credentials: web::Form<Credentials>,
    request: HttpRequest,
) -> HttpResponse {
    if !is_same_site(&request, &app.base_url) {
        return failure(&request, &foreign());
    }
    match account::sign_in(&app, &credentials.email, &credentials.password).await {
        Ok(session) => begin(&app, &session, local(&credentials.next)),
        Err(Error::Unauthenticated { .. }) => {
            let page = SignInPage {
                page: Page::new(&language_of(&request)),
                email: credentials.email.clone(),
                failed: true,
                signed_out: false,
                next: local(&credentials.next).to_owned(),
            };
            show_officer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => failure(&request, &error),
    }
}

async fn sign_out(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    if !is_same_site(&request, &app.base_url) {
        return failure(&request, &foreign());
    }
    let name = session_cookie(&app.base_url);
    if let Some(cookie) = request.cookie(&name)
        && let Err(error) = account::sign_out(&app, cookie.value()).await
    {
        return failure(&request, &error);
    }
    let mut response = redirect("/sign-in?signed-out=yes");
    let mut cookie = cookie(&app, String::new());
    cookie.make_removal();
    set(&mut response, &cookie);
    response
}

/// The failure of a form that another site posted.
pub(super) fn foreign() -> Error {
    Error::Forbidden {
        detail: "This form was sent from another site.".to_owned(),
    }
}

/// Gives the browser its session and sends it on.
pub(super) fn begin(app: &App, session: &NewSession, next: &str) -> HttpResponse {
    let mut response = redirect(next);
    let mut cookie = cookie(app, session.token.to_text());
    cookie.set_max_age(Duration::seconds(session.seconds));
    set(&mut response, &cookie);
    response
}

fn cookie(app: &App, value: String) -> Cookie<'static> {
    Cookie::build(session_cookie(&app.base_url), value)
        .path("/")
        .http_only(true)
        .secure(app.base_url.starts_with("https://"))
        .same_site(SameSite::Lax)
        .finish()
}

fn set(response: &mut HttpResponse, cookie: &Cookie<'_>) {
    if let Err(error) = response.add_cookie(cookie) {
        tracing::error!("a cookie could not be set: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_only_to_pages_of_this_server() {
        assert_eq!(
            local("/organisations/a?round=b"),
            "/organisations/a?round=b"
        );
        for elsewhere in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\r\nb",
            "javascript:1",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
