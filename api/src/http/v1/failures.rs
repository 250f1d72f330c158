//! The failures that operations document, each with an example.

use crate::error::{Error, Problem};
use crate::http::problem::document;
use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{
    Content, Header, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder,
};

fn responses(
    of: impl IntoIterator<Item = (&'static str, Error)>,
) -> BTreeMap<String, RefOr<Response>> {
    of.into_iter()
        .map(|(description, error)| {
            let example = document(&error);
            let status = example.status.to_string();
            let mut content = Content::new(Some(Ref::from_schema_name("ProblemDocument")));
            content.example = serde_json::to_value(example).ok();
            let mut response = ResponseBuilder::new()
                .description(description)
                .content("application/problem+json", content);
            if matches!(error, Error::Busy | Error::Unavailable(_)) {
                response = response.header("Retry-After", seconds_to_wait());
            }
            (status, RefOr::T(response.build()))
        })
        .collect()
}

fn seconds_to_wait() -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
        .description(Some("Seconds after which to try again."))
        .build()
}

fn unauthenticated() -> (&'static str, Error) {
    (
        "Nobody has shown who they are, or the access token is not valid any more.",
        Error::Unauthenticated {
            detail:
                "Send an access token: get one from /oauth/token with your client's id and secret."
                    .to_owned(),
        },
    )
}

fn unavailable() -> (&'static str, Error) {
    (
        "Too busy, or the database cannot be reached. Nothing was done; try again after `Retry-After` seconds.",
        Error::Busy,
    )
}

fn internal() -> (&'static str, Error) {
    (
        "Something went wrong on our side.",
        Error::Internal(anyhow::anyhow!("")),
    )
}

fn forbidden() -> (&'static str, Error) {
    (
        "The access token lacks a right.",
        Error::Forbidden {
            detail: "This needs the right “rounds:write”. Ask for it with the access token, or ask an administrator to grant it."
                .to_owned(),
        },
    )
}

fn not_found() -> (&'static str, Error) {
    (
        "It does not exist, or you may not know that it does.",
        Error::not_found("round", "autumn-2026"),
    )
}

fn unreadable() -> (&'static str, Error) {
    (
        "The request cannot be read.",
        Error::Invalid {
            summary: "The body cannot be read: unknown field `titel`, expected `title` at line 1 column 9."
                .to_owned(),
            problems: vec![Problem::new(
                "",
                "unreadable_json",
                "The body cannot be read: unknown field `titel`, expected `title` at line 1 column 9.",
            )],
        },
    )
}

fn invalid() -> (&'static str, Error) {
    (
        "What was sent needs mending; every problem is listed.",
        Error::Invalid {
            summary: "What was sent needs mending.".to_owned(),
            problems: vec![Problem::new(
                "/title/nl",
                "bad_text",
                "Use 1 to 200 characters on one line.",
            )],
        },
    )
}

fn storage_full() -> (&'static str, Error) {
    ("The disk is full. Nothing was stored.", Error::StorageFull)
}

/// Failures of every operation that reads.
pub struct Reading;

impl IntoResponses for Reading {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([unauthenticated(), forbidden(), unavailable(), internal()])
    }
}

/// Failures of every operation that reads one thing, or a list with a query.
pub struct ReadingOne;

impl IntoResponses for ReadingOne {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([
            unreadable(),
            unauthenticated(),
            forbidden(),
            not_found(),
            unavailable(),
            internal(),
        ])
    }
}

/// Failures of an operation that checks or reads with a wish that may not fit.
pub struct Checking;

impl IntoResponses for Checking {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([
            unreadable(),
            unauthenticated(),
            forbidden(),
            not_found(),
            invalid(),
            unavailable(),
            internal(),
        ])
    }
}

/// Failures of an operation that checks a document that is sent.
pub struct CheckingDocument;

impl IntoResponses for CheckingDocument {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Checking::responses();
        all.extend(too_large());
        all
    }
}

/// Failures of every operation that stores something.
pub struct Storing;

impl IntoResponses for Storing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = responses([
            unreadable(),
            unauthenticated(),
            forbidden(),
            not_found(),
            (
                "It does not fit the present state.",
                Error::conflict(
                    "already_exists",
                    "The round “autumn-2026” exists already. Choose another name, or another version, for this one.",
                ),
            ),
            invalid(),
            unavailable(),
            storage_full(),
            internal(),
        ]);
        all.extend(too_large());
        all
    }
}

/// Failures of an operation to which the link itself is the login.
pub struct Claiming;

impl IntoResponses for Claiming {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = responses([
            unreadable(),
            ("The token is not known.", Error::not_found("link", "…")),
            (
                "It does not fit the present state.",
                Error::conflict(
                    "already_claimed",
                    "This form was claimed before: on another device, which has a code to go on with, or by answers that came through the link itself.",
                ),
            ),
            invalid(),
            unavailable(),
            storage_full(),
            internal(),
        ]);
        all.extend(too_large());
        all
    }
}

/// Failures of an operation to which a credential is shown.
pub struct Showing;

impl IntoResponses for Showing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Claiming::responses();
        all.extend(responses([
            (
                "The credential is not valid, or not for this.",
                Error::CredentialInvalid,
            ),
            ("There is none.", Error::not_found("draft", "…")),
            (
                "It does not fit the present state.",
                Error::conflict(
                    "round_closed",
                    "This round is closed; answers can no longer be taken.",
                ),
            ),
        ]));
        all
    }
}

fn too_large() -> BTreeMap<String, RefOr<Response>> {
    let mut content = Content::new(Some(Ref::from_schema_name("ProblemDocument")));
    content.example = serde_json::to_value(crate::http::problem::too_large_document(
        crate::http::extract::BODY_LIMIT,
    ))
    .ok();
    let response = ResponseBuilder::new()
        .description("The body is too large.")
        .content("application/problem+json", content)
        .build();
    BTreeMap::from([("413".to_owned(), RefOr::T(response))])
}
