//! Mail on its way: from the outbox to the mail server, each message once.

use super::definition::instrument;
use super::round::{Mode, Round, Status};
use super::{claim, localized};
use crate::app::App;
use crate::auth::InvitationToken;
use crate::error::{Error, Result};
use crate::i18n::Translator;
use crate::mail::{
    EmailAddress, Invitation, MAX_ATTEMPTS, Message, MessageId, Occasion, retry_delay_ms,
};
use crate::store::rows::{AssignmentRow, InvitationRow, OutboxRow, PersonRow, RoundRow};
use crate::store::{Side, on};
use tokio::task::JoinSet;

/// Messages looked for in one turn.
const TURN: i64 = 64;

/// The group that is addressed as children are.
const LEARNERS: &str = "learner";

/// After so many times the longest wait for the mail server (`mail.timeout_seconds`) a message whose sender was stopped
/// midway is sent by another. No sender that lives takes longer: a turn's messages share 16 connections, so each waits for
/// three others at most, and an attempt has at most three waits.
const LEASE_WAITS: i64 = 15;

/// Sends what is due. A message that the server does not take now is tried again later, with growing pauses.
pub async fn deliver_due(app: &App) -> Result<()> {
    if !app.mailer.delivers() {
        return Ok(());
    }
    loop {
        let now = app.clock.now_ms();
        let due = app
            .store
            .read(Side::Roster, "look for due mail", move |conn| {
                on!(conn, outbox::due(now, TURN))
            })
            .await?;
        if due.is_empty() {
            app.mailer.release().await;
            return Ok(());
        }
        // Who has just finished is not reminded.
        claim::flush(app).await?;
        let mut sending = JoinSet::new();
        for row in due {
            let app = app.clone();
            sending.spawn(async move { deliver(&app, row).await });
        }
        let mut failed = None;
        while let Some(sent) = sending.join_next().await {
            if let Err(error) = sent.map_err(Error::internal).and_then(|sent| sent) {
                failed = Some(error);
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
    }
}

async fn deliver(app: &App, mut row: OutboxRow) -> Result<()> {
    let longest_wait = i64::try_from(app.config.mail.timeout_seconds.max(1)).unwrap_or(i64::MAX);
    let lease = longest_wait
        .saturating_mul(1000 * LEASE_WAITS)
        .saturating_add(app.clock.now_ms());
    let wanted = row.clone();
    let taken = app
        .store
        .write(Side::Roster, "take a mail", move |conn| {
            on!(conn, outbox::take(&wanted, lease))
        })
        .await?;
    if !taken {
        return Ok(());
    }
    row.attempts += 1;
    if row.attempts > i64::from(MAX_ATTEMPTS) {
        let why = "Every attempt ended before the mail could be handed over.".to_owned();
        return settle(app, row, "failed", 0, Some(why)).await;
    }
    let Some(message) = compose(app, &row).await? else {
        return settle(app, row, "cancelled", 0, None).await;
    };
    match app.mailer.send(&message).await {
        Ok(()) => settle(app, row, "sent", 0, None).await,
        Err(error) => {
            let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX);
            let detail = error.detail().to_owned();
            if !error.is_temporary() || attempts >= MAX_ATTEMPTS {
                tracing::warn!(message = row.message_id, "a mail was given up: {detail}");
                return settle(app, row, "failed", 0, Some(detail)).await;
            }
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the settings hold a small positive number of seconds"
            )]
            let first = (app.config.mail.retry_first_seconds * 1000.0) as i64;
            let next = app.clock.now_ms() + retry_delay_ms(attempts, first);
            tracing::info!(
                message = row.message_id,
                "a mail will be tried again: {detail}"
            );
            settle(app, row, "waiting", next, Some(detail)).await
        }
    }
}

async fn settle(
    app: &App,
    row: OutboxRow,
    status: &'static str,
    next: i64,
    error: Option<String>,
) -> Result<()> {
    app.store
        .write(Side::Roster, "settle a mail", move |conn| {
            on!(conn, outbox::settle(&row, status, next, error.as_deref()))
        })
        .await
}

/// All that a message is made from.
struct Parts {
    invitation: InvitationRow,
    person: PersonRow,
    round: RoundRow,
    run_by: String,
    group_title: Option<String>,
    assignments: Vec<AssignmentRow>,
}

