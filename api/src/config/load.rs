//! Reads the settings from their sources and checks them.

use super::Config;
use std::path::{Path, PathBuf};

/// Why the settings cannot be used; names the source, the setting and the mend.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// A settings file cannot be read.
    #[error(
        "The settings file {path} cannot be read: {cause}. Check the path and that you may read it."
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// A settings file is not TOML, or names a setting that does not exist.
    #[error("The settings in {origin} are not valid: {cause}")]
    Invalid {
        /// The file, or the environment.
        origin: String,
        /// What is wrong with them.
        cause: String,
    },
    /// A value makes no sense.
    #[error("The setting {setting} is not usable: {detail}")]
    Unusable {
        /// Section and name.
        setting: &'static str,
        /// What is wrong and how to mend it.
        detail: String,
    },
}

const PREFIX: &str = "KLANKBORD_";

/// Variables that another part of the program or its tests reads.
const NOT_SETTINGS: [&str; 3] = [
    "KLANKBORD_CONFIG",
    "KLANKBORD_BIN",
    "KLANKBORD_TEST_POSTGRES",
];

/// Sections that a variable's name may start with; all else is a name at the top.
const SECTIONS: [&str; 4] = ["SERVER", "DATABASE", "MAIL", "LOG"];

/// The settings from `file` (where one is named) and from `variables`, which win.
///
/// A variable is named `KLANKBORD_`, section, `_`, setting: `KLANKBORD_MAIL_HOST`. With `_FILE` at its end its value is read
/// from the file it names, for secrets. A variable that names no setting is refused.
pub fn load(
    file: Option<&Path>,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let mut table = match file {
        None => toml::Table::new(),
        Some(path) => {
            read_file(path)?
                .parse::<toml::Table>()
                .map_err(|error| ConfigError::Invalid {
                    origin: path.display().to_string(),
                    cause: error.to_string(),
                })?
        }
    };
    let origin = file.map_or_else(
        || "the environment".to_owned(),
        |path| format!("{} and the environment", path.display()),
    );
    for (name, value) in variables {
        let Some(setting) = name.strip_prefix(PREFIX) else {
            continue;
        };
        if NOT_SETTINGS.contains(&name.as_str()) {
            continue;
        }
        set(&mut table, setting, value)?;
    }
    let config: Config =
        toml::Value::Table(table)
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError::Invalid {
                origin,
                cause: error.to_string(),
            })?;
    check(&config)?;
    Ok(config)
}

fn read_file(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        path: path.to_owned(),
        cause: error.to_string(),
    })
}

/// Puts one variable into the table, as the type that the setting has by default.
fn set(table: &mut toml::Table, setting: &str, value: String) -> Result<(), ConfigError> {
    let (setting, value) = match setting.strip_suffix("_FILE") {
        Some(stem) => (
            stem,
            read_file(Path::new(&value))?
                .trim_end_matches(['\r', '\n'])
                .to_owned(),
        ),
        None => (setting, value),
    };
    let (section, key) = SECTIONS
        .iter()
        .find_map(|section| {
            let key = setting.strip_prefix(section)?.strip_prefix('_')?;
            Some((Some(section.to_lowercase()), key.to_lowercase()))
        })
        .unwrap_or_else(|| (None, setting.to_lowercase()));
    let defaults = toml::Table::try_from(Config::default()).unwrap_or_default();
    let known = match &section {
        Some(section) => defaults
            .get(section)
            .and_then(toml::Value::as_table)
            .and_then(|section| section.get(&key)),
        None => defaults.get(&key),
    };
    let invalid = |cause: String| ConfigError::Invalid {
        origin: format!("the environment variable {PREFIX}{setting}"),
        cause,
    };
    let value = match known {
        None => return Err(invalid("there is no such setting.".to_owned())),
        Some(toml::Value::Integer(_)) => toml::Value::Integer(
            value
                .trim()
                .parse()
                .map_err(|_| invalid(format!("“{value}” is not a whole number.")))?,
        ),
        Some(toml::Value::Float(_)) => toml::Value::Float(
            value
                .trim()
                .parse()
                .map_err(|_| invalid(format!("“{value}” is not a number.")))?,
        ),
        Some(toml::Value::Table(_)) => {
            return Err(invalid("this is a section, not a setting.".to_owned()));
        }
        Some(_) => toml::Value::String(value),
    };
    let place = match section {
        Some(section) => match table
            .entry(section)
            .or_insert_with(|| toml::Value::Table(toml::Table::new()))
        {
            toml::Value::Table(place) => place,
            _ => {
                return Err(invalid(
                    "the settings file has a value in place of this section.".to_owned(),
                ));
            }
        },
        None => table,
    };
    place.insert(key, value);
    Ok(())
}

