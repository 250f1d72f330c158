//! The key folder: whether all is there, and nobody else can read it.

use super::{Finding, copies};
use crate::auth::{KeyDirectory, KeyError, OpeningKey, SealingKey, SecretKey};
use crate::config::Config;
use crate::store::{LivingRound, LivingSigningKey};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// What to do about a secret of which there is a copy.
const RESTORE: &str = "Put the file back from a copy of the key folder, or run `klankbord recovery-key restore-secrets` with the recovery key.";

/// What to do about a secret of which nothing is left here.
const NO_COPY: &str = "Put the file back from a copy of the key folder. There is no sealed copy of it here: without one, restore a backup that has it, with \
    the recovery key.";

pub(super) fn examine(
    config: &Config,
    rounds: &[LivingRound],
    signing_keys: &[LivingSigningKey],
) -> Vec<Finding> {
    let folder = config.key_dir();
    if !folder.is_dir() {
        return vec![Finding::problem(
            "keys",
            format!("The key folder {} is not there.", folder.display()),
            "Put a copy of it back, or restore a backup with the recovery key; on a new installation, start `klankbord serve` once.",
        )];
    }
    let mut findings: Vec<Finding> = exposed(&config.data_dir).into_iter().collect();
    for part in ["", "signing", "secrets", "escrow"] {
        findings.extend(exposed(&folder.join(part)));
        let entries = std::fs::read_dir(folder.join(part))
            .into_iter()
            .flatten()
            .flatten();
        for entry in entries.filter(|entry| entry.path().is_file()) {
            findings.extend(exposed(&entry.path()));
        }
    }
    findings.extend(missing(&folder, rounds, signing_keys));
    findings.extend(copies::examine(config, &folder));
    if findings.is_empty() {
        findings.push(Finding::ok(
            "keys",
            "Every key is there, with its sealed copy, and for its owner alone.",
        ));
    }
    findings
}

/// What others on this machine can get at.
fn exposed(path: &Path) -> Option<Finding> {
    let metadata = std::fs::metadata(path).ok()?;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let wanted = if metadata.is_dir() { 700 } else { 600 };
        Finding::problem(
            "keys",
            format!(
                "{} is open to other users of this machine (mode {mode:04o}).",
                path.display()
            ),
            format!("Run `chmod {wanted} {}`.", path.display()),
        )
    })
}

/// Keys without which something does not work.
fn missing(
    folder: &Path,
    rounds: &[LivingRound],
    signing_keys: &[LivingSigningKey],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut look = |name: &str, loss: &str, judge: &dyn Fn(&[u8]) -> Option<Finding>| {
        findings.extend(of_secret(folder, name, loss, judge));
    };
    look("token-pepper", "Without it no link works.", &|_| None);
    look(
        "link",
        "Without it some links cannot be sent again.",
        &|_| None,
    );
    // The keys of a round whose ballots are all opened may be destroyed already.
    let in_need = |round: &&LivingRound| round.status != "closing" || round.has_box;
    for round in rounds.iter().filter(in_need) {
        let code = &round.code;
        let name = |kind: &str| format!("{kind}-{}-{code}", round.tenant);
        let Some(public) = &round.sealing_key else {
            continue;
        };
        let loss =
            format!("In the round “{code}” ballots cannot be opened, and it cannot be closed.");
        look(&name("opening"), &loss, &|key| {
            opens(folder, round, public, key)
        });
        let loss = format!("In the round “{code}” nobody can answer through a link.");
        look(&name("tag"), &loss, &|_| None);
        let loss = format!("In the round “{code}” links cannot be sent again.");
        look(&name("link"), &loss, &|_| None);
    }
    for key in signing_keys {
        let name = format!("blind-{}-{}.{}", key.tenant, key.round, key.number);
        let loss = format!(
            "In the round “{}” some people cannot claim a ballot blindly.",
            key.round
        );
        look(&name, &loss, &|_| None);
    }
    findings.extend(
        rounds
            .iter()
            .filter(|round| round.sealing_key.is_none())
            .map(unsealed),
    );
    findings
}

/// What is wrong with one secret.
fn of_secret(
    folder: &Path,
    name: &str,
    loss: &str,
    judge: &dyn Fn(&[u8]) -> Option<Finding>,
) -> Option<Finding> {
    match KeyDirectory::look_up(folder, name) {
        Ok(Some(secret)) => judge(&secret),
        Ok(None) => {
            let file = file_of(folder, name);
            let what = format!("{} is missing. {loss}", file.display());
            let copy = folder.join(format!("escrow/{name}.sealed"));
            let advice = if copy.exists() { RESTORE } else { NO_COPY };
            Some(Finding::problem("keys", what, advice))
        }
        // What others can read is told already.
        Err(KeyError::Exposed { .. }) => None,
        Err(error) => Some(Finding::problem(
            "keys",
            format!("{error} {loss}"),
            "Move the file away and put the right one there, from a copy of the key folder or with `klankbord recovery-key restore-secrets`.",
        )),
    }
}

/// Where a secret lies.
fn file_of(folder: &Path, name: &str) -> PathBuf {
    match name {
        "token-pepper" | "link" => folder.join(format!("{name}.key")),
        _ => folder.join(format!("secrets/{name}.key")),
    }
}

/// Whether an opening key opens what a round's ballots are sealed with.
fn opens(folder: &Path, round: &LivingRound, public: &str, key: &[u8]) -> Option<Finding> {
    let Ok(public) = SealingKey::parse(public) else {
        return Some(Finding::problem(
            "keys",
            format!(
                "The sealing key that is recorded for the round “{}” is none: nobody can answer.",
                round.code
            ),
            "Somebody has changed the roster by hand: restore a backup.",
        ));
    };
    let own = <[u8; 32]>::try_from(key).ok().and_then(|key| {
        OpeningKey::new(&SecretKey::from_bytes(key))
            .sealing_key()
            .ok()
    });
    let file = file_of(folder, &format!("opening-{}-{}", round.tenant, round.code));
    (own != Some(public)).then(|| {
        Finding::problem(
            "keys",
            format!(
                "{} is not the key that opens the ballots of the round “{}”: they cannot be opened, and it cannot be closed.",
                file.display(),
                round.code
            ),
            "Move it away and put the right one there, from a copy of the key folder or with `klankbord recovery-key restore-secrets`. No \
             answer is lost.",
        )
    })
}

/// A round that waits for its keys.
fn unsealed(round: &LivingRound) -> Finding {
    Finding::problem(
        "keys",
        format!(
            "The round “{}” was opened by an older Klankbord: its ballots lie open in the database.",
            round.code
        ),
        "Start `klankbord serve`, which makes its keys and seals them.",
    )
}
