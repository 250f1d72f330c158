//! Access tokens for school apps: OAuth 2 client credentials (RFC 6749, section 4.4).

use crate::auth::Scope;
use crate::error::Error;
use crate::http::extract::app;
use crate::http::problem::ApiError;
use crate::service::client;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A request for an access token, as a form.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"grant_type": "client_credentials", "scope": "indicators:read"}))]
pub struct TokenRequest {
    /// `client_credentials`.
    pub grant_type: Option<String>,
    /// The rights that are wished for, separated by spaces; leave it out for all that the client may have.
    pub scope: Option<String>,
    /// The client's identifier, where it is not in the header `Authorization: Basic`.
    pub client_id: Option<String>,
    /// The client's secret, where it is not in the header.
    pub client_secret: Option<String>,
}

/// An access token.
#[derive(Serialize, ToSchema)]
pub struct TokenView {
    /// The token, to be sent as `Authorization: Bearer`.
    #[schema(examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln"))]
    pub access_token: String,
    /// `Bearer`.
    #[schema(examples("Bearer"))]
    pub token_type: &'static str,
    /// Seconds until it expires.
    #[schema(examples(600))]
    pub expires_in: i64,
    /// The rights it gives, separated by spaces.
    #[schema(examples("indicators:read"))]
    pub scope: String,
}

/// Why there is no token (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenErrorView {
    /// `invalid_request`, `invalid_client`, `invalid_scope`, `unsupported_grant_type` or `temporarily_unavailable`.
    #[schema(examples("invalid_client"))]
    pub error: &'static str,
    /// What is wrong and how to mend it.
    #[schema(examples("The client is not known, or its secret is not right."))]
    pub error_description: String,
}

/// Where the parts of the authorization server are (RFC 8414).
#[derive(Serialize, ToSchema)]
pub struct MetadataView {
    /// The issuer of tokens.
    #[schema(examples("https://survey.example.org"))]
    pub issuer: String,
    /// Where tokens are given.
    #[schema(examples("https://survey.example.org/oauth/token"))]
    pub token_endpoint: String,
    /// Where the public keys are.
    #[schema(examples("https://survey.example.org/.well-known/jwks.json"))]
    pub jwks_uri: String,
    /// Rights that can be wished for.
    pub scopes_supported: Vec<&'static str>,
    /// Empty: there is no authorization endpoint.
    pub response_types_supported: Vec<&'static str>,
    /// Kinds of grant.
    pub grant_types_supported: Vec<&'static str>,
    /// How clients show who they are.
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
}

fn refuse(status: u16, error: &'static str, description: impl Into<String>) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status)
        .unwrap_or(actix_web::http::StatusCode::BAD_REQUEST);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if status == actix_web::http::StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"klankbord\""));
    }
    if status == actix_web::http::StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((header::RETRY_AFTER, "1"));
    }
    response.json(TokenErrorView {
        error,
        error_description: description.into(),
    })
}

/// Identifier and secret from the header (RFC 6749, section 2.3.1) or from the form.
fn credentials(request: &HttpRequest, form: &TokenRequest) -> Option<(String, String)> {
    let basic = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| {
            text.split_once(':')
                .map(|(id, secret)| (id.to_owned(), secret.to_owned()))
        });
    basic.or_else(|| Some((form.client_id.clone()?, form.client_secret.clone()?)))
}

