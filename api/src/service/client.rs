//! Clients of the API: their credentials, and the access tokens they get for them.

use super::organisation::{exists, known};
use super::{Caller, Grant, Problems};
use crate::app::App;
use crate::auth::{NewAccessToken, OpaqueToken, Scope, Scopes};
use crate::error::{Error, Result};
use crate::store::rows::ApiClientRow;
use crate::store::{Side, on};

/// A client to be added.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Its identifier, of one's own choice.
    pub id: String,
    /// What it is, in words.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Where: this organisation and everything below it.
    pub organisation: String,
}

/// An access token and what comes with it (RFC 6749, section 5.1).
#[derive(Debug, Clone)]
pub struct Granted {
    /// The token.
    pub access_token: String,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// What it allows.
    pub scopes: Scopes,
}

/// Adds a client and returns its secret, which is shown this once.
pub async fn create(app: &App, caller: &Caller, new: NewClient) -> Result<String> {
    let organisation = caller
        .organisation(app, Scope::OrganisationsWrite, &new.organisation)
        .await?;
    let mut problems = Problems::default();
    problems.note(
        !super::is_code(&new.id),
        "/id",
        "bad_code",
        super::CODE_RULE,
    );
    problems.note(
        new.scopes.is_empty(),
        "/scopes",
        "missing",
        "Name at least one right.",
    );
    problems.note(
        new.name.trim().is_empty() || new.name.chars().count() > 200,
        "/name",
        "bad_text",
        "Use 1 to 200 characters.",
    );
    problems.into_result("The client cannot be added as it is.")?;
    let secret = OpaqueToken::generate();
    let row = ApiClientRow {
        tenant: caller.tenant(),
        id: new.id.clone(),
        name: new.name,
        secret_hash: secret.hash().to_vec(),
        scopes: new.scopes.to_string(),
        organisation: organisation.code,
        created_at: app.clock.now_ms(),
    };
    app.store
        .write(Side::Roster, "add a client", move |conn| {
            on!(conn, account::insert_client(&row))
        })
        .await
        .map_err(|error| exists(error, "client", &new.id))?;
    Ok(secret.to_text())
}

fn unknown_client() -> Error {
    Error::Unauthenticated {
        detail: "The client is not known, or its secret is not right.".to_owned(),
    }
}

/// Gives an access token for a client's credentials (RFC 6749, section 4.4); without a wish, for all it may do.
///
/// # Errors
/// [`Error::Unauthenticated`] for credentials that are not right; [`Error::Invalid`] with code `invalid_scope` for a wish that
/// goes beyond them.
pub async fn grant(app: &App, id: &str, secret: &str, wanted: Option<&str>) -> Result<Granted> {
    let wanted_id = id.to_owned();
    let found = app
        .store
        .read(Side::Roster, "find a client", move |conn| {
            on!(conn, account::client(&wanted_id))
        })
        .await?;
    let (client, _) = found
        .filter(|(client, _)| {
            OpaqueToken::parse(secret).is_some_and(|secret| secret.matches(&client.secret_hash))
        })
        .ok_or_else(unknown_client)?;
    let allowed: Scopes = client.scopes.parse().map_err(Error::internal)?;
    let scopes = match wanted {
        None => allowed,
        Some(wanted) => {
            let scopes: Scopes = wanted.parse().map_err(|error: crate::auth::UnknownScope| {
                Error::invalid("/scope", "invalid_scope", error.to_string())
            })?;
            if !scopes.is_subset_of(allowed) {
                return Err(Error::invalid(
                    "/scope",
                    "invalid_scope",
                    format!("This client may have no more than: {allowed}."),
                ));
            }
            scopes
        }
    };
    let (access_token, expires_in) = app
        .tokens
        .issue(&NewAccessToken {
            subject: client.id.clone(),
            client_id: client.id,
            scopes,
            tenant: client.tenant,
            organisation: client.organisation,
        })
        .map_err(Error::internal)?;
    Ok(Granted {
        access_token,
        expires_in,
        scopes,
    })
}

/// The caller that an access token stands for.
///
/// # Errors
/// [`Error::Unauthenticated`] for a token that is not valid (any more).
pub async fn caller(app: &App, token: &str) -> Result<Caller> {
    let claims = app
        .tokens
        .verify(token)
        .map_err(|error| Error::Unauthenticated {
            detail: error.to_string(),
        })?;
    let tenant = claims.tenant;
    let organisation = known(app, tenant, &claims.organisation)
        .await?
        .ok_or_else(|| Error::Unauthenticated {
            detail: "The organisation of this access token does not exist any more.".to_owned(),
        })?;
    Ok(Caller::new(
        tenant,
        claims.subject.clone(),
        vec![Grant {
            organisation: organisation.code.clone(),
            path: organisation.path.clone(),
            scopes: claims.scopes,
        }],
    ))
}
