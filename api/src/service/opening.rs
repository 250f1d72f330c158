//! Opening ballots: from the mailbox to responses and tallies, and with them the decision what may be shown.

pub(super) mod erasing;

use super::Caller;
use super::claim;
use super::definition::{Instrument, instrument};
use super::organisation::{Level, Protection};
use super::participation::{self, Tree};
use super::round::{GroupPlan, Mode, Round, Status, tag_key};
use crate::app::App;
use crate::auth::Scope;
use crate::ballot::{self, Ballot};
use crate::error::{Error, Result};
use crate::store::rows::{FreeTextRow, MailboxRow, ResponseRow, RoundRow, TallyRow};
use crate::store::{Conn, Side, on};
use std::collections::BTreeMap;
use std::sync::Arc;
use survey_engine::answers::ValidAnswers;
use survey_engine::disclosure::{Decision, Node, Reach, Respondents, Size, plan};
use survey_engine::tally::Tally;

/// Closes a round: nobody can answer any more, the ballots are opened and counted.
///
/// # Errors
/// [`Error::Conflict`] with code `round_not_open`.
pub async fn close(app: &App, caller: &Caller, code: &str) -> Result<Round> {
    let (row, _) = caller
        .round_to_manage(app, Scope::RoundsWrite, code)
        .await?;
    let round = Round::try_from(row)?;
    if round.status == Status::Open {
        begin_closing(app, &round).await?;
    } else if round.status != Status::Closing {
        return Err(Error::conflict(
            "round_not_open",
            format!(
                "The round “{code}” is {}; only an open one can be closed.",
                round.status.as_str()
            ),
        ));
    }
    finish_closing(app, round).await
}

/// From here on nobody can answer, and the process that finds the round so finishes the work.
pub(super) async fn begin_closing(app: &App, round: &Round) -> Result<bool> {
    let (tenant, code) = (round.tenant, round.code.clone());
    app.store
        .write(Side::Roster, "begin to close a round", move |conn| {
            on!(conn, round::advance(tenant, &code, "open", "closing"))
        })
        .await
}

/// Opens the ballots of a round that is closing. Safe to repeat after a crash at any point.
pub(super) async fn finish_closing(app: &App, round: Round) -> Result<Round> {
    let opened = absorb(app, &round, true).await?;
    app.store.rewrite_ballots(&app.config).await?;
    // Before the round counts as closed: nobody comes back to one that does, and no ballot needs the key any more.
    app.keys
        .destroy(&tag_key(round.tenant, &round.code))
        .map_err(Error::internal)?;
    claim::flush(app).await?;
    let (issued, claimed) = participation::refresh(app, &round).await?;
    let (tenant, code, now) = (round.tenant, round.code.clone(), app.clock.now_ms());
    let row: RoundRow = app
        .store
        .write(Side::Roster, "close a round", move |conn| {
            let Some(mut row) = on!(conn, round::find(tenant, &code))? else {
                return Err(Error::not_found("round", code));
            };
            row.issued = Some(issued);
            row.claimed = Some(claimed);
            row.ballots = Some(opened.ballots);
            row.opened = Some(opened.opened);
            // Another process may have finished it meanwhile.
            if on!(conn, round::advance(tenant, &code, "closing", "closed"))? {
                on!(conn, round::set_counts(&row))?;
                on!(conn, round::set_closed_at(tenant, &code, now))?;
                on!(conn, invitation::forget_nonces(tenant, &code))?;
            }
            on!(conn, round::find(tenant, &code))?.ok_or_else(|| Error::not_found("round", code))
        })
        .await?;
    row.try_into()
}

/// Opens what waits in the mailbox of an open round.
pub(super) async fn absorb_waiting(app: &App, round: &Round) -> Result<()> {
    absorb(app, round, false).await.map(drop)
}

/// How many ballots a round's box has held, and how many of them could be opened.
struct Opened {
    ballots: i64,
    opened: i64,
}

async fn absorb(app: &App, round: &Round, last: bool) -> Result<Opened> {
    let tree = participation::tree(app, round).await?;
    let instrument = instrument(
        app,
        round.tenant,
        &round.questionnaire.id,
        &round.questionnaire.version,
    )
    .await?;
    let opening = Opening {
        round: round.clone(),
        tree,
        instrument,
        last,
    };
    app.store
        .write(Side::Ballots, "open ballots", move |conn| opening.run(conn))
        .await
}

