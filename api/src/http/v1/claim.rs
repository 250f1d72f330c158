//! Claims that are signed blindly, for browsers and apps that keep answers apart from links.

use super::failures::{Claiming, Showing};
use crate::error::Error;
use crate::http::extract::app;
use crate::http::problem::ApiError;
use crate::service::claim::{self, Offer};
use crate::service::draft::{self, Owner};
use actix_web::{HttpRequest, HttpResponse, post, put, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which form of a link is to be claimed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "1-7ZK3M9QX4B8RT2VWC6HJNDPY0A", "organisation": "school-de-linde", "form": "parent"}))]
pub struct ClaimKeyRequest {
    /// The person's token.
    pub token: String,
    /// The organisation; needed only where the token opens several forms.
    pub organisation: Option<String>,
    /// The form; needed only where the token opens several for one organisation.
    pub form: Option<String>,
}

/// A key that signs claims.
#[derive(Debug, Serialize, ToSchema)]
pub struct SigningKeyView {
    /// Its number in the round, from 1.
    #[schema(examples(1), minimum = 1)]
    pub number: i64,
    /// The scheme of RFC 9474.
    #[schema(examples("RSABSSA-SHA384-PSS-Randomized"))]
    pub algorithm: &'static str,
    /// The modulus, most significant byte first, in base64url: 384 bytes.
    pub modulus: String,
    /// The public exponent in base64url: 65537.
    #[schema(examples("AQAB"))]
    pub exponent: String,
    /// SHA-256 of the key's `SubjectPublicKeyInfo` in hexadecimal digits, as the page about the round shows it.
    pub fingerprint: String,
}

/// What a device needs to know before it claims a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimKeyView {
    /// Number of the tenant, with which a credential begins.
    #[schema(examples(1), minimum = 1)]
    pub tenant: i64,
    /// The round.
    #[schema(examples("autumn-2026"))]
    pub round: String,
    /// The organisation.
    #[schema(examples("school-de-linde"))]
    pub organisation: String,
    /// The form.
    #[schema(examples("parent"))]
    pub form: String,
    /// What the round promises: `anonymous`, `confidential` or `identified`. Only an anonymous one is claimed blindly.
    #[schema(examples("anonymous"))]
    pub mode: &'static str,
    /// How the form was claimed before: `assisted` by answers that came with the token, `blind` by a signature, or not at all.
    #[schema(examples("blind"))]
    pub claim: Option<&'static str>,
    /// The key that signs; `null` in a round that is not anonymous.
    pub key: Option<SigningKeyView>,
}

impl From<Offer> for ClaimKeyView {
    fn from(offer: Offer) -> Self {
        Self {
            tenant: offer.tenant,
            round: offer.round,
            organisation: offer.organisation,
            form: offer.form,
            mode: offer.mode.as_str(),
            claim: offer.claim.map(claim::Claim::as_str),
            key: offer.key.map(|key| SigningKeyView {
                number: key.number,
                algorithm: key.algorithm(),
                modulus: URL_SAFE_NO_PAD.encode(key.modulus()),
                exponent: URL_SAFE_NO_PAD.encode(key.exponent()),
                fingerprint: key.fingerprint(),
            }),
        }
    }
}

/// Get the key that signs a claim.
///
/// The first step of answering blindly; `api/docs/BLIND-CLAIMS.md` walks through all of them. The token is the login, no access token is
/// needed. The key is made when it is asked for first, which takes about a second. Asking claims nothing.
#[utoipa::path(
    tag = "Answers",
    security(()),
    request_body(content = ClaimKeyRequest, description = "The person's token, and which form."),
    responses(
        (status = 200, description = "What is needed to claim the form.", body = ClaimKeyView, example = json!({
            "tenant": 1, "round": "autumn-2026", "organisation": "school-de-linde", "form": "parent", "mode": "anonymous", "claim": null,
            "key": {"number": 1, "algorithm": "RSABSSA-SHA384-PSS-Randomized", "modulus": "uVy1…", "exponent": "AQAB", "fingerprint": "3f9a…"}})),
        Claiming,
    )
)]
#[post("/claims/key")]
pub async fn get_claim_key(
    request: HttpRequest,
    body: web::Json<ClaimKeyRequest>,
) -> Result<HttpResponse, ApiError> {
    let app = app(&request)?;
    let (organisation, form) = (body.organisation.as_deref(), body.form.as_deref());
    let offer = claim::key_for(&app, &body.token, organisation, form).await?;
    Ok(HttpResponse::Ok().json(ClaimKeyView::from(offer)))
}

