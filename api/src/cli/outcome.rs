//! What a command leaves behind: lines, JSON, a log, an exit code.

use crate::config::{Config, ConfigError, LogFormat};
use crate::error::Error;
use serde::Serialize;
use std::io::Write;
use tracing_subscriber::EnvFilter;

/// Prints a line. Where nobody reads any more (a closed pipe) there is nobody to tell.
pub(super) fn print_line(line: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

/// Tells the one at the terminal something that is no result.
pub(super) fn tell(line: &str) {
    let mut err = std::io::stderr().lock();
    drop(writeln!(err, "klankbord: {line}").and_then(|()| err.flush()));
}

/// Prints a value as JSON.
pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    print_line(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Sends the log to standard error, in the level and format of the settings, or in `level` where those say nothing special.
pub(super) fn log(config: &Config, level: &str) {
    let usual = Config::default().log.level;
    let chosen = if config.log.level == usual {
        level
    } else {
        config.log.level.as_str()
    };
    let filter = EnvFilter::try_new(chosen).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second log in one process changes nothing: the first stays.
    drop(match config.log.format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    });
}

/// Tells a failure to the one at the terminal, every problem on a line of its own.
pub fn report(error: &anyhow::Error) {
    let mut err = std::io::stderr().lock();
    let told = match error.downcast_ref::<Error>() {
        Some(Error::Internal(cause) | Error::Unavailable(cause) | Error::StorageFailed(cause)) => {
            writeln!(err, "klankbord: {error}\n  {cause:#}")
        }
        Some(Error::Invalid { summary, problems }) => writeln!(err, "klankbord: {summary}")
            .and_then(|()| {
                problems.iter().try_for_each(|problem| {
                    // A problem that stands alone is told by the summary.
                    let detail = Some(&problem.detail).filter(|detail| *detail != summary);
                    let told: Vec<&str> = [Some(&problem.pointer), detail]
                        .into_iter()
                        .flatten()
                        .filter(|part| !part.is_empty())
                        .map(String::as_str)
                        .collect();
                    writeln!(err, "  {} [{}]", told.join(": "), problem.code)
                })
            }),
        _ => writeln!(err, "klankbord: {error:#}"),
    };
    drop(told);
}

/// The exit code that belongs to a failure.
#[must_use]
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<ConfigError>().is_some() {
        return 2;
    }
    match error.downcast_ref::<Error>() {
        Some(Error::Invalid { .. }) => 3,
        Some(Error::NotFound { .. }) => 4,
        Some(Error::Conflict { .. }) => 5,
        Some(
            Error::Busy | Error::Unavailable(_) | Error::StorageFull | Error::StorageFailed(_),
        ) => 6,
        _ => 1,
    }
}
