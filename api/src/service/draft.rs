//! Unfinished questionnaires on their way from one device to another. The server cannot read them: the key is made from a code
//! that stays with the person.

use super::respondent::{self, credential};
use super::round::{Mode, Status, tag_key};
use crate::app::App;
use crate::ballot;
use crate::error::{Error, Result};
use crate::store::rows::DraftRow;
use crate::store::{Side, on};

/// The most bytes of a draft.
pub const LIMIT: usize = 32 * 1024;

/// Whose draft it is.
#[derive(Debug, Clone, Copy)]
pub enum Owner<'a> {
    /// The holder of a credential, in an anonymous round.
    Credential(&'a str),
    /// The person behind a link, in a round that connects answers with people anyway.
    Link {
        /// The text of the link.
        token: &'a str,
        /// The organisation; needed only where the link opens several forms.
        organisation: Option<&'a str>,
        /// The form; needed only where the link opens several for one organisation.
        form: Option<&'a str>,
    },
}

/// Where a draft lies.
struct Place {
    tenant: i64,
    round: String,
    key: Vec<u8>,
}

/// Keeps a draft in place of an earlier one.
///
/// # Errors
/// [`Error::CredentialInvalid`]; [`Error::NotFound`] for a link that was never given out; [`Error::Conflict`] with code
/// `round_closed`, `round_not_open` or, for a link into an anonymous round, `credential_needed`; [`Error::Invalid`] for one that
/// is too large.
pub async fn put(app: &App, owner: Owner<'_>, content: Vec<u8>) -> Result<()> {
    if content.len() > LIMIT {
        return Err(Error::invalid(
            "/content",
            "too_long",
            format!("A draft has at most {LIMIT} bytes."),
        ));
    }
    let place = place(app, owner, true).await?;
    let row = DraftRow {
        tenant: place.tenant,
        round: place.round,
        key: place.key,
        content,
    };
    app.store
        .write(Side::Ballots, "keep a draft", move |conn| {
            respondent::require_open_box(conn, row.tenant, &row.round)?;
            on!(conn, draft::put(&row))
        })
        .await
}

/// The draft that was kept last.
///
/// # Errors
/// As [`put`]; [`Error::NotFound`] also where there is none (any more).
pub async fn read(app: &App, owner: Owner<'_>) -> Result<Vec<u8>> {
    let place = place(app, owner, false).await?;
    app.store
        .read(Side::Ballots, "read a draft", move |conn| {
            on!(conn, draft::find(place.tenant, &place.round, &place.key))
        })
        .await?
        .ok_or_else(|| Error::not_found("draft", "…"))
}

async fn place(app: &App, owner: Owner<'_>, to_write: bool) -> Result<Place> {
    match owner {
        Owner::Credential(text) => {
            let shown = credential::check(app, text).await?;
            if to_write {
                shown.require_open()?;
            }
            Ok(Place {
                tenant: shown.credential.tenant,
                key: shown.credential.draft_key().to_vec(),
                round: shown.credential.round,
            })
        }
        Owner::Link {
            token,
            organisation,
            form,
        } => place_of_link(app, token, organisation, form).await,
    }
}

/// Where the draft of a link lies: never in an anonymous round, in which nothing of a ballot may come from a link.
async fn place_of_link(
    app: &App,
    token: &str,
    organisation: Option<&str>,
    form: Option<&str>,
) -> Result<Place> {
    let respondent = respondent::find(app, token).await?;
    let task = respondent.task(organisation, form)?;
    let round = &respondent.round;
    if round.mode == Mode::Anonymous {
        return Err(Error::conflict(
            "credential_needed",
            "This round is anonymous: keep the draft with a credential, and never with the link.",
        ));
    }
    let closed = || {
        Error::conflict(
            "round_closed",
            "This round is closed; drafts are no longer kept.",
        )
    };
    match round.status {
        Status::Open => {}
        Status::Draft => {
            return Err(Error::conflict(
                "round_not_open",
                "This round has not opened yet.",
            ));
        }
        Status::Closing | Status::Closed => return Err(closed()),
    }
    let secret = app
        .keys
        .secret(&tag_key(round.tenant, &round.code))
        .map_err(Error::internal)?
        .ok_or_else(closed)?;
    let link = respondent.token();
    let key = ballot::draft_key(&secret, &link, &task.organisation, &task.form);
    Ok(Place {
        tenant: round.tenant,
        round: round.code.clone(),
        key: key.to_vec(),
    })
}
