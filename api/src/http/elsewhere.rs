//! What is said where no handler is: that the address has no such method, or that nothing has that address.

use super::{guard, pages, problem};
use crate::error::Error;
use actix_web::dev::ResourceDef;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// What is read of the API document: which methods each path has.
#[derive(Deserialize)]
struct Paths {
    paths: BTreeMap<String, Operations>,
}

#[derive(Deserialize)]
struct Operations {
    get: Option<IgnoredAny>,
    post: Option<IgnoredAny>,
    put: Option<IgnoredAny>,
    patch: Option<IgnoredAny>,
    delete: Option<IgnoredAny>,
}

/// The addresses that programs call, each with its methods as the header `Allow` names them.
pub struct Known(Vec<(ResourceDef, String)>);

impl Known {
    /// The addresses of the document that is served, and the one of the document itself.
    ///
    /// # Errors
    /// What is wrong with the document.
    pub fn of_document() -> serde_json::Result<Self> {
        let Paths { paths } = serde_json::from_str(super::document::SERVED)?;
        let mut known: Vec<_> = paths
            .iter()
            .map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)))
            .collect();
        known.push((ResourceDef::new("/openapi.json"), "GET, HEAD".to_owned()));
        Ok(Self(known))
    }

    /// The methods of the address that has this path.
    fn methods(&self, path: &str) -> Option<&str> {
        let mut all = self.0.iter();
        all.find(|(address, _)| address.is_match(path))
            .map(|(_, methods)| methods.as_str())
    }
}

fn methods(item: &Operations) -> String {
    [
        ("GET, HEAD", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ]
    .into_iter()
    .filter_map(|(method, is_there)| is_there.then_some(method))
    .collect::<Vec<_>>()
    .join(", ")
}

/// Told as a problem document to programs and as a page to people.
pub(super) fn answer(request: &HttpRequest, known: &Known) -> HttpResponse {
    if let Some(methods) = known.methods(request.path()) {
        return problem::other_method(methods);
    }
    let error = Error::not_found("page", request.path());
    if guard::is_for_programs(request.path()) {
        return problem::respond(&error);
    }
    pages::failure(request, &error)
}