/// Get an access token.
///
/// Send the client's identifier and secret as `Authorization: Basic`, and `grant_type=client_credentials`. The token is a signed JWT
/// (RFC 9068, `EdDSA`) and lasts ten minutes; get another when it has expired.
#[utoipa::path(
    tag = "Access",
    security(("clientSecret" = [])),
    request_body(content = TokenRequest, description = "The wish for a token.", content_type = "application/x-www-form-urlencoded",
        example = json!({"grant_type": "client_credentials", "scope": "indicators:read"})),
    responses(
        (status = 200, description = "A token.", body = TokenView,
         example = json!({"access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 600, "scope": "indicators:read"})),
        (status = 400, description = "The wish cannot be granted.", body = TokenErrorView,
         example = json!({"error": "invalid_scope", "error_description": "This client may have no more than: indicators:read."})),
        (status = 401, description = "The credentials are not right.", body = TokenErrorView,
         example = json!({"error": "invalid_client", "error_description": "The client is not known, or its secret is not right."})),
        (status = 503, description = "Too busy, or the database cannot be reached.", body = TokenErrorView,
         example = json!({"error": "temporarily_unavailable", "error_description": "Please try again in a moment."})),
    )
)]
#[post("/oauth/token")]
pub async fn create_token(
    request: HttpRequest,
    form: Result<web::Form<TokenRequest>, actix_web::Error>,
) -> Result<HttpResponse, ApiError> {
    let Ok(form) = form else {
        return Ok(refuse(
            400,
            "invalid_request",
            "Send a form: Content-Type: application/x-www-form-urlencoded, and grant_type=client_credentials.",
        ));
    };
    match form.grant_type.as_deref() {
        Some("client_credentials") => {}
        Some(_) => {
            return Ok(refuse(
                400,
                "unsupported_grant_type",
                "Only grant_type=client_credentials is known here.",
            ));
        }
        None => {
            return Ok(refuse(
                400,
                "invalid_request",
                "Send grant_type=client_credentials.",
            ));
        }
    }
    let Some((id, secret)) = credentials(&request, &form) else {
        return Ok(refuse(
            401,
            "invalid_client",
            "Send the client's identifier and secret as Authorization: Basic.",
        ));
    };
    match client::grant(&app(&request)?, &id, &secret, form.scope.as_deref()).await {
        Ok(granted) => Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(TokenView {
                access_token: granted.access_token,
                token_type: "Bearer",
                expires_in: granted.expires_in,
                scope: granted.scopes.to_string(),
            })),
        Err(error @ Error::Unauthenticated { .. }) => {
            Ok(refuse(401, "invalid_client", error.to_string()))
        }
        Err(error @ Error::Invalid { .. }) => Ok(refuse(400, "invalid_scope", error.to_string())),
        Err(error @ (Error::Busy | Error::Unavailable(_))) => {
            crate::http::problem::log(&error);
            Ok(refuse(503, "temporarily_unavailable", error.to_string()))
        }
        Err(other) => Err(other.into()),
    }
}

/// Get the public keys of access tokens.
///
/// A JSON Web Key Set (RFC 7517). A key stays in it until the last token signed with it has expired.
#[utoipa::path(
    tag = "Access",
    security(()),
    responses(
        (status = 200, description = "The keys.", body = serde_json::Value,
         example = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "Vb2...", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})),
        super::failures::Reading,
    )
)]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let keys = app(&request)?.tokens.jwks().map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(keys))
}

/// Get the metadata of the authorization server.
///
/// RFC 8414: client libraries find the token endpoint and the keys with it.
#[utoipa::path(
    tag = "Access",
    security(()),
    responses(
        (status = 200, description = "The metadata.", body = MetadataView,
         example = json!({"issuer": "https://survey.example.org", "token_endpoint": "https://survey.example.org/oauth/token", "jwks_uri": "https://survey.example.org/.well-known/jwks.json", "scopes_supported": ["indicators:read"], "response_types_supported": [], "grant_types_supported": ["client_credentials"], "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]})),
        super::failures::Reading,
    )
)]
#[get("/.well-known/oauth-authorization-server")]
pub async fn get_authorization_server(
    request: HttpRequest,
) -> Result<web::Json<MetadataView>, ApiError> {
    let base = app(&request)?.base_url.clone();
    Ok(web::Json(MetadataView {
        token_endpoint: format!("{base}/oauth/token"),
        jwks_uri: format!("{base}/.well-known/jwks.json"),
        issuer: base,
        scopes_supported: Scope::ALL.iter().map(|scope| scope.as_str()).collect(),
        response_types_supported: Vec::new(),
        grant_types_supported: vec!["client_credentials"],
        token_endpoint_auth_methods_supported: vec!["client_secret_basic", "client_secret_post"],
    }))
}
