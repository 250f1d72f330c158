//! Accounts of those who manage or read: adding them, signing in and out.

use super::organisation::exists;
use super::{Caller, Grant, Problems};
use crate::app::App;
use crate::auth::{NewPassword, OpaqueToken, PasswordError, Role, Scope};
use crate::error::{Error, Problem, Result};
use crate::mail::EmailAddress;
use crate::store::rows::{AccountRoleRow, AccountRow, SessionRow};
use crate::store::{Side, on};

/// Milliseconds a session lasts: twelve hours.
const SESSION_MS: i64 = 12 * 60 * 60 * 1000;

/// An account to be added.
#[derive(Clone)]
pub struct NewAccount {
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// The language of pages, as a BCP 47 tag.
    pub language: String,
    /// Where the role holds: this organisation and everything below it.
    pub organisation: String,
    /// What it allows.
    pub role: Role,
}

/// Somebody with a session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Their rights.
    pub caller: Caller,
    /// Their address.
    pub email: String,
    /// The language of their pages.
    pub language: String,
}

/// A session that has just begun.
pub struct NewSession {
    /// What the browser keeps.
    pub token: OpaqueToken,
    /// Seconds until it ends.
    pub seconds: i64,
}

/// The failure of a password computation, in the terms of the domain.
pub(super) fn password_failed(error: PasswordError) -> Error {
    match error {
        PasswordError::Busy => Error::Busy,
        other @ PasswordError::Failed(_) => Error::internal(other),
    }
}

/// What is wrong with an address or a password.
pub(super) fn check_credentials(
    problems: &mut Problems,
    email: &str,
    password: &str,
) -> Option<NewPassword> {
    problems.note(
        EmailAddress::parse(email.trim()).is_err(),
        "/email",
        "bad_address",
        "This is not an e-mail address.",
    );
    match NewPassword::check(password, email) {
        Ok(password) => Some(password),
        Err(problem) => {
            problems.extend([Problem::new(
                "/password",
                problem.code(),
                problem.to_string(),
            )]);
            None
        }
    }
}

/// The row of a new account, with its password hashed.
pub(super) async fn row(
    app: &App,
    tenant: i64,
    email: &str,
    password: &NewPassword,
    language: &str,
) -> Result<AccountRow> {
    Ok(AccountRow {
        tenant,
        id: crate::random::uuid(),
        email: email.trim().to_lowercase(),
        password_hash: app
            .passwords
            .hash(password)
            .await
            .map_err(password_failed)?,
        language: language.to_owned(),
        created_at: app.clock.now_ms(),
    })
}

/// Adds an account with a role.
///
/// # Errors
/// [`Error::Invalid`] with every problem; [`Error::Conflict`] with code `already_exists`.
pub async fn create(app: &App, caller: &Caller, new: NewAccount) -> Result<()> {
    let organisation = caller
        .organisation(app, Scope::OrganisationsWrite, &new.organisation)
        .await?;
    let mut problems = Problems::default();
    let password = check_credentials(&mut problems, &new.email, &new.password);
    problems.into_result("The account cannot be added as it is.")?;
    let Some(password) = password else {
        return Err(Error::internal(anyhow::anyhow!(
            "a password was neither right nor wrong"
        )));
    };
    let account = row(app, caller.tenant(), &new.email, &password, &new.language).await?;
    let role = AccountRoleRow {
        tenant: account.tenant,
        account: account.id.clone(),
        organisation: organisation.code,
        role: new.role.as_str().to_owned(),
    };
    app.store
        .write(Side::Roster, "add an account", move |conn| {
            on!(conn, account::insert(&account))?;
            on!(conn, account::put_role(&role))
        })
        .await
        .map_err(|error| exists(error, "account", &new.email))
}

/// Begins a session for an address and a password.
///
/// # Errors
/// [`Error::Unauthenticated`], without telling which of the two was wrong.
pub async fn sign_in(app: &App, email: &str, password: &str) -> Result<NewSession> {
    let address = email.trim().to_lowercase();
    let account = app
        .store
        .read(Side::Roster, "find an account", move |conn| {
            on!(conn, account::by_email(&address))
        })
        .await?;
    let stored = account
        .as_ref()
        .map(|account| account.password_hash.as_str());
    let right = app
        .passwords
        .verify(password, stored)
        .await
        .map_err(password_failed)?;
    match account {
        Some(account) if right => begin_session(app, account.tenant, account.id).await,
        _ => Err(Error::Unauthenticated {
            detail: "The address or the password is not right.".to_owned(),
        }),
    }
}

pub(super) async fn begin_session(app: &App, tenant: i64, account: String) -> Result<NewSession> {
    let token = OpaqueToken::generate();
    let row = SessionRow {
        hash: token.hash().to_vec(),
        tenant,
        account,
        expires_at: app.clock.now_ms() + SESSION_MS,
    };
    app.store
        .write(Side::Roster, "begin a session", move |conn| {
            on!(conn, account::insert_session(&row))
        })
        .await?;
    Ok(NewSession {
        token,
        seconds: SESSION_MS / 1000,
    })
}

/// Who a session belongs to.
///
/// # Errors
/// [`Error::Unauthenticated`] where there is none (any more).
pub async fn resume(app: &App, token: &str) -> Result<SignedIn> {
    let signed_out = || Error::Unauthenticated {
        detail: "Please sign in.".to_owned(),
    };
    let hash = OpaqueToken::parse(token).ok_or_else(signed_out)?.hash();
    let now = app.clock.now_ms();
    let (account, roles) = app
        .store
        .read(Side::Roster, "resume a session", move |conn| {
            let Some(session) = on!(conn, account::session(&hash, now))? else {
                return Ok(None);
            };
            let Some(account) = on!(conn, account::find(session.tenant, &session.account))? else {
                return Ok(None);
            };
            let roles = on!(conn, account::roles(session.tenant, &session.account))?;
            Ok(Some((account, roles)))
        })
        .await?
        .ok_or_else(signed_out)?;
    let grants = roles
        .into_iter()
        .map(|(role, organisation)| {
            let scopes = role.role.parse::<Role>().map_err(Error::internal)?.scopes();
            Ok(Grant {
                organisation: organisation.code,
                path: organisation.path,
                scopes,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(SignedIn {
        caller: Caller::new(account.tenant, account.id, grants),
        email: account.email,
        language: account.language,
    })
}

/// Ends a session, if it is one.
pub async fn sign_out(app: &App, token: &str) -> Result<()> {
    let Some(token) = OpaqueToken::parse(token) else {
        return Ok(());
    };
    app.store
        .write(Side::Roster, "end a session", move |conn| {
            on!(conn, account::delete_session(&token.hash()))
        })
        .await
}

/// Removes sessions and set-up links that have run out.
pub async fn clean_up(app: &App) -> Result<()> {
    let now = app.clock.now_ms();
    app.store
        .write(Side::Roster, "remove old sessions", move |conn| {
            on!(conn, account::delete_expired(now))
        })
        .await
}

/// Reads from both stores, to see that they answer.
pub async fn check_stores(app: &App) -> Result<()> {
    app.store.check_disk()?;
    app.store
        .read(Side::Roster, "look whether the roster answers", |conn| {
            on!(conn, account::count())
        })
        .await?;
    app.store
        .read(Side::Ballots, "look whether the ballots answer", |conn| {
            on!(conn, ballot::any_waiting(0, ""))
        })
        .await?;
    Ok(())
}
