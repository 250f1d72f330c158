//! The keys of a round: made when it opens, destroyed when it closes, never in a database.

use super::{Round, Status};
use crate::app::App;
use crate::auth::{KeyDirectory, OpeningKey, SealingKey, SecretKey};
use crate::ballot;
use crate::error::{Error, Result};
use crate::store::rows::RoundRow;
use crate::store::{Side, on};

/// Ballots that are sealed in one transaction.
const AT_ONCE: i64 = 1_000;

/// Name of the secret that a round's tags are made with.
pub(in crate::service) fn tag_key(tenant: i64, round: &str) -> String {
    format!("tag-{tenant}-{round}")
}

/// Name of the secret that a round's links are derived with.
fn link_name(tenant: i64, round: &str) -> String {
    format!("link-{tenant}-{round}")
}

/// Name of the secret that a round's ballots are opened with.
fn opening_name(tenant: i64, round: &str) -> String {
    format!("opening-{tenant}-{round}")
}

/// Whether a secret is one that signs claims of a round: `blind-TENANT-ROUND.NUMBER`.
fn signs_for(name: &str, tenant: i64, round: &str) -> bool {
    name.strip_prefix(&format!("blind-{tenant}-{round}."))
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Round {
    /// The public key that its ballots are sealed with.
    pub(crate) fn seal(&self) -> Result<SealingKey> {
        let text = self.sealing_key.as_deref().unwrap_or_default();
        SealingKey::parse(text).map_err(|error| {
            Error::internal(anyhow::Error::new(error).context(format!(
                "the round “{}” has no usable sealing key; start Klankbord anew",
                self.code
            )))
        })
    }
}

/// Makes a round's keys where they are missing; gives the public one.
pub(super) fn make(keys: &KeyDirectory, tenant: i64, round: &str) -> Result<SealingKey> {
    let create = |name: String| keys.create_secret(&name).map_err(Error::internal);
    create(tag_key(tenant, round))?;
    create(link_name(tenant, round))?;
    let opening = create(opening_name(tenant, round))?;
    OpeningKey::new(&opening)
        .sealing_key()
        .map_err(Error::internal)
}

/// The key that a round's links are derived with.
///
/// # Errors
/// [`Error::Conflict`] with code `key_missing`: it was destroyed with the round's other keys, or its file is gone.
pub(in crate::service) fn link_key(keys: &KeyDirectory, round: &Round) -> Result<SecretKey> {
    find(keys, &link_name(round.tenant, &round.code), round)
}

/// The key that a round's ballots are opened with, read just now; its memory is cleared when it is dropped.
///
/// # Errors
/// [`Error::Conflict`] with code `key_missing`, which says what to do.
pub(in crate::service) fn opening_key(keys: &KeyDirectory, round: &Round) -> Result<OpeningKey> {
    let name = opening_name(round.tenant, &round.code);
    let path = keys.path().join("secrets").join(format!("{name}.key"));
    let key = OpeningKey::new(&find(keys, &name, round)?);
    if key.sealing_key().ok() == Some(round.seal()?) {
        return Ok(key);
    }
    Err(Error::conflict(
        "key_missing",
        format!(
            "{} is not the key that the ballots of the round “{}” were sealed with. Put the right one there, from a copy of the key \
             folder or with `klankbord recovery-key restore-secrets`. No answer is lost; the round closes once the key is there.",
            path.display(),
            round.code
        ),
    ))
}

fn find(keys: &KeyDirectory, name: &str, round: &Round) -> Result<SecretKey> {
    keys.secret(name)
        .map_err(Error::internal)?
        .ok_or_else(|| missing(keys, name, round))
}

fn missing(keys: &KeyDirectory, name: &str, round: &Round) -> Error {
    Error::conflict(
        "key_missing",
        format!(
            "{}/secrets/{name}.key is missing, a key of the round “{}”. Put the file back, from a copy of the key folder or with \
             `klankbord recovery-key restore-secrets`. No answer is lost; the work goes on once the key is there.",
            keys.path().display(),
            round.code
        ),
    )
}

/// Destroys all keys of a round, with their copies in escrow.
pub(in crate::service) fn destroy_keys(
    keys: &KeyDirectory,
    tenant: i64,
    round: &str,
) -> Result<()> {
    let mut names = vec![
        opening_name(tenant, round),
        tag_key(tenant, round),
        link_name(tenant, round),
    ];
    let others = keys.secret_names().map_err(Error::internal)?;
    names.extend(
        others
            .into_iter()
            .filter(|name| signs_for(name, tenant, round)),
    );
    for name in names {
        keys.destroy(&name).map_err(Error::internal)?;
    }
    Ok(())
}

/// Gives keys to rounds that a Klankbord opened which did not seal ballots, and seals what waits in their mailboxes. Safe to
/// repeat; to be done before any answer is taken.
pub async fn seal_open_rounds(app: &App) -> Result<()> {
    for status in [Status::Open, Status::Closing] {
        let rows: Vec<RoundRow> = app
            .store
            .read(Side::Roster, "list rounds without a key", move |conn| {
                on!(conn, round::in_status(status.as_str()))
            })
            .await?;
        for row in rows.into_iter().filter(|row| row.sealing_key.is_none()) {
            seal_round(app, row.tenant, row.code).await?;
        }
    }
    Ok(())
}

async fn seal_round(app: &App, tenant: i64, code: String) -> Result<()> {
    // Its links were derived with the key of all links: they have to go on working.
    app.keys
        .store_secret(&link_name(tenant, &code), app.keys.link_key())
        .map_err(Error::internal)?;
    let key = make(&app.keys, tenant, &code)?;
    let mut after = Vec::new();
    loop {
        let (round, key, behind) = (code.clone(), key.clone(), after);
        let sealed = app
            .store
            .write(Side::Ballots, "seal ballots", move |conn| {
                let rows = on!(
                    conn,
                    ballot::waiting_after(tenant, &round, &behind, AT_ONCE)
                )?;
                let last = rows.last().map(|row| row.tag.clone());
                for mut row in rows {
                    let sealed = ballot::reseal_plain(&key, tenant, &round, &row.tag, &row.sealed);
                    if let Some(sealed) = sealed.map_err(Error::internal)? {
                        row.sealed = sealed;
                        on!(conn, ballot::put(&row))?;
                    }
                }
                Ok(last)
            })
            .await?;
        match sealed {
            Some(last) => after = last,
            None => break,
        }
    }
    app.store.rewrite_ballots(&app.config).await?;
    // Last: a process that ends before is followed by one that begins anew.
    app.store
        .write(Side::Roster, "record a sealing key", move |conn| {
            on!(conn, round::set_sealing_key(tenant, &code, &key.to_text()))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_that_sign_for_a_round_are_told_from_those_of_others() {
        assert!(signs_for("blind-1-a.2", 1, "a"));
        for other in ["blind-1-ab.2", "blind-2-a.2", "blind-1-a.b.1", "tag-1-a"] {
            assert!(!signs_for(other, 1, "a"), "{other}");
        }
    }
}
