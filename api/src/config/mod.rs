//! Settings: command line over environment over file over default.

mod load;

pub use load::{ConfigError, load};

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Every setting of one process, complete and checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folder of the embedded databases, the keys and the mail folder.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: Server,
    /// Where the two stores lie.
    pub database: Database,
    /// How mail leaves.
    pub mail: Mail,
    /// What is logged.
    pub log: Log,
}

/// The HTTP server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: String,
    /// The address respondents and apps use, without a slash at the end; empty means `http://` and the listening address.
    pub base_url: String,
    /// Threads that serve requests.
    pub workers: usize,
}

/// Where the two stores lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite` for two files in the data folder, or a `postgres://` URL for two schemas in that database. Its password is
    /// not printed.
    #[serde(serialize_with = "without_password")]
    pub url: String,
    /// Connections for reading, per store.
    pub read_connections: u32,
}

/// Writes an address with its password hidden.
fn without_password<S: serde::Serializer>(url: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let hidden = url.split_once("://").and_then(|(scheme, rest)| {
        // A password may hold an `@`; what follows the last one before the path is the host.
        let authority = rest.split(['/', '?']).next().unwrap_or(rest);
        let (user, _password) = authority.rsplit_once('@')?.0.split_once(':')?;
        let host = rest.get(authority.rfind('@')?..)?;
        Some(format!("{scheme}://{user}:[redacted]{host}"))
    });
    serializer.serialize_str(hidden.as_deref().unwrap_or(url))
}

/// How mail leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// Into a folder, to an SMTP server, or nowhere.
    pub transport: MailTransport,
    /// The folder of `transport = "file"`; empty means `mail` in the data folder.
    pub folder: PathBuf,
    /// Host of the SMTP server.
    pub host: String,
    /// Port of the SMTP server.
    pub port: u16,
    /// How the connection to the SMTP server is protected.
    pub security: MailSecurity,
    /// User name at the SMTP server; empty means none.
    pub username: String,
    /// Password at the SMTP server.
    pub password: Secret,
    /// The sender, such as `Klankbord <survey@example.org>`.
    pub from: String,
    /// Where answers to a mail go; empty means to the sender.
    pub reply_to: String,
    /// Seconds before the first retry of a mail that could not be delivered; later ones wait longer.
    pub retry_first_seconds: f64,
    /// Seconds after which a silent SMTP server is given up for this attempt.
    pub timeout_seconds: u64,
}

/// Into a folder, to an SMTP server, or nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    /// One `.eml` file a message, in a folder.
    File,
    /// An SMTP server.
    Smtp,
    /// Mail stays in the outbox until another transport is set.
    None,
}

/// How the connection to the SMTP server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// Not at all: for a server on this machine.
    None,
    /// STARTTLS, required.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

/// What is logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `klankbord=debug,warn`.
    pub level: String,
    /// Lines for people or for machines.
    pub format: LogFormat,
}

/// Lines for people or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// A value that is never printed or logged.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps `value` from being printed.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for the one who needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() {
            "\"\""
        } else {
            "[redacted]"
        })
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.0.is_empty() { "" } else { "[redacted]" })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("data"),
            server: Server::default(),
            database: Database::default(),
            mail: Mail::default(),
            log: Log::default(),
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            base_url: String::new(),
            workers: 2,
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: "sqlite".to_owned(),
            read_connections: 4,
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            transport: MailTransport::File,
            folder: PathBuf::new(),
            host: "localhost".to_owned(),
            port: 25,
            security: MailSecurity::Starttls,
            username: String::new(),
            password: Secret::default(),
            from: "Klankbord <klankbord@localhost>".to_owned(),
            reply_to: String::new(),
            retry_first_seconds: 60.0,
            timeout_seconds: 30,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

impl Config {
    /// The folder of the keys.
    #[must_use]
    pub fn key_dir(&self) -> PathBuf {
        self.data_dir.join("keys")
    }

    /// The file that the private half of the recovery key is written to, once, for the operator to take it away.
    #[must_use]
    pub fn recovery_file(&self) -> PathBuf {
        self.data_dir.join("recovery-key.txt")
    }

    /// The folder of `transport = "file"`.
    #[must_use]
    pub fn mail_folder(&self) -> PathBuf {
        if self.mail.folder.as_os_str().is_empty() {
            self.data_dir.join("mail")
        } else {
            self.mail.folder.clone()
        }
    }

    /// The settings as a TOML file, with secrets hidden.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_default()
    }
}
