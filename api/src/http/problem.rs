//! Tells failures as RFC 9457 problem documents: one table from the errors of the domain to HTTP.

use crate::error::{Error, Problem};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong (RFC 9457), sent as `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemDocument {
    /// Names the kind of problem: `urn:klankbord:problem:` and the code.
    #[schema(examples("urn:klankbord:problem:not_found"))]
    pub r#type: String,
    /// The kind of problem in a few words, the same each time.
    #[schema(examples("Not found"))]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(examples(404), minimum = 400, maximum = 599)]
    pub status: u16,
    /// A stable code that a program can act on.
    #[schema(examples("not_found"))]
    pub code: String,
    /// What went wrong this time, and how to mend it.
    #[schema(examples("organisation “school-x” was not found."))]
    pub detail: String,
    /// Every single problem with what was sent; empty where the problem is another.
    pub errors: Vec<ProblemItem>,
}

/// One thing that is wrong with what was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemItem {
    /// RFC 6901 pointer into the document that was sent; for a table, `/line/column`.
    #[schema(examples("/answers/P.PED1a"))]
    pub pointer: String,
    /// A stable code that a program can act on.
    #[schema(examples("out_of_range"))]
    pub code: String,
    /// What is wrong and how to mend it.
    #[schema(examples("Give a whole number from 1 to 5."))]
    pub detail: String,
}

impl From<Problem> for ProblemItem {
    fn from(problem: Problem) -> Self {
        Self {
            pointer: problem.pointer,
            code: problem.code,
            detail: problem.detail,
        }
    }
}

/// A failure on its way out of the API.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Status, code and title of an error.
#[must_use]
pub fn kind(error: &Error) -> (StatusCode, &str, &'static str) {
    match error {
        Error::NotFound { .. } => (StatusCode::NOT_FOUND, "not_found", "Not found"),
        Error::Invalid { problems, .. } if is_unreadable(problems) => (
            StatusCode::BAD_REQUEST,
            "unreadable",
            "The request cannot be read",
        ),
        Error::Invalid { .. } => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "What was sent needs mending",
        ),
        Error::Conflict { code, .. } => (
            StatusCode::CONFLICT,
            code,
            "That does not fit the present state",
        ),
        Error::Unauthenticated { .. } => (
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "Please show who you are",
        ),
        Error::Forbidden { .. } => (StatusCode::FORBIDDEN, "forbidden", "A right is missing"),
        Error::CredentialInvalid => (
            StatusCode::FORBIDDEN,
            "credential_invalid",
            "The credential is not valid here",
        ),
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much at once"),
        Error::Unavailable(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "The database cannot be reached",
        ),
        Error::StorageFull => (
            StatusCode::INSUFFICIENT_STORAGE,
            "storage_full",
            "The disk is full",
        ),
        Error::StorageFailed(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "storage_failed",
            "The disk has failed",
        ),
        Error::Internal(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side",
        ),
    }
}

/// Whether the request could not even be read, as marked by the extractors.
fn is_unreadable(problems: &[Problem]) -> bool {
    matches!(problems, [only] if only.code.starts_with("unreadable"))
}

/// Puts a failure of ours into the log; the caller is told no more than that there was one.
pub fn log(error: &Error) {
    match error {
        Error::Internal(cause) => tracing::error!("a request failed: {cause:?}"),
        Error::Unavailable(cause) => tracing::warn!("the database cannot be reached: {cause:#}"),
        Error::StorageFull => tracing::error!("the disk is full"),
        Error::StorageFailed(cause) => tracing::debug!("the disk has failed: {cause:#}"),
        _ => {}
    }
}

/// The problem document of an error.
#[must_use]
pub fn document(error: &Error) -> ProblemDocument {
    let (status, code, title) = kind(error);
    ProblemDocument {
        r#type: format!("urn:klankbord:problem:{code}"),
        title,
        status: status.as_u16(),
        code: code.to_owned(),
        detail: error.to_string(),
        errors: match error {
            Error::Invalid { problems, .. } => {
                problems.iter().cloned().map(ProblemItem::from).collect()
            }
            _ => Vec::new(),
        },
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        kind(&self.0).0
    }

    fn error_response(&self) -> HttpResponse {
        log(&self.0);
        respond(&self.0)
    }
}

/// The response that tells an error as a problem document.
#[must_use]
pub fn respond(error: &Error) -> HttpResponse {
    let (status, _, _) = kind(error);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    match error {
        Error::Unauthenticated { .. } => {
            response.insert_header((
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"klankbord\""),
            ));
        }
        Error::Busy => {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        Error::Unavailable(_) => {
            response.insert_header((header::RETRY_AFTER, "3"));
        }
        _ => {}
    }
    response
        .content_type("application/problem+json")
        .body(serde_json::to_string(&document(error)).unwrap_or_default())
}

/// The document that tells of a body of more than `limit` bytes.
#[must_use]
pub fn too_large_document(limit: usize) -> ProblemDocument {
    ProblemDocument {
        r#type: "urn:klankbord:problem:too_large".to_owned(),
        title: "The body is too large",
        status: StatusCode::PAYLOAD_TOO_LARGE.as_u16(),
        code: "too_large".to_owned(),
        detail: format!(
            "At most {} KiB are taken. Split what you send.",
            limit / 1024
        ),
        errors: Vec::new(),
    }
}

/// The response to a body of more than `limit` bytes.
#[must_use]
pub fn too_large(limit: usize) -> HttpResponse {
    HttpResponse::build(StatusCode::PAYLOAD_TOO_LARGE)
        .content_type("application/problem+json")
        .body(serde_json::to_string(&too_large_document(limit)).unwrap_or_default())
}

/// The response to a body that did not come within `longest`.
#[must_use]
pub fn too_slow(longest: std::time::Duration) -> HttpResponse {
    let document = ProblemDocument {
        r#type: "urn:klankbord:problem:too_slow".to_owned(),
        title: "The body did not come",
        status: StatusCode::REQUEST_TIMEOUT.as_u16(),
        code: "too_slow".to_owned(),
        detail: format!(
            "The whole body has to come within {} s. Nothing was done; send it again.",
            longest.as_secs()
        ),
        errors: Vec::new(),
    };
    HttpResponse::build(StatusCode::REQUEST_TIMEOUT)
        .content_type("application/problem+json")
        .body(serde_json::to_string(&document).unwrap_or_default())
}

/// The response to a method that an address does not have; `methods` are those it has, as in the header `Allow`.
#[must_use]
pub fn other_method(methods: &str) -> HttpResponse {
    let document = ProblemDocument {
        r#type: "urn:klankbord:problem:method_not_allowed".to_owned(),
        title: "This address has no such method",
        status: StatusCode::METHOD_NOT_ALLOWED.as_u16(),
        code: "method_not_allowed".to_owned(),
        detail: format!("Use one of these methods: {methods}."),
        errors: Vec::new(),
    };
    HttpResponse::build(StatusCode::METHOD_NOT_ALLOWED)
        .insert_header((header::ALLOW, methods))
        .content_type("application/problem+json")
        .body(serde_json::to_string(&document).unwrap_or_default())
}
