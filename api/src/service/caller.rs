//! Who asks, and where they may do what.

use crate::app::App;
use crate::auth::{Scope, Scopes};
use crate::error::{Error, Result};
use crate::store::rows::{OrganisationRow, RoundRow};
use crate::store::{Side, on};

/// Rights at an organisation and everything below it.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The organisation's code.
    pub organisation: String,
    /// The organisation's path.
    pub path: String,
    /// What may be done there.
    pub scopes: Scopes,
}

/// Somebody who has shown who they are: a person with a session, or a client of the API. Only the services that check
/// credentials make one.
#[derive(Debug, Clone)]
pub struct Caller {
    tenant: i64,
    subject: String,
    grants: Vec<Grant>,
}

impl Caller {
    pub(super) fn new(tenant: i64, subject: String, grants: Vec<Grant>) -> Self {
        Self {
            tenant,
            subject,
            grants,
        }
    }

    /// The operator at the command line, who may do everything in one tenant.
    #[must_use]
    pub fn operator(tenant: i64) -> Self {
        Self::new(
            tenant,
            "operator".to_owned(),
            vec![Grant {
                organisation: String::new(),
                path: "/".to_owned(),
                scopes: Scopes::of(&Scope::ALL),
            }],
        )
    }

    /// The tenant that everything asked for belongs to.
    #[must_use]
    pub fn tenant(&self) -> i64 {
        self.tenant
    }

    /// The account, the client, or `operator`.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Refuses a caller who has a right nowhere at all.
    pub fn require(&self, scope: Scope) -> Result<()> {
        if self.grants.iter().any(|grant| grant.scopes.contains(scope)) {
            return Ok(());
        }
        Err(Error::Forbidden {
            detail: format!(
                "This needs the right “{}”. Ask for it with the access token, or ask an administrator to grant it.",
                scope.as_str()
            ),
        })
    }

    /// Where the caller has a right: paths of organisations, each with everything below it.
    #[must_use]
    pub fn paths(&self, scope: Scope) -> Vec<String> {
        self.grants
            .iter()
            .filter(|grant| grant.scopes.contains(scope))
            .map(|grant| grant.path.clone())
            .collect()
    }

    /// Whether the caller has a right at `path`.
    #[must_use]
    pub fn may(&self, scope: Scope, path: &str) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.scopes.contains(scope) && path.starts_with(&grant.path))
    }

    /// Whether the caller has a right somewhere at, above or below `path`.
    #[must_use]
    pub fn touches(&self, scope: Scope, path: &str) -> bool {
        self.grants.iter().any(|grant| {
            grant.scopes.contains(scope)
                && (path.starts_with(&grant.path) || grant.path.starts_with(path))
        })
    }

    /// An organisation at which the caller has a right.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the right is missing altogether; [`Error::NotFound`] where there is no such organisation
    /// or it lies outside what the caller may see.
    pub async fn organisation(
        &self,
        app: &App,
        scope: Scope,
        code: &str,
    ) -> Result<OrganisationRow> {
        self.require(scope)?;
        let (tenant, wanted) = (self.tenant, code.to_owned());
        app.store
            .read(Side::Roster, "find an organisation", move |conn| {
                on!(conn, organisation::find(tenant, &wanted))
            })
            .await?
            .filter(|found| self.may(scope, &found.path))
            .ok_or_else(|| Error::not_found("organisation", code))
    }

    /// A round that the caller may see, with its organisation: one at, above or below where they have the right.
    pub async fn round(
        &self,
        app: &App,
        scope: Scope,
        code: &str,
    ) -> Result<(RoundRow, OrganisationRow)> {
        self.require(scope)?;
        let (round, organisation) = self.find_round(app, code).await?;
        if self.touches(scope, &organisation.path) {
            Ok((round, organisation))
        } else {
            Err(Error::not_found("round", code))
        }
    }

    /// A round that the caller may act on: one at or below where they have the right.
    pub async fn round_to_manage(
        &self,
        app: &App,
        scope: Scope,
        code: &str,
    ) -> Result<(RoundRow, OrganisationRow)> {
        self.require(scope)?;
        let (round, organisation) = self.find_round(app, code).await?;
        if self.may(scope, &organisation.path) {
            return Ok((round, organisation));
        }
        if self.touches(scope, &organisation.path) {
            return Err(Error::Forbidden {
                detail: format!(
                    "The round “{code}” is run by “{}”; only there, or above, can it be managed.",
                    organisation.name
                ),
            });
        }
        Err(Error::not_found("round", code))
    }

    async fn find_round(&self, app: &App, code: &str) -> Result<(RoundRow, OrganisationRow)> {
        let (tenant, wanted) = (self.tenant, code.to_owned());
        app.store
            .read(Side::Roster, "find a round", move |conn| {
                let Some(round) = on!(conn, round::find(tenant, &wanted))? else {
                    return Ok(None);
                };
                let organisation = on!(conn, organisation::find(tenant, &round.organisation))?;
                Ok(organisation.map(|organisation| (round, organisation)))
            })
            .await?
            .ok_or_else(|| Error::not_found("round", code))
    }
}
