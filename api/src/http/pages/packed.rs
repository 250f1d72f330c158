//! Bodies that come compressed.

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;

use serde_json::json;

use super::reply::failure;
use crate::error::Error;
use crate::http::{guard, problem};

/// Refuses a compressed body: two kilobytes unfold into two gigabytes before any limit on the size is seen. No form of a browser is
/// compressed.
pub async fn refuse_packed(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let encoding = request.headers().get(header::CONTENT_ENCODING);
    let is_plain =
        encoding.is_none_or(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if is_plain {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let detail = "Send the body as it is, without Content-Encoding.";
    let error = Error::invalid("", "unreadable_encoding", detail.to_owned());
    let response = if request.path().starts_with("/api/") {
        problem::respond(&error)
    } else if guard::is_for_programs(request.path()) {
        // In the way of the token endpoint (RFC 6749, section 5.2).
        HttpResponse::BadRequest()
            .json(json!({"error": "invalid_request", "error_description": detail}))
    } else {
        failure(request.request(), &error)
    };
    Ok(request.into_response(response).map_into_right_body())
}
