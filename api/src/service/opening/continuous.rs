//! Rounds that promise less than anonymity are opened as ballots come.
//!
//! There the key of a response comes from its tag, so that answers that are sent again take the place of the earlier ones: the
//! tally loses the old and gains the new.

use super::decision::decide;
use super::{AT_ONCE, OPENED, Opening, Tallies, find_box};
use crate::app::App;
use crate::ballot::{self, Ballot};
use crate::error::{Error, Result};
use crate::service::round::opening_key;
use crate::store::rows::{FreeTextRow, MailboxRow, ResponseRow};
use crate::store::{Conn, Side, on};
use survey_engine::tally::Tally;

impl Opening {
    /// Opens what waits, a part at a time, as long as `goes_on` says so.
    pub(super) async fn absorb(&self, app: &App, goes_on: impl Fn() -> bool) -> Result<()> {
        while goes_on() {
            let rows = self.waiting(app, Vec::new()).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let is_last = i64::try_from(rows.len()).is_ok_and(|count| count < AT_ONCE);
            let key = opening_key(&app.keys, &self.round)?;
            let opening = self.clone();
            let (rows, ballots) = tokio::task::spawn_blocking(move || {
                let ballots = opening.read(&key, &rows)?;
                Ok::<_, Error>((rows, ballots))
            })
            .await
            .map_err(Error::internal)??;
            let opening = self.clone();
            app.store
                .write(Side::Ballots, "open ballots", move |conn| {
                    opening.take_in(conn, rows, ballots)
                })
                .await?;
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// Takes ballots out of the mailbox and puts their answers among the responses.
    fn take_in(&self, conn: &mut Conn, rows: Vec<MailboxRow>, ballots: Vec<Ballot>) -> Result<()> {
        let mut ballot_box = find_box(conn, self.round.tenant, &self.round.code)?;
        let (mut added, mut removed) = (Tallies::new(), Tallies::new());
        let (mut responses, mut texts) = (Vec::new(), Vec::new());
        for (row, ballot) in rows.into_iter().zip(ballots) {
            // One that was replaced since, or that another process has taken in, is not there as it was read.
            if !on!(conn, ballot::take(&row))? {
                continue;
            }
            match self.take_back(conn, &row, &ballot.form)? {
                Some(earlier) => self.count(
                    &mut removed,
                    &earlier.organisation,
                    &earlier.form,
                    |tally, blueprint| tally.add(blueprint, &earlier.packed),
                )?,
                None => ballot_box.ballots += 1,
            }
            self.count(
                &mut added,
                &ballot.organisation,
                &ballot.form,
                |tally, blueprint| tally.add(blueprint, &ballot.packed),
            )?;
            texts.extend(texts_of(&row, &ballot));
            responses.push(response_of(row, ballot));
        }
        if responses.is_empty() {
            return Ok(());
        }
        // In the order of keys that are made from a secret: the order of arrival within a turn is gone.
        responses.sort_by(|one, other| one.key.cmp(&other.key));
        texts.sort_by(|one, other| one.key.cmp(&other.key));
        on!(conn, ballot::insert_responses(&responses))?;
        on!(conn, ballot::insert_texts(&texts))?;
        let mut tallies = self.stored_tallies(conn)?;
        self.spread(&added, &mut tallies, Tally::merge)?;
        self.spread(&removed, &mut tallies, Tally::unmerge)?;
        let rows = decide(&self.round, &self.tree, &self.instrument, &tallies)?;
        on!(conn, ballot::put_tallies(&rows))?;
        on!(conn, ballot::set_box(&ballot_box))
    }

    /// Marks the box as opened, once nothing waits in it; gives how many ballots it has held.
    pub(super) async fn seal_off(&self, app: &App) -> Result<i64> {
        let (tenant, code) = (self.round.tenant, self.round.code.clone());
        app.store
            .write(Side::Ballots, "finish a ballot box", move |conn| {
                let mut ballot_box = find_box(conn, tenant, &code)?;
                if on!(conn, ballot::any_waiting(tenant, &code))? {
                    // Another process had not finished its part: to be tried again.
                    return Err(Error::Busy);
                }
                on!(conn, ballot::empty_mailbox(tenant, &code))?;
                OPENED.clone_into(&mut ballot_box.status);
                on!(conn, ballot::set_box(&ballot_box))?;
                Ok(ballot_box.ballots)
            })
            .await
    }
}

fn response_of(row: MailboxRow, ballot: Ballot) -> ResponseRow {
    ResponseRow {
        key: ballot::response_key(&row.tag),
        tenant: row.tenant,
        round: row.round,
        organisation: ballot.organisation,
        form: ballot.form,
        subject: ballot.subject,
        packed: ballot.packed,
    }
}

fn texts_of(row: &MailboxRow, ballot: &Ballot) -> Vec<FreeTextRow> {
    ballot
        .texts
        .iter()
        .map(|(item, content)| FreeTextRow {
            tenant: row.tenant,
            round: row.round.clone(),
            key: ballot::text_key(&row.tag, item),
            organisation: ballot.organisation.clone(),
            form: ballot.form.clone(),
            item: item.clone(),
            content: content.clone(),
        })
        .collect()
}
