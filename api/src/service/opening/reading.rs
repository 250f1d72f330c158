//! Taking ballots out of their envelopes, on every core: most of the time of an opening goes here.

use super::Opening;
use crate::auth::OpeningKey;
use crate::ballot::Ballot;
use crate::error::{Error, Result};
use crate::store::rows::MailboxRow;
use std::num::NonZeroUsize;
use survey_engine::answers::ValidAnswers;

/// Threads at most: beyond that the reading from the database takes the time.
const THREADS: usize = 8;

impl Opening {
    /// Takes ballots out of their envelopes and checks each once more; in the order given. Waits for its threads: not for one that
    /// serves requests.
    ///
    /// # Errors
    /// One that cannot be read stops the opening: all stay where they are, and nothing of the round is shown, rather than that
    /// an answer is lost in silence.
    pub(super) fn read(&self, key: &OpeningKey, rows: &[MailboxRow]) -> Result<Vec<Ballot>> {
        let threads = std::thread::available_parallelism()
            .map_or(1, NonZeroUsize::get)
            .min(THREADS);
        let share = rows.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let readers: Vec<_> = rows
                .chunks(share)
                .map(|rows| scope.spawn(|| self.read_share(key, rows)))
                .collect();
            let mut ballots = Vec::with_capacity(rows.len());
            for reader in readers {
                let share = reader.join().map_err(|_| {
                    Error::internal(anyhow::anyhow!("the reading of a ballot panicked"))
                })?;
                ballots.extend(share?);
            }
            Ok(ballots)
        })
    }

    fn read_share(&self, key: &OpeningKey, rows: &[MailboxRow]) -> Result<Vec<Ballot>> {
        rows.iter().map(|row| self.read_one(key, row)).collect()
    }

    fn read_one(&self, key: &OpeningKey, row: &MailboxRow) -> Result<Ballot> {
        let ballot = Ballot::open(key, row.tenant, &row.round, &row.tag, &row.sealed)
            .map_err(Error::internal)?;
        let (form, _) = self.instrument.form(&ballot.form)?;
        ValidAnswers::from_stored(form, ballot.packed.clone(), ballot.texts.clone())
            .map_err(Error::internal)?;
        if self.tree.upwards(&ballot.organisation).is_empty() {
            return Err(Error::internal(anyhow::anyhow!(
                "a ballot is for {}, which takes no part in the round",
                ballot.organisation
            )));
        }
        Ok(ballot)
    }
}
