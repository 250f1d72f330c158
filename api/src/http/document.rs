//! The head of the OpenAPI document; its paths and schemas are collected from the handlers.

use crate::auth::Scope;
use utoipa::openapi::security::{
    ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
    ServerBuilder,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_actix_web::AppExt;

const DESCRIPTION: &str = "Klankbord asks learners, parents, staff and employers about their school, and turns the answers into \
quality indicators that are statistically honest and never expose a small group.\n\n\
Ask `/oauth/token` for an access token with your client's id and secret, and send it as `Authorization: Bearer`. \
Names are plural nouns, fields are camelCase, fields that are not known are refused. \
Failures are RFC 9457 problem documents with a stable `code`. Lists come in pages: follow `meta.nextCursor`. \
Documents carry an `ETag`; send it back as `If-None-Match`.";

/// The document as it is served: `klankbord openapi` has written it. Made anew at every start it would take more memory than all else
/// that an idle server keeps.
pub(super) const SERVED: &str = include_str!("../../../openapi/openapi.json");

/// The OpenAPI document of everything the API offers, made from the handlers.
#[must_use]
pub fn openapi() -> OpenApi {
    let (_, mut collected) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(head())
        .configure(super::v1::describe)
        .split_for_parts();
    // Problem documents are named by the failures, which the collection does not look into.
    let components = collected.components.get_or_insert_default();
    let mut problems = Vec::new();
    super::problem::ProblemDocument::schemas(&mut problems);
    problems.push((
        "ProblemDocument".to_owned(),
        super::problem::ProblemDocument::schema(),
    ));
    components.schemas.extend(problems);
    collected
}

fn head() -> OpenApi {
    let scopes = Scope::ALL.map(|scope| (scope.as_str(), scope.description()));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Klankbord")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(DESCRIPTION))
                .contact(Some(ContactBuilder::new().name(Some("Klankbord")).build()))
                .license(Some(
                    LicenseBuilder::new()
                        .name("Apache-2.0 OR MIT")
                        .identifier(Some("Apache-2.0 OR MIT"))
                        .build(),
                ))
                .build(),
        )
        .servers(Some([ServerBuilder::new()
            .url("/")
            .description(Some("This server"))
            .build()]))
        .tags(Some(
            [
                (
                    "Indicators",
                    "What groups say about their school, for those who work on its quality.",
                ),
                (
                    "Answers",
                    "Forms to show and answers to send, for school apps.",
                ),
                ("Rounds", "Runs of a questionnaire: made, opened, closed."),
                ("People", "Who is asked."),
                (
                    "Questionnaires",
                    "Frameworks of indicators and the questionnaires that measure them.",
                ),
                (
                    "Organisations",
                    "The tree of organisations and the groups of stakeholders.",
                ),
                ("Access", "Access tokens for clients."),
                ("Operation", "For those who run the server."),
            ]
            .map(|(name, description)| {
                TagBuilder::new()
                    .name(name)
                    .description(Some(description))
                    .build()
            }),
        ))
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme(
                    "clientCredentials",
                    SecurityScheme::OAuth2(OAuth2::with_description(
                        [Flow::ClientCredentials(ClientCredentials::new(
                            "/oauth/token",
                            Scopes::from_iter(scopes),
                        ))],
                        "OAuth 2 client credentials. Tokens last ten minutes.",
                    )),
                )
                .security_scheme(
                    "clientSecret",
                    SecurityScheme::Http(Http::new(HttpAuthScheme::Basic)),
                )
                .build(),
        ))
        .build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Names of the types in a folder that become schemas, in the order in which they are found.
    fn schemas(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(schemas(&path));
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let mut lines = text.lines();
            while let Some(line) = lines.next() {
                if !(line.starts_with("#[derive(") && line.contains("ToSchema")) {
                    continue;
                }
                let declared = lines.find_map(|line| {
                    let rest = line.strip_prefix("pub ")?;
                    let rest = rest
                        .strip_prefix("struct ")
                        .or_else(|| rest.strip_prefix("enum "))?;
                    rest.split(|c: char| !c.is_alphanumeric()).next()
                });
                found.extend(declared.map(str::to_owned));
            }
        }
        found
    }

    #[test]
    fn no_two_types_become_a_schema_of_the_same_name() {
        // The collection keeps one of them, silently.
        let found = schemas(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http"));
        assert!(found.len() > 40, "{found:?}");
        let mut seen = BTreeSet::new();
        for name in &found {
            assert!(seen.insert(name), "{name} stands there twice");
        }
    }
}
