//! The rows of the roster.
#![expect(missing_docs, reason = "the columns are described in the migrations")]

use super::bytes;
use crate::store::schema::{
    account, account_role, api_client, assignment, eligibility, former_claim, framework,
    invitation, organisation, outbox, participation, person, questionnaire, role, round, session,
    setup_link, signing_key, stakeholder_group, tenant,
};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `tenant`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = tenant)]
pub struct TenantRow {
    pub id: i64,
    pub code: String,
    pub name: String,
    pub created_at: i64,
}

/// A row of `stakeholder_group`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = stakeholder_group)]
pub struct StakeholderGroupRow {
    pub tenant: i64,
    pub code: String,
    pub title: String,
    pub protection: String,
    pub position: i64,
}

/// A row of `organisation`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = organisation)]
pub struct OrganisationRow {
    pub tenant: i64,
    pub code: String,
    pub parent: Option<String>,
    pub level: String,
    pub name: String,
    pub path: String,
}

/// A row of `person`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = person)]
pub struct PersonRow {
    pub tenant: i64,
    pub id: String,
    pub reference: Option<String>,
    pub email: Option<String>,
    pub language: String,
    pub unsubscribed: bool,
}

/// A row of `role`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = role)]
pub struct RoleRow {
    pub tenant: i64,
    pub person: String,
    pub organisation: String,
    pub group_code: String,
    pub form: Option<String>,
}

/// A row of `framework`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = framework)]
pub struct FrameworkRow {
    pub tenant: i64,
    pub id: String,
    pub version: String,
    pub document: String,
    pub published_at: i64,
}

/// A row of `questionnaire`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = questionnaire)]
pub struct QuestionnaireRow {
    pub tenant: i64,
    pub id: String,
    pub version: String,
    pub framework: String,
    pub framework_version: String,
    pub document: String,
    pub published_at: i64,
}

/// A row of `round`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = round)]
pub struct RoundRow {
    pub tenant: i64,
    pub code: String,
    pub organisation: String,
    pub questionnaire: String,
    pub questionnaire_version: String,
    pub title: String,
    pub mode: String,
    pub status: String,
    pub opens_at: Option<i64>,
    pub closes_at: Option<i64>,
    pub plan: String,
    pub minimums: String,
    pub promise: Option<String>,
    pub baseline: Option<String>,
    pub issued: Option<i64>,
    pub claimed: Option<i64>,
    pub ballots: Option<i64>,
    pub opened: Option<i64>,
    pub sealing_key: Option<String>,
}

/// What of a row of `round` can change before it closes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = round)]
pub struct RoundStateRow {
    pub status: String,
    pub opens_at: Option<i64>,
    pub closes_at: Option<i64>,
    pub sealing_key: Option<String>,
}

impl RoundStateRow {
    /// The changing part of a whole row.
    #[must_use]
    pub fn of(row: &RoundRow) -> Self {
        Self {
            status: row.status.clone(),
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            sealing_key: row.sealing_key.clone(),
        }
    }
}

/// An invitation with its person, how its round stands, and one of its assignments.
pub type LinkRow = (
    InvitationRow,
    PersonRow,
    RoundStateRow,
    Option<AssignmentRow>,
);

/// A row of `invitation`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = invitation)]
pub struct InvitationRow {
    pub tenant: i64,
    pub id: String,
    pub round: String,
    pub person: String,
    #[serde(with = "bytes::maybe", default)]
    pub token_hash: Option<Vec<u8>>,
    #[serde(with = "bytes::maybe", default)]
    pub link_nonce: Option<Vec<u8>>,
    pub delivery: String,
}

/// A row of `assignment`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = assignment)]
pub struct AssignmentRow {
    pub tenant: i64,
    pub round: String,
    pub invitation: String,
    pub organisation: String,
    pub form: String,
    pub group_code: String,
    pub done: bool,
    pub claim: Option<String>,
    #[serde(with = "bytes::maybe", default)]
    pub blinded: Option<Vec<u8>>,
}

/// A row of `signing_key`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = signing_key)]
pub struct SigningKeyRow {
    pub tenant: i64,
    pub round: String,
    pub number: i64,
    pub form: String,
    #[serde(with = "bytes::maybe", default)]
    pub public_key: Option<Vec<u8>>,
}

/// A row of `eligibility`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = eligibility)]
pub struct EligibilityRow {
    pub tenant: i64,
    pub round: String,
    pub organisation: String,
    pub form: String,
    pub signing_key: i64,
}

/// A row of `former_claim`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = former_claim)]
pub struct FormerClaimRow {
    pub tenant: i64,
    pub round: String,
    pub organisation: String,
    pub form: String,
    pub claimed: i64,
    pub done: i64,
}

/// A row of `participation`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = participation)]
pub struct ParticipationRow {
    pub tenant: i64,
    pub round: String,
    pub organisation: String,
    pub form: String,
    pub invited: i64,
    pub answered: i64,
}

/// A row of `outbox`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = outbox)]
pub struct OutboxRow {
    pub tenant: i64,
    pub id: String,
    pub kind: String,
    pub subject: String,
    pub message_id: String,
    pub status: String,
    pub attempts: i64,
    pub next_attempt_at: i64,
    pub last_error: Option<String>,
}

/// A row of `account`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = account)]
pub struct AccountRow {
    pub tenant: i64,
    pub id: String,
    pub email: String,
    pub password_hash: String,
    pub language: String,
    pub created_at: i64,
}

/// A row of `account_role`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = account_role)]
pub struct AccountRoleRow {
    pub tenant: i64,
    pub account: String,
    pub organisation: String,
    pub role: String,
}

/// A row of `session`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = session)]
pub struct SessionRow {
    #[serde(with = "bytes")]
    pub hash: Vec<u8>,
    pub tenant: i64,
    pub account: String,
    pub expires_at: i64,
}

/// A row of `api_client`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = api_client)]
pub struct ApiClientRow {
    pub tenant: i64,
    pub id: String,
    pub name: String,
    #[serde(with = "bytes")]
    pub secret_hash: Vec<u8>,
    pub scopes: String,
    pub organisation: String,
    pub created_at: i64,
}

/// A row of `setup_link`.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    QueryableByName,
    Selectable,
    Insertable,
)]
#[diesel(table_name = setup_link)]
pub struct SetupLinkRow {
    #[serde(with = "bytes")]
    pub hash: Vec<u8>,
    pub expires_at: i64,
}