/// All that opening a round's ballots needs to know, apart from the ballots.
struct Opening {
    round: Round,
    tree: Tree,
    instrument: Arc<Instrument>,
    last: bool,
}

/// Tallies by organisation and form.
type Tallies = BTreeMap<(String, String), Tally>;

impl Opening {
    fn run(&self, conn: &mut Conn) -> Result<Opened> {
        let (tenant, code) = (self.round.tenant, self.round.code.as_str());
        let Some(mut ballot_box) = on!(conn, ballot::find_box(tenant, code))? else {
            return Err(Error::internal(anyhow::anyhow!(
                "the ballot box of {code} is gone"
            )));
        };
        if ballot_box.status == "opened" {
            return Ok(Opened {
                ballots: ballot_box.ballots,
                opened: ballot_box.ballots,
            });
        }
        let waiting = on!(conn, ballot::waiting(tenant, code))?;
        let mut tallies = self.stored_tallies(conn)?;
        let mut responses = Vec::with_capacity(waiting.len());
        let mut texts = Vec::new();
        for row in waiting {
            ballot_box.ballots += 1;
            let (ballot, answers) = self.read(&row)?;
            if self.round.mode != Mode::Anonymous
                && self.take_back(conn, &row, &answers, &mut tallies)?
            {
                ballot_box.ballots -= 1;
            }
            self.count(
                &mut tallies,
                &ballot.organisation,
                &ballot.form,
                |tally, blueprint| tally.add(blueprint, &ballot.packed),
            )?;
            texts.extend(self.texts_of(&row, &ballot));
            responses.push(self.response_of(&row, ballot));
        }
        // In the order of keys that are random, or made from a secret: the order of arrival is gone.
        responses.sort_by(|one: &ResponseRow, other| one.key.cmp(&other.key));
        texts.sort_by(|one: &FreeTextRow, other| one.key.cmp(&other.key));
        on!(conn, ballot::insert_responses(&responses))?;
        on!(conn, ballot::insert_texts(&texts))?;
        on!(conn, ballot::put_tallies(&self.decide(&tallies)?))?;
        on!(conn, ballot::empty_mailbox(tenant, code))?;
        if self.last {
            "opened".clone_into(&mut ballot_box.status);
        }
        on!(conn, ballot::set_box(&ballot_box))?;
        Ok(Opened {
            ballots: ballot_box.ballots,
            opened: ballot_box.ballots,
        })
    }

    fn stored_tallies(&self, conn: &mut Conn) -> Result<Tallies> {
        on!(conn, ballot::tallies(self.round.tenant, &self.round.code))?
            .into_iter()
            .map(|row| {
                let tally = Tally::from_bytes(&row.content).map_err(Error::internal)?;
                Ok(((row.organisation, row.form), tally))
            })
            .collect()
    }

    /// Takes a ballot out of its envelope and checks it once more. One that cannot be read stops the opening: it stays where
    /// it is, and nothing of the round is shown, rather than that an answer is lost in silence.
    fn read(&self, row: &MailboxRow) -> Result<(Ballot, ValidAnswers)> {
        let ballot = Ballot::open(&row.sealed).map_err(Error::internal)?;
        let (form, _) = self.instrument.form(&ballot.form)?;
        let answers = ValidAnswers::from_stored(form, ballot.packed.clone(), ballot.texts.clone())
            .map_err(Error::internal)?;
        Ok((ballot, answers))
    }

    /// Takes back what an earlier ballot of the same link has added; tells whether there was one.
    fn take_back(
        &self,
        conn: &mut Conn,
        row: &MailboxRow,
        answers: &ValidAnswers,
        tallies: &mut Tallies,
    ) -> Result<bool> {
        let key = ballot::response_key(&row.tag);
        let Some(earlier) = on!(conn, ballot::response(row.tenant, &row.round, &key))? else {
            return Ok(false);
        };
        self.count(
            tallies,
            &earlier.organisation,
            &earlier.form,
            |tally, blueprint| tally.subtract(blueprint, &earlier.packed),
        )?;
        let text_keys: Vec<Vec<u8>> = answers
            .form()
            .items()
            .map(|(_, item)| ballot::text_key(&row.tag, item.id()))
            .collect();
        on!(conn, ballot::delete_response(&earlier, &text_keys))?;
        Ok(true)
    }

