//! How many were asked and how many answered, per node and form, rolled up the organisation tree.

use super::claim;
use super::round::{Round, Status};
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::rows::{OrganisationRow, ParticipationRow, RoundRow};
use crate::store::{Side, on};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Rounds whose participation has changed since it was last counted. Counting waits, so that answering need not.
#[derive(Debug, Default)]
pub struct Changed {
    rounds: Mutex<BTreeSet<(i64, String)>>,
    /// Whether this process has looked for rounds that an earlier one left uncounted.
    looked_back: AtomicBool,
}

impl Changed {
    /// Notes that a round's participation has changed.
    pub(crate) fn note(&self, tenant: i64, round: &str) {
        self.lock().insert((tenant, round.to_owned()));
    }

    /// Takes what has been noted.
    pub(crate) fn take(&self) -> BTreeSet<(i64, String)> {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<(i64, String)>> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The organisations that take part in a round: the one that runs it and all below, parents first.
pub(super) struct Tree {
    nodes: Vec<OrganisationRow>,
    by_code: HashMap<String, usize>,
}

impl Tree {
    pub(super) fn new(nodes: Vec<OrganisationRow>) -> Self {
        let by_code = nodes
            .iter()
            .enumerate()
            .map(|(index, node)| (node.code.clone(), index))
            .collect();
        Self { nodes, by_code }
    }

    pub(super) fn nodes(&self) -> &[OrganisationRow] {
        &self.nodes
    }

    /// Position of the node above, within the round.
    pub(super) fn parent(&self, node: &OrganisationRow) -> Option<usize> {
        self.by_code.get(node.parent.as_ref()?).copied()
    }

    /// A node and those above it, within the round.
    pub(super) fn upwards(&self, code: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut next = self.by_code.get(code).copied();
        while let Some(node) = next.and_then(|index| self.nodes.get(index)) {
            found.push(node.code.as_str());
            next = self.parent(node);
        }
        found
    }
}

/// The organisations that take part in a round.
pub(super) async fn tree(app: &App, round: &Round) -> Result<Tree> {
    let (tenant, code) = (round.tenant, round.organisation.clone());
    let nodes = app
        .store
        .read(Side::Roster, "read a round's organisations", move |conn| {
            let top = on!(conn, organisation::find(tenant, &code))?.ok_or_else(|| {
                Error::internal(anyhow::anyhow!("a round's organisation is gone"))
            })?;
            on!(conn, organisation::at_or_below(tenant, &top.path))
        })
        .await?;
    Ok(Tree::new(nodes))
}

/// Counts a round's participation anew and keeps the result; returns issued and claimed over all.
pub(super) async fn refresh(app: &App, round: &Round) -> Result<(i64, i64)> {
    let tree = tree(app, round).await?;
    let (tenant, code) = (round.tenant, round.code.clone());
    app.store
        .write(Side::Roster, "count participation", move |conn| {
            let status = on!(conn, round::hold(tenant, &code))?;
            let (mut issued, mut claimed) = (0, 0);
            let mut counts: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
            let mut numbers = Vec::new();
            for (organisation, form, claim, done, number) in
                on!(conn, invitation::counts(tenant, &code))?
            {
                let of = |yes: bool| if yes { number } else { 0 };
                // With an assisted claim the ballot comes in the same request: it counts also where the flag was lost in a crash.
                let answered = done || claim.as_deref() == Some("assisted");
                numbers.push((
                    organisation,
                    form,
                    number,
                    of(claim.is_some() || done),
                    of(answered),
                ));
            }
            // People who were erased have taken their names with them, and not their ballots.
            for former in on!(conn, invitation::former_claims(tenant, &code))? {
                numbers.push((
                    former.organisation,
                    former.form,
                    former.claimed,
                    former.claimed,
                    former.done,
                ));
            }
            for (organisation, form, number, claims, answered) in numbers {
                issued += number;
                claimed += claims;
                for node in tree.upwards(&organisation) {
                    let count = counts.entry((node.to_owned(), form.clone())).or_default();
                    count.0 += number;
                    count.1 += answered;
                }
            }
            let rows: Vec<ParticipationRow> = counts
                .into_iter()
                .map(
                    |((organisation, form), (invited, answered))| ParticipationRow {
                        tenant,
                        round: code.clone(),
                        organisation,
                        form,
                        invited,
                        answered,
                    },
                )
                .collect();
            // What was counted at closing stands, whichever process comes late.
            if status.as_deref() != Some(Status::Closed.as_str()) {
                on!(conn, round::replace_participation(tenant, &code, &rows))?;
            }
            Ok((issued, claimed))
        })
        .await
}

/// Counts anew where something has changed. The first time that is every open round: a process that ended took what it
/// had noted with it.
pub async fn refresh_changed(app: &App) -> Result<()> {
    if !app.changed.looked_back.load(Ordering::Relaxed) {
        let open = app
            .store
            .read(Side::Roster, "list open rounds", |conn| {
                on!(conn, round::in_status("open"))
            })
            .await?;
        for row in open {
            app.changed.note(row.tenant, &row.code);
        }
        app.changed.looked_back.store(true, Ordering::Relaxed);
    }
    refresh_noted(app).await
}

/// Flags the forms that are done and counts anew what this process has changed. A round that fails is noted again, for the next time.
pub async fn refresh_noted(app: &App) -> Result<()> {
    claim::flush(app).await?;
    let mut failed = None;
    for (tenant, code) in app.changed.take() {
        if let Err(error) = refresh_one(app, tenant, &code).await {
            app.changed.note(tenant, &code);
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn refresh_one(app: &App, tenant: i64, code: &str) -> Result<()> {
    let wanted = code.to_owned();
    let row: Option<RoundRow> = app
        .store
        .read(Side::Roster, "find a round", move |conn| {
            on!(conn, round::find(tenant, &wanted))
        })
        .await?;
    match row.map(Round::try_from).transpose()? {
        Some(round) if round.status == Status::Open => refresh(app, &round).await.map(|_| ()),
        _ => Ok(()),
    }
}
