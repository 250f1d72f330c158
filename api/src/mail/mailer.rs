//! The way out: a folder, an SMTP server, or nowhere.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;

use super::compose::{Sender, compose};
use super::folder::MailFolder;
use super::message::Message;
use super::relay::{Protection, Relay, RelaySettings};
use super::send_error::SendError;
use crate::clock::Clock;
use crate::config::{Config, Mail, MailSecurity, MailTransport};

/// A setting with which no mail could ever leave; says which one and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The setting {setting} is not usable: {detail}")]
pub struct SetupError {
    /// Section and name.
    pub setting: &'static str,
    /// What is wrong and how to mend it.
    pub detail: String,
}

/// Sends messages. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Mailer(Option<Arc<Out>>);

struct Out {
    sender: Sender,
    clock: Clock,
    way: Way,
}

enum Way {
    Smtp(Box<Relay>),
    Folder(MailFolder),
}

impl Mailer {
    /// The mailer that the settings ask for.
    pub fn from_config(config: &Config, clock: Clock) -> Result<Self, SetupError> {
        match config.mail.transport {
            MailTransport::Smtp => Self::smtp(&config.mail, clock),
            MailTransport::File => Self::file(config.mail_folder(), &config.mail, clock),
            MailTransport::None => Ok(Self::none()),
        }
    }

    /// Sends to the SMTP server of the settings, over at most 16 connections. Nothing is connected yet.
    ///
    /// Certificates are checked against Mozilla's roots. A user name over an unprotected connection is refused, unless the
    /// server is on this machine.
    pub fn smtp(config: &Mail, clock: Clock) -> Result<Self, SetupError> {
        let sender = sender(config)?;
        let host = config.host.trim().to_owned();
        if host.is_empty()
            || host.contains(|character: char| character.is_whitespace() || character == '/')
        {
            return Err(unusable(
                "mail.host",
                "write the name or address of the SMTP server, without a port.",
            ));
        }
        let tls = || {
            TlsParameters::new(host.clone()).map_err(|error| {
                unusable(
                    "mail.host",
                    &format!("no certificate can be checked for it: {error}"),
                )
            })
        };
        let protection = match config.security {
            MailSecurity::None => Protection::None,
            MailSecurity::Starttls => Protection::Starttls(tls()?),
            MailSecurity::Tls => Protection::Tls(tls()?),
        };
        let credentials = (!config.username.is_empty()).then(|| {
            Credentials::new(config.username.clone(), config.password.expose().to_owned())
        });
        if credentials.is_some()
            && matches!(protection, Protection::None)
            && !is_this_machine(&host)
        {
            return Err(unusable(
                "mail.security",
                "with none, the password would cross the network unprotected; set starttls or tls.",
            ));
        }
        let settings = RelaySettings {
            host,
            port: config.port,
            protection,
            credentials,
            timeout: Duration::from_secs(config.timeout_seconds.max(1)),
        };
        let way = Way::Smtp(Box::new(Relay::new(settings, clock.clone())));
        Ok(Self(Some(Arc::new(Out { sender, clock, way }))))
    }

    /// Writes each message to `<number>.eml` in `folder`, with the sender of the settings.
    pub fn file(
        folder: impl Into<PathBuf>,
        config: &Mail,
        clock: Clock,
    ) -> Result<Self, SetupError> {
        let sender = sender(config)?;
        let way = Way::Folder(MailFolder::new(folder.into()));
        Ok(Self(Some(Arc::new(Out { sender, clock, way }))))
    }

    /// Sends nothing: mail stays where it is until another transport is set.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// Whether there is a way out. Where there is none, leave messages in the outbox and do not count attempts.
    #[must_use]
    pub fn delivers(&self) -> bool {
        self.0.is_some()
    }

    /// Sends a message; `Ok` once the server has taken it, or its file is on the disk.
    ///
    /// After a temporary error the server may have taken the message all the same, where the connection broke after its last
    /// byte: another attempt carries the same `Message-ID`.
    pub async fn send(&self, message: &Message) -> Result<(), SendError> {
        let Some(out) = &self.0 else {
            return Err(SendError::temporary(
                "Mail is switched off (mail.transport is none).",
            ));
        };
        let mail = compose(message, &out.sender, out.clock.now_ms())?;
        match &out.way {
            Way::Smtp(relay) => relay.send(&mail).await,
            Way::Folder(folder) => folder.write(&message.message_id, mail.bytes).await,
        }
    }

    /// Whether mail could leave at this moment: connects and signs in, or writes to the folder, and sends nothing.
    pub async fn check(&self) -> Result<(), SendError> {
        match self.way() {
            Some(Way::Smtp(relay)) => relay.check().await,
            Some(Way::Folder(folder)) => folder.check().await,
            None => Ok(()),
        }
    }

    /// Closes the connections that rest; call it when the outbox is empty. The next message opens a new one.
    pub async fn release(&self) {
        if let Some(Way::Smtp(relay)) = self.way() {
            relay.release().await;
        }
    }