/// A blinded value to be signed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "1-7ZK3M9QX4B8RT2VWC6HJNDPY0A", "organisation": "school-de-linde", "form": "parent", "key": 1, "blinded": "Kf2b…"}))]
pub struct ClaimRequest {
    /// The person's token.
    pub token: String,
    /// The organisation.
    pub organisation: String,
    /// The form.
    pub form: String,
    /// Number of the key.
    pub key: i64,
    /// The blinded value in base64url: 384 bytes, most significant first, below the modulus.
    pub blinded: String,
}

/// A blind signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimView {
    /// The signature of the blinded value in base64url: 384 bytes. Unblinded it is part of the credential.
    pub signature: String,
}

/// Claim a form blindly.
///
/// Signs one blinded value for each form of a token, once. The same value sent again has the same signature, so repeating after a lost
/// connection is safe, and another device goes on with the same code; another value is refused. What was signed cannot be recognised in
/// the credential that comes of it.
#[utoipa::path(
    tag = "Answers",
    security(()),
    request_body(content = ClaimRequest, description = "The person's token and a blinded value."),
    responses(
        (status = 201, description = "The form is claimed.", body = ClaimView, example = json!({"signature": "d0Zx…"})),
        (status = 200, description = "The same value was signed before; this is the same signature.", body = ClaimView, example = json!({"signature": "d0Zx…"})),
        Claiming,
    )
)]
#[post("/claims")]
pub async fn create_claim(
    request: HttpRequest,
    body: web::Json<ClaimRequest>,
) -> Result<HttpResponse, ApiError> {
    let app = app(&request)?;
    let body = body.into_inner();
    // What cannot be read is told as what does not fit.
    let blinded = URL_SAFE_NO_PAD.decode(&body.blinded).unwrap_or_default();
    let (organisation, form) = (&body.organisation, &body.form);
    let signed = claim::claim(&app, &body.token, organisation, form, body.key, &blinded).await?;
    let view = ClaimView {
        signature: URL_SAFE_NO_PAD.encode(signed.signature),
    };
    Ok(if signed.first {
        HttpResponse::Created().json(view)
    } else {
        HttpResponse::Ok().json(view)
    })
}

/// A form of a link that is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "1-7ZK3M9QX4B8RT2VWC6HJNDPY0A", "organisation": "school-de-linde", "form": "parent"}))]
pub struct DoneRequest {
    /// The person's token.
    pub token: String,
    /// The organisation.
    pub organisation: String,
    /// The form.
    pub form: String,
}

