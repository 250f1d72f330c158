//! Opening an anonymous round: all its ballots at once, when it closes.
//!
//! The box takes no more ballots by then, so everything that takes time (reading, decrypting, checking, counting, sorting) is done
//! before the one transaction that writes, and other rounds go on taking answers meanwhile. Every response and every free text gets a
//! random key of its own and is written in the order of these keys: nothing tells which text belongs to which response, nor who came
//! when.

use super::decision::decide;
use super::{OPENED, Opening, Tallies, find_box};
use crate::app::App;
use crate::auth::OpeningKey;
use crate::ballot::Ballot;
use crate::error::{Error, Result};
use crate::service::round::opening_key;
use crate::store::rows::{FreeTextRow, ResponseRow, TallyRow};
use crate::store::{Conn, Side, on};
use std::collections::BTreeMap;
use survey_engine::tally::Tally;

/// Rows that are handed to the database at once.
const AT_ONCE: usize = 1_000;

/// Which organisation and form something belongs to: a place in [`Prepared::voices`].
type Voice = u32;

/// A response as it will be stored, in little memory.
struct Response {
    key: [u8; 16],
    voice: Voice,
    packed: Box<[u8]>,
}

/// A free text as it will be stored.
struct FreeText {
    key: [u8; 16],
    voice: Voice,
    item: String,
    content: String,
}

/// All of a round's answers, opened.
#[derive(Default)]
struct Prepared {
    /// Organisations and forms, in the order in which they came up.
    voices: Vec<(String, String)>,
    numbers: BTreeMap<(String, String), Voice>,
    responses: Vec<Response>,
    texts: Vec<FreeText>,
    tallies: Tallies,
}

impl Opening {
    /// Opens all ballots of the round; gives how many there were.
    pub(super) async fn open_whole(&self, app: &App) -> Result<i64> {
        let mut prepared = Prepared::default();
        let mut key: Option<OpeningKey> = None;
        let mut after = Vec::new();
        loop {
            let rows = self.waiting(app, after).await?;
            let Some(last) = rows.last() else {
                break;
            };
            after = last.tag.clone();
            let known = match key.take() {
                Some(key) => key,
                None => opening_key(&app.keys, &self.round)?,
            };
            let opening = self.clone();
            (prepared, key) = tokio::task::spawn_blocking(move || {
                for ballot in opening.read(&known, &rows)? {
                    opening.prepare(&mut prepared, ballot)?;
                }
                Ok::<_, Error>((prepared, Some(known)))
            })
            .await
            .map_err(Error::internal)??;
        }
        drop(key);
        let opening = self.clone();
        let (prepared, tallies) = tokio::task::spawn_blocking(move || {
            prepared.responses.sort_unstable_by_key(|one| one.key);
            prepared.texts.sort_unstable_by_key(|one| one.key);
            let mut whole = Tallies::new();
            opening.spread(
                &std::mem::take(&mut prepared.tallies),
                &mut whole,
                Tally::merge,
            )?;
            let rows = decide(&opening.round, &opening.tree, &opening.instrument, &whole)?;
            Ok::<_, Error>((prepared, rows))
        })
        .await
        .map_err(Error::internal)??;
        let opening = self.clone();
        app.store
            .write(Side::Ballots, "open ballots", move |conn| {
                opening.write(conn, &prepared, &tallies)
            })
            .await
    }

    fn prepare(&self, prepared: &mut Prepared, ballot: Ballot) -> Result<()> {
        self.count(
            &mut prepared.tallies,
            &ballot.organisation,
            &ballot.form,
            |tally, blueprint| tally.add(blueprint, &ballot.packed),
        )?;
        let voice = prepared.voice(ballot.organisation, ballot.form)?;
        prepared.responses.push(Response {
            key: crate::random::bytes(),
            voice,
            packed: ballot.packed.into_boxed_slice(),
        });
        prepared
            .texts
            .extend(ballot.texts.into_iter().map(|(item, content)| FreeText {
                key: crate::random::bytes(),
                voice,
                item,
                content,
            }));
        Ok(())
    }

    /// Writes everything, in one transaction that also empties the mailbox.
    fn write(&self, conn: &mut Conn, prepared: &Prepared, tallies: &[TallyRow]) -> Result<i64> {
        let (tenant, code) = (self.round.tenant, self.round.code.as_str());
        let mut ballot_box = find_box(conn, tenant, code)?;
        if ballot_box.status == OPENED {
            // Another process was faster.
            return Ok(ballot_box.ballots);
        }
        let count = i64::try_from(prepared.responses.len()).map_err(Error::internal)?;
        if on!(conn, ballot::count_waiting(tenant, code))? != count {
            return Err(Error::internal(anyhow::anyhow!(
                "the mailbox of {code} changed while it was being opened"
            )));
        }
        for part in prepared.responses.chunks(AT_ONCE) {
            let rows: Vec<ResponseRow> = part
                .iter()
                .filter_map(|one| {
                    let (organisation, form) = prepared.named(one.voice)?;
                    Some(ResponseRow {
                        tenant,
                        round: code.to_owned(),
                        key: one.key.to_vec(),
                        organisation,
                        form,
                        subject: None,
                        packed: one.packed.to_vec(),
                    })
                })
                .collect();
            on!(conn, ballot::insert_responses(&rows))?;
        }
        for part in prepared.texts.chunks(AT_ONCE) {
            let rows: Vec<FreeTextRow> = part
                .iter()
                .filter_map(|one| {
                    let (organisation, form) = prepared.named(one.voice)?;
                    Some(FreeTextRow {
                        tenant,
                        round: code.to_owned(),
                        key: one.key.to_vec(),
                        organisation,
                        form,
                        item: one.item.clone(),
                        content: one.content.clone(),
                    })
                })
                .collect();
            on!(conn, ballot::insert_texts(&rows))?;
        }
        on!(conn, ballot::put_tallies(tallies))?;
        on!(conn, ballot::empty_mailbox(tenant, code))?;
        OPENED.clone_into(&mut ballot_box.status);
        ballot_box.ballots = count;
        on!(conn, ballot::set_box(&ballot_box))?;
        Ok(count)
    }
}

impl Prepared {
    fn voice(&mut self, organisation: String, form: String) -> Result<Voice> {
        let voice = (organisation, form);
        if let Some(number) = self.numbers.get(&voice) {
            return Ok(*number);
        }
        let number = Voice::try_from(self.voices.len()).map_err(Error::internal)?;
        self.voices.push(voice.clone());
        self.numbers.insert(voice, number);
        Ok(number)
    }

    fn named(&self, voice: Voice) -> Option<(String, String)> {
        self.voices.get(usize::try_from(voice).ok()?).cloned()
    }
}
