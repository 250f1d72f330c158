//! The disk and the clock.

use super::Finding;
use crate::clock::{Clock, to_rfc3339};
use crate::config::Config;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Bytes below which there is soon no room.
const LITTLE: u64 = 2 << 30;
/// Bytes below which there is no room.
const TOO_LITTLE: u64 = 200 << 20;
/// Times that a probe is synced.
const SYNCS: i64 = 20;
/// Milliseconds that a sync may take on average.
const SLOW: i64 = 50;
/// Milliseconds by which the file system's clock may differ.
const APART: i64 = 5_000;
/// 2026-01-01 and 2100-01-01, between which this is in use.
const YEARS: std::ops::Range<i64> = 1_767_225_600_000..4_102_444_800_000;

/// What a probe has shown.
struct Probe {
    /// Milliseconds of one sync.
    sync_ms: i64,
    /// What the file system's clock was ahead of ours, in milliseconds.
    ahead_ms: i64,
}

pub(super) fn examine(config: &Config, clock: &Clock) -> Vec<Finding> {
    let folder = &config.data_dir;
    let mut findings = Vec::new();
    match probe(folder, clock) {
        Ok(probe) => findings.extend(judge(&probe)),
        Err(error) => findings.push(Finding::problem(
            "disk",
            format!("{} cannot be written to: {error}.", folder.display()),
            "Make room, or give the folder to the user who runs the server.",
        )),
    }
    if let Ok(found) = rustix::fs::statvfs(folder) {
        findings.extend(room(folder, found.f_bavail.saturating_mul(found.f_frsize)));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(
            "disk",
            format!("{} has room, and writes are fast.", folder.display()),
        ));
    }
    findings.push(time(clock.now_ms()));
    findings
}

/// Writes and syncs a small file, which is gone afterwards.
fn probe(folder: &Path, clock: &Clock) -> std::io::Result<Probe> {
    let path = folder.join(format!("probe-{}", crate::random::uuid()));
    let measured = || {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        let begun = clock.now_ms();
        for _ in 0..SYNCS {
            file.write_all(&[0; 4096])?;
            file.sync_data()?;
        }
        let ended = clock.now_ms();
        let changed = file.metadata()?.modified()?;
        let theirs = changed.duration_since(UNIX_EPOCH).map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        });
        Ok(Probe {
            sync_ms: (ended - begun) / SYNCS,
            ahead_ms: theirs.saturating_sub(ended),
        })
    };
    let outcome = measured();
    drop(std::fs::remove_file(&path));
    outcome
}

fn judge(probe: &Probe) -> Vec<Finding> {
    let mut findings = Vec::new();
    if probe.sync_ms > SLOW {
        findings.push(Finding::warning(
            "disk",
            format!(
                "The disk takes {} ms to keep a write, so people wait.",
                probe.sync_ms
            ),
            "Use a faster disk, and no network drive, for the data folder.",
        ));
    }
    if probe.ahead_ms.abs() > APART {
        findings.push(Finding::warning(
            "clock",
            format!(
                "The file system's clock differs from this machine's by {} s.",
                probe.ahead_ms / 1_000
            ),
            "Let both follow a time server (NTP).",
        ));
    }
    findings
}

fn room(folder: &Path, free: u64) -> Option<Finding> {
    let what = format!(
        "There are {} MB left where {} lies.",
        free >> 20,
        folder.display()
    );
    let advice = "Make room, or move the data folder to a larger disk: when it is full, no answer can be stored.";
    if free < TOO_LITTLE {
        return Some(Finding::problem("disk", what, advice));
    }
    (free < LITTLE).then(|| Finding::warning("disk", what, advice))
}

fn time(now: i64) -> Finding {
    if YEARS.contains(&now) {
        return Finding::ok("clock", format!("It is {}.", to_rfc3339(now)));
    }
    Finding::problem(
        "clock",
        format!(
            "This machine's clock shows {}, which cannot be.",
            to_rfc3339(now)
        ),
        "Set it, and let it follow a time server (NTP): rounds open and close by it.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn little_room_slow_disks_and_wrong_clocks_are_told() {
        let level = |finding: Option<Finding>| finding.map(|finding| finding.level);
        assert_eq!(level(room(Path::new("data"), LITTLE)), None);
        assert_eq!(
            level(room(Path::new("data"), LITTLE - 1)),
            Some(Level::Warning)
        );
        assert_eq!(level(room(Path::new("data"), 0)), Some(Level::Problem));
        let judged = |sync_ms, ahead_ms| judge(&Probe { sync_ms, ahead_ms }).len();
        assert_eq!((judged(1, 0), judged(51, 0), judged(51, -6_000)), (0, 1, 2));
        assert_eq!(time(0).level, Level::Problem);
        assert_eq!(time(1_795_000_000_000).level, Level::Ok);
    }
}
