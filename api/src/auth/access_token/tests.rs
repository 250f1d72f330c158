#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;

use super::*;
use crate::auth::scope::Scope;

const ISSUER: &str = "https://survey.example";
const START_MS: i64 = 1_795_000_000_250;

/// A key directory of its own.
struct World(PathBuf);

impl World {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("klankbord-tokens-{}", random::uuid())))
    }

    fn issuer(&self) -> TokenIssuer {
        let keys = Arc::new(KeyDirectory::open(&self.0).unwrap());
        TokenIssuer::new(keys, ISSUER, ISSUER, Clock::fixed(START_MS)).unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

impl TokenIssuer {
    /// Lets so many seconds pass.
    fn pass(&mut self, seconds: i64) {
        self.clock = Clock::fixed(self.clock.now_ms() + seconds * 1_000);
    }
}

fn school_app() -> NewAccessToken {
    NewAccessToken {
        subject: "school-app".to_owned(),
        client_id: "school-app".to_owned(),
        scopes: Scopes::of(&[Scope::RoundsRead, Scope::IndicatorsRead]),
        tenant: 3,
        organisation: "de-brug".to_owned(),
    }
}

fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn told(result: Result<Arc<AccessClaims>, TokenError>) -> String {
    result.unwrap_err().to_string()
}

/// The claims of a good token with some changed, signed by the newest key under a header of the test's choice.
fn forged(issuer: &TokenIssuer, header: &Value, changed: &Value) -> String {
    let (token, _) = issuer.issue(&school_app()).unwrap();
    let mut claims = part(&token, 1);
    for (name, value) in changed.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let keys = issuer.directory.signing_keys().unwrap();
    let key = keys.last().unwrap();
    let mut full = json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": key.id() });
    for (name, value) in header.as_object().unwrap() {
        full[name] = value.clone();
    }
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", text(&full), text(&claims));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), key.encoding(), Algorithm::EdDSA).unwrap();
    format!("{message}.{signature}")
}

#[test]
fn a_token_is_what_rfc_9068_asks_for() {
    let world = World::new();
    let issuer = world.issuer();
    let (token, expires_in) = issuer.issue(&school_app()).unwrap();
    assert_eq!(expires_in, 600);
    let header = part(&token, 0);
    let kid = issuer.jwks().unwrap()["keys"][0]["kid"].clone();
    assert_eq!(
        header,
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": kid })
    );
    let mut claims = part(&token, 1);
    assert!(!claims["jti"].as_str().unwrap().is_empty());
    claims["jti"] = json!("1");
    assert_eq!(
        claims,
        json!({
            "iss": ISSUER, "aud": ISSUER, "sub": "school-app", "client_id": "school-app",
            "iat": 1_795_000_000, "exp": 1_795_000_600, "jti": "1",
            "scope": "rounds:read indicators:read", "tenant": 3, "organisation": "de-brug",
        })
    );
}

#[test]
fn a_token_is_good_until_it_expires() {
    let world = World::new();
    let mut issuer = world.issuer();
    let (token, _) = issuer.issue(&school_app()).unwrap();
    let claims = issuer.verify(&token).unwrap();
    assert_eq!(
        (claims.client_id.as_str(), claims.tenant),
        ("school-app", 3)
    );
    assert_eq!(claims.organisation, "de-brug");
    assert!(
        claims.scopes.contains(Scope::RoundsRead) && !claims.scopes.contains(Scope::RoundsWrite)
    );
    issuer.pass(599);
    let again = issuer.verify(&token).unwrap();
    assert!(Arc::ptr_eq(&claims, &again), "it is remembered");
    issuer.pass(1);
    assert!(matches!(issuer.verify(&token), Err(TokenError::Expired)));
}

#[test]
fn a_changed_token_is_refused() {
    let world = World::new();
    let issuer = world.issuer();
    let good = forged(&issuer, &json!({}), &json!({}));
    issuer.verify(&good).unwrap();
    let other = forged(&issuer, &json!({}), &json!({ "tenant": 4 }));
    let (head, _) = other.rsplit_once('.').unwrap();
    let (_, signature) = good.rsplit_once('.').unwrap();
    assert!(told(issuer.verify(&format!("{head}.{signature}"))).contains("signature"));
    for (claims, reason) in [
        (
            json!({ "iss": "https://other.example" }),
            "issued by another server",
        ),
        (
            json!({ "aud": "https://other.example" }),
            "meant for another server",
        ),
        (json!({ "iat": 1_795_000_100_i64 }), "in the future"),
        (json!({ "scope": "all" }), "scope"),
        (json!({ "tenant": "3" }), "claims"),
        (json!({ "exp": null }), "claims"),
    ] {
        let told = told(issuer.verify(&forged(&issuer, &json!({}), &claims)));
        assert!(told.contains(reason), "{claims}: {told}");
    }
    for token in ["", "a.b.c", "not a token", &"x".repeat(5_000)] {
        assert!(matches!(issuer.verify(token), Err(TokenError::Invalid(_))));
    }
}

#[test]
fn other_types_and_algorithms_are_refused() {
    let world = World::new();
    let issuer = world.issuer();
    for (header, accepted) in [
        (json!({ "typ": "application/AT+JWT" }), true),
        (json!({ "typ": "JWT" }), false),
        (json!({ "typ": null }), false),
        (json!({ "alg": "none" }), false),
        (json!({ "alg": "ES256" }), false),
        (json!({ "kid": "other" }), false),
        (json!({ "kid": null }), false),
    ] {
        let token = forged(&issuer, &header, &json!({}));
        assert_eq!(issuer.verify(&token).is_ok(), accepted, "{header}");
    }
    // The public key, which anyone may fetch, is no HMAC secret.
    let public = issuer.jwks().unwrap()["keys"][0]["x"]
        .as_str()
        .unwrap()
        .to_owned();
    let (token, _) = issuer.issue(&school_app()).unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    header.kid = part(&token, 0)["kid"].as_str().map(str::to_owned);
    let secret = EncodingKey::from_secret(&URL_SAFE_NO_PAD.decode(public).unwrap());
    let forged = jsonwebtoken::encode(&header, &part(&token, 1), &secret).unwrap();
    assert!(told(issuer.verify(&forged)).contains("algorithm"));
}

#[test]
fn a_retired_key_verifies_until_its_last_token_has_expired() {
    let world = World::new();
    let mut issuer = world.issuer();
    let (old, _) = issuer.issue(&school_app()).unwrap();
    issuer.rotate().unwrap();
    let (new, _) = issuer.issue(&school_app()).unwrap();
    let set = issuer.jwks().unwrap();
    assert_eq!(set["keys"].as_array().unwrap().len(), 2);
    assert_eq!(set["keys"][0]["kid"], part(&new, 0)["kid"]);
    assert_eq!(set["keys"][1]["kid"], part(&old, 0)["kid"]);
    issuer.pass(599);
    issuer.verify(&old).unwrap();
    issuer.pass(200);
    let set = issuer.jwks().unwrap();
    assert_eq!(set["keys"].as_array().unwrap().len(), 1);
    assert_eq!(set["keys"][0]["kid"], part(&new, 0)["kid"]);
    assert_eq!(
        issuer.directory.signing_keys().unwrap().len(),
        1,
        "the private half is destroyed"
    );
}

#[test]
fn servers_that_share_keys_accept_each_others_tokens() {
    let world = World::new();
    let (one, mut other) = (world.issuer(), world.issuer());
    one.rotate().unwrap();
    let (token, _) = one.issue(&school_app()).unwrap();
    assert!(
        other.verify(&token).is_err(),
        "it has looked for the key within this second"
    );
    other.pass(2);
    other.verify(&token).unwrap();
    let (token, _) = other.issue(&school_app()).unwrap();
    assert_eq!(
        part(&token, 0)["kid"],
        one.jwks().unwrap()["keys"][0]["kid"]
    );
}

#[test]
fn keys_made_in_one_moment_stay_in_order() {
    let world = World::new();
    let issuer = world.issuer();
    for _ in 0..5 {
        issuer.rotate().unwrap();
        let (token, _) = issuer.issue(&school_app()).unwrap();
        assert_eq!(
            part(&token, 0)["kid"],
            issuer.jwks().unwrap()["keys"][0]["kid"]
        );
    }
    assert_eq!(issuer.jwks().unwrap()["keys"].as_array().unwrap().len(), 6);
}
