//! Connections to either backend, prepared for one of the two stores.

use super::failure;
use crate::config::Config;
use crate::error::{Error, Result};
use anyhow::{Context, anyhow};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// One of the two stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Organisations, people, rounds, invitations, accounts, outgoing mail.
    Roster,
    /// The mailbox, responses, tallies.
    Ballots,
}

impl Side {
    /// Name of the SQLite file and of the PostgreSQL schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Ballots => "ballots",
        }
    }
}

/// A connection to one store on one backend.
#[expect(
    clippy::large_enum_variant,
    reason = "a handful of connections exist, and none is moved while it is used"
)]
pub enum Conn {
    /// Embedded SQLite.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgres(PgConn),
}

/// PostgreSQL without a C library: the asynchronous connection, waited for.
pub type PgConn = AsyncConnectionWrapper<AsyncPgConnection, Background>;

/// The runtime that drives PostgreSQL's sockets, apart from the one that serves requests.
pub struct Background(tokio::runtime::Handle);

impl BlockOn for Background {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.block_on(future)
    }

    #[expect(
        clippy::expect_used,
        reason = "without threads for its sockets the process cannot do its work"
    )]
    fn get_runtime() -> Self {
        static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
        let runtime = RUNTIME.get_or_init(|| {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .thread_name("postgres")
                .enable_all()
                .build()
                .expect("the system gives no thread for the database")
        });
        Self(runtime.handle().clone())
    }
}

impl Conn {
    /// Runs statements that return nothing.
    pub(super) fn execute(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(conn) => conn.batch_execute(sql),
            Self::Postgres(conn) => conn.batch_execute(sql),
        }
        .map_err(Error::from)
    }

    /// Empties the write-ahead log of SQLite, which would keep what was deleted; nothing to do on PostgreSQL.
    ///
    /// # Errors
    /// [`Error::Busy`] where a reader held it all the time: SQLite tells that in a row and not as an error.
    pub(super) fn emptied_log(&mut self) -> Result<()> {
        match self {
            Self::Postgres(_) => Ok(()),
            Self::Sqlite(conn) => match log(conn, "TRUNCATE")?.busy {
                0 => Ok(()),
                _ => Err(Error::Busy),
            },
        }
    }

    /// Bounds how long PostgreSQL works on one statement, waits for a lock, and leaves a transaction open whose process is silent.
    pub(super) fn bound(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(_) => self.execute(
                "SET statement_timeout = '20s'; SET lock_timeout = '8s'; \
                 SET idle_in_transaction_session_timeout = '5min'; SET tcp_user_timeout = '10s'",
            ),
        }
    }

    /// Leaves it to [`Conn::checkpoint`] to move the log of SQLite into the file. By itself SQLite does that inside a commit, and says
    /// nothing of a disk that fails meanwhile.
    pub(super) fn keep_log_by_hand(&mut self) -> Result<()> {
        match self {
            Self::Postgres(_) => Ok(()),
            Self::Sqlite(_) => self.execute("PRAGMA wal_autocheckpoint = 0"),
        }
    }

    /// Moves the log of SQLite into the file where it has grown long.
    pub(super) fn checkpoint(&mut self) -> Result<()> {
        if let Self::Sqlite(conn) = self
            && log(conn, "NOOP")?.waits()
        {
            log(conn, "PASSIVE")?;
        }
        Ok(())
    }

    /// Undoes the transaction at hand; `false` where the connection is of no more use.
    pub(super) fn abandon(&mut self) -> bool {
        match self.execute("ROLLBACK") {
            // A connection to a server that has failed once is not trusted.
            Ok(()) => matches!(self, Self::Sqlite(_)),
            // SQLite has undone it by itself.
            Err(Error::Internal(cause)) => {
                format!("{cause:#}").contains("no transaction is active")
            }
            Err(_) => false,
        }
    }

    /// Waits until no other transaction sees what was deleted before now: PostgreSQL keeps that until then. Gives whether that came to
    /// pass within some seconds; at once on SQLite.
    pub(super) fn unseen_by_others(&mut self) -> Result<bool> {
        use diesel::sql_types::Bool;
        use diesel::{QueryableByName, RunQueryDsl};

        #[derive(QueryableByName)]
        struct Unseen {
            #[diesel(sql_type = Bool)]
            unseen: bool,
        }

        let Self::Postgres(conn) = self else {
            return Ok(true);
        };
        // The number that the next transaction gets: whoever began to look before it was given may see what was deleted, and as long as
        // an older one runs, in whatever database, everybody who begins to look is taken for one who may.
        diesel::sql_query(
            "SELECT set_config('klankbord.now', pg_snapshot_xmax(pg_current_snapshot())::text, false)",
        )
        .execute(conn)?;
        for _ in 0..500 {
            let Unseen { unseen } = diesel::sql_query(
                "WITH this AS (SELECT current_setting('klankbord.now')::xid8 AS moment) \
                 SELECT pg_snapshot_xmin(pg_current_snapshot()) >= moment AND NOT EXISTS \
                 (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                 AND backend_type = 'client backend' AND age(backend_xmin) > age(moment::xid)) AS unseen FROM this",
            )
            .get_result(conn)?;
            if unseen {
                return Ok(true);
            }
            conn.batch_execute("SELECT pg_sleep(0.01)")?;
        }
        Ok(false)
    }

    /// Begins the transaction of a writer. One writer at a time holds the door of a store, on SQLite by the write lock and on
    /// PostgreSQL by a lock that all processes share: what it has read stays true, and two groups of transactions that touch
    /// the same rows in another order cannot wait for each other. Those who write nothing but batches, which do not trust in what
    /// they have read and take their rows in order, may be several.
    pub(super) fn begin_write(&mut self, only_batches: bool) -> Result<()> {
        let sql = match self {
            Self::Sqlite(_) => "BEGIN IMMEDIATE",
            Self::Postgres(_) if only_batches => {
                "BEGIN; SELECT pg_advisory_xact_lock_shared(hashtextextended('writer of ' || current_schema(), 0))"
            }
            Self::Postgres(_) => {
                "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('writer of ' || current_schema(), 0))"
            }
        };
        self.execute(sql)
    }

    /// Begins the transaction of a reader: every query in it sees the same state.
    pub(super) fn begin_read(&mut self) -> Result<()> {
        let sql = match self {
            Self::Sqlite(_) => "BEGIN DEFERRED",
            Self::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.execute(sql)
    }
}