/// Tell that a claimed form was filled in.
///
/// So that its person gets no reminder. The server does not note when, and cannot see which answers belong to it: send it apart from them,
/// on another connection, some time later.
#[utoipa::path(
    tag = "Answers",
    security(()),
    request_body(content = DoneRequest, description = "The person's token, and which form."),
    responses(
        (status = 204, description = "It counts as done."),
        Claiming,
    )
)]
#[post("/claims/done")]
pub async fn finish_claim(
    request: HttpRequest,
    body: web::Json<DoneRequest>,
) -> Result<HttpResponse, ApiError> {
    let app = app(&request)?;
    claim::done(&app, &body.token, &body.organisation, &body.form).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// An unfinished questionnaire, with a credential or, in a round that is not anonymous, with the person's token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"credential": "1.autumn-2026.1.J8fQ…", "content": "AAECAwQ"}))]
pub struct DraftRequest {
    /// The credential, in an anonymous round.
    pub credential: Option<String>,
    /// The person's token, in any other round.
    pub token: Option<String>,
    /// With a token: the organisation; needed only where the token opens several forms.
    pub organisation: Option<String>,
    /// With a token: the form; needed only where the token opens several for one organisation.
    pub form: Option<String>,
    /// The draft as the device encrypted it, in base64url: at most 32 KiB.
    pub content: String,
}

/// Keep an unfinished questionnaire.
///
/// For going on with another device. Encrypt it with a key made from the person's code: the server cannot read it, and drops it when the
/// round closes.
#[utoipa::path(
    tag = "Answers",
    security(()),
    request_body(content = DraftRequest, description = "The credential, or the token and which form, and the encrypted draft."),
    responses(
        (status = 204, description = "It is kept, in place of an earlier one."),
        Showing,
    )
)]
#[put("/drafts")]
pub async fn put_draft(
    request: HttpRequest,
    body: web::Json<DraftRequest>,
) -> Result<HttpResponse, ApiError> {
    let app = app(&request)?;
    let content = URL_SAFE_NO_PAD.decode(&body.content).map_err(|_| {
        Error::invalid(
            "/content",
            "bad_base64url",
            "Give the encrypted draft in base64url, without =.",
        )
    })?;
    let owner = owner(
        body.credential.as_deref(),
        body.token.as_deref(),
        body.organisation.as_deref(),
        body.form.as_deref(),
    )?;
    draft::put(&app, owner, content).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who asks for a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"credential": "1.autumn-2026.1.J8fQ…"}))]
pub struct DraftReadRequest {
    /// The credential, in an anonymous round.
    pub credential: Option<String>,
    /// The person's token, in any other round.
    pub token: Option<String>,
    /// With a token: the organisation; needed only where the token opens several forms.
    pub organisation: Option<String>,
    /// With a token: the form; needed only where the token opens several for one organisation.
    pub form: Option<String>,
}

/// Who shows a credential shows no token, and the other way round.
fn owner<'a>(
    credential: Option<&'a str>,
    token: Option<&'a str>,
    organisation: Option<&'a str>,
    form: Option<&'a str>,
) -> Result<Owner<'a>, Error> {
    match (credential, token) {
        (Some(text), None) => Ok(Owner::Credential(text)),
        (None, Some(token)) => Ok(Owner::Link {
            token,
            organisation,
            form,
        }),
        _ => Err(Error::invalid(
            "/credential",
            "one_of_two",
            "Give a credential (in an anonymous round) or a token (in any other), and never both.",
        )),
    }
}

/// A draft as it was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftView {
    /// What the device encrypted, in base64url.
    #[schema(examples("AAECAwQ"))]
    pub content: String,
}

/// Read an unfinished questionnaire.
///
/// What was kept last with the credential or the token, as the device encrypted it. Gone when the round closes.
#[utoipa::path(
    tag = "Answers",
    security(()),
    request_body(content = DraftReadRequest, description = "The credential, or the token and which form."),
    responses(
        (status = 200, description = "The draft.", body = DraftView, example = json!({"content": "AAECAwQ"})),
        Showing,
    )
)]
#[post("/drafts/read")]
pub async fn read_draft(
    request: HttpRequest,
    body: web::Json<DraftReadRequest>,
) -> Result<HttpResponse, ApiError> {
    let app = app(&request)?;
    let owner = owner(
        body.credential.as_deref(),
        body.token.as_deref(),
        body.organisation.as_deref(),
        body.form.as_deref(),
    )?;
    let content = draft::read(&app, owner).await?;
    Ok(HttpResponse::Ok().json(DraftView {
        content: URL_SAFE_NO_PAD.encode(content),
    }))
}