    /// Changes the tally of an organisation and of all above it, within the round.
    fn count(
        &self,
        tallies: &mut Tallies,
        organisation: &str,
        form: &str,
        change: impl Fn(
            &mut Tally,
            &survey_engine::scoring::Blueprint,
        ) -> std::result::Result<(), survey_engine::tally::TallyMismatch>,
    ) -> Result<()> {
        let (_, blueprint) = self.instrument.form(form)?;
        let nodes = self.tree.upwards(organisation);
        if nodes.is_empty() {
            return Err(Error::internal(anyhow::anyhow!(
                "a ballot is for {organisation}, which takes no part in the round"
            )));
        }
        for node in nodes {
            let tally = tallies
                .entry((node.to_owned(), form.to_owned()))
                .or_insert_with(|| Tally::new(blueprint));
            change(tally, blueprint).map_err(Error::internal)?;
        }
        Ok(())
    }

    fn response_of(&self, row: &MailboxRow, ballot: Ballot) -> ResponseRow {
        ResponseRow {
            tenant: row.tenant,
            round: row.round.clone(),
            key: match self.round.mode {
                Mode::Anonymous => crate::random::bytes::<16>().to_vec(),
                Mode::Confidential | Mode::Identified => ballot::response_key(&row.tag),
            },
            organisation: ballot.organisation,
            form: ballot.form,
            subject: ballot.subject,
            packed: ballot.packed,
        }
    }

    fn texts_of(&self, row: &MailboxRow, ballot: &Ballot) -> Vec<FreeTextRow> {
        ballot
            .texts
            .iter()
            .map(|(item, content)| FreeTextRow {
                tenant: row.tenant,
                round: row.round.clone(),
                key: match self.round.mode {
                    Mode::Anonymous => crate::random::bytes::<16>().to_vec(),
                    Mode::Confidential | Mode::Identified => ballot::text_key(&row.tag, item),
                },
                organisation: ballot.organisation.clone(),
                form: ballot.form.clone(),
                item: item.clone(),
                content: content.clone(),
            })
            .collect()
    }

    /// Decides for every node, form and scale whether its figures may be shown, over the whole tree at once.
    fn decide(&self, tallies: &Tallies) -> Result<Vec<TallyRow>> {
        let mut rows = Vec::new();
        for group in &self.round.plan {
            let nodes = self.nodes(group);
            for form in &group.forms {
                let (_, blueprint) = self.instrument.form(&form.form)?;
                let none = Tally::new(blueprint);
                let of_nodes: Vec<&Tally> = self
                    .tree
                    .nodes()
                    .iter()
                    .map(|node| {
                        tallies
                            .get(&(node.code.clone(), form.form.clone()))
                            .unwrap_or(&none)
                    })
                    .collect();
                let mut decisions: Vec<Vec<Decision>> = vec![Vec::new(); nodes.len()];
                for scale in 0..blueprint.scales().len() {
                    let sizes: Vec<Size> = of_nodes
                        .iter()
                        .map(|tally| Size::of(blueprint, tally, scale).unwrap_or_default())
                        .collect();
                    let planned = plan(&nodes, &sizes).map_err(Error::internal)?;
                    for (all, one) in decisions.iter_mut().zip(planned) {
                        all.push(one);
                    }
                }
                for ((node, tally), decisions) in
                    self.tree.nodes().iter().zip(of_nodes).zip(decisions)
                {
                    if tally.responses() == 0 {
                        continue;
                    }
                    rows.push(TallyRow {
                        tenant: self.round.tenant,
                        round: self.round.code.clone(),
                        organisation: node.code.clone(),
                        form: form.form.clone(),
                        content: tally.to_bytes(),
                        decisions: serde_json::to_string(&decisions).map_err(Error::internal)?,
                    });
                }
            }
        }
        Ok(rows)
    }

    /// The tree as the disclosure plan sees it for one group.
    fn nodes(&self, group: &GroupPlan) -> Vec<Node> {
        let respondents = match group.protection {
            Protection::Adult => Respondents::Adults,
            Protection::Child => Respondents::Learners,
        };
        self.tree
            .nodes()
            .iter()
            .map(|node| {
                let reach = match Level::parse(&node.level) {
                    Some(level) if !level.is_wider_than_a_school() => Reach::School,
                    _ => Reach::Wider,
                };
                Node {
                    parent: self.tree.parent(node),
                    reach,
                    minimum: self.round.minimums.effective(respondents, reach),
                }
            })
            .collect()
    }
}
