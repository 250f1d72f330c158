//! The copies of secrets in escrow: whether a backup would bring the keys back.

use super::Finding;
use crate::auth::{CopyState, KeyDirectory, KeyError, RecoveryKey, SealingKey};
use crate::config::Config;
use std::path::Path;
use zeroize::Zeroizing;

pub(super) fn examine(config: &Config, folder: &Path) -> Vec<Finding> {
    let recovery = match KeyDirectory::recovery_of(folder) {
        Ok(Some(recovery)) => recovery,
        Ok(None) => {
            return vec![Finding::warning(
                "keys",
                "There is no recovery key: backups hold no keys.",
                "Start `klankbord serve` once, and keep the recovery key that it writes.",
            )];
        }
        Err(error) => return vec![unusable(&error)],
    };
    let mut findings = Vec::new();
    let key = at_hand(config, &recovery, &mut findings);
    match KeyDirectory::inspect_copies(folder, &recovery, key.as_ref()) {
        Ok(copies) => findings.extend(
            copies
                .iter()
                .filter_map(|(name, state)| of_copy(folder, name, *state)),
        ),
        // What others can read is told already.
        Err(KeyError::Exposed { .. }) => {}
        Err(error) => findings.push(unusable(&error)),
    }
    findings
}

fn unusable(error: &KeyError) -> Finding {
    Finding::problem("keys", error.to_string(), "Mend that file.")
}

fn of_copy(folder: &Path, name: &str, state: CopyState) -> Option<Finding> {
    let copy = folder.join(format!("escrow/{name}.sealed"));
    match state {
        CopyState::Sound => None,
        CopyState::Missing => Some(Finding::warning(
            "keys",
            format!("The key {name} has no sealed copy: a backup would not bring it back."),
            "Restart the server, which makes the copy.",
        )),
        CopyState::OfAnotherKey => Some(Finding::warning(
            "keys",
            format!(
                "{} is not sealed to the present recovery key: a backup would not bring {name} back with that.",
                copy.display()
            ),
            "Restart the server, which makes the copy anew.",
        )),
        CopyState::Damaged => Some(Finding::problem(
            "keys",
            format!(
                "{} does not hold the key {name}: a backup would not bring it back.",
                copy.display()
            ),
            "Delete that file and restart the server, which makes the copy anew.",
        )),
    }
}

/// The private half of the recovery key, where it still lies here. That it does is a finding.
fn at_hand(
    config: &Config,
    recovery: &SealingKey,
    findings: &mut Vec<Finding>,
) -> Option<RecoveryKey> {
    let file = config.recovery_file();
    if !file.exists() {
        return None;
    }
    let text = std::fs::read_to_string(&file).map(Zeroizing::new);
    let key = text.ok().and_then(|text| RecoveryKey::parse(&text).ok());
    let fits = |key: &RecoveryKey| key.opening_key().sealing_key().ok().as_ref() == Some(recovery);
    match key {
        Some(key) if fits(&key) => {
            findings.push(Finding::warning(
                "keys",
                format!(
                    "The recovery key still lies in {}, beside what it protects.",
                    file.display()
                ),
                "Keep it off this machine, on paper or in a safe, and delete that file.",
            ));
            Some(key)
        }
        Some(_) => {
            findings.push(Finding::warning(
                "keys",
                format!(
                    "{} holds another recovery key than the one that the copies are sealed to.",
                    file.display()
                ),
                "If backups from before need it, keep it off this machine; delete that file, and make sure with `klankbord recovery-key \
                 check` that you have the present one.",
            ));
            None
        }
        None => {
            findings.push(Finding::problem(
                "keys",
                format!("{} should hold the recovery key and does not.", file.display()),
                "If you have the key elsewhere, delete that file; otherwise run `klankbord recovery-key new`, keep what it prints, and \
                 make a backup.",
            ));
            None
        }
    }
}
