//! The key folder: whether all is there, and nobody else can read it.

use super::Finding;
use crate::auth::KeyDirectory;
use crate::config::Config;
use crate::store::LivingRound;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

const RESTORE: &str = "Put the file back from a copy of the key folder, or run `klankbord recovery-key restore-secrets` with the recovery key.";

pub(super) fn examine(config: &Config, rounds: &[LivingRound]) -> Vec<Finding> {
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
    findings.extend(missing(&folder, rounds));
    findings.extend(copies(config, &folder));
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
fn missing(folder: &Path, rounds: &[LivingRound]) -> Vec<Finding> {
    let mut wanted = vec![
        (
            "token-pepper.key".to_owned(),
            "Without it no link works.".to_owned(),
        ),
        (
            "link.key".to_owned(),
            "Without it some links cannot be sent again.".to_owned(),
        ),
    ];
    for round in rounds.iter().filter(|round| round.is_sealed) {
        for (kind, loss) in [
            (
                "opening",
                "ballots cannot be opened, and it cannot be closed",
            ),
            ("tag", "nobody can answer"),
            ("link", "links cannot be sent again"),
        ] {
            let file = format!("secrets/{kind}-{}-{}.key", round.tenant, round.code);
            wanted.push((file, format!("In the round “{}” {loss}.", round.code)));
        }
    }
    wanted
        .into_iter()
        .filter(|(file, _)| !folder.join(file).exists())
        .map(|(file, loss)| {
            let what = format!("{} is missing. {loss}", folder.join(file).display());
            Finding::problem("keys", what, RESTORE)
        })
        .collect()
}

/// Whether a backup would bring the keys back.
fn copies(config: &Config, folder: &Path) -> Vec<Finding> {
    if !folder.join("recovery.pub").exists() {
        return vec![Finding::warning(
            "keys",
            "There is no recovery key: backups hold no keys.",
            "Start `klankbord serve` once, and keep the recovery key that it writes.",
        )];
    }
    let mut findings = Vec::new();
    let recovery = config.recovery_file();
    if recovery.exists() {
        findings.push(Finding::warning(
            "keys",
            format!(
                "The recovery key still lies in {}, beside what it protects.",
                recovery.display()
            ),
            "Keep it off this machine, on paper or in a safe, and delete that file.",
        ));
    }
    let present = match KeyDirectory::copies(folder) {
        Ok(copies) => copies,
        Err(error) => {
            findings.push(Finding::problem(
                "keys",
                error.to_string(),
                "Mend that file.",
            ));
            return findings;
        }
    };
    let secrets = std::fs::read_dir(folder.join("secrets"))
        .into_iter()
        .flatten()
        .flatten();
    for entry in secrets {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Some(name) = name
            .strip_suffix(".key")
            .filter(|name| !name.starts_with('.'))
        else {
            continue;
        };
        if !present.iter().any(|copy| copy.name == name) {
            findings.push(Finding::warning(
                "keys",
                format!("The key {name} has no sealed copy: a backup would not bring it back."),
                "Restart the server, which makes the copy.",
            ));
        }
    }
    findings
}
