//! Entity tags: whoever has a document already is told so instead of getting it again.

use actix_web::http::header::{self, ETag, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use utoipa::IntoParams;

/// What the caller holds already, as the document of the API tells of it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct Held {
    /// The `ETag` of the document that you have already.
    #[param(rename = "If-None-Match", value_type = String, required = false)]
    pub entity_tag: Option<String>,
}

/// A JSON document with its entity tag, or 304 for whoever has it already.
#[must_use]
pub fn document(request: &HttpRequest, document: &str, caching: &'static str) -> HttpResponse {
    typed(request, "application/json", document, caching)
}

/// A document of some type with its entity tag, or 304 for whoever has it already.
#[must_use]
pub fn typed(
    request: &HttpRequest,
    content_type: &'static str,
    document: &str,
    caching: &'static str,
) -> HttpResponse {
    let tag = EntityTag::new_strong(digest(document));
    let known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|one| one.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut response = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header(ETag(tag))
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::VARY, "Authorization, Cookie"));
    if known {
        response.finish()
    } else {
        response
            .content_type(content_type)
            .body(document.to_owned())
    }
}

/// The first half of the SHA-256 of a text, as hexadecimal digits.
fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .take(16)
        .fold(String::new(), |mut digits, byte| {
            // Writing to a String cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        })
}
