//! The first steps of a new deployment: a link that works once, and behind it the first tenant and account.

use super::account::{self, NewSession, check_credentials};
use super::organisation::{Level, NewOrganisation, TenantToBe, exists};
use super::{Caller, Problems, definition};
use crate::app::App;
use crate::auth::{OpaqueToken, Role};
use crate::error::{Error, Result};
use crate::store::rows::{AccountRoleRow, SetupLinkRow};
use crate::store::{Conn, Side, on};

/// Milliseconds a set-up link lasts: one day.
const LINK_MS: i64 = 24 * 60 * 60 * 1000;

/// What the first person says about their organisation and themselves.
#[derive(Clone)]
pub struct Setup {
    /// Code of the organisation at the top of the tree; names the tenant as well.
    pub code: String,
    /// Its name.
    pub organisation: String,
    /// How wide it is.
    pub level: Level,
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// The language of pages.
    pub language: String,
}

/// A new set-up link where nobody has an account yet; an earlier one stops working.
pub async fn link(app: &App) -> Result<Option<String>> {
    let token = OpaqueToken::generate();
    let row = SetupLinkRow {
        hash: token.hash().to_vec(),
        expires_at: app.clock.now_ms() + LINK_MS,
    };
    let made = app
        .store
        .write(Side::Roster, "make a set-up link", move |conn| {
            if on!(conn, account::count())? > 0 {
                return Ok(false);
            }
            on!(conn, account::replace_setup_link(&row))?;
            Ok(true)
        })
        .await?;
    Ok(made.then(|| format!("{}/setup?token={}", app.base_url, token.to_text())))
}

/// Whether a set-up link is valid. Changes nothing.
///
/// # Errors
/// [`Error::NotFound`] where it is not, or not any more.
pub async fn check_link(app: &App, token: &str) -> Result<()> {
    let hash = OpaqueToken::parse(token).ok_or_else(unknown_link)?.hash();
    let now = app.clock.now_ms();
    let valid = app
        .store
        .read(Side::Roster, "check a set-up link", move |conn| {
            is_valid(conn, &hash, now)
        })
        .await?;
    valid.then_some(()).ok_or_else(unknown_link)
}

/// Whether a set-up link may be used: not once anybody has an account, however they came by it.
fn is_valid(conn: &mut Conn, hash: &[u8], now: i64) -> Result<bool> {
    Ok(on!(conn, account::count())? == 0 && on!(conn, account::setup_link(hash, now))?)
}

fn unknown_link() -> Error {
    Error::NotFound {
        what: "set-up link",
        name: "…".to_owned(),
    }
}

/// Sets up the first tenant with its administrator, publishes the default questionnaire, and signs the administrator in. The
/// link is used up.
///
/// # Errors
/// [`Error::NotFound`] for a link that is not valid; [`Error::Invalid`] with every problem.
pub async fn finish(app: &App, token: &str, setup: Setup) -> Result<NewSession> {
    check_link(app, token).await?;
    let mut problems = Problems::default();
    problems.note(
        !super::is_code(&setup.code),
        "/code",
        "bad_code",
        super::CODE_RULE,
    );
    let password = check_credentials(&mut problems, &setup.email, &setup.password);
    problems.into_result("Some of this needs mending.")?;
    let Some(password) = password else {
        return Err(Error::internal(anyhow::anyhow!(
            "a password was neither right nor wrong"
        )));
    };
    let top = NewOrganisation {
        code: setup.code.clone(),
        name: setup.organisation,
        level: setup.level,
        parent: None,
    };
    let tenant = TenantToBe::check(&setup.code, &top)?;
    let mut account = account::row(app, 0, &setup.email, &password, &setup.language).await?;
    let (organisation, now) = (setup.code.clone(), app.clock.now_ms());
    let link = OpaqueToken::parse(token).map(|token| token.hash());
    let (tenant, id) = app
        .store
        .write(Side::Roster, "finish the set-up", move |conn| {
            // Asked once more inside the transaction: of two people with the same link only one gets in.
            let valid = match &link {
                Some(hash) => is_valid(conn, hash, now)?,
                None => false,
            };
            if !valid {
                return Err(unknown_link());
            }
            let number = tenant.insert(conn, now)?;
            account.tenant = number;
            let role = AccountRoleRow {
                tenant: number,
                account: account.id.clone(),
                organisation,
                role: Role::Admin.as_str().to_owned(),
            };
            on!(conn, account::insert(&account))?;
            on!(conn, account::put_role(&role))?;
            on!(conn, account::delete_setup_links())?;
            Ok((number, account.id))
        })
        .await
        .map_err(|error| exists(error, "tenant", &setup.code))?;
    publish_defaults(app, &Caller::operator(tenant)).await?;
    account::begin_session(app, tenant, id).await
}

/// Publishes the framework and the questionnaire that Klankbord brings along.
pub async fn publish_defaults(app: &App, caller: &Caller) -> Result<()> {
    use survey_engine::questionnaire::defaults::{FRAMEWORK, QUESTIONNAIRE};
    definition::publish_framework(app, caller, FRAMEWORK).await?;
    definition::publish_questionnaire(app, caller, QUESTIONNAIRE).await?;
    Ok(())
}
