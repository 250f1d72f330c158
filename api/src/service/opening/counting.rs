//! Tallies of what was opened, for every organisation and all above it.

use super::Opening;
use crate::ballot;
use crate::error::{Error, Result};
use crate::store::rows::{MailboxRow, ResponseRow};
use crate::store::{Conn, on};
use std::collections::BTreeMap;
use survey_engine::scoring::Blueprint;
use survey_engine::tally::{Tally, TallyMismatch};

/// Tallies by organisation and form.
pub(super) type Tallies = BTreeMap<(String, String), Tally>;

impl Opening {
    /// The tallies of what was opened before.
    pub(super) fn stored_tallies(&self, conn: &mut Conn) -> Result<Tallies> {
        on!(conn, ballot::tallies(self.round.tenant, &self.round.code))?
            .into_iter()
            .map(|row| {
                let tally = Tally::from_bytes(&row.content).map_err(Error::internal)?;
                Ok(((row.organisation, row.form), tally))
            })
            .collect()
    }

    /// Changes the tally of one organisation and form.
    pub(super) fn count(
        &self,
        tallies: &mut Tallies,
        organisation: &str,
        form: &str,
        change: impl FnOnce(&mut Tally, &Blueprint) -> std::result::Result<(), TallyMismatch>,
    ) -> Result<()> {
        let (_, blueprint) = self.instrument.form(form)?;
        let tally = tallies
            .entry((organisation.to_owned(), form.to_owned()))
            .or_insert_with(|| Tally::new(blueprint));
        change(tally, blueprint).map_err(Error::internal)
    }

    /// Changes the tallies of organisations and of all above them, within the round, by those of a part.
    pub(super) fn spread(
        &self,
        part: &Tallies,
        whole: &mut Tallies,
        change: impl Fn(&mut Tally, &Tally) -> std::result::Result<(), TallyMismatch>,
    ) -> Result<()> {
        for ((organisation, form), tally) in part {
            for node in self.tree.upwards(organisation) {
                self.count(whole, node, form, |whole, _| change(whole, tally))?;
            }
        }
        Ok(())
    }

    /// Takes back what an earlier ballot of the same link has added; gives it, where there was one.
    pub(super) fn take_back(
        &self,
        conn: &mut Conn,
        row: &MailboxRow,
        form: &str,
    ) -> Result<Option<ResponseRow>> {
        let key = ballot::response_key(&row.tag);
        let Some(earlier) = on!(conn, ballot::response(row.tenant, &row.round, &key))? else {
            return Ok(None);
        };
        let (form, _) = self.instrument.form(form)?;
        let text_keys: Vec<Vec<u8>> = form
            .items()
            .map(|(_, item)| ballot::text_key(&row.tag, item.id()))
            .collect();
        on!(conn, ballot::delete_response(&earlier, &text_keys))?;
        Ok(Some(earlier))
    }
}