/// The message, or nothing where it is not needed any more: the round is closed, the person has answered or wants no mail.
async fn compose(app: &App, row: &OutboxRow) -> Result<Option<Message>> {
    let (tenant, subject) = (row.tenant, row.subject.clone());
    let parts = app
        .store
        .read(Side::Roster, "read what a mail is made from", move |conn| {
            let Some(invitation) = on!(conn, invitation::find(tenant, &subject))? else {
                return Ok(None);
            };
            let Some(person) = on!(conn, person::find(tenant, &invitation.person))? else {
                return Ok(None);
            };
            let Some(round) = on!(conn, round::find(tenant, &invitation.round))? else {
                return Ok(None);
            };
            let Some(run_by) = on!(conn, organisation::find(tenant, &round.organisation))? else {
                return Ok(None);
            };
            let assignments = on!(conn, invitation::assignments(tenant, &invitation.id))?;
            // Named after the one organisation the person is asked about, or after the one that runs the round.
            let mut asking = run_by.name;
            if let [only] = assignments.as_slice()
                && let Some(organisation) =
                    on!(conn, organisation::find(tenant, &only.organisation))?
            {
                asking = organisation.name;
            }
            let groups = on!(conn, organisation::groups(tenant))?;
            let group_title = assignments.first().and_then(|first| {
                groups
                    .into_iter()
                    .find(|group| group.code == first.group_code)
                    .map(|group| group.title)
            });
            Ok(Some(Parts {
                invitation,
                person,
                round,
                run_by: asking,
                group_title,
                assignments,
            }))
        })
        .await?;
    match parts {
        Some(parts) => message(app, row, parts).await,
        None => Ok(None),
    }
}

async fn message(app: &App, row: &OutboxRow, parts: Parts) -> Result<Option<Message>> {
    let round = Round::try_from(parts.round)?;
    let (Some(address), Some(nonce)) = (&parts.person.email, &parts.invitation.link_nonce) else {
        return Ok(None);
    };
    if round.status != Status::Open
        || parts.person.unsubscribed
        || parts.assignments.iter().all(|assignment| assignment.done)
    {
        return Ok(None);
    }
    let nonce: [u8; 16] = nonce.as_slice().try_into().map_err(|_| {
        Error::internal(anyhow::anyhow!(
            "a link cannot be made: its nonce is damaged"
        ))
    })?;
    let link_key = super::round::link_key(&app.keys, &round)?;
    let token = InvitationToken::derive(&link_key, round.tenant, &nonce).to_text();
    let language = parts.person.language.as_str();
    let informal = parts
        .assignments
        .iter()
        .all(|assignment| assignment.group_code == LEARNERS);
    let mut translator = Translator::for_language(language);
    if informal {
        translator = translator.informal();
    }
    let group_title: super::Texts = parts
        .group_title
        .map(|title| serde_json::from_str(&title))
        .transpose()
        .map_err(Error::internal)?
        .unwrap_or_default();
    let minutes = minutes(app, &round, &parts.assignments).await?;
    let closes = round
        .closes_at
        .map(|closes| translator.date_of_ms(closes - 1));
    Invitation {
        occasion: if row.kind == "reminder" {
            Occasion::Reminder
        } else {
            Occasion::Invitation
        },
        to: EmailAddress::parse(address).map_err(Error::internal)?,
        message_id: MessageId::new(row.message_id.as_str()).map_err(Error::internal)?,
        language,
        informal,
        organisation: &parts.run_by,
        round: localized(&round.title, language),
        group: localized(&group_title, language),
        link: &format!("{}/s/{token}", app.base_url),
        closes: closes.as_deref(),
        minutes,
        promise: &promise(&round, &parts.run_by, &translator),
        unsubscribe: &format!("{}/unsubscribe/{token}", app.base_url),
        reply_to: None,
    }
    .message()
    .map(Some)
}

/// Minutes that all forms of a link take together.
async fn minutes(app: &App, round: &Round, assignments: &[AssignmentRow]) -> Result<u32> {
    let instrument = instrument(
        app,
        round.tenant,
        &round.questionnaire.id,
        &round.questionnaire.version,
    )
    .await?;
    let mut minutes = 0;
    for assignment in assignments {
        let (form, _) = instrument.form(&assignment.form)?;
        minutes += form.estimated_minutes(&round.selection(&instrument, &assignment.form)?);
    }
    Ok(minutes)
}

/// What the round's mode promises, in one or two sentences.
#[must_use]
pub fn promise(round: &Round, organisation: &str, translator: &Translator) -> String {
    let (head, who) = match (round.mode, &round.promise) {
        (Mode::Anonymous, _) => (
            translator.text("promise-anonymous"),
            translator.text("promise-anonymous-who"),
        ),
        (Mode::Confidential, promise) => {
            let language = translator.language();
            let (keeper, purpose, until) = promise.as_ref().map_or(("", "", ""), |promise| {
                (
                    localized(&promise.keeper, language),
                    localized(&promise.purpose, language),
                    promise.until.as_str(),
                )
            });
            let date = until
                .parse::<jiff::civil::Date>()
                .map_or_else(|_| until.to_owned(), |date| translator.date(date));
            (
                translator.text("promise-confidential"),
                translator.with(
                    "promise-confidential-who",
                    &[
                        ("keeper", keeper.into()),
                        ("purpose", purpose.into()),
                        ("date", date.into()),
                    ],
                ),
            )
        }
        (Mode::Identified, _) => (
            translator.text("promise-identified"),
            translator.with(
                "promise-identified-who",
                &[("organisation", organisation.into())],
            ),
        ),
    };
    format!("{head} {who}")
}
