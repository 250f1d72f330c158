//! The rows of the ballots.
#![expect(missing_docs, reason = "the columns are described in the migrations")]

use super::bytes;
use crate::store::schema::{ballot_box, draft, free_text, mailbox, response, tally};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `ballot_box`.
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
#[diesel(table_name = ballot_box)]
pub struct BallotBoxRow {
    pub tenant: i64,
    pub round: String,
    pub status: String,
    pub ballots: i64,
}

/// A row of `mailbox`.
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
#[diesel(table_name = mailbox)]
pub struct MailboxRow {
    pub tenant: i64,
    pub round: String,
    #[serde(with = "bytes")]
    pub tag: Vec<u8>,
    #[serde(with = "bytes")]
    pub sealed: Vec<u8>,
}

/// A row of `draft`.
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
#[diesel(table_name = draft)]
pub struct DraftRow {
    pub tenant: i64,
    pub round: String,
    #[serde(with = "bytes")]
    pub key: Vec<u8>,
    #[serde(with = "bytes")]
    pub content: Vec<u8>,
}

/// A row of `response`.
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
#[diesel(table_name = response)]
pub struct ResponseRow {
    pub tenant: i64,
    pub round: String,
    #[serde(with = "bytes")]
    pub key: Vec<u8>,
    pub organisation: String,
    pub form: String,
    pub subject: Option<String>,
    #[serde(with = "bytes")]
    pub packed: Vec<u8>,
}

/// A row of `free_text`.
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
#[diesel(table_name = free_text)]
pub struct FreeTextRow {
    pub tenant: i64,
    pub round: String,
    #[serde(with = "bytes")]
    pub key: Vec<u8>,
    pub organisation: String,
    pub form: String,
    pub item: String,
    pub content: String,
}

/// A row of `tally`.
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
#[diesel(table_name = tally)]
pub struct TallyRow {
    pub tenant: i64,
    pub round: String,
    pub organisation: String,
    pub form: String,
    #[serde(with = "bytes")]
    pub content: Vec<u8>,
    pub decisions: String,
}
