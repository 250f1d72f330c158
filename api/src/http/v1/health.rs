//! Whether the process lives, and whether it can work.

use crate::error::Error;
use crate::http::extract::app;
use crate::http::problem::ApiError;
use crate::service::account;
use actix_web::{HttpRequest, get, web};
use serde::Serialize;
use utoipa::ToSchema;

/// How the process is.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthView {
    /// `ok`.
    #[schema(examples("ok"))]
    pub status: &'static str,
    /// The version of Klankbord.
    #[schema(examples("0.1.0"))]
    pub version: &'static str,
}

const OK: HealthView = HealthView {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
};

/// Ask whether the process lives.
///
/// Touches nothing but the process itself.
#[utoipa::path(
    tag = "Operation",
    security(()),
    responses(
        (status = 200, description = "It lives.", body = HealthView, example = json!({"status": "ok", "version": "0.1.0"})),
        super::failures::Reading,
    )
)]
#[get("/health/live")]
pub async fn get_liveness() -> web::Json<HealthView> {
    web::Json(OK)
}

/// Ask whether the process can work.
///
/// Reads from the database, and remembers whether the disk has failed. Not ready, or about to stop, is 503.
#[utoipa::path(
    tag = "Operation",
    security(()),
    responses(
        (status = 200, description = "It can work.", body = HealthView, example = json!({"status": "ok", "version": "0.1.0"})),
        super::failures::Reading,
    )
)]
#[get("/health/ready")]
pub async fn get_readiness(request: HttpRequest) -> Result<web::Json<HealthView>, ApiError> {
    let app = app(&request)?;
    if app.traffic.is_ending() {
        let cause = anyhow::anyhow!("the server is about to stop");
        return Err(Error::Unavailable(cause).into());
    }
    account::check_stores(&app)
        .await
        .map_err(|error| match error {
            Error::Unavailable(_) | Error::Busy | Error::StorageFull | Error::StorageFailed(_) => {
                error
            }
            other => Error::Unavailable(anyhow::Error::new(other)),
        })?;
    Ok(web::Json(OK))
}
