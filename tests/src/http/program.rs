//! A program with credentials of its own.

use serde_json::Value;

use super::caller::exchange;
use super::{Caller, Request};

/// A program that calls the API with a bearer token.
#[derive(Clone, Debug)]
pub struct ApiClient {
    base_url: String,
    token: String,
}

impl ApiClient {
    /// Asks for a token with a client id and a secret (OAuth 2 client credentials, RFC 6749 section 4.4).
    #[track_caller]
    pub fn with_secret(base_url: &str, id: &str, secret: &str, scope: &str) -> Self {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
            ("scope", scope),
        ];
        let reply = exchange(base_url, Request::post("/oauth/token").form(&fields));
        let answer = reply.expect_status(200).json();
        let text = |member: &str| {
            answer
                .get(member)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        assert_eq!(text("token_type").to_lowercase(), "bearer", "{answer}");
        Self::with_token(base_url, &text("access_token"))
    }

    /// A program that already has a token.
    #[track_caller]
    pub fn with_token(base_url: &str, token: &str) -> Self {
        assert!(!token.is_empty(), "the token is empty");
        Self {
            base_url: base_url.to_owned(),
            token: token.to_owned(),
        }
    }

    /// The token.
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl Caller for ApiClient {
    fn base_url(&self) -> &str {
        &self.base_url
    }

    fn sign(&self, request: Request) -> Request {
        request.header("Authorization", &format!("Bearer {}", self.token))
    }
}