/// Pages that the log of SQLite may hold before it is moved into the file.
const LONG_LOG: i32 = 4000;

/// How the log of SQLite stands.
#[derive(diesel::QueryableByName)]
struct Log {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
    #[diesel(sql_type = diesel::sql_types::Integer, column_name = "log")]
    pages: i32,
    #[diesel(sql_type = diesel::sql_types::Integer)]
    checkpointed: i32,
}

impl Log {
    fn waits(&self) -> bool {
        self.pages >= LONG_LOG && self.checkpointed < self.pages
    }
}

/// Moves the log into the file, in one of the ways of <https://www.sqlite.org/pragma.html#pragma_wal_checkpoint>.
fn log(conn: &mut SqliteConnection, way: &str) -> Result<Log> {
    use diesel::RunQueryDsl;
    Ok(diesel::sql_query(format!("PRAGMA wal_checkpoint({way})")).get_result(conn)?)
}

/// Where the stores lie.
#[derive(Clone)]
pub(super) enum Place {
    /// Two files in a folder.
    Folder(PathBuf),
    /// Two schemas of a database.
    Database(Box<tokio_postgres::Config>),
}

impl Place {
    pub(super) fn of(config: &Config) -> Result<Self> {
        if config.database.url == "sqlite" {
            prepare_folder(&config.data_dir)
                .with_context(|| {
                    format!(
                        "the data folder {} cannot be made",
                        config.data_dir.display()
                    )
                })
                .map_err(Error::Unavailable)?;
            return Ok(Self::Folder(config.data_dir.clone()));
        }
        let mut place: tokio_postgres::Config =
            config.database.url.parse().map_err(|error| {
                Error::Unavailable(anyhow!("database.url is not usable: {error}"))
            })?;
        place
            .application_name("klankbord")
            .connect_timeout(Duration::from_secs(5))
            // A connection whose other end has vanished is given up, and does not hold up all who wait behind it.
            .tcp_user_timeout(Duration::from_secs(10))
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(3))
            .keepalives_retries(3);
        Ok(Self::Database(Box::new(place)))
    }
}

