//! The one route tree: the JSON API, the pages, the reference. Handlers take a proof of who calls, call one service, and show
//! what it returns.

pub mod cache;
mod document;
mod elsewhere;
pub mod extract;
pub mod guard;
pub mod pages;
pub mod problem;
pub mod span;
pub mod v1;

pub use document::openapi;
pub use elsewhere::Known;

use crate::app::App;
use actix_web::{HttpRequest, HttpResponse, web};
use std::sync::Arc;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Everything that is served, for one worker.
pub fn configure(config: &mut web::ServiceConfig, app: &App, known: &Arc<Known>) {
    let known = Arc::clone(known);
    config
        .app_data(web::Data::new(app.clone()))
        .app_data(extract::json_config())
        .app_data(extract::query_config())
        .app_data(extract::path_config())
        .app_data(web::FormConfig::default().limit(extract::BODY_LIMIT))
        .app_data(web::PayloadConfig::new(extract::BODY_LIMIT))
        .configure(v1::configure)
        .route(
            "/openapi.json",
            web::get().to(async |request: HttpRequest| {
                cache::document(&request, document::SERVED, "public, no-cache")
            }),
        )
        .route("/docs", web::get().to(to_docs))
        .service(
            SwaggerUi::new("/docs/{_:.*}").config(
                Config::new(["/openapi.json"])
                    .validator_url("none")
                    .try_it_out_enabled(true)
                    .deep_linking(true),
            ),
        )
        .configure(pages::configure)
        .default_service(web::to(move |request: HttpRequest| {
            let answer = elsewhere::answer(&request, &known);
            async move { answer }
        }));
}

async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header(("Location", "/docs/"))
        .finish()
}
