//! Those who call the server: programs and people, each as a type.

mod caller;
mod cookies;
mod form;
mod page;
mod people;
mod program;
mod reply;
mod request;
mod soundness;
mod visitor;

pub use caller::{Anonymous, Caller};
pub use form::{Form, Press};
pub use page::Page;
pub use people::{OfficerSession, Respondent};
pub use program::ApiClient;
pub use reply::Reply;
pub use request::Request;
pub use visitor::Visitor;

/// The path (with query and fragment) of a web address; `/` where there is none.
pub(crate) fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    if address.len() == rest.len() && rest.starts_with('/') {
        return rest;
    }
    rest.find('/')
        .and_then(|start| rest.get(start..))
        .unwrap_or("/")
}

#[cfg(test)]
mod tests;
