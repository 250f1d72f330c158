//! What holds for every request and response: headers that keep a browser safe, a limit on how long a body or its work may take,
//! and a clean end of every connection before the process ends.

mod body;

use super::problem;
use crate::app::App;
use crate::error::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::web;
use std::time::Duration;

/// Time in which a request has to be read and answered.
const LONGEST: Duration = Duration::from_secs(30);

/// Time for the operations that work through whole tables or mailboxes.
const LONGEST_FOR_BULK: Duration = Duration::from_mins(10);

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Pages of respondents run scripts of their own, from this server, which talk to nobody else.
pub const CONTENT_SECURITY_POLICY_OF_RESPONDENTS: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The reference runs a script of its own, from this server.
const CONTENT_SECURITY_POLICY_OF_DOCS: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

/// Whether an address is one that programs call.
#[must_use]
pub fn is_for_programs(path: &str) -> bool {
    [
        "/api/",
        "/oauth/",
        "/.well-known/",
        "/health/",
        "/openapi.json",
    ]
    .iter()
    .any(|prefix| path.starts_with(prefix))
}

/// Sets the headers that hold for every response, and lets connections end where the process is about to. A header that a handler has
/// set stays.
///
/// To programs and in the reference, HEAD is answered as GET; the body is left out when the response is sent. Pages see to it
/// themselves.
pub async fn headers(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let policy = if request.path().starts_with("/docs") {
        CONTENT_SECURITY_POLICY_OF_DOCS
    } else {
        CONTENT_SECURITY_POLICY
    };
    if *request.method() == Method::HEAD
        && (is_for_programs(request.path()) || request.path().starts_with("/docs"))
    {
        request.head_mut().method = Method::GET;
    }
    let app = request
        .app_data::<web::Data<App>>()
        .map(|app| App::clone(app));
    let counted = app.as_ref().map(App::begin_request);
    let answered = next.call(request).await;
    drop(counted);
    let mut response = match answered {
        Ok(response) => response,
        Err(error) => {
            let mut response = error.error_response();
            add_headers(response.headers_mut(), policy);
            return Err(InternalError::from_response(error, response).into());
        }
    };
    add_headers(response.headers_mut(), policy);
    if app.is_some_and(|app| app.traffic.is_ending()) {
        response
            .response_mut()
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    Ok(response)
}

fn add_headers(headers: &mut HeaderMap, policy: &'static str) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// Gives up on a request whose body or work takes too long: 408 where the body has not come, 503 where the work is not done.
pub async fn time_limit(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let path = request.path();
    let longest = if path.ends_with("/roster")
        || path.ends_with("/close")
        || path.ends_with("/invitations")
    {
        LONGEST_FOR_BULK
    } else {
        LONGEST
    };
    // Taken beforehand: the request itself may not be held on to while it is being routed.
    let programs = is_for_programs(path);
    let language = super::pages::language_of(request.request());
    let body = body::watch(&mut request);
    if let Ok(response) = tokio::time::timeout(longest, next.call(request)).await {
        return response;
    }
    let mut response = match (body.has_come(), programs) {
        (true, true) => problem::respond(&Error::Busy),
        (true, false) => super::pages::failure_in(&language, &Error::Busy),
        (false, true) => problem::too_slow(longest),
        (false, false) => super::pages::too_slow(&language),
    };
    // What is still on its way would be taken for the next request.
    response
        .head_mut()
        .set_connection_type(ConnectionType::Close);
    Err(InternalError::from_response("the request took too long", response).into())
}