/// Makes the folder and the files of the embedded databases where they are missing, for their owner alone; SQLite gives its
/// journals the same rights.
///
/// A file that is there is not opened: closing it would end the locks that this process holds on it through SQLite, and another
/// process would then remove the log that this one goes on writing to (<https://www.sqlite.org/howtocorrupt.html>, 2.2).
pub(super) fn prepare_folder(folder: &Path) -> std::io::Result<()> {
    make_folder(folder)?;
    super::copy::settle(folder)?;
    for side in [Side::Roster, Side::Ballots] {
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(folder.join(format!("{}.sqlite", side.name())));
        match made {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Makes a folder, with those above it, for its owner alone.
pub(super) fn make_folder(folder: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Opens connections to one store.
#[derive(Clone)]
pub(super) struct Manager {
    pub(super) place: Place,
    pub(super) side: Side,
    pub(super) read_only: bool,
}

impl Manager {
    pub(super) fn open(&self) -> Result<Conn> {
        match &self.place {
            Place::Folder(folder) => {
                let _entered = super::copy::enter(folder)?;
                let file = folder.join(format!("{}.sqlite", self.side.name()));
                let mut conn = SqliteConnection::establish(&file.display().to_string())
                    .with_context(|| format!("{} cannot be opened", file.display()))
                    .map_err(Error::Unavailable)?;
                // busy_timeout first: switching to WAL itself may have to wait for another process.
                conn.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -4096; \
                     PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;",
                )
                .map_err(failure::translate)?;
                if self.read_only {
                    // There are several of these, and what they have read holds until the next commit of a writer.
                    conn.batch_execute("PRAGMA query_only = ON; PRAGMA cache_size = -1024")
                        .map_err(failure::translate)?;
                }
                Ok(Conn::Sqlite(conn))
            }
            Place::Database(config) => {
                let runtime = Background::get_runtime();
                let inner = runtime
                    .block_on(connect_in_time(config))
                    .map_err(Error::Unavailable)?;
                let mut conn = Conn::Postgres(PgConn::from(inner));
                conn.execute(&format!("SET search_path TO {}", self.side.name()))?;
                if self.read_only {
                    conn.bound()?;
                }
                Ok(conn)
            }
        }
    }
}

/// How long a server may take until it has let us in: one that has stopped working may still be there for its system to accept
/// connections on its behalf, which the time-out of the settings does not see.
const LETTING_IN: Duration = Duration::from_secs(5);

async fn connect_in_time(config: &tokio_postgres::Config) -> anyhow::Result<AsyncPgConnection> {
    tokio::time::timeout(LETTING_IN, connect(config))
        .await
        .map_err(|_| {
            anyhow!(
                "PostgreSQL does not let us in within {} s",
                LETTING_IN.as_secs()
            )
        })?
}

async fn connect(config: &tokio_postgres::Config) -> anyhow::Result<AsyncPgConnection> {
    let roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let tls = rustls::ClientConfig::builder_with_provider(
        rustls::crypto::aws_lc_rs::default_provider().into(),
    )
    .with_safe_default_protocol_versions()?
    .with_root_certificates(roots)
    .with_no_client_auth();
    let (client, connection) = config
        .connect(MakeRustlsConnect::new(tls))
        .await
        .context("PostgreSQL does not answer")?;
    Ok(AsyncPgConnection::try_from_client_and_connection(client, connection).await?)
}

impl diesel::r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn> {
        self.open()
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<()> {
        match conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(_) => conn.execute("SELECT 1"),
        }
    }

    fn has_broken(&self, _conn: &mut Conn) -> bool {
        false
    }
}
