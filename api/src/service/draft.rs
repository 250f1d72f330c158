//! Unfinished questionnaires on their way from one device to another. The server cannot read them: the key is made from a code
//! that stays with the person.

use super::respondent::credential;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::rows::DraftRow;
use crate::store::{Side, on};

/// The most bytes of a draft.
pub const LIMIT: usize = 32 * 1024;

/// Keeps a draft for the holder of a credential, in place of an earlier one.
///
/// # Errors
/// [`Error::CredentialInvalid`]; [`Error::Conflict`] with code `round_closed`; [`Error::Invalid`] for one that is too large.
pub async fn put(app: &App, text: &str, content: Vec<u8>) -> Result<()> {
    if content.len() > LIMIT {
        return Err(Error::invalid(
            "/content",
            "too_long",
            format!("A draft has at most {LIMIT} bytes."),
        ));
    }
    let shown = credential::check(app, text).await?;
    shown.require_open()?;
    let row = DraftRow {
        tenant: shown.round.tenant,
        round: shown.round.code,
        key: shown.credential.draft_key().to_vec(),
        content,
    };
    app.store
        .write(Side::Ballots, "keep a draft", move |conn| {
            super::respondent::require_open_box(conn, row.tenant, &row.round)?;
            on!(conn, draft::put(&row))
        })
        .await
}

/// The draft of the holder of a credential.
///
/// # Errors
/// [`Error::CredentialInvalid`]; [`Error::NotFound`] where there is none (any more).
pub async fn read(app: &App, text: &str) -> Result<Vec<u8>> {
    let shown = credential::check(app, text).await?;
    let (tenant, round) = (shown.round.tenant, shown.round.code);
    let key = shown.credential.draft_key();
    app.store
        .read(Side::Ballots, "read a draft", move |conn| {
            on!(conn, draft::find(tenant, &round, &key))
        })
        .await?
        .ok_or_else(|| Error::not_found("draft", "…"))
}
