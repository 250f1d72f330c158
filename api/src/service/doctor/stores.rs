//! The databases, and the rounds in them.

use super::{Finding, keys};
use crate::clock::{Clock, to_rfc3339};
use crate::config::Config;
use crate::error::Error;
use crate::store::{Inspection, LivingRound, inspect};

/// Milliseconds after which something that should have happened is late.
const LATE: i64 = 10 * 60 * 1_000;
/// Milliseconds that clocks may lie apart.
const APART: i64 = 5_000;
/// Bytes of a write-ahead log that should have become shorter.
const LONG_LOG: u64 = 1 << 30;

pub(super) fn examine(config: &Config, clock: &Clock) -> Vec<Finding> {
    let now = clock.now_ms();
    match inspect(config, now - LATE) {
        Ok(found) => {
            let mut findings = database(config, &found);
            findings.extend(rounds(&found.rounds, now));
            findings.extend(keys::examine(config, &found.rounds, &found.signing_keys));
            findings.extend(outbox(&found));
            findings.extend(found.clock_ms.and_then(|theirs| clocks(now, theirs)));
            findings
        }
        Err(error) => {
            let mut findings = vec![unreachable(&error)];
            findings.extend(keys::examine(config, &[], &[]));
            findings
        }
    }
}

fn unreachable(error: &Error) -> Finding {
    let (what, advice) = match error {
        Error::Unavailable(cause) => (
            format!("The database cannot be reached: {cause:#}."),
            "Start it, and check database.url and that this machine may connect.".to_owned(),
        ),
        Error::Conflict {
            code: "not_set_up",
            detail,
        } => (
            detail.clone(),
            "Start `klankbord serve` once, restore a backup, or mend data_dir.".to_owned(),
        ),
        Error::Conflict {
            code: "restore_unfinished",
            detail,
        } => (
            detail.clone(),
            "Start `klankbord serve`, which finishes it, or restore again.".to_owned(),
        ),
        Error::Conflict {
            code: "restoring",
            detail,
        } => (detail.clone(), "Wait for it to end.".to_owned()),
        Error::Conflict { detail, .. } => (
            format!("The database does not fit this Klankbord: {detail}"),
            "Run `klankbord migrate`, or the Klankbord that fits.".to_owned(),
        ),
        Error::StorageFailed(cause) => (
            format!("The database cannot be read: {cause:#}."),
            "Stop the server, check the disk, and restore the last backup.".to_owned(),
        ),
        Error::Internal(cause) => (
            format!("The database gave an error: {cause:#}."),
            "Look into its log.".to_owned(),
        ),
        other => (
            format!("The database gave an error: {other}"),
            "Look into its log.".to_owned(),
        ),
    };
    Finding::problem("database", what, advice)
}

fn database(config: &Config, found: &Inspection) -> Vec<Finding> {
    let mut findings: Vec<Finding> = found
        .damage
        .iter()
        .map(|damage| {
            Finding::problem(
                "database",
                format!("SQLite finds a damaged file: {damage}."),
                "Stop the server, keep a copy of the files, check the disk, and restore the last backup.",
            )
        })
        .collect();
    findings.extend(found.careless.iter().map(|setting| {
        Finding::problem(
            "database",
            format!(
                "PostgreSQL runs with {setting}: what it has confirmed may be lost with the power."
            ),
            "Set it to on in postgresql.conf and reload.",
        )
    }));
    for store in ["roster", "ballots"] {
        let log = config.data_dir.join(format!("{store}.sqlite-wal"));
        let bytes = std::fs::metadata(&log).map_or(0, |metadata| metadata.len());
        if config.database.url == "sqlite" && bytes > LONG_LOG {
            findings.push(Finding::warning(
                "database",
                format!("{} has grown to {} MB.", log.display(), bytes >> 20),
                "Something reads without end, such as a backup that hangs: end it, or restart the server.",
            ));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(
            "database",
            "Both stores can be read, and their schemas are up to date.",
        ));
    }
    findings
}