fn check(config: &Config) -> Result<(), ConfigError> {
    let unusable = |setting, detail: &str| {
        Err(ConfigError::Unusable {
            setting,
            detail: detail.to_owned(),
        })
    };
    if config
        .server
        .listen
        .rsplit_once(':')
        .is_none_or(|(_, port)| port.parse::<u16>().is_err())
    {
        return unusable(
            "server.listen",
            "give an address and a port, such as 127.0.0.1:8080.",
        );
    }
    if config.server.workers == 0 {
        return unusable("server.workers", "at least one thread is needed.");
    }
    let base = &config.server.base_url;
    if !base.is_empty()
        && (!base.starts_with("http://") && !base.starts_with("https://") || base.ends_with('/'))
    {
        return unusable(
            "server.base_url",
            "start it with https:// (or http://) and leave out the slash at the end.",
        );
    }
    let url = &config.database.url;
    if url != "sqlite" && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return unusable(
            "database.url",
            "write sqlite, or postgres://user:password@host/database.",
        );
    }
    if config.database.read_connections == 0 {
        return unusable(
            "database.read_connections",
            "at least one connection is needed.",
        );
    }
    if !(config.mail.retry_first_seconds.is_finite() && config.mail.retry_first_seconds > 0.0) {
        return unusable(
            "mail.retry_first_seconds",
            "give a number of seconds above 0.",
        );
    }
    if config.mail.timeout_seconds == 0 {
        return unusable("mail.timeout_seconds", "give at least one second.");
    }
    if config.mail.transport == super::MailTransport::Smtp && config.mail.host.is_empty() {
        return unusable(
            "mail.host",
            "name the SMTP server, or set mail.transport to file.",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
        let folder = std::env::temp_dir().join(crate::random::uuid());
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("klankbord.toml");
        std::fs::write(&file, "[mail]\nhost = \"a.example\"\nport = 587\n").unwrap();
        let secret = folder.join("password");
        std::fs::write(&secret, "correct horse\n").unwrap();
        let config = load(
            Some(&file),
            variables(&[
                ("KLANKBORD_MAIL_HOST", "b.example"),
                (
                    "KLANKBORD_MAIL_PASSWORD_FILE",
                    &secret.display().to_string(),
                ),
                ("KLANKBORD_DATA_DIR", "/var/lib/klankbord"),
                ("HOME", "/root"),
            ]),
        )
        .unwrap();
        assert_eq!(config.mail.host, "b.example");
        assert_eq!(config.mail.port, 587);
        assert_eq!(config.mail.password.expose(), "correct horse");
        assert_eq!(config.data_dir, Path::new("/var/lib/klankbord"));
        assert_eq!(config.server.listen, "127.0.0.1:8080");
        assert!(!config.to_toml().contains("correct horse"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_name() {
        for (name, value, told) in [
            ("KLANKBORD_MAIL_HOTS", "x", "KLANKBORD_MAIL_HOTS"),
            ("KLANKBORD_MAIL_PORT", "many", "many"),
            (
                "KLANKBORD_SERVER_BASE_URL",
                "https://x.example/",
                "server.base_url",
            ),
            ("KLANKBORD_DATABASE_URL", "mysql://x", "database.url"),
            ("KLANKBORD_SERVER_LISTEN", "localhost", "server.listen"),
            ("KLANKBORD_MAIL_SECURITY", "maybe", "maybe"),
        ] {
            let error = load(None, variables(&[(name, value)]))
                .unwrap_err()
                .to_string();
            assert!(error.contains(told), "{name}: {error}");
        }
    }
}
