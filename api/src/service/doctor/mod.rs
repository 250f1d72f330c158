//! Whether an installation is well, and what to do where it is not. Looks, and changes nothing.

mod copies;
mod keys;
mod machine;
mod stores;

use crate::clock::Clock;
use crate::config::{Config, MailTransport};
use crate::mail::Mailer;
use serde::Serialize;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Well.
    Ok,
    /// It works, and could do better or soon will not.
    Warning,
    /// Something does not work, or something may be lost.
    Problem,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: `settings`, `database`, `rounds`, `keys`, `disk`, `clock`, `mail` or `address`.
    pub about: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What was found, in a sentence.
    pub what: String,
    /// What to do about it, in a sentence; empty where all is well.
    pub advice: String,
}

impl Finding {
    fn ok(about: &'static str, what: impl Into<String>) -> Self {
        Self::new(about, Level::Ok, what, "")
    }

    fn warning(about: &'static str, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(about, Level::Warning, what, advice)
    }

    /// Something that does not work.
    pub fn problem(
        about: &'static str,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::new(about, Level::Problem, what, advice)
    }

    fn new(
        about: &'static str,
        level: Level,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            about,
            level,
            what: what.into(),
            advice: advice.into(),
        }
    }
}

/// Examines everything that the settings name. Every part that is well gives one finding that says so.
pub async fn examine(config: &Config, clock: &Clock) -> Vec<Finding> {
    let (settings, time) = (config.clone(), clock.clone());
    let looked = tokio::task::spawn_blocking(move || {
        let mut findings = stores::examine(&settings, &time);
        findings.extend(machine::examine(&settings, &time));
        findings
    });
    let mut findings = looked.await.unwrap_or_else(|error| {
        let what = format!("The examination broke off: {error}.");
        vec![Finding::problem(
            "database",
            what,
            "Run it again with KLANKBORD_LOG_LEVEL=debug.",
        )]
    });
    findings.extend(mail(config, clock).await);
    findings.push(address(config));
    findings
}

async fn mail(config: &Config, clock: &Clock) -> Vec<Finding> {
    let mailer = match Mailer::from_config(config, clock.clone()) {
        Ok(mailer) => mailer,
        Err(error) => {
            return vec![Finding::problem(
                "mail",
                error.to_string(),
                "Mend that setting and restart.",
            )];
        }
    };
    let settings = &config.mail;
    if settings.transport == MailTransport::None {
        return vec![Finding::warning(
            "mail",
            "Mail is switched off: it stays in the outbox.",
            "Set mail.transport to smtp, or give out links yourself.",
        )];
    }
    if let Err(error) = mailer.check().await {
        let advice = "Check mail.host, mail.port, mail.security and the account, and that a firewall lets this machine through; mail waits meanwhile.";
        return vec![Finding::problem("mail", error.to_string(), advice)];
    }
    if settings.transport == MailTransport::File {
        let what = format!(
            "Mail is written to {} and reaches nobody.",
            config.mail_folder().display()
        );
        return vec![Finding::warning(
            "mail",
            what,
            "Set mail.transport to smtp where people are to get it.",
        )];
    }
    if settings.from.contains("@localhost") {
        return vec![Finding::warning(
            "mail",
            format!(
                "The sender is {}, which most servers refuse.",
                settings.from
            ),
            "Set mail.from to an address of your domain.",
        )];
    }
    vec![Finding::ok(
        "mail",
        format!("{} takes mail from here.", settings.host),
    )]
}

/// Whether browsers can reach the server in a way that lets them keep their secrets.
fn address(config: &Config) -> Finding {
    let base = if config.server.base_url.is_empty() {
        format!("http://{}", config.server.listen)
    } else {
        config.server.base_url.clone()
    };
    let host = base
        .split_once("://")
        .map_or("", |(_, rest)| rest)
        .split('/')
        .next()
        .unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_local = matches!(name, "localhost" | "::1") || name.starts_with("127.");
    if base.starts_with("https://") || is_local {
        return Finding::ok("address", format!("People reach this server at {base}."));
    }
    if config.server.base_url.is_empty() {
        return Finding::problem(
            "address",
            format!(
                "Links in mails would begin with {base}, which is where this server listens and not where people find it."
            ),
            "Set server.base_url to the address of the web server in front, such as https://survey.example.org.",
        );
    }
    Finding::warning(
        "address",
        format!(
            "{base} is not protected: anybody on the way can read answers, and browsers there cannot make blind claims."
        ),
        "Put a web server with TLS in front, and set server.base_url to its https:// address.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_protection_is_told_unless_it_is_this_machine() {
        let level = |base: &str, listen: &str| {
            let mut config = Config::default();
            base.clone_into(&mut config.server.base_url);
            listen.clone_into(&mut config.server.listen);
            address(&config).level
        };
        assert_eq!(level("https://survey.example.org", "0.0.0.0:80"), Level::Ok);
        assert_eq!(
            level("http://survey.example.org", "0.0.0.0:80"),
            Level::Warning
        );
        assert_eq!(level("", "0.0.0.0:80"), Level::Problem);
        assert_eq!(level("", "127.0.0.1:8080"), Level::Ok);
        assert_eq!(level("http://[::1]:8080", "[::]:80"), Level::Ok);
    }
}