fn rounds(rounds: &[LivingRound], now: i64) -> Vec<Finding> {
    let mut findings: Vec<Finding> = rounds
        .iter()
        .flat_map(|round| of_round(round, now))
        .collect();
    if findings.is_empty() {
        findings.push(Finding::ok(
            "rounds",
            format!("{} rounds are open, and their counts fit.", rounds.len()),
        ));
    }
    findings
}

fn of_round(round: &LivingRound, now: i64) -> Vec<Finding> {
    let code = &round.code;
    let mut findings = Vec::new();
    if round.status == "closing" {
        findings.push(Finding::warning(
            "rounds",
            format!("The round “{code}” is being closed."),
            "If it still is in a minute: start the server, or look for the reason in its log. No answer is lost.",
        ));
    } else if let Some(closes) = round.closes_at.filter(|closes| now - closes > LATE) {
        findings.push(Finding::problem(
            "rounds",
            format!(
                "The round “{code}” was to close on {} and is open.",
                to_rfc3339(closes)
            ),
            "Start the server, which closes it; if it runs, look into its log.",
        ));
    }
    if round.claimed > round.issued {
        findings.push(Finding::problem(
            "rounds",
            format!(
                "The round “{code}” has {} claims for {} issued forms.",
                round.claimed, round.issued
            ),
            "Somebody has changed the roster by hand: restore a backup.",
        ));
    }
    if round.mode == "anonymous" && round.waiting > round.claimed {
        findings.push(Finding::warning(
            "rounds",
            format!("The round “{code}” has {} ballots for {} claims.", round.waiting, round.claimed),
            "That is right where answers without links were imported; otherwise the stores come from different moments: restore a backup.",
        ));
    }
    if round.status == "open" && !round.has_box {
        findings.push(Finding::problem(
            "rounds",
            format!("The round “{code}” is open and has no box for its ballots."),
            "The stores come from different moments: restore a backup of both.",
        ));
    }
    findings
}

fn outbox(found: &Inspection) -> Vec<Finding> {
    let mut findings = Vec::new();
    if found.failed_mails > 0 {
        findings.push(Finding::warning(
            "mail",
            format!("{} mails were refused for good.", found.failed_mails),
            "Mend the addresses and invite again; the reasons are in the log.",
        ));
    }
    if found.late_mails > 0 {
        findings.push(Finding::warning(
            "mail",
            format!(
                "{} mails should have left more than ten minutes ago.",
                found.late_mails
            ),
            "Start the server; if it runs, see what is said about mail below.",
        ));
    }
    findings
}

fn clocks(ours: i64, theirs: i64) -> Option<Finding> {
    ((ours - theirs).abs() > APART).then(|| {
        Finding::warning(
            "clock",
            format!(
                "The database's clock shows {} and this machine's {}.",
                to_rfc3339(theirs),
                to_rfc3339(ours)
            ),
            "Let both follow a time server (NTP): rounds open and close by this machine's clock.",
        )
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::Level;
    use super::*;

    #[test]
    fn counts_that_cannot_be_and_clocks_that_lie_apart_are_told() {
        let round = LivingRound {
            tenant: 1,
            code: "r".to_owned(),
            mode: "anonymous".to_owned(),
            status: "open".to_owned(),
            closes_at: None,
            sealing_key: None,
            issued: 3,
            claimed: 3,
            waiting: 3,
            has_box: true,
        };
        assert_eq!(of_round(&round, 0), []);
        let told = |round: LivingRound| of_round(&round, 0).first().map(|one| one.level);
        let more = LivingRound {
            claimed: 4,
            ..round.clone()
        };
        assert_eq!(told(more), Some(Level::Problem));
        let imported = LivingRound {
            waiting: 4,
            ..round.clone()
        };
        assert_eq!(told(imported), Some(Level::Warning));
        assert_eq!(
            told(LivingRound {
                has_box: false,
                ..round
            }),
            Some(Level::Problem)
        );
        assert!(clocks(0, APART).is_none() && clocks(0, APART + 1).is_some());
    }
}
