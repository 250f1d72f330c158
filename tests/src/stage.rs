//! What one story plays on.

use tempfile::TempDir;

use crate::cli::Cli;
use crate::database::Database;
use crate::http::{Anonymous, ApiClient, OfficerSession, Respondent, Visitor};
use crate::server::Server;
use crate::smtp::Smtp;

/// Where the server keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Two files in the data folder.
    Sqlite,
    /// A PostgreSQL database.
    Postgres,
}

/// A server that has just been started for the first time, with an empty database and a mail server of its own.
///
/// Everything is gone afterwards, and the server must have ended cleanly.
#[derive(Debug)]
pub struct Stage {
    backend: Backend,
    // Dropped in this order: the server first, what it uses afterwards.
    server: Server,
    smtp: Smtp,
    database: Option<Database>,
    folder: TempDir,
}

/// A stage before its server has started.
#[derive(Debug)]
pub struct StageSettings {
    backend: Backend,
    environment: Vec<(String, String)>,
}

impl Stage {
    /// Plays one story on a new stage; [`crate::stories!`] calls this.
    pub fn perform(backend: Backend, story: impl FnOnce(&Self)) {
        story(&Self::on(backend).start());
    }

    /// A stage that wants settings of its own before its server starts.
    pub fn on(backend: Backend) -> StageSettings {
        StageSettings {
            backend,
            environment: Vec::new(),
        }
    }

    /// Where the server keeps its data.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Where the server answers: `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> &str {
        self.server.base_url()
    }

    /// The mail server that the server sends through.
    pub fn smtp(&self) -> &Smtp {
        &self.smtp
    }

    /// The command line in the server's own environment.
    pub fn cli(&self) -> &Cli {
        self.server.cli()
    }

    /// A folder for the story's own files; the server's working directory.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The server's data folder.
    pub fn data_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// The PostgreSQL database, if the stage has one.
    pub fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    /// Someone whom the server does not know.
    pub fn anonymous(&self) -> Anonymous {
        Anonymous::at(self.base_url())
    }

    /// A person with a browser, who has not opened anything yet.
    pub fn visitor(&self) -> Visitor {
        Visitor::at(self.base_url())
    }

    /// A person who opens the survey link of a mail.
    pub fn respondent(&self, link: &str) -> Respondent {
        Respondent::open(self.base_url(), link)
    }

    /// A person who signs in with a password.
    pub fn officer(&self, email: &str, password: &str) -> OfficerSession {
        OfficerSession::sign_in(self.base_url(), email, password)
    }

    /// A program that has a client id and a secret, with the scopes it asks for (separated by spaces).
    pub fn api_client(&self, id: &str, secret: &str, scope: &str) -> ApiClient {
        ApiClient::with_secret(self.base_url(), id, secret, scope)
    }
}

impl StageSettings {
    /// One more environment variable of the server and of its command line.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts the mail server and the server.
    pub fn start(self) -> Stage {
        let folder = TempDir::with_prefix("klankbord-story-").expect("a temporary folder");
        let smtp = Smtp::start();
        let database = (self.backend == Backend::Postgres).then(Database::create);
        let data = folder.path().join("data");
        let port = smtp.port().to_string();
        let mut cli = Cli::new(
            folder.path(),
            &[
                (
                    "KLANKBORD_DATA_DIR",
                    data.to_str()
                        .expect("the temporary folder has a plain name"),
                ),
                (
                    "KLANKBORD_DATABASE_URL",
                    database.as_ref().map_or("sqlite", Database::url),
                ),
                ("KLANKBORD_MAIL_TRANSPORT", "smtp"),
                ("KLANKBORD_MAIL_HOST", "127.0.0.1"),
                ("KLANKBORD_MAIL_PORT", &port),
                ("KLANKBORD_MAIL_SECURITY", "none"),
                ("KLANKBORD_MAIL_FROM", "Klankbord <survey@school.example>"),
                ("KLANKBORD_MAIL_RETRY_FIRST_SECONDS", "0.05"),
            ],
        );
        for (name, value) in &self.environment {
            cli = cli.env(name, value);
        }
        let server = Server::start(cli);
        Stage {
            backend: self.backend,
            server,
            smtp,
            database,
            folder,
        }
    }
}