    fn way(&self) -> Option<&Way> {
        self.0.as_ref().map(|out| &out.way)
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.way() {
            Some(Way::Smtp(_)) => "Mailer(smtp)",
            Some(Way::Folder(_)) => "Mailer(file)",
            None => "Mailer(none)",
        })
    }
}

fn unusable(setting: &'static str, detail: &str) -> SetupError {
    SetupError {
        setting,
        detail: detail.to_owned(),
    }
}

fn sender(config: &Mail) -> Result<Sender, SetupError> {
    let mailbox = |setting, text: &str| {
        let mailbox: Option<Mailbox> = text.trim().parse().ok();
        let sound = |mailbox: &Mailbox| {
            let name = mailbox.name.as_deref().unwrap_or_default();
            !name.contains(char::is_control) && mailbox.email.domain().is_ascii()
        };
        mailbox.filter(sound).ok_or_else(|| {
            unusable(
                setting,
                "write an address, such as survey@school.example or School <survey@school.example>.",
            )
        })
    };
    let reply_to = config.reply_to.trim();
    Ok(Sender {
        from: mailbox("mail.from", &config.from)?,
        reply_to: (!reply_to.is_empty())
            .then(|| mailbox("mail.reply_to", reply_to))
            .transpose()?,
    })
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::config::Secret;
    use crate::mail::{EmailAddress, MessageId};
    use crate::random;

    fn clock() -> Clock {
        Clock::fixed(1_795_000_000_000)
    }

    fn message() -> Message {
        Message {
            to: EmailAddress::parse("anna@school.example").unwrap(),
            language: "nl".to_owned(),
            subject: "Uw mening".to_owned(),
            text: "Hallo".to_owned(),
            html: "<p>Hallo</p>".to_owned(),
            list_unsubscribe: None,
            message_id: MessageId::new("invitation-7.1").unwrap(),
            reply_to: None,
        }
    }

    fn refused(change: impl FnOnce(&mut Mail)) -> &'static str {
        let mut config = Mail::default();
        change(&mut config);
        Mailer::smtp(&config, clock()).unwrap_err().setting
    }

    #[tokio::test]
    async fn the_default_settings_write_files() {
        let folder = std::env::temp_dir().join(format!("klankbord-mailer-{}", random::uuid()));
        let config = Config {
            data_dir: folder.clone(),
            ..Config::default()
        };
        let mailer = Mailer::from_config(&config, clock()).unwrap();
        assert!(mailer.delivers());
        mailer.check().await.unwrap();
        mailer.send(&message()).await.unwrap();
        let file = std::fs::read_to_string(folder.join("mail/invitation-7.1.eml")).unwrap();
        assert!(
            file.contains("Message-ID: <invitation-7.1@localhost>\r\n"),
            "{file}"
        );
        assert!(
            file.contains("From: Klankbord <klankbord@localhost>\r\n"),
            "{file}"
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn without_a_way_out_nothing_is_lost_or_counted() {
        let mailer = Mailer::none();
        assert!(!mailer.delivers());
        assert!(mailer.send(&message()).await.unwrap_err().is_temporary());
        mailer.check().await.unwrap();
        mailer.release().await;
    }

    #[test]
    fn settings_that_can_never_work_are_refused_by_name() {
        assert_eq!(refused(|mail| mail.from = "nobody".to_owned()), "mail.from");
        assert_eq!(
            refused(|mail| mail.from = "A\r\nBcc: x@y.example <a@b.example>".to_owned()),
            "mail.from"
        );
        assert_eq!(
            refused(|mail| mail.reply_to = "School".to_owned()),
            "mail.reply_to"
        );
        assert_eq!(refused(|mail| mail.host = String::new()), "mail.host");
        assert_eq!(
            refused(|mail| mail.host = "smtp://mx.example".to_owned()),
            "mail.host"
        );
        let unprotected = |mail: &mut Mail| {
            mail.host = "mx.example".to_owned();
            mail.security = MailSecurity::None;
            mail.username = "klankbord".to_owned();
            mail.password = Secret::new("secret");
        };
        assert_eq!(refused(unprotected), "mail.security");
    }

    #[test]
    fn settings_that_work_are_taken() {
        let mut config = Mail {
            host: "mx.example".to_owned(),
            ..Mail::default()
        };
        for security in [
            MailSecurity::None,
            MailSecurity::Starttls,
            MailSecurity::Tls,
        ] {
            config.security = security;
            let mailer = Mailer::smtp(&config, clock()).unwrap();
            assert_eq!(format!("{mailer:?}"), "Mailer(smtp)");
        }
        for host in ["localhost", "127.0.0.1", "::1"] {
            config.host = host.to_owned();
            config.security = MailSecurity::None;
            config.username = "klankbord".to_owned();
            Mailer::smtp(&config, clock()).unwrap();
        }
    }
}
